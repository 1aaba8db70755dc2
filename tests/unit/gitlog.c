#include "revchain/gitlog.h"

#include "fixture.h"
#include "object.h"

static struct revchain_history history;

static void set_up(void)
{
	fixture_open();
	memset(&history, 0, sizeof(history));
	history.repository = fixture.repository;
	history.arena = fixture.arena;
}

TestSuite(gitlog, .init = set_up, .fini = fixture_close, .timeout = 120);

static int ask(char tip, const char *directory, bool topological, const char *files,
	       const char **answer)
{
	char *copy = revchain_arena_copy(fixture.arena, files, strlen(files)), *path;
	struct revchain_landing landings[64] = {0};
	size_t i, count = 0;
	int status;

	for (path = strtok(copy, " "); path; path = strtok(NULL, " ")) {
		landings[count].path = path;
		landings[count].file = count;
		landings[count++].tie = 7;
	}
	status = revchain_gitlog_order(&history, fixture_id(tip), directory, topological, landings,
				       count, &fixture.error);
	*answer = "";
	for (i = 0; !status && i < count; i++) {
		cr_assert_eq(landings[i].tie, 0);
		*answer = revchain_arena_printf(
			fixture.arena, "%s%s%s@%c", *answer, i ? " " : "", landings[i].path,
			git_oid_is_zero(&landings[i].commit) ? '-'
							     : fixture_name(&landings[i].commit));
	}
	return status;
}

/* The files in the order that comes, each with the commit that shows it: "d/a@x d/b@y"; @- where
 * none does. */
static void expect_one(char tip, const char *directory, bool topological, const char *files,
		       const char *expected, int line)
{
	const char *answer;

	fixture_must(ask(tip, directory, topological, files, &answer));
	cr_assert_str_eq(answer, expected, "line %d, %s order: expected %s, got %s", line,
			 topological ? "topological" : "date", expected, answer);
}

#define expect(tip, files, date, topo)                                                             \
	(expect_one(tip, "d", false, files, date, __LINE__),                                       \
	 expect_one(tip, "d", true, files, topo, __LINE__))

Test(gitlog, nothing_asked_for)
{
	fixture_commit('a', "", "d/1=1");
	expect('a', "", "", "");
}

Test(gitlog, linear)
{
	fixture_commit('a', "", "d/2=1|x=1");
	fixture_commit('b', "a", "d/2=1|x=2");
	fixture_commit('c', "b", "d/2=1|d/1=1|x=2");
	fixture_commit('e', "c", "d/2=2|d/1=1|d/3=1|x=2");
	expect('e', "d/1 d/2 d/3", "d/2@a d/1@c d/3@e", "d/2@a d/1@c d/3@e");
	expect('c', "d/1 d/2", "d/2@a d/1@c", "d/2@a d/1@c");
}

Test(gitlog, files_of_one_commit_go_by_path)
{
	fixture_commit('a', "", "d/b/z=1|d/b.py=1|d/b-c=1|d/B=1|d/a=1|d/b0=1");
	expect('a', "d/b/z d/a d/B d/b.py d/b0 d/b-c",
	       "d/B@a d/a@a d/b-c@a d/b.py@a d/b/z@a d/b0@a",
	       "d/B@a d/a@a d/b-c@a d/b.py@a d/b/z@a d/b0@a");
}

Test(gitlog, the_first_appearance_counts)
{ /* unlike landing order: removed and added again, a file stays where it was */
	fixture_commit('a', "", "d/1=1");
	fixture_commit('b', "a", "d/1=1|d/2=1");
	fixture_commit('c', "b", "d/2=1");
	fixture_commit('e', "c", "d/1=2|d/2=1");
	expect('e', "d/1 d/2", "d/1@a d/2@b", "d/1@a d/2@b");
}

Test(gitlog, an_early_branch_that_was_merged_late)
{
	fixture_commit('a', "", "d/1=1");
	fixture_commit('b', "a", "d/1=1|d/9=1"); /* the branch, before c */
	fixture_commit('c', "a", "d/1=1|d/2=1");
	fixture_commit('m', "cb", "d/1=1|d/2=1|d/9=1");
	expect('m', "d/1 d/2 d/9", "d/1@a d/9@b d/2@c", "d/1@a d/2@c d/9@b");
}

