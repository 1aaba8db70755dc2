/*
 * Commits and trees, read raw from the object database: what the walk needs of them and nothing
 * else. Grafts and replace refs do not come into it.
 *
 * Source of the formats: git's Documentation/user-manual ("Object storage format") and
 * gitformat-pack(5); tree.c and commit.c.
 */
#ifndef OBJECT_H
#define OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <git2/odb.h>
#include <git2/oid.h>

#include "revchain/error.h"
#include "revchain/repository.h"

/* Parents of a merge that are compared with it one by one. The largest merge that is known has 66.
 */
#define REVCHAIN_PARENTS_MAX 256

struct revchain_commit {
	git_oid id;
	git_oid tree;
	git_oid *parents; /* owned */
	size_t parent_count;
	size_t parent_capacity;
	int64_t date;	    /* of the committer, seconds since 1970 */
	int zone;	    /* of the committer, minutes east of UTC */
	uint64_t sort_date; /* what git sorts by: the date, but for a damaged commit and for one
			       before 1970 */
};

/*
 * Read a commit into `commit`, which is zeroed before its first use, may be used again for the next
 * one, and is freed at the end. REVCHAIN_HISTORY: missing or damaged.
 */
int revchain_commit_read(struct revchain_repository *repository, const git_oid *id,
			 struct revchain_commit *commit, struct revchain_error *error);
void revchain_commit_free(struct revchain_commit *commit);

struct revchain_tree {
	git_odb_object *object; /* owned */
	const char *cursor, *end;
};

struct revchain_tree_entry {
	unsigned mode;	  /* as in git: 0100644, 040000 … */
	const char *name; /* NUL-terminated, points into the tree */
	size_t length;	  /* of name, bytes */
	git_oid id;
};

/* Open a tree to read its entries in their order; the zero id is an empty tree. Closed by the
 * caller, also after an error. */
int revchain_tree_open(struct revchain_repository *repository, const git_oid *id,
		       struct revchain_tree *tree, struct revchain_error *error);
void revchain_tree_close(struct revchain_tree *tree);

/* The next entry: 1, 0 at the end, or -1 where the tree is damaged. */
int revchain_tree_next(struct revchain_tree *tree, struct revchain_tree_entry *entry);

/* Leave out the entries that come next in both trees and are the same in both. */
void revchain_tree_skip_common(struct revchain_tree *a, struct revchain_tree *b);

/* REVCHAIN_HISTORY for a tree that revchain_tree_next found damaged. */
int revchain_fail_damaged(struct revchain_error *error, const char *type, const git_oid *id);

/* REVCHAIN_HISTORY for a merge with more than REVCHAIN_PARENTS_MAX of them. */
int revchain_fail_parents(struct revchain_error *error, const git_oid *merge);

bool revchain_mode_is_tree(unsigned mode);
bool revchain_mode_is_link(unsigned mode);
/* A file, executable or not, or a symbolic link. */
bool revchain_mode_is_file(unsigned mode);

/*
 * The order of entries in a tree: by bytes, a directory as if its name ended in a slash. Of full
 * paths this gives the order of their bytes.
 */
int revchain_tree_compare(const char *a, size_t a_length, bool a_is_tree, const char *b,
			  size_t b_length, bool b_is_tree);

/*
 * Look up one name. `*found` false: there is none. REVCHAIN_HISTORY as above.
 */
int revchain_tree_find(struct revchain_repository *repository, const git_oid *tree,
		       const char *name, size_t length, unsigned *mode, git_oid *id, bool *found,
		       struct revchain_error *error);

/* The entry at a path (not empty) below a tree; symbolic links are not followed. */
int revchain_tree_find_path(struct revchain_repository *repository, const git_oid *tree,
			    const char *path, unsigned *mode, git_oid *id, bool *found,
			    struct revchain_error *error);

#endif
