/* Where a command may write: the sandbox that it works in, and chain files that are links. */
#ifndef OUTPUTS_H
#define OUTPUTS_H

#include "workspace.h"

/*
 * Enter the sandbox, once the repository is open. A command that writes may then write in its work
 * tree, or where -o says; which directories `build` writes to without -o is not known yet.
 * REVCHAIN_IO: what -o names leads round in a circle.
 */
int outputs_confine(struct workspace *workspace, struct revchain_error *error);

/*
 * Once the lanes are known, `build` may write to the directories of their chain files. REVCHAIN_IO
 * where such a file is a link out of the work tree that the repository brought along: who writes a
 * repository must not choose which file of this machine is overwritten.
 */
int outputs_confine_build(struct workspace *workspace, struct revchain_error *error);

#endif
