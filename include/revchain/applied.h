/*
 * The revisions that a database has applied, as a list in a file. Understood are a JSON array of
 * strings, and lines, each of them one of
 *
 *     ID                                  one id a line
 *     ID (head)                           as `alembic current` prints it
 *     PARENT -> ID (head), the message    as `alembic history` prints it
 *     Rev: ID (head)                      as both print it with --verbose
 *
 * Of --verbose the other lines are left out, and so are empty ones and those that begin with `#`.
 *
 * Source: Script.cmd_format and log_entry in alembic/script/base.py.
 */
#ifndef REVCHAIN_APPLIED_H
#define REVCHAIN_APPLIED_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/arena.h"
#include "revchain/error.h"

struct revchain_applied {
	const char *name;	      /* what to call the list; borrowed */
	const char *const *revisions; /* in the arena; one may be there twice */
	size_t count;
	bool annotated; /* a line says "(head)" or the like, and none has an arrow: as `alembic
			   current` prints it */
};

/* Read a list; `path` "-": from standard input. REVCHAIN_IO, with the path and the line: it cannot
 * be read, is larger than 16 MiB, or is none of the above. */
int revchain_applied_read(const char *path, struct revchain_arena *arena,
			  struct revchain_applied *applied, struct revchain_error *error);

/* The same from text with a NUL behind its `length` bytes. */
int revchain_applied_parse(const char *text, size_t length, const char *name,
			   struct revchain_arena *arena, struct revchain_applied *applied,
			   struct revchain_error *error);

#endif
