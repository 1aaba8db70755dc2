#include "revchain/report.h"

#include <string.h>

#include "revchain/text.h"

static const char *const names[] = {"note", "warning", "error"};
static const char *const colours[] = {"\033[36m", "\033[33m", "\033[31m"};
#define BOLD "\033[1m"
#define PLAIN "\033[m"
#define HEADS_NAMED 4 /* in the summary: where there are more, only their number */

static void add_place(struct revchain_buffer *text, const char *path, int line)
{
	revchain_text_escape(text, path);
	if (line)
		revchain_buffer_printf(text, ":%d", line);
	revchain_buffer_puts(text, ": ");
}

static void add_head(struct revchain_buffer *text, enum revchain_severity severity, bool colour)
{
	if (colour)
		revchain_buffer_printf(text, BOLD "revchain: %s%s:" PLAIN " ", colours[severity],
				       names[severity]);
	else
		revchain_buffer_printf(text, "revchain: %s: ", names[severity]);
}

static void add_hints(struct revchain_buffer *text, const char *hints, bool colour)
{
	while (hints && *hints) {
		size_t length = strcspn(hints, "\n");
		struct revchain_buffer line = {0};

		revchain_buffer_add(&line, hints, length);
		revchain_buffer_puts(text, colour ? "\033[32mhint:" PLAIN " " : "hint: ");
		revchain_text_escape(text, line.text ? line.text : "");
		revchain_buffer_puts(text, "\n");
		text->failed = text->failed || line.failed;
		revchain_buffer_free(&line);
		hints += length + (hints[length] == '\n');
	}
}

static void add_finding(struct revchain_buffer *text, const struct revchain_finding *finding,
			bool colour)
{
	const struct revchain_place *place = finding->place;

	add_head(text, finding->severity, colour);
	if (place)
		add_place(text, place->path, place->line);
	revchain_text_escape(text, finding->message);
	revchain_buffer_puts(text, finding->allowed ? " (allowed)\n" : "\n");
	for (place = place ? place->next : NULL; place; place = place->next) {
		revchain_buffer_puts(text, "  ");
		add_place(text, place->path, place->line);
		revchain_text_escape(text, place->note ? place->note : "");
		revchain_buffer_puts(text, "\n");
	}
	if (!finding->allowed) /* there is nothing to do */
		add_hints(text, finding->hints, colour);
}

void revchain_report_findings(const struct revchain_findings *findings,
			      enum revchain_severity least, bool colour,
			      struct revchain_buffer *text)
{
	const struct revchain_finding *finding;

	for (finding = findings->first; finding; finding = finding->next)
		if (finding->severity >= least)
			add_finding(text, finding, colour);
}

void revchain_report_error(const struct revchain_error *error, bool colour,
			   struct revchain_buffer *text)
{
	add_head(text, REVCHAIN_ERROR, colour);
	if (*error->path)
		add_place(text, error->path, error->line);
	revchain_text_escape(text, error->message);
	revchain_buffer_puts(text, "\n");
	add_hints(text, error->hints, colour);
}

static bool same_file(const struct revchain_finding *a, const struct revchain_finding *b)
{
	return a->place && b->place && strcmp(a->place->path, b->place->path) == 0;
}

void revchain_report_grouped(const struct revchain_report *report, bool colour,
			     struct revchain_buffer *text)
{
	const struct revchain_finding *finding, *last = NULL;

	for (finding = report->findings->first; finding; finding = finding->next) {
		if (finding->severity < report->least)
			continue;
		if (last && !same_file(last, finding))
			revchain_buffer_puts(text, "\n");
		add_finding(text, finding, colour);
		last = finding;
	}
}

static void add_count(struct revchain_buffer *text, const char *before, size_t count,
		      const char *word)
{
	revchain_buffer_printf(text, "%s%zu %s%s", before, count, word, count == 1 ? "" : "s");
}

/* Files that are wrong: those of the first places. */
static size_t count_files(const struct revchain_findings *findings)
{
	const struct revchain_finding *finding, *last = NULL;
	size_t count = 0;

	for (finding = findings->first; finding; finding = finding->next) {
		if (finding->severity == REVCHAIN_NOTE || !finding->place)
			continue;
		count += !last || !same_file(last, finding);
		last = finding;
	}
	return count;
}

static void add_heads(struct revchain_buffer *text, const struct revchain_report *report)
{
	const struct revchain_heads *heads = report->heads;
	size_t i;

	add_count(text, ", ", heads->head_count, "head");
	for (i = 0; heads->head_count <= HEADS_NAMED && i < heads->head_count; i++) {
		revchain_buffer_puts(text, i ? " " : ": ");
		revchain_text_escape(text, report->set->items[heads->heads[i]].revision);
	}
}

void revchain_report_summary(const struct revchain_report *report, struct revchain_buffer *text)
{
	const struct revchain_findings *findings = report->findings;
	size_t files = count_files(findings);

	if (findings->errors)
		add_count(text, "", findings->errors, names[REVCHAIN_ERROR]);
	if (findings->warnings)
		add_count(text, findings->errors ? ", " : "", findings->warnings,
			  names[REVCHAIN_WARNING]);
	if (!findings->errors && !findings->warnings)
		revchain_buffer_puts(text, "nothing wrong");
	if (files)
		add_count(text, " in ", files, "file");
	add_count(text, "; ", report->set->count, "migration");
	if (report->heads)
		add_heads(text, report);
}
