/* The renderer of script.py.mako: whatever the template, it ends, and within its bounds. */
#include "fuzz.h"

#include "revchain/mako.h"

/* As config.get_main_option: some are there, and one cannot be read. */
static int option(void *data, const char *name, struct revchain_arena *arena, const char **value,
		  struct revchain_error *error)
{
	(void)data;
	*value = NULL;
	if (strcmp(name, "bad") == 0)
		return revchain_fail(error, REVCHAIN_USAGE, "it cannot be interpolated");
	if (strlen(name) < 10)
		*value = revchain_arena_printf(arena, "%s, %s", name, name);
	return REVCHAIN_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const parents[] = {"1a2b", "3c4d"};
	struct revchain_arena *arena = revchain_arena_new();
	struct revchain_mako_values values = {
		.message = "merge heads",
		.revision = "5e6f",
		.parents = parents,
		.parent_count = size % 3,
		.created = {.tm_year = 124, .tm_mday = 5, .tm_hour = 6},
		.created_text = "2024-01-05 06:00:00",
		.option = option,
	};
	struct revchain_buffer output = {0};
	struct revchain_error error;
	int status = revchain_mako_render((const char *)data, size, "script.py.mako", &values,
					  arena, &output, &error);

	MUST_BE_ONE_OF(status, error, REVCHAIN_USAGE);
	MUST(status || output.length <= REVCHAIN_MAKO_MAX);
	revchain_buffer_free(&output);
	revchain_arena_free(arena);
	return 0;
}
