/*
 * Print what revchain_pyscan finds in modules, as JSON, one line each: of the files that are named,
 * or without arguments of texts from standard input, each preceded by its length in bytes and a
 * newline.
 *
 * Strings are printed byte by byte (\u00XX for bytes from 0x80), since JSON has no lone surrogates
 * in UTF-8.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "revchain/pyscan.h"

static void print_string(const char *string)
{
	if (!string) {
		fputs("null", stdout);
		return;
	}
	putchar('"');
	for (; *string; string++) {
		unsigned char c = (unsigned char)*string;
		if (c < ' ' || c >= 0x7F || c == '"' || c == '\\')
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void print_value(const char *name, const struct revchain_value *value)
{
	static const char *const kinds[] = {"missing",	"none", "string",
					    "sequence", "call", "unreadable"};
	size_t i;

	printf("\"%s\": {\"kind\": \"%s\", \"line\": %d, \"strings\": [", name, kinds[value->kind],
	       value->line);
	for (i = 0; i < value->count; i++) {
		if (i > 0)
			putchar(',');
		print_string(value->strings[i]);
	}
	printf("], \"written\": [%zu, %zu], \"literals\": [", value->written.begin,
	       value->written.end);
	for (i = 0; i < value->count; i++)
		printf("%s[%zu, %zu]", i > 0 ? "," : "", value->literals[i].begin,
		       value->literals[i].end);
	fputs("]}, ", stdout);
}

static void print_scan(const struct revchain_pyscan *scan)
{
	size_t i;

	putchar('{');
	print_value("revision", &scan->revision);
	print_value("down_revision", &scan->down_revision);
	print_value("branch_labels", &scan->branch_labels);
	print_value("depends_on", &scan->depends_on);
	if (scan->has_create_date)
		printf("\"create_date\": %" PRId64 ", \"docstring\": ", scan->create_date);
	else
		fputs("\"create_date\": null, \"docstring\": ", stdout);
	print_string(scan->docstring);
	printf(", \"import_at\": %zu, \"imports_lookup\": %s", scan->import_at,
	       scan->imports_lookup ? "true" : "false");
	fputs(", \"problems\": [", stdout);
	for (i = 0; i < scan->problem_count; i++) {
		printf("%s{\"line\": %d, \"name\": ", i > 0 ? ", " : "", scan->problems[i].line);
		print_string(scan->problems[i].name);
		fputs(", \"message\": ", stdout);
		print_string(scan->problems[i].message);
		fputs(", \"hint\": ", stdout);
		print_string(scan->problems[i].hint);
		putchar('}');
	}
	puts("]}");
	fflush(stdout);
}

static int dump(const char *text, size_t length)
{
	struct revchain_arena *arena = revchain_arena_new();
	struct revchain_pyscan scan;
	struct revchain_error error;
	int status = REVCHAIN_IO;

	if (arena)
		status = revchain_pyscan(text, length, arena, &scan, &error);
	if (status == REVCHAIN_OK)
		print_scan(&scan);
	else
		fputs("pyscan_dump: memory ran out\n", stderr);
	revchain_arena_free(arena);
	return status;
}

/* Read so many bytes into exactly that much memory, so that reading beyond them is seen by a
 * sanitizer. */
static int dump_part(FILE *file, size_t length)
{
	char *text = malloc(length > 0 ? length : 1);
	int status = REVCHAIN_IO;

	if (text && fread(text, 1, length, file) == length)
		status = dump(text, length);
	free(text);
	return status;
}

static int dump_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	int status = REVCHAIN_IO;
	long length;

	if (!file) {
		perror(path);
		return REVCHAIN_IO;
	}
	if (fseek(file, 0, SEEK_END) == 0 && (length = ftell(file)) >= 0 &&
	    fseek(file, 0, SEEK_SET) == 0)
		status = dump_part(file, (size_t)length);
	fclose(file);
	return status;
}

int main(int argc, char **argv)
{
	int i, status = REVCHAIN_OK;
	char line[32];

	for (i = 1; i < argc && status == REVCHAIN_OK; i++)
		status = dump_file(argv[i]);
	while (argc == 1 && status == REVCHAIN_OK && fgets(line, sizeof(line), stdin))
		status = dump_part(stdin, strtoul(line, NULL, 10));
	return status;
}
