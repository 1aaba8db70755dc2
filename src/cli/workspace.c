#include "workspace.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "appendonly.h"
#include "output.h"
#include "outputs.h"

static const char *absolute(struct revchain_arena *arena, const char *path)
{
	char here[PATH_MAX];

	if (*path == '/')
		return path;
	return getcwd(here, sizeof(here)) ? revchain_arena_join(arena, here, path) : NULL;
}

/* An absolute path without `.`, `..` and double slashes, links not followed. */
static char *normalize(struct revchain_arena *arena, const char *path)
{
	char *result = revchain_arena_alloc(arena, strlen(path) + 2);
	size_t used = 0;

	while (result && *path) {
		size_t length = strcspn(path, "/");

		if (length == 2 && memcmp(path, "..", 2) == 0) {
			while (used && result[--used] != '/')
				;
		} else if (length && !(length == 1 && *path == '.')) {
			result[used++] = '/';
			memcpy(result + used, path, length);
			used += length;
		}
		path += length + (path[length] == '/');
	}
	if (!result)
		return NULL;
	result[used] = '\0';
	return result;
}

/* The part of a path below the work tree; NULL: it is not below. */
static const char *below(const char *workdir, const char *path)
{
	size_t length = strcmp(workdir, "/") == 0 ? 0 : strlen(workdir);

	if (strncmp(path, workdir, length) != 0 || (path[length] != '/' && path[length] != '\0'))
		return NULL;
	return path[length] ? path + length + 1 : path + length;
}

static int fail_outside(struct revchain_error *error, const char *path, const char *workdir)
{
	revchain_fail(error, REVCHAIN_USAGE, "%s is outside of the repository %s", path, workdir);
	revchain_error_hint(error, "the migrations and their history must be in one repository");
	return REVCHAIN_USAGE;
}

/*
 * A path of the command line as a path from the repository's root. Links above the last existing
 * part are followed; where only a commit is read, the work tree need not have it.
 */
static int from_root(struct workspace *workspace, const char *path, const char **result,
		     struct revchain_error *error)
{
	const char *workdir = revchain_repository_workdir(workspace->repository);
	const char *full = workdir ? absolute(workspace->arena, path) : path;
	char *real = full ? normalize(workspace->arena, full) : NULL;
	char resolved[PATH_MAX];

	if (!real)
		return revchain_fail_memory(error);
	if (!workdir) {
		*result = *real ? real + 1 : real;
		return REVCHAIN_OK;
	}
	*result = below(workdir, real);
	if (*result)
		return REVCHAIN_OK;
	/* perhaps only through a link above the work tree */
	if (realpath(full, resolved) && below(workdir, resolved)) {
		*result = revchain_arena_printf(workspace->arena, "%s", below(workdir, resolved));
		return *result ? REVCHAIN_OK : revchain_fail_memory(error);
	}
	return fail_outside(error, path, workdir);
}

/* The files of the last commit, where what was looked for is not in the work tree. */
static bool last_commit(struct workspace *workspace, struct revchain_snapshot *head)
{
	struct revchain_error ignored;

	return workspace->snapshot.worktree && !workspace->unborn &&
	       revchain_snapshot_commit(head, workspace->repository, &workspace->tip, &ignored) ==
		       0;
}

static void hint_last_commit(struct revchain_error *error)
{
	revchain_error_hint(error, "the last commit has it: read that instead, with --rev HEAD");
}

static int fail_directory(struct workspace *workspace, const char *given, const char *path,
			  enum revchain_file_type type, struct revchain_error *error)
{
	struct revchain_snapshot head;
	enum revchain_file_type in_head = REVCHAIN_FILE_NONE;
	struct revchain_error ignored;

	if (type == REVCHAIN_FILE_REGULAR)
		revchain_fail(error, REVCHAIN_USAGE, "'%s' is a file, not a versions directory",
			      given);
	else if (type == REVCHAIN_FILE_OTHER)
		revchain_fail(error, REVCHAIN_USAGE,
			      "'%s' leads out of the repository, into a submodule, or nowhere",
			      given);
	else
		revchain_fail(error, REVCHAIN_USAGE, "there is no directory '%s'%s%s", given,
			      workspace->options->revision ? " in " : "",
			      workspace->options->revision ? workspace->options->revision : "");
	if (type == REVCHAIN_FILE_NONE && last_commit(workspace, &head) &&
	    revchain_snapshot_stat(&head, path, workspace->arena, &in_head, NULL, &ignored) == 0 &&
	    in_head == REVCHAIN_FILE_DIRECTORY)
		hint_last_commit(error);
	else
		revchain_error_hint(error, "name the directory that holds the migration files, "
					   "such as migrations/versions");
	return REVCHAIN_USAGE;
}

/* The directory above a path of the command line, links in its last component not followed. */
static const char *directory_above(struct revchain_arena *arena, const char *path)
{
	const char *full = absolute(arena, path);
	char *normal = full ? normalize(arena, full) : NULL, *slash;

	if (!normal)
		return NULL;
	slash = strrchr(normal, '/');
	if (!slash || slash == normal)
		return "/";
	*slash = '\0';
	return normal;
}

