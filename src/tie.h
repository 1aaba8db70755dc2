/* Migrations that one commit added, or that are not committed: which comes first? */
#ifndef TIE_H
#define TIE_H

#include <stddef.h>

#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/pyscan.h"

struct revchain_tied {
	const char *path;
	struct revchain_pyscan scan;
	size_t lane;   /* in which they are together: any number */
	size_t number; /* the caller's own, carried along */
	size_t place;  /* set by the sort: its place, were lane stood behind lane */
};

/*
 * Sort them: by `depends_on` among them, then by Create Date where all have one, then by path
 * bytes. Where depends_on goes round in a circle, the first by date and path of what is left goes
 * first.
 *
 * Those of each lane are sorted by themselves, and keep that order where the lanes are then merged
 * by the same rules: a lane's migrations are in the same order without those of the others.
 * REVCHAIN_IO: memory ran out.
 */
int revchain_tie_sort(struct revchain_tied *tied, size_t count, struct revchain_arena *arena,
		      struct revchain_error *error);

#endif
