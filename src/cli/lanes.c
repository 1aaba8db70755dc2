#include "lanes.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static int fail_outside(struct revchain_error *error, const char *path, const char *workdir)
{
	revchain_fail(error, REVCHAIN_USAGE, "%s is outside of the repository %s", path, workdir);
	revchain_error_hint(error, "the migrations and their history must be in one repository");
	return REVCHAIN_USAGE;
}

int lanes_path(struct workspace *workspace, const char *path, const char **result,
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
	*result = revchain_repository_below(workspace->repository, real);
	if (*result)
		return REVCHAIN_OK;
	/* perhaps only through a link above the work tree */
	if (realpath(full, resolved) &&
	    revchain_repository_below(workspace->repository, resolved)) {
		*result = revchain_arena_printf(
			workspace->arena, "%s",
			revchain_repository_below(workspace->repository, resolved));
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

		status = lanes_path(workspace, given, &path, error);
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
	int status = workdir ? lanes_path(workspace, ".", &here, error) : REVCHAIN_OK;

	if (!status && options->config)
		status = lanes_path(workspace, options->config, &config, error);
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

const char *lanes_start(struct workspace *workspace)
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

int lanes_find(struct workspace *workspace, struct revchain_error *error)
{
	return workspace->options->directory_count ? lanes_from_arguments(workspace, error)
						   : lanes_from_project(workspace, error);
}
