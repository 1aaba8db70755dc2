/* An earlier chain as a graph of revision ids, as far as it is known. */
#ifndef EARLIER_H
#define EARLIER_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/arena.h"
#include "revchain/chainfile.h"
#include "revchain/error.h"
#include "revchain/migration.h"
#include "revchain/state.h"

struct revchain_earlier {
	const char *name;		/* what it is called: a commit's name, or a file's */
	const char *before;		/* "at " for a commit, "in " for a file */
	const char **revisions;		/* of each node; NULL: none can be read */
	struct revchain_links *parents; /* of each node: indices of nodes */
	bool *open;			/* of each node: whether its parents are not known */
	bool *judged; /* of each node: whether it is certain that the earlier chain had it */
	size_t count;
	const struct revchain_map *by_revision; /* the first node of each id */
};

/* The chain of a commit. Without copying more than it must. */
int revchain_earlier_of_state(const struct revchain_state *state, struct revchain_earlier *earlier,
			      struct revchain_error *error);

/*
 * That of a chain file. `set` has what the file does not: the literal parents of migrations that
 * are not dynamic, which are taken to have been what they are today.
 */
int revchain_earlier_of_file(const struct revchain_chainfile *file,
			     const struct revchain_migrations *set,
			     struct revchain_earlier *earlier, struct revchain_error *error);

/* The node of a revision id. False: there is none. */
bool revchain_earlier_find(const struct revchain_earlier *earlier, const char *revision,
			   size_t *node);

#endif
