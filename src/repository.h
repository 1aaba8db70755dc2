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

/*
 * Make sure of a blob that revchain_repository_read_blob found larger than a migration can be,
 * which it takes from what is written in front of the content: read all of it and compare it with
 * its name, before it counts as no migration. The zero id stands for what is no blob. `path` is
 * only for messages. REVCHAIN_HISTORY: it is damaged, or has more than 512 MiB.
 */
int revchain_repository_confirm_large(struct revchain_repository *repository, const git_oid *blob,
				      const char *path, struct revchain_error *error);

#endif
