#include "revchain/chain.h"

#include <string.h>

#include "revchain/text.h"

#define NAMED_MOST 20 /* heads in a message: a chain that is that wrong has no use for more */

/* A member of a block, as a candidate for its head. */
struct member {
	size_t block;	     /* within the lane; 0: static migrations that hang on no dynamic one */
	bool consumed;	     /* another of the block names it as its parent */
	bool consumed_later; /* one of a later block does */
};

struct building {
	const struct revchain_migrations *set;
	struct revchain_findings *findings;
	struct revchain_links *parents;
	struct member *members; /* one for each migration */
};

static const struct revchain_value *down_revision(const struct revchain_migration *migration)
{
	return &migration->scan.down_revision;
}

/* Number the blocks: dynamic migrations by their place in the lane, hybrids by their last parent;
 * parents come first in `sorted`. */
static void number_blocks(struct building *building, const struct revchain_order *order,
			  const size_t *sorted)
{
	const struct revchain_migrations *set = building->set;
	size_t i, j, lane, block;

	for (lane = 0; lane < set->lane_count; lane++)
		for (i = order->lane_start[lane], block = 1; i < order->lane_start[lane + 1]; i++)
			if (set->items[order->items[i].migration].kind == REVCHAIN_DYNAMIC)
				building->members[order->items[i].migration].block = block++;
	for (i = 0; i < set->count; i++) {
		const struct revchain_migration *migration = &set->items[sorted[i]];
		struct member *member = &building->members[sorted[i]];

		for (j = 0; j < migration->parents.count; j++) {
			size_t parent = migration->parents.to[j];

			if (set->items[parent].lane == migration->lane &&
			    building->members[parent].block > member->block)
				member->block = building->members[parent].block;
		}
	}
}

static void report_crossing(struct building *building, const struct revchain_migration *migration)
{
	struct revchain_finding *finding = revchain_finding_add(
		building->findings, REVCHAIN_FINDING_CROSSING, REVCHAIN_ERROR,
		"'%s' hangs on a dynamic migration of its own lane, by way of another lane",
		migration->revision);

	revchain_finding_at(building->findings, finding, migration->path,
			    down_revision(migration)->line, NULL);
	revchain_finding_hint(
		building->findings, finding,
		"name a migration of %s as its parent, and the other lane's with depends_on",
		building->set->lanes[migration->lane].directory);
}

/*
 * A lane that is left and entered again: what comes behind what cannot be told from the lane alone.
 * `reach` is how far into the lane the ancestors of each migration go, through any lane.
 */
static int check_crossings(struct building *building, size_t lane, const size_t *sorted,
			   struct revchain_error *error)
{
	const struct revchain_migrations *set = building->set;
	size_t *reach = revchain_arena_array(set->arena, set->count, sizeof(*reach));
	size_t i, j;

	if (!reach)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++) {
		const struct revchain_migration *migration = &set->items[sorted[i]];
		size_t *far = &reach[sorted[i]];

		for (j = 0; j < migration->parents.count; j++)
			if (reach[migration->parents.to[j]] > *far)
				*far = reach[migration->parents.to[j]];
		if (migration->lane != lane)
			continue;
		if (*far > building->members[sorted[i]].block)
			report_crossing(building, migration);
		*far = building->members[sorted[i]].block;
	}
	return REVCHAIN_OK;
}

static void mark_consumed(struct building *building)
{
	const struct revchain_migrations *set = building->set;
	size_t i, j;

	for (i = 0; i < set->count; i++)
		for (j = 0; j < set->items[i].parents.count; j++) {
			size_t parent = set->items[i].parents.to[j];

			if (set->items[parent].lane != set->items[i].lane)
				continue;
			if (building->members[parent].block == building->members[i].block)
				building->members[parent].consumed = true;
			else
				building->members[parent].consumed_later = true;
		}
}

/* The migrations of a lane, block by block. */
struct blocks {
	size_t *members; /* in the order of their blocks */
	size_t count;
};

