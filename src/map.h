/* A map from strings of bytes to numbers: names.h with a number as the item. */
#ifndef MAP_H
#define MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/arena.h"

#include "names.h"

struct revchain_map {
	struct revchain_arena *arena; /* owns all of it */
	struct revchain_names names;
};

/* An empty map. */
void revchain_map_init(struct revchain_map *map, struct revchain_arena *arena);

/*
 * Map a key to a value, replacing the one that it had. The key is not copied and must outlive the
 * map. False: memory ran out.
 */
bool revchain_map_put(struct revchain_map *map, const void *key, size_t length, size_t value);

/* Whether the key is there; its value then is in *value (may be NULL). */
bool revchain_map_get(const struct revchain_map *map, const void *key, size_t length,
		      size_t *value);

#endif
