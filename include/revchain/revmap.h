/*
 * The revision map: the graph of the migrations as Alembic has it in memory, with heads, branch
 * points, merge points and labels, and what `alembic heads` and `alembic history` make of it.
 *
 * Source: RevisionMap and Revision in alembic/script/revision.py, and Script in
 * alembic/script/base.py, of Alembic 1.20. The graph and the order are the same since 1.6; that
 * files are loaded in the order of their names, which decides among several heads, is new in 1.10.
 * Where Alembic's own answer hangs on the hash of a string, and so changes from run to run (it goes
 * through sets), ours is fixed: labels and children are sorted, dependencies come as the file has
 * them.
 */
#ifndef REVCHAIN_REVMAP_H
#define REVCHAIN_REVMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "revchain/buffer.h"
#include "revchain/error.h"
#include "revchain/migration.h"

/* What Alembic knows of one migration besides what its file declares. */
struct revchain_revision {
	const char *const *down_names; /* of its parents, as it declares them, or as computed */
	size_t down_count;
	struct revchain_links parents;	    /* each once */
	struct revchain_links dependencies; /* those that no ancestor depends on as well */
	struct revchain_links children; /* whose parent it is, sorted by revision id, each once */
	size_t followers;		/* those that depend on it counted in, each once */
	uint64_t *labels;		/* of its branch: a set of numbers, see the map */
};

struct revchain_revmap {
	const struct revchain_migrations *set; /* borrowed */
	struct revchain_revision *revisions;   /* one for each migration of the set */
	const size_t *loaded; /* the migrations in the order in which Alembic loads them */
	size_t *position;     /* of each in that order */
	const size_t *heads;  /* in that order */
	size_t head_count;
	const char *const *labels;  /* all of them, sorted, each once */
	const size_t *label_owners; /* the migration that declares each */
	size_t label_count;
};

/*
 * Make the map of a linked set without errors among its findings. `parents`: those of each
 * migration, the computed ones included; borrowed. Everything lives in the set's arena.
 *
 * REVCHAIN_MIGRATIONS with both places: what Alembic refuses, a label that is declared twice or is
 * a revision id, or dependencies that go round in a circle. REVCHAIN_IO: memory ran out.
 */
int revchain_revmap_build(const struct revchain_migrations *set,
			  const struct revchain_links *parents, struct revchain_revmap *map,
			  struct revchain_error *error);

bool revchain_revision_is_head(const struct revchain_revision *revision);
/* Neither parent nor dependency of another one. */
bool revchain_revision_is_real_head(const struct revchain_revision *revision);
bool revchain_revision_is_branch_point(const struct revchain_revision *revision);
bool revchain_revision_is_merge_point(const struct revchain_revision *revision);

/* Whether a label, by its number, is one of its branch. */
bool revchain_revision_has_label(const struct revchain_revmap *map, size_t migration, size_t label);

/*
 * The migrations that `alembic history -r START:END` prints, newest first: `order` has room for all
 * of them. `start` and `end` are what Alembic takes there but for `current`, which only a database
 * knows; NULL: all. REVCHAIN_USAGE where Alembic ends with an error. REVCHAIN_IO: memory ran out.
 */
int revchain_revmap_history(const struct revchain_revmap *map, const char *start, const char *end,
			    size_t *order, size_t *count, struct revchain_error *error);

/*
 * Add what Alembic prints of a migration: a line of `alembic heads` or of `alembic history`, or the
 * entry that --verbose makes of it, with `path` as its file. Control characters are escaped, but
 * for tabs and the ends of the docstring's lines.
 */
void revchain_revmap_head_line(const struct revchain_revmap *map, size_t migration,
			       struct revchain_buffer *text);
void revchain_revmap_history_line(const struct revchain_revmap *map, size_t migration,
				  struct revchain_buffer *text);
void revchain_revmap_entry(const struct revchain_revmap *map, size_t migration, const char *path,
			   struct revchain_buffer *text);

/*
 * The first line of a docstring, without the white space around it, in the arena; empty where there
 * is none. NULL: memory ran out.
 */
const char *revchain_revmap_title(const struct revchain_migration *migration,
				  struct revchain_arena *arena);

#endif
