#include "revname.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bitset.h"
#include "labels.h"
#include "revsort.h"

#define STEPS_MOST 100000000L /* more than there can be */

static int fail_resolution(struct revchain_naming *range, const char *name)
{
	revchain_fail(range->error, REVCHAIN_USAGE, "Can't locate revision identified by '%s'",
		      name);
	revchain_error_hint(
		range->error,
		"revchain where looks for a revision in all branches and all of history");
	return REVCHAIN_USAGE;
}

int revchain_name_fail_range(struct revchain_naming *range)
{
	return revchain_fail(range->error, REVCHAIN_USAGE,
			     "Requested range %s:%s does not refer to ancestor/descendant "
			     "revisions along the same branch",
			     range->start, range->end);
}

static int fail_multiple(struct revchain_naming *range, const char *argument)
{
	revchain_fail(range->error, REVCHAIN_USAGE,
		      "Multiple head revisions are present for given argument '%s'", argument);
	revchain_error_hint(range->error, "name one of them, '<branch>@%s', or 'heads' for all",
			    argument);
	return REVCHAIN_USAGE;
}

int revchain_name_fail_steps(struct revchain_naming *range, const char *why)
{
	return revchain_fail(range->error, REVCHAIN_USAGE, "the range %s:%s: %s", range->start,
			     range->end, why);
}

int revchain_name_list(struct revchain_naming *range, size_t room, struct revchain_named *list)
{
	list->count = 0;
	list->items = revchain_arena_array(range->arena, room + 1, sizeof(*list->items));
	return list->items ? REVCHAIN_OK : revchain_fail_memory(range->error);
}

/* Whether a name has more than three characters, as Alembic wants it of what is abbreviated. */
static bool is_long(const char *name)
{
	size_t characters = 0;

	for (; *name; name++)
		characters += ((unsigned char)*name >> 6) != 2;
	return characters > 3;
}

static bool find_exactly(const struct revchain_naming *range, const char *name, size_t *migration)
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
static int shares_lineage(struct revchain_naming *range, size_t migration, size_t branch,
			  bool *shares)
{
	uint64_t *line = revchain_revmap_none(range->map),
		 *above = revchain_revmap_none(range->map);

	if (!line || !above ||
	    !revchain_revmap_reach(range->map, REVCHAIN_WAY_PARENTS, migration, line) ||
	    !revchain_revmap_reach(range->map, REVCHAIN_WAY_CHILDREN, migration, above))
		return revchain_fail_memory(range->error);
	*shares = revchain_bits_has(line, branch) || revchain_bits_has(above, branch);
	return REVCHAIN_OK;
}

/* _revision_for_ident: a revision id, a label, or the beginning of one, which must be of a branch
 * (REVCHAIN_NOTHING: of any). */
int revchain_name_find(struct revchain_naming *range, const char *name, size_t branch,
		       size_t *migration)
{
	const struct revchain_revmap *map = range->map;
	size_t i, count = 0, total = map->set->count + map->label_count;
	bool shares = true;
	int status = REVCHAIN_OK;

	if (find_exactly(range, name, migration)) {
		if (branch != REVCHAIN_NOTHING)
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
		if (branch != REVCHAIN_NOTHING)
			status = shares_lineage(range, candidate, branch, &shares);
		if (shares) {
			*migration = candidate;
			count++;
		}
	}
	return status || count == 1 ? status : fail_resolution(range, name);
}

