/* The name of a new migration's file: a byte for the slug's length, a line with the template, and
 * the message. */
#include "fuzz.h"

#include "revchain/filetemplate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct revchain_arena *arena = revchain_arena_new();
	struct choices choices = {data, data + size};
	struct revchain_filetemplate_values values = {
		.revision = "5e6f",
		.slug_length = (long)choose(&choices, 256) - 10,
		.created = {.tm_year = 124, .tm_mday = 5, .tm_hour = 6},
		.epoch = 1704434400,
	};
	char *text = revchain_arena_copy(arena, (const char *)choices.at,
					 (size_t)(choices.end - choices.at));
	size_t end = strcspn(text, "\n");
	struct revchain_error error;
	const char *name, *part;
	int status;

	values.message = text + end + (text[end] != '\0');
	text[end] = '\0';
	status = revchain_filetemplate_name(text, &values, arena, &name, &error);
	MUST_BE_ONE_OF(status, error, REVCHAIN_USAGE);
	if (!status) {
		MUST(strlen(name) >= 3 && strcmp(name + strlen(name) - 3, ".py") == 0);
		for (part = name; part; part = strchr(part, '/')) {
			part += *part == '/';
			MUST(*part != '/' && strncmp(part, "../", 3) != 0);
		}
	}
	revchain_arena_free(arena);
	return 0;
}
