#include "repository.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <git2.h>

#include "refusal.h"
#include "revchain/snapshot.h"

#include "loose.h"
#include "odb.h"

struct revchain_repository {
	git_repository *git;
	struct revchain_odb odb;
	char *workdir; /* NULL: bare */
};

git_repository *revchain_repository_git(const struct revchain_repository *repository)
{
	return repository->git;
}

/*
 * libgit2's settings are the process's. Nothing but the repository's own configuration is read;
 * whoever owns it, nothing in it is ever run (so that safe.directory has nothing to protect); no
 * object is read twice, so none is kept.
 */
static int set_up_libgit2(struct revchain_error *error)
{
	static const char *extensions[] = {"partialclone", "worktreeconfig", "preciousobjects",
					   "relativeworktrees"};
	static const int levels[] = {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
				     GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL};
	size_t i;

	if (git_libgit2_init() < 0 || git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0) < 0 ||
	    git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0) < 0 ||
	    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
			     sizeof(extensions) / sizeof(*extensions)) < 0)
		return revchain_fail(error, REVCHAIN_IO, "libgit2 cannot be set up: %s",
				     revchain_refusal_reason());
	for (i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		if (git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "") < 0)
			return revchain_fail(error, REVCHAIN_IO, "libgit2 cannot be set up: %s",
					     revchain_refusal_reason());
	return REVCHAIN_OK;
}

/* Cut a path back to its longest part that is a directory. */
static void cut_to_existing(char *path)
{
	struct stat info;

	while (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) {
		char *slash = strrchr(path, '/');

		if (!slash || slash == path) {
			path[0] = slash ? '/' : '.';
			path[1] = '\0';
			return;
		}
		*slash = '\0';
	}
}

/* Whether a directory is the work tree already: to set it again leaks memory of libgit2's. */
static bool is_workdir(git_repository *git, const char *directory)
{
	const char *workdir = git_repository_workdir(git);
	char a[PATH_MAX], b[PATH_MAX];

	return workdir && realpath(workdir, a) && realpath(directory, b) && strcmp(a, b) == 0;
}

/*
 * The work tree that git would find: libgit2 takes the directory above for one where nothing is
 * configured, which it is only if it has a `.git`. NULL: there is none.
 */
static const char *find_workdir(git_repository *git)
{
	const char *workdir = git_repository_workdir(git), *configured;
	git_config *config = NULL;
	char entry[PATH_MAX];
	struct stat info;
	bool found;

	if (!workdir || getenv("GIT_DIR"))
		return workdir;
	snprintf(entry, sizeof(entry), "%s.git", workdir);
	/* what cannot be looked at is not known to be missing */
	found = lstat(entry, &info) == 0 || (errno != ENOENT && errno != ENOTDIR) ||
		(git_repository_config_snapshot(&config, git) == 0 &&
		 git_config_get_string(&configured, config, "core.worktree") == 0);
	git_config_free(config);
	return found ? workdir : NULL;
}

/* GIT_DIR as git takes it: no search, and the current directory is the work tree unless something
 * says otherwise. */
static int open_git_dir(git_repository **git, const char *git_dir)
{
	const char *work_tree = getenv("GIT_WORK_TREE"), *configured;
	git_config *config = NULL;
	int code = git_repository_open_ext(
		git, git_dir, GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT, NULL);

	if (code < 0)
		return code;
	if (!work_tree && !git_repository_is_bare(*git) &&
	    git_repository_config_snapshot(&config, *git) == 0 &&
	    git_config_get_string(&configured, config, "core.worktree") < 0)
		work_tree = ".";
	git_config_free(config);
	return work_tree && !is_workdir(*git, work_tree)
		       ? git_repository_set_workdir(*git, work_tree, 0)
		       : 0;
}

static int open_git(git_repository **git, const char *start, struct revchain_error *error)
{
	const char *git_dir = getenv("GIT_DIR");
	char existing[4096];
	int code;

	snprintf(existing, sizeof(existing), "%s", start);
	cut_to_existing(existing);
	code = git_dir ? open_git_dir(git, git_dir)
		       : git_repository_open_ext(git, existing, GIT_REPOSITORY_OPEN_CROSS_FS, NULL);
	return code < 0 ? revchain_refuse_opening(git_dir ? git_dir : existing, code, error)
			: REVCHAIN_OK;
}

int revchain_repository_open(struct revchain_repository **out, const char *start,
			     struct revchain_error *error)
{
	struct revchain_repository *repository = calloc(1, sizeof(*repository));
	const char *workdir;
	int status;

	if (!repository)
		return revchain_fail_memory(error);
	status = set_up_libgit2(error);
	if (!status)
		status = open_git(&repository->git, start, error);
	if (status)
		goto fail;
	status = revchain_odb_open(&repository->odb, repository->git, error);
	if (status)
		goto fail;
	workdir = find_workdir(repository->git);
	if (workdir && !(repository->workdir = realpath(workdir, NULL))) {
		status = revchain_fail(error, REVCHAIN_HISTORY,
				       "the work tree %s cannot be opened: %s", workdir,
				       strerror(errno));
		goto fail;
	}
	*out = repository;
	return REVCHAIN_OK;
fail:
	revchain_repository_close(repository);
	return status;
}

