/*
 * TOML 1.0, as Python's tomllib reads it: the whole file, with every rule about what may be
 * declared twice, as a file that pip would refuse must not be half understood here. Numbers and
 * dates are checked for their form, and kept as text.
 *
 * Source: https://toml.io/en/v1.0.0, tomllib of CPython 3.11. Where this differs: nesting is
 * bounded.
 */
#ifndef REVCHAIN_TOML_H
#define REVCHAIN_TOML_H

#include <stdbool.h>
#include <stddef.h>

#include "names.h"
#include "revchain/arena.h"
#include "revchain/error.h"

/* How deep arrays and inline tables may nest, and how many parts a dotted key may have. */
#define REVCHAIN_TOML_DEPTH 100

enum revchain_toml_kind {
	REVCHAIN_TOML_TABLE,
	REVCHAIN_TOML_ARRAY,
	REVCHAIN_TOML_STRING,
	REVCHAIN_TOML_BOOLEAN,
	REVCHAIN_TOML_INTEGER,
	REVCHAIN_TOML_FLOAT,
	REVCHAIN_TOML_DATETIME, /* with a date and a time */
	REVCHAIN_TOML_DATE,
	REVCHAIN_TOML_TIME,
};

/* UTF-8 with a NUL behind it; it may hold more of them ("\u0000"). */
struct revchain_toml_text {
	const char *bytes;
	size_t length;
};

struct revchain_toml_value {
	enum revchain_toml_kind kind;
	int line; /* where it starts */
	union {
		bool boolean;
		struct revchain_toml_text
			text; /* of a STRING; of numbers and dates as they are written */
		struct revchain_toml_table *table;
		struct {
			struct revchain_toml_value *items;
			size_t count, capacity;
		}; /* of an ARRAY */
	};
};

struct revchain_toml_entry {
	struct revchain_toml_text key;
	struct revchain_toml_value value;
	struct revchain_toml_entry *next;

	/* what the rules of declaring twice need */
	bool declared; /* no [header] or dotted key may name it once more */
	bool frozen;   /* written in one piece: nothing may be added to it or below it */
	bool pending;  /* will be declared when the current [section] ends */
	struct revchain_toml_entry *next_pending; /* of those */
};

struct revchain_toml_table {
	struct revchain_names names;
	struct revchain_toml_entry *first, *last; /* in the order of the file */
};

/*
 * Read `length` bytes of text, which need not end in a NUL. `path` is for messages. What is
 * returned lives in the arena and does not point into the text. REVCHAIN_USAGE with the line: not
 * TOML.
 */
int revchain_toml_parse(const char *text, size_t length, const char *path,
			struct revchain_arena *arena, struct revchain_toml_table **root,
			struct revchain_error *error);

/* The value of a key, NULL where the table has none. */
const struct revchain_toml_value *revchain_toml_get(const struct revchain_toml_table *table,
						    const char *key);

/* "a table", "an array", "a string" …, for messages. */
const char *revchain_toml_kind_name(enum revchain_toml_kind kind);

#endif
