#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "revchain/report.h"

static struct revchain_arena *arena;
static struct revchain_findings findings;
static struct revchain_buffer text;

static void set_up(void)
{
	arena = revchain_arena_new();
	revchain_findings_init(&findings, arena);
}

static void tear_down(void)
{
	revchain_buffer_free(&text);
	revchain_arena_free(arena);
}

TestSuite(report, .init = set_up, .fini = tear_down);

static void check_text(const char *expected)
{
	const char *got = text.text ? text.text : "";

	cr_assert_not(text.failed);
	cr_expect_str_eq(got, expected, "expected <<%s>>\ngot      <<%s>>", expected, got);
	revchain_buffer_free(&text);
}

static void check_findings(enum revchain_severity least, bool colour, const char *expected)
{
	revchain_report_findings(&findings, least, colour, &text);
	check_text(expected);
}

static struct revchain_finding *add(enum revchain_severity severity, const char *message)
{
	return revchain_finding_add(&findings, "id", severity, "%s", message);
}

Test(report, nothing)
{
	check_findings(REVCHAIN_NOTE, false, "");
	check_findings(REVCHAIN_NOTE, true, "");
}

Test(report, finding_with_all_its_parts)
{
	struct revchain_finding *finding = add(REVCHAIN_ERROR, "the id 'a' is declared twice");

	revchain_finding_at(&findings, finding, "v/b.py", 3, NULL);
	revchain_finding_at(&findings, finding, "v/a.py", 12, "the other one");
	revchain_finding_at(&findings, finding, "v/c.py", 0, "and this");
	revchain_finding_hint(&findings, finding, "delete one");
	revchain_finding_hint(&findings, finding, "or rename it");
	check_findings(REVCHAIN_NOTE, false,
		       "revchain: error: v/b.py:3: the id 'a' is declared twice\n"
		       "  v/a.py:12: the other one\n"
		       "  v/c.py: and this\n"
		       "hint: delete one\n"
		       "hint: or rename it\n");
	check_findings(
		REVCHAIN_NOTE, true,
		"\033[1mrevchain: \033[31merror:\033[m v/b.py:3: the id 'a' is declared twice\n"
		"  v/a.py:12: the other one\n"
		"  v/c.py: and this\n"
		"\033[32mhint:\033[m delete one\n"
		"\033[32mhint:\033[m or rename it\n");
}

Test(report, severities)
{
	add(REVCHAIN_NOTE, "n");
	add(REVCHAIN_WARNING, "w");
	add(REVCHAIN_ERROR, "e");
	add(REVCHAIN_NOTE, "again");
	check_findings(REVCHAIN_NOTE, false,
		       "revchain: note: n\nrevchain: warning: w\nrevchain: error: e\nrevchain: "
		       "note: again\n");
	check_findings(REVCHAIN_WARNING, false, "revchain: warning: w\nrevchain: error: e\n");
	check_findings(REVCHAIN_ERROR, false, "revchain: error: e\n");
	check_findings(REVCHAIN_NOTE, true,
		       "\033[1mrevchain: \033[36mnote:\033[m n\n\033[1mrevchain: "
		       "\033[33mwarning:\033[m w\n"
		       "\033[1mrevchain: \033[31merror:\033[m e\n\033[1mrevchain: "
		       "\033[36mnote:\033[m again\n");
}

Test(report, place_without_note)
{
	struct revchain_finding *finding = add(REVCHAIN_WARNING, "m");

	revchain_finding_at(&findings, finding, "a.py", 0, NULL);
	revchain_finding_at(&findings, finding, "b.py", 1, NULL);
	check_findings(REVCHAIN_NOTE, false, "revchain: warning: a.py: m\n  b.py:1: \n");
}

/* Nothing that a repository chose reaches the terminal raw: in the message, a path, a note or a
 * hint. */
Test(report, everything_is_escaped)
{
	static const char hostile[] = "\x1b[2J\nrevchain: error: \xe2\x80\xae\xe2\x80\xac\xff";
	static const char shown[] = "\\x1b[2J\\nrevchain: error: \\u202e\\u202c\\xff";
	struct revchain_finding *finding = add(REVCHAIN_ERROR, hostile);
	char expected[1000];

	revchain_finding_at(&findings, finding, hostile, 1, NULL);
	revchain_finding_at(&findings, finding, hostile, 2, hostile);
	revchain_finding_hint(&findings, finding, "run %s", hostile);
	snprintf(expected, sizeof(expected),
		 "revchain: error: %s:1: %s\n  %s:2: %s\nhint: run \\x1b[2J revchain: error: "
		 "\\u202e\\u202c\\xff\n",
		 shown, shown, shown, shown);
	check_findings(REVCHAIN_NOTE, false, expected);
}

