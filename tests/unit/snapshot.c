#include "revchain/snapshot.h"

#include "fixture.h"

TestSuite(snapshot, .init = fixture_open, .fini = fixture_close);

static const char *inside(const char *path)
{
	return revchain_arena_printf(fixture.arena, "%s/repository/%s", fixture.root, path);
}

static struct revchain_snapshot worktree(void)
{
	struct revchain_snapshot snapshot;

	fixture_must(revchain_snapshot_worktree(&snapshot, fixture.repository, &fixture.error));
	return snapshot;
}

static struct revchain_snapshot commit_of(const char *tree)
{
	struct revchain_snapshot snapshot;

	fixture_commit('c', "", tree);
	fixture_must(revchain_snapshot_commit(&snapshot, fixture.repository, fixture_id('c'),
					      &fixture.error));
	return snapshot;
}

struct stat_case {
	const char *path;
	enum revchain_file_type type;
	const char *resolved; /* where it is a file or directory */
};

static void check_stat(struct revchain_snapshot *snapshot, const struct stat_case *cases,
		       size_t count)
{
	static const char *const names[] = {"none", "regular", "directory", "other"};
	size_t i;

	for (i = 0; i < count; i++) {
		const char *path = cases[i].path, *resolved = NULL, *expected = cases[i].resolved;
		enum revchain_file_type type;

		fixture_must(revchain_snapshot_stat(snapshot, path, fixture.arena, &type, &resolved,
						    &fixture.error));
		cr_expect_eq(type, cases[i].type, "%s: expected %s, got %s", path,
			     names[cases[i].type], names[type]);
		if (expected)
			cr_expect(resolved && !strcmp(resolved, expected),
				  "%s: expected %s, got %s", path, expected,
				  resolved ? resolved : "nothing");
		fixture_must(revchain_snapshot_stat(snapshot, path, fixture.arena, &type, NULL,
						    &fixture.error));
		cr_expect_eq(type, cases[i].type, "%s, where the path is not wanted", path);
	}
}

#define CHECK_STAT(snapshot, cases) check_stat(snapshot, cases, sizeof(cases) / sizeof(*(cases)))

#define LINKS                                                                                      \
	"a.py=A|d/b.py=B|d/e/c.py=C|s#|"                                                           \
	"file.py@a.py|dir@d|up.py@d/../a.py|d/above.py@../a.py|d/e/twice.py@../../d/"              \
	"b.py|chain.py@file.py|"                                                                   \
	"through.py@dir/b.py|d/dir@e|dot@.|slash@d/|lost.py@nowhere.py|out.py@../x.py|d/"          \
	"out.py@../../x.py|"                                                                       \
	"absolute.py@/etc/passwd|loop@loop|ping@pong|pong@ping|d/self@../d|into@s/x.py|deep@d/"    \
	"dir/c.py|"                                                                                \
	"climb.py@d/self/../a.py"

