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
	size_t work;	   /* that was done: see REVCHAIN_MAKO_WORK */
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

/* Count work of so many bytes. False: it is more than a template may be. */
bool revchain_makoscope_work(struct revchain_makoscope *scope, size_t bytes);

/* A buffer for a value, as long as the work that is left. */
struct revchain_buffer revchain_makoscope_buffer(const struct revchain_makoscope *scope);

/* Its text as a STRING in the arena, and the buffer emptied; a STRING that is NULL: memory or work
 * ran out. */
struct revchain_makovalue revchain_makoscope_take(struct revchain_makoscope *scope,
						  struct revchain_buffer *buffer);

/* Fail for what ran out: REVCHAIN_USAGE where it is work, else REVCHAIN_IO. */
int revchain_makoscope_ran_out(struct revchain_makoscope *scope);

#endif