Test(gitlog, an_updated_branch)
{ /* main was merged into the branch, and had nothing new when the branch was merged */
	fixture_commit('a', "", "d/1=1");
	fixture_commit('b', "a", "d/1=1|d/9=1");
	fixture_commit('c', "a", "d/1=1|d/2=1");
	fixture_commit('u', "bc", "d/1=1|d/2=1|d/9=1");
	fixture_commit('m', "cu", "d/1=1|d/2=1|d/9=1");
	expect('m', "d/1 d/2 d/9", "d/1@a d/9@b d/2@c", "d/1@a d/9@b d/2@c");
	/* it had something new */
	fixture_commit('e', "c", "d/1=1|d/2=1|d/3=1");
	fixture_commit('n', "eu", "d/1=1|d/2=1|d/3=1|d/9=1");
	expect('n', "d/1 d/2 d/3 d/9", "d/1@a d/9@b d/2@c d/3@e", "d/1@a d/2@c d/3@e d/9@b");
}

Test(gitlog, what_a_merge_adds_is_left_out)
{
	fixture_commit('a', "", "d/1=1");
	fixture_commit('b', "a", "d/1=1|d/2=1");
	fixture_commit('c', "a", "d/1=1|d/3=1");
	fixture_commit('m', "bc", "d/1=1|d/2=1|d/3=1|d/5=1|d/4=1");
	fixture_commit('n', "m", "d/1=1|d/2=1|d/3=1|d/5=1|d/4=1|d/0=1");
	expect('n', "d/0 d/1 d/2 d/3 d/4 d/5", "d/1@a d/2@b d/3@c d/0@n d/4@- d/5@-",
	       "d/1@a d/2@b d/3@c d/0@n d/4@- d/5@-");
}

Test(gitlog, a_merge_like_its_first_parent_follows_that_alone)
{ /* `git merge -s ours`: where 2 came to the other branch is never looked at */
	fixture_commit('a', "", "d/1=1");
	fixture_commit('b', "a", "d/1=1|d/2=1");
	fixture_commit('c', "a", "d/1=1");
	fixture_commit('e', "c", "d/1=1|d/2=1");
	fixture_commit('m', "eb", "d/1=1|d/2=1");
	expect('m', "d/1 d/2", "d/1@a d/2@e", "d/1@a d/2@e");
}

Test(gitlog, a_merge_like_its_second_parent_follows_that_alone)
{
	fixture_commit('a', "", "d/1=1");
	fixture_commit('b', "a", "d/1=1|d/2=1|d/3=1");
	fixture_commit('c', "a", "d/1=1|d/2=1");
	fixture_commit('e', "b", "d/1=1|d/2=1|d/3=1");
	fixture_commit('m', "ce", "d/1=1|d/2=1|d/3=1");
	expect('m', "d/1 d/2 d/3", "d/1@a d/2@b d/3@b", "d/1@a d/2@b d/3@b");
}

Test(gitlog, of_parents_alike_the_first_is_followed)
{
	fixture_commit('a', "", "d/1=1");
	fixture_commit('b', "a", "d/1=1|d/2=1");
	fixture_commit('c', "a", "d/1=1|d/2=1");
	fixture_commit('m', "cb", "d/1=1|d/2=1");
	expect('m', "d/1 d/2", "d/1@a d/2@c", "d/1@a d/2@c");
	fixture_commit('n', "bc", "d/1=1|d/2=1");
	expect('n', "d/1 d/2", "d/1@a d/2@b", "d/1@a d/2@b");
}

Test(gitlog, equal_dates_go_by_arrival)
{ /* in the queue: the parents of the merge in their order, so reversed the last one is first */
	int64_t date = fixture.date;

	fixture_commit('a', "", "d/0=1");
	fixture.date = date + 100;
	fixture_commit('b', "a", "d/0=1|d/1=1");
	fixture.date = date + 100;
	fixture_commit('c', "a", "d/0=1|d/2=1");
	fixture.date = date + 100;
	fixture_commit('e', "a", "d/0=1|d/3=1");
	fixture_commit('m', "ceb", "d/0=1|d/1=1|d/2=1|d/3=1");
	/* the stack: b comes out first, then e, then c */
	expect('m', "d/0 d/1 d/2 d/3", "d/0@a d/1@b d/3@e d/2@c", "d/0@a d/2@c d/3@e d/1@b");
}

