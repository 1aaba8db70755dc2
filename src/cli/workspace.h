/* What the commands share: from the options to repository, lanes, migrations, order and chain. */
#ifndef WORKSPACE_H
#define WORKSPACE_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/revchain.h"

#include "options.h"

struct workspace {
	const struct options *options;
	struct revchain_arena *arena;
	struct revchain_repository *repository;
	struct revchain_snapshot snapshot;
	git_oid tip;
	bool unborn; /* there is no commit yet */
	struct revchain_lane *lanes;
	const char **outputs; /* of each lane: the directory of its chain file, absolute or from
				 here; NULL: bare */
	size_t lane_count;
	bool recursive;
	struct revchain_migrations set;
	struct revchain_order order;
	struct revchain_chain chain;
	struct revchain_findings findings;
};

/*
 * Open everything up to the migrations, linked but not in order. Returns an exit status; what
 * stopped it has been printed. To be closed in every case.
 */
int workspace_open(struct workspace *workspace, const struct options *options);

/* Read the history: order and chain. Returns an exit status; findings are left to the caller to
 * print. */
int workspace_order(struct workspace *workspace, bool dynamic_only);

/* The exit status that the findings ask for: 0, 1, or 5 where one was lost for want of memory. */
int workspace_verdict(const struct workspace *workspace);

void workspace_close(struct workspace *workspace);

#endif
