/* A file read whole. */
#ifndef READALL_H
#define READALL_H

#include <stddef.h>

#include "revchain/arena.h"

enum revchain_read {
	REVCHAIN_READ_DONE,
	REVCHAIN_READ_FAILED,	 /* errno says why */
	REVCHAIN_READ_TOO_LARGE, /* there is more than was asked for */
	REVCHAIN_READ_NO_MEMORY,
};

/*
 * Read what is left of an open file, at most `most` bytes: in the arena, with a NUL behind it.
 * `expected` is how many a regular file has, 0 where that is not known: there is room for more, so
 * that a read that ends there has met the end.
 */
enum revchain_read revchain_read_all(int fd, size_t expected, size_t most,
				     struct revchain_arena *arena, const char **data,
				     size_t *length);

#endif
