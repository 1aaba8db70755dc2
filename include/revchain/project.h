/*
 * Where an Alembic project keeps its migrations: read from alembic.ini or from [tool.alembic] in pyproject.toml, without
 * Alembic.
 *
 * Sources: "Tutorial: Editing the .ini File", "Using pyproject.toml for configuration" and "Working with Branches" of
 * Alembic's documentation; alembic/config.py and alembic/script/base.py; Python's configparser; TOML 1.0.
 */
#ifndef REVCHAIN_PROJECT_H
#define REVCHAIN_PROJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/snapshot.h"

struct revchain_project {
	const char *config;	      /* path of the file that decided, from the repository's root */
	const char *script_location;  /* path from the repository's root; links not resolved */
	const char *const *locations; /* the versions directories, likewise, in the order they are given */
	size_t count;		      /* of locations, at least 1 */
	bool recursive;		      /* recursive_version_locations */
	const char *file_template;    /* as written; NULL: Alembic's default */
};

/*
 * Find the project and read it.
 *
 * `directory`: where the search starts, from the repository's root; it goes upwards to the root, and the first directory with an
 * alembic.ini that has the section, or a pyproject.toml with [tool.alembic], decides.
 * `config`: that file instead (from the repository's root); NULL: search.
 * `section`: the ini section; NULL: "alembic".
 * Everything in `project` lives in the arena.
 *
 * REVCHAIN_USAGE with file and line: no such file or section, no script_location, a value that cannot be understood without
 * running Python, a location outside of the repository. Errors of revchain_snapshot_read besides.
 */
int revchain_project_read(struct revchain_snapshot *snapshot, const char *directory, const char *config, const char *section,
			  struct revchain_arena *arena, struct revchain_project *project, struct revchain_error *error);

#endif
