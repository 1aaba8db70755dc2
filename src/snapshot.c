#include "revchain/snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "object.h"
#include "readall.h"

#define LINKS_MAX 40	       /* symbolic links followed in one path, as Linux has it */
#define DEPTH_MAX 2048	       /* directories in directories, as git's core.maxTreeDepth has it */
#define LINK_TARGET_MAX 4096   /* bytes */
#define DIRECTORIES_MAX 100000 /* of a lane */
#define MODE_TREE 0040000U

/* O_NONBLOCK: a named pipe must not keep us waiting for its writer. */
#define READ_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/* A growing list in an arena. */
struct list {
	struct revchain_arena *arena;
	struct revchain_listed *files;
	size_t count, capacity;
	size_t directories; /* that were listed */
};

int revchain_snapshot_worktree(struct revchain_snapshot *snapshot,
			       struct revchain_repository *repository, struct revchain_error *error)
{
	memset(snapshot, 0, sizeof(*snapshot));
	snapshot->repository = repository;
	snapshot->worktree = true;
	if (revchain_repository_workdir(repository))
		return REVCHAIN_OK;
	revchain_fail(error, REVCHAIN_USAGE, "a bare repository has no work tree");
	revchain_error_hint(error, "name the commit to read: --rev HEAD");
	return REVCHAIN_USAGE;
}

int revchain_snapshot_commit(struct revchain_snapshot *snapshot,
			     struct revchain_repository *repository, const git_oid *id,
			     struct revchain_error *error)
{
	struct revchain_commit commit = {0};
	int status = revchain_commit_read(repository, id, &commit, error);

	memset(snapshot, 0, sizeof(*snapshot));
	snapshot->repository = repository;
	snapshot->tree = commit.tree;
	revchain_commit_free(&commit);
	return status;
}

static const char *join(struct revchain_arena *arena, const char *directory, const char *name)
{
	return revchain_arena_printf(arena, "%s%s%s", directory, *directory ? "/" : "", name);
}

static const char *absolute(const struct revchain_snapshot *snapshot, struct revchain_arena *arena,
			    const char *path)
{
	return revchain_arena_printf(arena, "%s/%s",
				     revchain_repository_workdir(snapshot->repository), path);
}

/* The part of an absolute path below the work tree; NULL: it is outside. */
static const char *below_workdir(const struct revchain_snapshot *snapshot, const char *path)
{
	const char *workdir = revchain_repository_workdir(snapshot->repository);
	size_t length = strcmp(workdir, "/") == 0 ? 0 : strlen(workdir);

	if (strncmp(path, workdir, length) != 0 || (path[length] != '/' && path[length] != '\0'))
		return NULL;
	return path[length] ? path + length + 1 : path + length;
}

static int fail_file(struct revchain_error *error, enum revchain_status status, const char *path,
		     const char *what)
{
	revchain_fail(error, status, "%s", what);
	revchain_error_at(error, path, 0);
	return (int)status;
}

/* Whether a path that cannot be followed says something of the path, and not of memory or a disk.
 */
static bool says_what_is_there(int number)
{
	return number == ENOENT || number == ENOTDIR || number == ELOOP || number == ENAMETOOLONG;
}

static int stat_worktree(struct revchain_snapshot *snapshot, const char *path,
			 struct revchain_arena *arena, enum revchain_file_type *type,
			 const char **resolved, struct revchain_error *error)
{
	const char *full = absolute(snapshot, arena, path), *below;
	struct stat info;
	char *real;

	if (!full)
		return revchain_fail_memory(error);
	real = realpath(full, NULL);
	if (!real || stat(real, &info) != 0) {
		if (!says_what_is_there(errno)) {
			free(real);
			return fail_file(error, REVCHAIN_IO, path, strerror(errno));
		}
		*type = lstat(full, &info) == 0 ? REVCHAIN_FILE_OTHER : REVCHAIN_FILE_NONE;
		free(real);
		return REVCHAIN_OK;
	}
	below = below_workdir(snapshot, real);
	if (!below)
		*type = REVCHAIN_FILE_OTHER;
	else if (S_ISDIR(info.st_mode))
		*type = REVCHAIN_FILE_DIRECTORY;
	else
		*type = S_ISREG(info.st_mode) ? REVCHAIN_FILE_REGULAR : REVCHAIN_FILE_OTHER;
	if (below && resolved)
		*resolved = revchain_arena_copy(arena, below, strlen(below));
	free(real);
	return below && resolved && !*resolved ? revchain_fail_memory(error) : REVCHAIN_OK;
}

