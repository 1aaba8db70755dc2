#include "looserefs.h"

#include "fixture.h"

TestSuite(looserefs, .init = fixture_open, .fini = fixture_close);

static struct revchain_looserefs refs;

/* The names below DIRECTORY/refs of the fixture, each with a space behind it. */
static const char *list(const char *directory)
{
	const char *text = "";
	size_t i;

	fixture_must(revchain_looserefs_list(
		revchain_arena_printf(fixture.arena, "%s/%s", fixture.root, directory),
		fixture.arena, &refs, &fixture.error));
	for (i = 0; i < refs.count; i++)
		text = revchain_arena_printf(fixture.arena, "%s%s ", text, refs.names[i]);
	return text;
}

Test(looserefs, sorted_by_their_bytes)
{
	fixture_file("d/refs/tags/v1", "");
	fixture_file("d/refs/heads/b", "");
	fixture_file("d/refs/heads/a/b", "");
	fixture_file("d/refs/heads/a-b", "");
	fixture_file("d/refs/stash", "");
	cr_expect_str_eq(list("d"),
			 "refs/heads/a-b refs/heads/a/b refs/heads/b refs/stash refs/tags/v1 ");
	cr_expect_str_eq(list("d/"),
			 "refs/heads/a-b refs/heads/a/b refs/heads/b refs/stash refs/tags/v1 ");
	cr_expect(revchain_looserefs_have(&refs, "refs/heads/a/b"));
	cr_expect(revchain_looserefs_have(&refs, "refs/tags/v1"));
	cr_expect_not(revchain_looserefs_have(&refs, "refs/heads/a"));
	cr_expect_not(revchain_looserefs_have(&refs, "refs/heads/c"));
}

Test(looserefs, none)
{
	fixture_file("d/HEAD", "");
	cr_expect_str_eq(list("d"), "");
	cr_expect_not(revchain_looserefs_have(&refs, "refs/heads/main"));
	fixture_file("e/refs/heads/.none", "");
	cr_expect_str_eq(list("e"), "refs/heads/.none ");
}

Test(looserefs, links_are_what_they_lead_to)
{
	fixture_file("d/refs/heads/a/b", "");
	fixture_link("d/refs/heads/file", "a/b");
	fixture_link("d/refs/heads/directory", "a");
	fixture_link("d/refs/heads/nowhere", "c");
	cr_expect_str_eq(list("d"), "refs/heads/a/b refs/heads/directory/b refs/heads/file ");
}

Test(looserefs, a_directory_in_itself)
{
	fixture_file("d/refs/heads/a", "");
	fixture_link("d/refs/heads/loop", ".");
	cr_expect_eq(
		revchain_looserefs_list(revchain_arena_printf(fixture.arena, "%s/d", fixture.root),
					fixture.arena, &refs, &fixture.error),
		REVCHAIN_IO);
	fixture_file("e/refs", "");
	cr_expect_eq(
		revchain_looserefs_list(revchain_arena_printf(fixture.arena, "%s/e", fixture.root),
					fixture.arena, &refs, &fixture.error),
		REVCHAIN_IO);
}
