#include "revchain/where.h"

#include <criterion/criterion.h>
#include <string.h>

#include "fixture.h"

#include "revchain/graph.h"

TestSuite(where, .init = fixture_open, .fini = fixture_close, .timeout = 60);

static struct revchain_where_source source;
static struct revchain_migrations set;
static struct revchain_where_search *search;

/* The text of a static migration, as a tree's description wants it. */
#define AA "v/aa.py=revision='aa'\ndown_revision=None\n"
#define BB "v/bb.py=revision='bb'\ndown_revision='aa'\n"
#define CC "v/cc.py=revision='cc'\ndown_revision='bb'\n"

static void set_ref(const char *name, char commit)
{
	git_reference *reference;

	cr_assert_eq(
		git_reference_create(&reference, fixture.git, name, fixture_id(commit), 1, NULL),
		0);
	git_reference_free(reference);
}

static void open_at(char head)
{
	static const struct revchain_lane lane = {"v"};
	struct revchain_findings findings;
	struct revchain_snapshot snapshot;

	revchain_findings_init(&findings, fixture.arena);
	fixture_must(revchain_snapshot_commit(&snapshot, fixture.repository, fixture_id(head),
					      &fixture.error));
	fixture_must(revchain_migrations_load(&set, &snapshot, &lane, 1, false, fixture.arena,
					      &findings, &fixture.error));
	fixture_must(revchain_graph_link(&set, &findings, &fixture.error));
	source = (struct revchain_where_source){
		.repository = fixture.repository, .set = &set, .head = fixture_id(head)};
	fixture_must(revchain_refs_list(fixture.repository, fixture.arena, &source.refs,
					&source.ref_count, &fixture.error));
	fixture_must(revchain_where_open(&search, &source, fixture.arena, &fixture.error));
}

static struct revchain_where look(const char *id)
{
	struct revchain_where where;

	fixture_must(revchain_where_look(search, id, &where, &fixture.error));
	return where;
}

static size_t matches(const char *text)
{
	const char *const *ids;
	size_t count;

	fixture_must(revchain_where_match(search, text, &ids, &count, &fixture.error));
	return count;
}

Test(where, refs)
{
	const struct revchain_ref *refs;
	git_reference *symbolic;
	size_t count;

	fixture_commit('a', "", "f=x");
	set_ref("refs/tags/v1", 'a');
	set_ref("refs/remotes/o/b", 'a');
	set_ref("refs/heads/z", 'a');
	set_ref("refs/heads/b", 'a');
	set_ref("refs/pull/1/head", 'a');
	set_ref("refs/replace/1234567890123456789012345678901234567890", 'a');
	cr_assert_eq(git_reference_symbolic_create(&symbolic, fixture.git, "refs/remotes/o/HEAD",
						   "refs/remotes/o/b", 1, NULL),
		     0);
	git_reference_free(symbolic);
	fixture_must(revchain_refs_list(fixture.repository, fixture.arena, &refs, &count,
					&fixture.error));
	cr_assert_eq(count, 5);
	cr_expect_str_eq(refs[0].shown, "b");
	cr_expect_str_eq(refs[1].shown, "z");
	cr_expect_str_eq(refs[2].shown, "o/b");
	cr_expect_str_eq(refs[3].shown, "v1");
	cr_expect_str_eq(refs[4].shown, "refs/pull/1/head");
	cr_expect_eq(refs[4].kind, REVCHAIN_REF_OTHER);
}

Test(where, here_and_gone)
{
	struct revchain_where where;

	fixture_commit('a', "", AA);
	fixture_commit('b', "a", AA "|" BB);
	fixture_commit('c', "b", AA "|" BB "|" CC);
	fixture_commit('d', "c", AA "|" BB);
	set_ref("refs/heads/main", 'd');
	set_ref("refs/tags/old", 'c');
	open_at('d');
	where = look("bb");
	cr_expect_eq(where.state, REVCHAIN_WHERE_HERE);
	cr_expect_eq(fixture_name(&where.landing.id), 'b');
	cr_expect_str_eq(where.parents[0], "aa");
	cr_expect_eq(where.child_count, 0);
	cr_expect_eq(where.holder_count, 2);
	where = look("cc");
	cr_expect_eq(where.state, REVCHAIN_WHERE_REMOVED);
	cr_expect_eq(fixture_name(&where.removal.id), 'd');
	cr_expect_eq(fixture_name(&where.seen), 'c');
	cr_expect_eq(fixture_name(&where.landing.id), 'c');
	cr_expect_str_eq(where.path, "v/cc.py");
	cr_expect_str_eq(where.known, "bb");
	cr_expect_eq(where.holder_count, 1);
	cr_expect_null(where.successor);
	cr_expect_eq(matches("c"), 1);
	cr_expect_eq(matches(""), 3);
	cr_expect_eq(matches("x"), 0);
	revchain_where_free(search);
}

