/* --base and --pin, which have the first word on the order; --since, --previous and --applied: does
 * the chain only append? */
#ifndef APPENDONLY_H
#define APPENDONLY_H

#include "workspace.h"

/* Let --base, and then --pin, have the first word on the order of a workspace. */
int append_only_reorder(struct workspace *workspace, bool dynamic_only,
			struct revchain_error *error);

/*
 * Judge by what the options name. `parents`: those of each migration of the workspace, which was
 * ordered if it has dynamic ones; NULL: they are not known, and nothing is judged. Displaced
 * migrations become findings, for which workspace_verdict gives exit status 4.
 */
int append_only_check(struct workspace *workspace, const struct revchain_links *parents,
		      struct revchain_error *error);

/* What says again which migrations are meant, for the commands that are advised: " db/versions".
 * NULL: memory ran out. */
const char *append_only_arguments(const struct workspace *workspace);

#endif
