/*
 * What was learned of the lines of first parents that were walked: over which stretches of them one
 * directory did not change. Who walks such a line again need not visit the commits in between.
 *
 * Memory: a few dozen bytes for each change of the directory, and for one commit in 64.
 */
#ifndef STRETCH_H
#define STRETCH_H

#include <stdbool.h>
#include <stdint.h>

#include <git2/oid.h>

#include "revchain/error.h"

#include "oidmap.h"

/* Zeroed, it knows nothing. */
struct revchain_stretches {
	struct revchain_oidmap commits; /* some of those that were visited: the first of each
					   stretch, and a sample of the others */
	git_oid *ends;			/* of each: the last commit of its stretch that is known */
	uint32_t capacity;		/* of ends */
	uint32_t *open;			/* those of the stretch that is being walked */
	uint32_t open_count, open_capacity;
};

void revchain_stretches_free(struct revchain_stretches *stretches);

/*
 * A walk visits a commit; `is_first`: the first one of the walk, or the directory is another than
 * in the commit before. It may go on at `*end`: that commit itself, or one further down the line up
 * to which the directory is known to stay the same. REVCHAIN_IO: memory ran out.
 */
int revchain_stretches_visit(struct revchain_stretches *stretches, const git_oid *commit,
			     bool is_first, git_oid *end, struct revchain_error *error);

/* The stretch, as far as this walk knows, ends with this commit. */
void revchain_stretches_close(struct revchain_stretches *stretches, const git_oid *last);

#endif
