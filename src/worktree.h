/* The part of snapshot.h that reads a work tree. Paths are from its top; nothing outside of it is
 * read. */
#ifndef WORKTREE_H
#define WORKTREE_H

#include "revchain/snapshot.h"

#include "listing.h"

/* revchain_snapshot_stat in a work tree. */
int revchain_worktree_stat(const struct revchain_repository *repository, const char *path,
			   struct revchain_arena *arena, enum revchain_file_type *type,
			   const char **resolved, struct revchain_error *error);

/* Read a file that revchain_worktree_stat calls regular: as revchain_snapshot_read. */
int revchain_worktree_read(const struct revchain_repository *repository, const char *path,
			   struct revchain_arena *arena, const char **data, size_t *length,
			   struct revchain_error *error);

/*
 * The same for a file of a listing, whose directory was resolved. `*read` is false where it is a
 * link, or cannot be opened, and nothing was done.
 */
int revchain_worktree_read_listed(const struct revchain_repository *repository, const char *path,
				  struct revchain_arena *arena, const char **data, size_t *length,
				  bool *read, struct revchain_error *error);

/* Add the files of a directory to a listing: as revchain_snapshot_list, unsorted. */
int revchain_worktree_list(const struct revchain_repository *repository, const char *directory,
			   bool recursive, struct revchain_listing *list,
			   struct revchain_error *error);

#endif