/* Where a path of a commit leads. */
struct entry {
	enum revchain_file_type type;
	git_oid id;	      /* of the blob or tree */
	const char *resolved; /* the path without symbolic links */
};

/*
 * Cut the last component off `path`, which has at least one. A path is built up of components that
 * are no links, so that
 * ".." means the directory above.
 */
static void cut_last(char *path)
{
	char *slash = strrchr(path, '/');

	*(slash ? slash : path) = '\0';
}

/* One component further: finds it in the tree, or sets type OTHER or NONE. */
static int enter(struct revchain_snapshot *snapshot, const char *done, const char *name,
		 size_t length, unsigned *mode, git_oid *id, bool *found,
		 struct revchain_error *error)
{
	git_oid directory = snapshot->tree;
	int status;

	if (*done) {
		status = revchain_tree_find_path(snapshot->repository, &snapshot->tree, done, mode,
						 &directory, found, error);
		if (status || !*found)
			return status;
		if (!revchain_mode_is_tree(*mode)) {
			*found = false;
			return REVCHAIN_OK;
		}
	}
	return revchain_tree_find(snapshot->repository, &directory, name, length, mode, id, found,
				  error);
}

/* The target of a link in front of what is left of the path. NULL in `rest`: it cannot be followed.
 */
static int follow_link(struct revchain_snapshot *snapshot, const char *link, const git_oid *blob,
		       struct revchain_arena *arena, const char **rest,
		       struct revchain_error *error)
{
	const char *target;
	size_t length;
	int status = revchain_repository_read_blob(snapshot->repository, blob, link, arena, &target,
						   &length, error);

	if (status)
		return status;
	if (length == 0 || length > LINK_TARGET_MAX || target[0] == '/' ||
	    strlen(target) != length) {
		*rest = NULL;
		return REVCHAIN_OK;
	}
	*rest = **rest ? revchain_arena_printf(arena, "%s/%s", target, *rest) : target;
	return *rest ? REVCHAIN_OK : revchain_fail_memory(error);
}

/* A path of a commit on its way to where it leads. */
struct way {
	char *done;	  /* the components that were resolved; they are no links */
	const char *rest; /* those that are still to come */
	size_t behind;	  /* bytes of rest that no link brought */
	unsigned mode;	  /* of what is at done */
	git_oid id;	  /* likewise */
	int links;	  /* that were followed */
};

/* What the path is if it ends here: a link that leads nowhere is there all the same. */
static enum revchain_file_type end_of(const struct way *way)
{
	return way->links && strlen(way->rest) >= way->behind ? REVCHAIN_FILE_OTHER
							      : REVCHAIN_FILE_NONE;
}

static int go_on_behind_link(struct revchain_snapshot *snapshot, const char *path, struct way *way,
			     struct revchain_arena *arena, enum revchain_file_type *end,
			     struct revchain_error *error)
{
	size_t left = strlen(way->rest);
	int status = REVCHAIN_OK;

	if (!way->links || left < way->behind)
		way->behind = left;
	if (++way->links > LINKS_MAX)
		way->rest = NULL;
	else
		status = follow_link(snapshot, path, &way->id, arena, &way->rest, error);
	if (!status && !way->rest) {
		way->rest = "";
		*end = REVCHAIN_FILE_OTHER;
	}
	way->mode = MODE_TREE; /* of the directory that the link is in */
	return status;
}

