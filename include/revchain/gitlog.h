/*
 * Git's own orders: exactly what
 *
 *     git log --reverse [--topo-order] --diff-filter=A --no-renames --name-only REV -- DIR
 *
 * prints, of each path the first line alone. What of git each part reproduces (revision.c,
 * commit.c, log-tree.c and tree-diff.c of git 2.39 to 2.47, with git's defaults for everything that
 * is configured):
 *
 * - Simplification (try_to_simplify_commit): a merge that has the same content at DIR as one of its
 * parents follows the first such parent alone, and the rest of what it merged is not looked at. The
 * content is that of files, recursively: mode and blob; empty directories are nothing.
 * - By date (get_revision_1, process_parents, commit_list_insert_by_date): commits wait in a list
 * sorted by the date of the committer, newest first, of equal ones that which came first; the first
 * is taken out and shown, and its simplified parents are put in, each once. So dates decide, not
 * ancestry, wherever clocks run backwards. The date is read as parse_commit_date does, unsigned:
 * one before 1970 counts as far in the future.
 * - Topologically (sort_in_topological_order): over the simplified parents, a commit after all of
 * its children, and of those that are free the one that became free last (a stack, onto which the
 * parents of a commit go in their order, so that the last of them comes out first).
 * - What is shown of a commit (log_tree_diff): without a parent all its files, with one the files
 * that the parent has not, with several, after simplification, nothing. So a file that a merge
 * itself added is never shown. In the order of a tree's entries, which is that of the path's bytes.
 * A file that turned into a link, or the reverse, is not added (diff-filter has that as T).
 * - --reverse (get_revision) turns round the order of the commits, not that of the files of one.
 *
 * Grafts and replace refs are left out of account (git --no-replace-objects); DIR is taken
 * literally, without the magic of pathspecs. Where a commit-graph file was written, git prints the
 * same, but for dates after the year 2514: that file keeps 34 bits of them.
 *
 * Time is linear in the commits that git itself would walk, each read once, with the trees on the
 * way to DIR; trees below DIR are read where its id changed. Memory: about 50 bytes a commit.
 * Nothing recurses with the depth of the history.
 */
#ifndef REVCHAIN_GITLOG_H
#define REVCHAIN_GITLOG_H

#include <stdbool.h>
#include <stddef.h>

#include <git2/oid.h>

#include "revchain/error.h"
#include "revchain/history.h"

/*
 * Decide where `count` files below one directory (from the repository's root, symbolic links
 * resolved; empty: the root), all of them present at the tip, are first shown: the same files as
 * for revchain_history_landings, and the same answer, with the commit that git shows them with as
 * the one where they landed, and no ties. Those that git never shows come last, by path bytes, with
 * the zero id as their commit. Of `history`, revision_of is not used.
 *
 * REVCHAIN_HISTORY: an object is missing or damaged. REVCHAIN_IO: memory ran out.
 */
int revchain_gitlog_order(struct revchain_history *history, const git_oid *tip,
			  const char *directory, bool topological, struct revchain_landing *files,
			  size_t count, struct revchain_error *error);

#endif
