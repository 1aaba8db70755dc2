/* What becomes of a file between the look at it and the reading, and what may not be read. That of
 * all the rest is in snapshot.c. */
#include "worktree.h"

#include "fixture.h"
#include "ownership.h"
#include "user.h"

TestSuite(worktree, .init = fixture_open, .fini = fixture_close, .timeout = 20);

static const char *inside(const char *path)
{
	return revchain_arena_printf(fixture.arena, "%s/repository/%s", fixture.root, path);
}

/* That it cannot be read: the status; why is in the fixture's error. */
static int read_both(const char *path)
{
	const char *data;
	size_t length;
	bool read;
	int status = revchain_worktree_read_listed(fixture.repository, path, fixture.arena, &data,
						   &length, &read, &fixture.error);

	cr_assert(status || !read, "%s was read", path);
	cr_expect_eq(status != REVCHAIN_OK, read, "what cannot be opened is left to the other one");
	status = revchain_worktree_read(fixture.repository, path, fixture.arena, &data, &length,
					&fixture.error);
	cr_assert_neq(status, REVCHAIN_OK);
	cr_expect_str_eq(fixture.error.path, path);
	return status;
}

static int list(const char *path)
{
	struct revchain_listing listing = {.arena = fixture.arena};

	return revchain_worktree_list(fixture.repository, path, false, &listing, &fixture.error);
}

Test(worktree, no_file_any_more)
{
	cr_expect_eq(read_both("a.py"), REVCHAIN_IO);
	cr_expect_str_eq(fixture.error.message, "No such file or directory");
	cr_expect_str_eq(fixture.error.hints, "");
	cr_assert_eq(mkdir(inside("a.py"), 0777), 0);
	cr_expect_eq(read_both("a.py"), REVCHAIN_MIGRATIONS);
	cr_expect_str_eq(fixture.error.message, "this is not a file that can be read");
	cr_assert_eq(mkfifo(inside("b.py"), 0666), 0);
	cr_expect_eq(read_both("b.py"), REVCHAIN_MIGRATIONS);
	fixture_file("repository/large.py", "");
	cr_assert_eq(truncate(inside("large.py"), (off_t)REVCHAIN_FILE_MAX + 1), 0);
	cr_expect_eq(read_both("large.py"), REVCHAIN_MIGRATIONS);
	cr_expect_eq(list("large.py"), REVCHAIN_IO);
	cr_expect_str_eq(fixture.error.message, "Not a directory");
	cr_expect_str_eq(fixture.error.hints, "");
}

static enum revchain_file_type type_of(const char *path)
{
	enum revchain_file_type type;

	fixture_must(revchain_worktree_stat(fixture.repository, path, fixture.arena, &type, NULL,
					    &fixture.error));
	return type;
}

Test(worktree, names_that_nothing_can_have)
{
	char name[300];

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	fixture_file("repository/a.py", "");
	cr_expect_eq(type_of(name), REVCHAIN_FILE_NONE);
	cr_expect_eq(type_of("a.py/b.py"), REVCHAIN_FILE_NONE);
}

/* Whose a file is and what to do about it. */
Test(worktree, permission_denied)
{
	enum revchain_file_type type;
	bool root = getuid() == 0;
	const char *hint;

	fixture_file("repository/d/a.py", "");
	cr_assert_eq(chmod(fixture.root, 0755), 0);
	cr_assert_eq(chmod(inside("d/a.py"), 0), 0);
	become(NOBODY);
	cr_expect_eq(read_both("d/a.py"), REVCHAIN_IO);
	hint = revchain_arena_printf(
		fixture.arena, root ? "%s belongs to user 0" : "chmod u+rwX %s", inside("d/a.py"));
	cr_expect(strstr(fixture.error.hints, hint), "%s", fixture.error.hints);
	become(0);
	if (root)
		cr_assert_eq(chown(inside("d/a.py"), NOBODY, NOBODY), 0);
	become(NOBODY);
	cr_expect_eq(read_both("d/a.py"), REVCHAIN_IO);
	hint = revchain_arena_printf(fixture.arena, "chmod u+rwX %s", inside("d/a.py"));
	cr_expect_str_eq(fixture.error.hints, hint);
	become(0);
	cr_assert_eq(chmod(inside("d"), 0), 0);
	become(NOBODY);
	cr_expect_eq(revchain_worktree_stat(fixture.repository, "d/a.py", fixture.arena, &type,
					    NULL, &fixture.error),
		     REVCHAIN_IO);
	cr_expect(strstr(fixture.error.hints, inside("d")), "%s", fixture.error.hints);
	cr_expect_eq(list("d"), REVCHAIN_IO);
	become(0);
	cr_assert_eq(chmod(inside("d"), 0755), 0);
}

/* There is no advice on what is nowhere. */
Test(worktree, hint_on_nothing)
{
	fixture.error = (struct revchain_error){0};
	revchain_ownership_hint(&fixture.error, "not-there");
	revchain_ownership_hint(&fixture.error, "/not-there/at-all");
	cr_expect_str_eq(fixture.error.hints, "");
}
