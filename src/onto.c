#include "revchain/onto.h"

#include <string.h>

#include "revchain/graph.h"

#include "map.h"

struct merging {
	const struct revchain_onto *onto;
	struct revchain_arena *arena;
	struct revchain_merged *merged;
	struct revchain_findings *notes;
	struct revchain_map here, common, target; /* by path: index into the set */
	struct revchain_picked *picked;
	size_t count;
};

static int index_paths(const struct revchain_migrations *set, struct revchain_arena *arena,
		       struct revchain_map *map, struct revchain_error *error)
{
	size_t i;

	revchain_map_init(map, arena);
	for (i = 0; i < set->count; i++)
		if (!revchain_map_put(map, set->items[i].path, strlen(set->items[i].path), i))
			return revchain_fail_memory(error);
	return REVCHAIN_OK;
}

static const struct revchain_migration *
at_path(const struct revchain_map *map, const struct revchain_migrations *set, const char *path)
{
	size_t index;

	return revchain_map_get(map, path, strlen(path), &index) ? &set->items[index] : NULL;
}

/* `here` and `there` say what the two lines did to a file; `where` of them is what counts. */
static void report_conflict(struct merging *merging, const struct revchain_migration *migration,
			    const char *here, const char *there, const char *where)
{
	struct revchain_finding *finding = revchain_finding_add(
		merging->notes, REVCHAIN_FINDING_MERGE_CONFLICT, REVCHAIN_WARNING,
		"%s here, and %s in %s: the merge will conflict, and is judged as if the file "
		"stayed as it is %s",
		here, there, merging->onto->target->name, where);

	revchain_finding_at(merging->notes, finding, migration->path,
			    migration->scan.down_revision.line, NULL);
	revchain_finding_hint(merging->notes, finding, "git merge %s, and mend it",
			      merging->onto->target->name);
}

/* The lane of the merged set that has this directory. */
static size_t lane_of(const struct revchain_migrations *set, const char *directory)
{
	size_t lane = 0;

	while (strcmp(set->lanes[lane].directory, directory) != 0)
		lane++;
	return lane;
}

static void pick(struct merging *merging, const struct revchain_migrations *set,
		 const struct revchain_migration *migration)
{
	merging->picked[merging->count].migration = migration;
	merging->picked[merging->count++].lane =
		lane_of(&merging->merged->set, set->lanes[migration->lane].directory);
}

/* A file of the target, against what it was and what it is here. */
static void merge_theirs(struct merging *merging, const struct revchain_migration *theirs)
{
	const struct revchain_onto *onto = merging->onto;
	const struct revchain_migrations *target = &onto->target->set;
	const struct revchain_migration *ours = at_path(&merging->here, onto->here, theirs->path),
					*old = onto->common
						       ? at_path(&merging->common,
								 &onto->common->set, theirs->path)
						       : NULL;

	if (!onto->common) {
		/* what is here under this path or this id stands for it */
		if (!ours && !(theirs->revision &&
			       revchain_migrations_find(onto->here, theirs->revision, NULL)))
			pick(merging, target, theirs);
		else if (ours)
			pick(merging, onto->here, ours);
	} else if (!ours && old && revchain_migration_same(theirs, old)) {
		return; /* deleted here */
	} else if (!ours) {
		if (old)
			report_conflict(merging, theirs, "deleted", "changed", "there");
		pick(merging, target, theirs);
	} else if (revchain_migration_same(ours, theirs) ||
		   (old && revchain_migration_same(ours, old))) {
		pick(merging, target, theirs);
	} else {
		if (!old || !revchain_migration_same(theirs, old))
			report_conflict(merging, ours, old ? "changed" : "added",
					old ? "otherwise" : "another", "here");
		pick(merging, onto->here, ours);
	}
}

/* A file that is here, and not in the target. */
static void merge_ours(struct merging *merging, const struct revchain_migration *ours)
{
	const struct revchain_onto *onto = merging->onto;
	const struct revchain_migration *old =
		onto->common ? at_path(&merging->common, &onto->common->set, ours->path) : NULL;

	if (old && revchain_migration_same(ours, old))
		return; /* deleted there */
	if (old)
		report_conflict(merging, ours, "changed", "deleted", "here");
	pick(merging, onto->here, ours);
}

