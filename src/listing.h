/* The files of a directory, as they are found. */
#ifndef LISTING_H
#define LISTING_H

#include <stdbool.h>

#include "revchain/snapshot.h"

struct revchain_listing {
	struct revchain_arena *arena; /* owns all that is below */
	struct revchain_listed *files;
	size_t count, capacity;
	size_t directories; /* that were entered */
};

/* Add a file of a directory; `blob` is NULL where there is none. False: memory ran out. */
bool revchain_listing_add(struct revchain_listing *listing, const char *directory, const char *name,
			  const git_oid *blob);

/* Sort the files by the bytes of their paths. */
void revchain_listing_sort(struct revchain_listing *listing);

/*
 * Enter a directory, `depth` below the one that is listed. REVCHAIN_MIGRATIONS: it is nested too
 * deeply, or there are too many.
 */
int revchain_listing_enter(struct revchain_listing *listing, const char *directory, int depth,
			   struct revchain_error *error);

#endif
