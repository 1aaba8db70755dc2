/*
 * The refs that are files of their own below refs/. libgit2 lists them too, but passes over
 * directories and files that it cannot read.
 *
 * Source: git's refs/files-backend.c.
 */
#ifndef LOOSEREFS_H
#define LOOSEREFS_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/arena.h"
#include "revchain/error.h"

struct revchain_looserefs {
	const char **names; /* in full: refs/heads/main; sorted by their bytes; in the arena */
	size_t count, capacity;
};

/*
 * The names of all files below refs/ of a git directory, those of no ref (a lock, say) among them.
 * REVCHAIN_IO: a directory cannot be read, or memory ran out.
 */
int revchain_looserefs_list(const char *git_directory, struct revchain_arena *arena,
			    struct revchain_looserefs *refs, struct revchain_error *error);

/* Whether a name is among them. */
bool revchain_looserefs_have(const struct revchain_looserefs *refs, const char *name);

#endif
