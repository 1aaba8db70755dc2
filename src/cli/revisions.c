#include "revisions.h"

#include <stdlib.h>

#include "output.h"

/* Read where each migration landed, if the history is there. */
static int read_landings(struct workspace *workspace, const struct revchain_ordered ***landings)
{
	const struct revchain_order *order = &workspace->order;
	const struct revchain_ordered **found;
	struct revchain_error error = {0};
	size_t i;
	int status;

	*landings = NULL;
	if (revchain_repository_require_full_history(workspace->repository, &error) != 0) {
		output_note("where each landed is not shown: %s", error.message);
		return 0;
	}
	status = order->items ? 0 : workspace_landings(workspace);
	if (status)
		return status;
	found = revchain_arena_array(workspace->arena, workspace->set.count + 1, sizeof(*found));
	if (!found) {
		revchain_fail_memory(&error);
		return output_failure(&error, workspace->options);
	}
	for (i = 0; i < order->count; i++)
		found[order->items[i].migration] = &order->items[i];
	*landings = found;
	return 0;
}

int revisions_open(struct workspace *workspace, struct revchain_revmap *map,
		   const struct revchain_ordered ***landings)
{
	const struct revchain_migrations *set = &workspace->set;
	const struct revchain_links *parents;
	struct revchain_error error = {0};
	int status = 0;

	if (revchain_migrations_have_dynamic(set) && !workspace->findings.errors) {
		status = workspace_order(workspace, !landings);
		parents = workspace->chain.parents;
	} else {
		parents = revchain_migrations_parents(set, &error);
	}
	if (!status && workspace->findings.errors) {
		output_findings(&workspace->findings, workspace->options);
		status = workspace_verdict(workspace);
	}
	if (status)
		return status;
	status = parents ? revchain_revmap_build(set, parents, map, &error) : REVCHAIN_IO;
	if (status)
		return output_failure(&error, workspace->options);
	return landings ? read_landings(workspace, landings) : 0;
}

const char *revisions_path(const struct workspace *workspace, size_t migration)
{
	const char *workdir = revchain_repository_workdir(workspace->repository),
		   *path = workspace->set.items[migration].path;
	char *real = NULL;

	if (!workspace->snapshot.worktree)
		return path;
	path = revchain_arena_join(workspace->arena, workdir, path);
	/* a link among the files: Alembic shows where it leads */
	if (path && (real = realpath(path, NULL)))
		path = revchain_arena_printf(workspace->arena, "%s", real);
	free(real);
	return path;
}

int revisions_print(struct workspace *workspace, struct revchain_buffer *text)
{
	int status = 0;

	if (text->failed)
		workspace->findings.out_of_memory = true;
	else if (!output_result(text))
		status = REVCHAIN_IO;
	revchain_buffer_free(text);
	if (workspace->options->quiet)
		output_findings(&workspace->findings, workspace->options);
	else /* a label that cannot be read is a note, and missed here */
		output_notes(&workspace->findings, workspace->options);
	return status ? status : workspace_verdict(workspace);
}
