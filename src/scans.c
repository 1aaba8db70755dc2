#include "scans.h"

#include <string.h>

#include "names.h"
#include "workers.h"

/* The scans of blobs, by their ids. */
struct revchain_scans {
	struct revchain_arena *arena;
	struct revchain_names by_blob;
};

struct known_scan {
	git_oid blob;
	struct revchain_pyscan scan;
};

/* Who reads a part of the files. */
struct reader {
	struct revchain_arena *arena; /* what it read */
	struct revchain_arena *scratch;
	size_t failed;		     /* the first of its files that cannot be read */
	struct revchain_error error; /* why */
};

struct reading {
	struct revchain_snapshot *snapshot;
	struct revchain_migration *migrations;
	struct reader readers[REVCHAIN_WORKERS_MOST];
};

struct revchain_scans *revchain_scans_new(struct revchain_arena *arena)
{
	struct revchain_scans *scans = revchain_arena_alloc(arena, sizeof(*scans));

	if (scans)
		scans->arena = arena;
	return scans;
}

static int scan_file(struct revchain_snapshot *snapshot, struct revchain_migration *migration,
		     struct revchain_arena *arena, struct revchain_arena *scratch,
		     struct revchain_error *error)
{
	const struct revchain_listed file = {.path = migration->path, .blob = migration->blob};
	const char *text;
	size_t length;
	int status;

	status = revchain_snapshot_read_listed(snapshot, &file, scratch, &text, &length, error);
	if (!status)
		status =
			revchain_pyscan_with(scratch, text, length, arena, &migration->scan, error);
	revchain_arena_clear(scratch);
	return status;
}

/* Scan a file of a commit, or find what was read of the same content before. */
static int scan_blob(struct revchain_snapshot *snapshot, struct revchain_migration *migration,
		     struct revchain_arena *arena, struct revchain_arena *scratch,
		     struct revchain_error *error)
{
	struct revchain_scans *scans = git_oid_is_zero(&migration->blob) ? NULL : snapshot->scans;
	const char *key = (const char *)migration->blob.id;
	struct known_scan *known =
		scans ? revchain_names_find(&scans->by_blob, key, REVCHAIN_OID_RAW) : NULL;
	int status;

	if (known) {
		migration->scan = known->scan;
		return REVCHAIN_OK;
	}
	status = scan_file(snapshot, migration, arena, scratch, error);
	if (status || !scans)
		return status;
	known = revchain_arena_alloc(arena, sizeof(*known));
	if (!known)
		return revchain_fail_memory(error);
	known->blob = migration->blob;
	known->scan = migration->scan;
	key = (const char *)known->blob.id;
	return revchain_names_add(&scans->by_blob, arena, key, REVCHAIN_OID_RAW, known)
		       ? REVCHAIN_OK
		       : revchain_fail_memory(error);
}

static void read_piece(void *data, size_t worker, size_t piece)
{
	struct reading *reading = data;
	struct reader *reader = &reading->readers[worker];

	/* a worker's pieces come in ascending order */
	if (reader->failed == SIZE_MAX &&
	    scan_file(reading->snapshot, &reading->migrations[piece], reader->arena,
		      reader->scratch, &reader->error) != REVCHAIN_OK)
		reader->failed = piece;
}

static int read_worktree(struct revchain_snapshot *snapshot, struct revchain_migration *migrations,
			 size_t count, struct revchain_arena *arena, struct revchain_arena *scratch,
			 struct revchain_error *error)
{
	struct reading reading = {.snapshot = snapshot, .migrations = migrations};
	const struct reader *first = NULL;
	size_t i, workers = revchain_workers_for(count);

	for (i = 0; i < workers; i++) {
		struct reader *reader = &reading.readers[i];

		reader->failed = SIZE_MAX;
		reader->arena = revchain_arena_inner(arena);
		reader->scratch = revchain_arena_inner(scratch);
		if (!reader->arena || !reader->scratch)
			return revchain_fail_memory(error);
	}
	revchain_workers_run(workers, count, read_piece, &reading);
	for (i = 0; i < workers; i++)
		if (reading.readers[i].failed != SIZE_MAX &&
		    (!first || reading.readers[i].failed < first->failed))
			first = &reading.readers[i];
	if (!first)
		return REVCHAIN_OK;
	*error = first->error;
	return (int)error->status;
}

int revchain_scans_read(struct revchain_snapshot *snapshot, struct revchain_migration *migrations,
			size_t count, struct revchain_arena *arena, struct revchain_error *error)
{
	struct revchain_arena *scratch = revchain_arena_new();
	size_t i;
	int status = REVCHAIN_OK;

	if (!scratch)
		return revchain_fail_memory(error);
	if (snapshot->worktree)
		status = read_worktree(snapshot, migrations, count, arena, scratch, error);
	else
		for (i = 0; i < count && !status; i++)
			status = scan_blob(snapshot, &migrations[i], arena, scratch, error);
	revchain_arena_free(scratch);
	return status;
}