/* The same answers from a commit and from a work tree. */
static const struct stat_case both[] = {
	{"", REVCHAIN_FILE_DIRECTORY, ""},
	{"a.py", REVCHAIN_FILE_REGULAR, "a.py"},
	{"d", REVCHAIN_FILE_DIRECTORY, "d"},
	{"d/e", REVCHAIN_FILE_DIRECTORY, "d/e"},
	{"d/e/c.py", REVCHAIN_FILE_REGULAR, "d/e/c.py"},
	{"x.py", REVCHAIN_FILE_NONE, NULL},
	{"d/x.py", REVCHAIN_FILE_NONE, NULL},
	{"a.py/x", REVCHAIN_FILE_NONE, NULL},
	{"x/y/z", REVCHAIN_FILE_NONE, NULL},
	{"file.py", REVCHAIN_FILE_REGULAR, "a.py"},
	{"dir", REVCHAIN_FILE_DIRECTORY, "d"},
	{"dir/b.py", REVCHAIN_FILE_REGULAR, "d/b.py"},
	{"dir/e/c.py", REVCHAIN_FILE_REGULAR, "d/e/c.py"},
	{"up.py", REVCHAIN_FILE_REGULAR, "a.py"},
	{"d/above.py", REVCHAIN_FILE_REGULAR, "a.py"},
	{"d/e/twice.py", REVCHAIN_FILE_REGULAR, "d/b.py"},
	{"dir/above.py", REVCHAIN_FILE_REGULAR, "a.py"},
	{"chain.py", REVCHAIN_FILE_REGULAR, "a.py"},
	{"through.py", REVCHAIN_FILE_REGULAR, "d/b.py"},
	{"d/dir", REVCHAIN_FILE_DIRECTORY, "d/e"},
	{"dir/dir/c.py", REVCHAIN_FILE_REGULAR, "d/e/c.py"},
	{"dot", REVCHAIN_FILE_DIRECTORY, ""},
	{"dot/dot/a.py", REVCHAIN_FILE_REGULAR, "a.py"},
	{"slash", REVCHAIN_FILE_DIRECTORY, "d"},
	{"lost.py", REVCHAIN_FILE_OTHER, NULL},
	{"out.py", REVCHAIN_FILE_OTHER, NULL},
	{"d/out.py", REVCHAIN_FILE_OTHER, NULL},
	{"absolute.py", REVCHAIN_FILE_OTHER, NULL},
	{"loop", REVCHAIN_FILE_OTHER, NULL},
	{"ping", REVCHAIN_FILE_OTHER, NULL},
	{"d/self/self/self/b.py", REVCHAIN_FILE_REGULAR, "d/b.py"},
	{"into", REVCHAIN_FILE_OTHER, NULL},
	{"deep", REVCHAIN_FILE_REGULAR, "d/e/c.py"},
	{"climb.py", REVCHAIN_FILE_REGULAR, "a.py"},
	{"d/../a.py", REVCHAIN_FILE_REGULAR, "a.py"},
	{"./d/./b.py", REVCHAIN_FILE_REGULAR, "d/b.py"},
};

Test(snapshot, stat_in_a_commit)
{
	static const struct stat_case cases[] = {
		{"s", REVCHAIN_FILE_OTHER, NULL},	{"s/x", REVCHAIN_FILE_NONE, NULL},
		{"../a.py", REVCHAIN_FILE_OTHER, NULL}, {"d/../../a.py", REVCHAIN_FILE_OTHER, NULL},
		{".git", REVCHAIN_FILE_NONE, NULL},
	};
	struct revchain_snapshot snapshot = commit_of(LINKS);

	CHECK_STAT(&snapshot, both);
	CHECK_STAT(&snapshot, cases);
}

/* Write what a tree's description says into the work tree. */
static void check_out(const char *description)
{
	while (*description) {
		size_t length = strcspn(description, "|"), name = strcspn(description, "=@#");
		const char *path = revchain_arena_printf(fixture.arena, "repository/%.*s",
							 (int)name, description);
		char *text = revchain_arena_copy(fixture.arena, description, length) + name + 1;

		if (description[name] == '=')
			fixture_file(path, text);
		else if (description[name] == '@')
			fixture_link(path, text);
		else
			mkdir(inside(path + strlen("repository/")), 0777);
		description += length + (description[length] == '|');
	}
}

Test(snapshot, stat_in_a_work_tree)
{
	static const struct stat_case cases[] = {
		{"s", REVCHAIN_FILE_DIRECTORY, "s"},
		{"pipe.py", REVCHAIN_FILE_OTHER, NULL},
		{"to-pipe.py", REVCHAIN_FILE_OTHER, NULL},
		{"inside.py", REVCHAIN_FILE_REGULAR, "a.py"},
		{"beside.py", REVCHAIN_FILE_OTHER, NULL},
		{"outside/x.py", REVCHAIN_FILE_OTHER, NULL},
		{"outside/back/a.py", REVCHAIN_FILE_REGULAR, "a.py"},
		{"../a.py", REVCHAIN_FILE_NONE, NULL},
		{"../elsewhere/x.py", REVCHAIN_FILE_OTHER, NULL},
	};
	struct revchain_snapshot snapshot = worktree();

	check_out(LINKS);
	fixture_file("elsewhere/x.py", "X");
	fixture_file("repository-too/x.py",
		     "X"); /* a neighbour whose name starts like the work tree's */
	fixture_link("elsewhere/back", fixture.path);
	fixture_link("repository/outside", "../elsewhere");
	fixture_link("repository/inside.py", inside("a.py"));
	fixture_link("repository/beside.py", "../repository-too/x.py");
	fixture_link("repository/to-pipe.py", "pipe.py");
	cr_assert_eq(mkfifo(inside("pipe.py"), 0666), 0);
	CHECK_STAT(&snapshot, both);
	CHECK_STAT(&snapshot, cases);
}

