/*
 * Tables of modules and what has to be found in them, for the tests of the Python scanner.
 *
 * A scan is written as one line: the names that are bound, each as NAME=VALUE@LINE, then the
 * problems, each as !LINE MESSAGE. VALUE is None, 'string', ('a','b'), call('x') or ?, which stands
 * for what cannot be read.
 */
#ifndef PYSCAN_TABLE_H
#define PYSCAN_TABLE_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "revchain/pyscan.h"

struct row {
	const char *text;
	const char *expected;
};

static void write_value(FILE *out, const char *name, const struct revchain_value *value)
{
	size_t i;

	if (value->kind == REVCHAIN_VALUE_MISSING)
		return;
	fprintf(out, "%s=", name);
	if (value->kind == REVCHAIN_VALUE_NONE)
		fputs("None", out);
	if (value->kind == REVCHAIN_VALUE_UNREADABLE)
		fputs("?", out);
	if (value->kind == REVCHAIN_VALUE_CALL)
		fputs("call", out);
	if (value->kind == REVCHAIN_VALUE_SEQUENCE || value->kind == REVCHAIN_VALUE_CALL)
		fputc('(', out);
	for (i = 0; i < value->count; i++)
		fprintf(out, "%s'%s'", i > 0 ? "," : "", value->strings[i]);
	if (value->kind == REVCHAIN_VALUE_SEQUENCE || value->kind == REVCHAIN_VALUE_CALL)
		fputc(')', out);
	fprintf(out, "@%d ", value->line);
}

/* A scan in the notation of the tables; the caller frees it. */
static char *write_scan(const char *text, size_t length)
{
	struct revchain_arena *arena = revchain_arena_new(), *scratch = revchain_arena_new();
	struct revchain_pyscan scan;
	struct revchain_error error;
	char *copy = malloc(length > 0 ? length : 1), *line = NULL;
	size_t i, size = 0;
	FILE *out = open_memstream(&line, &size);

	cr_assert(arena && scratch && copy && out);
	memcpy(copy, text, length); /* without a NUL behind it */
	cr_assert_eq(revchain_pyscan_with(scratch, copy, length, arena, &scan, &error),
		     REVCHAIN_OK);
	revchain_arena_free(scratch); /* what was found does not live there, nor in the text */
	free(copy);
	write_value(out, "revision", &scan.revision);
	write_value(out, "down_revision", &scan.down_revision);
	write_value(out, "branch_labels", &scan.branch_labels);
	write_value(out, "depends_on", &scan.depends_on);
	for (i = 0; i < scan.problem_count; i++)
		fprintf(out, "!%d %s ", scan.problems[i].line, scan.problems[i].message);
	fclose(out);
	if (size > 0)
		line[size - 1] = '\0';
	revchain_arena_free(arena);
	return line;
}

static void check_row(const char *text, size_t length, const char *expected)
{
	char *found = write_scan(text, length);

	cr_expect_str_eq(found, expected, "\n---- text\n%s\n---- expected\n%s\n---- got\n%s\n",
			 text, expected, found);
	free(found);
}

#define CHECK_TABLE(rows)                                                                          \
	do {                                                                                       \
		for (size_t row = 0; row < sizeof(rows) / sizeof(*(rows)); row++)                  \
			check_row((rows)[row].text, strlen((rows)[row].text),                      \
				  (rows)[row].expected);                                           \
	} while (0)

#endif
