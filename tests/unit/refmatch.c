#include "revchain/refs.h"

#include "revchain/ancestry.h"

#include "forkpoint.h"

#include "fixture.h"

TestSuite(refmatch, .init = fixture_open, .fini = fixture_close, .timeout = 60);

static void set_ref(const char *name, char commit)
{
	git_reference *reference;

	cr_assert_eq(
		git_reference_create(&reference, fixture.git, name, fixture_id(commit), 1, "test"),
		0);
	git_reference_free(reference);
}

/* The branches that match, each with the commit's name. */
static const char *match(const char *pattern, bool *matched)
{
	const struct revchain_ref *refs;
	const char *result = "";
	size_t i, count;

	*matched = false;
	fixture_must(revchain_refs_match(fixture.repository, &pattern, 1, fixture.arena, &refs,
					 &count, matched, &fixture.error));
	for (i = 0; i < count; i++)
		result = revchain_arena_printf(fixture.arena, "%s%s%s=%s=%c", result, i ? " " : "",
					       refs[i].shown, revchain_ref_branch(&refs[i]),
					       fixture_name(&refs[i].commit));
	return result;
}

Test(refmatch, patterns)
{
	static const struct {
		const char *pattern, *expected;
	} cases[] = {
		{"*", "main=main=a x/y=x/y=b origin/main=main=a origin/x/y=x/y=b"},
		{"origin/*", "origin/main=main=a origin/x/y=x/y=b"},
		{"x*", "x/y=x/y=b"},
		{"main", "main=main=a"},
		{"ma[a-k]n", "main=main=a"},
		{"v1", ""},
		{"origin/HEAD", ""},
	};
	git_reference *head;
	bool matched;
	size_t i;

	fixture_commit('a', "", "v/a.py=a");
	fixture_commit('b', "a", "v/b.py=b");
	set_ref("refs/heads/main", 'a');
	set_ref("refs/heads/x/y", 'b');
	set_ref("refs/remotes/origin/main", 'a');
	set_ref("refs/remotes/origin/x/y", 'b');
	set_ref("refs/tags/v1", 'a');
	cr_expect_null(revchain_refs_default(fixture.repository, fixture.arena));
	cr_assert_eq(git_reference_symbolic_create(&head, fixture.git, "refs/remotes/origin/HEAD",
						   "refs/remotes/origin/main", 1, "test"),
		     0);
	git_reference_free(head);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = match(cases[i].pattern, &matched);

		cr_expect_str_eq(got, cases[i].expected, "%s: %s", cases[i].pattern, got);
		cr_expect_eq(matched, *cases[i].expected != '\0', "%s", cases[i].pattern);
	}
	cr_expect_str_eq(revchain_refs_default(fixture.repository, fixture.arena), "origin/main");
}

Test(refmatch, author_date)
{
	int64_t seconds;
	int zone;

	fixture_commit('a', "", "v/a.py=a");
	fixture_must(revchain_author_date(fixture.repository, fixture_id('a'), &seconds, &zone,
					  &fixture.error));
	cr_expect_eq(seconds, 1);
	cr_expect_eq(zone, 0);
	cr_expect_eq(revchain_author_date(fixture.repository, &(git_oid){{1}}, &seconds, &zone,
					  &fixture.error),
		     REVCHAIN_HISTORY);
}

Test(refmatch, ancestry)
{
	git_oid base;
	bool is;

	fixture_commit('a', "", "v/a.py=a");
	fixture_commit('b', "a", "v/b.py=b");
	fixture_commit('c', "a", "v/c.py=c");
	fixture_commit('d', "", "v/d.py=d");
	fixture_must(revchain_is_ancestor(fixture.repository, fixture_id('a'), fixture_id('b'), &is,
					  &fixture.error));
	cr_expect(is);
	fixture_must(revchain_is_ancestor(fixture.repository, fixture_id('b'), fixture_id('b'), &is,
					  &fixture.error));
	cr_expect(is);
	fixture_must(revchain_is_ancestor(fixture.repository, fixture_id('c'), fixture_id('b'), &is,
					  &fixture.error));
	cr_expect_not(is);
	fixture_must(revchain_merge_base(fixture.repository, fixture_id('b'), fixture_id('c'),
					 &base, &is, &fixture.error));
	cr_expect(is);
	cr_expect_eq(fixture_name(&base), 'a');
	fixture_must(revchain_merge_base(fixture.repository, fixture_id('b'), fixture_id('d'),
					 &base, &is, &fixture.error));
	cr_expect_not(is);
}

/* The fork point of a commit; '-': none. */
static char fork_of(struct revchain_mainline *line, char tip)
{
	git_oid fork;
	bool found;

	fixture_must(revchain_fork_point(line, fixture_id(tip), &fork, &found, &fixture.error));
	return found ? fixture_name(&fork) : '-';
}

Test(refmatch, fork_points)
{
	struct revchain_mainline line, none;

	fixture_commit('a', "", "v/a.py=a");
	fixture_commit('b', "a", "v/b.py=b");
	fixture_commit('x', "a", "v/x.py=x");
	fixture_commit('c', "bx", "v/c.py=c"); /* merges x */
	fixture_commit('y', "x", "v/y.py=y");
	fixture_commit('u', "yc", "v/u.py=u"); /* "Update branch": its own line is y's */
	fixture_commit('z', "c", "v/z.py=z");
	fixture_commit('r', "", "v/r.py=r");
	fixture.date = 1; /* clocks that run backwards */
	fixture_commit('d', "c", "v/d.py=d");
	fixture_commit('w', "d", "v/w.py=w");
	revchain_mainline_init(&line, fixture.repository, fixture.arena, fixture_id('d'));
	cr_expect_eq(fork_of(&line, 'd'), 'd');
	cr_expect_eq(fork_of(&line, 'w'), 'd');
	cr_expect_eq(fork_of(&line, 'z'), 'c');
	cr_expect_eq(fork_of(&line, 'y'), 'a');
	cr_expect_eq(fork_of(&line, 'u'), 'a');
	cr_expect_eq(fork_of(&line, 'b'), 'b');
	cr_expect_eq(fork_of(&line, 'r'), '-');
	revchain_mainline_init(&none, fixture.repository, fixture.arena, &(git_oid){{0}});
	cr_expect_eq(fork_of(&none, 'a'), '-');
}
