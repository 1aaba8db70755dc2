#include "revchain/graph.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "revchain/text.h"

#include "map.h"

static void report_missing(struct revchain_findings *findings,
			   const struct revchain_migration *migration, bool is_parent,
			   const char *name)
{
	const struct revchain_value *value =
		is_parent ? &migration->scan.down_revision : &migration->scan.depends_on;
	const char *word = revchain_text_shell_word(findings->arena, name);
	struct revchain_finding *finding;

	finding = revchain_finding_add(findings,
				       is_parent ? REVCHAIN_FINDING_MISSING_PARENT
						 : REVCHAIN_FINDING_MISSING_DEPENDENCY,
				       REVCHAIN_ERROR,
				       is_parent ? "the parent '%s' of '%s' does not exist"
						 : "'%s', which '%s' depends on, does not exist",
				       name, migration->revision ? migration->revision : "?");
	revchain_finding_at(findings, finding, migration->path, value->line, NULL);
	revchain_finding_hint(
		findings, finding,
		"git log --all --oneline -S%s -- '*.py' finds the commits that had it",
		word ? word : "…");
	if (is_parent)
		revchain_finding_hint(
			findings, finding,
			"if it is in another versions directory, name that one as well");
}

/*
 * Resolve names into links; each name once: `seen` (one for each migration) holds `stamp` for those
 * that are in already.
 */
static int link_names(struct revchain_migrations *set, const struct revchain_map *labels,
		      const struct revchain_migration *migration, bool is_parent,
		      struct revchain_links *links, size_t *seen, size_t stamp,
		      struct revchain_findings *findings, struct revchain_error *error)
{
	const struct revchain_value *value =
		is_parent ? &migration->scan.down_revision : &migration->scan.depends_on;
	size_t count = is_parent ? revchain_migration_names_parents(migration)
				 : revchain_value_names(value);
	size_t i, *to;

	if (!count)
		return REVCHAIN_OK;
	to = revchain_arena_array(set->arena, count, sizeof(*to));
	if (!to)
		return revchain_fail_memory(error);
	links->to = to;
	for (i = 0; i < count; i++) {
		const char *name = value->strings[i];
		size_t index;

		if (!revchain_migrations_find(set, name, &index) &&
		    (is_parent || !revchain_map_get(labels, name, strlen(name), &index))) {
			report_missing(findings, migration, is_parent, name);
			continue;
		}
		if (seen[index] != stamp)
			to[links->count++] = index;
		seen[index] = stamp;
	}
	return REVCHAIN_OK;
}

static int collect_labels(const struct revchain_migrations *set, struct revchain_map *labels,
			  struct revchain_error *error)
{
	size_t i, j;

	for (i = 0; i < set->count; i++) {
		const struct revchain_value *value = &set->items[i].scan.branch_labels;

		for (j = 0; j < revchain_value_names(value); j++)
			if (!revchain_map_put(labels, value->strings[j], strlen(value->strings[j]),
					      i))
				return revchain_fail_memory(error);
	}
	return REVCHAIN_OK;
}

/* Some parents go round in a circle. */
static int report_cycle(struct revchain_migrations *set, const struct revchain_links *links,
			struct revchain_findings *findings, struct revchain_error *error)
{
	const size_t *cycle;
	size_t i, length;
	struct revchain_finding *finding;
	int status =
		revchain_graph_find_cycle(links, set->count, set->arena, &cycle, &length, error);

	if (status)
		return status;
	finding = revchain_finding_add(findings, REVCHAIN_FINDING_CYCLE, REVCHAIN_ERROR,
				       length == 1 ? "'%s' names itself as its parent"
						   : "the parents of '%s' lead back to it: a cycle",
				       set->items[cycle[0]].revision);
	for (i = 0; i < length; i++) {
		const struct revchain_migration *migration = &set->items[cycle[i]];

		revchain_finding_at(findings, finding, migration->path,
				    migration->scan.down_revision.line,
				    i ? "and this one, which is its parent, leads on" : NULL);
	}
	revchain_finding_hint(findings, finding, "correct the down_revision of one of them");
	return REVCHAIN_OK;
}

/* A static migration whose parents, or their parents, are dynamic is a hybrid: `sorted` has parents
 * first. */
static void find_hybrids(struct revchain_migrations *set, const size_t *sorted, size_t count)
{
	size_t i, j;

	for (i = 0; i < count; i++) {
		struct revchain_migration *migration = &set->items[sorted[i]];

		for (j = 0; j < migration->parents.count; j++)
			if (set->items[migration->parents.to[j]].kind != REVCHAIN_STATIC)
				migration->kind = REVCHAIN_HYBRID;
	}
}

static int sort_and_judge(struct revchain_migrations *set, struct revchain_findings *findings,
			  struct revchain_error *error)
{
	struct revchain_links *links = revchain_arena_array(set->arena, set->count, sizeof(*links));
	size_t *sorted = revchain_arena_array(set->arena, set->count, sizeof(*sorted));
	size_t i, count;
	int status;

