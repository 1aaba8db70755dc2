/*
 * Whether the indexes of packs lead into their packs: libgit2 looks wherever an index says, and
 * crashes where that is behind the end.
 *
 * Source: gitformat-pack(5): pack-*.idx files, multi-pack-index files.
 */
#ifndef PACKINDEX_H
#define PACKINDEX_H

#include "revchain/error.h"

/* Look at all indexes in a directory of objects. REVCHAIN_HISTORY: one is damaged. What is no index
 * at all is left to libgit2 to refuse. */
int revchain_packindex_check(const char *objects, struct revchain_error *error);

#endif