/* The removal is on a branch that was merged in and merged main before: that commit, through two
 * merges. */
Test(where, removal_behind_merges)
{
	struct revchain_where where;

	fixture_commit('a', "", AA "|" BB);
	fixture_commit('r', "a", AA);
	fixture_commit('b', "a", AA "|" BB "|x=1");
	fixture_commit('m', "br", AA "|x=1");
	fixture_commit('c', "b", AA "|" BB "|x=2");
	fixture_commit('n', "cm", AA "|x=2");
	set_ref("refs/heads/main", 'n');
	open_at('n');
	where = look("bb");
	cr_expect_eq(where.state, REVCHAIN_WHERE_REMOVED);
	cr_expect_eq(fixture_name(&where.removal.id), 'r');
	revchain_where_free(search);
}

/* What went and came in the same commit. */
Test(where, squash)
{
	struct revchain_where where;

	fixture_commit('a', "", AA "|" BB "|" CC);
	fixture_commit('s', "a", "v/ss.py=revision='ss'\ndown_revision=None\n# all of it\n");
	set_ref("refs/heads/main", 's');
	open_at('s');
	where = look("bb");
	cr_expect_eq(where.added_count, 1);
	cr_expect_str_eq(where.added[0], "ss");
	cr_expect_eq(where.gone_count, 2);
	cr_expect_str_eq(where.gone[0], "aa");
	cr_expect_str_eq(where.gone[1], "cc");
	cr_expect_null(where.successor);
	cr_expect_null(where.known);
	revchain_where_free(search);
}

Test(where, renamed)
{
	fixture_commit('a', "", AA "|" BB);
	fixture_commit('b', "a",
		       AA "|v/new.py=revision='b2'\ndown_revision='aa'\n|v/"
			  "no.py=revision='n'\ndown_revision='b2'\n");
	set_ref("refs/heads/main", 'b');
	open_at('b');
	cr_expect_str_eq(look("bb").successor, "b2");
	revchain_where_free(search);
}

/* A branch that HEAD's history does not have, and one that had it until it removed it. */
Test(where, other_branches)
{
	struct revchain_where where;

	fixture_commit('a', "", AA);
	fixture_commit('p', "a", AA "|" BB);
	fixture_commit('q', "p", AA "|" BB "|" CC);
	fixture_commit('r', "q", AA "|" BB);
	set_ref("refs/heads/main", 'a');
	set_ref("refs/heads/preview", 'r');
	open_at('a');
	where = look("bb");
	cr_expect_eq(where.state, REVCHAIN_WHERE_ELSEWHERE);
	cr_expect_eq(fixture_name(&where.landing.id), 'p');
	cr_expect_str_eq(where.known, "aa");
	where = look("cc");
	cr_expect_eq(where.state, REVCHAIN_WHERE_LOST);
	cr_expect_eq(fixture_name(&where.removal.id), 'r');
	revchain_where_free(search);
}

/* Only what refs lead to, without their parents. */
Test(where, tips_only)
{
	struct revchain_where where;

	fixture_commit('a', "", AA "|" BB "|" CC);
	fixture_commit('b', "a", AA "|" BB);
	set_ref("refs/heads/main", 'b');
	open_at('b');
	revchain_where_free(search);
	source.tips_only = true;
	fixture_must(revchain_where_open(&search, &source, fixture.arena, &fixture.error));
	where = look("bb");
	cr_expect_eq(where.state, REVCHAIN_WHERE_HERE);
	cr_expect_not(where.landed);
	cr_expect_eq(matches("cc"), 0);
	revchain_where_free(search);
}
