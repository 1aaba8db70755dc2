/*
 * The pieces of TOML that hold no others: white space, comments, strings, numbers, booleans and
 * dates. Only toml.c uses it.
 */
#ifndef REVCHAIN_TOMLSCALAR_H
#define REVCHAIN_TOMLSCALAR_H

#include <stdbool.h>
#include <stddef.h>

#include "toml.h"

struct revchain_toml_scanner {
	const char *at, *end;
	const char *counted; /* up to here the lines have been counted */
	int line;	     /* of `counted` */
	const char *path;
	struct revchain_arena *arena;
	char *scratch; /* as large as the text: room for a string being read */
	struct revchain_error *error;
};

/* The line of `at`. The places that it is asked for must not go backwards. */
int revchain_toml_line(struct revchain_toml_scanner *scanner);

/* REVCHAIN_USAGE at the current line. */
__attribute__((format(printf, 2, 3))) int revchain_toml_fail(struct revchain_toml_scanner *scanner,
							     const char *format, ...);

/* The byte at `at`, -1 at the end. */
int revchain_toml_peek(const struct revchain_toml_scanner *scanner);

/* Whether the text goes on with `word`. */
bool revchain_toml_starts(const struct revchain_toml_scanner *scanner, const char *word);

/* The bytes of the end of a line at `at`: 0, 1 or 2. */
size_t revchain_toml_newline(const struct revchain_toml_scanner *scanner);

/* Skip spaces and tabs. */
void revchain_toml_skip_space(struct revchain_toml_scanner *scanner);

/* Skip the rest of the line if `at` is at a comment. */
int revchain_toml_skip_comment(struct revchain_toml_scanner *scanner);

/* Read a string, at its quote; three quotes count as such only with `multiline`. */
int revchain_toml_string(struct revchain_toml_scanner *scanner, bool multiline,
			 struct revchain_toml_text *text);

/* Read a boolean, number, date or time. */
int revchain_toml_scalar(struct revchain_toml_scanner *scanner, struct revchain_toml_value *value);

#endif
