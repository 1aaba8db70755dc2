/*
 * The name of a new migration's file, from the project's file_template.
 *
 * Source: ScriptDirectory._rev_path in alembic/script/base.py; "printf-style String Formatting" of
 * the Python Library Reference.
 */
#ifndef REVCHAIN_FILETEMPLATE_H
#define REVCHAIN_FILETEMPLATE_H

#include <stdint.h>
#include <time.h>

#include "revchain/arena.h"
#include "revchain/error.h"

#define REVCHAIN_FILETEMPLATE_DEFAULT "%(rev)s_%(slug)s"
#define REVCHAIN_FILETEMPLATE_SLUG                                                                 \
	40 /* characters of the slug, unless a project says otherwise                              \
	    */

struct revchain_filetemplate_values {
	const char *revision, *message;
	long slug_length;  /* the most characters of the slug */
	struct tm created; /* in the project's time zone */
	int64_t epoch;	   /* the same moment, seconds since 1970 */
};

/*
 * The name, with .py behind it, in the arena; it may have slashes. Letters beyond ASCII are told
 * apart and made small as the C library does it. REVCHAIN_USAGE: the template asks for what Alembic
 * does not give, or in a form that is not understood, or leads out of the directory.
 */
int revchain_filetemplate_name(const char *file_template,
			       const struct revchain_filetemplate_values *values,
			       struct revchain_arena *arena, const char **name,
			       struct revchain_error *error);

#endif
