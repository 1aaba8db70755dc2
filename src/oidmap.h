/*
 * Object ids and numbers for them: the first id that is added is 0, the next one 1, and so on. Made
 * for the commits of a whole history: 28 bytes an id at a million of them.
 */
#ifndef OIDMAP_H
#define OIDMAP_H

#include <stdbool.h>
#include <stdint.h>

#include <git2/oid.h>

#include "revchain/error.h"

/* So many ids there can be: enough for any history, and numbers have a bit to spare. */
#define REVCHAIN_OIDMAP_MOST ((uint32_t)0x7ffffff0)

/* Zeroed, it is empty. */
struct revchain_oidmap {
	git_oid *ids; /* by number */
	uint32_t count, capacity;
	uint32_t *slots;     /* an open-addressing table: number + 1, or 0 where it is free */
	uint32_t slot_count; /* a power of two, or 0 */
	unsigned shift;	     /* 64 less the bits of a slot's index */
	uint64_t keys[3]; /* of the hash, by chance: who writes a repository cannot choose ids that
			     collide */
};

void revchain_oidmap_free(struct revchain_oidmap *map);

/* The number of an id, which is added if it is new. REVCHAIN_IO: memory ran out, or there are too
 * many. */
int revchain_oidmap_add(struct revchain_oidmap *map, const git_oid *id, uint32_t *number,
			struct revchain_error *error);

/*
 * Only looking up needs the table of slots. From now on nothing is added, ids are known by their
 * numbers alone, and the table's memory is the caller's to use and to free: one zeroed number for
 * each id. NULL where the map is empty.
 */
uint32_t *revchain_oidmap_finish(struct revchain_oidmap *map);

/* Make room in an array that belongs to a map: `items` of `size` bytes each, moved if there are
 * fewer than `count`. */
void *revchain_grow(void *items, uint32_t *capacity, uint32_t count, size_t size);

#endif
