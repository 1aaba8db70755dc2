#include "moves.h"

#include <string.h>

#include "revchain/text.h"

#include "map.h"
#include "object.h"
#include "pathset.h"
#include "repository.h"

#define DIRECTORIES_MAX 100000 /* that differ between a commit and its parent */
#define DEPTH_MAX 2048	       /* directories in directories, as git's core.maxTreeDepth has it */

/* The `.py` files that are in one tree and not in another one. */
struct gone {
	struct revchain_repository *repository;
	struct revchain_arena *arena;
	struct revchain_listed *files; /* sorted by path */
	size_t count, capacity;
	size_t directories; /* that were looked into */
};

struct search {
	struct revchain_history *history;
	struct revchain_arena *scratch; /* owns what only this search needs */
	struct gone gone;
	struct revchain_map wanted; /* revision id -> 1 + index of a path that has it */
};

static bool is_python(const struct revchain_tree_entry *entry)
{
	return revchain_mode_is_file(entry->mode) && entry->length >= 3 &&
	       memcmp(entry->name + entry->length - 3, ".py", 3) == 0;
}

static int add_gone(struct gone *gone, const char *directory,
		    const struct revchain_tree_entry *entry, struct revchain_error *error)
{
	struct revchain_listed *grown = revchain_arena_grow(gone->arena, gone->files, gone->count,
							    &gone->capacity, sizeof(*gone->files));
	const char *path = revchain_arena_printf(gone->arena, "%s%s", directory, entry->name);

	if (!grown || !path)
		return revchain_fail_memory(error);
	gone->files = grown;
	gone->files[gone->count].path = path;
	gone->files[gone->count++].blob = entry->id;
	return REVCHAIN_OK;
}

static int compare_trees(struct gone *gone, const git_oid *from, const git_oid *to,
			 const char *directory, int depth, struct revchain_error *error);

/* An entry of the older tree; `twin` is the one of the same name and kind in the newer tree, or
 * NULL. */
static int visit(struct gone *gone, const struct revchain_tree_entry *entry,
		 const struct revchain_tree_entry *twin, const char *directory, int depth,
		 struct revchain_error *error)
{
	static const git_oid nothing;
	const char *inner;

	if (!revchain_mode_is_tree(entry->mode)) { /* what became a submodule is gone too */
		bool stays = twin && revchain_mode_is_file(twin->mode);

		return stays || !is_python(entry) ? REVCHAIN_OK
						  : add_gone(gone, directory, entry, error);
	}
	if (twin && git_oid_equal(&entry->id, &twin->id))
		return REVCHAIN_OK;
	inner = revchain_arena_printf(gone->arena, "%s%s/", directory, entry->name);
	if (!inner)
		return revchain_fail_memory(error);
	return compare_trees(gone, &entry->id, twin ? &twin->id : &nothing, inner, depth + 1,
			     error);
}

static int compare_entries(const struct revchain_tree_entry *a, const struct revchain_tree_entry *b)
{
	return revchain_tree_compare(a->name, a->length, revchain_mode_is_tree(a->mode), b->name,
				     b->length, revchain_mode_is_tree(b->mode));
}

/* The next entry of the newer tree, where both are at the same place: what is the same in both is
 * left out. */
static int next_different(struct revchain_tree *old, struct revchain_tree *new,
			  struct revchain_tree_entry *twin)
{
	revchain_tree_skip_common(old, new);
	return revchain_tree_next(new, twin);
}

/* Whether what is gone from a tree may be a `.py` file, or hold one. A tree that is damaged is left
 * to those who read all of it. */
static bool may_lose_python(struct revchain_tree tree)
{
	struct revchain_tree_entry entry;
	int more;

	while ((more = revchain_tree_next(&tree, &entry)) > 0)
		if (is_python(&entry) || revchain_mode_is_tree(entry.mode))
			return true;
	return more < 0;
}

/* Collect what is gone between two versions of a directory ("" or ending in a slash), in the order
 * of the paths. */
static int compare_trees(struct gone *gone, const git_oid *from, const git_oid *to,
			 const char *directory, int depth, struct revchain_error *error)
{
	struct revchain_repository *repository = gone->repository;
	struct revchain_tree old, new = {0};
	struct revchain_tree_entry entry, twin;
	int status, more = 0, more_new = 0;

	if (depth > DEPTH_MAX)
		return revchain_fail(error, REVCHAIN_HISTORY,
				     "directories are nested too deeply: those in %.200s",
				     directory);
	if (++gone->directories > DIRECTORIES_MAX)
		return revchain_fail(error, REVCHAIN_HISTORY,
				     "a commit that adds a migration changes more than 100,000 "
				     "directories: too many to look in them for where it was moved "
				     "from");
	status = revchain_tree_open(repository, from, &old, error);
	if (status || !may_lose_python(old))
		goto out;
	status = revchain_tree_open(repository, to, &new, error);
	if (!status)
		more_new = next_different(&old, &new, &twin);
	while (!status && more_new >= 0 && (more = revchain_tree_next(&old, &entry)) > 0) {
		bool is_twin;

		while (more_new > 0 && compare_entries(&twin, &entry) < 0)
			more_new = revchain_tree_next(&new, &twin);
		if (more_new < 0)
			break;
		is_twin = more_new && compare_entries(&twin, &entry) == 0;
		status = visit(gone, &entry, is_twin ? &twin : NULL, directory, depth, error);
		if (is_twin)
			more_new = next_different(&old, &new, &twin);
	}
	if (!status && (more < 0 || more_new < 0))
		status = revchain_fail_damaged(error, "tree", more < 0 ? from : to);
out:
	revchain_tree_close(&new);
	revchain_tree_close(&old);
	return status;
}

