#include "trace.h"

#include "fixture.h"

static struct revchain_history history;
static struct revchain_pathset files;

static void set_up(void)
{
	fixture_open();
	memset(&history, 0, sizeof(history));
	history.repository = fixture.repository;
	history.revision_of = fixture_revision_of;
	history.arena = fixture.arena;
	fixture_must(revchain_pathset_init(&files, history.repository, &fixture.error));
}

static void tear_down(void)
{
	revchain_pathset_free(&files);
	fixture_close();
}

TestSuite(trace, .init = set_up, .fini = tear_down);

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "path:file" for each, sorted, with spaces between them. */
struct listing {
	const char *items[64];
	size_t count;
};

static void list(void *data, const char *path, size_t file, const git_oid *blob)
{
	struct listing *listing = data;

	(void)blob;
	listing->items[listing->count++] =
		revchain_arena_printf(fixture.arena, "%s:%zu", path, file);
}

static const char *join(struct listing *listing)
{
	const char *text = "";
	size_t i;

	qsort(listing->items, listing->count, sizeof(*listing->items), by_text);
	for (i = 0; i < listing->count; i++)
		text = revchain_arena_printf(fixture.arena, "%s%s%s", text, i ? " " : "",
					     listing->items[i]);
	return text;
}

/* Start anew with these files, numbered from 0. */
static void start(const char *paths)
{
	char *copy = revchain_arena_copy(fixture.arena, paths, strlen(paths)), *path;
	size_t file = 0;

	revchain_pathset_free(&files);
	fixture_must(revchain_pathset_init(&files, history.repository, &fixture.error));
	for (path = strtok(copy, " "); path; path = strtok(NULL, " "))
		fixture_must(revchain_pathset_add(&files, path, file++, &fixture.error));
}

static void check_files(const char *expected_followed, const char *expected_lost)
{
	struct listing followed = {.count = 0}, lost = {.count = 0};
	const char *text;
	size_t i;

	revchain_pathset_each(&files, list, &followed);
	cr_expect_eq(files.count, followed.count, "count is %zu, and there are %zu", files.count,
		     followed.count);
	text = join(&followed);
	cr_expect_str_eq(text, expected_followed, "followed:\nexpected %s\ngot      %s",
			 expected_followed, text);
	for (i = 0; i < files.lost_count; i++)
		list(&lost, files.lost[i].path, files.lost[i].file, NULL);
	text = join(&lost);
	cr_expect_str_eq(text, expected_lost, "lost:\nexpected %s\ngot      %s", expected_lost,
			 text);
}

static void step(const char *here, const char *parent, const char *followed, const char *lost)
{
	git_oid from = fixture_tree(here), to = fixture_tree(parent);

	fixture_must(revchain_trace_step(&history, &files, &from, &to, &fixture.error));
	check_files(followed, lost);
}

Test(trace, nothing)
{
	check_files("", "");
	step("a.py=1", "", "", "");
	step("", "a.py=1", "", "");
}

Test(trace, lost_and_kept)
{
	start("v/a.py v/b.py w/c.py d.py");
	check_files("d.py:3 v/a.py:0 v/b.py:1 w/c.py:2", "");
	step("v/a.py=1|v/b.py=2|w/c.py=3|d.py=4", "v/a.py=1|v/b.py=2x|w/c.py=3|d.py=4",
	     "d.py:3 v/a.py:0 v/b.py:1 w/c.py:2", "");
	step("v/a.py=1|v/b.py=2x|w/c.py=3|d.py=4", "v/a.py=1|w/c.py=3|d.py=4",
	     "d.py:3 v/a.py:0 w/c.py:2", "v/b.py:1");
	step("v/a.py=1|w/c.py=3|d.py=4", "d.py=4", "d.py:3", "v/a.py:0 w/c.py:2");
	step("d.py=4", "d.py=4", "d.py:3", ""); /* what was lost before is not lost again */
	step("d.py=4", "", "", "d.py:3");
	step("", "d.py=4", "", "");
}

