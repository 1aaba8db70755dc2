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

/* Those of the text that is replaced, then the revision's, then repr's. */
Test(mend, quotes)
{
	CHECK(with_parents("revision = 'a'\ndown_revision = u\"b\"\n", "c", NULL),
	      "revision = 'a'\ndown_revision = \"c\"\n");
	CHECK(with_parents("revision = \"a\"\ndown_revision = None\n", "c", NULL),
	      "revision = \"a\"\ndown_revision = \"c\"\n");
	CHECK(with_parents("A = \"a\"\nrevision = A\ndown_revision = None\n", "c", NULL),
	      "A = \"a\"\nrevision = A\ndown_revision = 'c'\n");
}

/* What another line binds is not changed there: others may use it. */
Test(mend, names)
{
	CHECK(with_parents("B = 'b'\nrevision = 'a'\ndown_revision = B\n", "c", NULL),
	      "B = 'b'\nrevision = 'a'\ndown_revision = 'c'\n");
	CHECK(with_parents("B = 'b'\nrevision = 'a'\ndown_revision = (B, 'd')\n", "c", "d"),
	      "B = 'b'\nrevision = 'a'\ndown_revision = ('c', 'd')\n");
	CHECK(with_parents("B = 'b'\nrevision = 'a'\ndown_revision = (B, 'd')\n", "b", "e"),
	      "B = 'b'\nrevision = 'a'\ndown_revision = (B, 'e')\n");
	CHECK(dynamic("A = 'a'\nrevision = A\ndown_revision = 'b'\n"),
	      "from revchain import get_down_revision\nA = 'a'\nrevision = A\n"
	      "down_revision = get_down_revision(revision)\n");
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
	cr_expect_eq(*dynamic("revision = 'a'\ndown_revision = f()\n"), '!');
	cr_expect_eq(*dynamic("revision = down_revision = 'b'\n"), '!');
	cr_expect_eq(*dynamic("'''x'''; revision = 'a'; down_revision = 'b'\n"), '!');
	cr_expect_eq(*dynamic("revision = ('a', 'c')\ndown_revision = 'b'\n"), '!');
}

/* A name that is bound further down cannot be the argument: what it is bound to is. */
Test(mend, revision_below)
{
	CHECK(dynamic("from alembic import op\ndown_revision = 'b'\nrevision = 'a'\n"),
	      "from alembic import op\nfrom revchain import get_down_revision\n"
	      "down_revision = get_down_revision('a')\nrevision = 'a'\n");
}

/* The import ends as the line in front of it does, or as the first one. */
Test(mend, line_ends)
{
	CHECK(dynamic("revision = 'a'\rdown_revision = 'b'\r"),
	      "from revchain import get_down_revision\rrevision = 'a'\r"
	      "down_revision = get_down_revision(revision)\r");
	CHECK(dynamic("\xef\xbb\xbfimport os\rrevision = 'a'\rdown_revision = 'b'"),
	      "\xef\xbb\xbf"
	      "from revchain import get_down_revision\rimport os\rrevision = 'a'\r"
	      "down_revision = get_down_revision(revision)");
	CHECK(dynamic("from alembic import x\rrevision = 'a'\rdown_revision = 'b'\r"),
	      "from alembic import x\rfrom revchain import get_down_revision\rrevision = 'a'\r"
	      "down_revision = get_down_revision(revision)\r");
	CHECK(dynamic("from alembic import x\r\nrevision = 'a'\ndown_revision = 'b'"),
	      "from alembic import x\r\nfrom revchain import get_down_revision\r\nrevision = 'a'\n"
	      "down_revision = get_down_revision(revision)");
	CHECK(dynamic("revision = 'a'; down_revision = 'b'"),
	      "from revchain import get_down_revision\nrevision = 'a'; down_revision = "
	      "get_down_revision(revision)");
}

Test(mend, templates)
{
	static const char plain[] = "from alembic import op\nrevision = ${repr(up_revision)}\n"
				    "down_revision = ${repr(down_revision)}\n";
	const char *mended = template(plain);

	cr_expect_not_null(strstr(mended, "get_down_revision"), "%s", mended);
	CHECK(template(mended), mended);
	cr_expect_eq(*template("revision = 1\n"), '!');
	cr_expect_eq(*template("revision = 1\ndown_revision = 2"), '!');
	cr_expect_eq(*template("down_revision = ${repr(down_revision)}\nimport x\n"), '!');
}

/* Where the import goes: behind that of alembic, else in front of what comes first. */
Test(mend, template_imports)
{
	static const char *const first[] = {"import x\n", "from x import y\n",
					    "${imports if imports else \"\"}\n", ""};
	static const char rest[] = "revision = 1\ndown_revision = ${repr(down_revision)}";
	size_t i;

	for (i = 0; i < sizeof(first) / sizeof(*first); i++) {
		const char *text = revchain_arena_printf(arena, "# x\n%s%s", first[i], rest);
		const char *expected = revchain_arena_printf(
			arena, "# x\nfrom revchain import get_down_revision\n%srevision", first[i]);
		const char *mended = template(text);

		cr_expect(strncmp(mended, expected, strlen(expected)) == 0, "%s", mended);
	}
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
	mend.mended = mend.text;
	mend.mended_length = mend.length;
	diff.length = 0;
	cr_expect_eq(revchain_mend_diff(&mend, &diff, &error), REVCHAIN_OK);
	cr_expect_eq(diff.length, 0, "nothing was changed: %s", diff.text);
	mend.text = NULL;
	mend.length = 0;
	diff.length = 0;
	cr_expect_eq(revchain_mend_diff(&mend, &diff, &error), REVCHAIN_OK);
	cr_expect_not_null(strstr(diff.text, "new file mode 100644\n"), "%s", diff.text);
	revchain_buffer_free(&diff);
}
