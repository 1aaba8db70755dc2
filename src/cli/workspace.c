#include "workspace.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "appendonly.h"
#include "heap.h"
#include "lanes.h"
#include "output.h"
#include "outputs.h"

static void warn_of_rewritten_history(struct workspace *workspace)
{
	struct revchain_findings *findings = &workspace->findings;
	struct revchain_finding *finding;

	if (revchain_repository_has_grafts(workspace->repository)) {
		finding = revchain_finding_add(
			findings, REVCHAIN_FINDING_GRAFTS, REVCHAIN_WARNING,
			"grafts are ignored: the order is that of the history as it was committed");
		revchain_finding_hint(findings, finding,
				      "git replace --convert-graft-file, then git filter-branch, "
				      "makes them real");
	}
	if (revchain_repository_has_replace_refs(workspace->repository)) {
		finding = revchain_finding_add(findings, REVCHAIN_FINDING_REPLACE_REFS,
					       REVCHAIN_WARNING,
					       "replace refs are ignored: the order is that of the "
					       "history as it was committed");
		revchain_finding_hint(findings, finding,
				      "git replace --list names them; git --no-replace-objects log "
				      "shows what revchain reads");
	}
}

static int open_repository(struct workspace *workspace, bool tree_only,
			   struct revchain_error *error)
{
	const struct options *options = workspace->options;
	const char *start = lanes_start(workspace);
	int status =
		start ? revchain_repository_open(&workspace->repository, start, error)
		      : revchain_fail(error, REVCHAIN_IO,
				      "the current directory cannot be read: %s", strerror(errno));

	if (!status)
		status = outputs_confine(workspace, error);
	if (!status && !tree_only)
		status = revchain_repository_require_full_history(workspace->repository, error);
	if (!status)
		status = revchain_repository_resolve(workspace->repository, options->revision,
						     &workspace->tip, &workspace->unborn, error);
	if (status)
		return status;
	warn_of_rewritten_history(workspace);
	if (!options->revision)
		return revchain_snapshot_worktree(&workspace->snapshot, workspace->repository,
						  error);
	return revchain_snapshot_commit(&workspace->snapshot, workspace->repository,
					&workspace->tip, error);
}

/* For --verbose: what was read. */
static void describe(const struct workspace *workspace)
{
	const char *workdir = revchain_repository_workdir(workspace->repository);
	char hex[REVCHAIN_OID_HEX + 1];
	size_t lane, i;

	output_note("%s%s, %s", workdir ? workdir : "a bare repository",
		    workspace->snapshot.worktree ? ": the work tree" : "",
		    workspace->unborn ? "no commit yet"
				      : git_oid_tostr(hex, sizeof(hex), &workspace->tip));
	output_note("%s", sandbox_describe(&workspace->sandbox));
	for (lane = 0; lane < workspace->lane_count; lane++) {
		size_t kinds[3] = {0};

		for (i = 0; i < workspace->set.count; i++)
			if (workspace->set.items[i].lane == lane)
				kinds[workspace->set.items[i].kind]++;
		output_note("%s: %zu static, %zu dynamic, %zu hybrid",
			    workspace->lanes[lane].directory, kinds[REVCHAIN_STATIC],
			    kinds[REVCHAIN_DYNAMIC], kinds[REVCHAIN_HYBRID]);
	}
}

static void set_scope(struct workspace *workspace)
{
	struct revchain_scope *scope = &workspace->scope;

	scope->repository = workspace->repository;
	scope->recursive_anywhere = workspace->options->recursive;
	scope->lanes = workspace->lanes;
	scope->lane_count = workspace->lane_count;
	scope->recursive = workspace->recursive;
}

