#include "moves.h"

#include "fixture.h"

static struct revchain_history history;

static void set_up(void)
{
	fixture_open();
	memset(&history, 0, sizeof(history));
	history.repository = fixture.repository;
	history.revision_of = fixture_revision_of;
	history.arena = fixture.arena;
}

TestSuite(moves, .init = set_up, .fini = fixture_close);

/*
 * From one tree to another: `paths` are those that appeared, and `expected` is where each was, "-"
 * for new ones; both with spaces between them.
 */
static void check(const char *from, const char *to, const char *paths, const char *expected)
{
	git_oid before = fixture_tree(from), after = fixture_tree(to);
	char *copy = revchain_arena_copy(fixture.arena, paths, strlen(paths)), *path;
	const char *list[64], *old_paths[64], *got = "";
	size_t i, count = 0;

	for (path = strtok(copy, " "); path; path = strtok(NULL, " "))
		list[count++] = path;
	fixture_must(revchain_moves_find(&history, &before, &after, list, count, old_paths,
					 &fixture.error));
	for (i = 0; i < count; i++)
		got = revchain_arena_printf(fixture.arena, "%s%s%s", got, i ? " " : "",
					    old_paths[i] ? old_paths[i] : "-");
	cr_expect_str_eq(got, expected, "%s\n  -> %s\n%s were at\nexpected %s\ngot      %s", from,
			 to, paths, expected, got);
}

Test(moves, by_revision_id)
{
	check("v/a.py=1", "v/b.py=1", "v/b.py", "v/a.py");
	check("v/a.py=1", "v/b.py=1:edited", "v/b.py", "v/a.py");
	check("v/a.py=1", "w/a.py=1", "w/a.py", "v/a.py");
	check("a.py=1", "x/y/z.py=1", "x/y/z.py", "a.py");
	check("x/y/z.py=1", "a.py=1", "a.py", "x/y/z.py");
	check("v/a.py=1", "v/b.py=2", "v/b.py", "-");
	check("v/a.py=same:1", "v/b.py=other:1", "v/b.py", "-");
	check("v/a.py=-text", "v/b.py=-text", "v/b.py", "-"); /* alike, but without an id */
	check("v/a.py=", "v/b.py=", "v/b.py", "-");
	check("", "v/b.py=1", "v/b.py", "-");
}

Test(moves, only_of_what_disappeared)
{
	check("v/a.py=1", "v/a.py=1|v/b.py=1", "v/b.py", "-"); /* copied */
	check("v/a.py=1", "v/a.py=2|v/b.py=1", "v/b.py",
	      "-"); /* overwritten: the path is still there */
	check("v/a.py=1|v/b.py=2", "v/a.py=2|v/b.py=1", "", ""); /* swapped: nothing appeared */
	check("v/a.txt=1", "v/b.py=1", "v/b.py", "-");		 /* no .py file before */
	check("v/a.pyc=1", "v/b.py=1", "v/b.py", "-");
	check("v/apy=1", "v/b.py=1", "v/b.py", "-");
	check("v/.py=1", "v/b.py=1", "v/b.py", "v/.py");
	check("v/a.py#|v/c=1", "v/b.py=1", "v/b.py", "-");
	check("v/a.py/x=1", "v/b.py=1", "v/b.py", "-"); /* a directory of that name */
	check("v/a.py/x.py=1", "v/b.py=1", "v/b.py", "v/a.py/x.py");
}

