/*
 * The range of `alembic history -r`: get_revisions, _parse_upgrade_target, _parse_downgrade_target,
 * _walk and _collect_upgrade_revisions of alembic/script/revision.py, for what `history` asks of
 * them. Where Alembic stops with an assertion, this is an error as well.
 */
#include "revchain/revmap.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bitset.h"
#include "labels.h"
#include "revsort.h"

/* What stands for no migration. */
#define NOTHING ((size_t)-1) /* before the first one, or beyond the end of a walk */
#define BASE ((size_t)-2)    /* what a walk down ends at */

#define STEPS_MOST 100000000L /* more than there can be */

struct list {
	size_t *items;
	size_t count;
};

struct range {
	const struct revchain_revmap *map;
	struct revchain_arena *arena;
	const char *start, *end; /* as they were given */
	struct revchain_error *error;
};

/* A target such as `label@abc123+2`. */
struct relative {
	const char *label;  /* NULL: none */
	const char *symbol; /* NULL: none */
	long steps;
};

static int fail_resolution(struct range *range, const char *name)
{
	revchain_fail(range->error, REVCHAIN_USAGE, "Can't locate revision identified by '%s'",
		      name);
	revchain_error_hint(
		range->error,
		"revchain where looks for a revision in all branches and all of history");
	return REVCHAIN_USAGE;
}

static int fail_range(struct range *range)
{
	return revchain_fail(range->error, REVCHAIN_USAGE,
			     "Requested range %s:%s does not refer to ancestor/descendant "
			     "revisions along the same branch",
			     range->start, range->end);
}

static int fail_multiple(struct range *range, const char *argument)
{
	revchain_fail(range->error, REVCHAIN_USAGE,
		      "Multiple head revisions are present for given argument '%s'", argument);
	revchain_error_hint(range->error, "name one of them, '<branch>@%s', or 'heads' for all",
			    argument);
	return REVCHAIN_USAGE;
}

static int fail_steps(struct range *range, const char *why)
{
	return revchain_fail(range->error, REVCHAIN_USAGE, "the range %s:%s: %s", range->start,
			     range->end, why);
}

static int fail_memory(struct range *range)
{
	return revchain_fail_memory(range->error);
}

static int list_new(struct range *range, size_t room, struct list *list)
{
	list->count = 0;
	list->items = revchain_arena_array(range->arena, room + 1, sizeof(*list->items));
	return list->items ? REVCHAIN_OK : fail_memory(range);
}

/* Whether a name has more than three characters, as Alembic wants it of what is abbreviated. */
static bool is_long(const char *name)
{
	size_t characters = 0;

	for (; *name; name++)
		characters += ((unsigned char)*name >> 6) != 2;
	return characters > 3;
}

static bool find_exactly(const struct range *range, const char *name, size_t *migration)
{
	size_t label;

	if (revchain_migrations_find(range->map->set, name, migration))
		return true;
	if (!revchain_labels_find(range->map, name, &label))
		return false;
	*migration = range->map->label_owners[label];
	return true;
}

/* Whether two migrations are the same, or one comes behind the other by parents alone. */
static int shares_lineage(struct range *range, size_t migration, size_t branch, bool *shares)
{
	uint64_t *line = revchain_revmap_none(range->map),
		 *above = revchain_revmap_none(range->map);

	if (!line || !above ||
	    !revchain_revmap_reach(range->map, REVCHAIN_WAY_PARENTS, migration, line) ||
	    !revchain_revmap_reach(range->map, REVCHAIN_WAY_CHILDREN, migration, above))
		return fail_memory(range);
	*shares = revchain_bits_has(line, branch) || revchain_bits_has(above, branch);
	return REVCHAIN_OK;
}

/* _revision_for_ident: a revision id, a label, or the beginning of one, which must be of a branch
 * (NOTHING: of any). */
static int find_named(struct range *range, const char *name, size_t branch, size_t *migration)
{
	const struct revchain_revmap *map = range->map;
	size_t i, count = 0, total = map->set->count + map->label_count;
	bool shares = true;
	int status = REVCHAIN_OK;

	if (find_exactly(range, name, migration)) {
		if (branch != NOTHING)
			status = shares_lineage(range, *migration, branch, &shares);
		return status || shares ? status : fail_resolution(range, name);
	}
	for (i = 0; !status && i < total; i++) {
		bool is_label = i >= map->set->count;
		const char *key =
			is_label ? map->labels[i - map->set->count] : map->set->items[i].revision;
		size_t candidate = is_label ? map->label_owners[i - map->set->count] : i;

		if (!is_long(key) || strncmp(key, name, strlen(name)) != 0)
			continue;
		if (branch != NOTHING)
			status = shares_lineage(range, candidate, branch, &shares);
		if (shares) {
			*migration = candidate;
			count++;
		}
	}
	return status || count == 1 ? status : fail_resolution(range, name);
}

