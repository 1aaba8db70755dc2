/*
 * The object database of a repository: packs, which libgit2 reads, and loose objects, in the
 * repository's own directory and in those that it borrows from. Every object is compared with its
 * name before anyone sees it.
 *
 * Sources: gitrepository-layout(5) (objects/info/alternates), git(1) (GIT_OBJECT_DIRECTORY,
 * GIT_ALTERNATE_OBJECT_DIRECTORIES).
 */
#ifndef ODB_H
#define ODB_H

#include <sys/types.h>

#include <git2/odb.h>
#include <git2/types.h>

#include "revchain/error.h"

#include "verify.h"

#define REVCHAIN_ODB_DIRECTORIES 256 /* of objects, that are read */

struct revchain_odb {
	git_repository *git; /* borrowed */
	git_odb *database;
	struct {
		dev_t device;
		ino_t inode;
	} directories[REVCHAIN_ODB_DIRECTORIES];
	size_t directory_count;
	struct revchain_verifier verifier;
};

/*
 * Make the object database of a repository, and let libgit2 use it too. Zeroed before, and closed
 * also after an error. REVCHAIN_HISTORY: a directory cannot be read, or there are too many.
 */
int revchain_odb_open(struct revchain_odb *odb, git_repository *git, struct revchain_error *error);
void revchain_odb_close(struct revchain_odb *odb);

/* As revchain_repository_read_object. */
int revchain_odb_read(struct revchain_odb *odb, const git_oid *id, git_object_t type,
		      git_odb_object **object, struct revchain_error *error);

/* The size of an object's content in bytes, as its head has it. Errors as above. */
int revchain_odb_size(struct revchain_odb *odb, const git_oid *id, git_object_t type, size_t *size,
		      struct revchain_error *error);

#endif