Test(moves, files_and_directories_of_one_name)
{
	check("v/a.py=1", "v/a.py/b.py=1", "v/a.py/b.py", "v/a.py");
	check("v/a.py/b.py=1", "v/a.py=1", "v/a.py", "v/a.py/b.py");
	check("v=0|w/a.py=1", "v/a.py=1", "v/a.py", "w/a.py");
	check("v/a.py=1", "v=0|w/a.py=1", "w/a.py", "v/a.py");
	/* names around the slash, where the order of a tree is not that of its names */
	check("a-/x.py=1|a/x.py=2|a.py=3|a0/x.py=4", "b/1.py=1|b/2.py=2|b/3.py=3|b/4.py=4",
	      "b/1.py b/2.py b/3.py b/4.py", "a-/x.py a/x.py a.py a0/x.py");
	check("a-/x.py=1|a/x.py=2|a.py=3|a0/x.py=4", "a-=0|a.py/x.py=3|a/y.py=2|a0=0",
	      "a.py/x.py a/y.py", "a.py a/x.py");
}

Test(moves, several_candidates)
{
	/* the smallest path, as trees are not sorted by it */
	check("v/b.py=1|v/a.py=1|v/c.py=1", "w/x.py=1", "w/x.py", "v/a.py");
	check("a.py=1|a/z.py=1|a-b/z.py=1", "w/x.py=1", "w/x.py", "a-b/z.py");
	/* the same base name wins over that */
	check("v/a.py=1|v/x.py=1|w/x.py=1", "u/x.py=1", "u/x.py", "v/x.py");
	check("v/ax.py=1|z/x.py=1", "u/x.py=1", "u/x.py", "z/x.py");
	check("v/a.py=1|x.py=1", "u/x.py=1", "u/x.py", "x.py");
	/* each for itself */
	check("v/a.py=1|v/x.py=1", "u/x.py=1|u/y.py=1", "u/x.py u/y.py", "v/x.py v/a.py");
	check("v/a.py=1", "u/x.py=1|u/y.py=1", "u/x.py u/y.py", "v/a.py v/a.py");
}

Test(moves, many_at_once)
{
	check("v/a.py=1|v/b.py=2|v/c.py=3|v/d.py=4", "w/a.py=1|w/b.py=2|w/c.py=3|w/d.py=5|w/e.py=4",
	      "w/a.py w/b.py w/c.py w/d.py w/e.py", "v/a.py v/b.py v/c.py - v/d.py");
	check("v/a.py=1|v/b.py=2|v/c.py=3", "v/a.py=1|w/b.py=3|w/c.py=2", "w/b.py w/c.py",
	      "v/c.py v/b.py");
	check("v/a.py=1", "w/a.py=1|w/b.py=2", "w/b.py",
	      "-"); /* only what is asked for is looked at */
	check("v/a.py=1|v/b.py=2", "w/a.py=1|w/b.py=2", "", "");
	check("v/a.py=1|v/b.py=2", "w/a.py=-|w/b.py=2", "w/a.py w/b.py", "- v/b.py");
}

Test(moves, symbolic_links)
{
	/* a link is a .py file whose text is its target */
	check("v/a.py@1", "v/b.py=1", "v/b.py", "v/a.py");
	check("v/a.py=1", "v/b.py@1", "v/b.py", "v/a.py");
	check("v/a.py@../shared/a.py", "w/a.py@../shared/a.py", "w/a.py", "v/a.py");
}

Test(moves, files_too_large_are_no_candidates)
{
	char *large = malloc(((size_t)16 << 20) + 1);
	git_oid blob, from, to = fixture_tree("b.py=1");
	const char *path = "b.py", *old_path = "unset";
	git_treebuilder *builder;

	memset(large, '1', ((size_t)16 << 20) + 1);
	large[1] = ':';
	blob = fixture_write(GIT_OBJECT_BLOB, large, ((size_t)16 << 20) + 1);
	free(large);
	cr_assert_eq(git_treebuilder_new(&builder, fixture.git, NULL), 0);
	git_treebuilder_insert(NULL, builder, "a.py", &blob, 0100644);
	cr_assert_eq(git_treebuilder_write(&from, builder), 0);
	git_treebuilder_free(builder);
	fixture_must(
		revchain_moves_find(&history, &from, &to, &path, 1, &old_path, &fixture.error));
	cr_expect_null(old_path);
}

static size_t texts_read;

