/* What to do about a revision id that a database has and the code has not. */
#ifndef ADVICE_H
#define ADVICE_H

#include "revchain/revchain.h"

#define ADVICE_MOST 12

/* Lines for a person; those that begin with a space are commands, or further ways. */
struct advice {
	struct revchain_arena *arena;
	const char *lines[ADVICE_MOST];
	size_t count;
	bool failed; /* memory ran out */
};

/* Add what is to be said of a revision that was found. */
void advice_found(struct advice *advice, const struct revchain_where_source *source,
		  const struct revchain_where *where);

/* Add what is to be said of one that was not. */
void advice_not_found(struct advice *advice, const char *given);

#endif
