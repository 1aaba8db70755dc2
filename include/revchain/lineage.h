/*
 * Which of several heads and bases are meant, and which are an accident.
 *
 * Alembic takes any number of heads; `alembic upgrade head` does not. Heads are told apart where
 * they are in different lanes, or where a branch label stands for one of them alone
 * (`label@head`). What is left over in a lane may be one head; more are a finding, and so is the
 * place where their lines part. Likewise for bases.
 *
 * Source: "Working with Branches" of Alembic's documentation; _map_branch_labels in
 * alembic/script/revision.py.
 */
#ifndef REVCHAIN_LINEAGE_H
#define REVCHAIN_LINEAGE_H

#include <stddef.h>

#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/heads.h"
#include "revchain/migration.h"

#define REVCHAIN_FINDING_FORK "fork"
#define REVCHAIN_FINDING_MULTIPLE_BASES "multiple-bases"
#define REVCHAIN_FINDING_DUPLICATE_LABEL "duplicate-label"
/* and REVCHAIN_FINDING_MULTIPLE_HEADS of chain.h */

/*
 * Add what is wrong with heads and bases to the findings. `parents`: of each migration of the set.
 * `allowed_heads`: so many heads there may be in all, whatever lanes and labels there are; 0: as
 * above. A label whose name cannot be read counts as one that nothing else has. Where the parents
 * go round in a circle nothing is judged. REVCHAIN_IO: memory ran out.
 */
int revchain_lineage_judge(const struct revchain_migrations *set,
			   const struct revchain_links *parents, const struct revchain_heads *heads,
			   size_t allowed_heads, struct revchain_findings *findings,
			   struct revchain_error *error);

/* Add a finding for each branch label that two migrations declare, or that is a revision id as
 * well: Alembic loads no such project. REVCHAIN_IO: memory ran out. */
int revchain_lineage_labels(const struct revchain_migrations *set,
			    struct revchain_findings *findings, struct revchain_error *error);

#endif
