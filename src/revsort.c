#include "revsort.h"

#include <stdlib.h>
#include <string.h>

#include "bitset.h"

size_t revchain_revmap_words(const struct revchain_revmap *map)
{
	return revchain_bits_words(map->set->count);
}

uint64_t *revchain_revmap_none(const struct revchain_revmap *map)
{
	return revchain_arena_array(map->set->arena, revchain_revmap_words(map), sizeof(uint64_t));
}

static size_t push_links(const struct revchain_links *links, uint64_t *reached, size_t *stack,
			 size_t count)
{
	size_t i;

	for (i = 0; i < links->count; i++)
		if (!revchain_bits_has(reached, links->to[i])) {
			revchain_bits_add(reached, links->to[i]);
			stack[count++] = links->to[i];
		}
	return count;
}

bool revchain_revmap_reach(const struct revchain_revmap *map, enum revchain_way way,
			   size_t migration, uint64_t *reached)
{
	size_t *stack = malloc((map->set->count + 1) * sizeof(*stack)), count = 0;

	if (!stack)
		return false;
	if (!revchain_bits_has(reached, migration)) {
		revchain_bits_add(reached, migration);
		stack[count++] = migration;
	}
	while (count) {
		const struct revchain_revision *at = &map->revisions[stack[--count]];

		if (way == REVCHAIN_WAY_CHILDREN) {
			count = push_links(&at->children, reached, stack, count);
			continue;
		}
		count = push_links(&at->parents, reached, stack, count);
		if (way == REVCHAIN_WAY_ANCESTRY)
			count = push_links(&at->dependencies, reached, stack, count);
	}
	free(stack);
	return true;
}

/* A line that the walk is on: its next migration, and all that is reached from there. */
struct line {
	size_t at;
	uint64_t *ancestors; /* owned */
};

struct sorting {
	const struct revchain_revmap *map;
	uint64_t *todo;
	struct line *lines;
	size_t count, capacity;
	size_t current; /* the line that the walk is on */
	size_t *order;
	size_t done;
};

static int by_position(const void *left, const void *right, void *data)
{
	const size_t *position = data;
	size_t a = position[*(const size_t *)left], b = position[*(const size_t *)right];

	return a < b ? -1 : a > b;
}

/* Let a line go on at a migration. */
static bool move(const struct sorting *sorting, struct line *line, size_t to)
{
	size_t words = revchain_revmap_words(sorting->map);

	line->at = to;
	if (!line->ancestors)
		line->ancestors = malloc(words * sizeof(*line->ancestors));
	if (!line->ancestors)
		return false;
	memset(line->ancestors, 0, words * sizeof(*line->ancestors));
	return revchain_revmap_reach(sorting->map, REVCHAIN_WAY_ANCESTRY, to, line->ancestors);
}

static bool add_line(struct sorting *sorting, size_t at)
{
	if (sorting->count == sorting->capacity) {
		size_t larger = sorting->capacity * 2 + 16;
		struct line *moved = realloc(sorting->lines, larger * sizeof(*moved));

		if (!moved)
			return false;
		sorting->lines = moved;
		sorting->capacity = larger;
	}
	sorting->lines[sorting->count].ancestors = NULL;
	return move(sorting, &sorting->lines[sorting->count++], at);
}

/* Another line on which the current migration is still to come: that one goes first. */
static bool find_dependent(const struct sorting *sorting, size_t *line)
{
	size_t i, candidate = sorting->lines[sorting->current].at;

	for (i = 0; i < sorting->count; i++)
		if (i != sorting->current &&
		    revchain_bits_has(sorting->lines[i].ancestors, candidate)) {
			*line = i;
			return true;
		}
	return false;
}

static bool is_line_at(const struct sorting *sorting, size_t migration)
{
	size_t i;

	for (i = 0; i < sorting->count; i++)
		if (sorting->lines[i].at == migration)
			return true;
	return false;
}

static void end_line(struct sorting *sorting)
{
	free(sorting->lines[sorting->current].ancestors);
	sorting->count--;
	memmove(&sorting->lines[sorting->current], &sorting->lines[sorting->current + 1],
		(sorting->count - sorting->current) * sizeof(*sorting->lines));
	if (sorting->current)
		sorting->current--;
}

/* Where the current line goes on: the parents and dependencies, each once, that are to be printed
 * and on no other line. Returns their number. */
static size_t find_next(const struct sorting *sorting, const struct revchain_revision *from,
			size_t *next)
{
	const struct revchain_links *links[] = {&from->parents, &from->dependencies};
	size_t i, j, k, count = 0;

	for (i = 0; i < 2; i++)
		for (j = 0; j < links[i]->count; j++) {
			size_t to = links[i]->to[j];

			for (k = 0; k < count && next[k] != to; k++)
				;
			if (k == count && revchain_bits_has(sorting->todo, to) &&
			    !is_line_at(sorting, to))
				next[count++] = to;
		}
	return count;
}

static bool go_on(struct sorting *sorting, const struct revchain_revision *from)
{
	size_t most = from->parents.count + from->dependencies.count, i, count;
	size_t *next = malloc((most + 1) * sizeof(*next));
	bool good = true;

	if (!next)
		return false;
	count = find_next(sorting, from, next);
	if (!count) {
		end_line(sorting);
	} else if (!from->dependencies.count && from->down_count == 1) {
		/* all that it reaches but itself */
		struct line *line = &sorting->lines[sorting->current];

		revchain_bits_remove(line->ancestors, line->at);
		line->at = next[0];
	} else {
		good = move(sorting, &sorting->lines[sorting->current], next[0]);
		for (i = 1; good && i < count; i++)
			good = add_line(sorting, next[i]);
	}
	free(next);
	return good;
}

static bool walk(struct sorting *sorting)
{
	bool good = true;

	while (good && sorting->count) {
		size_t candidate = sorting->lines[sorting->current].at;

		if (find_dependent(sorting, &sorting->current))
			continue;
		if (revchain_bits_has(sorting->todo, candidate)) {
			sorting->order[sorting->done++] = candidate;
			revchain_bits_remove(sorting->todo, candidate);
		}
		good = go_on(sorting, &sorting->map->revisions[candidate]);
	}
	return good;
}

int revchain_revmap_sort(const struct revchain_revmap *map, const uint64_t *members,
			 const size_t *heads, size_t head_count, size_t *order, size_t *count,
			 struct revchain_error *error)
{
	size_t words = revchain_revmap_words(map), i;
	struct sorting sorting = {.map = map, .todo = malloc(words * sizeof(*sorting.todo))};
	size_t *starts = malloc((head_count + 1) * sizeof(*starts));
	bool good = sorting.todo && starts;

	sorting.order = order;
	if (good) {
		memcpy(sorting.todo, members, words * sizeof(*members));
		memcpy(starts, heads, head_count * sizeof(*starts));
		if (head_count)
			qsort_r(starts, head_count, sizeof(*starts), by_position, map->position);
	}
	for (i = 0; good && i < head_count; i++)
		if (revchain_bits_has(members, starts[i]) && (!i || starts[i] != starts[i - 1]))
			good = add_line(&sorting, starts[i]);
	good = good && walk(&sorting);
	*count = sorting.done;
	for (i = 0; i < sorting.count; i++)
		free(sorting.lines[i].ancestors);
	free(sorting.lines);
	free(sorting.todo);
	free(starts);
	return good ? REVCHAIN_OK : revchain_fail_memory(error);
}
