/*
 * The commits of a history as `git log -- PATH` links them: its history simplification. Each commit
 * is read once, and takes 36 bytes at a million of them, its id included, and 8 more where dates
 * are kept.
 *
 * Source: revision.c of git. A merge with the same content at the path as one of its parents
 * (TREESAME) follows the first such parent alone (try_to_simplify_commit); any other commit keeps
 * its parents. No commit is taken out of the line: that is only done to parents that are shown
 * (rewrite_parents).
 */
#ifndef SIMPLIFY_H
#define SIMPLIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <git2/oid.h>

#include "revchain/error.h"
#include "revchain/repository.h"

#include "oidmap.h"
#include "treediff.h"

struct revchain_path_memo;

/* Commits are known by number. */
struct revchain_simplified {
	struct revchain_repository *repository;
	const char *path; /* from the root, symbolic links resolved; empty: the root */

	struct revchain_oidmap commits;
	struct revchain_commit_record *records; /* by number, of the commits that were mentioned */
	uint32_t record_capacity;
	bool undated;	 /* set by the caller before the first commit: dates are not kept */
	uint64_t *dates; /* by number */
	uint32_t date_capacity;
	uint32_t *edges; /* the parents of merges: their count, then their numbers */
	uint32_t edge_count, edge_capacity;

	struct revchain_oidmap
		entries[REVCHAIN_ENTRY_KINDS]; /* what was seen at the path, by kind */
	struct revchain_path_memo *memos;      /* one for each component of the path */
	size_t read;			       /* commits so far */
};

/* Start without any commit. `path` is borrowed. To be freed, also after an error. REVCHAIN_IO:
 * memory ran out. */
int revchain_simplify_init(struct revchain_simplified *simplified,
			   struct revchain_repository *repository, const char *path,
			   struct revchain_error *error);
void revchain_simplify_free(struct revchain_simplified *simplified);

/* The number of a commit, which is not read yet. */
int revchain_simplify_number(struct revchain_simplified *simplified, const git_oid *id,
			     uint32_t *number, struct revchain_error *error);

/* Read a commit, if it has not been read. REVCHAIN_HISTORY: it, or a tree on the way to the path,
 * is missing or damaged. */
int revchain_simplify_read(struct revchain_simplified *simplified, uint32_t number,
			   struct revchain_error *error);

/* Read a commit and, where it is a merge, its parents, and leave it the parents that git follows.
 * Once a commit. */
int revchain_simplify(struct revchain_simplified *simplified, uint32_t number,
		      struct revchain_error *error);

/* Of a commit that was read: its parents (until the next one is read), its date as git sorts by it,
 * what it has at the path. */
const uint32_t *revchain_simplify_parents(const struct revchain_simplified *simplified,
					  uint32_t number, size_t *count);
uint64_t revchain_simplify_date(const struct revchain_simplified *simplified, uint32_t number);
void revchain_simplify_entry(const struct revchain_simplified *simplified, uint32_t number,
			     struct revchain_entry *entry);

#endif
