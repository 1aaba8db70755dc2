#include "lanehistory.h"

#include <stdlib.h>
#include <string.h>

#include "revchain/buffer.h"
#include "revchain/migration.h"
#include "revchain/order.h"

#include "object.h"
#include "repository.h"

#define DEPTH_MAX 2048 /* directories in directories, as git's core.maxTreeDepth has it */

/* A visit to the files below a tree. */
struct tour {
	struct revchain_lanehistory *history;
	struct revchain_buffer path; /* of the tree, with a slash; empty: the root */
	bool reading; /* what is in trees that were visited is known, and they are left out */
	revchain_lanehistory_visit *visit;
	void *data;
	bool ended;
	struct revchain_error *error;
};

/* What a version of a file declares. */
static int read_version(struct revchain_lanehistory *history, const char *path, const git_oid *blob,
			const char **revision, struct revchain_error *error)
{
	struct revchain_versions *versions = history->versions;
	uint32_t before = versions->blobs.count, number;
	struct revchain_arena *scratch;
	const char *text, *found = NULL, **grown;
	size_t length;
	int status = revchain_oidmap_add(&versions->blobs, blob, &number, error);

	if (status)
		return status;
	if (versions->blobs.count == before) {
		*revision = versions->revisions[number];
		return REVCHAIN_OK;
	}
	grown = revchain_grow(versions->revisions, &versions->capacity, versions->blobs.count,
			      sizeof(*grown));
	if (!grown)
		return revchain_fail_memory(error);
	versions->revisions = grown;
	grown[number] = NULL;
	scratch = revchain_arena_new();
	if (!scratch)
		return revchain_fail_memory(error);
	status = revchain_repository_read_blob(history->repository, blob, path, scratch, &text,
					       &length, error);
	if (!status)
		status = revchain_order_revision_of(text, length, scratch, &found, error);
	if (status == REVCHAIN_MIGRATIONS) /* too large for a migration */
		status = revchain_repository_confirm_large(history->repository, blob, path, error);
	if (!status && found) {
		grown[number] = revchain_arena_copy(history->arena, found, strlen(found));
		if (!grown[number])
			status = revchain_fail_memory(error);
	}
	*revision = grown[number];
	revchain_arena_free(scratch);
	return status;
}

static int visit_tree(struct tour *tour, const git_oid *id, int depth);

static int visit_entry(struct tour *tour, const struct revchain_tree_entry *entry, int depth)
{
	size_t length = tour->path.length;
	const char *revision;
	int status = REVCHAIN_OK;

	revchain_buffer_add(&tour->path, entry->name, entry->length);
	if (revchain_mode_is_tree(entry->mode))
		revchain_buffer_puts(&tour->path, "/");
	if (tour->path.failed)
		return revchain_fail_memory(tour->error);
	if (revchain_mode_is_tree(entry->mode)) {
		if (tour->history->recursive)
			status = visit_tree(tour, &entry->id, depth + 1);
	} else if (revchain_mode_is_file(entry->mode) && !revchain_mode_is_link(entry->mode) &&
		   revchain_is_migration_path(tour->path.text)) {
		status = read_version(tour->history, tour->path.text, &entry->id, &revision,
				      tour->error);
		if (!status && tour->visit)
			tour->ended =
				!tour->visit(tour->data, tour->path.text, &entry->id, revision);
	}
	tour->path.length = length;
	tour->path.text[length] = '\0';
	return status;
}

