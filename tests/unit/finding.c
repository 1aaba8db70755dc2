#include <criterion/criterion.h>
#include <string.h>

#include "revchain/finding.h"

static struct revchain_arena *arena;
static struct revchain_findings findings;

static void set_up(void)
{
	arena = revchain_arena_new();
	memset(&findings, 'x', sizeof(findings));
	revchain_findings_init(&findings, arena);
}

static void tear_down(void)
{
	revchain_arena_free(arena);
}

TestSuite(finding, .init = set_up, .fini = tear_down);

Test(finding, list_starts_empty)
{
	cr_expect_null(findings.first);
	cr_expect_null(findings.last);
	cr_expect_eq(findings.errors + findings.warnings + findings.notes, 0);
	cr_expect_not(findings.out_of_memory);
	cr_expect_eq(findings.arena, arena);
}

Test(finding, kept_in_order_and_counted)
{
	static const enum revchain_severity severities[] = {REVCHAIN_ERROR,   REVCHAIN_NOTE,
							    REVCHAIN_WARNING, REVCHAIN_ERROR,
							    REVCHAIN_NOTE,    REVCHAIN_ERROR};
	const struct revchain_finding *finding;
	size_t i;

	for (i = 0; i < 6; i++)
		cr_assert_not_null(
			revchain_finding_add(&findings, "some-id", severities[i], "number %zu", i));
	for (finding = findings.first, i = 0; finding; finding = finding->next, i++) {
		cr_assert_lt(i, 6);
		cr_expect_str_eq(finding->id, "some-id");
		cr_expect_eq(finding->severity, severities[i]);
		cr_expect_str_eq(finding->message, revchain_arena_printf(arena, "number %zu", i));
		cr_expect_null(finding->place);
		cr_expect_null(finding->hints);
		if (!finding->next)
			cr_expect_eq(findings.last, finding);
	}
	cr_expect_eq(i, 6);
	cr_expect_eq(findings.errors, 3);
	cr_expect_eq(findings.warnings, 1);
	cr_expect_eq(findings.notes, 2);
}

Test(finding, severities_ascend)
{
	cr_expect_lt(REVCHAIN_NOTE, REVCHAIN_WARNING);
	cr_expect_lt(REVCHAIN_WARNING, REVCHAIN_ERROR);
}

Test(finding, message_is_copied)
{
	char name[] = "abc";
	struct revchain_finding *finding =
		revchain_finding_add(&findings, "id", REVCHAIN_NOTE, "%s", name);

	memset(name, 'z', 3);
	cr_expect_str_eq(finding->message, "abc");
}

Test(finding, places_go_behind_each_other)
{
	struct revchain_finding *finding =
		revchain_finding_add(&findings, "id", REVCHAIN_ERROR, "m");
	const struct revchain_place *place;

	revchain_finding_at(&findings, finding, "one.py", 1, NULL);
	revchain_finding_at(&findings, finding, "two.py", 0, "the other one");
	revchain_finding_at(&findings, finding, "three.py", 3, "and this");
	place = finding->place;
	cr_expect_str_eq(place->path, "one.py");
	cr_expect_eq(place->line, 1);
	cr_expect_null(place->note);
	place = place->next;
	cr_expect_str_eq(place->path, "two.py");
	cr_expect_eq(place->line, 0);
	cr_expect_str_eq(place->note, "the other one");
	place = place->next;
	cr_expect_str_eq(place->path, "three.py");
	cr_expect_null(place->next);
}

Test(finding, hints_stand_on_lines_of_their_own)
{
	struct revchain_finding *finding =
		revchain_finding_add(&findings, "id", REVCHAIN_ERROR, "m");

	revchain_finding_hint(&findings, finding, "first %d", 1);
	cr_expect_str_eq(finding->hints, "first 1");
	revchain_finding_hint(&findings, finding, "git show '%s'", "a\nhint: rm -rf\n");
	revchain_finding_hint(&findings, finding, "third");
	cr_expect_str_eq(finding->hints, "first 1\ngit show 'a hint: rm -rf '\nthird");
}

/* Where a finding could not be added, what would be added to it is passed over. */
Test(finding, functions_take_null)
{
	revchain_finding_at(&findings, NULL, "a.py", 1, NULL);
	revchain_finding_hint(&findings, NULL, "hint");
	cr_expect_null(findings.first);
	cr_expect_not(findings.out_of_memory);
}

static void at(const char *path, int line, const char *id)
{
	struct revchain_finding *finding = revchain_finding_add(&findings, id, REVCHAIN_ERROR, "m");

	if (path)
		revchain_finding_at(&findings, finding, path, line, NULL);
}

/* The ids in their order. */
static void check_order(const char *expected)
{
	const struct revchain_finding *finding;
	const char *got = "";

	for (finding = findings.first; finding; finding = finding->next)
		got = revchain_arena_printf(findings.arena, "%s%s", got, finding->id);
	cr_expect_str_eq(got, expected, "expected %s, got %s", expected, got);
}

Test(finding, sorted_by_path_and_line)
{
	revchain_findings_sort(&findings);
	check_order("");
	at("b.py", 3, "a");
	revchain_findings_sort(&findings);
	check_order("a");
	at("a.py", 9, "b");
	at("b.py", 2, "c");
	at(NULL, 0, "d");
	at("a.py", 9, "e");
	at(NULL, 0, "f");
	at("a.py", 0, "g");
	revchain_findings_sort(&findings);
	check_order("dfgbeca");
	at("0.py", 0, "h"); /* the list can still be added to */
	check_order("dfgbecah");
}

Test(finding, allowed)
{
	revchain_finding_add(&findings, "x", REVCHAIN_ERROR, "m");
	revchain_finding_add(&findings, "y", REVCHAIN_ERROR, "m");
	revchain_finding_add(&findings, "x", REVCHAIN_WARNING, "m");
	revchain_findings_allow(&findings, "x");
	revchain_findings_allow(&findings, "z");
	cr_expect_eq(findings.errors, 1);
	cr_expect_eq(findings.warnings, 0);
	cr_expect_eq(findings.notes, 2);
	cr_expect(findings.first->allowed);
	cr_expect_eq(findings.first->severity, REVCHAIN_NOTE);
	cr_expect_not(findings.first->next->allowed);
	cr_expect_eq(findings.first->next->severity, REVCHAIN_ERROR);
}
