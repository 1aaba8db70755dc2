#include "revchain/heads.h"

#include <string.h>

/* Whether a migration names a parent, be it one that does not exist. */
static bool names_a_parent(const struct revchain_migration *migration,
			   const struct revchain_links *parents)
{
	return parents->count > 0 || revchain_migration_names_parents(migration) > 0;
}

int revchain_heads_find(const struct revchain_migrations *set, const struct revchain_links *parents,
			struct revchain_heads *heads, struct revchain_error *error)
{
	size_t *children = revchain_arena_array(set->arena, set->count, sizeof(*children));
	size_t *ends = revchain_arena_array(set->arena, set->count, sizeof(*ends));
	size_t *starts = revchain_arena_array(set->arena, set->count, sizeof(*starts));
	size_t *points = revchain_arena_array(set->arena, set->count, sizeof(*points));
	size_t i, j;

	memset(heads, 0, sizeof(*heads));
	if (!children || !ends || !starts || !points)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++)
		for (j = 0; j < parents[i].count; j++)
			children[parents[i].to[j]]++;
	for (i = 0; i < set->count; i++) {
		if (children[i] == 0)
			ends[heads->head_count++] = i;
		if (children[i] > 1)
			points[heads->branch_point_count++] = i;
		if (!names_a_parent(&set->items[i], &parents[i]))
			starts[heads->base_count++] = i;
	}
	heads->heads = ends;
	heads->bases = starts;
	heads->branch_points = points;
	return REVCHAIN_OK;
}
