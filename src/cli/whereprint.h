/* What `revchain where` prints of one revision id. */
#ifndef WHEREPRINT_H
#define WHEREPRINT_H

#include <stdbool.h>

#include "revchain/revchain.h"

struct where_printing {
	const struct revchain_where_source *source;
	struct revchain_arena *arena;
	struct revchain_buffer *text;
	bool json, colour;
};

/* Add what is known, and what to do. `where` NULL: nothing has it. */
void where_print(const struct where_printing *printing, const char *given,
		 const struct revchain_where *where);

#endif
