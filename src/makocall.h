/* The functions, methods and attributes that the expressions of a template may use. */
#ifndef MAKOCALL_H
#define MAKOCALL_H

#include "makoexpression.h"

#define REVCHAIN_MAKO_ARGUMENTS 8 /* no call has more */

struct revchain_makocall {
	const struct revchain_makovalue *object; /* of a method; NULL: a function */
	const char *name;
	size_t length; /* of the name */
	struct revchain_makovalue arguments[REVCHAIN_MAKO_ARGUMENTS];
	size_t count; /* of arguments */
};

/* Carry out a call. `*known` false: it is none of those, or not with these arguments. Returns a
 * status. */
int revchain_makocall_run(struct revchain_makoscope *scope, const struct revchain_makocall *call,
			  struct revchain_makovalue *value, bool *known);

/* An attribute of a value. False: it is none of those that are known. */
bool revchain_makocall_attribute(struct revchain_makoscope *scope,
				 const struct revchain_makovalue *object, const char *name,
				 size_t length, struct revchain_makovalue *value);

/* `format % value`. False: not understood. */
bool revchain_makocall_format(struct revchain_makoscope *scope,
			      const struct revchain_makovalue *format,
			      const struct revchain_makovalue *value,
			      struct revchain_makovalue *result);

#endif
