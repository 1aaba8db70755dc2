/* The tokens of an expression in a template. */
#ifndef MAKOTOKEN_H
#define MAKOTOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/arena.h"

#define REVCHAIN_MAKO_TOKENS 512 /* no expression has more */

enum revchain_makotoken_kind {
	REVCHAIN_MAKOTOKEN_NAME, /* also a keyword */
	REVCHAIN_MAKOTOKEN_NUMBER,
	REVCHAIN_MAKOTOKEN_STRING,
	REVCHAIN_MAKOTOKEN_OPERATOR,
};

struct revchain_makotoken {
	enum revchain_makotoken_kind kind;
	const char *start;
	size_t length;
};

struct revchain_makotokens {
	struct revchain_makotoken items[REVCHAIN_MAKO_TOKENS];
	size_t count;
};

/* Read them. False: too many, a string that does not end, brackets that do not match. */
bool revchain_makotokens_read(const char *text, size_t length, struct revchain_makotokens *tokens);

/* Whether the token is this name or operator. */
bool revchain_makotoken_is(const struct revchain_makotoken *token, const char *text);

/*
 * The length of the string literal without a prefix that starts at `text`, quotes included; 0: it
 * does not end.
 */
size_t revchain_makotoken_string_length(const char *text, size_t length);

/* The value of a STRING token, in the arena; NULL: it has a prefix or an escape sequence that is
 * not understood, or memory ran out. */
const char *revchain_makotoken_string(const struct revchain_makotoken *token,
				      struct revchain_arena *arena);

#endif
