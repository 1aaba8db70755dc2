#include "revchain/history.h"

#include "fixture.h"
#include "object.h"

static struct revchain_history history;

static void set_up(void)
{
	fixture_open();
	memset(&history, 0, sizeof(history));
	history.repository = fixture.repository;
	history.revision_of = fixture_revision_of;
	history.arena = fixture.arena;
}

TestSuite(history, .init = set_up, .fini = fixture_close, .timeout = 120);

/* One commit of a history: its name and its parents' names, what is in it. */
struct step {
	const char *name, *tree;
};

/*
 * Where the files landed, in order: "path@commit", and "=path@commit" for one in a tie with the one
 * before it. A file that had another path at the commit of the tie is "path<old path>@commit";
 * where the tie's commit is another one: "@commit/commit".
 */
static const char *describe(struct revchain_landing *landings, const char *const *paths,
			    size_t count)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < count; i++) {
		const struct revchain_landing *landing = &landings[i];
		const char *path = paths[landing->file];

		text = revchain_arena_printf(
			fixture.arena, "%s%s%s%s", text, i ? " " : "",
			i && landing->tie && landing->tie == landings[i - 1].tie ? "=" : "", path);
		if (landing->tie && strcmp(landing->path, path) != 0)
			text = revchain_arena_printf(fixture.arena, "%s<%s>", text, landing->path);
		text = revchain_arena_printf(fixture.arena, "%s@%c", text,
					     fixture_name(&landing->commit));
		if (landing->tie && !git_oid_equal(&landing->tie_commit, &landing->commit))
			text = revchain_arena_printf(fixture.arena, "%s/%c", text,
						     fixture_name(&landing->tie_commit));
	}
	return text;
}

static const char *land(char tip, const char *files)
{
	char *copy = revchain_arena_copy(fixture.arena, files, strlen(files)), *path;
	struct revchain_landing *landings =
		revchain_arena_array(fixture.arena, 64, sizeof(*landings));
	const char *paths[64];
	size_t i, count = 0;

	for (path = strtok(copy, " "); path; path = strtok(NULL, " ")) {
		landings[count].lane = *path == '1'; /* "1:" in front of a path: the second lane */
		landings[count].path = paths[count] = path[1] == ':' ? path + 2 : path;
		landings[count].file = count;
		count++;
	}
	fixture_must(revchain_history_landings(&history, fixture_id(tip), landings, count,
					       &fixture.error));
	for (i = 0; i < count; i++) {
		struct revchain_commit commit = {0};

		fixture_must(revchain_commit_read(fixture.repository, &landings[i].commit, &commit,
						  &fixture.error));
		cr_expect_eq(landings[i].date, commit.date);
		cr_expect_eq(landings[i].zone, 60);
		revchain_commit_free(&commit);
	}
	return describe(landings, paths, count);
}

/* The last step is the tip. The files are asked for in their order and in the opposite one. */
static void check(const char *what, const struct step *steps, const char *files,
		  const char *expected)
{
	const char *got;
	char tip = 0;

	memset(fixture.commits, 0, sizeof(fixture.commits));
	for (; steps->name; steps++) {
		tip = steps->name[0];
		fixture_commit(tip, steps->name + 1, steps->tree);
	}
	got = land(tip, files);
	cr_expect_str_eq(got, expected, "%s\nexpected %s\ngot      %s", what, expected, got);
}

#define CHECK(what, files, expected, ...)                                                          \
	check(what, (const struct step[]){__VA_ARGS__, {NULL, NULL}}, files, expected)

