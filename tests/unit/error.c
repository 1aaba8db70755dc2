#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "revchain/error.h"

static struct revchain_error error;

/* What nobody has cleared: errors start as whatever was on the stack. */
static void set_up(void)
{
	memset(&error, 'x', sizeof(error));
}

TestSuite(error, .init = set_up);

Test(error, fail_sets_and_clears)
{
	int status = revchain_fail(&error, REVCHAIN_HISTORY, "%s is %d%%", "it", 5);

	cr_expect_eq(status, REVCHAIN_HISTORY);
	cr_expect_eq(error.status, REVCHAIN_HISTORY);
	cr_expect_eq(error.line, 0);
	cr_expect_str_eq(error.path, "");
	cr_expect_str_eq(error.message, "it is 5%");
	cr_expect_str_eq(error.hints, "");
}

Test(error, fail_forgets_the_error_before)
{
	revchain_fail(&error, REVCHAIN_HISTORY, "a long message of the first error");
	revchain_error_at(&error, "first.py", 3);
	revchain_error_hint(&error, "first");
	revchain_fail(&error, REVCHAIN_USAGE, "second");
	cr_expect_eq(error.status, REVCHAIN_USAGE);
	cr_expect_eq(error.line, 0);
	cr_expect_str_eq(error.path, "");
	cr_expect_str_eq(error.message, "second");
	cr_expect_str_eq(error.hints, "");
}

Test(error, statuses_are_the_exit_statuses)
{
	static const int statuses[] = {REVCHAIN_OK,	 REVCHAIN_MIGRATIONS, REVCHAIN_USAGE,
				       REVCHAIN_HISTORY, REVCHAIN_DISPLACED,  REVCHAIN_IO};
	int i;

	for (i = 0; i < 6; i++)
		cr_expect_eq(statuses[i], i);
}

Test(error, places)
{
	revchain_fail(&error, REVCHAIN_MIGRATIONS, "wrong");
	revchain_error_at(&error, "a\n\xff/%s.py", 12);
	cr_expect_str_eq(error.path, "a\n\xff/%s.py");
	cr_expect_eq(error.line, 12);
	revchain_error_at(&error, "", 0);
	cr_expect_str_eq(error.path, "");
	cr_expect_eq(error.line, 0);
	cr_expect_str_eq(error.message, "wrong");
}

Test(error, hints_stand_on_lines_of_their_own)
{
	revchain_fail(&error, REVCHAIN_USAGE, "wrong");
	revchain_error_hint(&error, "one %d", 1);
	cr_expect_str_eq(error.hints, "one 1");
	revchain_error_hint(&error, "%s", "two");
	revchain_error_hint(&error, "three");
	cr_expect_str_eq(error.hints, "one 1\ntwo\nthree");
}

Test(error, newline_in_a_hint_makes_no_hint)
{
	revchain_fail(&error, REVCHAIN_USAGE, "wrong");
	revchain_error_hint(&error, "git show %s", "a\nrm -rf b\n\nc\n");
	revchain_error_hint(&error, "second");
	cr_expect_str_eq(error.hints, "git show a rm -rf b  c \nsecond");
}

Test(error, long_texts_are_cut)
{
	static char text[10000];
	size_t i;

	memset(text, 'm', sizeof(text) - 1);
	revchain_fail(&error, REVCHAIN_IO, "%s", text);
	revchain_error_at(&error, text, 1);
	cr_expect_eq(strlen(error.message), sizeof(error.message) - 1);
	cr_expect_eq(strlen(error.path), sizeof(error.path) - 1);
	for (i = 0; i < 3; i++) {
		revchain_error_hint(&error, "%s", text);
		cr_expect_eq(strlen(error.hints), sizeof(error.hints) - 1);
	}
	cr_expect_eq(error.line, 1);
	cr_expect_eq(error.status, REVCHAIN_IO);
}

/* Hints that leave 0 to 3 bytes of room for the next. */
Test(error, hints_at_the_end_of_the_room)
{
	char text[sizeof(error.hints)];
	size_t left;

	for (left = 0; left < 4; left++) {
		size_t length = sizeof(error.hints) - 1 - left;

		memset(text, 'h', length);
		text[length] = '\0';
		revchain_fail(&error, REVCHAIN_IO, "m");
		revchain_error_hint(&error, "%s", text);
		revchain_error_hint(&error, "%s", "zzz");
		cr_expect_arr_eq(error.hints, text, length, "%zu bytes left", left);
		cr_expect_eq(strlen(error.hints), sizeof(error.hints) - 1, "%zu bytes left", left);
		if (left)
			cr_expect_eq(error.hints[length], '\n', "%zu bytes left", left);
	}
}

Test(error, memory)
{
	cr_expect_eq(revchain_fail_memory(&error), REVCHAIN_IO);
	cr_expect_eq(error.status, REVCHAIN_IO);
	cr_expect_str_eq(error.message, "memory ran out");
	cr_expect_str_eq(error.path, "");
	cr_expect_str_eq(error.hints, "");
}
