/*
 * A module that is being scanned: its source, the tokens of the statement at hand, its names.
 */
#ifndef PYMODULE_H
#define PYMODULE_H

#include "pybinding.h"
#include "pytoken.h"

/* A growing text of characters. */
struct revchain_pynesting {
	char *items;
	size_t count, capacity;
	size_t bodies; /* how many of them are 'b' */
};

struct revchain_pymodule {
	struct revchain_arena *scratch; /* freed when the scan is over */
	struct revchain_pysource source;
	struct revchain_pytoken
		*tokens; /* of the logical line at hand; those of f-strings' text are left out */
	size_t count, capacity;
	struct revchain_pybindings names;
	struct revchain_pynesting nesting; /* see pystatement.c */
	bool out_of_memory;
};

/*
 * The name that a NAME token stands for, in NFKC where that is ASCII, else as it is spelled; it
 * lives as long as the module. NULL for other tokens and for keywords.
 */
const char *revchain_pymodule_name(struct revchain_pymodule *module,
				   const struct revchain_pytoken *token, size_t *length);

/* What the tokens from `begin` up to, not including, `end` take up in the source. */
struct revchain_pyspan revchain_pymodule_span(const struct revchain_pymodule *module, size_t begin,
					      size_t end);

/* Whether the token is this word. */
bool revchain_pymodule_is_word(const struct revchain_pymodule *module,
			       const struct revchain_pytoken *token, const char *word);

/* Whether the token at `index` is this operator, delimiter or bracket; an index behind the last
 * token is none. */
bool revchain_pymodule_is_symbol(const struct revchain_pymodule *module, size_t index, char symbol);

#endif
