/*
 * A map from byte strings to items: a crit-bit tree. A lookup and an addition take time linear in
 * the key's length, whatever other keys there are: nobody can write a file whose keys make it slow,
 * as with a hash.
 *
 * Source: D. J. Bernstein, "Crit-bit trees"; keys may hold NUL, as a byte counts as nine bits of
 * which the first says that it is there.
 */
#ifndef REVCHAIN_NAMES_H
#define REVCHAIN_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/arena.h"

struct revchain_name;

/* Zeroed, it is empty. Its nodes live in an arena. */
struct revchain_names {
	struct revchain_name *root;
};

/* The item of that key, NULL where there is none. */
void *revchain_names_find(const struct revchain_names *names, const char *key, size_t length);

/* Add a key, which must not be there yet and is not copied. False when memory ran out. */
bool revchain_names_add(struct revchain_names *names, struct revchain_arena *arena, const char *key,
			size_t length, void *item);

#endif
