#include "tie.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "map.h"

static int by_path(const void *left, const void *right)
{
	const struct revchain_tied *a = left, *b = right;

	return strcmp(a->path, b->path);
}

static int by_lane(const void *left, const void *right)
{
	const struct revchain_tied *a = left, *b = right;

	if (a->lane == b->lane)
		return 0;
	return a->lane < b->lane ? -1 : 1;
}

static int by_date(const void *left, const void *right)
{
	const struct revchain_tied *a = left, *b = right;

	if (a->scan.create_date != b->scan.create_date)
		return a->scan.create_date < b->scan.create_date ? -1 : 1;
	return strcmp(a->path, b->path);
}

/* The names that `depends_on` can use: revision ids, and behind them branch labels. */
static bool collect_names(const struct revchain_tied *tied, size_t count,
			  struct revchain_map *names)
{
	size_t i, j;
	bool ok = true;

	for (i = count; ok && i-- > 0;)
		for (j = 0; ok && j < tied[i].scan.branch_labels.count; j++) {
			const char *label = tied[i].scan.branch_labels.strings[j];

			ok = revchain_map_put(names, label, strlen(label), i);
		}
	for (i = count; ok && i-- > 0;)
		if (tied[i].scan.revision.kind == REVCHAIN_VALUE_STRING) {
			const char *revision = tied[i].scan.revision.strings[0];

			ok = revchain_map_put(names, revision, strlen(revision), i);
		}
	return ok;
}

/* The smallest on top. */
struct heap {
	size_t *items;
	size_t count;
};

/*
 * Who waits for whom: `first` and `next` chain the edges that start at one that others need. Where
 * lanes are merged, each waits besides for the one in front of it in its lane.
 */
struct waiting {
	size_t *follower; /* for each: 1 + the one behind it in its lane; 0: the last */
	size_t *open;	  /* for each: how many that it needs are not placed yet */
	size_t *first;	  /* for each: 1 + its first edge; 0: nobody needs it */
	size_t *next;	  /* for each edge: 1 + the next one; 0: the last */
	size_t *who;	  /* for each edge: who waits */
	bool *placed;
	struct heap ready, possible; /* possible: the lane has come to it, and it may still wait */
};

static void push(struct heap *heap, size_t index)
{
	size_t at = heap->count++;

	for (; at && heap->items[(at - 1) / 2] > index; at = (at - 1) / 2)
		heap->items[at] = heap->items[(at - 1) / 2];
	heap->items[at] = index;
}

static size_t pop(struct heap *heap)
{
	size_t *items = heap->items, top = items[0], at = 0, child;
	size_t count = --heap->count, last = items[count];

	while ((child = 2 * at + 1) < count) {
		child += child + 1 < count && items[child + 1] < items[child];
		if (items[child] >= last)
			break;
		items[at] = items[child];
		at = child;
	}
	items[at] = last;
	return top;
}

static bool allocate(struct waiting *waiting, const struct revchain_tied *tied, size_t count,
		     struct revchain_arena *arena)
{
	size_t i, total = 0;

	for (i = 0; i < count; i++)
		total += tied[i].scan.depends_on.count;
	waiting->follower = revchain_arena_array(arena, count, sizeof(size_t));
	waiting->open = revchain_arena_array(arena, count, sizeof(size_t));
	waiting->first = revchain_arena_array(arena, count, sizeof(size_t));
	waiting->next = revchain_arena_array(arena, total, sizeof(size_t));
	waiting->who = revchain_arena_array(arena, total, sizeof(size_t));
	waiting->placed = revchain_arena_array(arena, count, sizeof(bool));
	waiting->ready.items = revchain_arena_array(arena, count, sizeof(size_t));
	waiting->possible.items = revchain_arena_array(arena, count, sizeof(size_t));
	return waiting->follower && waiting->open && waiting->first && waiting->next &&
	       waiting->who && waiting->placed && waiting->ready.items && waiting->possible.items;
}

/* Each waits for the one whose place in the lane is before its own. */
static bool wait_in_lanes(struct waiting *waiting, const struct revchain_tied *tied, size_t count,
			  struct revchain_arena *arena)
{
	size_t *at_place = revchain_arena_array(arena, count, sizeof(*at_place));
	size_t i;

