#include "revchain/chainfile.h"

#include <stdlib.h>
#include <string.h>

#include "revchain/atomicfile.h"
#include "revchain/text.h"

static int by_revision(const void *left, const void *right)
{
	const struct revchain_migration *const *a = left, *const *b = right;

	return strcmp((*a)->revision, (*b)->revision);
}

int revchain_chainfile_text(const struct revchain_migrations *set,
			    const struct revchain_chain *chain, const bool *lanes,
			    struct revchain_buffer *text, struct revchain_error *error)
{
	const struct revchain_migration **dynamic =
		revchain_arena_array(set->arena, set->count + 1, sizeof(*dynamic));
	size_t i, count = 0;

	if (!dynamic)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++)
		if (set->items[i].kind == REVCHAIN_DYNAMIC && lanes[set->items[i].lane])
			dynamic[count++] = &set->items[i];
	/* the order of UTF-8 bytes is that of code points, and so Python's */
	qsort(dynamic, count, sizeof(*dynamic), by_revision);
	revchain_buffer_puts(text, "{");
	for (i = 0; i < count; i++) {
		const struct revchain_links *parents = &chain->parents[dynamic[i] - set->items];

		revchain_buffer_puts(text, i ? ",\n  " : "\n  ");
		revchain_text_json(text, dynamic[i]->revision);
		revchain_buffer_puts(text, ": ");
		if (parents->count)
			revchain_text_json(text, set->items[parents->to[0]].revision);
		else
			revchain_buffer_puts(text, "null");
	}
	revchain_buffer_puts(text, count ? "\n}\n" : "}\n");
	return text->failed ? revchain_fail_memory(error) : REVCHAIN_OK;
}

int revchain_chainfile_write(const char *path, const char *text, size_t length,
			     struct revchain_error *error)
{
	int status = revchain_atomicfile_write(path, text, length, error);

	if (status)
		revchain_error_hint(
			error, "write it somewhere else: -o FILE, or to standard output: -o -");
	return status;
}
