/*
 * The text of a module as the tokenizer wants it: decoded, with `\n` as the only line end.
 *
 * Sources: PEP 263; decode_str() and translate_newlines() in CPython's Parser/tokenizer.c.
 */
#ifndef PYSOURCE_H
#define PYSOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "pyproblem.h"

/* The longest text that is read, in bytes: offsets into the decoded text stay below 2^32. */
#define REVCHAIN_PYSOURCE_MAX ((size_t)256 * 1024 * 1024)

struct revchain_pysource {
	const char *text;   /* ends in a newline, with a NUL behind it; no other NUL */
	size_t length;	    /* in bytes, without the NUL */
	const char *bytes;  /* what it was decoded from, borrowed, without a byte order mark */
	size_t size;	    /* of bytes */
	size_t mark;	    /* the length of that mark */
	bool single;	    /* every byte of it is a character */
	bool shifted;	    /* text and bytes are not at the same places all through */
	const char *opaque; /* the encoding whose bytes from 0x80 are left as they are; NULL: text
			       is UTF-8 */
};

/*
 * Find the encoding of the bytes and decode them; the text lives in `scratch`, the message of a
 * problem in `arena`.
 *
 * Problems: a NUL, an encoding that is unknown or unsupported or contradicts the byte order mark,
 * bytes that are not valid in it, a text that is too long.
 */
enum revchain_pystatus revchain_pysource_read(struct revchain_pysource *source, const char *bytes,
					      size_t length, struct revchain_arena *scratch,
					      struct revchain_arena *arena,
					      struct revchain_pyproblem *problem);

/* A place in a source, which starts as zeros. */
struct revchain_pycursor {
	size_t decoded;	 /* offset into its text */
	size_t original; /* of the byte there, in what it was decoded from, without the mark */
};

/*
 * The offset into the original bytes, the mark included, of what stands at an offset of the text.
 * Quick where a cursor's offsets ascend; else it starts over.
 */
size_t revchain_pysource_original(const struct revchain_pysource *source,
				  struct revchain_pycursor *cursor, size_t offset);

#endif
