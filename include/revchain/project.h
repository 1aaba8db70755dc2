/*
 * Where an Alembic project keeps its migrations: read from alembic.ini or from [tool.alembic] in
 * pyproject.toml, without Alembic.
 *
 * Sources: "Tutorial: Editing the .ini File", "Using pyproject.toml for configuration" and "Working
 * with Branches" of Alembic's documentation; alembic/config.py and alembic/script/base.py; Python's
 * configparser; TOML 1.0.
 */
#ifndef REVCHAIN_PROJECT_H
#define REVCHAIN_PROJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/snapshot.h"

struct revchain_project {
	const char *config; /* path of the file that names script_location, from the repository's
			       root */
	const char *script_location;  /* path from the repository's root; links not resolved */
	const char *const *locations; /* the versions directories, likewise, each once, in the order
					 they are given */
	size_t count;		      /* of locations, at least 1 */
	bool recursive;		      /* recursive_version_locations */
	/* What Alembic makes new migrations by; each NULL where it is not set. */
	const char *file_template;
	const char *truncate_slug_length;
	const char *timezone;
	const char *output_encoding;
	const struct revchain_settings_source *source; /* for revchain_project_option */
};

/*
 * Find the project and read it, as the newest Alembic (1.16 and later) does: alembic.ini and
 * pyproject.toml of one directory together, where alembic.ini has the last word on each setting
 * that it has.
 *
 * `directory`: where the search starts, from the repository's root; it goes upwards to the root,
 * and the first directory with an alembic.ini that has the section, or a pyproject.toml with
 * [tool.alembic], decides. `config`: that file instead (from the repository's root), with the other
 * one beside it if it is there; NULL: search. `section`: the ini section; NULL: "alembic".
 * Everything in `project` lives in the arena.
 *
 * A location that is not absolute is taken from the directory of the configuration file. Alembic
 * takes the current directory, which normally is that one; where `config` is in another than
 * `directory`, and there is no such directory beside it, it is taken from `directory`.
 * `package:path` is looked for in prepend_sys_path, beside the configuration file, and in src/
 * beside it. Whether the directories are there is otherwise not looked at.
 *
 * REVCHAIN_USAGE with file and line: no such file or section, no script_location, a file that
 * Python's configparser or tomllib would refuse, one of more than 1 MiB, a value that cannot be
 * understood without running Python, more than 256 locations, a location outside of the repository.
 * Errors of revchain_snapshot_stat and revchain_snapshot_read besides.
 */
int revchain_project_read(struct revchain_snapshot *snapshot, const char *directory,
			  const char *config, const char *section, struct revchain_arena *arena,
			  struct revchain_project *project, struct revchain_error *error);

/* The main option of that name, as Config.get_main_option has it: from alembic.ini alone, in the
 * arena. NULL: it is not there. REVCHAIN_USAGE: it cannot be interpolated. */
int revchain_project_option(const struct revchain_project *project, const char *name,
			    struct revchain_arena *arena, const char **value,
			    struct revchain_error *error);

#endif
