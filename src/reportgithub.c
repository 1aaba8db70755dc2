#include "revchain/report.h"
#include "revchain/text.h"

static const char *const commands[] = {"notice", "warning", "error"};

/* Escaped as the runner reads it back: in a property `:` and `,` too. */
static void add_escaped(struct revchain_buffer *text, const char *raw, bool is_property)
{
	struct revchain_buffer shown = {0};
	const char *at;

	revchain_text_escape(&shown, raw);
	for (at = shown.text; at && *at; at++) {
		if (*at == '%' || (is_property && (*at == ':' || *at == ',')))
			revchain_buffer_printf(text, "%%%02X", (unsigned char)*at);
		else
			revchain_buffer_add(text, at, 1);
	}
	text->failed = text->failed || shown.failed;
	revchain_buffer_free(&shown);
}

/* Lines of their own in the message. */
static void add_hints(struct revchain_buffer *text, const char *hints)
{
	struct revchain_buffer line = {0};

	for (; hints && *hints; hints += *hints == '\n') {
		line.length = 0;
		for (; *hints && *hints != '\n'; hints++)
			revchain_buffer_add(&line, hints, 1);
		revchain_buffer_puts(text, "%0Ahint: ");
		add_escaped(text, line.text ? line.text : "", false);
	}
	text->failed = text->failed || line.failed;
	revchain_buffer_free(&line);
}

static void add_finding(struct revchain_buffer *text, const struct revchain_finding *finding)
{
	const struct revchain_place *place = finding->place;

	revchain_buffer_printf(text, "::%s ", commands[finding->severity]);
	if (place) {
		revchain_buffer_puts(text, "file=");
		add_escaped(text, place->path, true);
		if (place->line)
			revchain_buffer_printf(text, ",line=%d", place->line);
		revchain_buffer_puts(text, ",");
	}
	revchain_buffer_printf(text, "title=revchain%%3A %s::", finding->id);
	add_escaped(text, finding->message, false);
	if (finding->allowed)
		revchain_buffer_puts(text, " (allowed)");
	for (place = place ? place->next : NULL; place; place = place->next) {
		revchain_buffer_puts(text, "%0A");
		add_escaped(text, place->path, false);
		if (place->line)
			revchain_buffer_printf(text, ":%d", place->line);
		revchain_buffer_puts(text, ": ");
		add_escaped(text, place->note ? place->note : "", false);
	}
	add_hints(text, finding->hints);
	revchain_buffer_puts(text, "\n");
}

void revchain_report_github(const struct revchain_report *report, struct revchain_buffer *text)
{
	const struct revchain_finding *finding;

	for (finding = report->findings->first; finding; finding = finding->next)
		if (finding->severity >= report->least)
			add_finding(text, finding);
}
