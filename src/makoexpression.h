/*
 * Expressions of a template, evaluated.
 *
 * Source: "Expressions" of the Python Language Reference, for precedence and laziness.
 */
#ifndef MAKOEXPRESSION_H
#define MAKOEXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "makotoken.h"
#include "makovalue.h"
#include "names.h"
#include "revchain/error.h"
#include "revchain/mako.h"

/* What an expression can see. */
struct revchain_makoscope {
	const struct revchain_mako_values *values;
	struct revchain_names
		variables; /* those that the template sets: struct revchain_makovalue */
	bool imports_re;   /* the template imports re */
	struct revchain_arena *arena;
	struct revchain_error *error;
};

/*
 * The value of some tokens. REVCHAIN_USAGE, without path and line: they use what is not understood.
 * Errors of the option function, and REVCHAIN_IO, besides.
 */
int revchain_makoexpression_value(struct revchain_makoscope *scope,
				  const struct revchain_makotoken *tokens, size_t count,
				  struct revchain_makovalue *value);

/* A name of the template's context, as context.get finds it; UNDEFINED: it has none of it. */
struct revchain_makovalue revchain_makoscope_get(struct revchain_makoscope *scope, const char *name,
						 size_t length);

/* Set a variable. REVCHAIN_IO: memory ran out. */
int revchain_makoscope_set(struct revchain_makoscope *scope, const char *name, size_t length,
			   const struct revchain_makovalue *value);

/* Refuse what is not understood: REVCHAIN_USAGE with a message that shows it. */
int revchain_makoscope_refuse(struct revchain_makoscope *scope, const char *what, const char *text,
			      size_t length);

#endif
