#include "siblings.h"

#include <string.h>

#include "revchain/migration.h"
#include "revchain/snapshot.h"
#include "revchain/text.h"

#include "map.h"
#include "moves.h"
#include "object.h"
#include "repository.h"
#include "tie.h"

struct siblings {
	struct revchain_history *history;
	bool recursive; /* the lane is */
	struct revchain_arena *arena;
	struct revchain_snapshot commit;
	struct revchain_map seen;   /* directories and paths that are in */
	struct revchain_map judged; /* directories: 1 if all in it are migrations, or 0 */
	struct revchain_map tied;   /* the paths of the tie */
	struct sibling *files;
	size_t count, capacity;
};

struct sibling {
	struct revchain_listed listed;
	size_t lane; /* a number */
};

/* No file that can be read declares nothing; one that is too large has to be that in truth. */
static int confirm_unreadable(struct siblings *siblings, const struct revchain_listed *listed,
			      struct revchain_error *error)
{
	return revchain_repository_confirm_large(siblings->history->repository, &listed->blob,
						 listed->path, error);
}

/* Whether all that Alembic would load directly from a directory are migrations. */
static int judge(struct siblings *siblings, const char *directory, bool *pure,
		 struct revchain_error *error)
{
	const struct revchain_listed *listed;
	size_t i, count, known;
	int status;

	if (revchain_map_get(&siblings->judged, directory, strlen(directory), &known)) {
		*pure = known;
		return REVCHAIN_OK;
	}
	*pure = true;
	status = revchain_snapshot_list(&siblings->commit, directory, false, siblings->arena,
					&listed, &count, error);
	for (i = 0; !status && *pure && i < count; i++) {
		const char *text, *revision = NULL;
		size_t length;

		if (!revchain_is_migration_path(listed[i].path))
			continue;
		status = revchain_snapshot_read_listed(&siblings->commit, &listed[i],
						       siblings->arena, &text, &length, error);
		if (!status)
			status = siblings->history->revision_of(text, length, siblings->arena,
								&revision, error);
		else if (status == REVCHAIN_MIGRATIONS)
			status = confirm_unreadable(siblings, &listed[i], error);
		*pure = !status && revision;
	}
	if (!status && !revchain_map_put(&siblings->judged, directory, strlen(directory), *pure))
		status = revchain_fail_memory(error);
	return status;
}

/*
 * The lane that a file was in, by what the commit alone tells: the lane may have moved, been parted
 * or flattened since, and files of it may be gone. From a directory upwards as far as there are
 * migrations alone: above a lane there is env.py.
 */
static int lane_then(struct siblings *siblings, const char *path, char **lane,
		     struct revchain_error *error)
{
	const char *name = revchain_text_base_name(path);
	char *directory = revchain_arena_copy(siblings->arena, path,
					      name > path ? (size_t)(name - path) - 1 : 0);
	int status = directory ? REVCHAIN_OK : revchain_fail_memory(error);
	bool pure = siblings->recursive;

	*lane = directory;
	while (!status && pure && **lane) {
		const char *last = revchain_text_base_name(*lane);
		char *above = revchain_arena_copy(siblings->arena, *lane,
						  last > *lane ? (size_t)(last - *lane) - 1 : 0);

		status = above ? judge(siblings, above, &pure, error) : revchain_fail_memory(error);
		if (!status && pure)
			*lane = above;
	}
	return status;
}

/* Whether a file was in a lane. */
static bool is_in(const struct siblings *siblings, const char *path, const char *lane)
{
	size_t length = strlen(lane), start = length ? length + 1 : 0;

	if (length && (strncmp(path, lane, length) != 0 || path[length] != '/'))
		return false;
	return siblings->recursive || !strchr(path + start, '/');
}

/* Whether a path is a migration's, or is asked for: that one may have been moved from where Alembic
 * does not load it. */
static bool may_be_migration(const struct siblings *siblings, const char *path)
{
	return revchain_is_migration_path(path) ||
	       revchain_map_get(&siblings->tied, path, strlen(path), NULL);
}

static int add(struct siblings *siblings, const struct revchain_listed *listed, size_t lane,
	       struct revchain_error *error)
{
	struct sibling *grown =
		revchain_arena_grow(siblings->arena, siblings->files, siblings->count,
				    &siblings->capacity, sizeof(*grown));

	if (!grown)
		return revchain_fail_memory(error);
	siblings->files = grown;
	siblings->files[siblings->count++] = (struct sibling){*listed, lane};
	return REVCHAIN_OK;
}

