/* Who is reached from whom in a revision map, and Alembic's topological order. */
#ifndef REVSORT_H
#define REVSORT_H

#include "revchain/revmap.h"

enum revchain_way {
	REVCHAIN_WAY_PARENTS,  /* _versioned_down_revisions */
	REVCHAIN_WAY_ANCESTRY, /* _normalized_down_revisions: dependencies, too */
	REVCHAIN_WAY_CHILDREN, /* nextrev */
};

/* Sets of migrations are bit sets, of so many words. */
size_t revchain_revmap_words(const struct revchain_revmap *map);
/* An empty one in the set's arena; NULL: memory ran out. */
uint64_t *revchain_revmap_none(const struct revchain_revmap *map);

/* Add a migration, and all that it leads to, to a set; what is in it already is not entered. False:
 * memory ran out. */
bool revchain_revmap_reach(const struct revchain_revmap *map, enum revchain_way way,
			   size_t migration, uint64_t *reached);

/*
 * The migrations of a set, newest first, as _topological_sort in alembic/script/revision.py has
 * them: `heads` are where it starts. REVCHAIN_IO: memory ran out.
 */
int revchain_revmap_sort(const struct revchain_revmap *map, const uint64_t *members,
			 const size_t *heads, size_t head_count, size_t *order, size_t *count,
			 struct revchain_error *error);

#endif