/* The target's lanes, and those that are here alone. */
static int merge_lanes(struct merging *merging, struct revchain_error *error)
{
	const struct revchain_migrations *here = merging->onto->here,
					 *target = &merging->onto->target->set;
	struct revchain_migrations *set = &merging->merged->set;
	struct revchain_lane *lanes = revchain_arena_array(
		merging->arena, here->lane_count + target->lane_count + 1, sizeof(*lanes));
	size_t i, j;

	if (!lanes)
		return revchain_fail_memory(error);
	set->arena = merging->arena;
	set->recursive = here->recursive || target->recursive;
	set->lanes = lanes;
	for (i = 0; i < target->lane_count; i++)
		lanes[set->lane_count++] = target->lanes[i];
	for (i = 0; i < here->lane_count; i++) {
		for (j = 0; j < set->lane_count; j++)
			if (strcmp(lanes[j].directory, here->lanes[i].directory) == 0)
				break;
		if (j == set->lane_count)
			lanes[set->lane_count++] = here->lanes[i];
	}
	return REVCHAIN_OK;
}

static int merge_files(struct merging *merging, struct revchain_error *error)
{
	const struct revchain_migrations *here = merging->onto->here,
					 *target = &merging->onto->target->set;
	size_t i, most = here->count + target->count + 1;

	merging->picked = revchain_arena_array(merging->arena, most, sizeof(*merging->picked));
	if (!merging->picked)
		return revchain_fail_memory(error);
	for (i = 0; i < target->count; i++)
		merge_theirs(merging, &target->items[i]);
	for (i = 0; i < here->count; i++)
		if (!at_path(&merging->target, target, here->items[i].path))
			merge_ours(merging, &here->items[i]);
	return revchain_migrations_collect(&merging->merged->set, merging->picked, merging->count,
					   &merging->merged->findings, error);
}

/* Append those of an order that are dynamic in the merged set and not in the merged order yet. */
static void take_order(struct merging *merging, const struct revchain_migrations *set,
		       const struct revchain_order *order, size_t lane, bool *taken)
{
	struct revchain_merged *merged = merging->merged;
	size_t i, index;

	for (i = 0; i < order->count; i++) {
		const char *revision = set->items[order->items[i].migration].revision;

		if (!revision || !revchain_migrations_find(&merged->set, revision, &index) ||
		    taken[index] || merged->set.items[index].lane != lane ||
		    merged->set.items[index].kind != REVCHAIN_DYNAMIC)
			continue;
		taken[index] = true;
		merged->order.items[merged->order.count] = order->items[i];
		merged->order.items[merged->order.count++].migration = index;
	}
}

static int merge_orders(struct merging *merging, struct revchain_error *error)
{
	const struct revchain_onto *onto = merging->onto;
	struct revchain_merged *merged = merging->merged;
	size_t count = merged->set.count + 1, lane;
	bool *taken = revchain_arena_array(merging->arena, count, sizeof(*taken));

	merged->order.items =
		revchain_arena_array(merging->arena, count, sizeof(*merged->order.items));
	merged->order.lane_start =
		revchain_arena_array(merging->arena, merged->set.lane_count + 1, sizeof(size_t));
	if (!taken || !merged->order.items || !merged->order.lane_start)
		return revchain_fail_memory(error);
	for (lane = 0; lane < merged->set.lane_count; lane++) {
		merged->order.lane_start[lane] = merged->order.count;
		take_order(merging, &onto->target->set, &onto->target->order, lane, taken);
		if (onto->order)
			take_order(merging, onto->here, onto->order, lane, taken);
	}
	merged->order.lane_start[lane] = merged->order.count;
	return REVCHAIN_OK;
}

static void note_no_common(const struct revchain_onto *onto, struct revchain_findings *notes)
{
	struct revchain_finding *finding = revchain_finding_add(
		notes, REVCHAIN_FINDING_NO_MERGE_BASE, REVCHAIN_NOTE,
		"no commit is known that this and %s come from: compared by revision ids, and what "
		"this line deleted counts as there",
		onto->target->name);

	revchain_finding_hint(notes, finding,
			      "a full clone knows it: git fetch --unshallow, or fetch-depth: 0");
}

int revchain_onto_merge(const struct revchain_onto *onto, struct revchain_merged *merged,
			struct revchain_findings *notes, struct revchain_error *error)
{
	struct merging merging = {
		.onto = onto, .arena = onto->here->arena, .merged = merged, .notes = notes};
	int status;

	memset(merged, 0, sizeof(*merged));
	revchain_findings_init(&merged->findings, merging.arena);
	if (!onto->common)
		note_no_common(onto, notes);
	status = index_paths(onto->here, merging.arena, &merging.here, error);
	if (!status)
		status = index_paths(&onto->target->set, merging.arena, &merging.target, error);
	if (!status && onto->common)
		status = index_paths(&onto->common->set, merging.arena, &merging.common, error);
	if (!status)
		status = merge_lanes(&merging, error);
	if (!status)
		status = merge_files(&merging, error);
	if (!status)
		status = revchain_graph_link(&merged->set, &merged->findings, error);
	return status ? status : merge_orders(&merging, error);
}