Test(gitlog, clocks_that_run_backwards)
{ /* by date a child may come before its parent's parent is known, never before its own parent */
	fixture_commit('a', "", "d/0=1");
	fixture.date = 1000;
	fixture_commit('b', "a", "d/0=1|d/1=1");
	fixture.date = 1800000000;
	fixture_commit('c', "a", "d/0=1|d/2=1");
	fixture.date = 500;
	fixture_commit('e', "c", "d/0=1|d/2=1|d/3=1");
	fixture_commit('m', "be", "d/0=1|d/1=1|d/2=1|d/3=1");
	/* taken out: m, b (1000), a (parent of b), then e (500), c: a goes before c although c is
	 * its child */
	expect('m', "d/0 d/1 d/2 d/3", "d/2@c d/3@e d/0@a d/1@b", "d/0@a d/1@b d/2@c d/3@e");
}

Test(gitlog, dates_before_1970_are_far_in_the_future)
{
	fixture.date = 100;
	fixture_commit('a', "", "d/0=1");
	fixture.date = -5;
	fixture_commit('b', "a", "d/0=1|d/1=1");
	fixture.date = INT64_MAX;
	fixture_commit('c', "a", "d/0=1|d/2=1");
	fixture.date = 200;
	fixture_commit('m', "cb", "d/0=1|d/1=1|d/2=1");
	expect('m', "d/0 d/1 d/2", "d/0@a d/2@c d/1@b", "d/0@a d/2@c d/1@b");
}

Test(gitlog, several_roots)
{
	fixture_commit('a', "", "x=1");
	fixture_commit('b', "", "d/2=1");
	fixture_commit('c', "a", "x=1|d/1=1");
	fixture_commit('m', "cb", "x=1|d/1=1|d/2=1");
	expect('m', "d/1 d/2", "d/2@b d/1@c", "d/1@c d/2@b");
}

Test(gitlog, an_octopus)
{
	fixture_commit('a', "", "d/0=1");
	fixture_commit('b', "a", "d/0=1|d/1=1");
	fixture_commit('c', "a", "d/0=1|d/2=1");
	fixture_commit('e', "b", "d/0=1|d/1=1|d/3=1");
	fixture_commit('m', "bce", "d/0=1|d/1=1|d/2=1|d/3=1");
	expect('m', "d/0 d/1 d/2 d/3", "d/0@a d/1@b d/2@c d/3@e", "d/0@a d/2@c d/1@b d/3@e");
}

Test(gitlog, a_parent_that_is_named_twice)
{ /* git never makes such a commit, but reads it */
	fixture_commit('a', "", "d/0=1");
	fixture_commit('b', "a", "d/0=1|d/1=1");
	fixture_commit('m', "bb", "d/0=1|d/1=1|d/2=1");
	fixture_commit('n', "m", "d/0=1|d/1=1|d/2=1|d/3=1");
	expect('n', "d/0 d/1 d/2 d/3", "d/0@a d/1@b d/3@n d/2@-", "d/0@a d/1@b d/3@n d/2@-");
}

Test(gitlog, a_link_that_becomes_a_file_was_there_before)
{
	fixture_commit('a', "", "d/1@x|d/2=1");
	fixture_commit('b', "a", "d/1=1|d/2=1|d/3=1");
	fixture_commit('c', "b", "d/1=1|d/2=1|d/3=1|d/sub#");
	expect('c', "d/1 d/2 d/3", "d/1@a d/2@a d/3@b", "d/1@a d/2@a d/3@b");
}

Test(gitlog, a_file_where_a_directory_was)
{
	fixture_commit('a', "", "d/1/x=1");
	fixture_commit('b', "a", "d/1=1");
	fixture_commit('c', "b", "d/1/x=1|d/1/y=1");
	expect('b', "d/1", "d/1@b", "d/1@b");
	expect('c', "d/1/x d/1/y", "d/1/x@a d/1/y@c", "d/1/x@a d/1/y@c");
}

Test(gitlog, the_directory_was_something_else_before)
{
	fixture_commit('a', "", "d=1");
	fixture_commit('b', "a", "d@elsewhere");
	fixture_commit('c', "b", "d#");
	fixture_commit('e', "c", "d/1=1");
	fixture_commit('f', "e", "d=1");
	fixture_commit('g', "f", "d/1=1|d/2=1");
	expect('g', "d/1 d/2", "d/1@e d/2@g", "d/1@e d/2@g");
}

