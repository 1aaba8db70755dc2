/*
 * All states that one lane ever had, and which commit has which: the history that any ref leads to,
 * without simplification.
 */
#ifndef LANEHISTORY_H
#define LANEHISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/repository.h"

#include "oidmap.h"
#include "simplify.h"

#define REVCHAIN_NO_STATE ((uint32_t)-1) /* a commit without the lane */

/* The versions of migration files, and what each declares. Zeroed, it is empty. */
struct revchain_versions {
	struct revchain_oidmap blobs;
	const char **revisions; /* by number; NULL: none that can be read */
	uint32_t capacity;
};

struct revchain_lanehistory {
	struct revchain_repository *repository;
	struct revchain_arena *arena;
	const char *directory;
	bool recursive;
	struct revchain_versions *versions; /* shared by the lanes */
	struct revchain_simplified commits; /* HEAD's, which come first, and those of all refs */
	uint32_t head_count;		    /* commits with a lower number are in HEAD's history */
	struct revchain_oidmap trees;	    /* whose files are among the versions */
};

/*
 * Read everything; zeroed before. `tips` are commits, the first of them HEAD if `has_head`. With
 * `tips_only` their parents are not read. Freed by the caller, also after an error.
 */
int revchain_lanehistory_read(struct revchain_lanehistory *history, const git_oid *tips,
			      size_t count, bool has_head, bool tips_only,
			      struct revchain_error *error);
void revchain_lanehistory_free(struct revchain_lanehistory *history);

/* The state of the lane in a commit that was read: a number. */
uint32_t revchain_lanehistory_state(struct revchain_lanehistory *history, uint32_t commit);
uint32_t revchain_lanehistory_states(const struct revchain_lanehistory *history);

/* Told of each migration of a state; `revision` NULL: none that can be read. False ends it. */
typedef bool revchain_lanehistory_visit(void *data, const char *path, const git_oid *blob,
					const char *revision);

/* Visit the files of a state, in the order of their paths. The path lives until `visit` returns. */
int revchain_lanehistory_each(struct revchain_lanehistory *history, uint32_t state,
			      revchain_lanehistory_visit *visit, void *data,
			      struct revchain_error *error);

#endif
