/* Which commits stand behind which. Grafts and replace refs do not count. */
#ifndef REVCHAIN_ANCESTRY_H
#define REVCHAIN_ANCESTRY_H

#include <stdbool.h>

#include <git2/oid.h>

#include "revchain/error.h"
#include "revchain/repository.h"

/*
 * Whether `ancestor` is `commit` or can be reached from it. REVCHAIN_HISTORY: an object is missing
 * or damaged.
 */
int revchain_is_ancestor(struct revchain_repository *repository, const git_oid *ancestor,
			 const git_oid *commit, bool *is, struct revchain_error *error);

/*
 * A best common ancestor of two commits, as `git merge-base` finds it. `*found` false: there is
 * none, or a shallow clone cut it off.
 */
int revchain_merge_base(struct revchain_repository *repository, const git_oid *one,
			const git_oid *other, git_oid *base, bool *found,
			struct revchain_error *error);

#endif