static int counting(const char *text, size_t length, struct revchain_arena *arena,
		    const char **revision, struct revchain_error *error)
{
	texts_read++;
	return fixture_revision_of(text, length, arena, revision, error);
}

/* Nothing disappeared, or nothing that appeared has an id: then no text is read for nothing. */
Test(moves, reads_no_more_than_needed)
{
	history.revision_of = counting;
	check("v/a.py=1", "v/a.py=1|v/b.py=2", "v/b.py", "-");
	cr_expect_eq(texts_read, 0);
	check("v/a.py=1|v/c.py=3", "v/b.py=-", "v/b.py", "-");
	cr_expect_eq(texts_read, 1);
	texts_read = 0;
	check("v/a.py=1|v/c.py=3|u/x.py=4|u/y.py=5", "v/b.py=1|v/c.py=3|u/x.py=4:e|u/y.py=5",
	      "v/b.py", "v/a.py");
	cr_expect_eq(texts_read, 2);
}

static int failing(const char *text, size_t length, struct revchain_arena *arena,
		   const char **revision, struct revchain_error *error)
{
	(void)text, (void)length, (void)arena, (void)revision;
	return revchain_fail_memory(error);
}

Test(moves, errors_come_back)
{
	static const char entry[] = "40000 d\0"
				    "12345678901234567890";
	git_oid from = fixture_tree("a.py=1"), to = fixture_tree("b.py=1"),
		text = fixture_tree("d/a.txt=1"), lost;
	const char *path = "b.py", *old_path;

	lost = fixture_write(GIT_OBJECT_TREE, entry, sizeof(entry) - 1);
	cr_expect_eq(revchain_moves_find(&history, &lost, &to, &path, 1, &old_path, &fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect_eq(revchain_moves_find(&history, &to, &lost, &path, 1, &old_path, &fixture.error),
		     REVCHAIN_OK, "what is only in the newer tree need not be read");
	cr_expect_eq(
		revchain_moves_find(&history, &text, &lost, &path, 1, &old_path, &fixture.error),
		REVCHAIN_OK, "nor a directory that had no Python to lose");
	history.revision_of = failing;
	cr_expect_eq(revchain_moves_find(&history, &from, &to, &path, 1, &old_path, &fixture.error),
		     REVCHAIN_IO);
}

static int find(const git_oid *from, const git_oid *to)
{
	const char *path = "b.py", *old_path;

	memset(&fixture.error, 0, sizeof(fixture.error));
	return revchain_moves_find(&history, from, to, &path, 1, &old_path, &fixture.error);
}

/* A tree that ends in the middle of an entry, in whichever of the two it is, and wherever there. */
Test(moves, damaged_trees)
{
	static const char whole[] = "100644 a.py\0"
				    "12345678901234567890";
	static const char half[] = "100644 a.py\0"
				   "12345678901234567890100644 c.py\0"
				   "1234567890";
	git_oid good = fixture_tree("b.py=1"), none = fixture_tree(""), start, later;
	char name[REVCHAIN_OID_HEX + 1];

	start = fixture_write(GIT_OBJECT_TREE, whole, sizeof(whole) - 5);
	later = fixture_write(GIT_OBJECT_TREE, half, sizeof(half) - 1);
	cr_expect_eq(find(&start, &none), REVCHAIN_HISTORY);
	cr_expect_eq(find(&start, &good), REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, git_oid_tostr(name, sizeof(name), &start)));
	cr_expect_eq(find(&later, &good), REVCHAIN_HISTORY);
	cr_expect_eq(find(&good, &start), REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, git_oid_tostr(name, sizeof(name), &start)));
	cr_expect_eq(find(&good, &later), REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, git_oid_tostr(name, sizeof(name), &later)));
}

