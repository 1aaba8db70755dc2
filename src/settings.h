/*
 * What the settings of an Alembic project say, from texts alone; nothing is looked up. As the
 * newest Alembic (1.16 and later) reads them: alembic.ini wins key by key, pyproject.toml fills in.
 *
 * Source: alembic/config.py and ScriptDirectory.from_config in alembic/script/base.py.
 */
#ifndef REVCHAIN_SETTINGS_H
#define REVCHAIN_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "ini.h"
#include "revchain/arena.h"
#include "revchain/error.h"
#include "toml.h"

/*
 * Stands for %(here)s in values, as only their user knows what it is: a byte that UTF-8 has no use
 * for. The `here` of revchain_ini_parse.
 */
#define REVCHAIN_HERE "\xff"

/* The most directories that one setting may list. */
#define REVCHAIN_SETTINGS_MAX 256

/* Where settings come from. */
struct revchain_settings_source {
	const struct revchain_ini *ini;		    /* NULL: no such file */
	const struct revchain_ini_section *section; /* of it; NULL: it has none of that name */
	const char *toml_path;			    /* pyproject.toml; NULL: no such file */
	const struct revchain_toml_table *toml;	    /* [tool.alembic] of it; NULL: none */
};

struct revchain_setting {
	const char *const *values; /* may hold REVCHAIN_HERE */
	size_t count;		   /* 0: not set */
	const char *path;	   /* of the file that sets it */
	int line;
};

struct revchain_settings {
	struct revchain_setting script_location; /* at most one value */
	struct revchain_setting
		version_locations; /* empty ones, which a trailing comma makes, are left out */
	struct revchain_setting prepend_sys_path; /* likewise */
	struct revchain_setting file_template;	  /* at most one value, as those that follow */
	struct revchain_setting truncate_slug_length, timezone, output_encoding;
	bool recursive; /* recursive_version_locations */
};

/* [tool.alembic], NULL where there is none. REVCHAIN_USAGE: it is no table. */
int revchain_settings_table(const struct revchain_toml_table *root, const char *path,
			    const struct revchain_toml_table **table, struct revchain_error *error);

/* Read them. Everything lives in the arena. REVCHAIN_USAGE with file and line: a value that Alembic
 * would not take. */
int revchain_settings_read(const struct revchain_settings_source *source,
			   struct revchain_arena *arena, struct revchain_settings *settings,
			   struct revchain_error *error);

/* The main option of that name (Config.get_main_option): from the ini file alone, in the arena;
 * NULL where it is not there. May hold REVCHAIN_HERE. REVCHAIN_USAGE: it cannot be interpolated. */
int revchain_settings_main_option(const struct revchain_settings_source *source, const char *name,
				  const char **value, struct revchain_error *error);

#endif
