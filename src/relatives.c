#include "relatives.h"

#include <string.h>

#include "revchain/chain.h"
#include "revchain/finding.h"
#include "revchain/graph.h"
#include "revchain/order.h"
#include "revchain/snapshot.h"

/* Those lanes that a snapshot has. */
static int keep_lanes(struct revchain_snapshot *snapshot, const struct revchain_migrations *set,
		      struct revchain_arena *arena, struct revchain_lane **lanes, size_t *count,
		      struct revchain_error *error)
{
	size_t i;
	int status = REVCHAIN_OK;

	*count = 0;
	*lanes = revchain_arena_array(arena, set->lane_count + 1, sizeof(**lanes));
	if (!*lanes)
		return revchain_fail_memory(error);
	for (i = 0; !status && i < set->lane_count; i++) {
		enum revchain_file_type type;

		status = revchain_snapshot_stat(snapshot, set->lanes[i].directory, arena, &type,
						NULL, error);
		if (!status && type == REVCHAIN_FILE_DIRECTORY)
			(*lanes)[(*count)++] = set->lanes[i];
	}
	return status;
}

static int load(const struct revchain_where_source *source, struct revchain_snapshot *snapshot,
		struct revchain_arena *arena, struct revchain_migrations *set,
		struct revchain_findings *findings, struct revchain_error *error)
{
	struct revchain_lane *lanes;
	size_t count;
	int status = keep_lanes(snapshot, source->set, arena, &lanes, &count, error);

	if (!status)
		status = revchain_migrations_load(set, snapshot, lanes, count,
						  source->set->recursive, arena, findings, error);
	return status ? status : revchain_graph_link(set, findings, error);
}

/* The parents of the dynamic migrations. `chain` is complete, or they are not to be known. */
static int compute(const struct revchain_where_source *source, struct revchain_snapshot *snapshot,
		   const git_oid *tip, const struct revchain_migrations *set,
		   struct revchain_chain *chain, struct revchain_findings *findings,
		   struct revchain_error *error)
{
	struct revchain_history history = {.repository = source->repository,
					   .revision_of = revchain_order_revision_of,
					   .arena = set->arena};
	struct revchain_order order;
	int status;

	chain->complete = false;
	if (source->tips_only)
		return REVCHAIN_OK;
	status = revchain_order(REVCHAIN_ORDER_LANDING, &history, snapshot, set, tip, true, &order,
				findings, error);
	return status ? status : revchain_chain_build(set, &order, chain, findings, error);
}

/* Enter those that the links lead to, or that lead to it. */
static int enter(const struct revchain_migrations *set, const struct revchain_links *links,
		 size_t own, struct revchain_where *where, struct revchain_error *error)
{
	const struct revchain_value *value = &set->items[own].scan.down_revision;
	const char **parents =
		revchain_arena_array(set->arena, set->count + value->count + 1, sizeof(*parents));
	const char **children = revchain_arena_array(set->arena, set->count + 1, sizeof(*children));
	size_t i, j;

	if (!parents || !children)
		return revchain_fail_memory(error);
	/* as the file has them: there may be none of that name */
	for (i = 0; set->items[own].kind != REVCHAIN_DYNAMIC && i < value->count; i++)
		parents[where->parent_count++] = value->strings[i];
	for (i = 0; set->items[own].kind == REVCHAIN_DYNAMIC && i < links[own].count; i++)
		parents[where->parent_count++] = set->items[links[own].to[i]].revision;
	for (i = 0; i < set->count; i++)
		for (j = 0; j < links[i].count; j++)
			if (links[i].to[j] == own && set->items[i].revision)
				children[where->child_count++] = set->items[i].revision;
	where->parents = parents;
	where->children = children;
	where->related = true;
	return REVCHAIN_OK;
}

/* Go back from it, level by level, to the first one that the source's set has as well. */
static int find_known(const struct revchain_where_source *source,
		      const struct revchain_migrations *set, const struct revchain_links *links,
		      size_t own, struct revchain_where *where, struct revchain_error *error)
{
	size_t *queue = revchain_arena_array(set->arena, set->count + 1, sizeof(*queue)), done, i,
	       count = 0, index;
	bool *seen = revchain_arena_array(set->arena, set->count + 1, sizeof(*seen));

	if (!queue || !seen)
		return revchain_fail_memory(error);
	seen[own] = true;
	queue[count++] = own;
	for (done = 0; done < count; done++) {
		const char *revision = set->items[queue[done]].revision;

		if (done && revision && revchain_migrations_find(source->set, revision, &index)) {
			where->known = revision;
			break;
		}
		for (i = 0; i < links[queue[done]].count; i++) {
			size_t to = links[queue[done]].to[i];

			if (!seen[to])
				queue[count++] = to;
			seen[to] = true;
		}
	}
	return REVCHAIN_OK;
}

static int relate(const struct revchain_where_source *source, const struct revchain_migrations *set,
		  const struct revchain_links *links, size_t own, struct revchain_where *where,
		  struct revchain_error *error)
{
	int status = enter(set, links, own, where, error);

	return status ? status : find_known(source, set, links, own, where, error);
}

int revchain_relatives_find(const struct revchain_where_source *source,
			    struct revchain_arena *arena, struct revchain_where *where,
			    struct revchain_error *error)
{
	bool worktree = where->state == REVCHAIN_WHERE_WORKTREE;
	const git_oid *tip = worktree ? source->head : &where->seen;
	struct revchain_findings findings;
	struct revchain_snapshot snapshot;
	struct revchain_migrations set;
	struct revchain_chain chain;
	const struct revchain_links *links;
	size_t own;
	int status;

	revchain_findings_init(&findings, arena);
	if (worktree)
		status = revchain_snapshot_worktree(&snapshot, source->repository, error);
	else
		status = revchain_snapshot_commit(&snapshot, source->repository, tip, error);
	if (!status)
		status = load(source, &snapshot, arena, &set, &findings, error);
	if (status == REVCHAIN_MIGRATIONS) /* a file there is too large for one */
		return REVCHAIN_OK;
	if (status || !revchain_migrations_find(&set, where->revision, &own))
		return status;
	if (!revchain_migrations_have_dynamic(&set)) {
		links = revchain_migrations_parents(&set, error);
		return links ? relate(source, &set, links, own, where, error) : REVCHAIN_IO;
	}
	status = compute(source, &snapshot, tip, &set, &chain, &findings, error);
	if (status || !chain.complete)
		return status;
	return relate(source, &set, chain.parents, own, where, error);
}
