#include "revchain/revmap.h"

#include <stdlib.h>
#include <string.h>

#include "revchain/graph.h"

#include "bitset.h"
#include "labels.h"

bool revchain_revision_is_head(const struct revchain_revision *revision)
{
	return !revision->children.count;
}

bool revchain_revision_is_real_head(const struct revchain_revision *revision)
{
	return !revision->followers;
}

bool revchain_revision_is_branch_point(const struct revchain_revision *revision)
{
	return revision->children.count > 1;
}

bool revchain_revision_is_merge_point(const struct revchain_revision *revision)
{
	return revision->down_count > 1;
}

bool revchain_revision_has_label(const struct revchain_revmap *map, size_t migration, size_t label)
{
	return revchain_bits_has(map->revisions[migration].labels, label);
}

/* The order of os.walk with sorted names: the files of a directory, then what is below it. */
static int compare_loading(const char *a, const char *b)
{
	size_t a_length, b_length, common = 0, i;

	for (i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '/')
			common = i + 1;
	a += common;
	b += common;
	a_length = strcspn(a, "/");
	b_length = strcspn(b, "/");
	if (!a[a_length] != !b[b_length])
		return a[a_length] ? 1 : -1;
	i = a_length < b_length ? a_length : b_length;
	if (memcmp(a, b, i) != 0)
		return memcmp(a, b, i);
	return a_length < b_length ? -1 : a_length > b_length;
}

static int by_loading(const void *left, const void *right, void *data)
{
	const struct revchain_migration *items = data, *a = &items[*(const size_t *)left],
					*b = &items[*(const size_t *)right];

	if (a->lane != b->lane)
		return a->lane < b->lane ? -1 : 1;
	return compare_loading(a->path, b->path);
}

static int by_revision(const void *left, const void *right, void *data)
{
	const struct revchain_migration *items = data;

	return strcmp(items[*(const size_t *)left].revision,
		      items[*(const size_t *)right].revision);
}

static int sort_loaded(struct revchain_revmap *map, struct revchain_error *error)
{
	const struct revchain_migrations *set = map->set;
	size_t *loaded = revchain_arena_array(set->arena, set->count + 1, sizeof(*loaded)), i;

	map->position = revchain_arena_array(set->arena, set->count + 1, sizeof(*map->position));
	if (!loaded || !map->position)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++)
		loaded[i] = i;
	if (set->count)
		qsort_r(loaded, set->count, sizeof(*loaded), by_loading, set->items);
	for (i = 0; i < set->count; i++)
		map->position[loaded[i]] = i;
	map->loaded = loaded;
	return REVCHAIN_OK;
}

static int name_parents(struct revchain_revmap *map, size_t index, struct revchain_error *error)
{
	const struct revchain_migration *migration = &map->set->items[index];
	const struct revchain_value *value = &migration->scan.down_revision;
	struct revchain_revision *revision = &map->revisions[index];
	const char **names;

	if (migration->kind != REVCHAIN_DYNAMIC) {
		revision->down_names = value->strings;
		revision->down_count = value->count;
		return REVCHAIN_OK;
	}
	names = revchain_arena_array(map->set->arena, 1, sizeof(*names));
	if (!names)
		return revchain_fail_memory(error);
	revision->down_names = names;
	revision->down_count = revision->parents.count;
	if (revision->down_count)
		names[0] = map->set->items[revision->parents.to[0]].revision;
	return REVCHAIN_OK;
}

/* Whether `links` lead to a migration. */
static bool leads_to(const struct revchain_links *links, size_t migration)
{
	size_t i;

	for (i = 0; i < links->count; i++)
		if (links->to[i] == migration)
			return true;
	return false;
}

/* Fill in the links that lead the other way. */
static int turn_round(struct revchain_revmap *map, struct revchain_error *error)
{
	const struct revchain_migrations *set = map->set;
	size_t **children = revchain_arena_array(set->arena, set->count + 1, sizeof(*children));
	size_t i, j;

	if (!children)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++) {
		const struct revchain_links *parents = &map->revisions[i].parents,
					    *dependencies = &set->items[i].dependencies;

		for (j = 0; j < parents->count; j++) {
			map->revisions[parents->to[j]].children.count++;
			map->revisions[parents->to[j]].followers++;
		}
		for (j = 0; j < dependencies->count; j++)
			if (!leads_to(parents, dependencies->to[j]))
				map->revisions[dependencies->to[j]].followers++;
	}
	for (i = 0; i < set->count; i++) {
		struct revchain_links *links = &map->revisions[i].children;

		children[i] =
			revchain_arena_array(set->arena, links->count + 1, sizeof(**children));
		if (!children[i])
			return revchain_fail_memory(error);
		links->to = children[i];
		links->count = 0;
	}
	for (i = 0; i < set->count; i++) {
		const struct revchain_links *parents = &map->revisions[i].parents;

		for (j = 0; j < parents->count; j++)
			children[parents->to[j]][map->revisions[parents->to[j]].children.count++] =
				i;
	}
	for (i = 0; i < set->count; i++)
		if (map->revisions[i].children.count)
			qsort_r(children[i], map->revisions[i].children.count, sizeof(**children),
				by_revision, set->items);
	return REVCHAIN_OK;
}

