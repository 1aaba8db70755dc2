/* Branches, tags and whatever else points to a commit. */
#ifndef REVCHAIN_REFS_H
#define REVCHAIN_REFS_H

#include <stddef.h>

#include <git2/oid.h>

#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/repository.h"

enum revchain_ref_kind {
	REVCHAIN_REF_BRANCH, /* refs/heads/ */
	REVCHAIN_REF_REMOTE, /* refs/remotes/ */
	REVCHAIN_REF_TAG,    /* refs/tags/ */
	REVCHAIN_REF_OTHER,  /* refs/pull/, refs/stash … */
};

struct revchain_ref {
	enum revchain_ref_kind kind;
	const char *name;  /* in full: refs/heads/main */
	const char *shown; /* as a person calls it: main, origin/main, v1.0; points into name */
	git_oid commit;	   /* tags peeled */
};

/*
 * All refs, sorted by kind and then by the bytes of their names; those that lead to no commit,
 * replace refs, and symbolic ones (origin/HEAD) left out. Everything is in the arena.
 * REVCHAIN_HISTORY: they cannot be read.
 */
int revchain_refs_list(struct revchain_repository *repository, struct revchain_arena *arena,
		       const struct revchain_ref **refs, size_t *count,
		       struct revchain_error *error);

#endif
