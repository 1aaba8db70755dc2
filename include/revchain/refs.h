/* Branches, tags and whatever else points to a commit. */
#ifndef REVCHAIN_REFS_H
#define REVCHAIN_REFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/*
 * The branches, local and remote-tracking, whose name as a person calls it matches one of the
 * patterns, as `git branch --list` matches: `*` stands for slashes too. Sorted as above. `matched`
 * (one for each pattern) says which patterns matched. Errors as above; REVCHAIN_IO: memory ran out.
 */
int revchain_refs_match(struct revchain_repository *repository, const char *const *patterns,
			size_t pattern_count, struct revchain_arena *arena,
			const struct revchain_ref **refs, size_t *count, bool *matched,
			struct revchain_error *error);

/* The name of a branch without that of the remote: feature, of origin/feature. */
const char *revchain_ref_branch(const struct revchain_ref *ref);

/* The branch that the remote `origin` has as its default, "origin/main", in the arena; NULL: that
 * is not known, or memory ran out. */
const char *revchain_refs_default(struct revchain_repository *repository,
				  struct revchain_arena *arena);

/* When the author made a commit: seconds since 1970 and minutes east of UTC. REVCHAIN_HISTORY: it
 * cannot be read. */
int revchain_author_date(struct revchain_repository *repository, const git_oid *commit,
			 int64_t *seconds, int *zone, struct revchain_error *error);

#endif
