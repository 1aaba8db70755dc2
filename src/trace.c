#include "trace.h"

#include "moves.h"

/* Follow those of the lost files further that were moved, and leave the others lost. */
static int follow_moves(struct revchain_history *history, struct revchain_pathset *files,
			const git_oid *here, const git_oid *parent, struct revchain_arena *scratch,
			struct revchain_error *error)
{
	size_t i, count = files->lost_count;
	const char **paths = revchain_arena_array(scratch, count, sizeof(*paths));
	const char **old_paths = revchain_arena_array(scratch, count, sizeof(*old_paths));
	int status;

	if (!paths || !old_paths)
		return revchain_fail_memory(error);
	for (i = 0; i < count; i++)
		paths[i] = files->lost[i].path;
	status = revchain_moves_find(history, parent, here, paths, count, old_paths, error);
	files->lost_count = 0;
	for (i = 0; !status && i < count; i++) {
		if (old_paths[i])
			status = revchain_pathset_add(files, old_paths[i], files->lost[i].file,
						      error);
		else
			files->lost[files->lost_count++] = files->lost[i];
	}
	return status;
}

int revchain_trace_step(struct revchain_history *history, struct revchain_pathset *files,
			const git_oid *here, const git_oid *parent, struct revchain_error *error)
{
	struct revchain_arena *scratch;
	int status = revchain_pathset_look(files, parent, error);

	if (status || !files->lost_count)
		return status;
	scratch = revchain_arena_new();
	if (!scratch)
		return revchain_fail_memory(error);
	status = follow_moves(history, files, here, parent, scratch, error);
	revchain_arena_free(scratch);
	return status;
}
