/*
 * What a migration declares, read from its text alone: the module-level values of `revision`,
 * `down_revision`, `branch_labels` and `depends_on`, and the `Create Date:` line of its docstring.
 * Nothing is imported or executed; what cannot be read without doing so is a problem with a line,
 * never a guess.
 *
 * The text is read as CPython 3 reads it, from 3.9 on. What does not concern these names need not
 * be valid Python, as long as strings, brackets, indentation and encoding are. Sources: "Lexical
 * analysis" and "Simple statements" of the Python Language Reference, PEP 263 (encodings), PEP 3131
 * (identifiers), PEP 701 (f-strings), and alembic/script/base.py (which names Alembic reads from a
 * module).
 *
 * Two things are taken on trust, since nearly every migration has them: `from x import *` binds
 * none of the names, and calling a function changes none, unless the module has a `global`
 * statement for it.
 *
 * Limits, as in CPython: 200 nested brackets, 99 levels of indentation, 149 nested f-strings. A
 * text of more than 256 MiB is a problem. Time grows with the length of the text, and memory too:
 * at most some 60 bytes for each of it.
 */
#ifndef REVCHAIN_PYSCAN_H
#define REVCHAIN_PYSCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "revchain/arena.h"
#include "revchain/error.h"

/* How a name is bound at the end of the module. */
enum revchain_value_kind {
	REVCHAIN_VALUE_MISSING,	   /* not bound at all */
	REVCHAIN_VALUE_NONE,	   /* None */
	REVCHAIN_VALUE_STRING,	   /* one string */
	REVCHAIN_VALUE_SEQUENCE,   /* a tuple, list or set of strings; it may be empty */
	REVCHAIN_VALUE_CALL,	   /* get_down_revision(…), bare or as an attribute */
	REVCHAIN_VALUE_UNREADABLE, /* anything else: there is a problem that says why */
};

/* A part of the text that was scanned, in bytes from its start. */
struct revchain_span {
	size_t begin, end; /* the same: there is none */
};

struct revchain_value {
	enum revchain_value_kind kind;
	int line; /* of the assignment that counts, from 1; 0 where the name is not bound */
	const char *const *strings;   /* one for a STRING, those of a SEQUENCE in their order, the
					 argument of a CALL; UTF-8 */
	size_t count;		      /* of strings */
	struct revchain_span written; /* the expression that is assigned; of one in parentheses,
					 what stands in them */
	const struct revchain_span *literals; /* of each string, where it is written in that
						 expression; none: elsewhere */
};

struct revchain_pyproblem {
	int line;	  /* counted from 1; 0: the file as a whole (it is too large) */
	const char *name; /* which of the four names it is about; NULL: the file as a whole */
	const char
		*message; /* one line, lower case, no full stop: "revision is set inside an if" */
	const char *hint; /* what to do; NULL: none */
};

struct revchain_pyscan {
	struct revchain_value revision; /* a STRING, MISSING or UNREADABLE */
	struct revchain_value down_revision;
	struct revchain_value branch_labels; /* never a CALL */
	struct revchain_value depends_on;    /* never a CALL */
	bool has_create_date;
	int64_t create_date;   /* microseconds since 1970-01-01 00:00 UTC; a date without a zone is
				  taken as UTC */
	const char *docstring; /* the module's docstring, UTF-8, `?` for a NUL, a \N{…} or what
				  cannot be decoded; NULL: none */
	/* Where a line with an import may be put in, in front of the one that binds down_revision:
	 * behind the import of alembic, else behind the last from __future__, else behind the
	 * docstring, else in front of the first statement, or at the end of the text where there
	 * is none. SIZE_MAX: the line that binds it has one of these too. */
	size_t import_at;
	bool imports_lookup;			   /* get_down_revision is bound by an import */
	const struct revchain_pyproblem *problems; /* in the order of their lines */
	size_t problem_count;
};

/*
 * Scan the text of a module: `length` bytes, which need not end in a NUL or a newline and are not
 * changed. What is returned lives in the arena and does not point into the text. Fills in `scan` in
 * every case; places are none where the file as a whole cannot be read.
 *
 * Returns REVCHAIN_OK also where there are problems: one that keeps the whole file from being read
 * (a string that does not end, an unknown encoding) leaves the values UNREADABLE, one that concerns
 * a single name leaves the other names readable. REVCHAIN_IO: memory ran out, and nothing else
 * fails.
 */
int revchain_pyscan(const char *text, size_t length, struct revchain_arena *arena,
		    struct revchain_pyscan *scan, struct revchain_error *error);

/* The same for one of many texts: what is needed meanwhile is put into `scratch`, which the caller
 * clears. */
int revchain_pyscan_with(struct revchain_arena *scratch, const char *text, size_t length,
			 struct revchain_arena *arena, struct revchain_pyscan *scan,
			 struct revchain_error *error);

/* Whether two values are the same, wherever they stand. */
bool revchain_value_same(const struct revchain_value *a, const struct revchain_value *b);

#endif
