/* The reader of chain files. */
#include "fuzz.h"

#include "revchain/chainfile.h"

/* Nothing is there twice, and from each revision the parents lead to an end. */
static void must_be_chain(const struct revchain_chainfile *file)
{
	size_t i, j, at, steps;

	for (i = 0; i < file->count; i++)
		for (j = 0; j < i; j++)
			MUST(strcmp(file->entries[i].revision, file->entries[j].revision) != 0);
	for (i = 0; i < file->count; i++)
		for (at = i, steps = 0; at < file->count; steps++) {
			const char *parent = file->entries[at].parent;

			MUST(steps < file->count);
			for (at = 0; at < file->count; at++)
				if (parent && strcmp(file->entries[at].revision, parent) == 0)
					break;
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct revchain_arena *arena = revchain_arena_new();
	struct revchain_chainfile file;
	struct revchain_error error;
	int status = revchain_chainfile_read(file_in_memory(data, size), arena, &file, &error);

	MUST_BE_ONE_OF(status, error, REVCHAIN_IO);
	if (!status)
		must_be_chain(&file);
	else
		MUST(*error.path);
	revchain_arena_free(arena);
	return 0;
}
