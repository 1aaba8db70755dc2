/*
 * Open branches against each other and against the branch that they will be merged into, straight
 * from their trees: which of them add migrations that will not go together.
 *
 * What a branch adds is what neither the base has, by revision id, nor the commit where its line of
 * first parents left the base's: the base may have deleted something since. (In a shallow clone
 * that commit is not known, and the base alone decides.) Dynamic migrations never collide: the
 * merges decide their order. Lanes that are the same tree in several commits are read once.
 */
#ifndef REVCHAIN_BRANCHES_H
#define REVCHAIN_BRANCHES_H

#include <stdbool.h>
#include <stddef.h>

#include <git2/oid.h>

#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/migration.h"
#include "revchain/refs.h"
#include "revchain/state.h"

#define REVCHAIN_FINDING_BRANCH_COLLISION "branch-collision"
#define REVCHAIN_FINDING_BRANCH_DUPLICATE "branch-duplicate"
#define REVCHAIN_FINDING_NO_BRANCH "no-branch"
#define REVCHAIN_FINDING_STALE_PARENT "stale-parent"

struct revchain_branch {
	const char *name;   /* as the messages have it */
	const char *branch; /* without the remote's name */
	git_oid commit;	    /* zero: there is none */
	bool here;	    /* what is checked: what concerns it is an error, all else a warning */
	const struct revchain_migrations *set; /* linked */
	const size_t *added;		       /* filled in: which of them the base has not */
	size_t added_count;
};

/* The branches, and what they are compared with. */
struct revchain_branches {
	const struct revchain_scope *scope; /* with scans */
	struct revchain_arena *arena;
	const char *base_name;
	git_oid base_commit;			/* zero: there is none */
	const struct revchain_migrations *base; /* linked */
	struct revchain_branch *items;
	size_t count;
	struct revchain_names *read; /* sets that were read, by their lanes; NULL: none yet */
};

/*
 * Read the migrations of those branches that have no set yet. REVCHAIN_HISTORY: an object is
 * missing or damaged. REVCHAIN_IO: memory ran out.
 */
int revchain_branches_read(struct revchain_branches *branches, struct revchain_error *error);

/* Fill in what each branch adds, in the order of its set. Errors as above. */
int revchain_branches_compare(struct revchain_branches *branches, struct revchain_error *error);

/*
 * Judge branches that were compared. Findings, each with the branch, the path, the line and the
 * date of the last author on each side:
 *
 * - several branches add static migrations behind the same parent: one finding for each parent
 * names all of them. What one branch has both of is its own affair;
 * - a static migration that a branch adds hangs on one that is no head of the base any more;
 * - two branches add the same revision id, with another path or another content.
 *
 * REVCHAIN_HISTORY: a commit cannot be read. REVCHAIN_IO: memory ran out.
 */
int revchain_branches_judge(const struct revchain_branches *branches,
			    struct revchain_findings *findings, struct revchain_error *error);

#endif