/* Take out of a list what shares no lineage with a branch. */
int revchain_name_filter(struct revchain_naming *range, size_t branch, struct revchain_named *list)
{
	size_t i, kept = 0;
	int status = REVCHAIN_OK;

	for (i = 0; !status && i < list->count; i++) {
		bool shares = true;

		if (list->items[i] >= REVCHAIN_BASE)
			return revchain_name_fail_steps(range,
							"it leads before the first migration");
		status = shares_lineage(range, list->items[i], branch, &shares);
		if (shares)
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
	return status;
}

/* The heads; `real`: without those that another one depends on. */
static int list_heads(struct revchain_naming *range, bool real, struct revchain_named *list)
{
	const struct revchain_revmap *map = range->map;
	size_t i;
	int status = revchain_name_list(range, map->head_count, list);

	for (i = 0; !status && i < map->head_count; i++)
		if (!real || revchain_revision_is_real_head(&map->revisions[map->heads[i]]))
			list->items[list->count++] = map->heads[i];
	return status;
}

/* One step of _walk. REVCHAIN_NOTHING: there is nowhere to go. */
static int step(struct revchain_naming *range, size_t *at, bool up, size_t branch, bool *end)
{
	const struct revchain_revmap *map = range->map;
	struct revchain_named next;
	size_t i;
	int status = revchain_name_list(range, map->set->count, &next);

	if (status)
		return status;
	for (i = 0; i < map->set->count; i++) {
		size_t candidate = map->loaded[i];
		const struct revchain_revision *revision = &map->revisions[candidate];

		if (up ? (*at == REVCHAIN_NOTHING && !revision->down_count)
		       : (*at == REVCHAIN_NOTHING && revchain_revision_is_head(revision)))
			next.items[next.count++] = candidate;
	}
	if (*at < REVCHAIN_BASE) {
		const struct revchain_revision *from = &map->revisions[*at];
		const struct revchain_links *links = up ? &from->children : &from->parents;

		for (i = 0; i < links->count; i++)
			next.items[next.count++] = links->to[i];
	}
	if (up && branch != REVCHAIN_NOTHING)
		status = revchain_name_filter(range, branch, &next);
	if (!status && next.count > 1)
		return revchain_name_fail_steps(
			range,
			"it has a branch or a merge on its way, and leads to no one migration");
	*end = !next.count && (up || *at == REVCHAIN_BASE);
	if (next.count)
		*at = next.items[0];
	else if (!*end)
		*at = REVCHAIN_BASE;
	return status;
}

/* _walk: so many steps up (down, if negative). `overwalk`: stay at the end, else it is
 * REVCHAIN_NOTHING. */
int revchain_name_walk(struct revchain_naming *range, size_t *at, long steps, size_t branch,
		       bool overwalk)
{
	long i, count = steps < 0 ? -steps : steps;
	bool end = false;
	int status = REVCHAIN_OK;

	for (i = 0; !status && !end && i < count; i++)
		status = step(range, at, steps > 0, branch, &end);
	if (!status && end && !overwalk)
		*at = REVCHAIN_NOTHING;
	return status;
}

/* Split `branch@name`. */
int revchain_name_split(struct revchain_naming *range, const char *text, const char **label,
			const char **name)
{
	const char *at = strchr(text, '@');

	*label = NULL;
	*name = text;
	if (!at)
		return REVCHAIN_OK;
	*label = revchain_arena_copy(range->arena, text, (size_t)(at - text));
	*name = at + 1;
	return *label ? REVCHAIN_OK : revchain_fail_memory(range->error);
}

static bool is_negative(const char *text)
{
	return text[0] == '-' && text[1] && text[1 + strspn(text + 1, "0123456789")] == '\0' &&
	       strspn(text + 1, "0") < strlen(text + 1);
}

int revchain_name_steps(struct revchain_naming *range, const char *text, long *steps)
{
	errno = 0;
	*steps = strtol(text, NULL, 10);
	if (errno || *steps > STEPS_MOST || *steps < -STEPS_MOST)
		return revchain_name_fail_steps(range, "that many steps there are not");
	return REVCHAIN_OK;
}

/* So many steps down from each head: of the branch, if there is one. */
static int walk_from_heads(struct revchain_naming *range, const char *label, const char *text,
			   struct revchain_named *list)
{
	size_t number, i, kept = 0;
	long steps;
	int status = revchain_name_steps(range, text, &steps);

	if (!status)
		status = list_heads(range, true, list);
	for (i = 0; !status && i < list->count; i++) {
		const struct revchain_revision *head = &range->map->revisions[list->items[i]];

		if (label && !(revchain_labels_find(range->map, label, &number) &&
			       revchain_bits_has(head->labels, number)))
			continue;
		list->items[kept] = list->items[i];
		status = revchain_name_walk(range, &list->items[kept++], steps, REVCHAIN_NOTHING,
					    false);
	}
	list->count = kept;
	return status;
}

/* get_revisions: what a name stands for. */
int revchain_name_all(struct revchain_naming *range, const char *text, struct revchain_named *list)
{
	const char *label, *name;
	size_t branch = REVCHAIN_NOTHING;
	int status = revchain_name_split(range, text, &label, &name);

	if (!status)
		status = revchain_name_list(range, 1, list);
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
		status = revchain_name_find(range, label, REVCHAIN_NOTHING, &branch);
	if (!status && !list->count) {
		list->count = 1;
		return revchain_name_find(range, name, branch, &list->items[0]);
	}
	if (!status && label)
		status = revchain_name_filter(range, branch, list);
	if (status)
		return status;
	if (!name[4] && list->count > 1)
		return fail_multiple(range, text);
	return REVCHAIN_OK;
}

/* get_revision: the same where one migration is wanted; REVCHAIN_NOTHING stands for the base. */
int revchain_name_one(struct revchain_naming *range, const char *text, size_t *migration)
{
	struct revchain_named list;
	const char *label, *name;
	size_t branch = REVCHAIN_NOTHING;
	int status = revchain_name_split(range, text, &label, &name);

	*migration = REVCHAIN_NOTHING;
	if (!status && label)
		status = revchain_name_find(range, label, REVCHAIN_NOTHING, &branch);
	if (!status && is_negative(name)) /* here that is no number of steps */
		return revchain_name_find(range, name, branch, migration);
	if (!status)
		status = revchain_name_all(range, text, &list);
	if (status)
		return status;
	if (list.count > 1)
		return fail_multiple(range, text);
	if (list.count)
		*migration = list.items[0];
	return REVCHAIN_OK;
}
