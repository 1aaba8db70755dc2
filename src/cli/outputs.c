#include "outputs.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The path of what a file is in, in place. */
static const char *cut_to_directory(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	slash[slash == path] = '\0';
	return path;
}

/* `build` without -o: it writes beside the lanes. */
static bool writes_beside_lanes(const struct workspace *workspace)
{
	return workspace->command->takes & TAKES_OUTPUT && !workspace->options->output &&
	       revchain_repository_workdir(workspace->repository);
}

int outputs_confine(struct workspace *workspace, struct revchain_error *error)
{
	const struct options *options = workspace->options;
	const char *workdir = revchain_repository_workdir(workspace->repository), *writable[2];
	char target[PATH_MAX], directory[PATH_MAX];
	size_t count = 0;

	sandbox_enter(&workspace->sandbox);
	if (writes_beside_lanes(workspace))
		return REVCHAIN_OK;
	if (options->output && strcmp(options->output, "-") != 0) {
		int status =
			revchain_atomicfile_target(options->output, target, sizeof(target), error);

		if (status)
			return status;
		memcpy(directory, target, sizeof(directory));
		writable[count++] = target; /* a pipe, a device */
		writable[count++] = cut_to_directory(directory);
	} else if (workspace->command->takes & TAKES_DRY_RUN && !options->dry_run && workdir) {
		writable[count++] = workdir;
	}
	sandbox_restrict_files(&workspace->sandbox, writable, count);
	return REVCHAIN_OK;
}

static bool is_below(const char *directory, const char *path)
{
	size_t length = strlen(directory);

	return strncmp(path, directory, length) == 0 &&
	       (path[length] == '/' || path[length] == '\0');
}

/* Whether a directory is in the work tree, and not in the repository's own. */
static bool is_in_work_tree(const struct workspace *workspace, const char *directory)
{
	const char *workdir = revchain_repository_workdir(workspace->repository);
	char real[PATH_MAX], own[PATH_MAX];

	return realpath(directory, real) && is_below(workdir, real) &&
	       !(realpath(revchain_repository_git_directory(workspace->repository), own) &&
		 is_below(own, real));
}

/* Whether the commit that was checked out has the path, as a link or else. */
static int is_committed(struct workspace *workspace, const char *path, bool *committed,
			struct revchain_error *error)
{
	const char *workdir = revchain_repository_workdir(workspace->repository);
	enum revchain_file_type type = REVCHAIN_FILE_NONE;
	struct revchain_snapshot head;
	int status = REVCHAIN_OK;

	if (!workspace->unborn && is_below(workdir, path)) {
		status = revchain_snapshot_commit(&head, workspace->repository, &workspace->tip,
						  error);
		if (!status)
			status = revchain_snapshot_stat(&head, path + strlen(workdir) + 1,
							workspace->arena, &type, NULL, error);
	}
	*committed = type != REVCHAIN_FILE_NONE;
	return status;
}

/* The directory in which the chain file of a lane is replaced. */
static int find_directory(struct workspace *workspace, const char *output, const char **directory,
			  struct revchain_error *error)
{
	const char *path = revchain_arena_printf(workspace->arena, "%s/%s",
						 strcmp(output, "/") == 0 ? "" : output,
						 REVCHAIN_CHAINFILE_NAME);
	char target[PATH_MAX];
	bool committed = false;
	int status;

	if (!path)
		return revchain_fail_memory(error);
	status = revchain_atomicfile_target(path, target, sizeof(target), error);
	if (status)
		return status;
	*directory = output;
	if (strcmp(target, path) == 0)
		return REVCHAIN_OK;
	cut_to_directory(target);
	*directory = revchain_arena_copy(workspace->arena, target, strlen(target));
	if (!*directory)
		return revchain_fail_memory(error);
	if (!is_in_work_tree(workspace, target))
		status = is_committed(workspace, path, &committed, error);
	if (status || !committed)
		return status;
	revchain_fail(error, REVCHAIN_IO,
		      "the repository has a link in place of this file, and it leads out of the "
		      "work tree");
	revchain_error_at(error, path, 0);
	revchain_error_hint(error, "git rm --cached it and make it anew, or say where to write: "
				   "-o FILE");
	return REVCHAIN_IO;
}

int outputs_confine_build(struct workspace *workspace, struct revchain_error *error)
{
	const char **directories;
	size_t i;
	int status = REVCHAIN_OK;

	if (!writes_beside_lanes(workspace))
		return REVCHAIN_OK;
	directories =
		revchain_arena_array(workspace->arena, workspace->lane_count, sizeof(*directories));
	if (!directories)
		return revchain_fail_memory(error);
	for (i = 0; !status && i < workspace->lane_count; i++)
		status = find_directory(workspace, workspace->outputs[i], &directories[i], error);
	if (!status)
		sandbox_restrict_files(&workspace->sandbox, directories, workspace->lane_count);
	return status;
}