Test(history, one_line)
{
	CHECK("no file", "", "", {"a", "x=0"});
	CHECK("root commit", "a.py", "a.py@a", {"a", "a.py=1"});
	CHECK("three", "c.py b.py a.py", "a.py@a b.py@b c.py@c", {"a", "a.py=1"},
	      {"ba", "a.py=1|b.py=2"}, {"cb", "a.py=1|b.py=2|c.py=3"},
	      {"dc", "a.py=1|b.py=2e|c.py=3"});
	CHECK("together", "b.py a.py c.py", "a.py@a =b.py@a c.py@b", {"a", "a.py=1|b.py=2"},
	      {"ba", "a.py=1|b.py=2|c.py=3"});
	CHECK("two that were one", "c.py b.py", "b.py<a.py>@a =c.py<a.py>@a", {"a", "a.py=1"},
	      {"ba", "b.py=1|c.py=1"});
	CHECK("two that were one, and one of them another", "c.py z.py",
	      "z.py<a.py>@a =c.py<a.py>@a", {"a", "a.py=1"}, {"ba", "b.py=1|c.py=1"},
	      {"cb", "z.py=1|c.py=1"});
	CHECK("three that were one, two of them longer", "a.py c.py z.py",
	      "z.py<a.py>@a =a.py@a =c.py<a.py>@a", {"a", "a.py=1"}, {"ba", "b.py=1|m.py=1"},
	      {"cb", "b.py=1|x.py=1|y.py=1"}, {"dc", "b.py=1|a.py=1|y.py=1"},
	      {"ed", "z.py=1|a.py=1|y.py=1"}, {"fe", "z.py=1|a.py=1|c.py=1"});
	CHECK("two ties", "a.py b.py c.py d.py", "a.py@a =b.py@a c.py@b =d.py@b",
	      {"a", "a.py=1|b.py=2"}, {"ba", "a.py=1|b.py=2|c.py=3|d.py=4"});
	CHECK("only some are asked for", "b.py", "b.py@b", {"a", "a.py=1"},
	      {"ba", "a.py=1|b.py=2|c.py=3"});
	CHECK("edited", "a.py", "a.py@a", {"a", "a.py=1"}, {"ba", "a.py=1:e"}, {"cb", "a.py=2"});
	CHECK("removed and added again", "a.py b.py", "b.py@b a.py@d", {"a", "a.py=1"},
	      {"ba", "a.py=1|b.py=2"}, {"cb", "b.py=2"}, {"dc", "a.py=1|b.py=2"});
	CHECK("a directory, and back", "a.py b.py", "b.py@a a.py@c", {"a", "a.py=1|b.py=2"},
	      {"ba", "a.py/x=1|b.py=2"}, {"cb", "a.py=1|b.py=2"});
	CHECK("a submodule, and back", "a.py b.py", "b.py@a a.py@c", {"a", "a.py=1|b.py=2"},
	      {"ba", "a.py#|b.py=2"}, {"cb", "a.py=1|b.py=2"});
	CHECK("a symbolic link, and back", "a.py", "a.py@a", {"a", "a.py=1"}, {"ba", "a.py@x"},
	      {"cb", "a.py=1"});
	CHECK("a link first", "a.py b.py", "a.py@a b.py@b", {"a", "a.py@x"},
	      {"ba", "a.py=1|b.py=1"});
}

