/*
 * An ini file, as Python's configparser.ConfigParser reads it (strict, BasicInterpolation, UTF-8):
 * what it refuses is refused here, with the line.
 *
 * Source: configparser.py of CPython 3.11. Where this differs: only ASCII letters of an option's
 * name are folded to lower case; a NUL byte is refused; what %(name)s puts together is bounded.
 */
#ifndef REVCHAIN_INI_H
#define REVCHAIN_INI_H

#include <stddef.h>

#include "names.h"
#include "revchain/arena.h"
#include "revchain/error.h"

/*
 * The bounds of interpolation: configparser's own depth; for one value, how many references; the
 * bytes of a reference's name; the bytes of a value.
 */
#define REVCHAIN_INI_DEPTH 10
#define REVCHAIN_INI_REFERENCES 10000
#define REVCHAIN_INI_NAME_MAX 1024
#define REVCHAIN_INI_VALUE_MAX ((size_t)64 * 1024)

struct revchain_ini_option {
	const char *name;  /* in lower case */
	const char *value; /* before interpolation */
	int line;	   /* 0 for `here` that no line sets */
	struct revchain_ini_option *next;
};

struct revchain_ini_section {
	const char *name;
	int line;
	struct revchain_names names;
	struct revchain_ini_option *first, *last; /* in the order of the file */
	struct revchain_ini_section *next;
};

struct revchain_ini {
	struct revchain_arena *arena;
	const char *path;
	struct revchain_names names;
	struct revchain_ini_section *first, *last; /* in the order of the file, without [DEFAULT] */
	struct revchain_ini_section defaults;	   /* [DEFAULT] */
};

/*
 * Read `length` bytes of text, which need not end in a NUL. `here` is the value of %(here)s where
 * the file sets none. `path` is for messages; it and `here` must live as long as the arena.
 */
int revchain_ini_parse(const char *text, size_t length, const char *path, const char *here,
		       struct revchain_arena *arena, struct revchain_ini *ini,
		       struct revchain_error *error);

/* The section of that name, NULL where there is none; [DEFAULT] is none. */
const struct revchain_ini_section *revchain_ini_section(const struct revchain_ini *ini,
							const char *name);

/*
 * The value of an option after interpolation, from the section or else from [DEFAULT]; NULL where
 * neither has it. `line` (may be NULL) is where it is set. REVCHAIN_USAGE: a reference that leads
 * nowhere, or is no reference, or too deep.
 */
int revchain_ini_get(const struct revchain_ini *ini, const struct revchain_ini_section *section,
		     const char *name, const char **value, int *line, struct revchain_error *error);

#endif