Test(gitlog, a_directory_of_that_name_alone_counts)
{
	const char *answer;

	fixture_commit('a', "", "p@d|d/1=1");
	fixture_commit('b', "a", "p=1|d/1=1");
	fixture_commit('c', "b", "p/d=1|d/1=1|p2/d/1=1");
	fixture_commit('e', "c", "p/d/1=1|d/1=1|p2/d/1=1");
	fixture_must(ask('e', "p/d", false, "p/d/1", &answer));
	cr_assert_str_eq(answer, "p/d/1@e", "got %s", answer);
}

Test(gitlog, the_root_as_the_directory)
{
	fixture_commit('a', "", "1=1|d/1=1");
	fixture_commit('b', "a", "1=1|d/1=1|0=1");
	expect_one('b', "", false, "0 1 d/1", "1@a d/1@a 0@b", __LINE__);
	expect_one('b', "", true, "0 1 d/1", "1@a d/1@a 0@b", __LINE__);
}

Test(gitlog, what_is_deeper_counts_for_simplification)
{ /* the merge differs from its first parent in d/deep alone: so it follows the second, too */
	fixture_commit('a', "", "d/0=1|d/deep/x=1");
	fixture_commit('c', "a", "d/0=1|d/1=1|d/deep/x=2");
	fixture_commit('b', "a", "d/0=1|d/1=1|d/deep/x=1");
	fixture_commit('m', "bc", "d/0=1|d/1=1|d/deep/x=3");
	expect('m', "d/0 d/1", "d/0@a d/1@c", "d/0@a d/1@b");
	fixture_commit('n', "bc", "d/0=1|d/1=1|d/deep/x=1");
	expect('n', "d/0 d/1", "d/0@a d/1@b", "d/0@a d/1@b");
}

/* A tree of raw entries: mode, name, id. */
static git_oid tree_of(size_t count, ...)
{
	char bytes[1024];
	size_t i, length = 0;
	va_list entries;
	git_oid id;

	va_start(entries, count);
	for (i = 0; i < count; i++) {
		const char *mode_and_name = va_arg(entries, const char *);
		const git_oid *entry = va_arg(entries, const git_oid *);

		memcpy(bytes + length, mode_and_name, strlen(mode_and_name) + 1);
		length += strlen(mode_and_name) + 1;
		memcpy(bytes + length, entry->id, REVCHAIN_OID_RAW);
		length += REVCHAIN_OID_RAW;
	}
	va_end(entries);
	id = fixture_write(GIT_OBJECT_TREE, bytes, length);
	return id;
}

/* A commit whose directory is this tree; NULL: it has none. */
static void commit_tree(char name, const char *parents, const git_oid *directory)
{
	git_oid root = directory ? tree_of(1, "40000 d", directory) : tree_of(0), ids[8];
	size_t i;

	for (i = 0; parents[i]; i++)
		ids[i] = *fixture_id(parents[i]);
	fixture.commits[(int)name] = fixture_commit_of(&root, ids, i);
}

Test(gitlog, modes_count_as_git_tells_them_apart)
{
	git_oid blob = fixture_blob("1"), plain = tree_of(1, "100644 1", &blob);
	git_oid odd = tree_of(1, "100664 1", &blob), executable = tree_of(1, "100755 1", &blob);

	commit_tree('a', "", NULL);
	commit_tree('c', "a", &odd);
	commit_tree('b', "a", &plain);
	commit_tree('m', "bc", &odd); /* as b for git, though the trees have other ids */
	expect('m', "d/1", "d/1@b", "d/1@b");
	commit_tree('n', "bc", &executable); /* as neither */
	expect('n', "d/1", "d/1@c", "d/1@b");
}

Test(gitlog, empty_directories_are_nothing)
{
	git_oid blob = fixture_blob("1"), empty = tree_of(0),
		holder = tree_of(1, "40000 e", &empty);
	git_oid one = tree_of(1, "100644 1", &blob),
		more = tree_of(2, "100644 1", &blob, "40000 2", &holder);

	commit_tree('a', "", NULL);
	commit_tree('b', "", &empty);
	commit_tree('c', "a", &holder);
	commit_tree('e', "c", &one);
	commit_tree('f', "a", &one);
	commit_tree('m', "ef", &more); /* as e */
	commit_tree('n', "bm", &more);
	expect('n', "d/1", "d/1@e", "d/1@e");
	expect('f', "d/1", "d/1@f", "d/1@f");
	commit_tree('o', "am", &empty); /* as a */
	commit_tree('p', "o", &one);
	expect('p', "d/1", "d/1@p", "d/1@p");
}

