/* The files of a directory, as they are found. */
#ifndef LISTING_H
#define LISTING_H

#include <stdbool.h>

#include "revchain/snapshot.h"

#define REVCHAIN_LISTING_DEPTH_MAX                                                                 \
	2048 /* directories in directories, as git's core.maxTreeDepth has it */

struct revchain_listing {
	struct revchain_arena *arena; /* owns all that is below */
	struct revchain_listed *files;
	size_t count, capacity;
};

/* Add a file of a directory; `blob` is NULL where there is none. False: memory ran out. */
bool revchain_listing_add(struct revchain_listing *listing, const char *directory, const char *name,
			  const git_oid *blob);

/* Sort the files by the bytes of their paths. */
void revchain_listing_sort(struct revchain_listing *listing);

/* A directory is deeper than REVCHAIN_LISTING_DEPTH_MAX: REVCHAIN_MIGRATIONS. */
int revchain_listing_fail_depth(struct revchain_error *error, const char *directory);

#endif
