/* Which directories a command is about: those of its command line, or those of the Alembic project.
 */
#ifndef LANES_H
#define LANES_H

#include "workspace.h"

/*
 * Where the repository is looked for: at the first directory that was named (not where a link
 * leads, which may be another repository), or the configuration file, or here.
 */
const char *lanes_start(struct workspace *workspace);

/*
 * A path of the command line as a path from the repository's root. Links above the last existing
 * part are followed; where only a commit is read, the work tree need not have it.
 */
int lanes_path(struct workspace *workspace, const char *path, const char **result,
	       struct revchain_error *error);

/*
 * Find the lanes, and where each has its chain file, once repository and snapshot are open.
 * REVCHAIN_USAGE: what was named is no directory of the repository, or there is no project.
 */
int lanes_find(struct workspace *workspace, struct revchain_error *error);

#endif
