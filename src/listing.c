#include "listing.h"

#include <stdlib.h>
#include <string.h>

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
	if (listing->count)
		qsort(listing->files, listing->count, sizeof(*listing->files), by_path);
}

int revchain_listing_fail_depth(struct revchain_error *error, const char *directory)
{
	return revchain_fail_at(error, REVCHAIN_MIGRATIONS, directory, 0,
				"directories are nested too deeply");
}
