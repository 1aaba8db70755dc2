/*
 * The encodings that a module may declare, under all of Python's names for them.
 *
 * Sources: PEP 263; get_normal_name() in CPython's Parser/tokenizer.c; encodings/__init__.py and
 * encodings/aliases.py.
 */
#ifndef PYENCODING_H
#define PYENCODING_H

#include <stddef.h>
#include <stdint.h>

enum revchain_pyencoding {
	REVCHAIN_PYENCODING_UNSUPPORTED,
	REVCHAIN_PYENCODING_UTF8,
	REVCHAIN_PYENCODING_ASCII,
	REVCHAIN_PYENCODING_LATIN1,
	REVCHAIN_PYENCODING_LATIN9, /* ISO 8859-15 */
	REVCHAIN_PYENCODING_CP1252,
	/* ASCII below 0x80 and never above; the bytes above are not decoded here */
	REVCHAIN_PYENCODING_OPAQUE,
};

/* The encoding of that name, spelled in any of the ways that CPython takes. */
enum revchain_pyencoding revchain_pyencoding_find(const char *name, size_t length);

/* The code point of a byte from 0x80 in LATIN1, LATIN9 or CP1252; 0 where the encoding has none. */
uint32_t revchain_pyencoding_decode(enum revchain_pyencoding encoding, unsigned char byte);

/* Whether the name is one that CPython's tokenizer itself takes for UTF-8, the only ones allowed
 * behind a byte order mark. */
int revchain_pyencoding_is_utf8_name(const char *name, size_t length);

#endif
