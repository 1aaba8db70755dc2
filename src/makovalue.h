/* The values of a template's expressions: as Python's, as far as they are needed. */
#ifndef MAKOVALUE_H
#define MAKOVALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/buffer.h"

enum revchain_makokind {
	REVCHAIN_MAKO_UNDEFINED, /* a name that the template was not given */
	REVCHAIN_MAKO_NONE,
	REVCHAIN_MAKO_BOOLEAN,
	REVCHAIN_MAKO_NUMBER,
	REVCHAIN_MAKO_STRING,
	REVCHAIN_MAKO_TUPLE,
	REVCHAIN_MAKO_LIST,
	REVCHAIN_MAKO_DATE,
	REVCHAIN_MAKO_OTHER, /* a function, a type, a module: `string` is its name */
};

struct revchain_makovalue {
	enum revchain_makokind kind;
	long number;			  /* NUMBER; BOOLEAN: 0 or 1 */
	const char *string;		  /* STRING; DATE: what str makes of it; OTHER */
	struct revchain_makovalue *items; /* TUPLE, LIST */
	size_t count;
};

bool revchain_makovalue_truth(const struct revchain_makovalue *value);
/* For all but sequences. */
bool revchain_makovalue_equal(const struct revchain_makovalue *a,
			      const struct revchain_makovalue *b);

/* Add what Python's str or repr makes of a value. False: that is not known. */
bool revchain_makovalue_str(const struct revchain_makovalue *value, struct revchain_buffer *text);
bool revchain_makovalue_repr(const struct revchain_makovalue *value, struct revchain_buffer *text);

/* Add what Alembic's filter `comma` makes of a value: its items with commas between. */
bool revchain_makovalue_comma(const struct revchain_makovalue *value, struct revchain_buffer *text);

#endif
