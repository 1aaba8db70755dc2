/* What the library's other modules see of a repository besides revchain/repository.h. */
#ifndef REPOSITORY_H
#define REPOSITORY_H

#include <git2/odb.h>

#include "revchain/repository.h"

/* libgit2's own. */
git_repository *revchain_repository_git(const struct revchain_repository *repository);

/*
 * Read an object of a type. The caller frees it. REVCHAIN_HISTORY where it is missing (with the
 * fetch that mends a partial clone), of another type or damaged.
 */
int revchain_repository_read_object(struct revchain_repository *repository, const git_oid *id,
				    git_object_t type, git_odb_object **object,
				    struct revchain_error *error);

#endif
