/*
 * Statements at the module's level, and in the blocks of if, try, for and the like, for what they
 * do to the module's names.
 *
 * Sources: "Simple statements" and "Compound statements" of the Python Language Reference; PEP 572
 * (:=), 634 (match), 695 (type).
 */
#ifndef PYSTATEMENT_H
#define PYSTATEMENT_H

#include "pymodule.h"

/*
 * Find the end of the simple statement that starts at token `begin`: the index of its semicolon, or
 * the number of tokens. Marks its assignment operators and its annotation for
 * revchain_pystatement_simple, and binds the names of its `:=`.
 */
size_t revchain_pystatement_mark(struct revchain_pymodule *module, size_t begin);

/* The same for the header of a compound statement: the index of its colon, or the number of tokens
 * where there is none. */
size_t revchain_pystatement_mark_header(struct revchain_pymodule *module, size_t begin);

/*
 * Carry out the simple statement from token `begin` up to `end`, which has been marked. `how`: it
 * stands in a block that may not be run, and binds names thus ("is set inside an if"); NULL: at the
 * module's own level.
 */
void revchain_pystatement_simple(struct revchain_pymodule *module, size_t begin, size_t end,
				 const char *how);

/*
 * Carry out the header from token `begin` up to its colon at `end`, which has been marked: bind the
 * names that it binds. `is_case`: it stands in the block of a match.
 */
void revchain_pystatement_header(struct revchain_pymodule *module, size_t begin, size_t end,
				 bool is_case);

#endif
