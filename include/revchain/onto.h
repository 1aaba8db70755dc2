/*
 * What would be after a merge: the migrations of a branch on top of those of the one that it is
 * merged into, as git's three-way merge would leave the files, and their order and chain.
 *
 * A file counts as changed where it declares something else. Without the commit that both come from
 * (a shallow clone has cut it off) files are told apart by their revision ids: then what the branch
 * deleted or moved cannot be known, and is taken to be there.
 */
#ifndef REVCHAIN_ONTO_H
#define REVCHAIN_ONTO_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/arena.h"
#include "revchain/chain.h"
#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/history.h"
#include "revchain/migration.h"
#include "revchain/order.h"
#include "revchain/state.h"

#define REVCHAIN_FINDING_AFTER_MERGE "after-merge"
#define REVCHAIN_FINDING_MERGE_CONFLICT "merge-conflict"
#define REVCHAIN_FINDING_NO_MERGE_BASE "no-merge-base"

/* The three sides of a merge. */
struct revchain_onto {
	const struct revchain_state *target; /* what is merged into; ordered if it is dynamic */
	const struct revchain_state *common; /* what both come from; NULL: not known */
	const struct revchain_migrations *here;
	const struct revchain_order *order; /* of here; NULL: nothing there is dynamic */
};

struct revchain_merged {
	struct revchain_migrations set;	   /* linked */
	struct revchain_order order;	   /* the target's first, then what is new */
	struct revchain_findings findings; /* what is wrong with the merged files, one by one */
};

/*
 * Merge. A file that both sides changed differently is a finding in `notes`, a warning, and counts
 * as it is here, or there where it is deleted here; that there is no common commit is a note.
 * Everything lives in the arena of `here`. REVCHAIN_IO: memory ran out.
 */
int revchain_onto_merge(const struct revchain_onto *onto, struct revchain_merged *merged,
			struct revchain_findings *notes, struct revchain_error *error);

/*
 * Add a note that says where dynamic migrations will be after the next merge: behind the head of
 * the lane that they go into. `chain`, complete, is that of `base`; `name` is what is merged; the
 * order that of its dynamic migrations, of which those that are in the base are left out.
 * REVCHAIN_IO: memory ran out.
 */
int revchain_after_merge(const struct revchain_migrations *base, const struct revchain_chain *chain,
			 const char *base_name, const char *name,
			 const struct revchain_migrations *set, const struct revchain_order *order,
			 struct revchain_findings *findings, struct revchain_error *error);

#endif
