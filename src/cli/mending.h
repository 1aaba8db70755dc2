/* What merge, repoint and adopt share: files of the work tree that are changed, or shown changed.
 */
#ifndef MENDING_H
#define MENDING_H

#include "workspace.h"

/* Refuse --rev, which names no files that could be changed. Returns an exit status. */
int mending_require_files(const struct workspace *workspace);

/*
 * The commit that stands for what databases may have: `given`, or where that is NULL the first that
 * is there of origin/HEAD, origin/main, origin/master, main and master. NULL: none is, and a
 * message has said so, which names `option`.
 */
const char *mending_reference(const struct workspace *workspace, const char *given,
			      const char *option);

/*
 * The migration of that id, or of which that is an unambiguous start, as Alembic has it. False:
 * there is none, and a message has said so.
 */
bool mending_find(const struct workspace *workspace, const char *revision, size_t *index);

/* Read a file that is to be changed; links are followed, and `scan` (may be NULL) is what it
 * declares. */
int mending_read(struct workspace *workspace, const char *path, const struct revchain_pyscan *scan,
		 struct revchain_mend *mend, struct revchain_error *error);

/*
 * Write the changed files, one after the other, or with --dry-run print the diffs of all. Where one
 * cannot be written those before it get their old text back. Returns an exit status; what stops it
 * is printed.
 */
int mending_carry_out(struct workspace *workspace, const struct revchain_mend *mends, size_t count);

/* Say what was done, and behind it the command that shows that it is right; nothing with --quiet or
 * --dry-run. */
__attribute__((format(printf, 3, 4))) void
mending_say(const struct workspace *workspace, const char *command, const char *format, ...);

#endif