/* What is needed to look at the ancestors of one migration after the other. */
struct search {
	size_t *stack;
	size_t *seen; /* stamps */
};

/* Take away those dependencies that an ancestor, by parents alone, has as well. */
static void drop_inherited(struct revchain_revmap *map, size_t index, struct search *search,
			   size_t *kept)
{
	const struct revchain_migration *items = map->set->items;
	struct revchain_links *links = &map->revisions[index].dependencies;
	size_t count = 0, i, j;

	for (i = 0; i < links->count; i++)
		kept[i] = links->to[i];
	links->to = kept;
	search->seen[index] = index + 1;
	search->stack[count++] = index;
	while (count && links->count) {
		size_t at = search->stack[--count], left = 0;
		const struct revchain_links *parents = &map->revisions[at].parents;

		for (i = 0; at != index && i < links->count; i++)
			if (!leads_to(&items[at].dependencies, kept[i]))
				kept[left++] = kept[i];
		if (at != index)
			links->count = left;
		for (j = 0; j < parents->count; j++)
			if (search->seen[parents->to[j]] != index + 1) {
				search->seen[parents->to[j]] = index + 1;
				search->stack[count++] = parents->to[j];
			}
	}
}

static int normalize_dependencies(struct revchain_revmap *map, struct revchain_error *error)
{
	const struct revchain_migrations *set = map->set;
	struct search search = {
		.stack = revchain_arena_array(set->arena, set->count + 1, sizeof(size_t)),
		.seen = revchain_arena_array(set->arena, set->count + 1, sizeof(size_t)),
	};
	size_t i;

	if (!search.stack || !search.seen)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++) {
		const struct revchain_links *links = &set->items[i].dependencies;
		size_t *kept;

		map->revisions[i].dependencies = *links;
		if (!links->count)
			continue;
		kept = revchain_arena_array(set->arena, links->count, sizeof(*kept));
		if (!kept)
			return revchain_fail_memory(error);
		drop_inherited(map, i, &search, kept);
	}
	return REVCHAIN_OK;
}

/* Parents and dependencies together must not go round in a circle. */
static int refuse_cycles(struct revchain_revmap *map, struct revchain_error *error)
{
	const struct revchain_migrations *set = map->set;
	struct revchain_links *all = revchain_arena_array(set->arena, set->count + 1, sizeof(*all));
	const struct revchain_migration *first;
	const size_t *cycle;
	size_t i, j, length;
	int status;

	for (i = 0; all && i < set->count; i++) {
		const struct revchain_links *parents = &map->revisions[i].parents,
					    *dependencies = &set->items[i].dependencies;
		size_t *to = revchain_arena_array(
			set->arena, parents->count + dependencies->count + 1, sizeof(*to));

		if (!to)
			return revchain_fail_memory(error);
		for (j = 0; j < parents->count; j++)
			to[all[i].count++] = parents->to[j];
		for (j = 0; j < dependencies->count; j++)
			to[all[i].count++] = dependencies->to[j];
		all[i].to = to;
	}
	if (!all)
		return revchain_fail_memory(error);
	status = revchain_graph_find_cycle(all, set->count, set->arena, &cycle, &length, error);
	if (status || !length)
		return status;
	first = &set->items[cycle[0]];
	for (i = 1; i < length && !first->dependencies.count; i++)
		first = &set->items[cycle[i]];
	revchain_fail(error, REVCHAIN_MIGRATIONS,
		      "what '%s' depends on leads back to it: a cycle, and Alembic refuses it",
		      first->revision);
	revchain_error_at(error, first->path, first->scan.depends_on.line);
	for (i = 0; i < length && length > 1; i++)
		if (&set->items[cycle[i]] != first)
			revchain_error_hint(error, "%s is on it, too", set->items[cycle[i]].path);
	return REVCHAIN_MIGRATIONS;
}

static int find_heads(struct revchain_revmap *map, struct revchain_error *error)
{
	size_t *heads = revchain_arena_array(map->set->arena, map->set->count + 1, sizeof(*heads));
	size_t i;

	if (!heads)
		return revchain_fail_memory(error);
	for (i = 0; i < map->set->count; i++)
		if (revchain_revision_is_head(&map->revisions[map->loaded[i]]))
			heads[map->head_count++] = map->loaded[i];
	map->heads = heads;
	return REVCHAIN_OK;
}

int revchain_revmap_build(const struct revchain_migrations *set,
			  const struct revchain_links *parents, struct revchain_revmap *map,
			  struct revchain_error *error)
{
	size_t i;
	int status;

	memset(map, 0, sizeof(*map));
	map->set = set;
	map->revisions = revchain_arena_array(set->arena, set->count + 1, sizeof(*map->revisions));
	if (!map->revisions)
		return revchain_fail_memory(error);
	status = sort_loaded(map, error);
	for (i = 0; !status && i < set->count; i++) {
		map->revisions[i].parents = parents[i];
		status = name_parents(map, i, error);
	}
	if (!status)
		status = refuse_cycles(map, error);
	if (!status)
		status = turn_round(map, error);
	if (!status)
		status = normalize_dependencies(map, error);
	if (!status)
		status = find_heads(map, error);
	return status ? status : revchain_labels_spread(map, error);
}