/* Take in what the commit added to a lane: `added` is what its first parent has not. */
static int add_siblings(struct siblings *siblings, const char *lane,
			const struct revchain_listed *added, size_t added_count,
			struct revchain_error *error)
{
	int status = REVCHAIN_OK;
	size_t i;

	if (revchain_map_get(&siblings->seen, lane, strlen(lane), NULL))
		return REVCHAIN_OK;
	if (!revchain_map_put(&siblings->seen, lane, strlen(lane), 0))
		return revchain_fail_memory(error);
	for (i = 0; !status && i < added_count; i++) {
		const char *path = added[i].path;

		if (!is_in(siblings, path, lane) || !may_be_migration(siblings, path) ||
		    revchain_map_get(&siblings->seen, path, strlen(path), NULL))
			continue;
		status = revchain_map_put(&siblings->seen, path, strlen(path), 0)
				 ? add(siblings, &added[i], 0, error)
				 : revchain_fail_memory(error);
	}
	return status;
}

/* Take in what the commit added to the lanes that the files of the tie were in. */
static int add_lanes(struct siblings *siblings, const struct revchain_landing *tie, size_t count,
		     const struct revchain_listed *added, size_t added_count,
		     struct revchain_error *error)
{
	int status = REVCHAIN_OK;
	size_t i;

	for (i = 0; !status && i < count; i++) {
		char *lane;

		status = lane_then(siblings, tie[i].path, &lane, error);
		if (!status)
			status = add_siblings(siblings, lane, added, added_count, error);
	}
	return status;
}

/* Take in what the commit added to any lane: here each directory is one. */
static int add_all(struct siblings *siblings, const struct revchain_listed *added,
		   size_t added_count, struct revchain_error *error)
{
	int status = REVCHAIN_OK;
	size_t i;

	for (i = 0; !status && i < added_count; i++) {
		const char *path = added[i].path;
		size_t length = (size_t)(revchain_text_base_name(path) - path), lane = i;

		if (!may_be_migration(siblings, path))
			continue;
		status = revchain_map_get(&siblings->seen, path, length, &lane) ||
					 revchain_map_put(&siblings->seen, path, length, lane)
				 ? add(siblings, &added[i], lane, error)
				 : revchain_fail_memory(error);
	}
	return status;
}

/*
 * Whether files of several lanes are together in one now. Then all that the commit added decides,
 * which does not change when those of one more lane come to them. Below a lane directories are no
 * lanes: where that can be, it is decided as if all had been in one.
 */
static bool is_from_several_lanes(const struct siblings *siblings,
				  const struct revchain_landing *tie, size_t count)
{
	size_t length = (size_t)(revchain_text_base_name(tie->path) - tie->path), i;

	for (i = 1; !siblings->recursive && i < count; i++)
		if ((size_t)(revchain_text_base_name(tie[i].path) - tie[i].path) != length ||
		    memcmp(tie[i].path, tie->path, length) != 0)
			return true;
	return false;
}

/* What the commit has and its first parent has not. */
static int find_added(struct siblings *siblings, const git_oid *id,
		      const struct revchain_listed **added, size_t *count,
		      struct revchain_error *error)
{
	struct revchain_repository *repository = siblings->history->repository;
	struct revchain_commit commit = {0}, parent = {0};
	int status = revchain_commit_read(repository, id, &commit, error);

	if (!status && commit.parent_count)
		status = revchain_commit_read(repository, &commit.parents[0], &parent, error);
	if (!status)
		status = revchain_moves_gone(repository, &commit.tree, &parent.tree,
					     siblings->arena, added, count, error);
	revchain_commit_free(&commit);
	revchain_commit_free(&parent);
	return status;
}

/* Read what arrived with the commit and sort it. */
static int sort_siblings(struct siblings *siblings, const git_oid *commit,
			 struct revchain_tied **sorted, size_t *count, struct revchain_error *error)
{
	struct revchain_tied *tied =
		revchain_arena_array(siblings->arena, siblings->count, sizeof(*tied));
	bool *arrived = revchain_arena_array(siblings->arena, siblings->count, sizeof(*arrived));
	const char **paths = revchain_arena_array(siblings->arena, siblings->count, sizeof(*paths));
	size_t i;
	int status;

