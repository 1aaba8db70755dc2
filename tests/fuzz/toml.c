/* The reader of pyproject.toml, down to the settings that it makes. */
#include "fuzz.h"

#include "settings.h"

/* Every value of it, however deep: a value has a line, and a table finds what it lists. */
static void walk(const struct revchain_toml_table *root)
{
	const struct revchain_toml_table *tables[4096];
	size_t count = 0, i;

	for (tables[count++] = root; count > 0;) {
		const struct revchain_toml_table *table = tables[--count];
		const struct revchain_toml_entry *entry;

		for (entry = table->first; entry; entry = entry->next) {
			const struct revchain_toml_value *value = &entry->value;

			MUST(value->line > 0);
			if (strlen(entry->key.bytes) == entry->key.length)
				MUST(revchain_toml_get(table, entry->key.bytes) == value);
			MUST(*revchain_toml_kind_name(value->kind));
			if (value->kind == REVCHAIN_TOML_TABLE && count < 4096)
				tables[count++] = value->table;
			for (i = 0; value->kind == REVCHAIN_TOML_ARRAY && i < value->count; i++)
				if (value->items[i].kind == REVCHAIN_TOML_TABLE && count < 4096)
					tables[count++] = value->items[i].table;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct revchain_arena *arena = revchain_arena_new();
	struct revchain_settings_source source = {.toml_path = "pyproject.toml"};
	struct revchain_settings settings;
	struct revchain_toml_table *root;
	struct revchain_error error;
	int status = revchain_toml_parse((const char *)data, size, "pyproject.toml", arena, &root,
					 &error);

	MUST_BE_ONE_OF(status, error, REVCHAIN_USAGE);
	if (!status) {
		walk(root);
		status = revchain_settings_table(root, "pyproject.toml", &source.toml, &error);
		MUST_BE_ONE_OF(status, error, REVCHAIN_USAGE);
	}
	if (!status) {
		status = revchain_settings_read(&source, arena, &settings, &error);
		MUST_BE_ONE_OF(status, error, REVCHAIN_USAGE);
		MUST(status || settings.version_locations.count <= REVCHAIN_SETTINGS_MAX);
	}
	revchain_arena_free(arena);
	return 0;
}
