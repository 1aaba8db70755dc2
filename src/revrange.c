/*
 * The range of `alembic history -r`: _parse_upgrade_target, _parse_downgrade_target and
 * _collect_upgrade_revisions of alembic/script/revision.py, for what `history` asks of them. Where
 * Alembic stops with an assertion, this is an error as well.
 */
#include "revchain/revmap.h"

#include <ctype.h>
#include <string.h>

#include "bitset.h"
#include "labels.h"
#include "revname.h"
#include "revsort.h"

/* A target such as `label@abc123+2`. */
struct relative {
	const char *label;  /* NULL: none */
	const char *symbol; /* NULL: none */
	long steps;
};

static bool is_word(char character)
{
	return isalnum((unsigned char)character) || character == '_' || character & 0x80;
}

/* _relative_destination: (?:(.+?)@)?(\w+)?((?:\+|-)\d+), at the beginning of the text. */
static int parse_relative(struct revchain_naming *range, const char *text,
			  struct relative *relative, bool *found)
{
	const char *start = text, *at = text;
	int status = REVCHAIN_OK;

	*found = false;
	memset(relative, 0, sizeof(*relative));
	while (start) {
		for (at = start; is_word(*at); at++)
			;
		if ((*at == '+' || *at == '-') && isdigit((unsigned char)at[1])) {
			*found = true;
			break;
		}
		/* the label ends at the first @ behind which the rest matches */
		start = *start ? strchr(start == text ? start + 1 : start, '@') : NULL;
		start = start ? start + 1 : NULL;
	}
	if (!*found)
		return REVCHAIN_OK;
	if (start != text)
		relative->label =
			revchain_arena_copy(range->arena, text, (size_t)(start - 1 - text));
	if (at != start)
		relative->symbol = revchain_arena_copy(range->arena, start, (size_t)(at - start));
	if ((start != text && !relative->label) || (at != start && !relative->symbol))
		return revchain_fail_memory(range->error);
	status = revchain_name_steps(range, at, &relative->steps);
	return status;
}

/* The migrations of the branch that are before the given ones and have none of the branch behind
 * them: where steps up start from. */
static int branch_tips(struct revchain_naming *range, size_t branch, struct revchain_named *list)
{
	const struct revchain_revmap *map = range->map;
	uint64_t *ancestors = revchain_revmap_none(map), *below = revchain_revmap_none(map);
	size_t i, j, kept = 0;
	struct revchain_named active;
	int status = ancestors && below ? revchain_name_list(range, map->set->count, &active)
					: revchain_fail_memory(range->error);

	for (i = 0; !status && i < list->count; i++)
		if (!revchain_revmap_reach(map, REVCHAIN_WAY_ANCESTRY, list->items[i], ancestors))
			status = revchain_fail_memory(range->error);
	for (i = 0; !status && i < map->set->count; i++)
		if (revchain_bits_has(ancestors, i))
			active.items[active.count++] = i;
	if (!status)
		status = revchain_name_filter(range, branch, &active);
	for (i = 0; !status && i < active.count; i++) {
		const struct revchain_revision *revision = &map->revisions[active.items[i]];

		for (j = 0; j < revision->parents.count; j++)
			revchain_bits_add(below, revision->parents.to[j]);
		for (j = 0; j < revision->dependencies.count; j++)
			revchain_bits_add(below, revision->dependencies.to[j]);
	}
	for (i = 0; !status && i < active.count; i++)
		if (!revchain_bits_has(below, active.items[i]))
			active.items[kept++] = active.items[i];
	active.count = kept;
	*list = active;
	return status;
}

/* Where steps up without a symbol start: the beginning of the range. */
static int start_of_steps(struct revchain_naming *range, size_t branch, size_t *start)
{
	struct revchain_named list;
	int status;

	*start = REVCHAIN_NOTHING;
	if (branch == REVCHAIN_NOTHING)
		return revchain_name_one(range, range->start, start);
	status = revchain_name_all(range, range->start, &list);
	if (!status) {
		struct revchain_named before = list;

		status = revchain_name_list(range, list.count, &list);
		if (!status)
			memcpy(list.items, before.items, before.count * sizeof(*list.items));
		list.count = before.count;
		if (!status)
			status = revchain_name_filter(range, branch, &list);
		if (!status && !list.count) {
			list = before;
			status = branch_tips(range, branch, &list);
		}
	}
	if (!status && list.count > 1)
		return revchain_name_fail_steps(range, "the steps start at several migrations");
	if (!status && list.count)
		*start = list.items[0];
	return status;
}

