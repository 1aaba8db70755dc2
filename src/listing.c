#include "listing.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 2048	       /* directories in directories, as git's core.maxTreeDepth has it */
#define DIRECTORIES_MAX 100000 /* of a lane */

bool revchain_listing_add(struct revchain_listing *listing, const char *directory, const char *name,
			  const git_oid *blob)
{
	const char *path = revchain_arena_join(listing->arena, directory, name);
	struct revchain_listed *grown =
		revchain_arena_grow(listing->arena, listing->files, listing->count,
				    &listing->capacity, sizeof(*listing->files));

	if (!path || !grown)
		return false;
	listing->files = grown;
	listing->files[listing->count].path = path;
	if (blob)
		listing->files[listing->count].blob = *blob;
	else
		memset(&listing->files[listing->count].blob, 0, sizeof(*blob));
	listing->count++;
	return true;
}

static int by_path(const void *left, const void *right)
{
	const struct revchain_listed *a = left, *b = right;

	return strcmp(a->path, b->path);
}

void revchain_listing_sort(struct revchain_listing *listing)
{
	size_t i = 1;

	/* a tree's entries are sorted as they are, but where a directory is among files */
	while (i < listing->count && by_path(&listing->files[i - 1], &listing->files[i]) <= 0)
		i++;
	if (i < listing->count)
		qsort(listing->files, listing->count, sizeof(*listing->files), by_path);
}

/* A few trees can be any number of directories, where one is in another many times over. */
int revchain_listing_enter(struct revchain_listing *listing, const char *directory, int depth,
			   struct revchain_error *error)
{
	if (depth > DEPTH_MAX)
		return revchain_fail_at(error, REVCHAIN_MIGRATIONS, directory, 0,
					"directories are nested too deeply");
	if (++listing->directories <= DIRECTORIES_MAX)
		return REVCHAIN_OK;
	revchain_fail_at(error, REVCHAIN_MIGRATIONS, directory, 0,
			 "a versions directory with more than 100,000 directories in it");
	revchain_error_hint(error, "without --recursive they are left out");
	return REVCHAIN_MIGRATIONS;
}
