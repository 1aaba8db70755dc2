/*
 * Two states of one path compared as git compares them for `git log -- PATH`: by the files below
 * it, whatever trees they are in. A directory without files is nothing at all, and modes count as
 * far as git tells them apart.
 *
 * Source: tree-diff.c (ll_diff_tree_paths, emit_path: what recursive diffs show are files, and a
 * file and a directory of the same name have nothing in common) and object.h (canon_mode) of git.
 */
#ifndef TREEDIFF_H
#define TREEDIFF_H

#include <stdbool.h>
#include <stddef.h>

#include <git2/oid.h>

#include "revchain/error.h"
#include "revchain/repository.h"

/* What is at a path, as git's canon_mode has it. */
enum revchain_entry_kind {
	REVCHAIN_ENTRY_TREE,
	REVCHAIN_ENTRY_FILE,
	REVCHAIN_ENTRY_EXECUTABLE,
	REVCHAIN_ENTRY_LINK,
	REVCHAIN_ENTRY_SUBMODULE,
	REVCHAIN_ENTRY_NONE, /* nothing; the id is zero */
};

#define REVCHAIN_ENTRY_KINDS 5 /* without NONE */

struct revchain_entry {
	enum revchain_entry_kind kind;
	git_oid id;
};

enum revchain_entry_kind revchain_entry_kind_of(unsigned mode);

/*
 * Whether git sees no difference. Trees are entered until the first one.
 * REVCHAIN_HISTORY: a tree is missing or damaged, nested too deeply, or holds a hundred thousand
 * directories in which nothing differs.
 */
int revchain_treediff_same(struct revchain_repository *repository,
			   const struct revchain_entry *from, const struct revchain_entry *to,
			   bool *same, struct revchain_error *error);

/* The files that are looked for, all of them below one directory. */
struct revchain_wanted {
	const char *directory;	  /* from the root; empty: the root */
	const char *const *paths; /* from the root, sorted by bytes, each once */
	size_t count;
	void (*added)(void *data,
		      size_t index); /* told of one that was added, by its place in paths */
	void *data;
};

/*
 * Call `added` for each wanted file that `to`, the entry at the directory, has and `from` has not:
 * what git's --diff-filter=A shows (a file that became a link or submodule is not added), in the
 * order of their paths. Directories in which nothing is wanted are not entered. Errors as above.
 */
int revchain_treediff_added(struct revchain_repository *repository,
			    const struct revchain_entry *from, const struct revchain_entry *to,
			    const struct revchain_wanted *wanted, struct revchain_error *error);

#endif
