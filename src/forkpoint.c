#include "forkpoint.h"

#include <string.h>

#include "object.h"

#define WALK_MOST 10000		       /* commits of a branch */
#define CLOCKS_DIFFER (30 * 24 * 3600) /* seconds by which dates on the two lines may be wrong */

void revchain_mainline_init(struct revchain_mainline *line, struct revchain_repository *repository,
			    struct revchain_arena *arena, const git_oid *tip)
{
	memset(line, 0, sizeof(*line));
	line->repository = repository;
	line->arena = arena;
	line->next = *tip;
	line->date = INT64_MAX;
}

/* Read on until what comes is older than a date. */
static int read_until(struct revchain_mainline *line, int64_t date, struct revchain_error *error)
{
	struct revchain_commit commit = {0};
	int status = REVCHAIN_OK;

	while (!status && line->date >= date && !git_oid_is_zero(&line->next)) {
		char *key = revchain_arena_copy(line->arena, (const char *)line->next.id,
						REVCHAIN_OID_RAW);

		if (!key ||
		    !revchain_names_add(&line->commits, line->arena, key, REVCHAIN_OID_RAW, line)) {
			status = revchain_fail_memory(error);
			break;
		}
		status = revchain_commit_read(line->repository, &line->next, &commit, error);
		line->date = commit.date;
		memset(&line->next, 0, sizeof(line->next));
		if (!status && commit.parent_count)
			line->next = commit.parents[0];
	}
	revchain_commit_free(&commit);
	return status;
}

int revchain_fork_point(struct revchain_mainline *line, const git_oid *tip, git_oid *fork,
			bool *found, struct revchain_error *error)
{
	struct revchain_commit commit = {0};
	git_oid at = *tip;
	size_t steps;
	int status = REVCHAIN_OK;

	*found = false;
	for (steps = 0; !status && steps < WALK_MOST; steps++) {
		status = revchain_commit_read(line->repository, &at, &commit, error);
		if (!status)
			status = read_until(line, commit.date - CLOCKS_DIFFER, error);
		if (status)
			break;
		if (revchain_names_find(&line->commits, (const char *)at.id, REVCHAIN_OID_RAW)) {
			*found = true;
			*fork = at;
			break;
		}
		if (!commit.parent_count)
			break;
		at = commit.parents[0];
	}
	revchain_commit_free(&commit);
	return status;
}
