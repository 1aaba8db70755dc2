/*
 * Files that this process may not read or write, most often because they are somebody else's: what
 * a container meets that runs as another user.
 */
#ifndef OWNERSHIP_H
#define OWNERSHIP_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/error.h"

/*
 * Add to an error about a permission whose `path` is (or the last directory above it that can be
 * seen) and who runs this, with the ways for a container to be the same user.
 */
void revchain_ownership_hint(struct revchain_error *error, const char *path);

/*
 * Fail with REVCHAIN_IO for what errno says of a file or directory, with that hint where it may not
 * be read. `path` is the name to say, `full` where it is.
 */
int revchain_ownership_fail(struct revchain_error *error, const char *path, const char *full);

/*
 * The first file or directory of a git directory that may not be read, of those that the history
 * is read from, in `path`. False: there is none.
 */
bool revchain_ownership_unreadable(const char *git_directory, char *path, size_t size);

#endif
