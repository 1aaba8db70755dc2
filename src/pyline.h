/*
 * Logical lines: which block each stands in, and what it does to the module's names.
 */
#ifndef PYLINE_H
#define PYLINE_H

#include "pymodule.h"

struct revchain_pyblock {
	const char *how; /* how names are bound in it: "is set inside an if" */
	bool scope;	 /* of a def or class, or within one: names in it are not the module's */
	bool match;	 /* of a match: its lines are cases */
};

struct revchain_pylines {
	struct revchain_pymodule *module;
	struct revchain_pyblock next; /* the block that the next indent opens */
	bool in_global;		      /* in a scope: the last tokens are a global statement */
	bool started;		      /* the first line of the module is over */
	/* Places for one more import, as offsets into the source: in front of the first statement
	 * or, where there is none, at the end; and behind the docstring, the last from __future__,
	 * the first import of alembic. */
	size_t first, behind_docstring, behind_future, behind_alembic;
	struct revchain_pyoperand *docstring; /* NULL: none */
	size_t depth;			      /* of blocks */
	size_t level;			      /* of brackets */
	/* stacks: what is above their tops is not set */
	struct revchain_pyblock
		blocks[REVCHAIN_PYTOKEN_INDENTS];   /* those that are open, outermost first */
	size_t brackets[REVCHAIN_PYTOKEN_BRACKETS]; /* indices of the open ones of the line at hand
						     */
};

/* Start at the beginning of a module. */
void revchain_pylines_init(struct revchain_pylines *lines, struct revchain_pymodule *module);

/* Take the next token of the module. False when memory ran out. */
bool revchain_pylines_feed(struct revchain_pylines *lines, const struct revchain_pytoken *token);

/* Whether the line at hand is inside of a function or class, where nothing but a global statement
 * counts. */
bool revchain_pylines_in_scope(const struct revchain_pylines *lines);

#endif
