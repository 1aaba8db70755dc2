/*
 * A directory as a setting of Alembic names it, turned into a path from the repository's root.
 * Texts alone: nothing is looked up, symbolic links are not followed, and `..` takes the component
 * before it away.
 */
#ifndef REVCHAIN_LOCATION_H
#define REVCHAIN_LOCATION_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/arena.h"
#include "revchain/error.h"

/* What a location is relative to. Paths from the repository's root, but for the last. */
struct revchain_location_base {
	const char *directory; /* where a relative one starts */
	const char *here;      /* what REVCHAIN_HERE stands for */
	const char *workdir; /* the absolute path of the root, to recognise absolute ones; NULL: not
				known */
};

/*
 * The path of a location. `*path` is NULL where it leads out of the repository, or where nobody can
 * know whether it does: then the error is filled in, and REVCHAIN_USAGE returned. The caller adds
 * the file and line.
 */
int revchain_location_path(const char *text, const struct revchain_location_base *base,
			   struct revchain_arena *arena, const char **path,
			   struct revchain_error *error);

/* Whether it has the form `package:path`, which Alembic resolves by importing the package. */
bool revchain_location_is_package(const char *text);

/* The parts of `package.name:path`: "package", "package/name" and "package/name/path"; NULL where
 * it is no such thing. */
struct revchain_location_package {
	const char *top, *directory, *path;
};

/* REVCHAIN_IO when memory ran out, and nothing else fails. */
int revchain_location_package(const char *text, struct revchain_arena *arena,
			      struct revchain_location_package *package,
			      struct revchain_error *error);

/* The text as it is fit for a message: REVCHAIN_HERE as %(here)s. NULL when memory ran out. */
const char *revchain_location_show(const char *text, struct revchain_arena *arena);

#endif
