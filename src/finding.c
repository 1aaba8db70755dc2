#include "revchain/finding.h"

#include <stdarg.h>
#include <string.h>

void revchain_findings_init(struct revchain_findings *findings, struct revchain_arena *arena)
{
	memset(findings, 0, sizeof(*findings));
	findings->arena = arena;
}

static void count(struct revchain_findings *findings, enum revchain_severity severity)
{
	switch (severity) {
	case REVCHAIN_NOTE:
		findings->notes++;
		break;
	case REVCHAIN_WARNING:
		findings->warnings++;
		break;
	case REVCHAIN_ERROR:
		findings->errors++;
		break;
	}
}

struct revchain_finding *revchain_finding_add(struct revchain_findings *findings, const char *id,
					      enum revchain_severity severity, const char *format,
					      ...)
{
	struct revchain_finding *finding = revchain_arena_alloc(findings->arena, sizeof(*finding));
	va_list arguments;

	count(findings, severity);
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