/* _parse_upgrade_target for the end of the range. */
static int find_targets(struct revchain_naming *range, struct revchain_named *targets)
{
	struct relative relative;
	size_t branch = REVCHAIN_NOTHING, at = REVCHAIN_NOTHING;
	bool found;
	int status = parse_relative(range, range->end, &relative, &found);

	if (status)
		return status;
	if (!found)
		return revchain_name_all(range, range->end, targets);
	if (!relative.symbol && relative.steps <= 0)
		return revchain_name_fail_steps(range, "its end is relative to nothing");
	if (relative.label)
		status = revchain_name_find(range, relative.label, REVCHAIN_NOTHING, &branch);
	if (status)
		return status;
	if (!relative.symbol) {
		status = start_of_steps(range, branch, &at);
	} else if (relative.label && relative.steps <= 0) {
		const char *name = revchain_arena_printf(range->arena, "%s@%s", relative.label,
							 relative.symbol);

		status = name ? revchain_name_one(range, name, &at)
			      : revchain_fail_memory(range->error);
	} else {
		status = revchain_name_one(range, relative.symbol, &at);
	}
	if (!status)
		status = revchain_name_walk(range, &at, relative.steps,
					    relative.steps > 0 ? branch : REVCHAIN_NOTHING, true);
	if (!status)
		status = revchain_name_list(range, 1, targets);
	if (!status)
		targets->items[targets->count++] = at;
	return status;
}

/* With a range that begins at `branch@…`, only what is of that branch. */
static int keep_branch(struct revchain_naming *range, struct revchain_named *targets)
{
	const char *label, *name;
	size_t migration, number, i, kept = 0;
	int status = revchain_name_split(range, range->start, &label, &name);

	if (status || !label)
		return status;
	status = revchain_name_one(range, label, &migration);
	if (status)
		return status;
	if (migration != REVCHAIN_NOTHING &&
	    strcmp(range->map->set->items[migration].revision, label) == 0) {
		const struct revchain_revision *revision = &range->map->revisions[migration];
		size_t count = 0;

		for (i = 0; i < range->map->label_count; i++)
			if (revchain_bits_has(revision->labels, i) && count++ == 0)
				label = range->map->labels[i];
		if (count != 1)
			return revchain_name_fail_steps(range,
							"what it starts with has not one label");
	}
	for (i = 0; i < targets->count; i++)
		if (revchain_labels_find(range->map, label, &number) &&
		    revchain_bits_has(range->map->revisions[targets->items[i]].labels, number))
			targets->items[kept++] = targets->items[i];
	targets->count = kept;
	return REVCHAIN_OK;
}

/*
 * Put the migrations that a list reaches into a set. None of the list may be reached from another
 * of it.
 */
static int reach_all(struct revchain_naming *range, const struct revchain_named *list,
		     enum revchain_way way, uint64_t *reached)
{
	const struct revchain_revmap *map = range->map;
	uint64_t *one = revchain_revmap_none(map);
	size_t i, j, words = revchain_revmap_words(map);

	if (!one)
		return revchain_fail_memory(range->error);
	for (i = 0; i < list->count; i++) {
		memset(one, 0, words * sizeof(*one));
		if (!revchain_revmap_reach(map, way, list->items[i], one))
			return revchain_fail_memory(range->error);
		for (j = 0; j < list->count; j++)
			if (list->items[j] != list->items[i] &&
			    revchain_bits_has(one, list->items[j]))
				return revchain_name_fail_steps(
					range, "one of the migrations that it names "
					       "leads to another of them");
		for (j = 0; j < words; j++)
			reached[j] |= one[j];
	}
	return REVCHAIN_OK;
}

/* A migration and those that it needs, without the parents of others of them: what a database
 * that has it names. */
static int list_current(struct revchain_naming *range, size_t migration,
			struct revchain_named *list)
{
	const struct revchain_revmap *map = range->map;
	uint64_t *needed = revchain_revmap_none(map), *parents = revchain_revmap_none(map);
	size_t i, j;
	int status =
		needed && parents &&
				revchain_revmap_reach(map, REVCHAIN_WAY_ANCESTRY, migration, needed)
			? revchain_name_list(range, map->set->count, list)
			: revchain_fail_memory(range->error);

	for (i = 0; !status && i < map->set->count; i++)
		for (j = 0; revchain_bits_has(needed, i) && j < map->revisions[i].parents.count;
		     j++)
			revchain_bits_add(parents, map->revisions[i].parents.to[j]);
	for (i = 0; !status && i < map->set->count; i++)
		if (revchain_bits_has(needed, i) && !revchain_bits_has(parents, i))
			list->items[list->count++] = i;
	return status;
}

/* Where steps down in a branch start: the end of the range, which has to be a name, or what it
 * needs of the branch. */
