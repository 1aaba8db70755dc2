/*
 * revision_chain.json: the parents of the dynamic migrations, for where there is no git.
 *
 * The format is alembic-git-revisions': a JSON object {revision: down_revision}, as Python's
 * json.dump(chain, file, indent=2, sort_keys=True) and a newline give it. The first migration of a
 * lane that has no static ones has null.
 */
#ifndef REVCHAIN_CHAINFILE_H
#define REVCHAIN_CHAINFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/arena.h"
#include "revchain/buffer.h"
#include "revchain/chain.h"
#include "revchain/error.h"

#define REVCHAIN_CHAINFILE_NAME "revision_chain.json"

/*
 * Add the text of the file for the dynamic migrations of those lanes for which `lanes` (one for
 * each lane of the set) is true. The chain must be complete. REVCHAIN_IO: memory ran out.
 */
int revchain_chainfile_text(const struct revchain_migrations *set,
			    const struct revchain_chain *chain, const bool *lanes,
			    struct revchain_buffer *text, struct revchain_error *error);

/* What a chain file says of one migration. */
struct revchain_chainfile_entry {
	const char *revision;
	const char *parent; /* NULL: none, the first of a lane */
};

/* A chain file that was read. Each revision is in it once, and no parents go round in a circle. */
struct revchain_chainfile {
	const char *path;				/* what it was called; borrowed */
	const struct revchain_chainfile_entry *entries; /* in the arena */
	size_t count;
};

/*
 * Read a chain file. REVCHAIN_IO, with the path: it cannot be read, has more than 16 MiB, or is not
 * what the format above is.
 */
int revchain_chainfile_read(const char *path, struct revchain_arena *arena,
			    struct revchain_chainfile *file, struct revchain_error *error);

/* Replace the file by this text, atomically: atomicfile.h says how. REVCHAIN_IO, with the path. */
int revchain_chainfile_write(const char *path, const char *text, size_t length,
			     struct revchain_error *error);

#endif
