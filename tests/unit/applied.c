#include "revchain/applied.h"

#include <criterion/criterion.h>
#include <string.h>

/* The ids of a list, with spaces between them; the message and line where it is none. */
static const char *parse(struct revchain_arena *arena, const char *text, bool *annotated)
{
	struct revchain_error error = {0};
	struct revchain_applied applied;
	const char *ids = "";
	size_t i;

	if (revchain_applied_parse(text, strlen(text), "list", arena, &applied, &error))
		return revchain_arena_printf(arena, "%s:%d: %s", error.path, error.line,
					     error.message);
	for (i = 0; i < applied.count; i++)
		ids = revchain_arena_printf(arena, "%s%s%s", ids, i ? " " : "",
					    applied.revisions[i]);
	*annotated = applied.annotated;
	return ids;
}

static void check(const char *text, const char *expected, bool expected_annotated)
{
	struct revchain_arena *arena = revchain_arena_new();
	bool annotated = false;
	const char *got = parse(arena, text, &annotated);

	cr_expect_str_eq(got, expected, "'%s': expected '%s', got '%s'", text, expected, got);
	cr_expect_eq(annotated, expected_annotated, "'%s'", text);
	revchain_arena_free(arena);
}

Test(applied, lines)
{
	check("", "", false);
	check("aa", "aa", false);
	check("aa\nbb\n", "aa bb", false);
	check("# all of them\n\naa\r\n\r\nbb\r\n", "aa bb", false);
	check("aa \nbb\t\n", "aa bb", false);
}

Test(applied, as_alembic_prints_them)
{
	check("bb (head)\n", "bb", true);
	check("bb (head) (mergepoint)\naa (branchpoint)\n", "bb aa", true);
	check("aa -> bb (head), add x -> y\n<base> -> aa, start\n", "bb aa", false);
	check("aa, bb -> cc (head) (mergepoint), merge\n", "cc", false);
	check("aa (zz) -> bb (label) (effective head), doc\n", "bb", false);
	check("Rev: bb (head)\nParent: aa\nAlso depends on: cc\nBranches into: dd\n"
	      "Branch names: l\nPath: /x/bb.py\n\n    doc\n    \n    Revision ID: bb\n",
	      "bb", true);
	check("Current revision(s) for sqlite://:\nRev: bb\nMerges: aa, cc\n", "bb", false);
}

Test(applied, json)
{
	check("[]", "", false);
	check(" [\"aa\",\n \"bb\"]\n", "aa bb", false);
	check("[\"aa\"", "list:0: this is no JSON array of revision ids", false);
	check("[\"aa\"] x", "list:0: this is no JSON array of revision ids", false);
	check("[[\"aa\"]]", "list:0: this is no JSON array of revision ids", false);
	check("[\"a\\u0000b\"]", "list:0: this is no JSON array of revision ids", false);
	check("[1]", "list:0: the array has something in it that is no string", false);
}

Test(applied, what_is_none)
{
	check("aa\nwhat is this\n", "list:2: no revision id can be read here", false);
	check("aa, bb\n", "list:1: no revision id can be read here", false);
	check("aa -> \n", "list:1: no revision id can be read here", false);
	check(", aa\n", "list:1: no revision id can be read here", false);
}

Test(applied, a_nul_is_refused)
{
	struct revchain_arena *arena = revchain_arena_new();
	struct revchain_applied applied;
	struct revchain_error error = {0};

	cr_expect_eq(revchain_applied_parse("aa\0b\n", 5, "list", arena, &applied, &error),
		     REVCHAIN_IO);
	cr_expect_eq(revchain_applied_parse("[\"a\0\"]", 6, "list", arena, &applied, &error),
		     REVCHAIN_IO);
	revchain_arena_free(arena);
}
