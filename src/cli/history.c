#include "commands.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "diagram.h"
#include "drawing.h"
#include "options.h"
#include "output.h"
#include "revisions.h"
#include "workspace.h"

static const char usage[] =
	"usage: revchain history [OPTIONS] [DIR...]\n"
	"\n"
	"Print the migrations, newest first, as `alembic history` prints them, with --verbose as "
	"it "
	"does\n"
	"with --verbose, without importing anything. Or draw their graph.\n"
	"\n"
	"      --format FORMAT  text (Alembic's own), graph (drawn, with where each landed), "
	"mermaid "
	"or dot\n"
	"  -r, --rev-range START:END\n"
	"                       only those, as with alembic history: ids, the beginnings of ids, "
	"labels,\n"
	"                       branch@head, steps (-3:, :abc+2)\n"
	"  -n, --max-count N    only the first N (the newest); with a word, -n is --name\n"
	"\n";

static const char *const formats[] = {"text", "graph", "mermaid", "dot", NULL};

/* The columns of the terminal that standard output is; 0: it is none. */
static size_t terminal_columns(void)
{
	struct winsize size;

	return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col
										     : 0;
}

static int fail_range(const char *why, const char *range)
{
	output_error("--rev-range takes START:END, START: or :END, %s '%s'", why, range);
	return REVCHAIN_USAGE;
}

/* The two ends of the range; NULL where one is left out. */
static int parse_range(const struct workspace *workspace, const char **start, const char **end)
{
	const char *range = workspace->options->range, *colon = range ? strchr(range, ':') : NULL;

	*start = *end = NULL;
	if (!range)
		return REVCHAIN_OK;
	if (!colon || strchr(colon + 1, ':'))
		return fail_range("not", range);
	*end = colon[1] ? colon + 1 : NULL;
	if (colon != range)
		*start = revchain_arena_copy(workspace->arena, range, (size_t)(colon - range));
	if ((*start && strcmp(*start, "current") == 0) || (*end && strcmp(*end, "current") == 0))
		return fail_range("and 'current' is known to a database alone:", range);
	return REVCHAIN_OK;
}

static void add_lines(const struct workspace *workspace, const struct revchain_revmap *map,
		      const size_t *order, size_t count, struct revchain_buffer *text)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const char *path = revisions_path(workspace, order[i]);

		if (!path)
			text->failed = true;
		else if (workspace->options->verbose)
			revchain_revmap_entry(map, order[i], path, text);
		else
			revchain_revmap_history_line(map, order[i], text);
	}
}

static void add_drawing(const struct workspace *workspace, const struct revchain_revmap *map,
			const struct revchain_ordered *const *landings, const size_t *order,
			size_t count, struct revchain_buffer *text)
{
	const struct drawing drawing = {
		.map = map,
		.landings = landings,
		.order = order,
		.count = count,
		.colour = output_colour(workspace->options->colour, stdout),
		.columns = terminal_columns(),
	};

	drawing_render(&drawing, text);
}

static int print_history(struct workspace *workspace)
{
	const struct options *options = workspace->options;
	const char *format = options->format ? options->format : "text", *start, *end;
	bool graph = strcmp(format, "graph") == 0;
	const struct revchain_ordered **landings = NULL;
	struct revchain_buffer text = {0};
	struct revchain_error error = {0};
	struct revchain_revmap map;
	size_t count, *order;
	int status = parse_range(workspace, &start, &end);

	if (!status)
		status = revisions_open(workspace, &map, graph ? &landings : NULL);
	if (status)
		return status;
	order = revchain_arena_array(workspace->arena, workspace->set.count + 1, sizeof(*order));
	status = order ? revchain_revmap_history(&map, start, end, order, &count, &error)
		       : revchain_fail_memory(&error);
	if (!status && landings && !drawing_sort(&map, landings, order, count))
		status = revchain_fail_memory(&error);
	if (status)
		return output_failure(&error, options);
	if (options->count && options->count < count)
		count = options->count;
	if (graph)
		add_drawing(workspace, &map, landings, order, count, &text);
	else if (strcmp(format, "mermaid") == 0)
		diagram_mermaid(&map, order, count, &text);
	else if (strcmp(format, "dot") == 0)
		diagram_dot(&map, order, count, &text);
	else
		add_lines(workspace, &map, order, count, &text);
	return revisions_print(workspace, &text);
}

int command_history(int argc, char **argv)
{
	static const struct workspace_command command = {
		.usage = usage,
		.takes = TAKES_FORMAT | TAKES_RANGE | TAKES_COUNT,
		.formats = formats,
		.tree_only = true,
		.run = print_history,
	};

	return workspace_run(&command, argc, argv);
}
