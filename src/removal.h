/* Which commit took a revision away, and what else it did. */
#ifndef REMOVAL_H
#define REMOVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "revchain/where.h"

#include "lanehistory.h"

struct revchain_removal {
	struct revchain_lanehistory *lanes; /* commits have the same numbers in all of them */
	size_t lane_count;
	struct revchain_arena *arena;
	const char *id;
	bool (*has_id)(const void *data, uint32_t commit);
	const void *data;
	uint32_t first, end;	      /* the commits to look at; the first one is a tip */
	struct revchain_where *where; /* whose successor, added and gone are to be filled in */

	uint32_t commit, parent; /* out: has it no longer, and still has it */
};

/*
 * The commit, of those to look at, that has the id no longer: the last one on the line of first
 * parents of the tip, or else the newest. Where that is a merge that only brought the removal, the
 * commit that it brought. False: there is none.
 */
bool revchain_removal_find(struct revchain_removal *removal);

/*
 * Compare the two commits: which other ids went and came, and which of those is the same file under
 * another id (at the same path, or with the same text but for the id). Errors as for where.h.
 */
int revchain_removal_judge(struct revchain_removal *removal, struct revchain_error *error);

#endif
