#include "revchain/mend.h"

#include <criterion/criterion.h>
#include <git2/global.h>
#include <string.h>

static struct revchain_arena *arena;
static struct revchain_mend mend;
static struct revchain_pyscan scan;

static void set_up(void)
{
	arena = revchain_arena_new();
	git_libgit2_init();
}

static void tear_down(void)
{
	revchain_arena_free(arena);
	git_libgit2_shutdown();
}

TestSuite(mend, .init = set_up, .fini = tear_down);

static void start(const char *text)
{
	struct revchain_error error;

	mend = (struct revchain_mend){
		.path = "v/a.py", .text = text, .length = strlen(text), .scan = &scan};
	cr_assert_eq(revchain_pyscan(text, mend.length, arena, &scan, &error), REVCHAIN_OK);
}

/* What came of it; an error as its message. */
static const char *result(int status, const struct revchain_error *error)
{
	cr_expect(status == REVCHAIN_OK || status == REVCHAIN_MIGRATIONS);
	return status ? revchain_arena_printf(arena, "! %s", error->message)
		      : revchain_arena_copy(arena, mend.mended, mend.mended_length);
}

/* Give it these parents, up to NULL. */
static const char *with_parents(const char *text, const char *first, const char *second)
{
	const char *const parents[] = {first, second};
	size_t count = first ? second ? 2 : 1 : 0;
	struct revchain_error error = {0};

	start(text);
	return result(revchain_mend_parents(&mend, parents, count, arena, &error), &error);
}

static const char *dynamic(const char *text)
{
	struct revchain_error error = {0};

	start(text);
	return result(revchain_mend_dynamic(&mend, arena, &error), &error);
}

static const char *template(const char *text)
{
	struct revchain_error error = {0};

	start(text);
	mend.scan = NULL;
	return result(revchain_mend_template(&mend, arena, &error), &error);
}

#define CHECK(got, expected)                                                                       \
	do {                                                                                       \
		const char *it = (got);                                                            \
		cr_expect_str_eq(it, expected, "expected %s\ngot      %s", expected, it);          \
	} while (0)

Test(mend, one_literal_for_another)
{
	CHECK(with_parents("revision = 'a'\ndown_revision = 'b'  # why\n", "c", NULL),
	      "revision = 'a'\ndown_revision = 'c'  # why\n");
	CHECK(with_parents("revision = 'a'\r\ndown_revision: str = (\"b\")\r\n", "c", NULL),
	      "revision = 'a'\r\ndown_revision: str = (\"c\")\r\n");
	CHECK(with_parents("revision = 'a'\ndown_revision = ('b',\n  'c')\n", "b", "d"),
	      "revision = 'a'\ndown_revision = ('b',\n  'd')\n");
	CHECK(with_parents("revision = 'a'\ndown_revision = ['c', 'b']\n", "b", "d"),
	      "revision = 'a'\ndown_revision = ['b', 'd']\n");
}

Test(mend, another_number_of_parents)
{
	CHECK(with_parents("revision = 'a'\ndown_revision = None\n", "b", NULL),
	      "revision = 'a'\ndown_revision = 'b'\n");
	CHECK(with_parents("revision = 'a'\ndown_revision = 'b'\n", NULL, NULL),
	      "revision = 'a'\ndown_revision = None\n");
	CHECK(with_parents("revision = 'a'\ndown_revision = 'b'\n", "c", "d"),
	      "revision = 'a'\ndown_revision = ('c', 'd')\n");
	CHECK(with_parents("revision = 'a'\ndown_revision = ('b',\n 'c')\n", "d", NULL),
	      "revision = 'a'\ndown_revision = 'd'\n");
}

Test(mend, parents_refused)
{
	cr_expect_eq(*with_parents("revision = 'a'\ndown_revision = get_down_revision(revision)\n",
				   "b", NULL),
		     '!');
	cr_expect_eq(*with_parents("revision = 'a'\n", "b", NULL), '!');
	cr_expect_eq(*with_parents("revision = 'a'\nx = down_revision = x.y\n", "b", NULL), '!');
	cr_expect_eq(*with_parents("revision = down_revision = 'a'\n", "b", NULL), '!');
	cr_expect_eq(*with_parents("# coding: latin-1\nrevision = 'a'\ndown_revision = 'b'\n",
				   "\xc3\xa9\xe2\x82\xac", NULL),
		     '!');
}

Test(mend, leaves_its_parent_to_git)
{
	CHECK(dynamic("'''x'''\nfrom alembic import op\nrevision = 'a'\ndown_revision = 'b'\n"),
	      "'''x'''\nfrom alembic import op\nfrom revchain import get_down_revision\n"
	      "revision = 'a'\ndown_revision = get_down_revision(revision)\n");
	CHECK(dynamic("from revchain import get_down_revision\nrevision = 'a'\ndown_revision = "
		      "'b'\n"),
	      "from revchain import get_down_revision\nrevision = 'a'\n"
	      "down_revision = get_down_revision(revision)\n");
	CHECK(dynamic("revision = 'a'\r\ndown_revision = (\r\n 'b')\r\n"),
	      "from revchain import get_down_revision\r\nrevision = 'a'\r\ndown_revision = "
	      "(\r\n get_down_revision(revision))\r\n");
	cr_expect_eq(*dynamic("revision = 'a'\ndown_revision = get_down_revision(revision)\n"),
		     '!');
	CHECK(dynamic("revision = 'a'; down_revision = 'b'\n"),
	      "from revchain import get_down_revision\nrevision = 'a'; down_revision = "
	      "get_down_revision(revision)\n");
	cr_expect_eq(*dynamic("down_revision = 'b'\n"), '!');
}

Test(mend, templates)
{
	static const char plain[] = "from alembic import op\nrevision = ${repr(up_revision)}\n"
				    "down_revision = ${repr(down_revision)}\n";
	const char *mended = template(plain);

	cr_expect_not_null(strstr(mended, "get_down_revision"), "%s", mended);
	CHECK(template(mended), mended);
	cr_expect_eq(*template("revision = 1\n"), '!');
}

Test(mend, diff)
{
	struct revchain_buffer diff = {0};
	struct revchain_error error;

	with_parents("revision = 'a'\ndown_revision = 'b'\n", "c", NULL);
	cr_expect_eq(revchain_mend_diff(&mend, &diff, &error), REVCHAIN_OK);
	cr_expect_not_null(strstr(diff.text,
				  "--- a/v/a.py\n+++ b/v/a.py\n@@ -1,2 +1,2 @@\n revision = "
				  "'a'\n-down_revision = 'b'\n+down_revision = 'c'\n"),
			   "%s", diff.text);
	mend.text = NULL;
	mend.length = 0;
	diff.length = 0;
	cr_expect_eq(revchain_mend_diff(&mend, &diff, &error), REVCHAIN_OK);
	cr_expect_not_null(strstr(diff.text, "new file mode 100644\n"), "%s", diff.text);
	revchain_buffer_free(&diff);
}
