/* How much of a history is read to say where files landed in it: each part once. */
#include "revchain/history.h"

#include "fixture.h"

static struct revchain_history history;

static struct told {
	size_t calls, commits, landed, files;
} told;

static void tell(void *data, size_t commits, size_t landed, size_t files)
{
	(void)data;
	cr_expect_geq(commits, told.commits);
	cr_expect_geq(landed, told.landed);
	told.calls++;
	told.commits = commits;
	told.landed = landed;
	told.files = files;
}

static void set_up(void)
{
	fixture_open();
	memset(&told, 0, sizeof(told));
	history = (struct revchain_history){.repository = fixture.repository,
					    .revision_of = fixture_revision_of,
					    .arena = fixture.arena,
					    .progress = tell};
}

TestSuite(historywalk, .init = set_up, .fini = fixture_close, .timeout = 120);

/* The walk stops where everything has landed: what is below is never read, here because it is not
 * there. */
Test(historywalk, stops_when_all_have_landed)
{
	git_oid missing, tree = fixture_tree("z=0");
	struct revchain_landing landings[] = {{.path = "b.py"}, {.path = "a.py"}};

	cr_assert_eq(git_oid_fromstr(&missing, "1111111111111111111111111111111111111111"), 0);
	fixture.commits['n'] = fixture_commit_of(&tree, &missing, 1);
	fixture_commit('a', "n", "a.py=1");
	fixture_commit('b', "a", "a.py=1|b.py=2");
	fixture_must(
		revchain_history_landings(&history, fixture_id('b'), landings, 2, &fixture.error));
	cr_expect_eq(fixture_name(&landings[0].commit), 'a');
	cr_expect_eq(fixture_name(&landings[1].commit), 'b');
	cr_expect_leq(told.commits, 3);
}

Test(historywalk, progress_is_told)
{
	git_odb_backend *memory = fixture_start_pack();
	git_oid tree = fixture_tree("a.py=1"), commit = fixture_commit_of(&tree, NULL, 0);
	struct revchain_landing landing = {.path = "a.py"};
	int i;

	for (i = 0; i < 2000; i++)
		commit = fixture_commit_of(&tree, &commit, 1);
	fixture_finish_pack(memory);
	fixture_must(revchain_history_landings(&history, &commit, &landing, 1, &fixture.error));
	cr_expect_gt(told.calls, 1);
	cr_expect_lt(told.calls, 20, "now and then, not at each commit");
	cr_expect_gt(told.commits, 1000);
	cr_expect_eq(told.files, 1);
}

#define RUNGS 10000

/*
 * A ladder: main never has the files until the end, and each merge leads one branch further down.
 * At every rung the two files land together, and only the lowest one tells them apart.
 */
Test(historywalk, ladder)
{
	git_odb_backend *memory = fixture_start_pack();
	git_oid none = fixture_tree("z=0"), one = fixture_tree("a.py=1"),
		both = fixture_tree("a.py=1|b.py=2");
	git_oid main = fixture_commit_of(&none, NULL, 0), branch, parents[2];
	struct revchain_landing landings[2] = {{.path = "b.py", .file = 0},
					       {.path = "a.py", .file = 1}};
	int i;

	branch = fixture_commit_of(&one, &main, 1);
	branch = fixture_commit_of(&both, &branch, 1);
	for (i = 0; i < RUNGS; i++) {
		main = fixture_commit_of(&none, &main, 1);
		parents[0] = main;
		parents[1] = branch;
		branch = fixture_commit_of(&both, parents, 2);
	}
	fixture_finish_pack(memory);
	fixture_must(revchain_history_landings(&history, &branch, landings, 2, &fixture.error));
	cr_expect_eq(landings[0].file, 1, "a.py landed first");
	cr_expect_eq(landings[0].tie, 0);
	cr_expect(git_oid_equal(&landings[0].commit, &branch));
	cr_expect(git_oid_equal(&landings[1].commit, &branch));
	cr_expect_leq(told.commits, 2 * RUNGS + 3, "%zu commits", told.commits);
}

/* A line of 20,000 commits over the files of which each landed at another: linear, and without
 * recursion. */
Test(historywalk, long_line)
{
	git_odb_backend *memory = fixture_start_pack();
	git_oid tree = fixture_tree("a.py=1"), commit = fixture_commit_of(&tree, NULL, 0);
	struct revchain_landing landing = {.path = "a.py"};
	int i;

	fixture.commits['a'] = commit;
	for (i = 0; i < 20000; i++)
		commit = fixture_commit_of(&tree, &commit, 1);
	fixture_finish_pack(memory);
	fixture_must(revchain_history_landings(&history, &commit, &landing, 1, &fixture.error));
	cr_expect_eq(fixture_name(&landing.commit), 'a');
}

