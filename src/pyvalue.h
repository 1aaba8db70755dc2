/*
 * Expressions, as far as they can be read without running them: strings, None, tuples, lists and
 * sets of strings, calls of get_down_revision, and names that are bound to any of these.
 *
 * Source: "Expressions" of the Python Language Reference.
 */
#ifndef PYVALUE_H
#define PYVALUE_H

#include "pymodule.h"

/*
 * Read the expression of the tokens from `begin` up to, not including, `end`, with commas making a
 * tuple. What cannot be read is an operand of kind UNREADABLE. NULL when memory ran out.
 */
struct revchain_pyoperand *revchain_pyvalue_read(struct revchain_pymodule *module, size_t begin,
						 size_t end);

/* An operand that cannot be read; NULL when memory ran out. */
struct revchain_pyoperand *revchain_pyvalue_unreadable(struct revchain_pymodule *module, int line,
						       const char *reason);

/* A string of the STRING tokens from `begin` up to, not including, `end`; NULL when memory ran out.
 */
struct revchain_pyoperand *revchain_pyvalue_string(struct revchain_pymodule *module, size_t begin,
						   size_t end);

#endif
