/*
 * Identifiers: which characters they may hold, which of them are keywords, and what an identifier
 * in fancy letters stands for (CPython normalizes identifiers to NFKC).
 *
 * Sources: "Identifiers and keywords" of the Python Language Reference; PEP 3131; Unicode's
 * XID_Start, XID_Continue and NFKC.
 */
#ifndef PYNAME_H
#define PYNAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The keywords that the scanner tells apart. */
enum revchain_pykeyword {
	REVCHAIN_PYKEYWORD_NO, /* a name */
	REVCHAIN_PYKEYWORD_AS,
	REVCHAIN_PYKEYWORD_ASYNC,
	REVCHAIN_PYKEYWORD_CLASS,
	REVCHAIN_PYKEYWORD_DEF,
	REVCHAIN_PYKEYWORD_DEL,
	REVCHAIN_PYKEYWORD_ELIF,
	REVCHAIN_PYKEYWORD_ELSE,
	REVCHAIN_PYKEYWORD_EXCEPT,
	REVCHAIN_PYKEYWORD_FALSE,
	REVCHAIN_PYKEYWORD_FINALLY,
	REVCHAIN_PYKEYWORD_FOR,
	REVCHAIN_PYKEYWORD_FROM,
	REVCHAIN_PYKEYWORD_GLOBAL,
	REVCHAIN_PYKEYWORD_IF,
	REVCHAIN_PYKEYWORD_IMPORT,
	REVCHAIN_PYKEYWORD_IN,
	REVCHAIN_PYKEYWORD_LAMBDA,
	REVCHAIN_PYKEYWORD_NONE,
	REVCHAIN_PYKEYWORD_TRUE,
	REVCHAIN_PYKEYWORD_TRY,
	REVCHAIN_PYKEYWORD_WHILE,
	REVCHAIN_PYKEYWORD_WITH,
	REVCHAIN_PYKEYWORD_OTHER, /* and, assert, await … */
};

/* Which keyword the text is. Soft keywords (match, case, type) are names. */
enum revchain_pykeyword revchain_pyname_keyword(const char *text, size_t length);

/*
 * Whether UTF-8 text of ASCII letters, digits, underscores and anything from 0x80 is an identifier;
 * if not, `*wrong` is the first character that may not stand where it does. What Unicode 14 has not
 * assigned is taken for fine.
 */
bool revchain_pyname_is_valid(const char *text, size_t length, uint32_t *wrong);

/* The longest identifier outside of ASCII that is normalized, in bytes. */
#define REVCHAIN_PYNAME_FOLD_MAX 256

/*
 * The NFKC form of an identifier where that is ASCII, written to `folded`; returns its length, or 0
 * where it is not ASCII or the identifier is longer than REVCHAIN_PYNAME_FOLD_MAX.
 */
size_t revchain_pyname_fold(const char *text, size_t length,
			    char folded[2 * REVCHAIN_PYNAME_FOLD_MAX]);

#endif
