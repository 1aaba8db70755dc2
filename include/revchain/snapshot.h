/*
 * The files as they are at one moment: in the work tree, or in a commit (then no work tree is
 * looked at, and there need be none). Paths are bytes, from the repository's root, with `/` between
 * components and none at either end; "" is the root.
 */
#ifndef REVCHAIN_SNAPSHOT_H
#define REVCHAIN_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

#include <git2/oid.h>

#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/repository.h"

/* The largest file that is read, in bytes. A migration is a few thousand. */
#define REVCHAIN_FILE_MAX ((size_t)16 * 1024 * 1024)

struct revchain_scans;

struct revchain_snapshot {
	struct revchain_repository *repository; /* borrowed */
	bool worktree;				/* the files of the work tree, not of a commit */
	git_oid tree;		      /* the root tree of the commit, if not the work tree */
	struct revchain_scans *scans; /* what was read of other commits (migration.h); NULL: none */
};

enum revchain_file_type {
	REVCHAIN_FILE_NONE, /* there is nothing of that name */
	REVCHAIN_FILE_REGULAR,
	REVCHAIN_FILE_DIRECTORY,
	REVCHAIN_FILE_OTHER, /* a submodule, a device, a symbolic link that leads nowhere or out of
				the repository */
};

/* The files of the work tree. REVCHAIN_USAGE: the repository is bare. */
int revchain_snapshot_worktree(struct revchain_snapshot *snapshot,
			       struct revchain_repository *repository,
			       struct revchain_error *error);

/* The files of a commit. REVCHAIN_HISTORY: the commit cannot be read. */
int revchain_snapshot_commit(struct revchain_snapshot *snapshot,
			     struct revchain_repository *repository, const git_oid *commit,
			     struct revchain_error *error);

/*
 * What `path` is once symbolic links are followed, and the path without them (in the arena; NULL:
 * not wanted). A link that leaves the repository is REVCHAIN_FILE_OTHER. Fails only where an object
 * cannot be read.
 */
int revchain_snapshot_stat(struct revchain_snapshot *snapshot, const char *path,
			   struct revchain_arena *arena, enum revchain_file_type *type,
			   const char **resolved, struct revchain_error *error);

/*
 * The content of a regular file (symbolic links followed), with a NUL behind it, in the arena.
 * REVCHAIN_IO or REVCHAIN_HISTORY where it cannot be read, REVCHAIN_MIGRATIONS where it is larger
 * than REVCHAIN_FILE_MAX or not a file.
 */
int revchain_snapshot_read(struct revchain_snapshot *snapshot, const char *path,
			   struct revchain_arena *arena, const char **data, size_t *length,
			   struct revchain_error *error);

/* A file of a directory. */
struct revchain_listed {
	const char *path;
	git_oid blob; /* of a commit's regular file; zero: its content is found by its path */
};

/*
 * The files directly in a directory, or with `recursive` in all below it (symbolic links to
 * directories are not entered, as os.walk does), sorted by the bytes of their paths. Array and
 * paths are in the arena.
 */
int revchain_snapshot_list(struct revchain_snapshot *snapshot, const char *directory,
			   bool recursive, struct revchain_arena *arena,
			   const struct revchain_listed **files, size_t *count,
			   struct revchain_error *error);

/* revchain_snapshot_read for a file of a list: in a commit it needs no tree to be read again. */
int revchain_snapshot_read_listed(struct revchain_snapshot *snapshot,
				  const struct revchain_listed *file, struct revchain_arena *arena,
				  const char **data, size_t *length, struct revchain_error *error);

#endif