/* Open everything up to the migrations, linked but not in order. What stops it is printed. */
static int open_all(struct workspace *workspace, const struct workspace_command *command,
		    const struct options *options)
{
	struct revchain_error error = {0};
	int status;

	memset(workspace, 0, sizeof(*workspace));
	workspace->command = command;
	workspace->options = options;
	workspace->arena = revchain_arena_new();
	if (!workspace->arena) {
		revchain_fail_memory(&error);
		return output_failure(&error, options);
	}
	revchain_findings_init(&workspace->findings, workspace->arena);
	status = open_repository(workspace, command->tree_only, &error);
	if (!status)
		status = lanes_find(workspace, &error);
	set_scope(workspace);
	if (!status)
		status = outputs_confine_build(workspace, &error);
	if (!status)
		status = revchain_migrations_load(&workspace->set, &workspace->snapshot,
						  workspace->lanes, workspace->lane_count,
						  workspace->recursive, workspace->arena,
						  &workspace->findings, &error);
	if (!status)
		status = revchain_graph_link(&workspace->set, &workspace->findings, &error);
	if (status)
		return output_failure(&error, options);
	if (options->verbose)
		describe(workspace);
	return 0;
}

/* A history to walk, which draws its progress on the terminal. */
static struct revchain_history start_history(struct workspace *workspace, struct progress *progress)
{
	struct revchain_history history = {
		.repository = workspace->repository,
		.revision_of = revchain_order_revision_of,
		.progress = output_progress_wanted(workspace->options) ? output_progress : NULL,
		.progress_data = progress,
		.arena = workspace->arena,
	};

	output_progress_start(progress);
	return history;
}

/* Bring the migrations into one order. `findings` NULL: only to compare it. */
static int order_by(struct workspace *workspace, enum revchain_order_kind kind, bool dynamic_only,
		    struct revchain_order *order, struct revchain_findings *findings,
		    struct revchain_error *error)
{
	struct progress progress;
	struct revchain_history history = start_history(workspace, &progress);
	int status = revchain_order(kind, &history, &workspace->snapshot, &workspace->set,
				    workspace->unborn ? NULL : &workspace->tip, dynamic_only, order,
				    findings, error);

	output_progress_end(&progress);
	return status;
}

int workspace_state(struct workspace *workspace, const char *revision, struct revchain_state *state,
		    struct revchain_error *error)
{
	git_oid commit;
	int status =
		revchain_repository_resolve(workspace->repository, revision, &commit, NULL, error);

	return status ? status
		      : revchain_state_read(&workspace->scope, revision, &commit, workspace->arena,
					    state, &workspace->findings, error);
}

int workspace_state_order(struct workspace *workspace, struct revchain_state *state,
			  bool dynamic_only, struct revchain_error *error)
{
	struct progress progress;
	struct revchain_history history = start_history(workspace, &progress);
	int status = revchain_state_order(state, workspace->options->order, &history, dynamic_only,
					  error);

	output_progress_end(&progress);
	return status;
}

int workspace_project(struct workspace *workspace, struct revchain_project *project,
		      struct revchain_error *error)
{
	const struct revchain_scope *scope = &workspace->scope;
	const char *here = "", *config = NULL, *lane = workspace->lanes[0].directory, *slash;
	int status = REVCHAIN_OK;

	if (scope->discover)
		return revchain_project_read(&workspace->snapshot, scope->directory, scope->config,
					     scope->section, workspace->arena, project, error);
	status = lanes_path(workspace, ".", &here, error);
	if (!status && workspace->options->config)
		status = lanes_path(workspace, workspace->options->config, &config, error);
	if (!status)
		status = revchain_project_read(&workspace->snapshot, here, config,
					       workspace->options->section, workspace->arena,
					       project, error);
	if (status != REVCHAIN_USAGE || config)
		return status;
	*project = (struct revchain_project){0};
	slash = strrchr(lane, '/');
	project->script_location =
		revchain_arena_copy(workspace->arena, lane, slash ? (size_t)(slash - lane) : 0);
	return project->script_location ? REVCHAIN_OK : revchain_fail_memory(error);
}

