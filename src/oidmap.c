#include "oidmap.h"

#include <stdlib.h>
#include <string.h>

#include <sys/random.h>

#define SLOTS_FIRST_BITS 6
#define SLOTS_FIRST (1u << SLOTS_FIRST_BITS)

void revchain_oidmap_free(struct revchain_oidmap *map)
{
	free(map->ids);
	free(map->slots);
	memset(map, 0, sizeof(*map));
}

uint32_t *revchain_oidmap_finish(struct revchain_oidmap *map)
{
	uint32_t *numbers = map->slots; /* there are more slots than ids */

	if (numbers)
		memset(numbers, 0, map->count * sizeof(*numbers));
	map->slots = NULL;
	map->slot_count = 0;
	return numbers;
}

void *revchain_grow(void *items, uint32_t *capacity, uint32_t count, size_t size)
{
	/* half as much again: what is moved must not be a second copy of the history */
	uint64_t larger = *capacity + (uint64_t)*capacity / 2;
	void *moved;

	if (count <= *capacity)
		return items;
	if (larger < count)
		larger = count;
	if (larger < SLOTS_FIRST)
		larger = SLOTS_FIRST;
	if (larger > UINT32_MAX || larger > SIZE_MAX / size)
		return NULL;
	moved = realloc(items, (size_t)larger * size);
	if (moved)
		*capacity = (uint32_t)larger;
	return moved;
}

/*
 * Where the search for an id starts: multiply-shift hashing of its words, of which the topmost bits
 * are the good ones (M. Dietzfelbinger, "Universal hashing and k-wise independent random variables
 * via integer arithmetic without primes").
 */
static uint32_t hash(const struct revchain_oidmap *map, const git_oid *id)
{
	uint64_t first, second, sum;
	uint32_t third;

	memcpy(&first, id->id, sizeof(first));
	memcpy(&second, id->id + 8, sizeof(second));
	memcpy(&third, id->id + 16, sizeof(third));
	sum = first * map->keys[0] + second * map->keys[1] + third * map->keys[2];
	return (uint32_t)(sum >> map->shift);
}

/* The slot of an id, or the free one where it belongs. */
static uint32_t *find_slot(const struct revchain_oidmap *map, const git_oid *id)
{
	uint32_t at = hash(map, id);

	for (;; at++) {
		uint32_t *slot = &map->slots[at & (map->slot_count - 1)];

		if (!*slot || git_oid_equal(&map->ids[*slot - 1], id))
			return slot;
	}
}

static bool choose_keys(struct revchain_oidmap *map)
{
	size_t i;

	if (getentropy(map->keys, sizeof(map->keys)) != 0)
		return false;
	for (i = 0; i < sizeof(map->keys) / sizeof(*map->keys); i++)
		map->keys[i] |= 1;
	return true;
}

/* Twice as many slots, or the first ones. */
static bool enlarge(struct revchain_oidmap *map)
{
	uint32_t larger = map->slot_count ? map->slot_count * 2 : SLOTS_FIRST, i;
	uint32_t *slots;

	if (!larger || (!map->slot_count && !choose_keys(map)))
		return false;
	slots = calloc(larger, sizeof(*slots));
	if (!slots)
		return false;
	free(map->slots);
	map->slots = slots;
	map->shift = map->slot_count ? map->shift - 1 : 64 - SLOTS_FIRST_BITS;
	map->slot_count = larger;
	for (i = 0; i < map->count; i++)
		*find_slot(map, &map->ids[i]) = i + 1;
	return true;
}

int revchain_oidmap_add(struct revchain_oidmap *map, const git_oid *id, uint32_t *number,
			struct revchain_error *error)
{
	uint32_t *slot;
	git_oid *ids;

	if (map->count >= map->slot_count / 4 * 3 && !enlarge(map))
		return revchain_fail_memory(error);
	slot = find_slot(map, id);
	if (!*slot) {
		if (map->count == REVCHAIN_OIDMAP_MOST)
			return revchain_fail(error, REVCHAIN_IO,
					     "the history is too long: more than %u commits",
					     REVCHAIN_OIDMAP_MOST);
		ids = revchain_grow(map->ids, &map->capacity, map->count + 1, sizeof(*ids));
		if (!ids)
			return revchain_fail_memory(error);
		map->ids = ids;
		ids[map->count++] = *id;
		*slot = map->count;
	}
	*number = *slot - 1;
	return REVCHAIN_OK;
}
