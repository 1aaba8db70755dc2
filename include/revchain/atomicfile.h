/* Files that are replaced whole or not at all. */
#ifndef REVCHAIN_ATOMICFILE_H
#define REVCHAIN_ATOMICFILE_H

#include <stddef.h>

#include "revchain/error.h"

/*
 * Replace a file by this text, atomically: a temporary file in the same directory, fsync, rename.
 * Whoever reads sees the old file or the new one; after a failure the old one is whole and nothing
 * else is left. A symbolic link is followed, mode bits are kept. What is there and is no regular
 * file (/dev/stdout, a pipe) is written to as it is. REVCHAIN_IO, with the path.
 */
int revchain_atomicfile_write(const char *path, const char *text, size_t length,
			      struct revchain_error *error);

/* Where a path leads when it is a symbolic link, also one to a file that is yet to be made.
 * REVCHAIN_IO: round in a circle, or `size` bytes are too few. */
int revchain_atomicfile_target(const char *path, char *target, size_t size,
			       struct revchain_error *error);

#endif
