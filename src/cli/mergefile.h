/* The file of a new merge migration, as `alembic merge` would make it. */
#ifndef MERGEFILE_H
#define MERGEFILE_H

#include "workspace.h"

/* The heads that are merged, as indices into the set of the workspace. */
struct merge_heads {
	size_t *items;
	size_t count;
};

/*
 * Make its text and its path, which is in the lane of the first head; nothing is written. `*id` is
 * its revision. The options of the workspace say the message and perhaps the id.
 */
int merge_create(struct workspace *workspace, const struct merge_heads *heads,
		 struct revchain_mend *mend, const char **id, struct revchain_error *error);

#endif
