/*
 * The migrations that one commit added to a lane, in order: what decides a tie of the walk.
 *
 * It is decided as it was at that commit, and among all that it added, also what is gone since, so
 * that no later edit, move or deletion changes the order of the rest.
 */
#ifndef SIBLINGS_H
#define SIBLINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/error.h"
#include "revchain/history.h"

/*
 * Sort the `count` landings of one tie (history.h). `recursive`: directories below their lane
 * belong to it. REVCHAIN_HISTORY: an object is missing or damaged. REVCHAIN_IO: memory ran out.
 */
int revchain_siblings_sort(struct revchain_history *history, bool recursive,
			   struct revchain_landing *tie, size_t count,
			   struct revchain_error *error);

#endif
