/* What the commands share: from the options to repository, lanes, migrations, order and chain. */
#ifndef WORKSPACE_H
#define WORKSPACE_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/revchain.h"

#include "options.h"
#include "sandbox.h"

struct workspace_command;

struct workspace {
	const struct workspace_command *command;
	const struct options *options;
	struct revchain_arena *arena;
	struct revchain_repository *repository;
	struct sandbox sandbox;
	struct revchain_snapshot snapshot;
	git_oid tip;
	bool unborn; /* there is no commit yet */
	struct revchain_lane *lanes;
	const char **outputs; /* of each lane: the directory of its chain file, absolute or from
				 here; NULL: bare */
	size_t lane_count;
	bool recursive;
	struct revchain_scope scope; /* the same lanes, at other commits */
	struct revchain_migrations set;
	struct revchain_order order;
	struct revchain_chain chain;
	struct revchain_findings findings;
};

/* A command that works on a workspace. */
struct workspace_command {
	const char *usage;	    /* its part of --help; the common options follow */
	unsigned takes;		    /* the options that it takes besides these */
	const char *const *formats; /* of --format; NULL: it has none */
	bool tree_only;	  /* it can do without history: a shallow clone will do until it orders */
	bool keeps_notes; /* notes on orders that differ are left among the findings, not printed */
	int (*run)(struct workspace *workspace); /* returns the exit status */
};

/* Read the options, open the workspace, run the command in it, and close it. */
int workspace_run(const struct workspace_command *command, int argc, char **argv);

/* Read the history, which must be complete: order and chain. Returns an exit status; findings are
 * left to the caller to print. */
int workspace_order(struct workspace *workspace, bool dynamic_only);

/* The same without the chain: where and when each migration landed. */
int workspace_landings(struct workspace *workspace);

/*
 * Read another commit: its lanes and migrations. What is worth knowing of its lanes becomes
 * findings of the workspace.
 */
int workspace_state(struct workspace *workspace, const char *revision, struct revchain_state *state,
		    struct revchain_error *error);

/* Order such a commit, in the kind of order that was asked for, and make its chain. */
int workspace_state_order(struct workspace *workspace, struct revchain_state *state,
			  bool dynamic_only, struct revchain_error *error);

/*
 * The Alembic project that the lanes are of. Where directories were named and no configuration is
 * found from here upwards, that is one with Alembic's defaults, its script_location the directory
 * above the first lane.
 */
int workspace_project(struct workspace *workspace, struct revchain_project *project,
		      struct revchain_error *error);

/*
 * The exit status that the findings ask for: 0, 1, 4 where migrations are displaced and nothing
 * else is wrong, or 5 where a finding was lost for want of memory.
 */
int workspace_verdict(const struct workspace *workspace);

#endif
