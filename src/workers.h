/* Pieces of work that do not depend on each other, done side by side. */
#ifndef WORKERS_H
#define WORKERS_H

#include <stddef.h>

#define REVCHAIN_WORKERS_MOST 4

/*
 * How many workers are worth it for that many pieces of work, of which each takes a few
 * microseconds: one for each processor that this process may use, and at most
 * REVCHAIN_WORKERS_MOST.
 */
size_t revchain_workers_for(size_t pieces);

/*
 * Call work(data, worker, piece) once for each piece below `pieces`, in any order. `worker` is
 * below `workers`, and no two calls have the same one at a time. Returns when all is done. Where a
 * thread cannot be had the others do its part: the caller's is always there.
 */
void revchain_workers_run(size_t workers, size_t pieces,
			  void (*work)(void *data, size_t worker, size_t piece), void *data);

#endif