Test(history, moves)
{
	CHECK("renamed", "b.py c.py", "b.py@a c.py@b", {"a", "a.py=1"}, {"ba", "a.py=1|c.py=2"},
	      {"cb", "b.py=1|c.py=2"});
	CHECK("renamed and edited", "b.py c.py", "b.py@a c.py@b", {"a", "a.py=1"},
	      {"ba", "a.py=1|c.py=2"}, {"cb", "b.py=1:e|c.py=2"});
	CHECK("another id", "b.py c.py", "c.py@b b.py@c", {"a", "a.py=1"}, {"ba", "a.py=1|c.py=2"},
	      {"cb", "b.py=3|c.py=2"});
	CHECK("no id", "b.py c.py", "c.py@b b.py@c", {"a", "a.py=-"}, {"ba", "a.py=-|c.py=2"},
	      {"cb", "b.py=-|c.py=2"});
	CHECK("copied, and the first removed later", "b.py c.py", "c.py@b b.py@c", {"a", "a.py=1"},
	      {"ba", "a.py=1|c.py=2"}, {"cb", "a.py=1|b.py=1|c.py=2"}, {"dc", "b.py=1|c.py=2"});
	CHECK("removed, then under another name", "b.py c.py", "c.py@b b.py@d", {"a", "a.py=1"},
	      {"ba", "a.py=1|c.py=2"}, {"cb", "c.py=2"}, {"dc", "b.py=1|c.py=2"});
	CHECK("two names swapped", "a.py b.py", "a.py@a b.py@b", {"a", "a.py=1"},
	      {"ba", "a.py=1|b.py=2"}, {"cb", "a.py=2|b.py=1"});
	CHECK("three times", "d.py x.py", "d.py@a x.py@b", {"a", "a.py=1"}, {"ba", "b.py=1|x.py=2"},
	      {"cb", "v/c.py=1|x.py=2"}, {"dc", "d.py=1|x.py=2"});
	CHECK("there and back", "v/a.py v/b.py", "v/a.py@a v/b.py@b", {"a", "v/a.py=1"},
	      {"ba", "v/a.py=1|v/b.py=2"}, {"cb", "w/a.py=1|w/b.py=2"},
	      {"dc", "v/a.py=1|v/b.py=2"});
	CHECK("a directory moves, one file is new", "w/a.py w/b.py w/c.py",
	      "w/a.py@a w/b.py@b w/c.py@c", {"a", "v/a.py=1"}, {"ba", "v/a.py=1|v/b.py=2"},
	      {"cb", "w/a.py=1|w/b.py=2|w/c.py=3"});
	CHECK("a directory moves into itself", "v/v/a.py v/v/b.py", "v/v/a.py@a v/v/b.py@b",
	      {"a", "v/a.py=1"}, {"ba", "v/a.py=1|v/b.py=2"}, {"cb", "v/v/a.py=1|v/v/b.py=2"});
	CHECK("from elsewhere in the tree", "v/a.py v/b.py", "v/b.py@b v/a.py@c", {"a", "x/y=0"},
	      {"ba", "v/b.py=2"}, {"cb", "v/b.py=2|old/a.py=1"}, {"dc", "v/a.py=1|v/b.py=2"});
	CHECK("the better of two candidates", "w/x.py c.py", "w/x.py@a c.py@b", {"a", "v/x.py=1"},
	      {"ba", "v/x.py=1|c.py=2"}, {"cb", "a.py=1|v/x.py=1|c.py=2"},
	      {"dc", "w/x.py=1|c.py=2"});
	CHECK("the smaller of two candidates", "w/x.py c.py", "c.py@b w/x.py@c", {"a", "v/y.py=1"},
	      {"ba", "v/y.py=1|c.py=2"}, {"cb", "a.py=1|v/y.py=1|c.py=2"},
	      {"dc", "w/x.py=1|c.py=2"});
	CHECK("tied under old names", "b.py d.py", "b.py<a.py>@a =d.py<c.py>@a",
	      {"a", "a.py=1|c.py=2"}, {"ba", "b.py=1|d.py=2"});
	CHECK("another file takes the path over: it did not disappear", "a.py b.py",
	      "a.py@a b.py@b", {"a", "a.py=1"}, {"ba", "b.py=1|a.py=2"});
}

/* Whatever order the files are asked for in, their numbers decide the order within a tie. */
Test(history, ties_by_number)
{
	static const size_t numbers[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}, {1, 3, 0, 2}};
	static const char *const paths[] = {"a.py", "b.py", "c.py", "d.py"};
	size_t i, j;

	fixture_commit('a', "", "a.py=1|b.py=2|c.py=3|d.py=4");
	fixture_commit('b', "", "z=0");
	fixture_commit('m', "ba", "a.py=1|b.py=2|c.py=3|d.py=4");
	for (i = 0; i < 2 * 4; i++) {
		struct revchain_landing landings[4] = {{.path = NULL}};

		for (j = 0; j < 4; j++) {
			landings[j].file = numbers[i / 2][j];
			landings[j].path = paths[landings[j].file];
		}
		fixture_must(revchain_history_landings(&history, fixture_id(i % 2 ? 'm' : 'a'),
						       landings, 4, &fixture.error));
		for (j = 0; j < 4; j++)
			cr_expect_eq(landings[j].file, j, "%zu is number %zu", landings[j].file, j);
	}
}

