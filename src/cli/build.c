#include "commands.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "appendonly.h"
#include "options.h"
#include "output.h"
#include "workspace.h"

static const char usage[] = "usage: revchain build [OPTIONS] [DIR...]\n"
			    "\n"
			    "Read the history of the migrations, decide their one order, and write "
			    "revision_chain.json\n"
			    "beside the versions directory: the parent of each dynamic migration.\n"
			    "\n"
			    "  -o, --output FILE  write there instead; - is standard output\n"
			    "\n";

/* Whether two lanes have their chain in one file. */
static bool share_file(const struct workspace *workspace, size_t a, size_t b)
{
	return workspace->options->output ||
	       strcmp(workspace->outputs[a], workspace->outputs[b]) == 0;
}

static size_t count_dynamic(const struct workspace *workspace, const bool *lanes)
{
	size_t i, count = 0;

	for (i = 0; i < workspace->set.count; i++)
		count += workspace->set.items[i].kind == REVCHAIN_DYNAMIC &&
			 lanes[workspace->set.items[i].lane];
	return count;
}

/* A path as it is seen from here. */
static const char *seen_from_here(const char *path)
{
	char here[PATH_MAX];
	size_t length;

	if (!getcwd(here, sizeof(here)))
		return path;
	length = strlen(here);
	return strncmp(path, here, length) == 0 && path[length] == '/' ? path + length + 1 : path;
}

/* Write the chain of some lanes to one file. */
static int write_file(struct workspace *workspace, const bool *lanes, const char *path)
{
	const struct options *options = workspace->options;
	struct revchain_buffer text = {0};
	struct revchain_error error = {0};
	size_t count = count_dynamic(workspace, lanes);
	int status =
		revchain_chainfile_text(&workspace->set, &workspace->chain, lanes, &text, &error);

	if (status) {
		output_failure(&error, options);
	} else if (strcmp(path, "-") == 0) {
		status = output_result(&text) ? 0 : REVCHAIN_IO;
	} else {
		status = revchain_chainfile_write(path, text.text, text.length, &error);
		if (status)
			output_failure(&error, options);
		else if (!options->quiet)
			output_note("%s: %zu dynamic migration%s in order", seen_from_here(path),
				    count, count == 1 ? "" : "s");
	}
	revchain_buffer_free(&text);
	return status;
}

/* One file for the lanes that share `first`'s. */
static int write_group(struct workspace *workspace, size_t first, bool *written)
{
	bool *lanes = revchain_arena_array(workspace->arena, workspace->lane_count, sizeof(*lanes));
	const char *path = workspace->options->output;
	size_t i;

	if (!path)
		path = revchain_arena_printf(workspace->arena, "%s/%s",
					     strcmp(workspace->outputs[first], "/") == 0
						     ? ""
						     : workspace->outputs[first],
					     REVCHAIN_CHAINFILE_NAME);
	if (!lanes || !path) {
		output_error("memory ran out");
		return REVCHAIN_IO;
	}
	for (i = first; i < workspace->lane_count; i++)
		lanes[i] = written[i] = written[i] || share_file(workspace, first, i);
	return write_file(workspace, lanes, path);
}

static int write_files(struct workspace *workspace)
{
	bool *written =
		revchain_arena_array(workspace->arena, workspace->lane_count, sizeof(*written));
	size_t lane;
	int status = 0;

	if (!written) {
		output_error("memory ran out");
		return REVCHAIN_IO;
	}
	for (lane = 0; !status && lane < workspace->lane_count; lane++)
		if (!written[lane])
			status = write_group(workspace, lane, written);
	return status;
}

static int build(struct workspace *workspace)
{
	struct revchain_error error = {0};
	int status;

	if (!workspace->options->output && !revchain_repository_workdir(workspace->repository)) {
		output_error("a bare repository has no place beside the versions directory for the "
			     "chain");
		output_hint("say where to write it: -o FILE, or -o - for standard output");
		return REVCHAIN_USAGE;
	}
	status = workspace_order(workspace, true);
	if (status)
		return status;
	status = append_only_check(
		workspace, workspace->chain.complete ? workspace->chain.parents : NULL, &error);
	if (status)
		return output_failure(&error, workspace->options);
	output_findings(&workspace->findings, workspace->options);
	status = workspace_verdict(workspace);
	if (!status)
		return write_files(workspace);
	if (!workspace->options->quiet)
		output_note("nothing was written");
	return status;
}

int command_build(int argc, char **argv)
{
	static const struct workspace_command command = {
		.usage = usage, .takes = TAKES_OUTPUT | TAKES_APPEND, .run = build};

	return workspace_run(&command, argc, argv);
}
