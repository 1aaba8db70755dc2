/*
 * script.py.mako: the template from which Alembic makes a new migration, rendered without Python,
 * for a merge migration.
 *
 * What is understood is what the templates of Alembic and most projects use: text, `${…}` with the
 * filters comma, n, str and trim, `% if`, `% for`, comments, `<% %>` with assignments, `<%! %>`
 * with imports; and in expressions strings, names, calls and operators that need nothing but the
 * values below. Anything else is an error that says where, never a guess. What Python would not
 * evaluate (the other side of `a if b else c`) need not be understood.
 *
 * Sources: "Syntax" and "Filtering and Buffering" of Mako's documentation, mako/lexer.py;
 * ScriptDirectory.generate_revision in alembic/script/base.py for the values.
 */
#ifndef REVCHAIN_MAKO_H
#define REVCHAIN_MAKO_H

#include <stddef.h>
#include <time.h>

#include "revchain/arena.h"
#include "revchain/buffer.h"
#include "revchain/error.h"

/* The most that a template may make, in bytes, and the most work that it may be: bytes that are
 * read and values that are made, whether they are written or not. */
#define REVCHAIN_MAKO_MAX ((size_t)1024 * 1024)
#define REVCHAIN_MAKO_WORK (4 * REVCHAIN_MAKO_MAX)

/* What a template is given. */
struct revchain_mako_values {
	const char *message;
	const char *revision;	    /* up_revision */
	const char *const *parents; /* down_revision: one is a string, several are a tuple */
	size_t parent_count;	    /* 0: None */
	struct tm created;	    /* create_date: its fields … */
	const char *created_text;   /* … and what Python's str makes of it */
	/* config.get_main_option: the value of an option, in `arena`, NULL where there is none.
	 * Returns a status. */
	int (*option)(void *data, const char *name, struct revchain_arena *arena,
		      const char **value, struct revchain_error *error);
	void *option_data;
};

/*
 * Render a template of `length` bytes; `path` is for messages. REVCHAIN_USAGE with file and line:
 * it uses something that is not understood, or is none. REVCHAIN_IO: memory ran out; errors of
 * `option` besides.
 */
int revchain_mako_render(const char *text, size_t length, const char *path,
			 const struct revchain_mako_values *values, struct revchain_arena *arena,
			 struct revchain_buffer *output, struct revchain_error *error);

#endif
