/*
 * What revchain_pyscan finds in a module, as JSON, for pyscan.py.
 *
 * Strings are printed byte by byte (\u00XX for bytes from 0x80), since JSON has no lone surrogates
 * in UTF-8.
 */
#ifndef SCAN_JSON_H
#define SCAN_JSON_H

#include <inttypes.h>
#include <stdio.h>

#include "revchain/pyscan.h"

static inline void scan_json_string(FILE *file, const char *string)
{
	if (!string) {
		fputs("null", file);
		return;
	}
	fputc('"', file);
	for (; *string; string++) {
		unsigned char c = (unsigned char)*string;
		if (c < ' ' || c >= 0x7F || c == '"' || c == '\\')
			fprintf(file, "\\u%04x", c);
		else
			fputc(c, file);
	}
	fputc('"', file);
}

static inline void scan_json_value(FILE *file, const char *name, const struct revchain_value *value)
{
	static const char *const kinds[] = {"missing",	"none", "string",
					    "sequence", "call", "unreadable"};
	size_t i;

	fprintf(file, "\"%s\": {\"kind\": \"%s\", \"line\": %d, \"strings\": [", name,
		kinds[value->kind], value->line);
	for (i = 0; i < value->count; i++) {
		if (i > 0)
			fputc(',', file);
		scan_json_string(file, value->strings[i]);
	}
	fprintf(file, "], \"written\": [%zu, %zu], \"literals\": [", value->written.begin,
		value->written.end);
	for (i = 0; i < value->count; i++)
		fprintf(file, "%s[%zu, %zu]", i > 0 ? "," : "", value->literals[i].begin,
			value->literals[i].end);
	fputs("]}, ", file);
}

/* Print a scan as one line. */
static inline void scan_json_print(FILE *file, const struct revchain_pyscan *scan)
{
	size_t i;

	fputc('{', file);
	scan_json_value(file, "revision", &scan->revision);
	scan_json_value(file, "down_revision", &scan->down_revision);
	scan_json_value(file, "branch_labels", &scan->branch_labels);
	scan_json_value(file, "depends_on", &scan->depends_on);
	if (scan->has_create_date)
		fprintf(file, "\"create_date\": %" PRId64 ", \"docstring\": ", scan->create_date);
	else
		fputs("\"create_date\": null, \"docstring\": ", file);
	scan_json_string(file, scan->docstring);
	fprintf(file, ", \"import_at\": %zu, \"imports_lookup\": %s", scan->import_at,
		scan->imports_lookup ? "true" : "false");
	fputs(", \"problems\": [", file);
	for (i = 0; i < scan->problem_count; i++) {
		fprintf(file, "%s{\"line\": %d, \"name\": ", i > 0 ? ", " : "",
			scan->problems[i].line);
		scan_json_string(file, scan->problems[i].name);
		fputs(", \"message\": ", file);
		scan_json_string(file, scan->problems[i].message);
		fputs(", \"hint\": ", file);
		scan_json_string(file, scan->problems[i].hint);
		fputc('}', file);
	}
	fputs("]}\n", file);
	fflush(file);
}

#endif
