/* Where a branch left another one: the newest commit that their lines of first parents share. */
#ifndef FORKPOINT_H
#define FORKPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include <git2/oid.h>

#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/repository.h"

#include "names.h"

/* The line of first parents of the one, read as far as it was needed. */
struct revchain_mainline {
	struct revchain_repository *repository;
	struct revchain_arena *arena;
	struct revchain_names commits;
	git_oid next; /* the commit to be read next; zero: the line is at its end */
	int64_t date; /* of the commit that was read last */
};

/* Start at a tip, which may be zero: then the line is empty. */
void revchain_mainline_init(struct revchain_mainline *line, struct revchain_repository *repository,
			    struct revchain_arena *arena, const git_oid *tip);

/*
 * Where the line of `tip` left it. `*found` false: they share nothing, or only what is ten thousand
 * commits away or by its date is not where it should be. REVCHAIN_HISTORY: a commit is missing or
 * damaged. REVCHAIN_IO: memory ran out.
 */
int revchain_fork_point(struct revchain_mainline *line, const git_oid *tip, git_oid *fork,
			bool *found, struct revchain_error *error);

#endif
