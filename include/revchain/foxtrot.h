/*
 * "Foxtrot" merges: the branch itself was merged as the second parent, and then went on from there.
 * `git pull` does it on a branch with commits of its own. From then on the line of first parents
 * is that of the commits that were made apart, and what had landed on the branch before seems to
 * land behind them, with the merge.
 *
 * A merge is suspected where both are so: its message says that it merged the branch into itself,
 * or merged the very branch that is looked at; and dynamic migrations landed on either side since
 * the sides parted, so that it matters. On a branch that was only brought up to date with another
 * one ("Merge branch 'main' into topic") nothing is suspected, unless main is looked at.
 *
 * Source: git-merge(1) and git-fmt-merge-msg(1) for the messages.
 */
#ifndef REVCHAIN_FOXTROT_H
#define REVCHAIN_FOXTROT_H

#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/migration.h"
#include "revchain/order.h"
#include "revchain/repository.h"

#define REVCHAIN_FINDING_FOXTROT "foxtrot"

/*
 * Look at the merges by which the migrations of a landing order landed, and add a note for each
 * that is suspected. `branch`: the name of the branch that is looked at, such as `main` or
 * `origin/main`; NULL: it is not known. REVCHAIN_HISTORY: an object is missing or damaged.
 * REVCHAIN_IO: memory ran out.
 */
int revchain_foxtrot_find(struct revchain_repository *repository,
			  const struct revchain_migrations *set, const struct revchain_order *order,
			  const char *branch, struct revchain_findings *findings,
			  struct revchain_error *error);

#endif
