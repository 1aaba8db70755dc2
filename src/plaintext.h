/*
 * What every configuration file must be before it is read: UTF-8 as Python decodes it, not too
 * large, no byte-order mark (which both configparser and tomllib refuse). And what Python's
 * str.strip() does.
 */
#ifndef REVCHAIN_PLAINTEXT_H
#define REVCHAIN_PLAINTEXT_H

#include <stddef.h>

#include "revchain/error.h"

/* The largest configuration file, in bytes. Real ones have a few thousand. */
#define REVCHAIN_CONFIG_MAX ((size_t)1024 * 1024)

/* Check it. REVCHAIN_USAGE, with `path` and the line, for what it is not; a NUL byte counts as
 * such. */
int revchain_plaintext_check(const char *text, size_t length, const char *path,
			     struct revchain_error *error);

/* A piece of a text. */
struct revchain_slice {
	const char *bytes;
	size_t length;
};

/* Take white space, as str.isspace() has it, off the end of valid UTF-8. */
struct revchain_slice revchain_strip_end(struct revchain_slice text);

/* Take it off both ends; `indent` (may be NULL): how many characters at the start. */
struct revchain_slice revchain_strip(struct revchain_slice text, size_t *indent);

#endif