Test(snapshot, chains_of_links)
{
	char tree[4096] = "l0=end";
	struct revchain_snapshot snapshot;
	int i;

	for (i = 1; i <= 50; i++)
		snprintf(tree + strlen(tree), sizeof(tree) - strlen(tree), "|l%d@l%d", i, i - 1);
	snapshot = commit_of(tree);
	for (i = 1; i <= 50; i++) {
		struct stat_case expected = {revchain_arena_printf(fixture.arena, "l%d", i),
					     i <= 40 ? REVCHAIN_FILE_REGULAR : REVCHAIN_FILE_OTHER,
					     NULL};
		check_stat(&snapshot, &expected, 1);
	}
}

/* A link's target is bytes that anyone may have written. */
Test(snapshot, odd_targets)
{
	static const struct {
		const char *target;
		size_t length;
		enum revchain_file_type type;
	} cases[] = {
		{"", 0, REVCHAIN_FILE_OTHER},
		{"a.py\0x", 6, REVCHAIN_FILE_OTHER},
		{"a.py\n", 5, REVCHAIN_FILE_OTHER},
		{"//a.py", 6, REVCHAIN_FILE_OTHER},
		{"./././a.py", 10, REVCHAIN_FILE_REGULAR},
		{".//a.py", 7, REVCHAIN_FILE_REGULAR},
		{"..", 2, REVCHAIN_FILE_OTHER},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		git_oid file = fixture_blob("A"),
			link = fixture_write(GIT_OBJECT_BLOB, cases[i].target, cases[i].length), id;
		struct revchain_snapshot snapshot = {.repository = fixture.repository};
		struct stat_case expected = {"link", cases[i].type, NULL};
		git_treebuilder *builder;

		cr_assert_eq(git_treebuilder_new(&builder, fixture.git, NULL), 0);
		git_treebuilder_insert(NULL, builder, "a.py", &file, 0100644);
		git_treebuilder_insert(NULL, builder, "link", &link, 0120000);
		cr_assert_eq(git_treebuilder_write(&id, builder), 0);
		git_treebuilder_free(builder);
		snapshot.tree = id;
		check_stat(&snapshot, &expected, 1);
	}
}

static void check_read(struct revchain_snapshot *snapshot, const char *path, int status,
		       const char *text)
{
	const char *data = NULL;
	size_t length = 0;
	int got = revchain_snapshot_read(snapshot, path, fixture.arena, &data, &length,
					 &fixture.error);

	cr_expect_eq(got, status, "%s: status %d, expected %d", path, got, status);
	if (got)
		cr_expect_str_eq(fixture.error.path, path);
	else
		cr_expect(data && text && length == strlen(text) && !memcmp(data, text, length + 1),
			  "%s: <<%s>>", path, data ? data : "nothing");
}

static void check_reads(struct revchain_snapshot *snapshot)
{
	check_read(snapshot, "a.py", REVCHAIN_OK, "A");
	check_read(snapshot, "empty.py", REVCHAIN_OK, "");
	check_read(snapshot, "climb.py", REVCHAIN_OK, "A");
	check_read(snapshot, "dir/e/c.py", REVCHAIN_OK, "C");
	check_read(snapshot, "d", REVCHAIN_MIGRATIONS, NULL);
	check_read(snapshot, "s", REVCHAIN_MIGRATIONS, NULL);
	check_read(snapshot, "out.py", REVCHAIN_MIGRATIONS, NULL);
	check_read(snapshot, "lost.py", REVCHAIN_MIGRATIONS, NULL);
	check_read(snapshot, "absolute.py", REVCHAIN_MIGRATIONS, NULL);
	check_read(snapshot, "loop", REVCHAIN_MIGRATIONS, NULL);
	check_read(snapshot, "x.py", REVCHAIN_MIGRATIONS, NULL);
}

