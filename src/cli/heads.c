#include "commands.h"
#include "options.h"
#include "revisions.h"
#include "workspace.h"

static const char usage[] =
	"usage: revchain heads [OPTIONS] [DIR...]\n"
	"\n"
	"Print the heads as `alembic heads` prints them, with --verbose as it does with --verbose, "
	"without\n"
	"importing anything.\n"
	"\n";

static int print_heads(struct workspace *workspace)
{
	struct revchain_buffer text = {0};
	struct revchain_revmap map;
	size_t i;
	int status = revisions_open(workspace, &map, NULL);

	if (status)
		return status;
	for (i = 0; i < map.head_count; i++) {
		const char *path = revisions_path(workspace, map.heads[i]);

		if (!path) {
			text.failed = true;
		} else if (workspace->options->verbose) {
			revchain_revmap_entry(&map, map.heads[i], path, &text);
		} else {
			revchain_revmap_head_line(&map, map.heads[i], &text);
		}
	}
	return revisions_print(workspace, &text);
}

int command_heads(int argc, char **argv)
{
	static const struct workspace_command command = {
		.usage = usage, .tree_only = true, .run = print_heads};

	return workspace_run(&command, argc, argv);
}
