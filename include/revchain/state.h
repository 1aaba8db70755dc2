/*
 * What a project is at one commit: its lanes there, its migrations, their order and their chain.
 *
 * Migrations of two states are the same where their revision ids are, whatever lanes and paths they
 * are in.
 */
#ifndef REVCHAIN_STATE_H
#define REVCHAIN_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include <git2/oid.h>

#include "revchain/chain.h"
#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/history.h"
#include "revchain/migration.h"
#include "revchain/order.h"
#include "revchain/repository.h"
#include "revchain/snapshot.h"

#define REVCHAIN_FINDING_ABSENT_LANE "absent-lane"
#define REVCHAIN_FINDING_ABSENT_CONFIGURATION "absent-configuration"

/* Which migrations are meant, at whatever commit. All of it is borrowed. */
struct revchain_scope {
	struct revchain_repository *repository;
	bool discover;		 /* the lanes are those of the configuration at that commit */
	const char *directory;	 /* as for revchain_project_read */
	const char *config;	 /* likewise */
	const char *section;	 /* likewise */
	bool recursive_anywhere; /* whatever the configuration says */
	const struct revchain_lane *lanes; /* those of today: where the configuration is not asked,
					      or is not there */
	size_t lane_count;
	bool recursive;		      /* of the lanes of today */
	struct revchain_scans *scans; /* shared by all that is read; NULL: none */
};

struct revchain_state {
	const char *name; /* what the commit was called; borrowed */
	git_oid commit;
	struct revchain_snapshot snapshot;
	const struct revchain_lane *lanes; /* those that are there */
	size_t lane_count;
	bool recursive;
	struct revchain_migrations set;	   /* linked */
	struct revchain_order order;	   /* filled in by revchain_state_order */
	struct revchain_chain chain;	   /* likewise */
	struct revchain_findings findings; /* what is wrong there */
};

/*
 * Read the lanes and migrations of a commit. A lane that is not there is empty: a warning in
 * `findings` says so (NULL: nobody wants to know). Where the configuration cannot be read there,
 * the lanes of today are taken, and a note says so. Everything lives in the arena.
 *
 * REVCHAIN_HISTORY: an object is missing or damaged. REVCHAIN_IO: memory ran out.
 */
int revchain_state_read(const struct revchain_scope *scope, const char *name, const git_oid *commit,
			struct revchain_arena *arena, struct revchain_state *state,
			struct revchain_findings *findings, struct revchain_error *error);

/* The two halves of it: find the lanes, then read what is in them. */
int revchain_state_open(const struct revchain_scope *scope, const char *name, const git_oid *commit,
			struct revchain_arena *arena, struct revchain_state *state,
			struct revchain_findings *findings, struct revchain_error *error);
int revchain_state_load(struct revchain_state *state, struct revchain_arena *arena,
			struct revchain_error *error);

/*
 * Order the migrations of a state that was read, as of its commit, and make the chain. Of
 * `history`, which must be complete, the arena is that of the state. Errors as for revchain_order.
 */
int revchain_state_order(struct revchain_state *state, enum revchain_order_kind kind,
			 struct revchain_history *history, bool dynamic_only,
			 struct revchain_error *error);

#endif