#define PAIRS 40
#define LENGTH 3000

/* How the paths of the two files of a pair begin; their number stands behind it. */
struct pair {
	const char *a, *b;
};

/* The tree with the files of the first pairs: those up to `count` in full, the next one by half;
 * and what is beside them, in its version. */
static git_oid tree_of_pairs(const struct pair *pair, int count, bool half, int version)
{
	const char *text = revchain_arena_printf(fixture.arena, "p/z=0|q=%d", version);
	int i;

	for (i = 0; i < count; i++)
		text = revchain_arena_printf(fixture.arena, "%s|%s%d.py=a%d|%s%d.py=b%d", text,
					     pair->a, i, i, pair->b, i, i);
	if (half)
		text = revchain_arena_printf(fixture.arena, "%s|%s%d.py=a%d", text, pair->a, count,
					     count);
	return fixture_tree(text);
}

/* A long branch on which pairs of files were added, first a0 and b0, one commit each; then many in
 * which nothing happens to them, and something beside them. */
static git_oid commit_pairs(const struct pair *pair, git_oid tip, int length)
{
	int i;

	for (i = 0; i < PAIRS; i++) {
		git_oid half = tree_of_pairs(pair, i, true, 0),
			whole = tree_of_pairs(pair, i + 1, false, 0);

		tip = fixture_commit_of(&half, &tip, 1);
		tip = fixture_commit_of(&whole, &tip, 1);
	}
	for (i = 0; i < length; i++) {
		git_oid whole = tree_of_pairs(pair, PAIRS, false, i);

		tip = fixture_commit_of(&whole, &tip, 1);
	}
	return tip;
}

/*
 * The branch is merged again and again, and each merge keeps one pair more of its files: to order
 * each pair, the walk has to go down the same long branch. It visits the part in which the
 * directory does not change once.
 */
static void check_stretches(struct pair pair, int length)
{
	git_odb_backend *memory = fixture_start_pack();
	git_oid none = fixture_tree("p/z=0"), main = fixture_commit_of(&none, NULL, 0);
	git_oid parents[2] = {main, commit_pairs(&pair, main, length)};
	struct revchain_landing landings[2 * PAIRS] = {{.path = NULL}};
	size_t i;

	for (i = 0; i < PAIRS; i++) {
		git_oid tree = tree_of_pairs(&pair, (int)i + 1, false, 0);

		parents[0] = fixture_commit_of(&tree, parents, 2);
		landings[2 * i].path = revchain_arena_printf(fixture.arena, "%s%zu.py", pair.b, i);
		landings[2 * i + 1].path =
			revchain_arena_printf(fixture.arena, "%s%zu.py", pair.a, i);
		landings[2 * i].file = 2 * i + 1;
		landings[2 * i + 1].file = 2 * i;
	}
	fixture_finish_pack(memory);
	fixture_must(revchain_history_landings(&history, &parents[0], landings, 2 * PAIRS,
					       &fixture.error));
	for (i = 0; i < 2 * PAIRS; i++)
		cr_expect_eq(landings[i].file, i, "%s is number %zu", landings[i].path, i);
	/* the branch once, its changes for each pair; without stretches it is 120,000 of 3,000 */
	cr_expect_lt(told.commits, (size_t)length + PAIRS * 2 * PAIRS + 1000,
		     "%zu commits with %s and %s", told.commits, pair.a, pair.b);
	cr_expect_gt(told.commits, (size_t)length - 500);
}

Test(historywalk, stretches_are_walked_once)
{
	check_stretches((struct pair){"p/a", "p/b"}, LENGTH);
}

/* The directory that must not change is the one that all of a lane's files are in. */
Test(historywalk, stretches_of_a_directory_above)
{
	check_stretches((struct pair){"p/x/a", "p/x/y/b"}, 600);
}

Test(historywalk, stretches_of_two_directories)
{
	check_stretches((struct pair){"p/old/a", "p/oldest/b"}, 600);
}

Test(historywalk, stretches_of_two_directories_of_the_same_length)
{
	check_stretches((struct pair){"p/xz/a", "p/xy/b"}, 600);
}

/* A directory whose name only begins as the path of a file does. */
Test(historywalk, stretches_of_a_directory_that_is_none)
{
	check_stretches((struct pair){"p/xy", "p/x/b"}, 600);
}

Test(historywalk, stretches_of_a_file_beside_its_directory)
{
	check_stretches((struct pair){"p/x/b", "p/xy"}, 600);
}
