/* The rename rule: a path that appears where another `.py` file with the same revision id
 * disappears is that file, moved. */
#ifndef MOVES_H
#define MOVES_H

#include <stddef.h>

#include <git2/oid.h>

#include "revchain/history.h"
#include "revchain/snapshot.h"

/*
 * For `count` paths that are in tree `to` and not in tree `from` (its parent's), find the path that
 * each had there, NULL where it is new: a `.py` file in `from`, not in `to`, anywhere in the tree,
 * that declares the same revision id. Of several, the one with the same base name comes first, then
 * the smallest path by bytes. `old_paths` has `count` elements; what is in it lives in the
 * history's arena.
 */
int revchain_moves_find(struct revchain_history *history, const git_oid *from, const git_oid *to,
			const char *const *paths, size_t count, const char **old_paths,
			struct revchain_error *error);

/*
 * The `.py` files that `from` has and `to` has not, sorted by path, in the arena; the zero id is an
 * empty tree. Errors as above.
 */
int revchain_moves_gone(struct revchain_repository *repository, const git_oid *from,
			const git_oid *to, struct revchain_arena *arena,
			const struct revchain_listed **files, size_t *count,
			struct revchain_error *error);

#endif
