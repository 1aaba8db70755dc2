#include "removal.h"

#include <stdlib.h>
#include <string.h>

#include "simplify.h"

static bool has(const struct revchain_removal *removal, uint32_t commit)
{
	return removal->has_id(removal->data, commit);
}

static const uint32_t *parents_of(const struct revchain_removal *removal, uint32_t commit,
				  size_t *count)
{
	return revchain_simplify_parents(&removal->lanes[0].commits, commit, count);
}

/* From a commit down its line of first parents: the first that has the id no longer. */
static bool follow_line(struct revchain_removal *removal, uint32_t commit)
{
	bool here = has(removal, commit);

	for (;;) {
		size_t count;
		const uint32_t *parents = parents_of(removal, commit, &count);
		bool there;

		if (!count)
			return false;
		there = has(removal, parents[0]);
		if (!here && there) {
			removal->commit = commit;
			removal->parent = parents[0];
			return true;
		}
		commit = parents[0];
		here = there;
	}
}

/* Of all commits to look at, the newest that has a parent with the id, and has it not. */
static bool find_newest(struct revchain_removal *removal)
{
	uint64_t newest = 0;
	bool found = false;
	uint32_t commit;

	for (commit = removal->first; commit < removal->end; commit++) {
		uint64_t date = revchain_simplify_date(&removal->lanes[0].commits, commit);
		size_t i, count;
		const uint32_t *parents = parents_of(removal, commit, &count);

		if ((found && date <= newest) || has(removal, commit))
			continue;
		for (i = 0; i < count; i++)
			if (has(removal, parents[i])) {
				removal->commit = commit;
				removal->parent = parents[i];
				newest = date;
				found = true;
				break;
			}
	}
	return found;
}

/* Go from a merge into what it merged, as long as the removal came from there. */
static void enter_merges(struct revchain_removal *removal)
{
	bool found = true;

	while (found) {
		struct revchain_removal inner = *removal;
		size_t i, count;
		const uint32_t *parents = parents_of(removal, removal->commit, &count);

		found = false;
		for (i = 0; i < count && !found; i++)
			found = !has(removal, parents[i]) && follow_line(&inner, parents[i]);
		if (found) {
			removal->commit = inner.commit;
			removal->parent = inner.parent;
		}
	}
}

bool revchain_removal_find(struct revchain_removal *removal)
{
	if (removal->first == removal->end)
		return false;
	if (!(removal->first == 0 && follow_line(removal, removal->first)) && !find_newest(removal))
		return false;
	enter_merges(removal);
	return true;
}

/* A migration of one of the two commits. */
struct version {
	const char *revision, *path;
	git_oid blob;
};

struct versions {
	struct revchain_arena *arena;
	struct version *items;
	size_t count, capacity;
	bool failed;
};

static bool add_version(void *data, const char *path, const git_oid *blob, const char *revision)
{
	struct versions *versions = data;
	struct version *grown;

	if (!revision)
		return true;
	grown = revchain_arena_grow(versions->arena, versions->items, versions->count,
				    &versions->capacity, sizeof(*grown));
	versions->failed = !grown;
	if (!grown)
		return false;
	versions->items = grown;
	grown[versions->count].revision = revision;
	grown[versions->count].path = revchain_arena_copy(versions->arena, path, strlen(path));
	grown[versions->count].blob = *blob;
	versions->failed = !grown[versions->count].path;
	versions->count += grown[versions->count].path != NULL;
	return !versions->failed;
}

static int by_revision(const void *left, const void *right)
{
	return strcmp(((const struct version *)left)->revision,
		      ((const struct version *)right)->revision);
}

static int list_versions(const struct revchain_removal *removal, uint32_t commit,
			 struct versions *versions, struct revchain_error *error)
{
	size_t lane;
	int status = REVCHAIN_OK;

	memset(versions, 0, sizeof(*versions));
	versions->arena = removal->arena;
	for (lane = 0; !status && lane < removal->lane_count; lane++) {
		struct revchain_lanehistory *history = &removal->lanes[lane];
		uint32_t state = revchain_lanehistory_state(history, commit);

		if (state != REVCHAIN_NO_STATE)
			status = revchain_lanehistory_each(history, state, add_version, versions,
							   error);
		if (!status && versions->failed)
			status = revchain_fail_memory(error);
	}
	if (versions->count)
		qsort(versions->items, versions->count, sizeof(*versions->items), by_revision);
	return status;
}

static const struct version *find_version(const struct versions *versions, const char *revision)
{
	struct version key = {.revision = revision};

	return versions->count ? bsearch(&key, versions->items, versions->count,
					 sizeof(*versions->items), by_revision)
			       : NULL;
}

/* The ids that are in one of the lists and not in the other. */
static const char *const *difference(const struct versions *from, const struct versions *other,
				     const char *but, size_t *count)
{
	const char **ids = revchain_arena_array(from->arena, from->count + 1, sizeof(*ids));
	size_t i;

	*count = 0;
	for (i = 0; ids && i < from->count; i++) {
		const char *id = from->items[i].revision;

		if ((but && strcmp(id, but) == 0) || find_version(other, id) ||
		    (i && strcmp(id, from->items[i - 1].revision) == 0))
			continue;
		ids[(*count)++] = id;
	}
	return ids;
}

/* Whether two texts are the same but for an id, which is another one in the second. */
static bool same_but_for(const char *old, const char *old_id, const char *new, const char *new_id)
{
	size_t old_length = strlen(old_id), new_length = strlen(new_id);

	while (*old || *new) {
		if (strncmp(old, old_id, old_length) == 0 &&
		    strncmp(new, new_id, new_length) == 0) {
			old += old_length;
			new += new_length;
		} else if (*old++ != *new ++) {
			return false;
		}
	}
	return true;
}

static int compare_texts(const struct revchain_removal *removal, const struct version *old,
			 const struct version *new, bool *same, struct revchain_error *error)
{
	struct revchain_repository *repository = removal->lanes[0].repository;
	const char *old_text = "", *new_text = "";
	size_t length;
	int status = revchain_repository_read_blob(repository, &old->blob, old->path,
						   removal->arena, &old_text, &length, error);

	if (!status)
		status = revchain_repository_read_blob(repository, &new->blob, new->path,
						       removal->arena, &new_text, &length, error);
	*same = !status && same_but_for(old_text, old->revision, new_text, new->revision);
	return status;
}

static int find_successor(const struct revchain_removal *removal, const struct version *old,
			  const struct versions *after, struct revchain_error *error)
{
	struct revchain_where *where = removal->where;
	size_t i;
	int status = REVCHAIN_OK;

	for (i = 0; !status && !where->successor && i < where->added_count; i++) {
		const struct version *new = find_version(after, where->added[i]);
		bool same = new ? strcmp(new->path, old->path) == 0 : false;

		if (new && !same)
			status = compare_texts(removal, old, new, &same, error);
		if (same)
			where->successor = new->revision;
	}
	return status;
}

int revchain_removal_judge(struct revchain_removal *removal, struct revchain_error *error)
{
	struct revchain_where *where = removal->where;
	struct versions before, after;
	int status = list_versions(removal, removal->parent, &before, error);

	if (!status)
		status = list_versions(removal, removal->commit, &after, error);
	if (status)
		return status;
	where->gone = difference(&before, &after, removal->id, &where->gone_count);
	where->added = difference(&after, &before, NULL, &where->added_count);
	if (!where->gone || !where->added)
		return revchain_fail_memory(error);
	return find_successor(removal, find_version(&before, removal->id), &after, error);
}
