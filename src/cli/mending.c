#include "mending.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"

int mending_require_files(const struct workspace *workspace)
{
	if (workspace->snapshot.worktree)
		return 0;
	output_error("--rev reads a commit, in which nothing can be changed");
	output_hint("check it out, and leave out --rev");
	return REVCHAIN_USAGE;
}

const char *mending_reference(const struct workspace *workspace, const char *given,
			      const char *option)
{
	static const char *const usual[] = {"refs/remotes/origin/HEAD", "refs/remotes/origin/main",
					    "refs/remotes/origin/master", "refs/heads/main",
					    "refs/heads/master"};
	struct revchain_error ignored;
	git_oid commit;
	size_t i;

	if (given)
		return given;
	for (i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (revchain_repository_resolve(workspace->repository, usual[i], &commit, NULL,
						&ignored) == 0)
			return strchr(usual[i] + strlen("refs/"), '/') + 1;
	output_error("there is no origin/HEAD, main or master to say what databases may have");
	output_hint("name the branch that they follow: %s REF", option);
	return NULL;
}

bool mending_find(const struct workspace *workspace, const char *revision, size_t *index)
{
	const struct revchain_migrations *set = &workspace->set;
	const char *other = NULL;
	bool found = revchain_migrations_find(set, revision, index);
	size_t i;

	for (i = 0; !found && i < set->count; i++) {
		const char *name = set->items[i].revision;

		if (!name || strncmp(name, revision, strlen(revision)) != 0)
			continue;
		if (other) {
			output_error("'%s' is the start of more than one revision id: %s, %s",
				     revision, other, name);
			return false;
		}
		other = name;
		*index = i;
	}
	if (found || other)
		return true;
	output_error("no migration has the revision id '%s'", revision);
	output_hint("revchain log names them all; a versions directory is told from an id by a "
		    "slash: ./%s",
		    revision);
	return false;
}

int mending_read(struct workspace *workspace, const char *path, const struct revchain_pyscan *scan,
		 struct revchain_mend *mend, struct revchain_error *error)
{
	enum revchain_file_type type;
	const char *resolved = path;
	int status = revchain_snapshot_stat(&workspace->snapshot, path, workspace->arena, &type,
					    &resolved, error);

	*mend = (struct revchain_mend){.path = path, .scan = scan};
	if (!status && type == REVCHAIN_FILE_REGULAR)
		mend->path = resolved;
	return status ? status
		      : revchain_snapshot_read(&workspace->snapshot, path, workspace->arena,
					       &mend->text, &mend->length, error);
}

static const char *full_path(const struct workspace *workspace, const struct revchain_mend *mend)
{
	return revchain_arena_join(workspace->arena,
				   revchain_repository_workdir(workspace->repository), mend->path);
}

/* Make the directories that a new file is in. */
static int make_directories(char *path, const char *below, struct revchain_error *error)
{
	char *slash;

	for (slash = strchr(path + strlen(below) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0777) != 0 && errno != EEXIST) {
			revchain_fail(error, REVCHAIN_IO, "the directory cannot be made: %s",
				      strerror(errno));
			revchain_error_at(error, path, 0);
			return REVCHAIN_IO;
		}
		*slash = '/';
	}
	return REVCHAIN_OK;
}

static int write_one(const struct workspace *workspace, const struct revchain_mend *mend,
		     struct revchain_error *error)
{
	const char *path = full_path(workspace, mend);
	char *copy = path ? revchain_arena_copy(workspace->arena, path, strlen(path)) : NULL;
	int status = REVCHAIN_OK;

	if (!copy)
		return revchain_fail_memory(error);
	if (!mend->text)
		status = make_directories(copy, revchain_repository_workdir(workspace->repository),
					  error);
	return status ? status
		      : revchain_atomicfile_write(path, mend->mended, mend->mended_length, error);
}

/* Give files their old text back; what cannot be is named. */
static void take_back(const struct workspace *workspace, const struct revchain_mend *mends,
		      size_t count)
{
	struct revchain_error error = {0};
	size_t i;

	for (i = 0; i < count; i++) {
		struct revchain_mend back = mends[i];

		back.mended = mends[i].text;
		back.mended_length = mends[i].length;
		if (write_one(workspace, &back, &error))
			output_error("%s was changed, and cannot be changed back", back.path);
	}
}

static int print_diffs(const struct revchain_mend *mends, size_t count,
		       struct revchain_error *error)
{
	struct revchain_buffer diff = {0};
	int status = REVCHAIN_OK;
	size_t i;

	for (i = 0; !status && i < count; i++)
		status = revchain_mend_diff(&mends[i], &diff, error);
	if (!status && !output_result(&diff))
		status = REVCHAIN_IO;
	revchain_buffer_free(&diff);
	return status;
}

int mending_carry_out(struct workspace *workspace, const struct revchain_mend *mends, size_t count)
{
	struct revchain_error error = {0};
	int status = REVCHAIN_OK;
	size_t i;

	if (workspace->options->dry_run) {
		status = print_diffs(mends, count, &error);
		return status && error.status ? output_failure(&error, workspace->options) : status;
	}
	for (i = 0; !status && i < count; i++)
		status = write_one(workspace, &mends[i], &error);
	if (!status)
		return 0;
	output_failure(&error, workspace->options);
	take_back(workspace, mends, i - 1);
	return status;
}

void mending_say(const struct workspace *workspace, const char *command, const char *format, ...)
{
	char text[2048];
	va_list arguments;

	if (workspace->options->quiet || workspace->options->dry_run)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	output_note("%s", text);
	if (command)
		output_hint("%s", command);
}
