/* A map from a string of bytes to a number, on uthash. */
#ifndef MAP_H
#define MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/arena.h"

struct revchain_map_entry;

struct revchain_map {
	struct revchain_arena *arena; /* owns the entries */
	struct revchain_map_entry *entries;
};

/* An empty map; to be cleared. */
void revchain_map_init(struct revchain_map *map, struct revchain_arena *arena);

/* Free the table. The map is empty then. */
void revchain_map_clear(struct revchain_map *map);

/*
 * Map a key to a value, replacing the one that it had. The key is not copied and must outlive the
 * map. False: memory ran out.
 */
bool revchain_map_put(struct revchain_map *map, const void *key, size_t length, size_t value);

/* Whether the key is there; its value then is in *value (may be NULL). */
bool revchain_map_get(const struct revchain_map *map, const void *key, size_t length,
		      size_t *value);

#endif
