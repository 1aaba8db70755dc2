/*
 * Where the graph of the migrations begins, ends and branches, as Alembic sees it: by parents
 * alone, dependencies do not count.
 *
 * Source: heads, bases and Revision.is_branch_point in alembic/script/revision.py.
 */
#ifndef REVCHAIN_HEADS_H
#define REVCHAIN_HEADS_H

#include <stddef.h>

#include "revchain/error.h"
#include "revchain/migration.h"

/* Indices into the set, ascending; in the set's arena. */
struct revchain_heads {
	const size_t *heads; /* that no other names as its parent */
	size_t head_count;
	const size_t *bases; /* that name no parent */
	size_t base_count;
	const size_t *branch_points; /* that more than one name as their parent */
	size_t branch_point_count;
};

/*
 * Find them. `parents`: those of each migration of the set, the literal ones or those that
 * chain.h computed. A parent that does not exist still makes a migration no base. REVCHAIN_IO:
 * memory ran out.
 */
int revchain_heads_find(const struct revchain_migrations *set, const struct revchain_links *parents,
			struct revchain_heads *heads, struct revchain_error *error);

#endif
