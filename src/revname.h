/*
 * What a name stands for that Alembic takes for a revision: get_revisions, _revision_for_ident and
 * _walk of alembic/script/revision.py. All of them return a status, with the error in the range.
 */
#ifndef REVNAME_H
#define REVNAME_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/revmap.h"

/* What stands for no migration. */
#define REVCHAIN_NOTHING ((size_t)-1) /* before the first one, or beyond the end of a walk */
#define REVCHAIN_BASE ((size_t)-2)    /* what a walk down ends at */

/* Migrations, in the arena of the range. */
struct revchain_named {
	size_t *items;
	size_t count;
};

/* A range that is being read. */
struct revchain_naming {
	const struct revchain_revmap *map;
	struct revchain_arena *arena;
	const char *start, *end; /* as they were given */
	struct revchain_error *error;
};

/* REVCHAIN_USAGE: the range has not the one end behind the other; or for another reason. */
int revchain_name_fail_range(struct revchain_naming *range);
int revchain_name_fail_steps(struct revchain_naming *range, const char *why);

/* An empty list with room for so many. */
int revchain_name_list(struct revchain_naming *range, size_t room, struct revchain_named *list);

/* Split `branch@name`; `*label` NULL: there is no @. */
int revchain_name_split(struct revchain_naming *range, const char *text, const char **label,
			const char **name);

/* A number of steps, with its sign. */
int revchain_name_steps(struct revchain_naming *range, const char *text, long *steps);

/* A revision id, a label, or the beginning of one, which must be of a branch (REVCHAIN_NOTHING: of
 * any). */
int revchain_name_find(struct revchain_naming *range, const char *name, size_t branch,
		       size_t *migration);

/* What a name stands for: also head, heads, base, branch@name and a number of steps below the
 * heads. */
int revchain_name_all(struct revchain_naming *range, const char *text, struct revchain_named *list);

/* The same where one migration is wanted; REVCHAIN_NOTHING stands for the base. */
int revchain_name_one(struct revchain_naming *range, const char *text, size_t *migration);

/* Take out of a list what shares no lineage with a branch. */
int revchain_name_filter(struct revchain_naming *range, size_t branch, struct revchain_named *list);

/* Go so many steps up (down, if negative). `overwalk`: stay at the end, which else is
 * REVCHAIN_NOTHING. */
int revchain_name_walk(struct revchain_naming *range, size_t *at, long steps, size_t branch,
		       bool overwalk);

#endif