	if (!links || !sorted)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++)
		links[i] = set->items[i].parents;
	status = revchain_graph_sort(links, set->count, set->arena, sorted, &count, error);
	if (status)
		return status;
	find_hybrids(set, sorted, count);
	return count < set->count ? report_cycle(set, links, findings, error) : REVCHAIN_OK;
}

int revchain_graph_link(struct revchain_migrations *set, struct revchain_findings *findings,
			struct revchain_error *error)
{
	size_t *seen = revchain_arena_array(set->arena, set->count, sizeof(*seen));
	struct revchain_map labels;
	size_t i;
	int status;

	if (!seen)
		return revchain_fail_memory(error);
	revchain_map_init(&labels, set->arena);
	status = collect_labels(set, &labels, error);
	for (i = 0; !status && i < set->count; i++) {
		struct revchain_migration *migration = &set->items[i];

		status = link_names(set, &labels, migration, true, &migration->parents, seen,
				    2 * i + 1, findings, error);
		if (!status)
			status =
				link_names(set, &labels, migration, false, &migration->dependencies,
					   seen, 2 * i + 2, findings, error);
	}
	return status ? status : sort_and_judge(set, findings, error);
}

void revchain_graph_reach(const struct revchain_links *links, size_t count, size_t from, bool *seen,
			  size_t *stack)
{
	size_t depth = 0, i;

	memset(seen, 0, count * sizeof(*seen));
	stack[depth++] = from;
	seen[from] = true;
	while (depth) {
		const struct revchain_links *next = &links[stack[--depth]];

		for (i = 0; i < next->count; i++)
			if (!seen[next->to[i]]) {
				seen[next->to[i]] = true;
				stack[depth++] = next->to[i];
			}
	}
}

/* The links turned round: for each migration, the range in `from` of those that lead to it. */
struct reverse {
	size_t *start; /* count + 1 of them */
	size_t *from;
};

static int turn_round(const struct revchain_links *links, size_t count,
		      struct revchain_arena *arena, struct reverse *reverse,
		      struct revchain_error *error)
{
	size_t i, j, total = 0;
	size_t *next = revchain_arena_array(arena, count, sizeof(*next));

	for (i = 0; i < count; i++)
		total += links[i].count;
	reverse->start = revchain_arena_array(arena, count + 1, sizeof(*reverse->start));
	reverse->from = revchain_arena_array(arena, total, sizeof(*reverse->from));
	if (!next || !reverse->start || !reverse->from)
		return revchain_fail_memory(error);
	for (i = 0; i < count; i++)
		for (j = 0; j < links[i].count; j++)
			reverse->start[links[i].to[j] + 1]++;
	for (i = 0; i < count; i++)
		reverse->start[i + 1] += reverse->start[i];
	memcpy(next, reverse->start, count * sizeof(*next));
	for (i = 0; i < count; i++)
		for (j = 0; j < links[i].count; j++)
			reverse->from[next[links[i].to[j]]++] = i;
	return REVCHAIN_OK;
}

int revchain_graph_sort(const struct revchain_links *links, size_t count,
			struct revchain_arena *arena, size_t *sorted, size_t *sorted_count,
			struct revchain_error *error)
{
	size_t *waiting = revchain_arena_array(arena, count, sizeof(*waiting));
	struct reverse reverse;
	size_t i, j, done = 0;
	int status;

	if (!waiting)
		return revchain_fail_memory(error);
	status = turn_round(links, count, arena, &reverse, error);
	if (status)
		return status;
	*sorted_count = 0;
	for (i = 0; i < count; i++) {
		waiting[i] = links[i].count;
		if (!waiting[i])
			sorted[(*sorted_count)++] = i;
	}
	for (; done < *sorted_count; done++)
		for (j = reverse.start[sorted[done]]; j < reverse.start[sorted[done] + 1]; j++)
			if (--waiting[reverse.from[j]] == 0)
				sorted[(*sorted_count)++] = reverse.from[j];
	return REVCHAIN_OK;
}

int revchain_graph_find_cycle(const struct revchain_links *links, size_t count,
			      struct revchain_arena *arena, const size_t **cycle, size_t *length,
			      struct revchain_error *error)
{
	size_t *sorted = revchain_arena_array(arena, count, sizeof(*sorted));
	size_t *seen = revchain_arena_array(
		arena, count, sizeof(*seen)); /* position on the way, plus 1; SIZE_MAX: sorted */
	size_t *way = revchain_arena_array(arena, count, sizeof(*way));
	size_t i, at, steps = 0, sorted_count;
	int status;

	*length = 0;
	if (!sorted || !seen || !way)
		return revchain_fail_memory(error);
	status = revchain_graph_sort(links, count, arena, sorted, &sorted_count, error);
	if (status || sorted_count == count)
		return status;
	for (i = 0; i < sorted_count; i++)
		seen[sorted[i]] = SIZE_MAX;
	for (at = 0; seen[at]; at++)
		;
	while (!seen[at]) { /* what is left leads to something that is left */
		way[steps++] = at;
		seen[at] = steps;
		for (i = 0; seen[links[at].to[i]] == SIZE_MAX; i++)
			;
		at = links[at].to[i];
	}
	*cycle = way + seen[at] - 1;
	*length = steps - (seen[at] - 1);
	return REVCHAIN_OK;
}
