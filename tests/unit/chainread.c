#include "revchain/chainfile.h"

#include "fixture.h"

TestSuite(chainread, .init = fixture_open, .fini = fixture_close, .timeout = 60);

/* What a file of this text says, "b<a a<"; or the message. */
static const char *read_text(const char *text)
{
	struct revchain_chainfile file;
	const char *path, *result = "";
	size_t i;

	fixture_file("chain.json", text);
	path = revchain_arena_printf(fixture.arena, "%s/chain.json", fixture.root);
	if (revchain_chainfile_read(path, fixture.arena, &file, &fixture.error)) {
		cr_expect_eq(fixture.error.status, REVCHAIN_IO);
		cr_expect_str_eq(fixture.error.path, path);
		return fixture.error.message;
	}
	cr_expect_str_eq(file.path, path);
	for (i = 0; i < file.count; i++)
		result = revchain_arena_printf(
			fixture.arena, "%s%s%s<%s", result, i ? " " : "", file.entries[i].revision,
			file.entries[i].parent ? file.entries[i].parent : "");
	return result;
}

static void check(const char *text, const char *expected)
{
	const char *got = read_text(text);

	cr_expect_str_eq(got, expected, "%s\nexpected %s\ngot      %s", text, expected, got);
}

Test(chainread, what_it_says)
{
	check("{}\n", "");
	check("{\"a\": null}", "a<");
	check("{\n  \"b\": \"a\",\n  \"a\": null\n}\n", "b<a a<");
	check("{\"\\u00e4\\\"\": \"x\"}", "\u00e4\"<x");
	check("{\"a{[\": \"]}\"}", "a{[<]}");
}

#define NO_CHAIN "this is no chain file: not a JSON object of revisions and their parents"

Test(chainread, what_is_none)
{
	check("", NO_CHAIN);
	check("[]", NO_CHAIN);
	check("null", NO_CHAIN);
	check("{\"a\": null", NO_CHAIN);
	check("{\"a\": null} {}", NO_CHAIN);
	check("{\"a\": {}}", NO_CHAIN);
	check("{\"a\": []}", NO_CHAIN);
	check("{\"a\\u0000b\": null}", NO_CHAIN);
	check("{\"a\": true}", "the parent of 'a' is neither a revision nor null");
	check("{\"a\": 1}", "the parent of 'a' is neither a revision nor null");
	check("{\"a\": null, \"a\": null}", "the revision 'a' is there twice");
}

Test(chainread, circles)
{
	check("{\"a\": \"a\"}", "the parents of 'a' go round in a circle");
	check("{\"c\": \"a\", \"a\": \"b\", \"b\": \"a\"}",
	      "the parents of 'a' go round in a circle");
	check("{\"a\": \"c\", \"b\": \"c\", \"c\": null}", "a<c b<c c<");
}

Test(chainread, an_escaped_backslash_is_no_nul)
{
	check("{\"a\\\\u0000\": null}", "a\\u0000<");
}

Test(chainread, no_such_file)
{
	struct revchain_chainfile file;

	cr_expect_eq(revchain_chainfile_read("/nowhere/chain.json", fixture.arena, &file,
					     &fixture.error),
		     REVCHAIN_IO);
	cr_expect_str_eq(fixture.error.message,
			 "the chain file cannot be read: No such file or directory");
	cr_expect_eq(revchain_chainfile_read(fixture.root, fixture.arena, &file, &fixture.error),
		     REVCHAIN_IO);
}

Test(chainread, too_large)
{
	struct revchain_chainfile file;
	char path[200];

	fixture_file("large", "");
	snprintf(path, sizeof(path), "%s/large", fixture.root);
	cr_assert_eq(truncate(path, 17 << 20), 0);
	cr_expect_eq(revchain_chainfile_read(path, fixture.arena, &file, &fixture.error),
		     REVCHAIN_IO);
	cr_expect_str_eq(fixture.error.message,
			 "the file is larger than 16 MiB, which no chain is");
}