static int collect_blocks(const struct building *building, size_t lane, struct blocks *blocks,
			  struct revchain_error *error)
{
	const struct revchain_migrations *set = building->set;
	size_t *start = revchain_arena_array(set->arena, set->count + 2, sizeof(*start));
	size_t i;

	blocks->members = revchain_arena_array(set->arena, set->count, sizeof(*blocks->members));
	if (!start || !blocks->members)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++)
		if (set->items[i].lane == lane) {
			start[building->members[i].block + 1]++;
			blocks->count++;
		}
	for (i = 0; i < set->count; i++)
		start[i + 1] += start[i];
	for (i = 0; i < set->count; i++)
		if (set->items[i].lane == lane)
			blocks->members[start[building->members[i].block]++] = i;
	return REVCHAIN_OK;
}

static void report_heads(struct building *building, const size_t *heads, size_t count, size_t block,
			 bool has_dynamic)
{
	const struct revchain_migrations *set = building->set;
	const struct revchain_migration *first = &set->items[heads[0]];
	struct revchain_finding *finding;
	struct revchain_buffer names = {0}, words = {0};
	size_t i;

	for (i = 0; i < count && i < NAMED_MOST; i++) {
		const char *revision = set->items[heads[i]].revision;
		const char *word = revchain_text_shell_word(set->arena, revision);

		revchain_buffer_printf(&names, "%s%s", i ? " " : "", revision);
		revchain_buffer_printf(&words, " %s", word ? word : "");
	}
	if (count > NAMED_MOST)
		revchain_buffer_puts(&names, " and more");
	if (names.failed || words.failed) {
		building->findings->out_of_memory = true;
		goto out;
	}
	if (block == 0)
		finding =
			revchain_finding_add(building->findings, REVCHAIN_FINDING_MULTIPLE_HEADS,
					     REVCHAIN_ERROR, "%s has %zu static heads: %s",
					     set->lanes[first->lane].directory, count, names.text);
	else
		finding = revchain_finding_add(
			building->findings, REVCHAIN_FINDING_HYBRID_FORK, REVCHAIN_ERROR,
			"static migrations behind a dynamic one end in %zu heads: %s", count,
			names.text);
	for (i = 0; i < count; i++)
		revchain_finding_at(building->findings, finding, set->items[heads[i]].path,
				    down_revision(&set->items[heads[i]])->line,
				    i ? "the other head" : NULL);
	revchain_finding_hint(building->findings, finding,
			      "merge them: revchain merge -m \"merge heads\"%s", words.text);
	if (has_dynamic)
		revchain_finding_hint(building->findings, finding,
				      "or, where no database has applied it yet: give one of them "
				      "`down_revision = get_down_revision(revision)`");
out:
	revchain_buffer_free(&names);
	revchain_buffer_free(&words);
}

/* The head of a block, in *head; where there is not exactly one that counts, a finding, and false.
 */
static bool find_head(struct building *building, const size_t *members, size_t count, size_t *head,
		      bool has_dynamic)
{
	size_t *left = revchain_arena_array(building->set->arena, count, sizeof(*left));
	size_t i, ends = 0, open = 0;

	if (!left) {
		building->findings->out_of_memory = true;
		return false;
	}
	for (i = 0; i < count; i++)
		if (!building->members[members[i]].consumed)
			left[ends++] = members[i];
	for (i = 0; i < ends; i++)
		if (!building->members[left[i]].consumed_later)
			left[open++] = left[i];
	if (open == 0) /* all are merged later: the chain could go on behind any of them */
		open = ends;
	*head = left[0];
	if (open == 1)
		return true;
	report_heads(building, left, open, building->members[left[0]].block, has_dynamic);
	return false;
}

static bool set_parent(struct building *building, size_t migration, size_t parent)
{
	size_t *to = revchain_arena_alloc(building->set->arena, sizeof(*to));

	if (!to) {
		building->findings->out_of_memory = true;
		return false;
	}
	*to = parent;
	building->parents[migration].to = to;
	building->parents[migration].count = 1;
	return true;
}

