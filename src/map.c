#include "map.h"

void revchain_map_init(struct revchain_map *map, struct revchain_arena *arena)
{
	map->arena = arena;
	map->names.root = NULL;
}

bool revchain_map_put(struct revchain_map *map, const void *key, size_t length, size_t value)
{
	size_t *item = revchain_names_find(&map->names, key, length);

	if (!item) {
		item = revchain_arena_alloc(map->arena, sizeof(*item));
		if (!item || !revchain_names_add(&map->names, map->arena, key, length, item))
			return false;
	}
	*item = value;
	return true;
}

bool revchain_map_get(const struct revchain_map *map, const void *key, size_t length, size_t *value)
{
	const size_t *item = revchain_names_find(&map->names, key, length);

	if (item && value)
		*value = *item;
	return item != NULL;
}
