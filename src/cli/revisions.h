/* The revision map of a workspace. */
#ifndef REVISIONS_H
#define REVISIONS_H

#include "workspace.h"

/*
 * Make the map of the workspace's migrations; the history is read only where dynamic ones ask for
 * it, or where `landings` is wanted: where each migration of the set landed, NULL as a whole where
 * there is no full history. Returns an exit status; where it is not 0, what is wrong was printed.
 */
int revisions_open(struct workspace *workspace, struct revchain_revmap *map,
		   const struct revchain_ordered ***landings);

/* Where Alembic finds a migration's file: its absolute path; of a commit, the path from the root.
 * NULL: memory ran out. */
const char *revisions_path(const struct workspace *workspace, size_t migration);

/* Print the text, then the findings, and return the exit status. The text is freed. */
int revisions_print(struct workspace *workspace, struct revchain_buffer *text);

#endif