/* It recurses with the depth of the paths. */
static int visit_tree(struct tour *tour, const git_oid *id, int depth)
{
	struct revchain_oidmap *known = &tour->history->trees;
	uint32_t before = known->count, number;
	struct revchain_tree_entry entry;
	struct revchain_tree tree;
	int status, more = 0;

	if (depth > DEPTH_MAX)
		return revchain_fail(tour->error, REVCHAIN_HISTORY,
				     "directories are nested too deeply");
	if (tour->reading) {
		status = revchain_oidmap_add(known, id, &number, tour->error);
		if (status || known->count == before)
			return status;
	}
	status = revchain_tree_open(tour->history->repository, id, &tree, tour->error);
	while (!status && !tour->ended && (more = revchain_tree_next(&tree, &entry)) > 0)
		status = visit_entry(tour, &entry, depth);
	if (!status && !tour->ended && more < 0)
		status = revchain_fail_damaged(tour->error, "tree", id);
	revchain_tree_close(&tree);
	return status;
}

static int start_tour(struct tour *tour, uint32_t state)
{
	struct revchain_lanehistory *history = tour->history;
	int status;

	if (*history->directory) {
		revchain_buffer_puts(&tour->path, history->directory);
		revchain_buffer_puts(&tour->path, "/");
	} else {
		revchain_buffer_puts(&tour->path, "");
	}
	status = tour->path.failed
			 ? revchain_fail_memory(tour->error)
			 : visit_tree(tour,
				      &history->commits.entries[REVCHAIN_ENTRY_TREE].ids[state], 0);
	revchain_buffer_free(&tour->path);
	return status;
}

int revchain_lanehistory_each(struct revchain_lanehistory *history, uint32_t state,
			      revchain_lanehistory_visit *visit, void *data,
			      struct revchain_error *error)
{
	struct tour tour = {.history = history, .visit = visit, .data = data, .error = error};

	return start_tour(&tour, state);
}

uint32_t revchain_lanehistory_states(const struct revchain_lanehistory *history)
{
	return history->commits.entries[REVCHAIN_ENTRY_TREE].count;
}

uint32_t revchain_lanehistory_state(struct revchain_lanehistory *history, uint32_t commit)
{
	struct revchain_entry entry;
	struct revchain_error none;
	uint32_t state;

	revchain_simplify_entry(&history->commits, commit, &entry);
	if (entry.kind != REVCHAIN_ENTRY_TREE ||
	    revchain_oidmap_add(&history->commits.entries[REVCHAIN_ENTRY_TREE], &entry.id, &state,
				&none) != 0)
		return REVCHAIN_NO_STATE;
	return state;
}

/* Read the commits that are known, and with them those that they lead to. */
static int read_commits(struct revchain_lanehistory *history, uint32_t from,
			struct revchain_error *error)
{
	int status = REVCHAIN_OK;

	for (; !status && from < history->commits.commits.count; from++)
		status = revchain_simplify_read(&history->commits, from, error);
	return status;
}

static int read_versions(struct revchain_lanehistory *history, struct revchain_error *error)
{
	struct tour tour = {.history = history, .reading = true, .error = error};
	uint32_t state;
	int status = REVCHAIN_OK;

	for (state = 0; !status && state < revchain_lanehistory_states(history); state++)
		status = start_tour(&tour, state);
	return status;
}

int revchain_lanehistory_read(struct revchain_lanehistory *history, const git_oid *tips,
			      size_t count, bool has_head, bool tips_only,
			      struct revchain_error *error)
{
	uint32_t number;
	size_t i;
	int status = revchain_simplify_init(&history->commits, history->repository,
					    history->directory, error);

	for (i = 0; !status && i < count; i++) {
		status = revchain_simplify_number(&history->commits, &tips[i], &number, error);
		if (!status && tips_only)
			status = revchain_simplify_read(&history->commits, number, error);
		if (status || tips_only || i || !has_head)
			continue;
		status = read_commits(history, 0, error);
		history->head_count = history->commits.commits.count;
	}
	if (!status && !tips_only)
		status = read_commits(history, history->head_count, error);
	return status ? status : read_versions(history, error);
}

void revchain_lanehistory_free(struct revchain_lanehistory *history)
{
	revchain_simplify_free(&history->commits);
	revchain_oidmap_free(&history->trees);
}
