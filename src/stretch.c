#include "stretch.h"

#include <stdlib.h>

#define SAMPLE 64 /* one commit in so many is remembered */

void revchain_stretches_free(struct revchain_stretches *stretches)
{
	revchain_oidmap_free(&stretches->commits);
	free(stretches->ends);
	free(stretches->open);
}

/* The number of a commit, which is its own end until more is known. */
static int remember(struct revchain_stretches *stretches, const git_oid *commit, uint32_t *number,
		    struct revchain_error *error)
{
	uint32_t count = stretches->commits.count;
	int status = revchain_oidmap_add(&stretches->commits, commit, number, error);
	git_oid *ends;

	if (status || stretches->commits.count == count)
		return status;
	ends = revchain_grow(stretches->ends, &stretches->capacity, count + 1, sizeof(*ends));
	if (!ends)
		return revchain_fail_memory(error);
	stretches->ends = ends;
	ends[*number] = *commit;
	return REVCHAIN_OK;
}

int revchain_stretches_visit(struct revchain_stretches *stretches, const git_oid *commit,
			     bool is_first, git_oid *end, struct revchain_error *error)
{
	uint32_t number, *open;
	int status;

	*end = *commit;
	if (!is_first && commit->id[0] % SAMPLE)
		return REVCHAIN_OK;
	status = remember(stretches, commit, &number, error);
	if (status)
		return status;
	open = revchain_grow(stretches->open, &stretches->open_capacity, stretches->open_count + 1,
			     sizeof(*open));
	if (!open)
		return revchain_fail_memory(error);
	stretches->open = open;
	open[stretches->open_count++] = number;
	*end = stretches->ends[number];
	return REVCHAIN_OK;
}

void revchain_stretches_close(struct revchain_stretches *stretches, const git_oid *last)
{
	while (stretches->open_count)
		stretches->ends[stretches->open[--stretches->open_count]] = *last;
}
