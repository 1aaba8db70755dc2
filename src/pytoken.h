/*
 * The tokens of a module, as CPython's tokenizer makes them: with its rules for indentation,
 * brackets and line continuation, and with the f-strings of PEP 701 (which take in those of older
 * versions).
 *
 * Sources: "Lexical analysis" of the Python Language Reference; Parser/tokenizer.c and
 * Parser/lexer/lexer.c of CPython.
 */
#ifndef PYTOKEN_H
#define PYTOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pyname.h"
#include "pyproblem.h"
#include "pysource.h"

/* The limits are CPython's: MAXINDENT, MAXLEVEL and MAXFSTRINGLEVEL. */
#define REVCHAIN_PYTOKEN_INDENTS 100
#define REVCHAIN_PYTOKEN_BRACKETS 200
#define REVCHAIN_PYTOKEN_FSTRINGS 150

enum revchain_pytoken_kind {
	REVCHAIN_PYTOKEN_END,
	REVCHAIN_PYTOKEN_NEWLINE, /* the end of a logical line */
	REVCHAIN_PYTOKEN_INDENT,
	REVCHAIN_PYTOKEN_DEDENT,
	REVCHAIN_PYTOKEN_NAME, /* also a keyword */
	REVCHAIN_PYTOKEN_NUMBER,
	REVCHAIN_PYTOKEN_STRING,  /* with its prefix and quotes */
	REVCHAIN_PYTOKEN_FSTRING, /* the start of one; its expressions follow as tokens in brackets
				   */
	REVCHAIN_PYTOKEN_OPEN,	  /* a bracket */
	REVCHAIN_PYTOKEN_CLOSE,
	REVCHAIN_PYTOKEN_OPERATOR, /* or a delimiter */
};

/* The symbol of an operator of several characters; of a single one it is that character. */
enum revchain_pytoken_symbol {
	REVCHAIN_PYTOKEN_WALRUS = 1,
	REVCHAIN_PYTOKEN_AUGMENTED, /* += and its kin */
	REVCHAIN_PYTOKEN_LONG,	    /* any other */
};

struct revchain_pytoken {
	uint32_t start;	 /* offset into the source's text */
	uint32_t extent; /* bytes; of a bracket, once a statement is stored, the index of its
			    partner */
	uint32_t line;	 /* from 1; that of its start */
	uint8_t kind;	 /* enum revchain_pytoken_kind */
	uint8_t symbol;	 /* of a bracket or operator: see above; of a NAME: enum revchain_pykeyword;
			    of a STRING: 'b' for bytes */
	uint8_t mark;	 /* for who stores the tokens; 0 */
};

/* An f-string that is being read. */
struct revchain_pyfstring {
	char quote;
	uint8_t quote_size; /* 1 or 3 */
	bool raw;
	bool literal;	/* the next characters are text of the string, not of an expression */
	int depth;	/* of brackets since the start of the string */
	int expression; /* the nesting of replacement fields; 0: none is open */
	int line;	/* of its start */
};

struct revchain_pytokenizer {
	const struct revchain_pysource *source;
	struct revchain_arena *arena;	    /* for the message of a problem */
	struct revchain_pyproblem *problem; /* filled in where reading fails */
	size_t position;
	int line;
	bool line_start; /* the indentation is to be read next */
	bool colon;	 /* the last token is a colon */
	bool boundary;	 /* the last token ended a line, or there is none */
	bool block;	 /* and that line ended in a colon */
	int pending;	 /* indents (1) or dedents (-1, -2 …) to be returned */
	int indent;	 /* index into the two arrays: tabs to columns of 8, and of 1 */
	int level;	 /* how many brackets are open */
	int fstring_count;
	/* stacks: what is above their tops is not set */
	size_t columns[REVCHAIN_PYTOKEN_INDENTS], narrow_columns[REVCHAIN_PYTOKEN_INDENTS];
	struct {
		char bracket;
		int line;
	} brackets[REVCHAIN_PYTOKEN_BRACKETS];
	struct revchain_pyfstring fstrings[REVCHAIN_PYTOKEN_FSTRINGS];
};

/* Start at the beginning of the source. `problem` is filled in where reading fails, with its
 * message in `arena`. */
void revchain_pytokenizer_init(struct revchain_pytokenizer *tokenizer,
			       const struct revchain_pysource *source, struct revchain_arena *arena,
			       struct revchain_pyproblem *problem);

/*
 * Read the next token. Problems: all that CPython's tokenizer refuses, and besides an indentation
 * that is unexpected or missing and characters that are no part of Python, which its parser
 * refuses. The first one counts.
 */
enum revchain_pystatus revchain_pytokenizer_next(struct revchain_pytokenizer *tokenizer,
						 struct revchain_pytoken *token);

/*
 * Step over tokens of the line at hand that the caller has no use for, as far as that is simple: up
 * to a string, a comment, the end of the line, or anything that may be refused. What the next ones
 * say is as if those before them had been read.
 */
void revchain_pytokenizer_skim(struct revchain_pytokenizer *tokenizer);

#endif