void revchain_repository_close(struct revchain_repository *repository)
{
	if (!repository)
		return;
	revchain_odb_close(&repository->odb);
	git_repository_free(repository->git);
	free(repository->workdir);
	free(repository);
	git_libgit2_shutdown();
}

const char *revchain_repository_workdir(const struct revchain_repository *repository)
{
	return repository->workdir;
}

const char *revchain_repository_below(const struct revchain_repository *repository,
				      const char *path)
{
	const char *workdir = repository->workdir;
	size_t length = strcmp(workdir, "/") == 0 ? 0 : strlen(workdir);

	if (strncmp(path, workdir, length) != 0 || (path[length] != '/' && path[length] != '\0'))
		return NULL;
	return path[length] ? path + length + 1 : path + length;
}

const char *revchain_repository_git_directory(const struct revchain_repository *repository)
{
	return git_repository_commondir(repository->git);
}

/*
 * Whether a file of the common git directory (a worktree shares its main repository's) is there and
 * holds something. Where that cannot be told it is held to, and `*unreadable` is the reason, or 0.
 */
static bool has_file(const struct revchain_repository *repository, const char *name,
		     int *unreadable)
{
	char path[4200];
	struct stat info;

	*unreadable = 0;
	snprintf(path, sizeof(path), "%s/%s", git_repository_commondir(repository->git), name);
	if (stat(path, &info) == 0)
		return S_ISREG(info.st_mode) && info.st_size > 0;
	if (errno != ENOENT && errno != ENOTDIR)
		*unreadable = errno;
	return *unreadable != 0;
}

static bool has_common_file(const struct revchain_repository *repository, const char *name)
{
	int unreadable;

	return has_file(repository, name, &unreadable);
}

bool revchain_repository_is_shallow(const struct revchain_repository *repository)
{
	/* libgit2 looks only into the worktree's own directory, where git never writes that file */
	return has_common_file(repository, "shallow");
}

int revchain_repository_require_full_history(struct revchain_repository *repository,
					     struct revchain_error *error)
{
	int unreadable;

	if (!has_file(repository, "shallow", &unreadable))
		return REVCHAIN_OK;
	if (unreadable)
		return revchain_fail(error, REVCHAIN_HISTORY,
				     "whether this is a shallow clone cannot be told: %s",
				     strerror(unreadable));
	revchain_fail(error, REVCHAIN_HISTORY,
		      "this is a shallow clone: its history is cut off, and any order read from it "
		      "would be wrong");
	revchain_error_hint(error, "git fetch --unshallow");
	revchain_error_hint(
		error,
		"GitHub Actions: actions/checkout with fetch-depth: 0 · GitLab CI: GIT_DEPTH: 0");
	return REVCHAIN_HISTORY;
}

bool revchain_repository_has_grafts(const struct revchain_repository *repository)
{
	return has_common_file(repository, "info/grafts");
}

/* Whether there may be a reference below `prefix`, which ends in a slash: much sooner said than
 * what all references are, of which a repository may have ten thousands. */
static bool may_have_refs(const struct revchain_repository *repository, const char *prefix)
{
	char path[4200];
	struct stat info;
	bool found = false;
	char *line = NULL;
	size_t size = 0;
	FILE *packed;

	snprintf(path, sizeof(path), "%s/%s", git_repository_commondir(repository->git), prefix);
	if (stat(path, &info) == 0)
		return true;
	snprintf(path, sizeof(path), "%s/packed-refs", git_repository_commondir(repository->git));
	packed = fopen(path, "re");
	while (packed && !found && getline(&line, &size, packed) > 0) {
		const char *space = strchr(line, ' ');

		found = space && strncmp(space + 1, prefix, strlen(prefix)) == 0;
	}
	free(line);
	if (packed)
		fclose(packed);
	return found;
}

bool revchain_repository_has_replace_refs(const struct revchain_repository *repository)
{
	git_reference_iterator *iterator;
	const char *name;
	bool found;

	if (!may_have_refs(repository, "refs/replace/"))
		return false;
	if (git_reference_iterator_glob_new(&iterator, repository->git, "refs/replace/*") < 0)
		return false;
	found = git_reference_next_name(&name, iterator) == 0;
	git_reference_iterator_free(iterator);
	return found;
}

const char *revchain_repository_branch(struct revchain_repository *repository,
				       struct revchain_arena *arena)
{
	static const char heads[] = "refs/heads/";
	git_reference *head = NULL;
	const char *name = NULL, *branch = NULL;

	if (git_reference_lookup(&head, repository->git, "HEAD") == 0)
		name = git_reference_symbolic_target(head);
	if (name && strncmp(name, heads, strlen(heads)) == 0)
		branch = revchain_arena_copy(arena, name + strlen(heads),
					     strlen(name) - strlen(heads));
	git_reference_free(head);
	return branch;
}