Test(history, merges)
{
	CHECK("early commit, merged late", "a.py b.py f.py", "a.py@a b.py@b f.py@m",
	      {"a", "a.py=1"}, {"fa", "a.py=1|f.py=3"}, {"ba", "a.py=1|b.py=2"},
	      {"mbf", "a.py=1|b.py=2|f.py=3"});
	CHECK("several by one merge", "g.py f.py a.py", "a.py@a f.py@m g.py@m", {"a", "a.py=1"},
	      {"fa", "a.py=1|f.py=2"}, {"gf", "a.py=1|f.py=2|g.py=3"},
	      {"mag", "a.py=1|f.py=2|g.py=3"});
	CHECK("update branch", "a.py b.py f.py g.py", "a.py@a b.py@b f.py@m g.py@m",
	      {"a", "a.py=1"}, {"fa", "a.py=1|f.py=3"}, {"ba", "a.py=1|b.py=2"},
	      {"ufb", "a.py=1|b.py=2|f.py=3"}, {"gu", "a.py=1|b.py=2|f.py=3|g.py=4"},
	      {"mbg", "a.py=1|b.py=2|f.py=3|g.py=4"});
	CHECK("a merge adds files of its own", "x.py y.py f.py", "f.py@m x.py@m =y.py@m",
	      {"a", "z=0"}, {"fa", "f.py=1"}, {"ba", "z=1"}, {"mbf", "f.py=1|x.py=2|y.py=3"});
	CHECK("one of its own", "x.py f.py g.py", "f.py@m g.py@m x.py@m", {"a", "z=0"},
	      {"fa", "f.py=1"}, {"gf", "f.py=1|g.py=3"}, {"ba", "z=1"},
	      {"mbg", "f.py=1|x.py=2|g.py=3"});
	CHECK("tied on the branch", "f.py g.py", "f.py@m/f =g.py@m/f", {"a", "z=0"},
	      {"fa", "f.py=1|g.py=2"}, {"ba", "z=1"}, {"mbf", "f.py=1|g.py=2"});
	CHECK("octopus", "h.py g.py f.py e.py", "e.py@b f.py@m g.py@m h.py@m", {"a", "z=0"},
	      {"ba", "e.py=0"}, {"fa", "f.py=1"}, {"ga", "g.py=2"}, {"ha", "h.py=3"},
	      {"mbfgh", "e.py=0|f.py=1|g.py=2|h.py=3"});
	CHECK("octopus: in several parents", "f.py g.py h.py", "g.py@m f.py@m h.py@m", {"a", "z=0"},
	      {"ga", "g.py=2"}, {"fg", "g.py=2|f.py=1"}, {"ha", "h.py=3|g.py=2"},
	      {"mafhg", "f.py=1|g.py=2|h.py=3"});
	CHECK("octopus: the same branch twice", "f.py g.py", "f.py@m g.py@m", {"a", "z=0"},
	      {"fa", "f.py=1"}, {"gf", "f.py=1|g.py=2"}, {"maggf", "f.py=1|g.py=2"});
	CHECK("merges in a merge", "d.py c.py b.py", "b.py@m c.py@m d.py@m", {"a", "z=0"},
	      {"ba", "b.py=1"}, {"ca", "c.py=2"}, {"nbc", "b.py=1|c.py=2"}, {"da", "d.py=3"},
	      {"ond", "b.py=1|c.py=2|d.py=3"}, {"mao", "b.py=1|c.py=2|d.py=3"});
	CHECK("two roots", "a.py b.py c.py", "a.py@a b.py@m/r =c.py@m/r", {"a", "a.py=1"},
	      {"r", "b.py=2|c.py=3"}, {"mar", "a.py=1|b.py=2|c.py=3"});
	CHECK("dropped by a merge", "f.py b.py", "b.py@b f.py@c", {"a", "z=0"}, {"fa", "f.py=1"},
	      {"ba", "b.py=2"}, {"mbf", "b.py=2"}, {"cm", "b.py=2|f.py=1"});
	CHECK("the branch removed it and the merge kept it", "a.py b.py", "a.py@a b.py@m",
	      {"a", "a.py=1"}, {"fa", "b.py=2"}, {"ga", "a.py=1|z=1"}, {"mgf", "a.py=1|b.py=2"});
	CHECK("foxtrot", "a.py b.py f.py", "a.py@a f.py@f b.py@m", {"a", "a.py=1"},
	      {"ba", "a.py=1|b.py=2"}, {"fa", "a.py=1|f.py=3"}, {"mfb", "a.py=1|b.py=2|f.py=3"});
}