/* Say where the order differs from landing order, or with --verbose, where that differs from git's.
 */
static int compare_orders(struct workspace *workspace, bool dynamic_only,
			  struct revchain_error *error)
{
	enum revchain_order_kind asked = workspace->options->order, kind;
	struct revchain_findings apart, *notes = &workspace->findings;
	int status = REVCHAIN_OK;

	if (workspace->options->quiet) /* nobody would see them */
		return REVCHAIN_OK;
	if (!workspace->command->keeps_notes) {
		notes = &apart;
		revchain_findings_init(notes, workspace->arena);
	}
	for (kind = REVCHAIN_ORDER_LANDING; !status && kind <= REVCHAIN_ORDER_TOPO; kind++) {
		struct revchain_order other;
		bool wanted = asked == REVCHAIN_ORDER_LANDING ? workspace->options->verbose
							      : kind == REVCHAIN_ORDER_LANDING;

		if (kind == asked || !wanted)
			continue;
		status = order_by(workspace, kind, dynamic_only, &other, NULL, error);
		if (!status)
			revchain_order_compare(&workspace->set, &workspace->order, asked, &other,
					       kind, notes);
	}
	if (notes == &apart) {
		output_notes(notes, workspace->options);
		workspace->findings.out_of_memory =
			workspace->findings.out_of_memory || notes->out_of_memory;
	}
	return status;
}

static int read_order(struct workspace *workspace, bool dynamic_only, struct revchain_error *error)
{
	int status = revchain_repository_require_full_history(workspace->repository, error);

	if (!status)
		status = order_by(workspace, workspace->options->order, dynamic_only,
				  &workspace->order, &workspace->findings, error);
	if (!status && (workspace->options->base || workspace->options->pin))
		return append_only_reorder(workspace, dynamic_only, error);
	return status ? status : compare_orders(workspace, dynamic_only, error);
}

int workspace_landings(struct workspace *workspace)
{
	struct revchain_error error = {0};
	int status = read_order(workspace, false, &error);

	return status ? output_failure(&error, workspace->options) : 0;
}

int workspace_order(struct workspace *workspace, bool dynamic_only)
{
	struct revchain_error error = {0};
	int status = read_order(workspace, dynamic_only, &error);

	if (!status)
		status = revchain_chain_build(&workspace->set, &workspace->order, &workspace->chain,
					      &workspace->findings, &error);
	return status ? output_failure(&error, workspace->options) : 0;
}

int workspace_verdict(const struct workspace *workspace)
{
	const struct revchain_findings *findings = &workspace->findings;
	const struct revchain_finding *finding;
	size_t displaced = 0;

	if (findings->out_of_memory) {
		output_error("memory ran out");
		return REVCHAIN_IO;
	}
	for (finding = findings->first; finding; finding = finding->next)
		displaced += finding->severity == REVCHAIN_ERROR &&
			     strcmp(finding->id, REVCHAIN_FINDING_DISPLACED) == 0;
	if (findings->errors > displaced)
		return REVCHAIN_MIGRATIONS;
	if (displaced)
		return REVCHAIN_DISPLACED;
	return findings->warnings && workspace->options->strict ? REVCHAIN_MIGRATIONS : REVCHAIN_OK;
}

int workspace_run(const struct workspace_command *command, int argc, char **argv)
{
	struct workspace workspace;
	struct options options;
	int status = options_read(&options, argc, argv, command->takes, command->formats);

	if (status)
		return status;
	if (options.help) {
		printf("%s%s%s", command->usage,
		       command->takes & TAKES_APPEND ? options_append_help : "",
		       options_common_help);
		return 0;
	}
	if (options.order == REVCHAIN_ORDER_LANDING)
		heap_prepare();
	status = open_all(&workspace, command, &options);
	if (!status)
		status = command->run(&workspace);
	revchain_repository_close(workspace.repository);
	revchain_arena_free(workspace.arena);
	return status;
}