/* Each of these names must be found in its place in the order of a tree. */
Test(trace, names_around_the_slash)
{
	static const char tree[] =
		"a-/x.py=1|a.py=2|a/x.py=3|a/x/y.py=4|a0.py=5|a~.py=6|a!.py=7|B/b.py=8|\x80.py=9";

	start("\x80.py B/b.py a!.py a0.py a/x/y.py a/x.py a.py a-/x.py");
	step("z=0", tree, "B/b.py:1 a!.py:2 a-/x.py:7 a.py:6 a/x.py:5 a/x/y.py:4 a0.py:3 \x80.py:0",
	     "");
	step(tree, "a-/x.py=1|a.py=2|a/x/y.py=4|B/b.py=8|\x80.py=9",
	     "B/b.py:1 a-/x.py:7 a.py:6 a/x/y.py:4 \x80.py:0", "a!.py:2 a/x.py:5 a0.py:3");
}

/* Many files in one directory, added in an order that is not theirs. */
Test(trace, many_files)
{
	static char paths[2000][16];
	git_treebuilder *builder;
	git_oid blob = fixture_blob("-"), half, all, root[2];
	size_t i;

	cr_assert_eq(git_treebuilder_new(&builder, fixture.git, NULL), 0);
	for (i = 0; i < 2000; i++) {
		size_t number = i * 1237 % 2000;

		snprintf(paths[i], sizeof(paths[i]), "v/%zu.py", number);
		fixture_must(revchain_pathset_add(&files, paths[i], number, &fixture.error));
		if (number % 2 == 0)
			git_treebuilder_insert(NULL, builder, paths[i] + 2, &blob, 0100644);
	}
	cr_assert_eq(git_treebuilder_write(&half, builder), 0);
	for (i = 0; i < 2000; i++)
		git_treebuilder_insert(NULL, builder, paths[i] + 2, &blob, 0100644);
	cr_assert_eq(git_treebuilder_write(&all, builder), 0);
	git_treebuilder_clear(builder);
	for (i = 0; i < 2; i++) {
		git_treebuilder_insert(NULL, builder, "v", i ? &half : &all, 0040000);
		cr_assert_eq(git_treebuilder_write(&root[i], builder), 0);
	}
	git_treebuilder_free(builder);
	fixture_must(revchain_trace_step(&history, &files, &root[0], &root[0], &fixture.error));
	cr_expect_eq(files.count, 2000);
	fixture_must(revchain_trace_step(&history, &files, &root[0], &root[1], &fixture.error));
	cr_expect_eq(files.count, 1000);
	cr_expect_eq(files.lost_count, 1000);
	for (i = 0; i < files.lost_count; i++)
		cr_expect_eq(files.lost[i].file % 2, 1);
}

Test(trace, kinds_of_entries)
{
	start("a.py b.py d/c.py");
	step("a.py=1|b.py=2|d/c.py=3", "a.py@x|b.py=2|d/c.py=3", "a.py:0 b.py:1 d/c.py:2",
	     ""); /* a link counts */
	step("a.py@x|b.py=2|d/c.py=3", "a.py@x|b.py/x=2|d/c.py=3", "a.py:0 d/c.py:2",
	     "b.py:1"); /* a directory */
	step("a.py@x|b.py/x=2|d/c.py=3", "a.py#|d=3", "",
	     "a.py:0 d/c.py:2"); /* a submodule, and a file for a directory */
}

Test(trace, moves_are_followed)
{
	start("v/a.py v/b.py");
	step("v/a.py=1|v/b.py=2", "v/old.py=1|v/b.py=2", "v/b.py:1 v/old.py:0", "");
	step("v/old.py=1|v/b.py=2", "w/x/old.py=1:e|v/b.py=2", "v/b.py:1 w/x/old.py:0", "");
	step("w/x/old.py=1:e|v/b.py=2", "w/b.py=2|w/x.py=1", "w/b.py:1 w/x.py:0",
	     ""); /* a directory becomes a file */
	step("w/b.py=2|w/x.py=1", "w/b.py=2|other.py=3", "w/b.py:1", "w/x.py:0");
	step("w/b.py=2|other.py=3", "v/a.py=2", "v/a.py:1", ""); /* to a path that another had */
	step("v/a.py=2", "v/a.py=9", "v/a.py:1", ""); /* overwritten in place: the path counts */
	step("v/a.py=9", "v/b.py=2", "", "v/a.py:1");
}