static void expect_failure(char tip, const char *message)
{
	const char *answer;
	int topological;

	for (topological = 0; topological < 2; topological++) {
		cr_assert_eq(ask(tip, "d", topological, "d/1", &answer), REVCHAIN_HISTORY);
		cr_assert(strstr(fixture.error.message, message), "expected %s, got %s", message,
			  fixture.error.message);
	}
}

Test(gitlog, a_bomb_of_empty_directories_is_refused)
{ /* two in two in two …: a hundred thousand of them without a difference */
	git_oid bomb = tree_of(0), blob = fixture_blob("1"), one = tree_of(1, "100644 1", &blob);
	int level;

	for (level = 0; level < 20; level++)
		bomb = tree_of(2, "40000 a", &bomb, "40000 b", &bomb);
	commit_tree('a', "", &bomb);
	commit_tree('b', "a", &one);
	expect('b', "d/1", "d/1@b", "d/1@b"); /* nothing is looked for in it */
	commit_tree('c', "", NULL);
	commit_tree('m', "ac", NULL);
	expect_failure('m', "too many empty directories");
}

Test(gitlog, a_tree_that_is_too_deep_is_refused)
{
	git_oid blob = fixture_blob("1"), deep = tree_of(1, "100644 1", &blob), other = tree_of(0);
	int level;

	for (level = 0; level < 3000; level++) {
		deep = tree_of(1, "40000 a", &deep);
		other = tree_of(1, "40000 a", &other);
	}
	commit_tree('a', "", &deep);
	commit_tree('b', "", &other);
	commit_tree('m', "ab", &other);
	expect_failure('m', "nested too deeply");
}

Test(gitlog, a_missing_commit)
{
	git_oid missing = fixture_blob("not a commit"), tree = fixture_tree("d/1=1");

	fixture.commits['a'] = fixture_commit_of(&tree, &missing, 1);
	expect_failure('a', "should be a commit");
	memset(&missing, 7, sizeof(missing));
	fixture.commits['a'] = fixture_commit_of(&tree, &missing, 1);
	expect_failure('a', "is missing");
}

Test(gitlog, a_damaged_tree)
{
	git_oid broken = fixture_write(GIT_OBJECT_TREE, "100644 1", 8), good = fixture_tree("1=1");

	commit_tree('a', "", &broken);
	commit_tree('b', "a", &good);
	expect_failure('b', "cannot be read");
}

static void count_calls(void *data, size_t commits, size_t landed, size_t files)
{
	(void)commits;
	cr_assert_leq(landed, files);
	++*(size_t *)data;
}

/* A ladder of two lines that merge each other at every step, and its last commit under the name
 * 'z'. */
static void make_ladder(size_t rungs)
{
	git_odb_backend *memory = fixture_start_pack();
	git_oid with_1 = fixture_tree("d/1=1"), with_2 = fixture_tree("d/2=1"),
		both = fixture_tree("d/1=1|d/2=1");
	git_oid left = fixture_commit_of(&with_1, NULL, 0),
		right = fixture_commit_of(&with_2, NULL, 0);
	size_t i;

	fixture.commits['a'] = left;
	fixture.commits['b'] = right;
	for (i = 0; i < rungs;
	     i++) { /* neither parent has what the merges have, so that both lines are walked */
		git_oid parents[] = {left, right}, others[] = {right, left};

		left = fixture_commit_of(i % 2 ? &with_1 : &both, parents, 2);
		right = fixture_commit_of(i % 2 ? &with_2 : &both, others, 2);
	}
	left = fixture_commit_of(&both, &left, 1);
	fixture.commits['z'] = left;
	fixture_finish_pack(memory);
}

Test(gitlog, a_long_ladder)
{
	size_t calls = 0;

	make_ladder(30000);
	history.progress = count_calls;
	history.progress_data = &calls;
	expect('z', "d/1 d/2", "d/1@a d/2@b", "d/1@a d/2@b");
	cr_assert_gt(calls, 100);
}
