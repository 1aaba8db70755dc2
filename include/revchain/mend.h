/*
 * Small changes to migrations and templates, from one text to another. What does not have to change
 * stays as it is, byte for byte: encoding, line ends, quotes, brackets, comments.
 *
 * Each result has been scanned again: it declares what it should, and all else that the old text
 * declared.
 */
#ifndef REVCHAIN_MEND_H
#define REVCHAIN_MEND_H

#include <stddef.h>

#include "revchain/arena.h"
#include "revchain/buffer.h"
#include "revchain/error.h"
#include "revchain/pyscan.h"

/* A text that is to become another one. */
struct revchain_mend {
	const char *path; /* for messages */
	const char *text;
	size_t length;
	const struct revchain_pyscan *scan; /* of the text; of a template NULL */
	const char *mended;		    /* filled in; in the arena */
	size_t mended_length;
};

/*
 * Give a static migration other parents. Where as many stay in their places as can, only the
 * literals of the others change; otherwise what is assigned to down_revision becomes one line.
 * REVCHAIN_MIGRATIONS: it is not static, or down_revision is not written by itself, or the encoding
 * cannot have the new literals.
 */
int revchain_mend_parents(struct revchain_mend *mend, const char *const *parents, size_t count,
			  struct revchain_arena *arena, struct revchain_error *error);

/*
 * Let a static migration leave its parent to git: `get_down_revision(revision)`, and a line with
 * the import where there is none. Errors as above.
 */
int revchain_mend_dynamic(struct revchain_mend *mend, struct revchain_arena *arena,
			  struct revchain_error *error);

/*
 * The same for script.py.mako; merge migrations that are made from it stay static. One that has it
 * already stays as it is. REVCHAIN_MIGRATIONS: there is no line that assigns
 * `${repr(down_revision)}`.
 */
int revchain_mend_template(struct revchain_mend *mend, struct revchain_arena *arena,
			   struct revchain_error *error);

/*
 * Add the change as `git diff` would print it, and as git apply takes it. `path` from the
 * repository's root; with `text` NULL the file is new.
 */
int revchain_mend_diff(const struct revchain_mend *mend, struct revchain_buffer *diff,
		       struct revchain_error *error);

#endif
