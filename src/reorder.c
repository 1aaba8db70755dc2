#include "revchain/reorder.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "earlier.h"

#define NONE SIZE_MAX
#define NAMED_MOST 20

/* A migration of a lane, and where it is to be. */
struct ranked {
	size_t rank; /* NONE: behind all that have one */
	size_t position;
	struct revchain_ordered ordered;
};

static int by_rank(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return a->position < b->position ? -1 : a->position > b->position;
}

/* Sort each lane by rank; with `dynamic_only` among the places that dynamic migrations have. */
static int sort_lanes(const struct revchain_migrations *set, struct revchain_order *order,
		      const size_t *rank, bool dynamic_only, struct revchain_error *error)
{
	struct ranked *ranked = revchain_arena_array(set->arena, order->count, sizeof(*ranked));
	size_t lane, i, count;

	if (!ranked)
		return revchain_fail_memory(error);
	for (lane = 0; lane < set->lane_count; lane++) {
		size_t start = order->lane_start[lane], end = order->lane_start[lane + 1];

		for (i = start, count = 0; i < end; i++) {
			size_t migration = order->items[i].migration;

			if (dynamic_only && set->items[migration].kind != REVCHAIN_DYNAMIC)
				continue;
			ranked[count].rank = rank[migration];
			ranked[count].position = i;
			ranked[count++].ordered = order->items[i];
		}
		qsort(ranked, count, sizeof(*ranked), by_rank);
		for (i = start, count = 0; i < end; i++) {
			size_t migration = order->items[i].migration;

			if (!dynamic_only || set->items[migration].kind == REVCHAIN_DYNAMIC)
				order->items[i] = ranked[count++].ordered;
		}
	}
	return REVCHAIN_OK;
}

static size_t *make_ranks(const struct revchain_migrations *set)
{
	size_t *rank = revchain_arena_array(set->arena, set->count, sizeof(*rank));
	size_t i;

	for (i = 0; rank && i < set->count; i++)
		rank[i] = NONE;
	return rank;
}

int revchain_order_by_base(const struct revchain_migrations *set, struct revchain_order *order,
			   const struct revchain_state *base, struct revchain_error *error)
{
	size_t *rank = make_ranks(set);
	size_t i;

	if (!rank)
		return revchain_fail_memory(error);
	for (i = 0; i < base->order.count; i++) {
		const char *revision = base->set.items[base->order.items[i].migration].revision;
		size_t index;

		if (revision && revchain_migrations_find(set, revision, &index) &&
		    rank[index] == NONE)
			rank[index] = i;
	}
	for (i = 0; i < order->count; i++) {
		struct revchain_ordered *ordered = &order->items[i];
		size_t migration = ordered->migration;

		if (rank[migration] == NONE)
			continue;
		*ordered = base->order.items[rank[migration]];
		ordered->migration = migration;
	}
	return sort_lanes(set, order, rank, false, error);
}

/* A file's order, read off its graph. */
struct pinning {
	const struct revchain_migrations *set;
	struct revchain_earlier graph;
	size_t *rank;
	size_t ranks;
	bool *entered; /* of each node: it is ranked, or on the stack */
	size_t *stack; /* of nodes */
};

/* Rank a node behind all that it hangs on. What goes round in a circle, by the file and by the
 * literal parents of today together, is entered once. */
static void rank_node(struct pinning *pinning, size_t node)
{
	const struct revchain_earlier *graph = &pinning->graph;
	size_t count = 0, i, index;

	if (pinning->entered[node])
		return;
	pinning->entered[node] = true;
	pinning->stack[count++] = node;
	while (count) {
		size_t at = pinning->stack[count - 1];
		const struct revchain_links *parents = &graph->parents[at];

		for (i = 0; i < parents->count && pinning->entered[parents->to[i]]; i++)
			;
		if (i < parents->count) {
			pinning->entered[parents->to[i]] = true;
			pinning->stack[count++] = parents->to[i];
			continue;
		}
		count--;
		if (revchain_migrations_find(pinning->set, graph->revisions[at], &index))
			pinning->rank[index] = pinning->ranks++;
	}
}

static void report_gone(const struct revchain_migrations *set,
			const struct revchain_chainfile *file, struct revchain_findings *findings)
{
	const char *names = "";
	size_t i, count = 0;

	for (i = 0; names && i < file->count; i++) {
		const char *revision = file->entries[i].revision;

		if (!revchain_migrations_find(set, revision, NULL) && count++ < NAMED_MOST)
			names = revchain_arena_printf(set->arena, "%s%s%s", names,
						      *names ? " " : "", revision);
	}
	if (!names)
		findings->out_of_memory = true;
	else if (count)
		revchain_finding_add(findings, REVCHAIN_FINDING_PIN_GONE, REVCHAIN_NOTE,
				     "%s has migrations that are gone: %s%s", file->path, names,
				     count > NAMED_MOST ? " and more" : "");
}

int revchain_order_by_pin(const struct revchain_migrations *set, struct revchain_order *order,
			  const struct revchain_chainfile *file, struct revchain_findings *findings,
			  struct revchain_error *error)
{
	struct pinning pinning = {.set = set, .rank = make_ranks(set)};
	size_t i, node;
	int status = revchain_earlier_of_file(file, set, &pinning.graph, error);

	if (status)
		return status;
	pinning.entered = revchain_arena_array(set->arena, pinning.graph.count, sizeof(bool));
	pinning.stack = revchain_arena_array(set->arena, pinning.graph.count, sizeof(size_t));
	if (!pinning.rank || !pinning.entered || !pinning.stack)
		return revchain_fail_memory(error);
	for (i = 0; i < order->count; i++)
		if (revchain_earlier_find(&pinning.graph,
					  set->items[order->items[i].migration].revision, &node) &&
		    pinning.graph.judged[node])
			rank_node(&pinning, node);
	report_gone(set, file, findings);
	return sort_lanes(set, order, pinning.rank, true, error);
}
