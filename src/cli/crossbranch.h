/* --branches and --onto: what other branches, and a merge, would make of the migrations. */
#ifndef CROSSBRANCH_H
#define CROSSBRANCH_H

#include "workspace.h"

/*
 * Judge a workspace by the options. `parents`: those of each of its migrations, and it was ordered
 * if it has dynamic ones; NULL: they are not known, and there is nothing to compare. Adds findings.
 */
int cross_branch_check(struct workspace *workspace, const struct revchain_links *parents,
		       struct revchain_error *error);

#endif
