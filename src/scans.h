/* What the files of a lane declare: each is read and scanned, once for each content. */
#ifndef SCANS_H
#define SCANS_H

#include "revchain/migration.h"

/*
 * Read and scan the files of `count` migrations, whose path and blob are set: fills in `scan`, in
 * the arena. Files of a work tree are read side by side. REVCHAIN_IO, REVCHAIN_HISTORY,
 * REVCHAIN_MIGRATIONS: one cannot be read, of several the first.
 */
int revchain_scans_read(struct revchain_snapshot *snapshot, struct revchain_migration *migrations,
			size_t count, struct revchain_arena *arena, struct revchain_error *error);

#endif
