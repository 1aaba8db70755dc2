/*
 * The value of string literals.
 *
 * Source: "String and Bytes literals" of the Python Language Reference.
 */
#ifndef PYSTRING_H
#define PYSTRING_H

#include <stdbool.h>
#include <stddef.h>

#include "pysource.h"

enum revchain_pystring_fault {
	REVCHAIN_PYSTRING_FINE,
	REVCHAIN_PYSTRING_NAMED,  /* \N{…}: the names of characters are not known here */
	REVCHAIN_PYSTRING_NUL,	  /* a NUL, which no revision id has */
	REVCHAIN_PYSTRING_OPAQUE, /* bytes of an encoding that is not decoded */
	REVCHAIN_PYSTRING_ESCAPE, /* an escape sequence that Python refuses */
};

/*
 * Decode `pieces` literals that stand one behind the other in the source, from `start` on, with
 * nothing between them but white space, comments and continued lines; they have been through the
 * tokenizer and are no bytes or f-strings.
 *
 * The value is UTF-8, lone surrogates as three bytes; it is never longer than the literals.
 * `*fault` is the first fault; the character it stands at becomes a question mark. Returns the
 * length of the value, behind which there is a NUL.
 */
size_t revchain_pystring_decode(const struct revchain_pysource *source, size_t start, size_t pieces,
				char *value, enum revchain_pystring_fault *fault);

#endif
