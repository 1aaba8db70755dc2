/* Changes to migrations in place: what comes out declares what it should. */
#include "fuzz.h"

#include <git2/global.h>

#include "scanned.h"

#include "revchain/mend.h"

static struct revchain_pyscan scan_again(const struct revchain_mend *mend,
					 struct revchain_arena *arena)
{
	struct revchain_error error;
	struct revchain_pyscan scan;

	MUST(revchain_pyscan(mend->mended, mend->mended_length, arena, &scan, &error) ==
	     REVCHAIN_OK);
	return scan;
}

static void must_differ_well(const struct revchain_mend *mend)
{
	struct revchain_buffer diff = {0};
	struct revchain_error error;

	MUST(revchain_mend_diff(mend, &diff, &error) == REVCHAIN_OK);
	revchain_buffer_free(&diff);
}

static void start_libgit2(void)
{
	static bool started;

	if (!started)
		MUST(git_libgit2_init() == 1);
	started = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const parents[] = {"1a2b", "3c4d", "5e6f"};
	struct revchain_arena *arena = revchain_arena_new();
	struct revchain_error error;
	struct revchain_pyscan scan, changed;
	struct revchain_mend mend = {
		.path = "a.py", .text = (const char *)data, .length = size, .scan = &scan};
	size_t count, i;
	int status;

	start_libgit2();
	MUST(revchain_pyscan((const char *)data, size, arena, &scan, &error) == REVCHAIN_OK);
	for (count = 0; count <= 3; count++) {
		status = revchain_mend_parents(&mend, parents, count, arena, &error);
		MUST_BE_ONE_OF(status, error, REVCHAIN_MIGRATIONS);
		if (status)
			continue;
		changed = scan_again(&mend, arena);
		MUST(changed.down_revision.count == count);
		for (i = 0; i < count; i++)
			MUST(strcmp(changed.down_revision.strings[i], parents[i]) == 0);
		MUST(revchain_value_same(&changed.revision, &scan.revision));
		must_differ_well(&mend);
	}
	status = revchain_mend_dynamic(&mend, arena, &error);
	MUST_BE_ONE_OF(status, error, REVCHAIN_MIGRATIONS);
	if (!status) {
		changed = scan_again(&mend, arena);
		MUST(changed.down_revision.kind == REVCHAIN_VALUE_CALL);
		MUST(strcmp(changed.down_revision.strings[0], scan.revision.strings[0]) == 0);
		MUST(changed.imports_lookup);
		must_differ_well(&mend);
	}
	mend.scan = NULL;
	status = revchain_mend_template(&mend, arena, &error);
	MUST_BE_ONE_OF(status, error, REVCHAIN_MIGRATIONS);
	if (!status)
		must_differ_well(&mend);
	revchain_arena_free(arena);
	return 0;
}
