#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "options.h"
#include "output.h"
#include "workspace.h"

static const char usage[] =
	"usage: revchain log [OPTIONS] [DIR...]\n"
	"\n"
	"Print every migration in its order: position, the commit by which it landed, that "
	"commit's\n"
	"date, revision, kind and path. Lanes come one after the other.\n"
	"\n"
	"      --format FORMAT  text, path (as git log --name-only prints it) or json\n"
	"\n";

static const char *const formats[] = {"text", "path", "json", NULL};
static const char *const kinds[] = {"static", "dynamic", "hybrid"};

#define COMMIT_DIGITS 10

/* Whether the parents of a migration are known: a dynamic one's are not where the chain is wrong.
 */
static bool knows_parents(const struct workspace *workspace,
			  const struct revchain_migration *migration)
{
	return migration->kind != REVCHAIN_DYNAMIC || workspace->chain.complete;
}

static void add_down_revision(const struct workspace *workspace, size_t index,
			      struct revchain_buffer *text)
{
	const struct revchain_migration *migration = &workspace->set.items[index];
	const struct revchain_value *value = &migration->scan.down_revision;
	const struct revchain_links *parents = &workspace->chain.parents[index];
	size_t i;

	if (value->kind == REVCHAIN_VALUE_SEQUENCE && value->count) {
		for (i = 0; i < value->count; i++) {
			revchain_buffer_puts(text, i ? ", " : "[");
			revchain_text_json(text, value->strings[i]);
		}
		revchain_buffer_puts(text, "]");
	} else if (value->kind == REVCHAIN_VALUE_STRING) {
		revchain_text_json(text, value->strings[0]);
	} else if (migration->kind == REVCHAIN_DYNAMIC && knows_parents(workspace, migration) &&
		   parents->count) {
		revchain_text_json(text, workspace->set.items[parents->to[0]].revision);
	} else {
		revchain_buffer_puts(text, "null");
	}
}

static void add_commit(const struct revchain_ordered *ordered, size_t digits,
		       struct revchain_buffer *text)
{
	char hex[REVCHAIN_OID_HEX + 1];

	git_oid_tostr(hex, digits + 1, &ordered->commit);
	revchain_buffer_puts(text, hex);
}

static void add_json(const struct workspace *workspace, const struct revchain_ordered *ordered,
		     size_t position, struct revchain_buffer *text)
{
	const struct revchain_migration *migration = &workspace->set.items[ordered->migration];

	revchain_buffer_printf(text, "  {\n    \"position\": %zu,\n    \"revision\": ", position);
	if (migration->revision)
		revchain_text_json(text, migration->revision);
	else
		revchain_buffer_puts(text, "null");
	revchain_buffer_puts(text, ",\n    \"down_revision\": ");
	add_down_revision(workspace, ordered->migration, text);
	revchain_buffer_printf(text,
			       ",\n    \"kind\": \"%s\",\n    \"path\": ", kinds[migration->kind]);
	revchain_text_json(text, migration->path);
	revchain_buffer_puts(text, ",\n    \"commit\": ");
	if (ordered->has_commit) {
		revchain_buffer_puts(text, "\"");
		add_commit(ordered, REVCHAIN_OID_HEX, text);
		revchain_buffer_puts(text, "\",\n    \"date\": \"");
		revchain_text_date(text, ordered->date, ordered->zone);
		revchain_buffer_puts(text, "\"\n  }");
	} else {
		revchain_buffer_puts(text, "null,\n    \"date\": null\n  }");
	}
}

/* How wide the columns of the table are. */
struct widths {
	size_t position, revision;
};

static const char *shown_revision(const struct workspace *workspace,
				  const struct revchain_ordered *ordered,
				  struct revchain_buffer *escaped)
{
	const char *revision = workspace->set.items[ordered->migration].revision;

	escaped->length = 0;
	revchain_text_escape(escaped, revision ? revision : "-");
	return escaped->text && escaped->length ? escaped->text : "-";
}

static void measure(const struct workspace *workspace, struct widths *widths,
		    struct revchain_buffer *text)
{
	struct revchain_buffer escaped = {0};
	size_t i, digits = 1, count;

	for (count = workspace->order.count; count >= 10; count /= 10)
		digits++;
	widths->position = digits;
	widths->revision = 0;
	for (i = 0; i < workspace->order.count; i++) {
		size_t columns = revchain_text_columns(
			shown_revision(workspace, &workspace->order.items[i], &escaped));

		if (columns > widths->revision)
			widths->revision = columns;
	}
	text->failed = text->failed || escaped.failed;
	revchain_buffer_free(&escaped);
}

