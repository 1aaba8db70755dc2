/* The graph of the migrations as text, for a person to look at. */
#ifndef DRAWING_H
#define DRAWING_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/revchain.h"

struct drawing {
	const struct revchain_revmap *map;
	const struct revchain_ordered *const *landings; /* of each migration; NULL: not known */
	const size_t *order;				/* newest first, children before parents */
	size_t count;
	bool colour;
	size_t columns; /* of the terminal; 0: no limit */
};

/* Draw it: a row for each migration. Sets `failed` of the text where memory ran out. */
void drawing_render(const struct drawing *drawing, struct revchain_buffer *text);

/*
 * Put migrations into the order that is drawn: children before parents, and besides, what landed
 * last first. False: memory ran out.
 */
bool drawing_sort(const struct revchain_revmap *map, const struct revchain_ordered *const *landings,
		  size_t *order, size_t count);

#endif