Test(history, criss_cross)
{
	/* both merge each other; then one of the merges is merged */
	CHECK("criss-cross", "x.py y.py", "x.py@x y.py@n", {"a", "z=0"}, {"xa", "x.py=1"},
	      {"ya", "y.py=2"}, {"nxy", "x.py=1|y.py=2"}, {"oyx", "x.py=1|y.py=2"},
	      {"mno", "x.py=1|y.py=2"});
	CHECK("criss-cross from the other side", "x.py y.py", "y.py@y x.py@o", {"a", "z=0"},
	      {"xa", "x.py=1"}, {"ya", "y.py=2"}, {"nxy", "x.py=1|y.py=2"},
	      {"oyx", "x.py=1|y.py=2"}, {"mon", "x.py=1|y.py=2"});
	CHECK("merged as a whole", "x.py y.py", "x.py@m y.py@m", {"a", "z=0"}, {"xa", "x.py=1"},
	      {"ya", "y.py=2"}, {"nxy", "x.py=1|y.py=2"}, {"oyx", "x.py=1|y.py=2"},
	      {"pno", "x.py=1|y.py=2"}, {"qon", "x.py=1|y.py=2"}, {"mapq", "x.py=1|y.py=2"});
	CHECK("the other one first", "x.py y.py", "y.py@m x.py@m", {"a", "z=0"}, {"xa", "x.py=1"},
	      {"ya", "y.py=2"}, {"nxy", "x.py=1|y.py=2"}, {"oyx", "x.py=1|y.py=2"},
	      {"pno", "x.py=1|y.py=2"}, {"qon", "x.py=1|y.py=2"}, {"maqp", "x.py=1|y.py=2"});
}

Test(history, moves_in_merges)
{
	CHECK("renamed on a branch that is merged later", "b.py c.py", "b.py@a c.py@c",
	      {"a", "a.py=1"}, {"fa", "b.py=1"}, {"ca", "a.py=1|c.py=2"}, {"mcf", "b.py=1|c.py=2"});
	CHECK("renamed by the merge itself", "x.py y.py", "x.py@m y.py@m", {"a", "z=0"},
	      {"fa", "f.py=1"}, {"gf", "f.py=1|g.py=2"}, {"mag", "x.py=1|y.py=2"});
	CHECK("tied under old names on a branch", "x.py y.py", "x.py<f.py>@m/f =y.py<g.py>@m/f",
	      {"a", "z=0"}, {"fa", "f.py=1|g.py=2"}, {"mag", "x.py=1|y.py=2"},
	      {"mf", "f.py=1|g.py=2|z=0"}, {"maf", "x.py=1|y.py=2"});
	CHECK("moved on the branch before it was merged", "w/f.py w/g.py", "w/g.py@m w/f.py@m",
	      {"a", "z=0"}, {"ga", "v/g.py=2"}, {"fg", "v/g.py=2|v/f.py=1"},
	      {"hf", "w/g.py=2|w/f.py=1"}, {"mah", "w/g.py=2|w/f.py=1"});
	CHECK("main moved the directory, the branch added to the old one", "w/a.py w/f.py w/g.py",
	      "w/a.py@a w/f.py@m w/g.py@m", {"a", "v/a.py=1"}, {"fa", "v/a.py=1|v/f.py=2"},
	      {"gf", "v/a.py=1|v/f.py=2|v/g.py=3"}, {"ba", "w/a.py=1"},
	      {"mbg", "w/a.py=1|w/f.py=2|w/g.py=3"});
}