static int resolve_head(struct revchain_repository *repository, git_oid *commit, bool *unborn,
			struct revchain_error *error)
{
	int code = git_reference_name_to_id(commit, repository->git, "HEAD");

	if (code == 0)
		return REVCHAIN_OK;
	if (code == GIT_ENOTFOUND && unborn && git_repository_head_unborn(repository->git) == 1) {
		*unborn = true;
		return REVCHAIN_OK;
	}
	return revchain_refuse_head(repository->git, error);
}

/* Why there is no such commit: it was never there, or the object that the name stands for is
 * missing or damaged. */
static int fail_revision(const char *revision, int code, struct revchain_error *error)
{
	const git_error *last = git_error_last();
	bool typed_id = revision[strspn(revision, "0123456789abcdefABCDEF")] == '\0';
	bool missing = code == GIT_ENOTFOUND && last && last->klass == GIT_ERROR_ODB && !typed_id;
	bool absent = code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC || code == GIT_EAMBIGUOUS ||
		      code == GIT_EPEEL;

	if (last && last->klass == GIT_ERROR_NOMEMORY)
		return revchain_fail_memory(error);
	if (missing || !absent) {
		revchain_fail(error, REVCHAIN_HISTORY,
			      "the repository is damaged: what '%s' names cannot be read: %s",
			      revision, revchain_refusal_reason());
		revchain_error_hint(error, "git fsck");
		return REVCHAIN_HISTORY;
	}
	revchain_fail(error, REVCHAIN_USAGE, "there is no commit '%s'", revision);
	revchain_error_hint(error,
			    "git rev-parse --verify '%s^{commit}' says what git makes of it; a "
			    "remote branch may have to be fetched first",
			    revision);
	return REVCHAIN_USAGE;
}

int revchain_repository_resolve(struct revchain_repository *repository, const char *revision,
				git_oid *commit, bool *unborn, struct revchain_error *error)
{
	git_object *object = NULL, *peeled = NULL;
	int status = REVCHAIN_OK, code;

	if (unborn)
		*unborn = false;
	if (!revision)
		return resolve_head(repository, commit, unborn, error);
	code = git_revparse_single(&object, repository->git, revision);
	if (code == 0)
		code = git_object_peel(&peeled, object, GIT_OBJECT_COMMIT);
	if (code < 0)
		status = fail_revision(revision, code, error);
	else
		*commit = *git_object_id(peeled);
	git_object_free(peeled);
	git_object_free(object);
	return status;
}

int revchain_repository_read_object(struct revchain_repository *repository, const git_oid *id,
				    git_object_t type, git_odb_object **object,
				    struct revchain_error *error)
{
	return revchain_odb_read(&repository->odb, id, type, object, error);
}

int revchain_repository_read_blob(struct revchain_repository *repository, const git_oid *blob,
				  const char *path, struct revchain_arena *arena, const char **data,
				  size_t *length, struct revchain_error *error)
{
	git_odb_object *object;
	size_t size;
	int status = revchain_odb_size(&repository->odb, blob, GIT_OBJECT_BLOB, &size, error);

	if (status) {
		revchain_error_at(error, path, 0);
		return status;
	}
	if (size > REVCHAIN_FILE_MAX) {
		revchain_fail(error, REVCHAIN_MIGRATIONS,
			      "the file is larger than %zu MiB, which no migration is",
			      REVCHAIN_FILE_MAX >> 20);
		revchain_error_at(error, path, 0);
		return REVCHAIN_MIGRATIONS;
	}
	status = revchain_repository_read_object(repository, blob, GIT_OBJECT_BLOB, &object, error);
	if (status) {
		revchain_error_at(error, path, 0);
		return status;
	}
	*length = git_odb_object_size(object);
	*data = revchain_arena_copy(arena, git_odb_object_data(object), *length);
	git_odb_object_free(object);
	return *data ? REVCHAIN_OK : revchain_fail_memory(error);
}

int revchain_repository_confirm_large(struct revchain_repository *repository, const git_oid *blob,
				      const char *path, struct revchain_error *error)
{
	char hex[REVCHAIN_OID_HEX + 1];
	git_odb_object *object;
	size_t size;
	int status;

	if (git_oid_is_zero(blob))
		return REVCHAIN_OK;
	status = revchain_odb_size(&repository->odb, blob, GIT_OBJECT_BLOB, &size, error);
	if (!status && size > REVCHAIN_LOOSE_MAX) {
		status = revchain_fail(error, REVCHAIN_HISTORY,
				       "blob %s says that it has %zu bytes: more than %zu MiB are "
				       "not compared with their name",
				       git_oid_tostr(hex, sizeof(hex), blob), size,
				       REVCHAIN_LOOSE_MAX >> 20);
		revchain_error_hint(error, "git fsck says whether the repository is damaged");
	}
	if (!status)
		status = revchain_repository_read_object(repository, blob, GIT_OBJECT_BLOB, &object,
							 error);
	if (status) {
		revchain_error_at(error, path, 0);
		return status;
	}
	git_odb_object_free(object);
	return REVCHAIN_OK;
}
