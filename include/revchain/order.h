/*
 * The order of the migrations of each lane: landing order, the order in which they arrived on the branch, and so the order in
 * which any database that follows the branch met them.
 *
 * history.h decides between commits. Migrations that one commit added are ordered here: by `depends_on` among them, then by
 * `Create Date:` where all of them have one, then by path; all of it as the files were at that commit, and among all
 * migrations that it added to the lane, also those that are gone since, so that no later edit or deletion moves anything.
 * Migrations that are not committed come last, ordered by the same rule.
 */
#ifndef REVCHAIN_ORDER_H
#define REVCHAIN_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <git2/oid.h>

#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/history.h"
#include "revchain/migration.h"
#include "revchain/snapshot.h"

#define REVCHAIN_FINDING_UNCOMMITTED "uncommitted"

struct revchain_ordered {
	size_t migration; /* index into the set */
	bool committed;
	git_oid commit; /* where it landed, if committed */
	int64_t date;	/* of that commit, by the committer, seconds since 1970 */
	int zone;	/* minutes east of UTC */
};

struct revchain_order {
	struct revchain_ordered *items; /* lane by lane, each in its order; in the set's arena */
	size_t count;
	size_t *lane_start; /* of each lane, and the end: lane_count + 1 of them */
};

/*
 * Order the migrations of a set that was loaded from `snapshot`, and linked. `tip`: the commit that the history is read from; NULL: there is
 * none yet. With `dynamic_only` static migrations are left out. Migrations that are not committed become one finding, a
 * warning. `repository`'s history must be complete.
 *
 * REVCHAIN_HISTORY: an object is missing or damaged. REVCHAIN_IO: memory ran out, or reading failed.
 */
int revchain_order_landing(struct revchain_history *history, struct revchain_snapshot *snapshot, const struct revchain_migrations *set,
			   const git_oid *tip, bool dynamic_only, struct revchain_order *order, struct revchain_findings *findings,
			   struct revchain_error *error);

/* What `revision_of` of a revchain_history is: revchain_pyscan's answer. */
int revchain_order_revision_of(const char *text, size_t length, struct revchain_arena *arena, const char **revision,
			       struct revchain_error *error);

#endif