	if (!at_place)
		return false;
	for (i = 0; i < count; i++)
		at_place[tied[i].place] = i;
	for (i = 0; i + 1 < count; i++) {
		size_t before = at_place[i], behind = at_place[i + 1];

		if (tied[before].lane != tied[behind].lane)
			continue;
		waiting->follower[before] = behind + 1;
		waiting->open[behind]++;
	}
	return true;
}

/* `merging`: what one needs in its own lane has been placed as far as it can be. */
static void start_waiting(struct waiting *waiting, const struct revchain_tied *tied, size_t count,
			  const struct revchain_map *names, bool merging)
{
	size_t i, j, needed, edges = 0;

	for (i = 0; i < count; i++) {
		const struct revchain_value *value = &tied[i].scan.depends_on;

		if (!waiting->open[i])
			push(&waiting->possible, i);
		for (j = 0; j < value->count; j++) {
			const char *name = value->strings[j];

			if (!revchain_map_get(names, name, strlen(name), &needed) || needed == i ||
			    (merging && tied[needed].lane == tied[i].lane))
				continue;
			waiting->open[i]++;
			waiting->who[edges] = i;
			waiting->next[edges] = waiting->first[needed];
			waiting->first[needed] = ++edges;
		}
		if (!waiting->open[i])
			push(&waiting->ready, i);
	}
}

static void release(struct waiting *waiting, size_t index)
{
	if (--waiting->open[index] == 0)
		push(&waiting->ready, index);
}

/* Take the first that is ready, again and again; in a circle the first that is possible. */
static int place(struct revchain_tied *tied, size_t count, const struct revchain_map *names,
		 bool merging, struct revchain_arena *arena, struct revchain_error *error)
{
	struct revchain_tied *result = revchain_arena_array(arena, count, sizeof(*result));
	struct waiting waiting = {0};
	size_t done = 0, edge;

	if (!result || !allocate(&waiting, tied, count, arena) ||
	    (merging && !wait_in_lanes(&waiting, tied, count, arena)))
		return revchain_fail_memory(error);
	start_waiting(&waiting, tied, count, names, merging);
	while (done < count) {
		size_t index = pop(waiting.ready.count ? &waiting.ready : &waiting.possible);

		if (waiting.placed[index]) /* it was taken out of a circle, or was ready before */
			continue;
		waiting.placed[index] = true;
		result[done++] = tied[index];
		for (edge = waiting.first[index]; edge; edge = waiting.next[edge - 1])
			release(&waiting, waiting.who[edge - 1]);
		if (waiting.follower[index]) {
			push(&waiting.possible, waiting.follower[index] - 1);
			release(&waiting, waiting.follower[index] - 1);
		}
	}
	memcpy(tied, result, count * sizeof(*tied));
	return REVCHAIN_OK;
}

static int sort(struct revchain_tied *tied, size_t count, bool merging,
		struct revchain_arena *arena, struct revchain_error *error)
{
	bool all_dated = true, any_depends = false;
	struct revchain_map names;
	size_t i;

	for (i = 0; i < count; i++) {
		all_dated = all_dated && tied[i].scan.has_create_date;
		any_depends = any_depends || tied[i].scan.depends_on.count;
	}
	qsort(tied, count, sizeof(*tied), all_dated ? by_date : by_path);
	if (!any_depends && !merging)
		return REVCHAIN_OK;
	revchain_map_init(&names, arena);
	return collect_names(tied, count, &names)
		       ? place(tied, count, &names, merging, arena, error)
		       : revchain_fail_memory(error);
}

int revchain_tie_sort(struct revchain_tied *tied, size_t count, struct revchain_arena *arena,
		      struct revchain_error *error)
{
	size_t start, end, i;
	int status = REVCHAIN_OK;

	if (count < 2)
		return REVCHAIN_OK;
	qsort(tied, count, sizeof(*tied), by_lane);
	for (start = 0; !status && start < count; start = end) {
		for (end = start + 1; end < count && tied[end].lane == tied[start].lane;)
			end++;
		status = sort(tied + start, end - start, false, arena, error);
	}
	for (i = 0; i < count; i++)
		tied[i].place = i;
	if (!status && tied[0].lane != tied[count - 1].lane)
		status = sort(tied, count, true, arena, error);
	return status;
}
