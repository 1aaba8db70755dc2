/*
 * A git repository, as it is found in the wild: opened without looking at who owns it, without the
 * user's or the system's configuration, without running anything. What cannot be read rightly is
 * refused.
 *
 * Sources: gitrepository-layout(5), git-config(1) (extensions.*), git(1) (GIT_DIR and its kin),
 * shallow.txt and partial-clone.txt of git's technical documentation.
 */
#ifndef REVCHAIN_REPOSITORY_H
#define REVCHAIN_REPOSITORY_H

#include <stdbool.h>
#include <stddef.h>

#include <git2/oid.h>
#include <git2/types.h>

#include "revchain/arena.h"
#include "revchain/error.h"

/*
 * The length of an object's name, in bytes and in hexadecimal digits: SHA-1's. libgit2's own names
 * for them differ between its versions.
 */
#define REVCHAIN_OID_RAW 20
#define REVCHAIN_OID_HEX 40

/* The names of what the commands say about it. */
#define REVCHAIN_FINDING_GRAFTS "grafts"
#define REVCHAIN_FINDING_REPLACE_REFS "replace-refs"
#define REVCHAIN_FINDING_SHALLOW "shallow-clone"

struct revchain_repository;

/*
 * Open the repository that holds `start`, a directory (of which the last components need not
 * exist), searching upwards; GIT_DIR and GIT_WORK_TREE are heeded as git does. The caller closes
 * it.
 *
 * Errors: REVCHAIN_HISTORY for no repository, an object format or extension that is not supported,
 * a damaged one; REVCHAIN_IO for one that may not be read.
 */
int revchain_repository_open(struct revchain_repository **out, const char *start,
			     struct revchain_error *error);

/* Close it. NULL is fine. */
void revchain_repository_close(struct revchain_repository *repository);

/* The absolute path of the work tree with symbolic links resolved and no slash at the end; NULL for
 * a bare repository. */
const char *revchain_repository_workdir(const struct revchain_repository *repository);

/* The part of an absolute path below the work tree, which there must be ("" for its top); NULL: it
 * is outside. Points into the path. */
const char *revchain_repository_below(const struct revchain_repository *repository,
				      const char *path);

/* The repository's own directory, which a linked work tree shares with others: `.git`, mostly. */
const char *revchain_repository_git_directory(const struct revchain_repository *repository);

/* Refuse a shallow clone: REVCHAIN_HISTORY with the ways to mend it. To be called before any
 * history is read. */
int revchain_repository_require_full_history(struct revchain_repository *repository,
					     struct revchain_error *error);

/* Whether it is a shallow clone. */
bool revchain_repository_is_shallow(const struct revchain_repository *repository);

/* The name of the branch that HEAD is on, in the arena, as in `main`; NULL: it is on none, or
 * memory ran out. */
const char *revchain_repository_branch(struct revchain_repository *repository,
				       struct revchain_arena *arena);

/* Whether there are grafts or replace refs. revchain reads the history as it was committed and
 * leaves them out of account. */
bool revchain_repository_has_grafts(const struct revchain_repository *repository);
bool revchain_repository_has_replace_refs(const struct revchain_repository *repository);

/*
 * The commit that `revision` names (as in gitrevisions(7), tags peeled); NULL stands for HEAD.
 * `*unborn` (may be NULL) is set where HEAD has no commit yet, and then it is no error.
 * REVCHAIN_USAGE: there is no such commit.
 */
int revchain_repository_resolve(struct revchain_repository *repository, const char *revision,
				git_oid *commit, bool *unborn, struct revchain_error *error);

/*
 * The content of a blob, NUL-terminated, in the arena. `path` is only for messages.
 * REVCHAIN_HISTORY where the object is missing (a partial clone, a damaged repository), with the
 * fetch that mends it; REVCHAIN_MIGRATIONS where it is larger than a migration can be.
 */
int revchain_repository_read_blob(struct revchain_repository *repository, const git_oid *blob,
				  const char *path, struct revchain_arena *arena, const char **data,
				  size_t *length, struct revchain_error *error);

#endif