/* Take out of a list what shares no lineage with a branch. */
static int filter(struct range *range, size_t branch, struct list *list)
{
	size_t i, kept = 0;
	int status = REVCHAIN_OK;

	for (i = 0; !status && i < list->count; i++) {
		bool shares = true;

		if (list->items[i] >= BASE)
			return fail_steps(range, "it leads before the first migration");
		status = shares_lineage(range, list->items[i], branch, &shares);
		if (shares)
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
	return status;
}

/* The heads; `real`: without those that another one depends on. */
static int list_heads(struct range *range, bool real, struct list *list)
{
	const struct revchain_revmap *map = range->map;
	size_t i;
	int status = list_new(range, map->head_count, list);

	for (i = 0; !status && i < map->head_count; i++)
		if (!real || revchain_revision_is_real_head(&map->revisions[map->heads[i]]))
			list->items[list->count++] = map->heads[i];
	return status;
}

/* One step of _walk. NOTHING: there is nowhere to go. */
static int step(struct range *range, size_t *at, bool up, size_t branch, bool *end)
{
	const struct revchain_revmap *map = range->map;
	struct list next;
	size_t i;
	int status = list_new(range, map->set->count, &next);

	if (status)
		return status;
	for (i = 0; i < map->set->count; i++) {
		size_t candidate = map->loaded[i];
		const struct revchain_revision *revision = &map->revisions[candidate];

		if (up ? (*at == NOTHING && !revision->down_count)
		       : (*at == NOTHING && revchain_revision_is_head(revision)))
			next.items[next.count++] = candidate;
	}
	if (*at < BASE) {
		const struct revchain_revision *from = &map->revisions[*at];
		const struct revchain_links *links = up ? &from->children : &from->parents;

		for (i = 0; i < links->count; i++)
			next.items[next.count++] = links->to[i];
	}
	if (up && branch != NOTHING)
		status = filter(range, branch, &next);
	if (!status && next.count > 1)
		return fail_steps(
			range,
			"it has a branch or a merge on its way, and leads to no one migration");
	*end = !next.count && (up || *at == BASE);
	if (next.count)
		*at = next.items[0];
	else if (!*end)
		*at = BASE;
	return status;
}

/* _walk: so many steps up (down, if negative). `overwalk`: stay at the end, else it is NOTHING. */
static int walk(struct range *range, size_t *at, long steps, size_t branch, bool overwalk)
{
	long i, count = steps < 0 ? -steps : steps;
	bool end = false;
	int status = REVCHAIN_OK;

	for (i = 0; !status && !end && i < count; i++)
		status = step(range, at, steps > 0, branch, &end);
	if (!status && end && !overwalk)
		*at = NOTHING;
	return status;
}

/* Split `branch@name`. */
static int split(struct range *range, const char *text, const char **label, const char **name)
{
	const char *at = strchr(text, '@');

	*label = NULL;
	*name = text;
	if (!at)
		return REVCHAIN_OK;
	*label = revchain_arena_copy(range->arena, text, (size_t)(at - text));
	*name = at + 1;
	return *label ? REVCHAIN_OK : fail_memory(range);
}

static bool is_negative(const char *text)
{
	return text[0] == '-' && text[1] && text[1 + strspn(text + 1, "0123456789")] == '\0' &&
	       strspn(text + 1, "0") < strlen(text + 1);
}

static int steps_of(struct range *range, const char *text, long *steps)
{
	errno = 0;
	*steps = strtol(text, NULL, 10);
	if (errno || *steps > STEPS_MOST || *steps < -STEPS_MOST)
		return fail_steps(range, "that many steps there are not");
	return REVCHAIN_OK;
}

/* So many steps down from each head: of the branch, if there is one. */
static int walk_from_heads(struct range *range, const char *label, const char *text,
			   struct list *list)
{
	size_t number, i, kept = 0;
	long steps;
	int status = steps_of(range, text, &steps);

	if (!status)
		status = list_heads(range, true, list);
	for (i = 0; !status && i < list->count; i++) {
		const struct revchain_revision *head = &range->map->revisions[list->items[i]];

		if (label && !(revchain_labels_find(range->map, label, &number) &&
			       revchain_bits_has(head->labels, number)))
			continue;
		list->items[kept] = list->items[i];
		status = walk(range, &list->items[kept++], steps, NOTHING, false);
	}
	list->count = kept;
	return status;
}

/* get_revisions: what a name stands for. */
static int get_revisions(struct range *range, const char *text, struct list *list)
{
	const char *label, *name;
	size_t branch = NOTHING;
	int status = split(range, text, &label, &name);

	if (!status)
		status = list_new(range, 1, list);
	if (status || strcmp(name, "base") == 0)
		return status;
	if (is_negative(name))
		return walk_from_heads(range, label, name, list);
	if (strcmp(name, "heads") == 0 || strcmp(name, "head") == 0) {
		status = list_heads(range, !label && name[4], list);
		if (status || !list->count)
			return status;
	}
	if (label)
		status = find_named(range, label, NOTHING, &branch);
	if (!status && !list->count) {
		list->count = 1;
		return find_named(range, name, branch, &list->items[0]);
	}
	if (!status && label)
		status = filter(range, branch, list);
	if (status)
		return status;
	if (!name[4] && list->count > 1)
		return fail_multiple(range, text);
	return REVCHAIN_OK;
}

/* get_revision: the same where one migration is wanted; NOTHING stands for the base. */
static int get_revision(struct range *range, const char *text, size_t *migration)
{
	struct list list;
	const char *label, *name;
	size_t branch = NOTHING;
	int status = split(range, text, &label, &name);

	*migration = NOTHING;
	if (!status && is_negative(name)) { /* here that is no number of steps */
		if (label)
			status = find_named(range, label, NOTHING, &branch);
		return status ? status : find_named(range, name, branch, migration);
	}
	if (!status)
		status = get_revisions(range, text, &list);
	if (status)
		return status;
	if (list.count > 1)
		return fail_multiple(range, text);
	if (list.count)
		*migration = list.items[0];
	return REVCHAIN_OK;
}

static bool is_word(char character)
{
	return isalnum((unsigned char)character) || character == '_' || character & 0x80;
}

/* _relative_destination: (?:(.+?)@)?(\w+)?((?:\+|-)\d+), at the beginning of the text. */
static int parse_relative(struct range *range, const char *text, struct relative *relative,
			  bool *found)
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
		return fail_memory(range);
	status = steps_of(range, at, &relative->steps);
	return status;
}

