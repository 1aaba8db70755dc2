/*
 * The parts of a template, one after the other.
 *
 * Source: mako/lexer.py.
 */
#ifndef MAKOLEXER_H
#define MAKOLEXER_H

#include <stdbool.h>
#include <stddef.h>

enum revchain_makopart_kind {
	REVCHAIN_MAKOPART_END,
	REVCHAIN_MAKOPART_TEXT,
	REVCHAIN_MAKOPART_EXPRESSION, /* ${…}: what is in it, up to the filters */
	REVCHAIN_MAKOPART_CONTROL,    /* % …: what is behind the % */
	REVCHAIN_MAKOPART_BLOCK,      /* <% … %> */
	REVCHAIN_MAKOPART_MODULE,     /* <%! … %> */
	REVCHAIN_MAKOPART_NOTHING,    /* a comment, an escaped end of line */
	REVCHAIN_MAKOPART_REFUSED,    /* what is not understood, or does not end */
};

struct revchain_makopart {
	enum revchain_makopart_kind kind;
	const char *start; /* of what is said above */
	size_t length;
	const char *filters; /* of an EXPRESSION: what is behind its | */
	size_t filters_length;
	const char *end; /* where the next part starts */
};

/* Read the part at `at`. The text goes from `text` to `end`. */
void revchain_makopart_read(const char *text, const char *at, const char *end,
			    struct revchain_makopart *part);

#endif