/* Take the next component. Sets *end where the way ends with it. */
static int take_component(struct revchain_snapshot *snapshot, const char *path, struct way *way,
			  struct revchain_arena *arena, enum revchain_file_type *end,
			  struct revchain_error *error)
{
	size_t length = strcspn(way->rest, "/");
	const char *name = way->rest;
	bool found = revchain_mode_is_tree(way->mode);
	int status = REVCHAIN_OK;

	way->rest += length + (way->rest[length] == '/');
	if (length == 0 || (length == 1 && name[0] == '.'))
		return REVCHAIN_OK;
	if (found && length == 2 && memcmp(name, "..", 2) == 0) {
		if (!*way->done)
			*end = REVCHAIN_FILE_OTHER;
		cut_last(way->done);
		return REVCHAIN_OK;
	}
	if (found)
		status = enter(snapshot, way->done, name, length, &way->mode, &way->id, &found,
			       error);
	if (status)
		return status;
	if (!found) {
		*end = end_of(way);
		return REVCHAIN_OK;
	}
	if (revchain_mode_is_link(way->mode))
		return go_on_behind_link(snapshot, path, way, arena, end, error);
	way->done = revchain_arena_printf(arena, "%s%s%.*s", way->done, *way->done ? "/" : "",
					  (int)length, name);
	return way->done ? REVCHAIN_OK : revchain_fail_memory(error);
}

static int resolve_in_commit(struct revchain_snapshot *snapshot, const char *path,
			     struct revchain_arena *arena, struct entry *entry,
			     struct revchain_error *error)
{
	const enum revchain_file_type on = REVCHAIN_FILE_REGULAR;
	enum revchain_file_type end = on;
	struct way way = {
		.done = revchain_arena_copy(arena, "", 0), .rest = path, .mode = MODE_TREE};
	bool found = true;
	int status = way.done ? REVCHAIN_OK : revchain_fail_memory(error);

	while (!status && end == on && *way.rest)
		status = take_component(snapshot, path, &way, arena, &end, error);
	if (status)
		return status;
	if (end != on) {
		entry->type = end;
		return REVCHAIN_OK;
	}
	/* the way may have ended with "..": look at where it led as a whole */
	entry->id = snapshot->tree;
	way.mode = MODE_TREE;
	if (*way.done)
		status = revchain_tree_find_path(snapshot->repository, &snapshot->tree, way.done,
						 &way.mode, &entry->id, &found, error);
	entry->resolved = way.done;
	if (revchain_mode_is_tree(way.mode))
		entry->type = REVCHAIN_FILE_DIRECTORY;
	else
		entry->type = revchain_mode_is_file(way.mode) ? REVCHAIN_FILE_REGULAR
							      : REVCHAIN_FILE_OTHER;
	return status;
}

int revchain_snapshot_stat(struct revchain_snapshot *snapshot, const char *path,
			   struct revchain_arena *arena, enum revchain_file_type *type,
			   const char **resolved, struct revchain_error *error)
{
	struct entry entry = {0};
	int status;

	if (snapshot->worktree)
		return stat_worktree(snapshot, path, arena, type, resolved, error);
	status = resolve_in_commit(snapshot, path, arena, &entry, error);
	*type = entry.type;
	if (resolved)
		*resolved = entry.resolved;
	return status;
}

/* Read a file that is open, up to the limit: what it says of its own size may change under us. */
static int read_all(int fd, const char *path, struct revchain_arena *arena, const char **data,
		    size_t *length, struct revchain_error *error)
{
	struct stat info;

	if (fstat(fd, &info) != 0)
		return fail_file(error, REVCHAIN_IO, path, strerror(errno));
	if (!S_ISREG(info.st_mode))
		return fail_file(error, REVCHAIN_MIGRATIONS, path,
				 "this is not a file that can be read");
	switch (revchain_read_all(fd, info.st_size > 0 ? (size_t)info.st_size : 0,
				  REVCHAIN_FILE_MAX, arena, data, length)) {
	case REVCHAIN_READ_FAILED:
		return fail_file(error, REVCHAIN_IO, path, strerror(errno));
	case REVCHAIN_READ_TOO_LARGE:
		return fail_file(error, REVCHAIN_MIGRATIONS, path,
				 "the file is larger than 16 MiB, which no migration is");
	case REVCHAIN_READ_NO_MEMORY:
		return revchain_fail_memory(error);
	default:
		return REVCHAIN_OK;
	}
}

