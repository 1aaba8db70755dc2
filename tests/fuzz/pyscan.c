/* The scanner of Python modules. */
#include "fuzz.h"

#include "scanned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct revchain_arena *arena = revchain_arena_new();
	struct revchain_error error;
	struct revchain_pyscan scan;

	MUST(revchain_pyscan((const char *)data, size, arena, &scan, &error) == REVCHAIN_OK);
	must_be_sound(&scan, size);
	revchain_arena_free(arena);
	return 0;
}
