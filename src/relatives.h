/* Who was before and behind a revision at the place where it was found. */
#ifndef RELATIVES_H
#define RELATIVES_H

#include "revchain/where.h"

/*
 * Fill in the parents and children: as the files of the commit `seen` declare them, or as the chain
 * of that commit has them where it has dynamic migrations. Where that chain is wrong, they stay
 * unknown. Errors as for where.h.
 */
int revchain_relatives_find(const struct revchain_where_source *source,
			    struct revchain_arena *arena, struct revchain_where *where,
			    struct revchain_error *error);

#endif
