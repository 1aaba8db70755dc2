#include "map.h"

#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(entry) ((entry)->dropped = true)
#include <uthash.h>

struct revchain_map_entry {
	const void *key;
	size_t value;
	bool dropped; /* uthash had no memory to take it in */
	UT_hash_handle hh;
};

void revchain_map_init(struct revchain_map *map, struct revchain_arena *arena)
{
	map->arena = arena;
	map->entries = NULL;
}

void revchain_map_clear(struct revchain_map *map)
{
	HASH_CLEAR(hh, map->entries);
}

static struct revchain_map_entry *find(const struct revchain_map *map, const void *key,
				       size_t length)
{
	struct revchain_map_entry *entry;

	HASH_FIND(hh, map->entries, key, length, entry);
	return entry;
}

bool revchain_map_put(struct revchain_map *map, const void *key, size_t length, size_t value)
{
	struct revchain_map_entry *entry = find(map, key, length);

	if (!entry) {
		entry = revchain_arena_alloc(map->arena, sizeof(*entry));
		if (!entry)
			return false;
		entry->key = key;
		HASH_ADD_KEYPTR(hh, map->entries, entry->key, length, entry);
	}
	entry->value = value;
	return !entry->dropped;
}

bool revchain_map_get(const struct revchain_map *map, const void *key, size_t length, size_t *value)
{
	struct revchain_map_entry *entry = find(map, key, length);

	if (entry && value)
		*value = entry->value;
	return entry != NULL;
}