Test(snapshot, read_from_a_commit)
{
	struct revchain_snapshot snapshot = commit_of(LINKS "|empty.py=");

	check_reads(&snapshot);
}

/* Also what no one may wait for: a pipe that nobody writes to. */
Test(snapshot, read_from_a_work_tree, .timeout = 20)
{
	struct revchain_snapshot snapshot = worktree();

	check_out(LINKS "|empty.py=");
	cr_assert_eq(mkfifo(inside("pipe.py"), 0666), 0);
	fixture_link("repository/null.py", "/dev/null");
	fixture_link("repository/zero.py", "/dev/zero");
	check_reads(&snapshot);
	check_read(&snapshot, "pipe.py", REVCHAIN_MIGRATIONS, NULL);
	check_read(&snapshot, "null.py", REVCHAIN_MIGRATIONS, NULL);
	check_read(&snapshot, "zero.py", REVCHAIN_MIGRATIONS, NULL);
}

Test(snapshot, files_at_the_limit)
{
	struct revchain_snapshot snapshot = worktree();
	const char *data;
	size_t length;

	fixture_file("repository/fits.py", "");
	fixture_file("repository/larger.py", "");
	fixture_file("repository/huge.py", "");
	cr_assert_eq(truncate(inside("fits.py"), (off_t)REVCHAIN_FILE_MAX), 0);
	cr_assert_eq(truncate(inside("larger.py"), (off_t)REVCHAIN_FILE_MAX + 1), 0);
	cr_assert_eq(truncate(inside("huge.py"), (off_t)1 << 36), 0);
	fixture_must(revchain_snapshot_read(&snapshot, "fits.py", fixture.arena, &data, &length,
					    &fixture.error));
	cr_expect_eq(length, REVCHAIN_FILE_MAX);
	cr_expect_eq(data[length], '\0');
	check_read(&snapshot, "larger.py", REVCHAIN_MIGRATIONS, NULL);
	check_read(&snapshot, "huge.py", REVCHAIN_MIGRATIONS, NULL);
}

static void check_list(struct revchain_snapshot *snapshot, const char *directory, bool recursive,
		       const char *expected)
{
	const struct revchain_listed *paths;
	const char *got = "";
	size_t i, count;

	fixture_must(revchain_snapshot_list(snapshot, directory, recursive, fixture.arena, &paths,
					    &count, &fixture.error));
	for (i = 0; i < count; i++)
		if (strncmp(paths[i].path, ".git/", 5) != 0)
			got = revchain_arena_printf(fixture.arena, "%s%s%s", got, *got ? " " : "",
						    paths[i].path);
	cr_expect_str_eq(got, expected, "%s%s\nexpected %s\ngot      %s", directory,
			 recursive ? " and below" : "", expected, got);
}

#define LISTED "b.py=1|B.py=2|b/z.py=3|b/c/y.py=4|b-c/x.py=5|b.d/w=6|l@b|b/up@..|a\xff=7|b0=8"

static void check_lists(struct revchain_snapshot *snapshot)
{
	check_list(snapshot, "", false, "B.py a\xff b.py b0 l");
	check_list(snapshot, "b", false, "b/up b/z.py");
	check_list(snapshot, "b", true, "b/c/y.py b/up b/z.py");
	check_list(snapshot, "b/c", true, "b/c/y.py");
	check_list(snapshot, "", true,
		   "B.py a\xff b-c/x.py b.d/w b.py b/c/y.py b/up b/z.py b0 l"); /* bytes, slashes
										   too */
	check_list(snapshot, "l", false, "l/up l/z.py"); /* a link given by name is followed */
}

Test(snapshot, list_of_a_commit)
{
	struct revchain_snapshot snapshot = commit_of(LISTED "|s#");

	check_lists(&snapshot);
}