static int revision_of_blob(struct search *search, const git_oid *blob, const char *path,
			    const char **revision, struct revchain_error *error)
{
	const char *text;
	size_t length;
	int status = revchain_repository_read_blob(search->history->repository, blob, path,
						   search->scratch, &text, &length, error);

	*revision = NULL;
	if (status == REVCHAIN_MIGRATIONS) /* too large for a migration */
		return revchain_repository_confirm_large(search->history->repository, blob, path,
							 error);
	return status ? status
		      : search->history->revision_of(text, length, search->scratch, revision,
						     error);
}

/* Take a candidate for a path that has the same revision id, if it is a better one. Candidates come
 * in the order of their paths. */
static void offer(const struct revchain_listed *gone, const char *path,
		  const struct revchain_listed **best)
{
	if (!*best ||
	    (strcmp(revchain_text_base_name((*best)->path), revchain_text_base_name(path)) != 0 &&
	     strcmp(revchain_text_base_name(gone->path), revchain_text_base_name(path)) == 0))
		*best = gone;
}

/* The blobs of the paths that appeared. */
static void note_blob(void *data, const char *path, size_t index, const git_oid *blob)
{
	(void)path;
	((git_oid *)data)[index] = *blob;
}

static int find_blobs(struct search *search, const git_oid *to, const char *const *paths,
		      size_t count, git_oid *blobs, struct revchain_error *error)
{
	struct revchain_pathset files;
	size_t i;
	int status = revchain_pathset_init(&files, search->history->repository, error);

	for (i = 0; !status && i < count; i++)
		status = revchain_pathset_add(&files, paths[i], i, error);
	if (!status)
		status = revchain_pathset_look(&files, to, error);
	if (!status)
		revchain_pathset_each(&files, note_blob, blobs);
	revchain_pathset_free(&files);
	return status;
}

/* The revision ids of the paths that appeared; `next` chains those that have the same one. */
static int read_wanted(struct search *search, const git_oid *to, const char *const *paths,
		       size_t count, size_t *next, struct revchain_error *error)
{
	git_oid *blobs = revchain_arena_array(search->scratch, count, sizeof(*blobs));
	size_t i;
	int status = blobs ? find_blobs(search, to, paths, count, blobs, error)
			   : revchain_fail_memory(error);

	for (i = 0; !status && i < count; i++) {
		const char *revision = NULL;

		if (!git_oid_is_zero(&blobs[i]))
			status = revision_of_blob(search, &blobs[i], paths[i], &revision, error);
		if (status || !revision)
			continue;
		next[i] = 0;
		revchain_map_get(&search->wanted, revision, strlen(revision), &next[i]);
		if (!revchain_map_put(&search->wanted, revision, strlen(revision), i + 1))
			status = revchain_fail_memory(error);
	}
	return status;
}

static int match(struct search *search, const git_oid *to, const char *const *paths, size_t count,
		 const char **old_paths, struct revchain_error *error)
{
	size_t *next = revchain_arena_array(search->scratch, count, sizeof(*next));
	const struct revchain_listed **best =
		revchain_arena_array(search->scratch, count, sizeof(*best));
	size_t i, at;
	int status;

	if (!next || !best)
		return revchain_fail_memory(error);
	status = read_wanted(search, to, paths, count, next, error);
	for (i = 0; !status && i < search->gone.count && search->wanted.names.root; i++) {
		const char *revision;

		status = revision_of_blob(search, &search->gone.files[i].blob,
					  search->gone.files[i].path, &revision, error);
		if (status || !revision ||
		    !revchain_map_get(&search->wanted, revision, strlen(revision), &at))
			continue;
		for (; at; at = next[at - 1])
			offer(&search->gone.files[i], paths[at - 1], &best[at - 1]);
	}
	for (i = 0; !status && i < count; i++) {
		if (!best[i])
			continue;
		old_paths[i] = revchain_arena_copy(search->history->arena, best[i]->path,
						   strlen(best[i]->path));
		if (!old_paths[i])
			status = revchain_fail_memory(error);
	}
	return status;
}

int revchain_moves_find(struct revchain_history *history, const git_oid *from, const git_oid *to,
			const char *const *paths, size_t count, const char **old_paths,
			struct revchain_error *error)
{
	struct search search = {.history = history, .scratch = revchain_arena_new()};
	int status;

	memset(old_paths, 0, count * sizeof(*old_paths));
	if (!search.scratch)
		return revchain_fail_memory(error);
	revchain_map_init(&search.wanted, search.scratch);
	search.gone.repository = history->repository;
	search.gone.arena = search.scratch;
	status = compare_trees(&search.gone, from, to, "", 0, error);
	if (!status && search.gone.count)
		status = match(&search, to, paths, count, old_paths, error);
	revchain_arena_free(search.scratch);
	return status;
}

int revchain_moves_gone(struct revchain_repository *repository, const git_oid *from,
			const git_oid *to, struct revchain_arena *arena,
			const struct revchain_listed **files, size_t *count,
			struct revchain_error *error)
{
	struct gone gone = {.repository = repository, .arena = arena};
	int status = compare_trees(&gone, from, to, "", 0, error);

	*files = gone.files;
	*count = gone.count;
	return status;
}