/* Enter a lane, given by its path from the root; `given` is what to call it. */
static int add_lane(struct workspace *workspace, const char *path, const char *given,
		    struct revchain_error *error)
{
	const char *workdir = revchain_repository_workdir(workspace->repository);
	enum revchain_file_type type;
	const char *resolved = NULL, *output = NULL;
	int status = revchain_snapshot_stat(&workspace->snapshot, path, workspace->arena, &type,
					    &resolved, error);
	size_t i;

	if (status)
		return status;
	if (type != REVCHAIN_FILE_DIRECTORY)
		return fail_directory(workspace, given, path, type, error);
	for (i = 0; i < workspace->lane_count; i++)
		if (strcmp(workspace->lanes[i].directory, resolved) == 0)
			return REVCHAIN_OK;
	if (workdir) {
		output = revchain_arena_join(workspace->arena, workdir, resolved);
		output = output ? directory_above(workspace->arena, output) : NULL;
		if (!output)
			return revchain_fail_memory(error);
	}
	workspace->lanes[workspace->lane_count].directory = resolved;
	workspace->outputs[workspace->lane_count++] = output;
	return REVCHAIN_OK;
}

static int make_room(struct workspace *workspace, size_t count, struct revchain_error *error)
{
	workspace->lanes = revchain_arena_array(workspace->arena, count, sizeof(*workspace->lanes));
	workspace->outputs =
		revchain_arena_array(workspace->arena, count, sizeof(*workspace->outputs));
	return workspace->lanes && workspace->outputs ? REVCHAIN_OK : revchain_fail_memory(error);
}

static int lanes_from_arguments(struct workspace *workspace, struct revchain_error *error)
{
	const struct options *options = workspace->options;
	size_t i;
	int status = make_room(workspace, options->directory_count, error);

	workspace->recursive = options->recursive;
	for (i = 0; !status && i < options->directory_count; i++) {
		const char *given = options->directories[i], *path;

		status = from_root(workspace, given, &path, error);
		if (!status)
			status = add_lane(workspace, path, given, error);
	}
	return status;
}

static int lanes_from_project(struct workspace *workspace, struct revchain_error *error)
{
	const struct options *options = workspace->options;
	const char *workdir = revchain_repository_workdir(workspace->repository);
	const char *here = "", *config = NULL;
	struct revchain_project project;
	struct revchain_snapshot head;
	struct revchain_error ignored;
	size_t i;
	int status = workdir ? from_root(workspace, ".", &here, error) : REVCHAIN_OK;

	if (!status && options->config)
		status = from_root(workspace, options->config, &config, error);
	if (!status)
		status = revchain_project_read(&workspace->snapshot, here, config, options->section,
					       workspace->arena, &project, error);
	if (status == REVCHAIN_USAGE && last_commit(workspace, &head) &&
	    revchain_project_read(&head, here, config, options->section, workspace->arena, &project,
				  &ignored) == 0)
		hint_last_commit(error);
	if (!status)
		status = make_room(workspace, project.count, error);
	if (status)
		return status;
	workspace->recursive = options->recursive || project.recursive;
	workspace->scope.discover = true;
	workspace->scope.directory = here;
	workspace->scope.config = config;
	workspace->scope.section = options->section;
	for (i = 0; !status && i < project.count; i++) {
		const char *location = project.locations[i];

		status = add_lane(workspace, location, location, error);
		if (status == REVCHAIN_USAGE)
			revchain_error_hint(error, "%s names it", project.config);
	}
	return status;
}

/*
 * Where the repository is looked for: at the first directory that was named (not where a link
 * leads, which may be another repository), or the configuration file, or here.
 */
static const char *start_directory(struct workspace *workspace)
{
	const struct options *options = workspace->options;
	char real[PATH_MAX];
	struct stat info;

	if (options->directory_count && lstat(options->directories[0], &info) == 0 &&
	    S_ISDIR(info.st_mode))
		return absolute(workspace->arena, options->directories[0]);
	if (options->directory_count)
		return directory_above(workspace->arena, options->directories[0]);
	if (options->config)
		return directory_above(workspace->arena, options->config);
	return realpath(".", real) ? revchain_arena_printf(workspace->arena, "%s", real) : NULL;
}

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
	const char *start = start_directory(workspace);
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
		status = options->directory_count ? lanes_from_arguments(workspace, &error)
						  : lanes_from_project(workspace, &error);
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
	status = from_root(workspace, ".", &here, error);
	if (!status && workspace->options->config)
		status = from_root(workspace, workspace->options->config, &config, error);
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
	status = open_all(&workspace, command, &options);
	if (!status)
		status = command->run(&workspace);
	revchain_repository_close(workspace.repository);
	revchain_arena_free(workspace.arena);
	return status;
}
