#include "revchain/where.h"

#include <stdlib.h>
#include <string.h>

#include "revchain/history.h"
#include "revchain/order.h"

#include "lanehistory.h"
#include "object.h"
#include "relatives.h"
#include "removal.h"

struct revchain_where_search {
	struct revchain_arena *arena;
	const struct revchain_where_source *source;
	struct revchain_versions versions;
	struct revchain_lanehistory *lanes;
	size_t lane_count;
	const char **ids; /* all, sorted, each once */
	size_t id_count;
	bool **present; /* of each lane, of each of its states: whether it has the id in question */
};

static int compare_ids(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Gather the ids of all versions, and of the files that are there. */
static int gather_ids(struct revchain_where_search *search, struct revchain_error *error)
{
	const struct revchain_migrations *set = search->source->set;
	size_t i, count = 0, most = search->versions.blobs.count + set->count;
	const char **ids = revchain_arena_array(search->arena, most + 1, sizeof(*ids));

	if (!ids)
		return revchain_fail_memory(error);
	for (i = 0; i < search->versions.blobs.count; i++)
		if (search->versions.revisions[i])
			ids[count++] = search->versions.revisions[i];
	for (i = 0; i < set->count; i++)
		if (set->items[i].revision)
			ids[count++] = set->items[i].revision;
	if (count)
		qsort(ids, count, sizeof(*ids), compare_ids);
	for (i = 0; i < count; i++)
		if (!i || strcmp(ids[i], ids[search->id_count - 1]) != 0)
			ids[search->id_count++] = ids[i];
	search->ids = ids;
	return REVCHAIN_OK;
}

static int read_lane(struct revchain_where_search *search, size_t lane, const git_oid *tips,
		     struct revchain_error *error)
{
	const struct revchain_where_source *source = search->source;
	struct revchain_lanehistory *history = &search->lanes[lane];

	history->repository = source->repository;
	history->arena = search->arena;
	history->directory = source->set->lanes[lane].directory;
	history->recursive = source->set->recursive;
	history->versions = &search->versions;
	return revchain_lanehistory_read(history, tips, source->ref_count + (source->head != NULL),
					 source->head != NULL, source->tips_only, error);
}

int revchain_where_open(struct revchain_where_search **out,
			const struct revchain_where_source *source, struct revchain_arena *arena,
			struct revchain_error *error)
{
	struct revchain_where_search *search = revchain_arena_alloc(arena, sizeof(*search));
	size_t lane, i, lane_count = source->set->lane_count;
	git_oid *tips = revchain_arena_array(arena, source->ref_count + 1, sizeof(*tips));
	int status = REVCHAIN_OK;

	*out = search;
	if (!search || !tips)
		return revchain_fail_memory(error);
	search->arena = arena;
	search->source = source;
	search->lanes = revchain_arena_array(arena, lane_count + 1, sizeof(*search->lanes));
	search->present = revchain_arena_array(arena, lane_count + 1, sizeof(*search->present));
	if (!search->lanes || !search->present)
		return revchain_fail_memory(error);
	if (source->head)
		tips[0] = *source->head;
	for (i = 0; i < source->ref_count; i++)
		tips[i + (source->head != NULL)] = source->refs[i].commit;
	for (lane = 0; !status && lane < lane_count; lane++) {
		search->lane_count++;
		status = read_lane(search, lane, tips, error);
	}
	for (lane = 0; !status && lane < lane_count; lane++) {
		search->present[lane] = revchain_arena_array(
			arena, (size_t)revchain_lanehistory_states(&search->lanes[lane]) + 1,
			sizeof(**search->present));
		if (!search->present[lane])
			status = revchain_fail_memory(error);
	}
	return status ? status : gather_ids(search, error);
}

void revchain_where_free(struct revchain_where_search *search)
{
	size_t lane;

	if (!search)
		return;
	for (lane = 0; lane < search->lane_count; lane++)
		revchain_lanehistory_free(&search->lanes[lane]);
	revchain_oidmap_free(&search->versions.blobs);
	free(search->versions.revisions);
	search->lane_count = 0;
}

int revchain_where_match(struct revchain_where_search *search, const char *text,
			 const char *const **ids, size_t *count, struct revchain_error *error)
{
	const char **matches =
		revchain_arena_array(search->arena, search->id_count + 1, sizeof(*matches));
	size_t i, length = strlen(text);

	if (!matches)
		return revchain_fail_memory(error);
	*ids = matches;
	*count = 0;
	for (i = 0; i < search->id_count; i++)
		if (strncmp(search->ids[i], text, length) == 0) {
			matches[(*count)++] = search->ids[i];
			if (!search->ids[i][length]) /* sorted: it is the first of them */
				break;
		}
	return REVCHAIN_OK;
}

/* A search for one id in a state. */
struct finding_one {
	struct revchain_arena *arena;
	const char *id;
	bool found, failed;
	const char **path; /* NULL: not wanted */
};

static bool find_one(void *data, const char *path, const git_oid *blob, const char *revision)
{
	struct finding_one *one = data;

	(void)blob;
	if (!revision || strcmp(revision, one->id) != 0)
		return true;
	one->found = true;
	if (one->path) {
		*one->path = revchain_arena_copy(one->arena, path, strlen(path));
		one->failed = !*one->path;
	}
	return false;
}

/* Find out which states of which lanes have an id. */
static int mark_states(struct revchain_where_search *search, const char *id,
		       struct revchain_error *error)
{
	struct finding_one one = {.arena = search->arena, .id = id};
	size_t lane;
	int status = REVCHAIN_OK;

	for (lane = 0; lane < search->lane_count; lane++) {
		struct revchain_lanehistory *history = &search->lanes[lane];
		uint32_t state;

		for (state = 0; !status && state < revchain_lanehistory_states(history); state++) {
			one.found = false;
			status = revchain_lanehistory_each(history, state, find_one, &one, error);
			search->present[lane][state] = one.found;
		}
	}
	return status;
}

/* The lane that has the id in a commit, by number; their count if there is none. */
static size_t lane_with_id(const struct revchain_where_search *search, uint32_t commit)
{
	size_t lane;

	for (lane = 0; lane < search->lane_count; lane++) {
		uint32_t state = revchain_lanehistory_state(&search->lanes[lane], commit);

		if (state != REVCHAIN_NO_STATE && search->present[lane][state])
			break;
	}
	return lane;
}

static bool has_id(const void *data, uint32_t commit)
{
	const struct revchain_where_search *search = data;

	return lane_with_id(search, commit) < search->lane_count;
}

/* The number of a commit that was read; it is the same for all lanes. */
static int number_of(struct revchain_where_search *search, const git_oid *id, uint32_t *number,
		     struct revchain_error *error)
{
	return revchain_simplify_number(&search->lanes[0].commits, id, number, error);
}

static int find_holders(struct revchain_where_search *search, struct revchain_where *where,
			struct revchain_error *error)
{
	const struct revchain_where_source *source = search->source;
	size_t *holders =
		       revchain_arena_array(search->arena, source->ref_count + 1, sizeof(*holders)),
	       i;
	int status = holders ? REVCHAIN_OK : revchain_fail_memory(error);

	for (i = 0; !status && i < source->ref_count; i++) {
		uint32_t commit;

		status = number_of(search, &source->refs[i].commit, &commit, error);
		if (!status && has_id(search, commit))
			holders[where->holder_count++] = i;
	}
	where->holders = holders;
	return status;
}

static int describe_commit(struct revchain_where_search *search, const git_oid *id,
			   struct revchain_where_commit *described, struct revchain_error *error)
{
	struct revchain_commit commit = {0};
	int status = revchain_commit_read(search->source->repository, id, &commit, error);

	described->id = *id;
	described->date = commit.date;
	described->zone = commit.zone;
	revchain_commit_free(&commit);
	return status;
}

/* The path of the id in a commit that has it, and when it landed on that commit's line. */
static int read_seen(struct revchain_where_search *search, uint32_t commit,
		     struct revchain_where *where, struct revchain_error *error)
{
	struct finding_one one = {
		.arena = search->arena, .id = where->revision, .path = &where->path};
	struct revchain_history history = {.repository = search->source->repository,
					   .revision_of = revchain_order_revision_of,
					   .arena = search->arena};
	struct revchain_landing landing = {0};
	size_t lane = lane_with_id(search, commit);
	int status;

	where->seen = search->lanes[0].commits.commits.ids[commit];
	status = revchain_lanehistory_each(&search->lanes[lane],
					   revchain_lanehistory_state(&search->lanes[lane], commit),
					   find_one, &one, error);
	if (!status && one.failed)
		status = revchain_fail_memory(error);
	if (status || search->source->tips_only)
		return status;
	landing.path = where->path;
	status = revchain_history_landings(&history, &where->seen, &landing, 1, error);
	where->landed = !status;
	where->landing.id = landing.commit;
	where->landing.date = landing.date;
	where->landing.zone = landing.zone;
	return status;
}

/* Look for the commit that removed it: in HEAD's history, or else in what is not. */
static int find_removal(struct revchain_where_search *search, bool in_head,
			struct revchain_where *where, uint32_t *parent,
			struct revchain_error *error)
{
	uint32_t head_count = search->lanes[0].head_count,
		 count = search->lanes[0].commits.commits.count;
	struct revchain_removal removal = {
		.lanes = search->lanes,
		.lane_count = search->lane_count,
		.arena = search->arena,
		.id = where->revision,
		.has_id = has_id,
		.data = search,
		.first = in_head ? 0 : head_count,
		.end = in_head ? head_count : count,
		.where = where,
	};
	int status;

	if (search->source->tips_only || !revchain_removal_find(&removal))
		return REVCHAIN_OK;
	*parent = removal.parent;
	where->has_removal = true;
	status = describe_commit(search, &search->lanes[0].commits.commits.ids[removal.commit],
				 &where->removal, error);
	return status ? status : revchain_removal_judge(&removal, error);
}

/* Decide what the situation is, and which commit shows it (none for the work tree). */
static int decide(struct revchain_where_search *search, struct revchain_where *where,
		  uint32_t *seen, struct revchain_error *error)
{
	const struct revchain_where_source *source = search->source;
	size_t index;
	int status = REVCHAIN_OK;

	if (source->head)
		status = number_of(search, source->head, seen, error);
	if (status || (source->head && has_id(search, *seen))) {
		where->state = REVCHAIN_WHERE_HERE;
		return status;
	}
	if (revchain_migrations_find(source->set, where->revision, &index)) {
		where->state = REVCHAIN_WHERE_WORKTREE;
		where->path = source->set->items[index].path;
		return REVCHAIN_OK;
	}
	where->state = REVCHAIN_WHERE_REMOVED;
	status = find_removal(search, true, where, seen, error);
	if (status || where->has_removal)
		return status;
	if (where->holder_count) {
		where->state = REVCHAIN_WHERE_ELSEWHERE;
		return number_of(search, &source->refs[where->holders[0]].commit, seen, error);
	}
	where->state = REVCHAIN_WHERE_LOST;
	return find_removal(search, false, where, seen, error);
}

int revchain_where_look(struct revchain_where_search *search, const char *id,
			struct revchain_where *where, struct revchain_error *error)
{
	uint32_t seen = 0;
	int status;

	memset(where, 0, sizeof(*where));
	where->revision = id;
	status = mark_states(search, id, error);
	if (!status)
		status = find_holders(search, where, error);
	if (!status)
		status = decide(search, where, &seen, error);
	if (status)
		return status;
	if (where->state != REVCHAIN_WHERE_WORKTREE)
		status = read_seen(search, seen, where, error);
	return status ? status
		      : revchain_relatives_find(search->source, search->arena, where, error);
}