static void add_padding(struct revchain_buffer *text, size_t used, size_t width)
{
	for (; used < width; used++) /* the width is too small where memory ran out for it */
		revchain_buffer_puts(text, " ");
}

static void add_row(const struct workspace *workspace, const struct revchain_ordered *ordered,
		    size_t position, const struct widths *widths, bool colour,
		    struct revchain_buffer *text)
{
	static const char *const kind_colours[] = {"", "\033[32m", "\033[35m"};
	const struct revchain_migration *migration = &workspace->set.items[ordered->migration];
	struct revchain_buffer escaped = {0}, date = {0};
	const char *revision = shown_revision(workspace, ordered, &escaped),
		   *plain = colour ? "\033[m" : "";

	revchain_buffer_printf(text, "%*zu  %s", (int)widths->position, position,
			       colour ? "\033[33m" : "");
	if (ordered->has_commit)
		add_commit(ordered, COMMIT_DIGITS, text);
	else
		revchain_buffer_puts(text, ordered->committed ? "left out   " : "uncommitted");
	revchain_text_date(&date, ordered->date, ordered->zone);
	revchain_buffer_printf(text, "%s  %.10s  %s%s%s", plain,
			       ordered->has_commit ? (date.text ? date.text : "") : "         ",
			       colour ? "\033[1m" : "", revision, plain);
	add_padding(text, revchain_text_columns(revision), widths->revision);
	revchain_buffer_printf(text, "  %s%-7s%s  ", colour ? kind_colours[migration->kind] : "",
			       kinds[migration->kind], plain);
	revchain_text_escape(text, migration->path);
	revchain_buffer_puts(text, "\n");
	text->failed = text->failed || escaped.failed || date.failed;
	revchain_buffer_free(&escaped);
	revchain_buffer_free(&date);
}

static void add_lane_heading(const struct workspace *workspace, size_t lane, bool colour,
			     struct revchain_buffer *text)
{
	revchain_buffer_printf(text, "%s%s", lane ? "\n" : "", colour ? "\033[1m" : "");
	revchain_text_escape(
		text, *workspace->lanes[lane].directory ? workspace->lanes[lane].directory : ".");
	revchain_buffer_puts(text, colour ? "\033[m\n" : "\n");
}

static void render(const struct workspace *workspace, struct revchain_buffer *text)
{
	const char *format = workspace->options->format ? workspace->options->format : "text";
	bool json = strcmp(format, "json") == 0, path = strcmp(format, "path") == 0, first = true;
	bool colour = output_colour(workspace->options->colour, stdout);
	const struct revchain_order *order = &workspace->order;
	struct widths widths = {0};
	size_t lane, i;

	if (!json && !path)
		measure(workspace, &widths, text);
	for (lane = 0; lane < workspace->lane_count; lane++) {
		if (!json && !path && workspace->lane_count > 1)
			add_lane_heading(workspace, lane, colour, text);
		for (i = order->lane_start[lane]; i < order->lane_start[lane + 1]; i++) {
			size_t position = i - order->lane_start[lane] + 1;

			if (json) {
				revchain_buffer_puts(text, first ? "[\n" : ",\n");
				add_json(workspace, &order->items[i], position, text);
			} else if (path) {
				revchain_text_quote_path(
					text, workspace->set.items[order->items[i].migration].path);
				revchain_buffer_puts(text, "\n");
			} else {
				add_row(workspace, &order->items[i], position, &widths, colour,
					text);
			}
			first = false;
		}
	}
	if (json)
		revchain_buffer_puts(text, first ? "[]\n" : "\n]\n");
}

static int print_log(struct workspace *workspace)
{
	struct revchain_buffer text = {0};
	int status = workspace_order(workspace, false);

	if (status)
		return status;
	render(workspace, &text);
	if (text.failed)
		workspace->findings.out_of_memory = true;
	else if (!output_result(&text))
		status = REVCHAIN_IO;
	revchain_buffer_free(&text);
	output_findings(&workspace->findings, workspace->options);
	return status ? status : workspace_verdict(workspace);
}

int command_log(int argc, char **argv)
{
	static const struct workspace_command command = {
		.usage = usage, .takes = TAKES_FORMAT, .formats = formats, .run = print_log};

	return workspace_run(&command, argc, argv);
}