static int read_worktree(struct revchain_snapshot *snapshot, const char *path,
			 struct revchain_arena *arena, const char **data, size_t *length,
			 struct revchain_error *error)
{
	const char *full = absolute(snapshot, arena, path);
	int fd, status;

	if (!full)
		return revchain_fail_memory(error);
	fd = open(full, READ_FLAGS);
	if (fd < 0)
		return fail_file(error, REVCHAIN_IO, path, strerror(errno));
	status = read_all(fd, path, arena, data, length, error);
	close(fd);
	return status;
}

int revchain_snapshot_read(struct revchain_snapshot *snapshot, const char *path,
			   struct revchain_arena *arena, const char **data, size_t *length,
			   struct revchain_error *error)
{
	struct entry entry = {0};
	int status;

	if (snapshot->worktree) {
		status = stat_worktree(snapshot, path, arena, &entry.type, NULL, error);
		if (!status && entry.type == REVCHAIN_FILE_REGULAR)
			return read_worktree(snapshot, path, arena, data, length, error);
	} else {
		status = resolve_in_commit(snapshot, path, arena, &entry, error);
		if (!status && entry.type == REVCHAIN_FILE_REGULAR)
			return revchain_repository_read_blob(snapshot->repository, &entry.id, path,
							     arena, data, length, error);
	}
	if (status)
		return status;
	return fail_file(error, REVCHAIN_MIGRATIONS, path,
			 "this is not a file of the repository: a link that leads out of it or "
			 "nowhere, or a device");
}

static bool add(struct list *list, const char *directory, const char *name, const git_oid *blob)
{
	const char *path = join(list->arena, directory, name);
	struct revchain_listed *grown = revchain_arena_grow(list->arena, list->files, list->count,
							    &list->capacity, sizeof(*list->files));

	if (!path || !grown)
		return false;
	list->files = grown;
	list->files[list->count].path = path;
	if (blob)
		list->files[list->count].blob = *blob;
	else
		memset(&list->files[list->count].blob, 0, sizeof(*blob));
	list->count++;
	return true;
}

/* A few trees can be any number of directories, where one is in another many times over. */
static int count_directory(struct list *list, const char *directory, int depth,
			   struct revchain_error *error)
{
	if (depth > DEPTH_MAX)
		return fail_file(error, REVCHAIN_MIGRATIONS, directory,
				 "directories are nested too deeply");
	if (++list->directories <= DIRECTORIES_MAX)
		return REVCHAIN_OK;
	fail_file(error, REVCHAIN_MIGRATIONS, directory,
		  "a versions directory with more than 100,000 directories in it");
	revchain_error_hint(error, "without --recursive they are left out");
	return REVCHAIN_MIGRATIONS;
}

