/*
 * The order of the migrations of each lane: landing order, the order in which they arrived on the
 * branch, and so the order in which any database that follows the branch met them. Or, for those
 * who ask for it, one of git's orders (gitlog.h).
 *
 * history.h decides between commits. Migrations that one commit added are ordered here: by
 * `depends_on` among them, then by `Create Date:` where all of them have one, then by path; all of
 * it as the files were at that commit, and among all migrations that it added to the lane as the
 * lane was then, also those that are gone since, so that no later edit, move or deletion changes
 * anything. A lane that is recursive then reached upwards as far as there were migrations alone:
 * above it there is env.py. Migrations that are not committed come last, ordered by the same rule.
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
#define REVCHAIN_FINDING_LEFT_OUT "left-out"
#define REVCHAIN_FINDING_ORDERS_DIFFER "orders-differ"

enum revchain_order_kind {
	REVCHAIN_ORDER_LANDING,
	REVCHAIN_ORDER_DATE, /* git log --reverse */
	REVCHAIN_ORDER_TOPO, /* git log --reverse --topo-order */
};

struct revchain_ordered {
	size_t migration; /* index into the set */
	bool committed;
	bool has_commit; /* whether it is known where it landed: it is committed, and git's order
			    does not leave it out */
	git_oid commit;	 /* where it landed, or what git shows it with */
	int64_t date;	 /* of that commit, by the committer, seconds since 1970 */
	int zone;	 /* minutes east of UTC */
};

struct revchain_order {
	struct revchain_ordered *items; /* lane by lane, each in its order; in the set's arena */
	size_t count;
	size_t *lane_start; /* of each lane, and the end: lane_count + 1 of them */
};

/*
 * Order the migrations of a set that was loaded from `snapshot`, and linked. `tip`: the commit that
 * the history is read from; NULL: there is none yet. With `dynamic_only` static migrations are left
 * out. The history of the repository must be complete.
 *
 * Migrations that are not committed become one finding, a warning, and so do those that git's
 * command leaves out (what a merge itself added), which go behind those that it shows. `findings`
 * may be NULL, for an order that is only compared.
 *
 * REVCHAIN_HISTORY: an object is missing or damaged. REVCHAIN_IO: memory ran out, or reading
 * failed.
 */
int revchain_order(enum revchain_order_kind kind, struct revchain_history *history,
		   struct revchain_snapshot *snapshot, const struct revchain_migrations *set,
		   const git_oid *tip, bool dynamic_only, struct revchain_order *order,
		   struct revchain_findings *findings, struct revchain_error *error);

/*
 * Add a warning that names the static and hybrid migrations that are not committed: what
 * revchain_order does for those that it orders, without any history. `tip` as above. Errors as
 * above.
 */
int revchain_order_uncommitted_static(struct revchain_snapshot *snapshot,
				      const struct revchain_migrations *set, const git_oid *tip,
				      struct revchain_findings *findings,
				      struct revchain_error *error);

/* Add a note for each lane that two orders of the same migrations have in different order: where
 * that starts, and with what. */
void revchain_order_compare(const struct revchain_migrations *set,
			    const struct revchain_order *order, enum revchain_order_kind kind,
			    const struct revchain_order *other, enum revchain_order_kind other_kind,
			    struct revchain_findings *findings);

/* What `revision_of` of a revchain_history is: revchain_pyscan's answer. */
int revchain_order_revision_of(const char *text, size_t length, struct revchain_arena *arena,
			       const char **revision, struct revchain_error *error);

#endif
