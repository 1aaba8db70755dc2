/*
 * Who follows whom: the parents of the dynamic migrations, and with them the finished graph.
 *
 * In each lane, one after the other in its order, a dynamic migration goes behind the head of the
 * block before it. The first block is that of the static migrations that hang on no dynamic one of
 * the lane; each dynamic migration starts a block, and a hybrid belongs to the block of that parent
 * of its which comes last. The head of a block is the one member that no other member names as a
 * parent. Where several are left, those that a hybrid of a later block merges do not count: the
 * chain goes on behind the one that is left, the only place where it ends in a single head. More
 * than one left is an error.
 */
#ifndef REVCHAIN_CHAIN_H
#define REVCHAIN_CHAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/graph.h"
#include "revchain/migration.h"
#include "revchain/order.h"

#define REVCHAIN_FINDING_MULTIPLE_HEADS "multiple-heads"
#define REVCHAIN_FINDING_HYBRID_FORK "hybrid-fork"
#define REVCHAIN_FINDING_CROSSING "lane-crossing"
#define REVCHAIN_FINDING_DEPENDS_ON_LATER "depends-on-later"
#define REVCHAIN_FINDING_INTERNAL "internal"

struct revchain_chain {
	const struct revchain_links
		*parents; /* of each migration of the set: literal, or computed */
	bool complete;	  /* the parents are right; false: there are findings that say why not */
};

/*
 * Build the chain of a linked set from the order of its migrations (the dynamic ones are enough).
 * Nothing is computed where the findings already hold errors; then the dynamic migrations have no
 * parents. Where a lane does not end in one head, circles and dependencies are not looked for. The
 * result is verified before it counts as complete: acyclic, and one head a lane.
 * REVCHAIN_IO: memory ran out.
 */
int revchain_chain_build(const struct revchain_migrations *set, const struct revchain_order *order,
			 struct revchain_chain *chain, struct revchain_findings *findings,
			 struct revchain_error *error);

/*
 * Add a finding for each dependency that closes a circle of parents and dependencies: on something
 * that comes later, whatever the order. `parents`, one for each migration, go round in none
 * themselves. One circle is looked for. revchain_chain_build does this itself. REVCHAIN_IO: memory
 * ran out.
 */
int revchain_chain_dependencies(const struct revchain_migrations *set,
				const struct revchain_links *parents,
				struct revchain_findings *findings, struct revchain_error *error);

/*
 * Look at finished parents, one for each migration, as a stranger would: do they go round in no
 * circle, and is there in each lane exactly one migration that no other of it names? Where not, a
 * finding says that it is an error in revchain. revchain_chain_build does this itself. REVCHAIN_IO:
 * memory ran out.
 */
int revchain_chain_verify(const struct revchain_migrations *set,
			  const struct revchain_links *parents, struct revchain_findings *findings,
			  struct revchain_error *error);

#endif
