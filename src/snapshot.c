#include "revchain/snapshot.h"

#include <string.h>

#include "object.h"
#include "worktree.h"

#define LINKS_MAX 40	     /* symbolic links followed in one path, as Linux has it */
#define LINK_TARGET_MAX 4096 /* bytes */
#define MODE_TREE 0040000U

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
	*rest = **rest ? revchain_arena_join(arena, target, *rest) : target;
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
		return revchain_worktree_stat(snapshot->repository, path, arena, type, resolved,
					      error);
	status = resolve_in_commit(snapshot, path, arena, &entry, error);
	*type = entry.type;
	if (resolved)
		*resolved = entry.resolved;
	return status;
}

int revchain_snapshot_read(struct revchain_snapshot *snapshot, const char *path,
			   struct revchain_arena *arena, const char **data, size_t *length,
			   struct revchain_error *error)
{
	struct entry entry = {0};
	int status;

	if (snapshot->worktree) {
		status = revchain_worktree_stat(snapshot->repository, path, arena, &entry.type,
						NULL, error);
		if (!status && entry.type == REVCHAIN_FILE_REGULAR)
			return revchain_worktree_read(snapshot->repository, path, arena, data,
						      length, error);
	} else {
		status = resolve_in_commit(snapshot, path, arena, &entry, error);
		if (!status && entry.type == REVCHAIN_FILE_REGULAR)
			return revchain_repository_read_blob(snapshot->repository, &entry.id, path,
							     arena, data, length, error);
	}
	if (status)
		return status;
	return revchain_fail_at(
		error, REVCHAIN_MIGRATIONS, path, 0,
		"this is not a file of the repository: a link that leads out of it or "
		"nowhere, or a device");
}

static int list_tree(struct revchain_snapshot *snapshot, const git_oid *id, const char *directory,
		     bool recursive, int depth, struct revchain_listing *list,
		     struct revchain_error *error)
{
	struct revchain_tree_entry entry;
	struct revchain_tree tree;
	int status = revchain_listing_enter(list, directory, depth, error), more = 0;

	if (status)
		return status;
	status = revchain_tree_open(snapshot->repository, id, &tree, error);
	while (!status && (more = revchain_tree_next(&tree, &entry)) > 0) {
		if (revchain_mode_is_file(entry.mode)) {
			if (!revchain_listing_add(list, directory, entry.name,
						  revchain_mode_is_link(entry.mode) ? NULL
										    : &entry.id))
				status = revchain_fail_memory(error);
		} else if (recursive && revchain_mode_is_tree(entry.mode)) {
			const char *inner = revchain_arena_join(list->arena, directory, entry.name);

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

int revchain_snapshot_list(struct revchain_snapshot *snapshot, const char *directory,
			   bool recursive, struct revchain_arena *arena,
			   const struct revchain_listed **files, size_t *count,
			   struct revchain_error *error)
{
	struct revchain_listing list = {.arena = arena};
	struct entry entry = {0};
	int status;

	if (snapshot->worktree)
		status = revchain_worktree_stat(snapshot->repository, directory, arena, &entry.type,
						NULL, error);
	else
		status = resolve_in_commit(snapshot, directory, arena, &entry, error);
	if (!status && entry.type != REVCHAIN_FILE_DIRECTORY)
		status = revchain_fail_at(error, REVCHAIN_USAGE, directory, 0,
					  "this is not a directory");
	if (!status && snapshot->worktree)
		status = revchain_worktree_list(snapshot->repository, directory, recursive, &list,
						error);
	else if (!status)
		status = list_tree(snapshot, &entry.id, directory, recursive, 0, &list, error);
	if (status)
		return status;
	revchain_listing_sort(&list);
	*files = list.files;
	*count = list.count;
	return REVCHAIN_OK;
}

int revchain_snapshot_read_listed(struct revchain_snapshot *snapshot,
				  const struct revchain_listed *file, struct revchain_arena *arena,
				  const char **data, size_t *length, struct revchain_error *error)
{
	if (snapshot->worktree && git_oid_is_zero(&file->blob)) {
		bool read;
		int status = revchain_worktree_read_listed(snapshot->repository, file->path, arena,
							   data, length, &read, error);

		if (read)
			return status;
	}
	if (git_oid_is_zero(&file->blob))
		return revchain_snapshot_read(snapshot, file->path, arena, data, length, error);
	return revchain_repository_read_blob(snapshot->repository, &file->blob, file->path, arena,
					     data, length, error);
}
