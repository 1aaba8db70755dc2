/*
 * The names of a module and what they are bound to, at the point that the scan has reached.
 */
#ifndef PYBINDING_H
#define PYBINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/arena.h"

#include "names.h"

enum revchain_pyoperand_kind {
	REVCHAIN_PYOPERAND_NONE,
	REVCHAIN_PYOPERAND_STRING,
	REVCHAIN_PYOPERAND_SEQUENCE,
	REVCHAIN_PYOPERAND_CALL, /* of get_down_revision */
	REVCHAIN_PYOPERAND_UNREADABLE,
};

/* A value, as far as it can be read. Names may share one, as Python's names share an object. */
struct revchain_pyoperand {
	enum revchain_pyoperand_kind kind;
	int line;
	size_t start;	    /* offset of where it is written; of a STRING, of its first literal */
	size_t length;	    /* from there to its end; of a STRING, to that of its last literal */
	bool ordered;	    /* SEQUENCE: a tuple or a list */
	bool changeable;    /* SEQUENCE: a list or a set */
	int changed;	    /* SEQUENCE: the line on which it is changed in place; 0: it is not */
	size_t pieces;	    /* STRING: how many literals */
	const char *reason; /* UNREADABLE: "is computed" */
	struct revchain_pyoperand *
		*items; /* SEQUENCE: its elements; CALL: its argument, a STRING */
	size_t count;	/* of items */
};

/* A part of the source. */
struct revchain_pyspan {
	size_t start, end; /* offsets; the same: none */
};

struct revchain_pybinding {
	const char *name;
	size_t length; /* of the name */
	struct revchain_pyoperand
		*value;	 /* what the last plain assignment gave; NULL: it is bound in another way */
	const char *how; /* in which one: "is set inside an if"; NULL with value NULL: not bound */
	struct revchain_pyspan written; /* the expression that gave the value */
	int line;			/* of the statement that bound it */
	int global_line; /* of a global statement in a function, which may change it at any time; 0:
			    none */
};

struct revchain_pybindings {
	struct revchain_arena *arena;
	struct revchain_names names;
};

/* What the name is bound to; NULL: nothing is known of it. */
struct revchain_pybinding *revchain_pybinding_find(const struct revchain_pybindings *bindings,
						   const char *name, size_t length);

/* The same, adding an unbound name where there is none (the text of the name is not copied); NULL
 * when memory ran out. */
struct revchain_pybinding *revchain_pybinding_add(struct revchain_pybindings *bindings,
						  const char *name, size_t length);

/* Bind the name to a value that stands there, at the end of a statement that starts on that line.
 * False when memory ran out. */
bool revchain_pybinding_set(struct revchain_pybindings *bindings, const char *name, size_t length,
			    struct revchain_pyoperand *value, struct revchain_pyspan written,
			    int line);

/*
 * Bind the name in a way that gives no value; `how` is a constant. The first such binding behind a
 * plain assignment counts. Names of which nothing is known stay so.
 */
void revchain_pybinding_spoil(struct revchain_pybindings *bindings, const char *name, size_t length,
			      const char *how, int line);

/* The value of the name is changed in place, and with it that of all names that share it. */
void revchain_pybinding_change(struct revchain_pybindings *bindings, const char *name,
			       size_t length, int line);

#endif