	*count = 0;
	*sorted = tied;
	if (!tied || !arrived || !paths)
		return revchain_fail_memory(error);
	for (i = 0; i < siblings->count; i++)
		paths[i] = siblings->files[i].listed.path;
	status = revchain_history_arrived(siblings->history, commit, paths, siblings->count,
					  arrived, error);
	for (i = 0; !status && i < siblings->count; i++) {
		const char *text;
		size_t length;

		if (!arrived[i])
			continue;
		tied[*count] =
			(struct revchain_tied){.path = paths[i], .lane = siblings->files[i].lane};
		status =
			revchain_snapshot_read_listed(&siblings->commit, &siblings->files[i].listed,
						      siblings->arena, &text, &length, error);
		if (!status)
			status = revchain_pyscan(text, length, siblings->arena, &tied[*count].scan,
						 error);
		else if (status == REVCHAIN_MIGRATIONS)
			status = confirm_unreadable(siblings, &siblings->files[i].listed, error);
		if (tied[*count].scan.revision.kind == REVCHAIN_VALUE_STRING ||
		    revchain_map_get(&siblings->tied, paths[i], strlen(paths[i]), NULL))
			(*count)++; /* a migration, or one that is asked for */
	}
	return status ? status : revchain_tie_sort(tied, *count, siblings->arena, error);
}

/* Put the landings of a tie into the order that the sorted siblings have. */
static int follow_siblings(struct siblings *siblings, struct revchain_landing *tie, size_t count,
			   const struct revchain_tied *sorted, size_t sorted_count,
			   struct revchain_error *error)
{
	struct revchain_landing *copy = revchain_arena_array(siblings->arena, count, sizeof(*copy));
	struct revchain_map places; /* path -> index into the tie, plus 1; `next` goes on to another
				       lane's file of that path */
	size_t *next = revchain_arena_array(siblings->arena, count, sizeof(*next));
	size_t i, at, done = 0;
	int status = REVCHAIN_OK;

	if (!copy || !next)
		return revchain_fail_memory(error);
	memcpy(copy, tie, count * sizeof(*tie));
	revchain_map_init(&places, siblings->arena);
	for (i = count; !status && i-- > 0;) {
		revchain_map_get(&places, tie[i].path, strlen(tie[i].path), &next[i]);
		if (!revchain_map_put(&places, tie[i].path, strlen(tie[i].path), i + 1))
			status = revchain_fail_memory(error);
	}
	for (i = 0; !status && i < sorted_count; i++) {
		at = 0;
		revchain_map_get(&places, sorted[i].path, strlen(sorted[i].path), &at);
		for (; at; at = next[at - 1])
			tie[done++] = copy[at - 1];
	}
	if (!status && done != count)
		status = revchain_fail(error, REVCHAIN_HISTORY,
				       "%s landed at a commit that does not have it", copy[0].path);
	return status;
}

static int sort(struct siblings *siblings, struct revchain_landing *tie, size_t count,
		struct revchain_error *error)
{
	struct revchain_tied *sorted = NULL;
	const struct revchain_listed *added = NULL;
	size_t i, added_count = 0, sorted_count = 0;
	int status = find_added(siblings, &tie->tie_commit, &added, &added_count, error);

	for (i = 0; i < count; i++)
		if (!revchain_map_put(&siblings->tied, tie[i].path, strlen(tie[i].path), 0))
			return revchain_fail_memory(error);
	if (!status)
		status = is_from_several_lanes(siblings, tie, count)
				 ? add_all(siblings, added, added_count, error)
				 : add_lanes(siblings, tie, count, added, added_count, error);
	if (!status)
		status = sort_siblings(siblings, &tie->tie_commit, &sorted, &sorted_count, error);
	return status ? status : follow_siblings(siblings, tie, count, sorted, sorted_count, error);
}

int revchain_siblings_sort(struct revchain_history *history, bool recursive,
			   struct revchain_landing *tie, size_t count, struct revchain_error *error)
{
	struct siblings siblings = {
		.history = history, .recursive = recursive, .arena = revchain_arena_new()};
	int status;

	if (!siblings.arena)
		return revchain_fail_memory(error);
	revchain_map_init(&siblings.seen, siblings.arena);
	revchain_map_init(&siblings.judged, siblings.arena);
	revchain_map_init(&siblings.tied, siblings.arena);
	status = revchain_snapshot_commit(&siblings.commit, history->repository, &tie->tie_commit,
					  error);
	if (!status)
		status = sort(&siblings, tie, count, error);
	revchain_arena_free(siblings.arena);
	return status;
}
