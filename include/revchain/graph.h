/*
 * The graph of the migrations: who names whom, as Alembic's revision map has it.
 *
 * Source: alembic/script/revision.py (`down_revision` names revision ids; `depends_on` names
 * revision ids or branch labels).
 */
#ifndef REVCHAIN_GRAPH_H
#define REVCHAIN_GRAPH_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/migration.h"

#define REVCHAIN_FINDING_MISSING_PARENT "missing-parent"
#define REVCHAIN_FINDING_MISSING_DEPENDENCY "missing-dependency"
#define REVCHAIN_FINDING_CYCLE "cycle"

/*
 * Fill in parents, dependencies and kind of each migration. What is named and not there, and
 * literal parents that go round in a circle, become findings. REVCHAIN_IO: memory ran out.
 */
int revchain_graph_link(struct revchain_migrations *set, struct revchain_findings *findings,
			struct revchain_error *error);

/*
 * Sort `count` migrations so that each comes behind all that `links` (one for each) leads to.
 * `sorted` has room for `count`;
 * `*sorted_count` is smaller where there are cycles, and what is left out is on one or behind one.
 * REVCHAIN_IO: memory ran out.
 */
int revchain_graph_sort(const struct revchain_links *links, size_t count,
			struct revchain_arena *arena, size_t *sorted, size_t *sorted_count,
			struct revchain_error *error);

/*
 * Mark in `seen` the migration `from` and all that the links lead to from it. `seen` has `count`
 * elements, which are cleared first, `stack` room for as many.
 */
void revchain_graph_reach(const struct revchain_links *links, size_t count, size_t from, bool *seen,
			  size_t *stack);

/*
 * A cycle in the links: each migration of it leads to the next, and the last to the first.
 * `*length` 0: there is none. REVCHAIN_IO: memory ran out.
 */
int revchain_graph_find_cycle(const struct revchain_links *links, size_t count,
			      struct revchain_arena *arena, const size_t **cycle, size_t *length,
			      struct revchain_error *error);

#endif