Test(history, lanes)
{
	CHECK("each for itself", "a.py 1:b.py", "a.py@b b.py@a", {"a", "b.py=2"},
	      {"ba", "a.py=1|b.py=2"});
	CHECK("no tie between lanes", "a.py 1:b.py", "a.py@a b.py@a", {"a", "a.py=1|b.py=2"});
	CHECK("a tie in each", "a.py b.py 1:c.py 1:d.py", "a.py@a =b.py@a c.py@a =d.py@a",
	      {"a", "a.py=1|b.py=2|c.py=3|d.py=4"});
	CHECK("the same path", "a.py b.py 1:a.py 1:b.py", "b.py@a a.py@b b.py@a a.py@b",
	      {"a", "b.py=2"}, {"ba", "a.py=1|b.py=2"});
	CHECK("the same path, merged", "a.py b.py 1:a.py 1:b.py", "b.py@m a.py@m b.py@m a.py@m",
	      {"z", "z=0"}, {"az", "b.py=2"}, {"ba", "a.py=1|b.py=2"}, {"mzb", "a.py=1|b.py=2"});
	CHECK("the same path twice in a lane", "a.py a.py", "a.py@a =a.py@a", {"a", "a.py=1"},
	      {"ba", "a.py=1:e"});
}

/* A merge of so many commits, the last of which has a line of its own that brings two files. */
static git_oid make_wide_merge(size_t parent_count)
{
	git_oid parents[REVCHAIN_PARENTS_MAX + 1], none = fixture_tree("z=0"),
						   one = fixture_tree("b.py=2|z=0"),
						   both = fixture_tree("a.py=1|b.py=2|z=0");
	size_t i;

	parents[0] = fixture_commit_of(&none, NULL, 0);
	for (i = 1; i < parent_count; i++)
		parents[i] = fixture_commit_of(i + 1 < parent_count ? &none : &one, parents, 1);
	parents[i - 1] = fixture_commit_of(&both, &parents[i - 1], 1);
	return fixture_commit_of(&both, parents, parent_count);
}

/* They are compared with it one by one: as many as that, and no more. */
Test(history, parents_of_a_merge)
{
	static const char *const paths[] = {"a.py", "b.py", "z"};
	struct revchain_landing landings[] = {{.path = "a.py", .file = 0},
					      {.path = "b.py", .file = 1}};
	git_oid merge = make_wide_merge(REVCHAIN_PARENTS_MAX);
	bool arrived[3];

	fixture_must(revchain_history_landings(&history, &merge, landings, 2, &fixture.error));
	cr_expect_eq(landings[0].file, 1, "b.py landed first");
	cr_expect_eq(landings[0].tie, 0);
	fixture_must(revchain_history_arrived(&history, &merge, paths, 3, arrived, &fixture.error));
	cr_expect(!arrived[0] && !arrived[1] && !arrived[2]);
	merge = make_wide_merge(REVCHAIN_PARENTS_MAX + 1);
	cr_expect_eq(revchain_history_landings(&history, &merge, landings, 2, &fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, "256"), "%s", fixture.error.message);
	*fixture.error.message = '\0';
	cr_expect_eq(revchain_history_arrived(&history, &merge, paths, 3, arrived, &fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, "256"), "%s", fixture.error.message);
}

/* Of the merged parents only those are looked at that may have what no earlier one has. */
Test(history, merged_parents_in_question)
{
	git_oid missing, tree = fixture_tree("f.py=1|g.py=2"), parents[3];

	cr_assert_eq(git_oid_fromstr(&missing, "1111111111111111111111111111111111111111"), 0);
	fixture_commit('a', "", "z=0");
	fixture_commit('f', "a", "f.py=1");
	fixture_commit('g', "f", "f.py=1|g.py=2");
	parents[0] = *fixture_id('a');
	parents[1] = *fixture_id('g');
	parents[2] = missing;
	fixture.commits['m'] = fixture_commit_of(&tree, parents, 3);
	cr_expect_str_eq(land('m', "g.py f.py"), "f.py@m g.py@m");
}

/* A merged line is left as soon as one file is left: what is below is never read. */
Test(history, merged_line_is_left_early)
{
	git_oid missing, tree = fixture_tree("f.py=1");

	cr_assert_eq(git_oid_fromstr(&missing, "1111111111111111111111111111111111111111"), 0);
	fixture_commit('a', "", "z=0");
	fixture.commits['f'] = fixture_commit_of(&tree, &missing, 1);
	fixture_commit('g', "f", "f.py=1|g.py=2");
	fixture_commit('m', "ag", "f.py=1|g.py=2");
	cr_expect_str_eq(land('m', "g.py f.py"), "f.py@m g.py@m");
}

