/*
 * Orders in which something else has the first word: another commit's order, or a chain file. What
 * that does not know comes behind, in the order that it had.
 */
#ifndef REVCHAIN_REORDER_H
#define REVCHAIN_REORDER_H

#include "revchain/chainfile.h"
#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/migration.h"
#include "revchain/order.h"
#include "revchain/state.h"

#define REVCHAIN_FINDING_PIN_GONE "pin-gone"

/*
 * In each lane, put those first that `base` has, in its order, with the commits by which they
 * landed there. A migration is known by its revision id. `base` was ordered. REVCHAIN_IO: memory
 * ran out.
 */
int revchain_order_by_base(const struct revchain_migrations *set, struct revchain_order *order,
			   const struct revchain_state *base, struct revchain_error *error);

/*
 * In each lane, put the dynamic migrations that the file has in front of those that it has not, in
 * its order; all others stay where they are. Where the file's order cannot be told from it (a
 * migration that it names is gone) the order stands in for it. What is gone is named in a note.
 * REVCHAIN_IO: memory ran out.
 */
int revchain_order_by_pin(const struct revchain_migrations *set, struct revchain_order *order,
			  const struct revchain_chainfile *file, struct revchain_findings *findings,
			  struct revchain_error *error);

#endif
