#include "revchain/finding.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void revchain_findings_init(struct revchain_findings *findings, struct revchain_arena *arena)
{
	memset(findings, 0, sizeof(*findings));
	findings->arena = arena;
}

static size_t *counter(struct revchain_findings *findings, enum revchain_severity severity)
{
	return severity == REVCHAIN_ERROR     ? &findings->errors
	       : severity == REVCHAIN_WARNING ? &findings->warnings
					      : &findings->notes;
}

struct revchain_finding *revchain_finding_add(struct revchain_findings *findings, const char *id,
					      enum revchain_severity severity, const char *format,
					      ...)
{
	struct revchain_finding *finding = revchain_arena_alloc(findings->arena, sizeof(*finding));
	va_list arguments;

	++*counter(findings, severity);
	if (finding) {
		finding->id = id;
		finding->severity = severity;
		va_start(arguments, format);
		finding->message = revchain_arena_vprintf(findings->arena, format, arguments);
		va_end(arguments);
	}
	if (!finding || !finding->message) {
		findings->out_of_memory = true;
		return NULL;
	}
	if (findings->last)
		findings->last->next = finding;
	else
		findings->first = finding;
	findings->last = finding;
	return finding;
}

void revchain_finding_at(struct revchain_findings *findings, struct revchain_finding *finding,
			 const char *path, int line, const char *note)
{
	struct revchain_place *place;

	if (!finding)
		return;
	place = revchain_arena_alloc(findings->arena, sizeof(*place));
	if (!place) {
		findings->out_of_memory = true;
		return;
	}
	place->path = path;
	place->line = line;
	place->note = note;
	if (finding->last_place)
		finding->last_place->next = place;
	else
		finding->place = place;
	finding->last_place = place;
}

void revchain_finding_hint(struct revchain_findings *findings, struct revchain_finding *finding,
			   const char *format, ...)
{
	va_list arguments;
	char *hint, *at;

	if (!finding)
		return;
	va_start(arguments, format);
	hint = revchain_arena_vprintf(findings->arena, format, arguments);
	va_end(arguments);
	for (at = hint; at && *at; at++)
		if (*at == '\n') /* from a revision id or a path: it must not look like a hint of
				    its own */
			*at = ' ';
	if (hint && finding->hints)
		hint = revchain_arena_printf(findings->arena, "%s\n%s", finding->hints, hint);
	if (!hint) {
		findings->out_of_memory = true;
		return;
	}
	finding->hints = hint;
}

struct sorted {
	struct revchain_finding *finding;
	size_t number; /* in the order in which they were found */
};

static int compare(const void *left, const void *right)
{
	const struct sorted *a = left, *b = right;
	const struct revchain_place *here = a->finding->place, *there = b->finding->place;
	int order = 0;

	if (!here || !there)
		order = (here != NULL) - (there != NULL);
	else
		order = strcmp(here->path, there->path);
	if (!order && here && there)
		order = (here->line > there->line) - (here->line < there->line);
	return order ? order : (a->number > b->number) - (a->number < b->number);
}

void revchain_findings_sort(struct revchain_findings *findings)
{
	size_t i, count = 0;
	struct revchain_finding *finding;
	struct sorted *sorted;

	for (finding = findings->first; finding; finding = finding->next)
		count++;
	if (count < 2)
		return;
	sorted = revchain_arena_array(findings->arena, count, sizeof(*sorted));
	if (!sorted) {
		findings->out_of_memory = true;
		return;
	}
	for (i = 0, finding = findings->first; finding; finding = finding->next, i++) {
		sorted[i].finding = finding;
		sorted[i].number = i;
	}
	qsort(sorted, count, sizeof(*sorted), compare);
	for (i = 0; i < count; i++)
		sorted[i].finding->next = i + 1 < count ? sorted[i + 1].finding : NULL;
	findings->first = sorted[0].finding;
	findings->last = sorted[count - 1].finding;
}

void revchain_findings_allow(struct revchain_findings *findings, const char *id)
{
	struct revchain_finding *finding;

	for (finding = findings->first; finding; finding = finding->next) {
		if (strcmp(finding->id, id) != 0)
			continue;
		--*counter(findings, finding->severity);
		++findings->notes;
		finding->severity = REVCHAIN_NOTE;
		finding->allowed = true;
	}
}
