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

static bool is_ready(const struct revchain_tied *tied, size_t index,
		     const struct revchain_map *names, const bool *placed)
{
	const struct revchain_value *value = &tied[index].scan.depends_on;
	size_t i, needed;

	for (i = 0; i < value->count; i++)
		if (revchain_map_get(names, value->strings[i], strlen(value->strings[i]),
				     &needed) &&
		    needed != index && !placed[needed])
			return false;
	return true;
}

/* Take the first that is ready, again and again. */
static int place(struct revchain_tied *tied, size_t count, const struct revchain_map *names,
		 struct revchain_arena *arena, struct revchain_error *error)
{
	struct revchain_tied *result = revchain_arena_array(arena, count, sizeof(*result));
	bool *placed = revchain_arena_array(arena, count, sizeof(*placed));
	size_t i, done, first = 0;

	if (!result || !placed)
		return revchain_fail_memory(error);
	for (done = 0; done < count; done++) {
		while (placed[first])
			first++;
		for (i = first; i < count && (placed[i] || !is_ready(tied, i, names, placed)); i++)
			;
		if (i == count)
			i = first;
		placed[i] = true;
		result[done] = tied[i];
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
	revchain_map_clear(&names);
	return status;
}
