/* The reader of what a database has applied. */
#include "fuzz.h"

#include "revchain/applied.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct revchain_arena *arena = revchain_arena_new();
	struct revchain_applied applied;
	struct revchain_error error;
	const char *text = revchain_arena_copy(arena, (const char *)data, size);
	int status = revchain_applied_parse(text, size, "applied", arena, &applied, &error);
	size_t i;

	MUST_BE_ONE_OF(status, error, REVCHAIN_IO);
	for (i = 0; !status && i < applied.count; i++)
		MUST(applied.revisions[i]);
	revchain_arena_free(arena);
	return 0;
}
