#include "earlier.h"

#include <string.h>

#include "map.h"

bool revchain_earlier_find(const struct revchain_earlier *earlier, const char *revision,
			   size_t *node)
{
	return revision && revchain_map_get(earlier->by_revision, revision, strlen(revision), node);
}

static int make_room(struct revchain_earlier *earlier, struct revchain_arena *arena, size_t count,
		     struct revchain_error *error)
{
	earlier->revisions = revchain_arena_array(arena, count + 1, sizeof(*earlier->revisions));
	earlier->parents = revchain_arena_array(arena, count + 1, sizeof(*earlier->parents));
	earlier->open = revchain_arena_array(arena, count + 1, sizeof(*earlier->open));
	earlier->judged = revchain_arena_array(arena, count + 1, sizeof(*earlier->judged));
	return earlier->revisions && earlier->parents && earlier->open && earlier->judged
		       ? REVCHAIN_OK
		       : revchain_fail_memory(error);
}

int revchain_earlier_of_state(const struct revchain_state *state, struct revchain_earlier *earlier,
			      struct revchain_error *error)
{
	const struct revchain_migrations *set = &state->set;
	size_t i;
	int status;

	memset(earlier, 0, sizeof(*earlier));
	earlier->name = state->name;
	earlier->before = "at ";
	earlier->count = set->count;
	earlier->by_revision = set->by_revision;
	status = make_room(earlier, set->arena, set->count, error);
	for (i = 0; !status && i < set->count; i++) {
		earlier->revisions[i] = set->items[i].revision;
		earlier->parents[i] = state->chain.parents[i];
		earlier->open[i] = set->items[i].kind == REVCHAIN_DYNAMIC && !state->chain.complete;
		earlier->judged[i] = true;
	}
	return status;
}

/* A graph that grows node by node. */
struct growing {
	struct revchain_earlier *earlier;
	struct revchain_arena *arena;
	struct revchain_map *by_revision;
	struct revchain_error *error;
};

/* The node of an id, which is made if there is none; a new one's parents are not known. */
static int take_node(struct growing *growing, const char *revision, size_t *node)
{
	struct revchain_earlier *earlier = growing->earlier;

	if (revchain_earlier_find(earlier, revision, node))
		return REVCHAIN_OK;
	*node = earlier->count++;
	earlier->revisions[*node] = revision;
	earlier->open[*node] = true;
	return revchain_map_put(growing->by_revision, revision, strlen(revision), *node)
		       ? REVCHAIN_OK
		       : revchain_fail_memory(growing->error);
}

static int take_entry(struct growing *growing, const struct revchain_chainfile_entry *entry)
{
	size_t node, *to;
	int status = take_node(growing, entry->revision, &node);

	if (status)
		return status;
	growing->earlier->open[node] = false;
	growing->earlier->judged[node] = true;
	if (!entry->parent)
		return REVCHAIN_OK;
	to = revchain_arena_alloc(growing->arena, sizeof(*to));
	if (!to)
		return revchain_fail_memory(growing->error);
	growing->earlier->parents[node].to = to;
	growing->earlier->parents[node].count = 1;
	return take_node(growing, entry->parent, to);
}

/* A migration of today that the file need not know: its literal parents, but for those that are
 * dynamic and not in the file. */
static int take_literal(struct growing *growing, const struct revchain_migrations *set,
			const struct revchain_migration *migration)
{
	struct revchain_links *parents;
	size_t node, i, *to;
	int status = take_node(growing, migration->revision, &node);

	if (status || !growing->earlier->open[node])
		return status;
	growing->earlier->open[node] = false;
	parents = &growing->earlier->parents[node];
	to = revchain_arena_array(growing->arena, migration->parents.count + 1, sizeof(*to));
	if (!to)
		return revchain_fail_memory(growing->error);
	parents->to = to;
	for (i = 0; !status && i < migration->parents.count; i++) {
		const struct revchain_migration *parent = &set->items[migration->parents.to[i]];

		if (parent->kind == REVCHAIN_DYNAMIC &&
		    !revchain_earlier_find(growing->earlier, parent->revision, NULL))
			continue;
		status = take_node(growing, parent->revision, &to[parents->count]);
		parents->count++;
	}
	return status;
}

/* What the file's migrations hang on was there when it was written. */
static int judge_ancestors(struct growing *growing)
{
	struct revchain_earlier *earlier = growing->earlier;
	size_t *stack = revchain_arena_array(growing->arena, earlier->count + 1, sizeof(*stack));
	size_t i, count = 0;

	if (!stack)
		return revchain_fail_memory(growing->error);
	for (i = 0; i < earlier->count; i++)
		if (earlier->judged[i])
			stack[count++] = i;
	while (count) {
		const struct revchain_links *parents = &earlier->parents[stack[--count]];

		for (i = 0; i < parents->count; i++)
			if (!earlier->judged[parents->to[i]]) {
				earlier->judged[parents->to[i]] = true;
				stack[count++] = parents->to[i];
			}
	}
	return REVCHAIN_OK;
}

int revchain_earlier_of_file(const struct revchain_chainfile *file,
			     const struct revchain_migrations *set,
			     struct revchain_earlier *earlier, struct revchain_error *error)
{
	struct growing growing = {.earlier = earlier, .arena = set->arena, .error = error};
	size_t i;
	int status;

	memset(earlier, 0, sizeof(*earlier));
	earlier->name = file->path;
	earlier->before = "in ";
	growing.by_revision = revchain_arena_alloc(set->arena, sizeof(*growing.by_revision));
	if (!growing.by_revision)
		return revchain_fail_memory(error);
	revchain_map_init(growing.by_revision, set->arena);
	earlier->by_revision = growing.by_revision;
	status = make_room(earlier, set->arena, 2 * file->count + set->count, error);
	for (i = 0; !status && i < file->count; i++)
		status = take_entry(&growing, &file->entries[i]);
	for (i = 0; !status && i < set->count; i++)
		if (set->items[i].revision && set->items[i].kind != REVCHAIN_DYNAMIC)
			status = take_literal(&growing, set, &set->items[i]);
	return status ? status : judge_ancestors(&growing);
}
