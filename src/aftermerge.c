#include "revchain/onto.h"

#include <string.h>

#define NAMED_MOST 20

/* The head of the lane that has a directory; NULL: there is no such lane, or nothing in it. */
static const struct revchain_migration *find_head(const struct revchain_migrations *set,
						  const char *directory, const bool *named)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (!named[i] && strcmp(set->lanes[set->items[i].lane].directory, directory) == 0)
			return &set->items[i];
	return NULL;
}

/* Which migrations are named as a parent in their own lane. */
static bool *mark_named(const struct revchain_migrations *set, const struct revchain_chain *chain)
{
	bool *named = revchain_arena_array(set->arena, set->count + 1, sizeof(*named));
	size_t i, j;

	for (i = 0; named && i < set->count; i++)
		for (j = 0; j < chain->parents[i].count; j++) {
			size_t parent = chain->parents[i].to[j];

			if (set->items[parent].lane == set->items[i].lane)
				named[parent] = true;
		}
	return named;
}

/* "'fa', 'fb'": the dynamic ones of a lane that the base has not; NULL when memory ran out. */
static const char *name_new(const struct revchain_migrations *base,
			    const struct revchain_migrations *set,
			    const struct revchain_order *order, size_t lane,
			    const struct revchain_migration **first)
{
	const char *names = "";
	size_t i, count = 0;

	*first = NULL;
	for (i = order->lane_start[lane]; names && i < order->lane_start[lane + 1]; i++) {
		const struct revchain_migration *migration = &set->items[order->items[i].migration];

		if (migration->kind != REVCHAIN_DYNAMIC || !migration->revision ||
		    revchain_migrations_find(base, migration->revision, NULL))
			continue;
		*first = *first ? *first : migration;
		if (count++ < NAMED_MOST)
			names = revchain_arena_printf(set->arena, "%s%s'%s'", names,
						      *names ? ", " : "", migration->revision);
	}
	return names && count > NAMED_MOST ? revchain_arena_printf(set->arena, "%s and %zu more",
								   names, count - NAMED_MOST)
					   : names;
}

int revchain_after_merge(const struct revchain_migrations *base, const struct revchain_chain *chain,
			 const char *base_name, const char *name,
			 const struct revchain_migrations *set, const struct revchain_order *order,
			 struct revchain_findings *findings, struct revchain_error *error)
{
	const bool *named = mark_named(base, chain);
	size_t lane;

	if (!named)
		return revchain_fail_memory(error);
	for (lane = 0; lane < set->lane_count; lane++) {
		const struct revchain_migration *first, *head;
		const char *names = name_new(base, set, order, lane, &first);

		if (!names)
			return revchain_fail_memory(error);
		if (!first)
			continue;
		head = find_head(base, set->lanes[lane].directory, named);
		revchain_finding_add(findings, REVCHAIN_FINDING_AFTER_MERGE, REVCHAIN_NOTE,
				     "merged into %s next, %s puts %s %s%s%s", base_name, name,
				     names, head ? "behind '" : "first of all",
				     head ? head->revision : "", head ? "'" : "");
	}
	return REVCHAIN_OK;
}