static int chain_lane(struct building *building, size_t lane, struct revchain_error *error)
{
	const struct revchain_migrations *set = building->set;
	struct blocks blocks = {0};
	size_t start, end, i, head = 0;
	bool has_head = false, has_dynamic;
	int status = collect_blocks(building, lane, &blocks, error);

	if (status || !blocks.count)
		return status;
	has_dynamic = building->members[blocks.members[blocks.count - 1]].block > 0;
	for (start = 0; start < blocks.count; start = end) {
		size_t block = building->members[blocks.members[start]].block;

		for (end = start;
		     end < blocks.count && building->members[blocks.members[end]].block == block;
		     end++)
			;
		for (i = start; has_head && i < end; i++)
			if (set->items[blocks.members[i]].kind == REVCHAIN_DYNAMIC &&
			    !set_parent(building, blocks.members[i], head))
				return revchain_fail_memory(error);
		has_head = find_head(building, blocks.members + start, end - start, &head,
				     has_dynamic);
		if (!has_head)
			return building->findings->out_of_memory ? revchain_fail_memory(error)
								 : REVCHAIN_OK;
	}
	return REVCHAIN_OK;
}

/*
 * A lane that is left and entered again by way of what another lane's dynamic migration goes
 * behind: only the computed parents tell, by going round in a circle. From a dynamic migration of
 * it on, the first that has its parent in another lane is the one that hangs on it.
 */
static int check_circle(struct building *building, struct revchain_error *error)
{
	const struct revchain_migrations *set = building->set;
	const size_t *cycle;
	size_t i, end, length;
	int status = revchain_graph_find_cycle(building->parents, set->count, set->arena, &cycle,
					       &length, error);

	for (i = 0; i < length && set->items[cycle[i]].kind != REVCHAIN_DYNAMIC;)
		i++;
	for (end = i + length; i < end; i++) {
		const struct revchain_migration *migration = &set->items[cycle[i % length]];

		if (set->items[cycle[(i + 1) % length]].lane == migration->lane)
			continue;
		report_crossing(building, migration);
		break;
	}
	return status;
}

/* Parents and dependencies together. */
static struct revchain_links *all_links(const struct revchain_migrations *set,
					const struct revchain_links *of)
{
	struct revchain_links *links = revchain_arena_array(set->arena, set->count, sizeof(*links));
	size_t i;

	for (i = 0; links && i < set->count; i++) {
		const struct revchain_links *parents = &of[i],
					    *others = &set->items[i].dependencies;
		size_t *to = revchain_arena_array(set->arena, parents->count + others->count,
						  sizeof(*to));

		if (!to)
			return NULL;
		if (parents->count)
			memcpy(to, parents->to, parents->count * sizeof(*to));
		if (others->count)
			memcpy(to + parents->count, others->to, others->count * sizeof(*to));
		links[i].to = to;
		links[i].count = parents->count + others->count;
	}
	return links;
}

static bool is_among(const struct revchain_links *links, size_t migration)
{
	size_t i;

	for (i = 0; i < links->count; i++)
		if (links->to[i] == migration)
			return true;
	return false;
}

static void report_dependency(struct revchain_findings *findings,
			      const struct revchain_migration *migration,
			      const struct revchain_migration *needed)
{
	bool itself = migration == needed;
	struct revchain_finding *finding = revchain_finding_add(
		findings, REVCHAIN_FINDING_DEPENDS_ON_LATER, REVCHAIN_ERROR,
		itself ? "'%s' depends on itself" : "'%s' depends on '%s', which comes after it",
		migration->revision, needed->revision);

	revchain_finding_at(findings, finding, migration->path, migration->scan.depends_on.line,
			    NULL);
	if (!itself)
		revchain_finding_at(findings, finding, needed->path, needed->scan.revision.line,
				    "the one that comes after it");
	if (itself)
		revchain_finding_hint(findings, finding, "drop the depends_on");
	else
		revchain_finding_hint(findings, finding, "drop the depends_on, or land '%s' first",
				      needed->revision);
}