Test(snapshot, list_of_a_work_tree)
{
	struct revchain_snapshot snapshot = worktree();

	check_out(LISTED);
	check_lists(&snapshot);
	cr_assert_eq(mkfifo(inside("b/c/pipe.py"), 0666), 0);
	mkdir(inside("b/c/empty"), 0777);
	check_list(&snapshot, "b/c", true, "b/c/pipe.py b/c/y.py");
	check_list(&snapshot, "b/c/empty", true, "");
}

Test(snapshot, list_of_what_is_no_directory)
{
	static const char *const paths[] = {"a.py",   "x",    "lost.py", "s",
					    "a.py/x", "loop", "out.py"};
	struct revchain_snapshot commit = commit_of(LINKS), files = worktree();
	const struct revchain_listed *listed;
	size_t i, count;

	check_out(LINKS);
	rmdir(inside("s"));
	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		cr_expect_neq(revchain_snapshot_list(&commit, paths[i], true, fixture.arena,
						     &listed, &count, &fixture.error),
			      REVCHAIN_OK, "%s", paths[i]);
		cr_expect_str_eq(fixture.error.path, paths[i]);
		cr_expect_neq(revchain_snapshot_list(&files, paths[i], true, fixture.arena, &listed,
						     &count, &fixture.error),
			      REVCHAIN_OK, "%s", paths[i]);
		cr_expect_str_eq(fixture.error.path, paths[i]);
	}
}

/* A tree that goes deeper than any checkout: an error, and no stack overflow. */
Test(snapshot, depth_is_bounded)
{
	struct revchain_snapshot snapshot = {.repository = fixture.repository};
	git_oid id = fixture_tree("a.py=1");
	const struct revchain_listed *paths;
	size_t count;
	int i, status;

	for (i = 1; i <= 2100; i++) {
		char entry[] = "40000 d\0xxxxxxxxxxxxxxxxxxxx";

		memcpy(entry + 8, id.id, 20);
		id = fixture_write(GIT_OBJECT_TREE, entry, 28);
		if (i != 2000 && i != 2100)
			continue;
		snapshot.tree = id;
		status = revchain_snapshot_list(&snapshot, "", true, fixture.arena, &paths, &count,
						&fixture.error);
		cr_expect_eq(status, i == 2000 ? REVCHAIN_OK : REVCHAIN_MIGRATIONS,
			     "%d deep: status %d", i, status);
		if (!status)
			cr_expect_eq(strlen(paths[0].path), 2 * 2000 + strlen("a.py"));
	}
}

Test(snapshot, commit_that_is_none)
{
	struct revchain_snapshot snapshot;
	git_oid id = fixture_tree("a=1");

	cr_expect_eq(revchain_snapshot_commit(&snapshot, fixture.repository, &id, &fixture.error),
		     REVCHAIN_HISTORY);
}

/* A directory that is missing among the objects is an error, not an empty directory. */
Test(snapshot, missing_tree)
{
	static const char entry[] = "40000 d\0"
				    "12345678901234567890";
	struct revchain_snapshot snapshot = {.repository = fixture.repository};
	enum revchain_file_type type;
	const struct revchain_listed *paths;
	size_t count;

	snapshot.tree = fixture_write(GIT_OBJECT_TREE, entry, sizeof(entry) - 1);
	cr_expect_eq(revchain_snapshot_list(&snapshot, "", true, fixture.arena, &paths, &count,
					    &fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect_eq(revchain_snapshot_stat(&snapshot, "d/a.py", fixture.arena, &type, NULL,
					    &fixture.error),
		     REVCHAIN_HISTORY);
	check_list(&snapshot, "", false, "");
}

static void open_bare(void)
{
	fixture_open_as(true);
}

TestSuite(snapshot_bare, .init = open_bare, .fini = fixture_close);

Test(snapshot_bare, only_commits)
{
	struct revchain_snapshot snapshot;

	cr_expect_eq(revchain_snapshot_worktree(&snapshot, fixture.repository, &fixture.error),
		     REVCHAIN_USAGE);
	snapshot = commit_of("d/a.py=1");
	check_list(&snapshot, "", true, "d/a.py");
	check_read(&snapshot, "d/a.py", REVCHAIN_OK, "1");
}