/* A file in so many directories, one in the other. */
static git_oid tree_so_deep(int depth)
{
	git_oid tree = fixture_tree("a.py=1");

	for (; depth; depth--) {
		char entry[] = "40000 d\0"
			       "12345678901234567890";

		memcpy(entry + 8, tree.id, 20);
		tree = fixture_write(GIT_OBJECT_TREE, entry, 28);
		if (depth % 100 == 1) /* what is packed hangs on a commit, and not too deep below */
			fixture_commit_of(&tree, NULL, 0);
	}
	return tree;
}

/* As deep as git itself goes, and no deeper. */
Test(moves, deep_trees)
{
	git_oid to = fixture_tree("b.py=1"), from, deeper;
	const char *path = "b.py", *old_path;
	git_odb_backend *memory = fixture_start_pack();

	from = tree_so_deep(2048);
	deeper = tree_so_deep(2049);
	fixture_finish_pack(memory);
	fixture_must(
		revchain_moves_find(&history, &from, &to, &path, 1, &old_path, &fixture.error));
	cr_assert_not_null(old_path);
	cr_expect_eq(strlen(old_path), 2 * 2048 + strlen("a.py"));
	cr_expect_eq(find(&deeper, &to), REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, "nested too deeply"));
}

/* A tree of so many directories, which are all the same. */
static git_oid tree_so_wide(size_t count)
{
	git_oid inner = fixture_tree("a.txt=1"), tree;
	char *bytes = malloc(count * 34), *at = bytes;
	size_t i;

	for (i = 0; i < count; i++) {
		at += sprintf(at, "40000 %07zu", i) + 1;
		memcpy(at, inner.id, 20);
		at += 20;
	}
	tree = fixture_write(GIT_OBJECT_TREE, bytes, (size_t)(at - bytes));
	fixture_commit_of(&tree, NULL, 0);
	free(bytes);
	return tree;
}

/* The work that a commit may ask for is bounded: 100,000 directories that changed, the root's own
 * among them. */
Test(moves, wide_trees)
{
	git_oid to = fixture_tree("b.py=1"), from, wider;
	git_odb_backend *memory = fixture_start_pack();

	from = tree_so_wide(99999);
	wider = tree_so_wide(100000);
	fixture_finish_pack(memory);
	cr_expect_eq(find(&from, &to), REVCHAIN_OK);
	cr_expect_eq(find(&wider, &to), REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, "more than 100,000 directories"));
}

/* A submodule takes the place of a file: the file has disappeared, as trace.c sees it too. */
Test(moves, file_that_becomes_a_submodule)
{
	check("v/a.py=1", "v/a.py#|v/b.py=1", "v/b.py", "v/a.py");
}

/* A directory of very many files moves: each is found without reading the directory anew, or this
 * would not end. */
Test(moves, very_many, .timeout = 30)
{
	enum { count = 30000 };
	static char names[count][16];
	static const char *paths[count], *old_paths[count];
	git_odb_backend *memory = fixture_start_pack();
	git_oid directory, trees[2];
	git_treebuilder *builder;
	size_t i;

	cr_assert_eq(git_treebuilder_new(&builder, fixture.git, NULL), 0);
	for (i = 0; i < count; i++) {
		git_oid blob;

		snprintf(names[i], sizeof(names[i]), "w/%zu.py", i);
		blob = fixture_blob(names[i]);
		paths[i] = names[i];
		git_treebuilder_insert(NULL, builder, names[i] + 2, &blob, 0100644);
	}
	cr_assert_eq(git_treebuilder_write(&directory, builder), 0);
	for (i = 0; i < 2; i++) {
		git_treebuilder_clear(builder);
		git_treebuilder_insert(NULL, builder, i ? "w" : "v", &directory, 0040000);
		cr_assert_eq(git_treebuilder_write(&trees[i], builder), 0);
		fixture_commit_of(&trees[i], NULL, 0);
	}
	git_treebuilder_free(builder);
	fixture_finish_pack(memory);
	fixture_must(revchain_moves_find(&history, &trees[0], &trees[1], paths, count, old_paths,
					 &fixture.error));
	cr_expect_str_eq(old_paths[7], "v/7.py");
}
