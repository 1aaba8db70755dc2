#include <string.h>

#include "revchain/report.h"
#include "revchain/text.h"

#define FORMAT_VERSION 1 /* of the object: it grows when something is taken away or changed */

static const char *const names[] = {"note", "warning", "error"};

static void add_place(const struct revchain_place *place, struct revchain_buffer *text)
{
	revchain_buffer_puts(text, "{\"path\": ");
	revchain_text_json(text, place->path);
	if (place->line)
		revchain_buffer_printf(text, ", \"line\": %d, \"note\": ", place->line);
	else
		revchain_buffer_puts(text, ", \"line\": null, \"note\": ");
	if (place->note)
		revchain_text_json(text, place->note);
	else
		revchain_buffer_puts(text, "null");
	revchain_buffer_puts(text, "}");
}

static void add_hints(const char *hints, struct revchain_buffer *text)
{
	bool first = true;

	while (hints && *hints) {
		size_t length = strcspn(hints, "\n");
		struct revchain_buffer line = {0};

		revchain_buffer_add(&line, hints, length);
		revchain_buffer_puts(text, first ? "\n        " : ",\n        ");
		revchain_text_json(text, line.text ? line.text : "");
		text->failed = text->failed || line.failed;
		revchain_buffer_free(&line);
		hints += length + (hints[length] == '\n');
		first = false;
	}
	if (!first)
		revchain_buffer_puts(text, "\n      ");
}

static void add_finding(const struct revchain_finding *finding, struct revchain_buffer *text)
{
	const struct revchain_place *place;

	revchain_buffer_printf(text,
			       "    {\n      \"id\": \"%s\",\n      \"severity\": \"%s\",\n"
			       "      \"allowed\": %s,\n      \"message\": ",
			       finding->id, names[finding->severity],
			       finding->allowed ? "true" : "false");
	revchain_text_json(text, finding->message);
	revchain_buffer_puts(text, ",\n      \"places\": [");
	for (place = finding->place; place; place = place->next) {
		revchain_buffer_puts(text, place == finding->place ? "\n        " : ",\n        ");
		add_place(place, text);
	}
	revchain_buffer_puts(text, finding->place ? "\n      ],\n" : "],\n");
	revchain_buffer_puts(text, "      \"hints\": [");
	add_hints(finding->hints, text);
	revchain_buffer_puts(text, "]\n    }");
}

/* Revision ids; null where the graph is not known. */
static void add_revisions(const struct revchain_report *report, const char *name,
			  const size_t *items, size_t count, struct revchain_buffer *text)
{
	size_t i;

	revchain_buffer_printf(text, ",\n    \"%s\": %s", name, report->heads ? "[" : "null");
	for (i = 0; report->heads && i < count; i++) {
		revchain_buffer_puts(text, i ? ", " : "");
		revchain_text_json(text, report->set->items[items[i]].revision);
	}
	if (report->heads)
		revchain_buffer_puts(text, "]");
}

void revchain_report_json(const struct revchain_report *report, struct revchain_buffer *text)
{
	static const struct revchain_heads unknown;
	const struct revchain_findings *findings = report->findings;
	const struct revchain_heads *heads = report->heads ? report->heads : &unknown;
	const struct revchain_finding *finding;
	bool first = true;

	revchain_buffer_printf(text, "{\n  \"version\": %d,\n  \"revchain\": \"%s\",\n",
			       FORMAT_VERSION, report->version);
	revchain_buffer_puts(text, "  \"findings\": [");
	for (finding = findings->first; finding; finding = finding->next) {
		if (finding->severity < report->least)
			continue;
		revchain_buffer_puts(text, first ? "\n" : ",\n");
		add_finding(finding, text);
		first = false;
	}
	revchain_buffer_puts(text, first ? "],\n" : "\n  ],\n");
	revchain_buffer_printf(text,
			       "  \"summary\": {\n    \"errors\": %zu,\n    \"warnings\": %zu,\n"
			       "    \"notes\": %zu,\n    \"migrations\": %zu",
			       findings->errors, findings->warnings, findings->notes,
			       report->set->count);
	add_revisions(report, "heads", heads->heads, heads->head_count, text);
	add_revisions(report, "bases", heads->bases, heads->base_count, text);
	add_revisions(report, "branch_points", heads->branch_points, heads->branch_point_count,
		      text);
	revchain_buffer_puts(text, "\n  }\n}\n");
}
