/*
 * When did each file land? The walk over the history that decides it.
 *
 * A file landed at the oldest commit of the unbroken run of first parents, ending at the tip, in
 * which it is present. Where it appears in the commit in which another `.py` file with the same
 * revision id disappears, it is that file moved, and the run goes on under the old path. Files that
 * landed at one merge are ordered by the merged parents: those that are in the second parent first,
 * in that parent's own landing order, and so on. What is in no merged parent is a tie, which only
 * the content of the files can decide (order.h).
 *
 * The walk reads commits and the trees on the way to the files in question, and blobs only where
 * something that appeared may have been moved. It goes down a line only until everything in
 * question has landed. A merge is entered only for two or more files, and left as soon as one is
 * left, because the order of one file is no question. Nothing recurses with the depth of the
 * history.
 *
 * Bound: on the line of the tip each commit is visited once. Files that landed at one merge, in the
 * same merged parent, are a group; there are fewer groups than files. A group visits each commit at
 * most once, and over a stretch of a line in which its lane did not change, and which another group
 * walked before, it goes in one step from the start, or at the latest within 64 or so commits. So n
 * commits in which the lanes change c times, with g groups, take at most n + g * (c + 64) visits
 * and, besides the files, memory for c + n/64 ids. A group of which a file was moved out of the
 * lane's directory walks commit by commit.
 *
 * The rules are revchain's own; git's vocabulary is that of gitglossary(7) and of "first parent" in
 * git-log(1).
 */
#ifndef REVCHAIN_HISTORY_H
#define REVCHAIN_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <git2/oid.h>

#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/repository.h"

/*
 * The revision id that a module's text declares, in the arena; NULL where it declares none that can
 * be read. REVCHAIN_IO: memory ran out.
 */
typedef int revchain_revision_of(const char *text, size_t length, struct revchain_arena *arena,
				 const char **revision, struct revchain_error *error);

/* Told now and then how far a walk is: commits seen, files landed and files in question. */
typedef void revchain_progress(void *data, size_t commits, size_t landed, size_t files);

struct revchain_history {
	struct revchain_repository *repository; /* borrowed; its history must be complete */
	revchain_revision_of *revision_of;
	revchain_progress *progress; /* NULL: nobody wants to know */
	void *progress_data;
	struct revchain_arena *arena; /* owns what the functions below return */
};

/* A file in question, and then where it landed. */
struct revchain_landing {
	const char *path; /* in: at the tip, from the repository's root. Out: as it was at
			     tie_commit if it is in a tie */
	size_t lane;	  /* in: files of different lanes are not ordered among each other */
	size_t file;	  /* in: the caller's own number, carried along */

	git_oid commit; /* out: where it landed on the tip's line of first parents */
	int64_t date;	/* out: that commit's, of the committer, seconds since 1970 */
	int zone;	/* out: minutes east of UTC */
	size_t tie; /* out: files of a lane with the same number, not 0, stand together and are the
		       reader's to order */
	git_oid tie_commit; /* out: the commit that added the files of the tie */
};

/*
 * Decide where `count` files, all present at the tip, landed. `landings` comes back sorted: by
 * lane, and within a lane in landing order, oldest first, ties in the order of a tree's entries at
 * tie_commit, and of files that have one path there, in that of the commit in which they went
 * apart. REVCHAIN_HISTORY: an object is missing or damaged. REVCHAIN_IO: memory ran out.
 */
int revchain_history_landings(struct revchain_history *history, const git_oid *tip,
			      struct revchain_landing *landings, size_t count,
			      struct revchain_error *error);

/*
 * Which of `count` files that are in a commit arrived with it: are in none of its parents, under
 * this path or, moved, under another. `arrived` has `count` elements. Errors as above.
 */
int revchain_history_arrived(struct revchain_history *history, const git_oid *commit,
			     const char *const *paths, size_t count, bool *arrived,
			     struct revchain_error *error);

#endif
