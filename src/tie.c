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

/* Who waits for whom: `first` and `next` chain the edges that start at one that others need. */
struct waiting {
	size_t *open;  /* for each: how many that it needs are not placed yet */
	size_t *first; /* for each: 1 + its first edge; 0: nobody needs it */
	size_t *next;  /* for each edge: 1 + the next one; 0: the last */
	size_t *who;   /* for each edge: who waits */
	bool *placed;
	size_t *heap; /* those that are ready, the smallest on top */
	size_t heap_count;
};

static void push(struct waiting *waiting, size_t index)
{
	size_t at = waiting->heap_count++;

	for (; at && waiting->heap[(at - 1) / 2] > index; at = (at - 1) / 2)
		waiting->heap[at] = waiting->heap[(at - 1) / 2];
	waiting->heap[at] = index;
}

static size_t pop(struct waiting *waiting)
{
	size_t *heap = waiting->heap, top = heap[0], at = 0, child;
	size_t count = --waiting->heap_count, last = heap[count];

	while ((child = 2 * at + 1) < count) {
		child += child + 1 < count && heap[child + 1] < heap[child];
		if (heap[child] >= last)
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = last;
	return top;
}

static bool start_waiting(struct waiting *waiting, const struct revchain_tied *tied, size_t count,
			  const struct revchain_map *names, struct revchain_arena *arena)
{
	size_t i, j, needed, edges = 0, total = 0;

	for (i = 0; i < count; i++)
		total += tied[i].scan.depends_on.count;
	waiting->open = revchain_arena_array(arena, count, sizeof(size_t));
	waiting->first = revchain_arena_array(arena, count, sizeof(size_t));
	waiting->next = revchain_arena_array(arena, total, sizeof(size_t));
	waiting->who = revchain_arena_array(arena, total, sizeof(size_t));
	waiting->heap = revchain_arena_array(arena, count, sizeof(size_t));
	waiting->placed = revchain_arena_array(arena, count, sizeof(bool));
	if (!waiting->open || !waiting->first || !waiting->next || !waiting->who ||
	    !waiting->heap || !waiting->placed)
		return false;
	for (i = 0; i < count; i++) {
		const struct revchain_value *value = &tied[i].scan.depends_on;

		for (j = 0; j < value->count; j++) {
			const char *name = value->strings[j];

			if (!revchain_map_get(names, name, strlen(name), &needed) || needed == i)
				continue;
			waiting->open[i]++;
			waiting->who[edges] = i;
			waiting->next[edges] = waiting->first[needed];
			waiting->first[needed] = ++edges;
		}
		if (!waiting->open[i])
			push(waiting, i);
	}
	return true;
}

/* Take the first that is ready, again and again; in a circle the first that is left. */
static int place(struct revchain_tied *tied, size_t count, const struct revchain_map *names,
		 struct revchain_arena *arena, struct revchain_error *error)
{
	struct revchain_tied *result = revchain_arena_array(arena, count, sizeof(*result));
	struct waiting waiting = {0};
	size_t done = 0, left = 0, edge;

	if (!result || !start_waiting(&waiting, tied, count, names, arena))
		return revchain_fail_memory(error);
	while (done < count) {
		size_t index;

		while (left < count && waiting.placed[left])
			left++;
		index = waiting.heap_count ? pop(&waiting) : left;
		if (waiting.placed[index]) /* it was taken out of a circle */
			continue;
		waiting.placed[index] = true;
		result[done++] = tied[index];
		for (edge = waiting.first[index]; edge; edge = waiting.next[edge - 1])
			if (--waiting.open[waiting.who[edge - 1]] == 0)
				push(&waiting, waiting.who[edge - 1]);
	}
	memcpy(tied, result, count * sizeof(*tied));
	return REVCHAIN_OK;
}

int revchain_tie_sort(struct revchain_tied *tied, size_t count, struct revchain_arena *arena,
		      struct revchain_error *error)
{
	bool all_dated = true, any_depends = false;
	struct revchain_map names;
	size_t i;
	int status = REVCHAIN_OK;

	if (count < 2)
		return REVCHAIN_OK;
	for (i = 0; i < count; i++) {
		all_dated = all_dated && tied[i].scan.has_create_date;
		any_depends = any_depends || tied[i].scan.depends_on.count;
	}
	qsort(tied, count, sizeof(*tied), all_dated ? by_date : by_path);
	if (!any_depends)
		return REVCHAIN_OK;
	revchain_map_init(&names, arena);
	status = collect_names(tied, count, &names) ? place(tied, count, &names, arena, error)
						    : revchain_fail_memory(error);
	return status;
}
