#include "refusal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <git2.h>

#include "loose.h"
#include "ownership.h"
#include "revchain/repository.h"

const char *revchain_refusal_reason(void)
{
	const git_error *last = git_error_last();

	return last && last->message ? last->message : "libgit2 gives no reason";
}

/* The `.git` from `start` upwards. */
static bool find_dot_git(const char *start, char *path, size_t size, struct stat *info)
{
	char directory[4096];

	if (!realpath(start, directory))
		return false;
	for (;;) {
		char *slash = strrchr(directory, '/');

		snprintf(path, size, "%s/.git", slash && slash[1] == '\0' ? "" : directory);
		if (lstat(path, info) == 0)
			return true;
		if (!slash || slash[1] == '\0')
			return false;
		slash[slash == directory] = '\0';
	}
}

/* Where a `.git` file (a worktree's or a submodule's) points to. */
static bool read_gitfile(const char *path, char *target, size_t size)
{
	FILE *file = fopen(path, "r");
	size_t length;

	if (!file)
		return false;
	length = fread(target, 1, size - 1, file);
	fclose(file);
	target[length] = '\0';
	target[strcspn(target, "\r\n")] = '\0';
	if (strncmp(target, "gitdir: ", 8) != 0)
		return false;
	memmove(target, target + 8, strlen(target + 8) + 1);
	return true;
}

/* Whether it is for want of a permission: then that is the error. */
static bool is_unreadable(const char *git_directory, struct revchain_error *error)
{
	char path[4096];

	if (!revchain_ownership_unreadable(git_directory, path, sizeof(path)))
		return false;
	revchain_fail(error, REVCHAIN_IO, "it cannot be read: Permission denied");
	revchain_error_at(error, path, 0);
	revchain_ownership_hint(error, path);
	return true;
}

static int fail_extension(const char *reason, struct revchain_error *error)
{
	if (strstr(reason, "objectformat")) {
		revchain_fail(error, REVCHAIN_HISTORY,
			      "this repository uses SHA-256 object names, which revchain cannot "
			      "read yet");
		revchain_error_hint(error, "git clone into a SHA-1 repository, or ask for SHA-256 "
					   "in revchain's tracker");
	} else {
		revchain_fail(error, REVCHAIN_HISTORY,
			      "this repository uses an extension of git's format that revchain "
			      "cannot read: %s",
			      reason);
		revchain_error_hint(error, "a fresh `git clone` of it normally has none");
	}
	return REVCHAIN_HISTORY;
}

static int fail_gitfile(const char *path, const char *target, struct revchain_error *error)
{
	revchain_fail(error, REVCHAIN_HISTORY,
		      "%s is a file that points to %s, and no repository can be read there", path,
		      target);
	revchain_error_hint(error,
			    "in a Docker build: the history of a worktree or submodule is not in "
			    "its context; git clone . DIR && docker build DIR");
	revchain_error_hint(error,
			    "in docker run: mount the repository that it belongs to as well, "
			    "at the path that it has outside");
	return REVCHAIN_HISTORY;
}

static int fail_no_repository(const char *start, struct revchain_error *error)
{
	revchain_fail(error, REVCHAIN_HISTORY,
		      "no git repository in %s or above: there is no history to read the order "
		      "from",
		      start);
	revchain_error_hint(error, "run it inside of the clone, or name a directory there: "
				   "revchain COMMAND DIR...");
	revchain_error_hint(error,
			    "in a Docker build: the context must be the root of the clone, "
			    ".dockerignore must let .git through (a last line `!.git`), and the "
			    "stage needs `COPY .git .git`");
	revchain_error_hint(error,
			    "GitHub Actions: docker/build-push-action with context: . behind "
			    "actions/checkout with fetch-depth: 0");
	revchain_error_hint(error, "from a source archive: use a clone instead");
	return REVCHAIN_HISTORY;
}

static int fail_work_tree(const char *reason, struct revchain_error *error)
{
	revchain_fail(error, REVCHAIN_HISTORY, "the repository's work tree is not there: %s",
		      reason);
	revchain_error_hint(error, "git config core.worktree names it; git config --unset "
				   "core.worktree makes it the directory that has .git");
	return REVCHAIN_HISTORY;
}

int revchain_refuse_opening(const char *start, int code, struct revchain_error *error)
{
	char path[4200], target[4096], reason[512];
	struct stat info;
	bool found;

	snprintf(reason, sizeof(reason), "%s", revchain_refusal_reason());
	if (strstr(reason, "extension"))
		return fail_extension(reason, error);
	found = find_dot_git(start, path, sizeof(path), &info);
	if (found && S_ISREG(info.st_mode) && read_gitfile(path, target, sizeof(target)))
		return fail_gitfile(path, target, error);
	if (found && is_unreadable(path, error))
		return REVCHAIN_IO;
	if (found && code == GIT_ENOTFOUND && strstr(reason, "failed to resolve path"))
		return fail_work_tree(reason, error);
	if (code == GIT_ENOTFOUND)
		return fail_no_repository(start, error);
	revchain_fail(error, REVCHAIN_HISTORY, "the repository cannot be opened: %s", reason);
	revchain_error_hint(error, "git fsck");
	return REVCHAIN_HISTORY;
}