/* After a move, the directories that it leads to are known in the right commit. */
Test(trace, move_into_a_directory_that_is_followed)
{
	start("v/a.py v/b.py");
	step("v/a.py=1|v/b.py=2", "v/a.py=1|v/b.py=2", "v/a.py:0 v/b.py:1", "");
	step("v/a.py=1|v/b.py=2", "v/a.py=1|v/c.py=2", "v/a.py:0 v/c.py:1", "");
	step("v/a.py=1|v/c.py=2", "v/a.py=1|v/c.py=2", "v/a.py:0 v/c.py:1", "");
	step("v/a.py=1|v/c.py=2", "v/a.py=1", "v/a.py:0", "v/c.py:1");
	start("v/a.py w/b.py");
	step("v/a.py=1|w/b.py=2", "v/a.py=1|v/b.py=2", "v/a.py:0 v/b.py:1", "");
	step("v/a.py=1|v/b.py=2", "v/b.py=2", "v/b.py:1", "v/a.py:0");
	step("v/b.py=2", "", "", "v/b.py:1");
}

Test(trace, files_of_one_path)
{
	start("v/a.py v/a.py v/b.py v/a.py");
	check_files("v/a.py:0 v/a.py:1 v/a.py:3 v/b.py:2", "");
	step("v/a.py=1|v/b.py=2", "v/c.py=1|v/b.py=2", "v/b.py:2 v/c.py:0 v/c.py:1 v/c.py:3", "");
	step("v/c.py=1|v/b.py=2", "v/b.py=2", "v/b.py:2", "v/c.py:0 v/c.py:1 v/c.py:3");
}

/* Two files of one id that one file becomes, backwards: both go on under its path. */
Test(trace, two_files_become_one)
{
	start("v/a.py w/b.py");
	step("v/a.py=1|w/b.py=1", "u/c.py=1", "u/c.py:0 u/c.py:1", "");
	step("u/c.py=1", "u/d.py=1", "u/d.py:0 u/d.py:1", "");
	step("u/d.py=1", "", "", "u/d.py:0 u/d.py:1");
}

/* A directory that did not change is not read: here it could not be. */
Test(trace, unchanged_directories_are_not_read)
{
	static const char first[] = "40000 d\0"
				    "12345678901234567890"
				    "40000 v\0";
	char bytes[sizeof(first) - 1 + 20];
	git_oid directory = fixture_tree("a.py=1"), broken, here, parent;

	memcpy(bytes, first, sizeof(first) - 1);
	memcpy(bytes + sizeof(first) - 1, directory.id, 20);
	broken = fixture_write(GIT_OBJECT_TREE, bytes, sizeof(bytes)); /* d is missing */
	here = fixture_tree("v/a.py=1");
	start("v/a.py");
	fixture_must(revchain_trace_step(&history, &files, &here, &broken, &fixture.error));
	check_files("v/a.py:0", "");
	parent = fixture_tree("x=0");
	fixture_must(revchain_trace_step(&history, &files, &broken, &parent, &fixture.error));
	check_files("", "v/a.py:0");

	start("d/a.py");
	cr_expect_eq(revchain_trace_step(&history, &files, &here, &broken, &fixture.error),
		     REVCHAIN_HISTORY);
}

/* Nor is one that is as it was in the commit before: here it is gone meanwhile. */
Test(trace, directories_are_read_once)
{
	git_oid first = fixture_tree("v/a.py=1|x=1"), second = fixture_tree("v/a.py=1|x=2"),
		third = fixture_tree("v/a.py=1|x=3"), directory = fixture_tree("a.py=1");
	char hex[REVCHAIN_OID_HEX + 1];

	start("v/a.py");
	fixture_must(revchain_trace_step(&history, &files, &first, &second, &fixture.error));
	git_oid_tostr(hex, sizeof(hex), &directory);
	cr_assert_eq(unlink(revchain_arena_printf(fixture.arena, "%s/.git/objects/%.2s/%s",
						  fixture.path, hex, hex + 2)),
		     0);
	fixture_must(revchain_trace_step(&history, &files, &second, &third, &fixture.error));
	check_files("v/a.py:0", "");
}

Test(trace, damaged_tree)
{
	static const char bytes[] = "100644 a.py\0"
				    "12345678901234567890"
				    "100644 b";
	git_oid here = fixture_tree("a.py=1|c.py=1"),
		damaged = fixture_write(GIT_OBJECT_TREE, bytes, sizeof(bytes) - 1);

	start("a.py c.py");
	cr_expect_eq(revchain_trace_step(&history, &files, &here, &damaged, &fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, "damaged"), "%s", fixture.error.message);
}
