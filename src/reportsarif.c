#include <string.h>

#include "revchain/findingtable.h"
#include "revchain/report.h"
#include "revchain/text.h"

#define SCHEMA                                                                                     \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0."   \
	"json"

static const char *const levels[] = {"note", "warning", "error"};

/* A JSON string of what a person may see: {"text": "…"}. */
static void add_message(struct revchain_buffer *text, const char *message, const char *hints)
{
	struct revchain_buffer shown = {0};

	revchain_text_escape(&shown, message);
	if (hints) {
		revchain_buffer_puts(&shown, "\n");
		revchain_text_escape_lines(&shown, hints);
	}
	revchain_buffer_puts(text, "{\"text\": ");
	revchain_text_json(text, shown.text ? shown.text : "");
	revchain_buffer_puts(text, "}");
	text->failed = text->failed || shown.failed;
	revchain_buffer_free(&shown);
}

/* A path as a relative URI reference: RFC 3986. A first component with a colon would look like a
 * scheme, so colons are escaped too. */
static void add_uri(struct revchain_buffer *text, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				    "-._~/";

	revchain_buffer_puts(text, "\"");
	for (; *path; path++) {
		if (strchr(plain, *path))
			revchain_buffer_add(text, path, 1);
		else
			revchain_buffer_printf(text, "%%%02X", (unsigned char)*path);
	}
	revchain_buffer_puts(text, "\"");
}

static void add_location(struct revchain_buffer *text, const struct revchain_place *place)
{
	revchain_buffer_puts(text, "{\"physicalLocation\": {\"artifactLocation\": {\"uri\": ");
	add_uri(text, place->path);
	revchain_buffer_puts(text, ", \"uriBaseId\": \"%SRCROOT%\"}");
	if (place->line)
		revchain_buffer_printf(text, ", \"region\": {\"startLine\": %d}", place->line);
	revchain_buffer_puts(text, "}");
	if (place->note) {
		revchain_buffer_puts(text, ", \"message\": ");
		add_message(text, place->note, NULL);
	}
	revchain_buffer_puts(text, "}");
}

static void add_result(struct revchain_buffer *text, const struct revchain_finding *finding)
{
	const struct revchain_place *place;

	revchain_buffer_printf(text,
			       "        {\n          \"ruleId\": \"%s\",\n"
			       "          \"ruleIndex\": %zu,\n          \"level\": \"%s\",\n"
			       "          \"message\": ",
			       finding->id, revchain_finding_kind_index(finding->id),
			       levels[finding->severity]);
	add_message(text, finding->message, finding->hints);
	revchain_buffer_puts(text, ",\n          \"locations\": [\n            ");
	add_location(text, finding->place);
	revchain_buffer_puts(text, "\n          ]");
	for (place = finding->place->next; place; place = place->next) {
		revchain_buffer_puts(text, place == finding->place->next
						   ? ",\n          \"relatedLocations\": [\n"
						   : ",\n");
		revchain_buffer_puts(text, "            ");
		add_location(text, place);
	}
	if (finding->place->next)
		revchain_buffer_puts(text, "\n          ]");
	if (finding->allowed)
		revchain_buffer_puts(text,
				     ",\n          \"suppressions\": [{\"kind\": \"external\"}]");
	revchain_buffer_puts(text, "\n        }");
}

/* What is about no file: a notification of the run. */
static void add_notification(struct revchain_buffer *text, const struct revchain_finding *finding)
{
	revchain_buffer_printf(text,
			       "            {\"associatedRule\": {\"id\": \"%s\", \"index\": %zu}, "
			       "\"level\": \"%s\", \"message\": ",
			       finding->id, revchain_finding_kind_index(finding->id),
			       levels[finding->severity]);
	add_message(text, finding->message, finding->hints);
	revchain_buffer_puts(text, "}");
}

static void add_findings(struct revchain_buffer *text, const struct revchain_report *report,
			 bool with_place)
{
	const struct revchain_finding *finding;
	bool first = true;

	for (finding = report->findings->first; finding; finding = finding->next) {
		if (finding->severity < report->least || (finding->place != NULL) != with_place)
			continue;
		revchain_buffer_puts(text, first ? "\n" : ",\n");
		if (with_place)
			add_result(text, finding);
		else
			add_notification(text, finding);
		first = false;
	}
}

static void add_rules(struct revchain_buffer *text)
{
	size_t i;

	for (i = 0; i < revchain_finding_kind_count; i++) {
		const struct revchain_finding_kind *kind = &revchain_finding_kinds[i];

		revchain_buffer_printf(text,
				       "%s            {\"id\": \"%s\", \"shortDescription\": ",
				       i ? ",\n" : "", kind->id);
		add_message(text, kind->summary, NULL);
		revchain_buffer_printf(text, ", \"defaultConfiguration\": {\"level\": \"%s\"}}",
				       levels[kind->severity]);
	}
}

void revchain_report_sarif(const struct revchain_report *report, struct revchain_buffer *text)
{
	revchain_buffer_printf(text,
			       "{\n  \"$schema\": \"%s\",\n  \"version\": \"2.1.0\",\n"
			       "  \"runs\": [\n    {\n      \"tool\": {\n        \"driver\": {\n"
			       "          \"name\": \"revchain\",\n          \"version\": \"%s\",\n"
			       "          \"rules\": [\n",
			       SCHEMA, report->version);
	add_rules(text);
	revchain_buffer_puts(text, "\n          ]\n        }\n      },\n"
				   "      \"columnKind\": \"utf16CodeUnits\",\n"
				   "      \"invocations\": [\n        {\n"
				   "          \"executionSuccessful\": true,\n"
				   "          \"toolExecutionNotifications\": [");
	add_findings(text, report, false);
	revchain_buffer_puts(text, "]\n        }\n      ],\n      \"results\": [");
	add_findings(text, report, true);
	revchain_buffer_puts(text, "\n      ]\n    }\n  ]\n}\n");
}