Test(report, error)
{
	struct revchain_error error;

	revchain_fail(&error, REVCHAIN_HISTORY, "no repository");
	revchain_report_error(&error, false, &text);
	check_text("revchain: error: no repository\n");

	revchain_error_at(&error, "a\nb.py", 7);
	revchain_error_hint(&error, "one\ttab");
	revchain_error_hint(&error, "%s", "two \x9b");
	revchain_report_error(&error, false, &text);
	check_text(
		"revchain: error: a\\nb.py:7: no repository\nhint: one\\ttab\nhint: two \\x9b\n");
	revchain_report_error(&error, true, &text);
	check_text("\033[1mrevchain: \033[31merror:\033[m a\\nb.py:7: no repository\n"
		   "\033[32mhint:\033[m one\\ttab\n\033[32mhint:\033[m two \\x9b\n");
}

Test(report, adds_to_what_is_there)
{
	revchain_buffer_puts(&text, "before\n");
	add(REVCHAIN_NOTE, "");
	revchain_report_findings(&findings, REVCHAIN_NOTE, false, &text);
	check_text("before\nrevchain: note: \n");
}

/* An error's texts are cut to fit; a character cut in two must not come out raw. */
Test(report, cut_message)
{
	struct revchain_error error;
	char message[sizeof(error.message) + 1];

	memset(message, 'm', sizeof(error.message) - 2);
	memcpy(message + sizeof(error.message) - 2, "\xc3\xbc", 3);
	revchain_fail(&error, REVCHAIN_IO, "%s", message);
	revchain_report_error(&error, false, &text);
	cr_expect_str_eq(text.text + text.length - 6, "m\\xc3\n");
}

static struct revchain_migration migrations[] = {{.revision = "aa"}, {.revision = "b\x1b"}};
static const struct revchain_migrations set = {.items = migrations, .count = 2};
static const size_t both[] = {0, 1};

static struct revchain_report report_of(const struct revchain_heads *heads)
{
	return (struct revchain_report){.findings = &findings,
					.least = REVCHAIN_NOTE,
					.version = "1",
					.set = &set,
					.heads = heads};
}

static void check_summary(const struct revchain_heads *heads, const char *expected)
{
	struct revchain_report report = report_of(heads);

	revchain_report_summary(&report, &text);
	check_text(expected);
}

Test(report, summary)
{
	struct revchain_heads heads = {.heads = both, .head_count = 1};

	check_summary(NULL, "nothing wrong; 2 migrations");
	check_summary(&heads, "nothing wrong; 2 migrations, 1 head: aa");
	heads.head_count = 2;
	check_summary(&heads, "nothing wrong; 2 migrations, 2 heads: aa b\\x1b");
	heads.head_count = 0;
	check_summary(&heads, "nothing wrong; 2 migrations, 0 heads");
	add(REVCHAIN_NOTE, "n");
	check_summary(NULL, "nothing wrong; 2 migrations");
	add(REVCHAIN_WARNING, "w");
	check_summary(NULL, "1 warning; 2 migrations");
	revchain_finding_at(&findings, add(REVCHAIN_ERROR, "e"), "a.py", 1, NULL);
	revchain_finding_at(&findings, add(REVCHAIN_ERROR, "e"), "a.py", 2, NULL);
	check_summary(NULL, "2 errors, 1 warning in 1 file; 2 migrations");
}

Test(report, grouped_by_file)
{
	struct revchain_report report = report_of(NULL);

	add(REVCHAIN_NOTE, "n");
	revchain_finding_at(&findings, add(REVCHAIN_ERROR, "e"), "a.py", 1, NULL);
	revchain_finding_at(&findings, add(REVCHAIN_WARNING, "w"), "a.py", 2, NULL);
	revchain_finding_hint(&findings, findings.last, "h");
	findings.last->allowed = true;
	revchain_finding_at(&findings, add(REVCHAIN_ERROR, "f"), "b.py", 0, NULL);
	revchain_report_grouped(&report, false, &text);
	check_text("revchain: note: n\n\nrevchain: error: a.py:1: e\n"
		   "revchain: warning: a.py:2: w (allowed)\n\nrevchain: error: b.py: f\n");
	report.least = REVCHAIN_ERROR;
	revchain_report_grouped(&report, false, &text);
	check_text("revchain: error: a.py:1: e\n\nrevchain: error: b.py: f\n");
}

/* What the tests of the program do not reach: a place without a line, more than one hint. */
Test(report, github)
{
	struct revchain_report report = report_of(NULL);

	add(REVCHAIN_NOTE, "100%");
	revchain_finding_at(&findings, add(REVCHAIN_ERROR, "a: b, c"), "a,b.py", 0, NULL);
	revchain_finding_at(&findings, findings.last, "c:d.py", 0, "50%");
	revchain_finding_hint(&findings, findings.last, "one");
	revchain_finding_hint(&findings, findings.last, "two");
	revchain_report_github(&report, &text);
	check_text("::notice title=revchain%3A id::100%25\n"
		   "::error file=a%2Cb.py,title=revchain%3A id::a: b, c%0Ac:d.py: 50%25%0Ahint: "
		   "one%0Ahint: two\n");
}