static int end_in_branch(struct revchain_naming *range, const char *label, size_t *start)
{
	struct revchain_named list = {.items = start, .count = 1};
	size_t branch, end = REVCHAIN_NOTHING;
	int status = revchain_name_find(range, label, REVCHAIN_NOTHING, &branch);

	if (!status)
		status = revchain_name_find(range, range->end, REVCHAIN_NOTHING, &end);
	*start = end;
	if (!status)
		status = revchain_name_filter(range, branch, &list);
	if (!status && !list.count)
		status = list_current(range, end, &list);
	if (!status && list.items != start)
		status = revchain_name_filter(range, branch, &list);
	if (!status && list.count != 1)
		return revchain_name_fail_steps(range, "the steps start at no one migration");
	if (!status)
		*start = list.items[0];
	return status;
}

/* The special case of steps down from the heads that go beyond the first migration: they go down
 * from the end of the range instead. */
static int start_below_end(struct revchain_naming *range, struct revchain_named *start)
{
	struct relative relative;
	const char *name;
	bool found;
	int status = parse_relative(range, range->start, &relative, &found);

	if (!status && !found)
		return revchain_name_fail_range(range);
	if (!status && relative.label) {
		status = end_in_branch(range, relative.label, &start->items[0]);
	} else if (!status) {
		name = revchain_arena_printf(range->arena, "%s@%s", range->end, range->end);
		status = name ? revchain_name_one(range, name, &start->items[0])
			      : revchain_fail_memory(range->error);
	}
	if (!status)
		status = revchain_name_walk(range, &start->items[0], relative.steps,
					    REVCHAIN_NOTHING, true);
	start->count = start->items[0] == REVCHAIN_BASE ? 0 : 1;
	range->start = "base";
	return status;
}

/* _collect_upgrade_revisions: which migrations the range has. */
static int collect(struct revchain_naming *range, const struct revchain_named *targets,
		   uint64_t *needs)
{
	const struct revchain_revmap *map = range->map;
	size_t i, words = revchain_revmap_words(map);
	uint64_t *below = revchain_revmap_none(map), *above = revchain_revmap_none(map);
	struct revchain_named start = {0};
	int status = below && above ? reach_all(range, targets, REVCHAIN_WAY_ANCESTRY, needs)
				    : revchain_fail_memory(range->error);

	if (!status)
		status = revchain_name_all(range, range->start, &start);
	for (i = 0; !status && i < start.count; i++)
		if (start.items[i] == REVCHAIN_BASE || (start.items[i] != REVCHAIN_NOTHING &&
							!revchain_bits_has(needs, start.items[i])))
			status = revchain_name_fail_range(range);
	if (!status && start.count && start.items[0] == REVCHAIN_NOTHING)
		status = start_below_end(range, &start);
	for (i = 0; !status && i < start.count; i++)
		if (start.items[i] >= REVCHAIN_BASE)
			status = revchain_name_fail_range(range);
	if (!status)
		status = reach_all(range, &start, REVCHAIN_WAY_ANCESTRY, below);
	if (!status)
		status = reach_all(range, &start, REVCHAIN_WAY_CHILDREN, above);
	if (status)
		return status;
	for (i = 0; i < words; i++)
		needs[i] &= ~below[i];
	for (i = 0; i < start.count; i++)
		revchain_bits_add(needs, start.items[i]);
	for (i = 0; start.count && i < words; i++)
		needs[i] &= above[i];
	return REVCHAIN_OK;
}

int revchain_revmap_history(const struct revchain_revmap *map, const char *start, const char *end,
			    size_t *order, size_t *count, struct revchain_error *error)
{
	struct revchain_naming range = {map, map->set->arena, start ? start : "base",
					end ? end : "heads", error};
	uint64_t *needs = revchain_revmap_none(map);
	struct revchain_named targets = {0};
	size_t i;
	int status = needs ? find_targets(&range, &targets) : revchain_fail_memory(error);

	*count = 0;
	for (i = 0; !status && i < targets.count; i++)
		if (targets.items[i] >= REVCHAIN_BASE)
			status = revchain_name_fail_steps(&range,
							  "its end is before the first migration");
	if (!status)
		status = keep_branch(&range, &targets);
	if (!status)
		status = collect(&range, &targets, needs);
	if (!status)
		status = revchain_revmap_sort(map, needs, targets.items, targets.count, order,
					      count, error);
	for (i = 0; !status && i < *count; i++)
		revchain_bits_remove(needs, order[i]);
	for (i = 0; !status && i < map->set->count; i++)
		if (revchain_bits_has(needs, i))
			status = revchain_name_fail_steps(
				&range, "a head in it is needed by a migration outside "
					"of it, and Alembic does not print that either");
	return status;
}
