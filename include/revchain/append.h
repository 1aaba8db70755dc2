/*
 * Append-only: does a chain go on where an earlier one ended, or does it put something in front of
 * what databases may have applied by then?
 *
 * Alembic knows of a database no more than the revisions that it has reached, and takes all that
 * stands before them for applied. So a migration that comes to stand before one that a database
 * has applied is skipped there, and nobody is told. It is displaced: by definition a migration that
 * is an ancestor of another one now, and was not, by the earlier chain, though that other one was
 * in it. For chains without branches this says that the earlier one, without the migrations that
 * are deleted since, is a prefix of this one. Migrations are the same where their ids are.
 *
 * Of a list of applied revisions, displaced is what is an ancestor of one of them without being one
 * of them.
 */
#ifndef REVCHAIN_APPEND_H
#define REVCHAIN_APPEND_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/applied.h"
#include "revchain/chain.h"
#include "revchain/chainfile.h"
#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/migration.h"
#include "revchain/state.h"

#define REVCHAIN_FINDING_DISPLACED "displaced"
#define REVCHAIN_FINDING_NOT_AN_ANCESTOR "not-an-ancestor"
#define REVCHAIN_FINDING_EARLIER_INCOMPLETE "earlier-incomplete"
#define REVCHAIN_FINDING_APPLIED_UNKNOWN "applied-unknown"
#define REVCHAIN_FINDING_APPLIED_VERSIONS "applied-versions"

/* The chain that is judged. */
struct revchain_judged {
	const struct revchain_migrations *set;
	const struct revchain_links *parents; /* of each migration: literal, or computed */
	bool landing_order;		      /* the order is that of landing, not one of git's */
	const char *arguments; /* of the command, for the ones that are advised: " db/versions" */
};

/*
 * Judge it by the chain of an earlier commit, which was ordered. Where that chain is not complete,
 * only what its literal parents tell is compared, and a warning says so. Each displaced migration
 * becomes one finding, an error; of more than a hundred of them the rest are one together.
 * REVCHAIN_IO: memory ran out.
 */
int revchain_append_since(const struct revchain_judged *judged,
			  const struct revchain_state *earlier, struct revchain_findings *findings,
			  struct revchain_error *error);

/*
 * The same by an earlier chain file. It holds dynamic migrations alone: the literal parents of
 * others are taken to have been those of today, and what stood before a migration that is gone
 * since is not known and not judged.
 */
int revchain_append_previous(const struct revchain_judged *judged,
			     const struct revchain_chainfile *earlier,
			     struct revchain_findings *findings, struct revchain_error *error);

/*
 * The same by the revisions that a database has applied. Those that are no migrations here are
 * named in a warning. A list as `alembic current` prints it names only where the database is, and
 * not what it has: then nothing can be judged, which is a warning too.
 */
int revchain_append_applied(const struct revchain_judged *judged,
			    const struct revchain_applied *applied,
			    struct revchain_findings *findings, struct revchain_error *error);

#endif
