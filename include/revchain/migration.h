/*
 * The migrations of a project: every file that Alembic would load from its lanes, and what each
 * declares.
 *
 * Source: alembic/script/base.py (which files are loaded), alembic/script/revision.py (which
 * revision ids are allowed).
 */
#ifndef REVCHAIN_MIGRATION_H
#define REVCHAIN_MIGRATION_H

#include <stdbool.h>
#include <stddef.h>

#include <git2/oid.h>

#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/pyscan.h"
#include "revchain/snapshot.h"

enum revchain_kind {
	REVCHAIN_STATIC,  /* its parents are literals */
	REVCHAIN_DYNAMIC, /* its parent is get_down_revision(…) */
	REVCHAIN_HYBRID,  /* static, and a dynamic one is among its ancestors */
};

/* Other migrations, as indices into the set. */
struct revchain_links {
	const size_t *to;
	size_t count;
};

struct revchain_migration {
	const char *path;     /* from the repository's root */
	size_t lane;	      /* index of its lane */
	git_oid blob;	      /* of a commit's regular file; else zero */
	const char *revision; /* NULL: none that can be read */
	struct revchain_pyscan scan;

	/* filled in by graph.h */
	enum revchain_kind kind;
	struct revchain_links parents; /* by literal; none for a dynamic one */
	struct revchain_links dependencies;
};

/* One versions directory. */
struct revchain_lane {
	const char *directory; /* from the repository's root, symbolic links resolved */
};

struct revchain_migrations {
	struct revchain_arena *arena; /* owns everything below */
	const struct revchain_lane *lanes;
	size_t lane_count;
	bool recursive;			  /* directories below a lane belong to it */
	struct revchain_migration *items; /* sorted by lane, then path */
	size_t count;
	struct revchain_map *by_revision; /* the first migration of each revision id */
};

/* The names that the findings of this module have. */
#define REVCHAIN_FINDING_UNREADABLE "unreadable"
#define REVCHAIN_FINDING_UNREADABLE_LABELS "unreadable-labels"
#define REVCHAIN_FINDING_NO_REVISION "no-revision"
#define REVCHAIN_FINDING_NO_DOWN_REVISION "no-down-revision"
#define REVCHAIN_FINDING_BAD_REVISION "bad-revision"
#define REVCHAIN_FINDING_DUPLICATE "duplicate-revision"
#define REVCHAIN_FINDING_WRONG_ARGUMENT "wrong-argument"

/* Whether Alembic loads the file at a path as a migration: by its name, and not from a
 * `__pycache__`. */
bool revchain_is_migration_path(const char *path);

/*
 * Read the migrations of the lanes from a snapshot. What is wrong with single files (they declare
 * nothing, or what cannot be read statically, or the id of another one) becomes findings; such a
 * file stays in the set. The lanes are borrowed. REVCHAIN_IO, REVCHAIN_HISTORY: a file cannot be
 * read.
 */
int revchain_migrations_load(struct revchain_migrations *set, struct revchain_snapshot *snapshot,
			     const struct revchain_lane *lanes, size_t lane_count, bool recursive,
			     struct revchain_arena *arena, struct revchain_findings *findings,
			     struct revchain_error *error);

/* How many revisions or labels a value names: 0 for None, for what cannot be read and for a call.
 */
size_t revchain_value_names(const struct revchain_value *value);

/* How many parents a migration names as literals. As a down_revision, and only there, Alembic takes
 * an empty string for None. */
size_t revchain_migration_names_parents(const struct revchain_migration *migration);

/*
 * What was read of files that are the same in many commits, so that each is read once: for the
 * `scans` of a snapshot. In the arena, which is that of all the sets. NULL: memory ran out.
 */
struct revchain_scans *revchain_scans_new(struct revchain_arena *arena);

/* A migration of another set, and the lane that it is to be in. */
struct revchain_picked {
	const struct revchain_migration *migration;
	size_t lane;
};

/*
 * Fill a set, whose arena and lanes are set, with migrations of other sets, which are sorted here:
 * each is copied, and judged as if it were read from its lane. They are not linked. REVCHAIN_IO:
 * memory ran out.
 */
int revchain_migrations_collect(struct revchain_migrations *set, struct revchain_picked *picked,
				size_t count, struct revchain_findings *findings,
				struct revchain_error *error);

/* Whether one of them leaves its parent to git. */
bool revchain_migrations_have_dynamic(const struct revchain_migrations *set);

/* The literal parents of each migration of a linked set, in its arena. NULL, with the error: memory
 * ran out. */
struct revchain_links *revchain_migrations_parents(const struct revchain_migrations *set,
						   struct revchain_error *error);

/* Whether two migrations declare the same: revision, parents, dependencies and labels. */
bool revchain_migration_same(const struct revchain_migration *a,
			     const struct revchain_migration *b);

/* The first migration with this revision id. False: there is none. */
bool revchain_migrations_find(const struct revchain_migrations *set, const char *revision,
			      size_t *index);

#endif
