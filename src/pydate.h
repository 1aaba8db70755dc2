/*
 * The `Create Date:` line that Alembic writes into a migration's docstring.
 *
 * Sources: script.py.mako of Alembic's templates; datetime.fromisoformat() of Python's
 * documentation.
 */
#ifndef PYDATE_H
#define PYDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Read a date: YYYY-MM-DD, or YYYY-MM-DD and (behind a space or a T) HH:MM[:SS[.f]] with one to
 * nine digits of a second, and a zone Z, UTC or ±HH[:MM[:SS]], which a space may precede. Without a
 * zone it is UTC. Surrounding white space is skipped.
 *
 * Returns whether it is a date that exists; `*microseconds` counts from 1970-01-01 00:00 UTC, what
 * is finer is cut off.
 */
bool revchain_pydate_parse(const char *text, size_t length, int64_t *microseconds);

/* The date on the first line of the docstring that starts, behind white space, with "Create Date:";
 * false: none, or no date. */
bool revchain_pydate_find(const char *docstring, size_t length, int64_t *microseconds);

#endif