/* The migrations of the branch that are before the given ones and have none of the branch behind
 * them: where steps up start from. */
static int branch_tips(struct range *range, size_t branch, struct list *list)
{
	const struct revchain_revmap *map = range->map;
	uint64_t *ancestors = revchain_revmap_none(map), *below = revchain_revmap_none(map);
	size_t i, j, kept = 0;
	struct list active;
	int status =
		ancestors && below ? list_new(range, map->set->count, &active) : fail_memory(range);

	for (i = 0; !status && i < list->count; i++)
		if (!revchain_revmap_reach(map, REVCHAIN_WAY_ANCESTRY, list->items[i], ancestors))
			status = fail_memory(range);
	for (i = 0; !status && i < map->set->count; i++)
		if (revchain_bits_has(ancestors, i))
			active.items[active.count++] = i;
	if (!status)
		status = filter(range, branch, &active);
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
static int start_of_steps(struct range *range, size_t branch, size_t *start)
{
	struct list list;
	int status;

	*start = NOTHING;
	if (branch == NOTHING)
		return get_revision(range, range->start, start);
	status = get_revisions(range, range->start, &list);
	if (!status) {
		struct list before = list;

		status = list_new(range, list.count, &list);
		if (!status)
			memcpy(list.items, before.items, before.count * sizeof(*list.items));
		list.count = before.count;
		if (!status)
			status = filter(range, branch, &list);
		if (!status && !list.count) {
			list = before;
			status = branch_tips(range, branch, &list);
		}
	}
	if (!status && list.count > 1)
		return fail_steps(range, "the steps start at several migrations");
	if (!status && list.count)
		*start = list.items[0];
	return status;
}

/* _parse_upgrade_target for the end of the range. */
static int find_targets(struct range *range, struct list *targets)
{
	struct relative relative;
	size_t branch = NOTHING, at = NOTHING;
	bool found;
	int status = parse_relative(range, range->end, &relative, &found);

	if (status)
		return status;
	if (!found)
		return get_revisions(range, range->end, targets);
	if (!relative.symbol && relative.steps <= 0)
		return fail_steps(range, "its end is relative to nothing");
	if (relative.label)
		status = find_named(range, relative.label, NOTHING, &branch);
	if (status)
		return status;
	if (!relative.symbol) {
		status = start_of_steps(range, branch, &at);
	} else if (relative.label && relative.steps <= 0) {
		const char *name = revchain_arena_printf(range->arena, "%s@%s", relative.label,
							 relative.symbol);

		status = name ? get_revision(range, name, &at) : fail_memory(range);
	} else {
		status = get_revision(range, relative.symbol, &at);
	}
	if (!status)
		status = walk(range, &at, relative.steps, relative.steps > 0 ? branch : NOTHING,
			      true);
	if (!status)
		status = list_new(range, 1, targets);
	if (!status)
		targets->items[targets->count++] = at;
	return status;
}

/* With a range that begins at `branch@…`, only what is of that branch. */
static int keep_branch(struct range *range, struct list *targets)
{
	const char *label, *name;
	size_t migration, number, i, kept = 0;
	int status = split(range, range->start, &label, &name);

	if (status || !label)
		return status;
	status = get_revision(range, label, &migration);
	if (status)
		return status;
	if (migration != NOTHING &&
	    strcmp(range->map->set->items[migration].revision, label) == 0) {
		const struct revchain_revision *revision = &range->map->revisions[migration];
		size_t count = 0;

		for (i = 0; i < range->map->label_count; i++)
			if (revchain_bits_has(revision->labels, i) && count++ == 0)
				label = range->map->labels[i];
		if (count != 1)
			return fail_steps(range, "what it starts with has not one label");
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
static int reach_all(struct range *range, const struct list *list, enum revchain_way way,
		     uint64_t *reached)
{
	const struct revchain_revmap *map = range->map;
	uint64_t *one = revchain_revmap_none(map);
	size_t i, j, words = revchain_revmap_words(map);

	if (!one)
		return fail_memory(range);
	for (i = 0; i < list->count; i++) {
		memset(one, 0, words * sizeof(*one));
		if (!revchain_revmap_reach(map, way, list->items[i], one))
			return fail_memory(range);
		for (j = 0; j < list->count; j++)
			if (list->items[j] != list->items[i] &&
			    revchain_bits_has(one, list->items[j]))
				return fail_steps(range, "one of the migrations that it names "
							 "leads to another of them");
		for (j = 0; j < words; j++)
			reached[j] |= one[j];
	}
	return REVCHAIN_OK;
}

/* The special case of steps down from the heads that go beyond the first migration: they go down
 * from the end of the range instead. */
static int start_below_end(struct range *range, struct list *start)
{
	struct relative relative;
	const char *name;
	bool found;
	int status = parse_relative(range, range->start, &relative, &found);

	if (!status && (!found || relative.label))
		return fail_range(range);
	name = revchain_arena_printf(range->arena, "%s@%s", range->end, range->end);
	if (!status)
		status = name ? get_revision(range, name, &start->items[0]) : fail_memory(range);
	if (!status)
		status = walk(range, &start->items[0], relative.steps, NOTHING, true);
	start->count = start->items[0] == BASE ? 0 : 1;
	range->start = "base";
	return status;
}

/* _collect_upgrade_revisions: which migrations the range has. */
static int collect(struct range *range, const struct list *targets, uint64_t *needs)
{
	const struct revchain_revmap *map = range->map;
	size_t i, words = revchain_revmap_words(map);
	uint64_t *below = revchain_revmap_none(map), *above = revchain_revmap_none(map);
	struct list start;
	int status = below && above ? reach_all(range, targets, REVCHAIN_WAY_ANCESTRY, needs)
				    : fail_memory(range);

	if (!status)
		status = get_revisions(range, range->start, &start);
	for (i = 0; !status && i < start.count; i++)
		if (start.items[i] == BASE ||
		    (start.items[i] != NOTHING && !revchain_bits_has(needs, start.items[i])))
			status = fail_range(range);
	if (!status && start.count && start.items[0] == NOTHING)
		status = start_below_end(range, &start);
	for (i = 0; !status && i < start.count; i++)
		if (start.items[i] >= BASE)
			status = fail_range(range);
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
	struct range range = {map, map->set->arena, start ? start : "base", end ? end : "heads",
			      error};
	uint64_t *needs = revchain_revmap_none(map);
	struct list targets;
	size_t i;
	int status = needs ? find_targets(&range, &targets) : revchain_fail_memory(error);

	*count = 0;
	for (i = 0; !status && i < targets.count; i++)
		if (targets.items[i] >= BASE)
			status = fail_steps(&range, "its end is before the first migration");
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
			status =
				fail_steps(&range, "a head in it is needed by a migration outside "
						   "of it, and Alembic does not print that either");
	return status;
}