/* A merge is not entered for one file. */
Test(history, one_file_is_no_question)
{
	git_oid missing, tree = fixture_tree("a.py=1"), parents[2];

	cr_assert_eq(git_oid_fromstr(&missing, "1111111111111111111111111111111111111111"), 0);
	fixture_commit('a', "", "z=0");
	parents[0] = *fixture_id('a');
	parents[1] = missing;
	fixture.commits['m'] = fixture_commit_of(&tree, parents, 2);
	cr_expect_str_eq(land('m', "a.py"), "a.py@m");
}

Test(history, missing_objects)
{
	struct revchain_landing landing = {.path = "a.py"};
	git_oid missing, tree = fixture_tree("a.py=1");

	cr_assert_eq(git_oid_fromstr(&missing, "1111111111111111111111111111111111111111"), 0);
	cr_expect_eq(revchain_history_landings(&history, &missing, &landing, 1, &fixture.error),
		     REVCHAIN_HISTORY);
	fixture.commits['a'] = fixture_commit_of(&tree, &missing, 1);
	cr_expect_eq(
		revchain_history_landings(&history, fixture_id('a'), &landing, 1, &fixture.error),
		REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, "1111111111111111111111111111111111111111"));
	fixture.commits['b'] = fixture_commit_of(&missing, NULL, 0);
	fixture.commits['c'] = fixture_commit_of(&tree, fixture_id('b'), 1);
	cr_expect_eq(
		revchain_history_landings(&history, fixture_id('c'), &landing, 1, &fixture.error),
		REVCHAIN_HISTORY);
	fixture_must(revchain_history_landings(&history, &missing, &landing, 0, &fixture.error));
}

/* A merged parent that is missing cannot have been one without the files. */
Test(history, missing_merged_parent)
{
	git_oid missing, tree = fixture_tree("f.py=1|g.py=2"), parents[2];
	struct revchain_landing landings[2] = {{.path = "f.py"}, {.path = "g.py", .file = 1}};

	cr_assert_eq(git_oid_fromstr(&missing, "1111111111111111111111111111111111111111"), 0);
	fixture_commit('a', "", "z=0");
	parents[0] = *fixture_id('a');
	parents[1] = missing;
	fixture.commits['m'] = fixture_commit_of(&tree, parents, 2);
	cr_expect_eq(
		revchain_history_landings(&history, fixture_id('m'), landings, 2, &fixture.error),
		REVCHAIN_HISTORY);
}

static void check_arrived(char commit, const char *paths, const char *expected)
{
	char *copy = revchain_arena_copy(fixture.arena, paths, strlen(paths)), *path;
	const char *list[16];
	size_t i, count = 0;
	bool *arrived;

	for (path = strtok(copy, " "); path; path = strtok(NULL, " "))
		list[count++] = path;
	arrived = revchain_arena_array(fixture.arena, count, sizeof(*arrived));
	fixture_must(revchain_history_arrived(&history, fixture_id(commit), list, count, arrived,
					      &fixture.error));
	for (i = 0; i < count; i++)
		cr_expect_eq(arrived[i] ? '+' : '-', expected[i], "%s at %c: expected %c", list[i],
			     commit, expected[i]);
}

Test(history, arrived)
{
	fixture_commit('a', "", "a.py=1");
	fixture_commit('b', "a", "a.py=1|b.py=2|c.py=3");
	fixture_commit('c', "b", "d.py=1|b.py=2:e|c.py=4|e.py=5");
	fixture_commit('f', "a", "a.py=1|f.py=6");
	fixture_commit('m', "bf", "a.py=1|b.py=2|g.py=6|h.py=3|i.py=7");
	fixture_commit('o', "bfc", "a.py=1|b.py=2|d.py=1|e.py=5|f.py=6|j.py=8");
	check_arrived('a', "a.py", "+");
	check_arrived('b', "a.py b.py c.py", "-++");
	check_arrived('c', "d.py b.py c.py e.py", "---+"); /* moved, edited, overwritten, new */
	check_arrived('m', "a.py b.py g.py h.py i.py", "----+"); /* moved from either parent */
	check_arrived('o', "a.py b.py d.py e.py f.py j.py", "-----+");
	check_arrived('a', "", "");
}
