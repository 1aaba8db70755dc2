#include "labels.h"

#include <stdlib.h>
#include <string.h>

#include "bitset.h"

struct label {
	const char *name;
	size_t owner;
};

static int by_name(const void *left, const void *right)
{
	const struct label *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	if (order)
		return order;
	return a->owner < b->owner ? -1 : a->owner > b->owner;
}

static int fail_taken(const struct revchain_revmap *map, const struct label *label, size_t other,
		      struct revchain_error *error)
{
	const struct revchain_migration *owner = &map->set->items[label->owner];
	const char *revision = map->set->items[other].revision;

	revchain_fail(error, REVCHAIN_MIGRATIONS,
		      "the branch label '%s' is %s already, and Alembic refuses that", label->name,
		      strcmp(label->name, revision) == 0 ? "a revision id" : "declared");
	revchain_error_at(error, owner->path, owner->scan.branch_labels.line);
	revchain_error_hint(error, "%s has it: give one of them another name",
			    map->set->items[other].path);
	return REVCHAIN_MIGRATIONS;
}

/* The declared labels, sorted by name. */
static int collect(const struct revchain_revmap *map, struct label **out, size_t *count,
		   struct revchain_error *error)
{
	const struct revchain_migrations *set = map->set;
	size_t i, j, total = 0, other;
	struct label *labels;

	for (i = 0; i < set->count; i++)
		total += set->items[i].scan.branch_labels.count;
	labels = revchain_arena_array(set->arena, total + 1, sizeof(*labels));
	if (!labels)
		return revchain_fail_memory(error);
	for (i = 0, total = 0; i < set->count; i++)
		for (j = 0; j < set->items[i].scan.branch_labels.count; j++) {
			labels[total].name = set->items[i].scan.branch_labels.strings[j];
			labels[total++].owner = i;
		}
	if (total)
		qsort(labels, total, sizeof(*labels), by_name);
	*out = labels;
	*count = total;
	for (i = 0; i < total; i++) {
		if (i && strcmp(labels[i].name, labels[i - 1].name) == 0)
			return fail_taken(map, &labels[i], labels[i - 1].owner, error);
		if (revchain_migrations_find(set, labels[i].name, &other))
			return fail_taken(map, &labels[i], other, error);
	}
	return REVCHAIN_OK;
}

/* Whether a walk up a branch goes on beyond this one. */
static bool is_plain(const struct revchain_revision *revision)
{
	return revision->followers <= 1 && !revchain_revision_is_merge_point(revision);
}

/* Give a label to what is before its owner. */
static void spread_up(struct revchain_revmap *map, size_t owner, size_t label)
{
	const struct revchain_revision *revisions = map->revisions;
	size_t at = owner;

	while (is_plain(&revisions[at]) && revisions[at].children.count)
		at = revisions[at].children.to[0];
	if (!is_plain(&revisions[at]))
		return;
	for (at = owner; revisions[at].parents.count;) {
		at = revisions[at].parents.to[0];
		if (!is_plain(&revisions[at]))
			return;
		revchain_bits_add(revisions[at].labels, label);
	}
}

/* Give a label to its owner and to all that come behind it. */
static void spread_down(struct revchain_revmap *map, size_t owner, size_t label, size_t *stack)
{
	size_t count = 0, i;

	stack[count++] = owner;
	revchain_bits_add(map->revisions[owner].labels, label);
	while (count) {
		const struct revchain_links *children = &map->revisions[stack[--count]].children;

		for (i = 0; i < children->count; i++) {
			uint64_t *labels = map->revisions[children->to[i]].labels;

			if (!revchain_bits_has(labels, label)) {
				revchain_bits_add(labels, label);
				stack[count++] = children->to[i];
			}
		}
	}
}

int revchain_labels_spread(struct revchain_revmap *map, struct revchain_error *error)
{
	const struct revchain_migrations *set = map->set;
	size_t *stack = revchain_arena_array(set->arena, set->count + 1, sizeof(*stack)), *owners;
	struct label *labels;
	const char **names;
	size_t i, count, words;
	uint64_t *bits;
	int status = stack ? collect(map, &labels, &count, error) : revchain_fail_memory(error);

	if (status)
		return status;
	words = revchain_bits_words(count);
	bits = revchain_arena_array(set->arena, set->count + 1, words * sizeof(*bits));
	names = revchain_arena_array(set->arena, count + 1, sizeof(*names));
	owners = revchain_arena_array(set->arena, count + 1, sizeof(*owners));
	if (!bits || !names || !owners)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++)
		map->revisions[i].labels = bits + i * words;
	map->labels = names;
	map->label_owners = owners;
	map->label_count = count;
	for (i = 0; i < count; i++) {
		names[i] = labels[i].name;
		owners[i] = labels[i].owner;
		spread_down(map, labels[i].owner, i, stack);
		spread_up(map, labels[i].owner, i);
	}
	return REVCHAIN_OK;
}

bool revchain_labels_find(const struct revchain_revmap *map, const char *label, size_t *number)
{
	size_t low = 0, high = map->label_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(map->labels[middle], label);

		if (order == 0) {
			*number = middle;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}
