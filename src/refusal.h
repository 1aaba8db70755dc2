/*
 * Why a repository cannot be used, and what to do: after something of libgit2's has failed, look at
 * what is there.
 */
#ifndef REFUSAL_H
#define REFUSAL_H

#include <git2/oid.h>
#include <git2/types.h>

#include "revchain/error.h"

/*
 * Each fills in the error and returns its status: REVCHAIN_IO where a file of the repository may
 * not be read or memory ran out, else REVCHAIN_HISTORY.
 */

/* No repository could be opened from the directory `start` upwards; `code` is libgit2's. */
int revchain_refuse_opening(const char *start, int code, struct revchain_error *error);

/* HEAD leads to no commit. */
int revchain_refuse_head(git_repository *git, struct revchain_error *error);

/* A ref cannot be read, in full refs/heads/main; NULL: the list of all. */
int revchain_refuse_ref(git_repository *git, const char *name, struct revchain_error *error);

/* An object of that type cannot be read; `code` is libgit2's. */
int revchain_refuse_object(git_repository *git, const git_oid *id, git_object_t type, int code,
			   struct revchain_error *error);

/* Memory ran out for an object though there is plenty: it says that it has more bytes than any, or
 * what it is stored as a difference to does. */
int revchain_refuse_size(git_repository *git, const git_oid *id, git_object_t type,
			 struct revchain_error *error);

/* What libgit2 says of its last failure. */
const char *revchain_refusal_reason(void);

#endif