int revchain_refuse_head(git_repository *git, struct revchain_error *error)
{
	char reason[512];

	snprintf(reason, sizeof(reason), "%s", revchain_refusal_reason());
	if (is_unreadable(git_repository_path(git), error))
		return REVCHAIN_IO;
	revchain_fail(error, REVCHAIN_HISTORY, "HEAD names no commit: %s", reason);
	revchain_error_hint(error, "git commit first, or name a commit with --rev");
	return REVCHAIN_HISTORY;
}

int revchain_refuse_ref(git_repository *git, const char *name, struct revchain_error *error)
{
	char reason[512];

	if (git_error_last() && git_error_last()->klass == GIT_ERROR_NOMEMORY)
		return revchain_fail_memory(error);
	snprintf(reason, sizeof(reason), "%s", revchain_refusal_reason());
	if (is_unreadable(git_repository_commondir(git), error))
		return REVCHAIN_IO;
	if (!name) {
		revchain_fail(error, REVCHAIN_HISTORY, "the refs cannot be read: %s", reason);
		revchain_error_hint(error, "git fsck");
		return REVCHAIN_HISTORY;
	}
	revchain_fail(error, REVCHAIN_HISTORY, "the ref %s cannot be read: %s", name, reason);
	/* git neither shows nor changes what it cannot resolve */
	revchain_error_hint(error, "rm %s%s, and git fetch brings it again if it is a remote's",
			    git_repository_commondir(git), name);
	revchain_error_hint(error,
			    "tail -n 1 %slogs/%s says where it was: git update-ref %s COMMIT",
			    git_repository_commondir(git), name, name);
	return REVCHAIN_HISTORY;
}

/* remote.NAME.promisor */
static bool names_promisor(const char *name)
{
	const char *dot = strrchr(name, '.');

	return strncmp(name, "remote.", 7) == 0 && strcmp(dot, ".promisor") == 0;
}

/* Whether objects were left out on purpose: a clone with --filter. */
static bool is_partial_clone(git_repository *git)
{
	git_config *config;
	const char *remote;
	bool partial;

	if (git_repository_config_snapshot(&config, git) < 0)
		return false;
	partial = git_config_get_string(&remote, config, "extensions.partialclone") == 0;
	if (!partial) {
		git_config_iterator *iterator;
		git_config_entry *entry;

		if (git_config_iterator_new(&iterator, config) < 0)
			goto out;
		while (!partial && git_config_next(&entry, iterator) == 0)
			partial = names_promisor(entry->name);
		git_config_iterator_free(iterator);
	}
out:
	git_config_free(config);
	return partial;
}

static int fail_missing(git_repository *git, const git_oid *id, git_object_t type,
			struct revchain_error *error)
{
	char hex[REVCHAIN_OID_HEX + 1];

	git_oid_tostr(hex, sizeof(hex), id);
	if (is_partial_clone(git)) {
		revchain_fail(error, REVCHAIN_HISTORY,
			      "the %s %s is needed, and this partial clone left it out",
			      git_object_type2string(type), hex);
		revchain_error_hint(error, "git fetch --refetch --no-filter");
		revchain_error_hint(error, "GitHub Actions: actions/checkout without filter:");
	} else {
		revchain_fail(error, REVCHAIN_HISTORY,
			      "the repository is damaged: %s %s is missing",
			      git_object_type2string(type), hex);
		revchain_error_hint(error, "git fsck");
	}
	return REVCHAIN_HISTORY;
}

/* Whether the repository says that an object is larger than any that is read; its size, in bytes.
 */
static bool is_too_large(git_repository *git, const git_oid *id, size_t *size)
{
	git_object_t type;
	git_odb *database;
	bool large = false;

	if (git_repository_odb(&database, git) < 0)
		return false;
	large = git_odb_read_header(size, &type, database, id) == 0 && *size > REVCHAIN_LOOSE_MAX;
	git_odb_free(database);
	return large;
}

int revchain_refuse_size(git_repository *git, const git_oid *id, git_object_t type,
			 struct revchain_error *error)
{
	char hex[REVCHAIN_OID_HEX + 1], says[64] = "is stored as a difference to what is too large";
	size_t size;

	if (is_too_large(git, id, &size))
		snprintf(says, sizeof(says), "says that it has %zu bytes", size);
	revchain_fail(error, REVCHAIN_HISTORY, "the repository is damaged: %s %s %s",
		      git_object_type2string(type), git_oid_tostr(hex, sizeof(hex), id), says);
	revchain_error_hint(error, "git fsck");
	return REVCHAIN_HISTORY;
}

int revchain_refuse_object(git_repository *git, const git_oid *id, git_object_t type, int code,
			   struct revchain_error *error)
{
	char hex[REVCHAIN_OID_HEX + 1], reason[512];
	size_t size;
	bool no_memory = git_error_last() && git_error_last()->klass == GIT_ERROR_NOMEMORY;

	snprintf(reason, sizeof(reason), "%s", revchain_refusal_reason());
	git_oid_tostr(hex, sizeof(hex), id);
	if (no_memory && code != GIT_ENOTFOUND)
		return is_too_large(git, id, &size) ? revchain_refuse_size(git, id, type, error)
						    : revchain_fail_memory(error);
	if (is_unreadable(git_repository_commondir(git), error))
		return REVCHAIN_IO;
	if (code == GIT_ENOTFOUND)
		return fail_missing(git, id, type, error);
	revchain_fail(error, REVCHAIN_HISTORY,
		      "the repository is damaged: %s %s cannot be read: %s",
		      git_object_type2string(type), hex, reason);
	revchain_error_hint(error, "git fsck");
	return REVCHAIN_HISTORY;
}
