/*
 * Whether the indexes of packs lead into their packs: libgit2 looks wherever an index says, and
 * crashes where that is behind the end, of the pack or of the index itself.
 *
 * Source: gitformat-pack(5): pack-*.idx files, multi-pack-index files.
 */
#ifndef PACKINDEX_H
#define PACKINDEX_H

#include <stddef.h>

#include "revchain/error.h"

/* Look at all indexes in a directory of objects. REVCHAIN_HISTORY: one is damaged. What is no index
 * at all is left to libgit2 to refuse. */
int revchain_packindex_check(const char *objects, struct revchain_error *error);

/* The same for one: `size` bytes, the content of the file `name` in a directory of packs. */
int revchain_packindex_check_file(const char *directory, const char *name,
				  const unsigned char *data, size_t size,
				  struct revchain_error *error);

#endif