int revchain_chain_dependencies(const struct revchain_migrations *set,
				const struct revchain_links *parents,
				struct revchain_findings *findings, struct revchain_error *error)
{
	struct revchain_links *links = all_links(set, parents);
	const size_t *cycle;
	size_t i, length;
	int status = links ? revchain_graph_find_cycle(links, set->count, set->arena, &cycle,
						       &length, error)
			   : revchain_fail_memory(error);

	for (i = 0; !status && i < length; i++) {
		size_t next = cycle[(i + 1) % length];

		if (!is_among(&parents[cycle[i]], next))
			report_dependency(findings, &set->items[cycle[i]], &set->items[next]);
	}
	return status;
}

int revchain_chain_verify(const struct revchain_migrations *set,
			  const struct revchain_links *parents, struct revchain_findings *findings,
			  struct revchain_error *error)
{
	bool *named = revchain_arena_array(set->arena, set->count, sizeof(*named));
	size_t *heads = revchain_arena_array(set->arena, set->lane_count, sizeof(*heads));
	size_t *members = revchain_arena_array(set->arena, set->lane_count, sizeof(*members));
	const size_t *cycle;
	size_t i, j, lane, length;
	int status;

	if (!named || !heads || !members)
		return revchain_fail_memory(error);
	status = revchain_graph_find_cycle(parents, set->count, set->arena, &cycle, &length, error);
	if (status)
		return status;
	for (i = 0; i < set->count; i++)
		for (j = 0; j < parents[i].count; j++)
			if (set->items[parents[i].to[j]].lane == set->items[i].lane)
				named[parents[i].to[j]] = true;
	for (i = 0; i < set->count; i++) {
		members[set->items[i].lane]++;
		heads[set->items[i].lane] += !named[i];
	}
	for (lane = 0; lane < set->lane_count; lane++)
		if (length || (members[lane] && heads[lane] != 1)) {
			revchain_finding_add(findings, REVCHAIN_FINDING_INTERNAL, REVCHAIN_ERROR,
					     "the chain of %s came out with %zu heads: this is an "
					     "error in revchain, and nothing was written",
					     set->lanes[lane].directory, heads[lane]);
			break;
		}
	return REVCHAIN_OK;
}

int revchain_chain_build(const struct revchain_migrations *set, const struct revchain_order *order,
			 struct revchain_chain *chain, struct revchain_findings *findings,
			 struct revchain_error *error)
{
	struct building building = {.set = set, .findings = findings};
	size_t *sorted = revchain_arena_array(set->arena, set->count, sizeof(*sorted));
	size_t i, count, lane;
	bool crossed;
	int status;

	building.parents = revchain_arena_array(set->arena, set->count, sizeof(*building.parents));
	building.members = revchain_arena_array(set->arena, set->count, sizeof(*building.members));
	if (!sorted || !building.parents || !building.members)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++)
		building.parents[i] = set->items[i].parents;
	chain->parents = building.parents;
	chain->complete = false;
	if (findings->errors)
		return REVCHAIN_OK;
	status = revchain_graph_sort(building.parents, set->count, set->arena, sorted, &count,
				     error);
	if (status)
		return status;
	number_blocks(&building, order, sorted);
	mark_consumed(&building);
	for (lane = 0; !status && lane < set->lane_count; lane++)
		status = check_crossings(&building, lane, sorted, error);
	crossed = findings->errors > 0;
	for (lane = 0; !crossed && !status && lane < set->lane_count; lane++)
		status = chain_lane(&building, lane, error);
	if (!status && !findings->errors)
		status = check_circle(&building, error);
	if (!status && !findings->errors)
		status = revchain_chain_dependencies(set, building.parents, findings, error);
	if (!status && !findings->errors)
		status = revchain_chain_verify(set, building.parents, findings, error);
	chain->complete = !status && !findings->errors && !findings->out_of_memory;
	return status;
}