static int list_worktree(struct revchain_snapshot *snapshot, const char *directory, bool recursive,
			 int depth, struct list *list, struct revchain_error *error)
{
	const char *full = absolute(snapshot, list->arena, directory);
	struct dirent *entry;
	int status = count_directory(list, directory, depth, error);
	DIR *stream;

	if (status)
		return status;
	if (!full)
		return revchain_fail_memory(error);
	stream = opendir(full);
	if (!stream)
		return fail_file(error, REVCHAIN_IO, directory, strerror(errno));
	while (!status && (errno = 0, entry = readdir(stream))) {
		bool is_directory = entry->d_type == DT_DIR;
		struct stat info;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (entry->d_type == DT_UNKNOWN &&
		    fstatat(dirfd(stream), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0)
			is_directory = S_ISDIR(info.st_mode);
		if (!is_directory) {
			if (!add(list, directory, entry->d_name, NULL))
				status = revchain_fail_memory(error);
		} else if (recursive) {
			const char *inner = join(list->arena, directory, entry->d_name);

			status =
				inner ? list_worktree(snapshot, inner, true, depth + 1, list, error)
				      : revchain_fail_memory(error);
		}
	}
	if (!status && errno)
		status = fail_file(error, REVCHAIN_IO, directory, strerror(errno));
	closedir(stream);
	return status;
}

static int list_tree(struct revchain_snapshot *snapshot, const git_oid *id, const char *directory,
		     bool recursive, int depth, struct list *list, struct revchain_error *error)
{
	struct revchain_tree_entry entry;
	struct revchain_tree tree;
	int status = count_directory(list, directory, depth, error), more = 0;

	if (status)
		return status;
	status = revchain_tree_open(snapshot->repository, id, &tree, error);
	while (!status && (more = revchain_tree_next(&tree, &entry)) > 0) {
		if (revchain_mode_is_file(entry.mode)) {
			if (!add(list, directory, entry.name,
				 revchain_mode_is_link(entry.mode) ? NULL : &entry.id))
				status = revchain_fail_memory(error);
		} else if (recursive && revchain_mode_is_tree(entry.mode)) {
			const char *inner = join(list->arena, directory, entry.name);

			status = inner ? list_tree(snapshot, &entry.id, inner, true, depth + 1,
						   list, error)
				       : revchain_fail_memory(error);
		}
	}
	if (!status && more < 0)
		status = revchain_fail_damaged(error, "tree", id);
	revchain_tree_close(&tree);
	return status;
}

static int by_path(const void *left, const void *right)
{
	const struct revchain_listed *a = left, *b = right;

	return strcmp(a->path, b->path);
}

int revchain_snapshot_list(struct revchain_snapshot *snapshot, const char *directory,
			   bool recursive, struct revchain_arena *arena,
			   const struct revchain_listed **files, size_t *count,
			   struct revchain_error *error)
{
	struct list list = {.arena = arena};
	struct entry entry = {0};
	int status;

	if (snapshot->worktree)
		status = stat_worktree(snapshot, directory, arena, &entry.type, NULL, error);
	else
		status = resolve_in_commit(snapshot, directory, arena, &entry, error);
	if (!status && entry.type != REVCHAIN_FILE_DIRECTORY)
		status = fail_file(error, REVCHAIN_USAGE, directory, "this is not a directory");
	if (!status && snapshot->worktree)
		status = list_worktree(snapshot, directory, recursive, 0, &list, error);
	else if (!status)
		status = list_tree(snapshot, &entry.id, directory, recursive, 0, &list, error);
	if (status)
		return status;
	if (list.count)
		qsort(list.files, list.count, sizeof(*list.files), by_path);
	*files = list.files;
	*count = list.count;
	return REVCHAIN_OK;
}

int revchain_snapshot_read_listed(struct revchain_snapshot *snapshot,
				  const struct revchain_listed *file, struct revchain_arena *arena,
				  const char **data, size_t *length, struct revchain_error *error)
{
	if (snapshot->worktree && git_oid_is_zero(&file->blob)) {
		/* its directory was resolved: if it is no link itself, it cannot lead elsewhere */
		const char *full = absolute(snapshot, arena, file->path);
		int status, fd = full ? open(full, READ_FLAGS | O_NOFOLLOW) : -1;

		if (fd >= 0) {
			status = read_all(fd, file->path, arena, data, length, error);
			close(fd);
			return status;
		}
	}
	if (git_oid_is_zero(&file->blob))
		return revchain_snapshot_read(snapshot, file->path, arena, data, length, error);
	return revchain_repository_read_blob(snapshot->repository, &file->blob, file->path, arena,
					     data, length, error);
}
