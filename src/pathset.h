/*
 * A set of paths as the tree of directories that they make: all of them are looked up in a root
 * tree at once, each directory is read once, and one that did not change since the last look is not
 * read again.
 */
#ifndef PATHSET_H
#define PATHSET_H

#include <stddef.h>

#include <git2/oid.h>

#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/repository.h"

struct revchain_pathset_node;

/* A file that the last look did not find; several are in the order of a tree's entries. */
struct revchain_lost {
	const char *path;
	size_t file; /* the caller's number */
};

struct revchain_pathset {
	struct revchain_repository *repository;
	struct revchain_arena *arena; /* owns the nodes */
	struct revchain_pathset_node *root;
	size_t count;		    /* of the files in the set */
	struct revchain_lost *lost; /* those that the last look took out of it */
	size_t lost_count, lost_capacity;
};

/* An empty set. Freed by the caller, also after an error. */
int revchain_pathset_init(struct revchain_pathset *set, struct revchain_repository *repository,
			  struct revchain_error *error);
void revchain_pathset_free(struct revchain_pathset *set);

/* Add a file. The path is not copied. Several may have the same one: what is said of them below
 * comes in the order in which they were added. */
int revchain_pathset_add(struct revchain_pathset *set, const char *path, size_t file,
			 struct revchain_error *error);

/*
 * Look for all files in a root tree. Those that are not there, or are no files there, are in `lost`
 * then and no longer in the set.
 */
int revchain_pathset_look(struct revchain_pathset *set, const git_oid *tree,
			  struct revchain_error *error);

/* The tree that a directory was in the last look; the zero id: not all files of the set are below
 * it. */
git_oid revchain_pathset_directory(const struct revchain_pathset *set, const char *directory);

/* Called for a file of the set; `blob` is what it was in the tree that was looked at last. */
typedef void revchain_pathset_visit(void *data, const char *path, size_t file, const git_oid *blob);

/* Visit each file of the set, in the order of a tree's entries. */
void revchain_pathset_each(const struct revchain_pathset *set, revchain_pathset_visit *visit,
			   void *data);

#endif
