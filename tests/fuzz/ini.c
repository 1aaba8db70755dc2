/* The reader of alembic.ini, down to the settings that it makes. */
#include "fuzz.h"

#include "settings.h"

static void read_options(const struct revchain_ini *ini, const struct revchain_ini_section *section,
			 const struct revchain_ini_option *option)
{
	struct revchain_error error;
	const char *value;
	int status;

	for (; option; option = option->next) {
		status = revchain_ini_get(ini, section, option->name, &value, NULL, &error);
		MUST_BE_ONE_OF(status, error, REVCHAIN_USAGE);
		MUST(status || (value && strlen(value) <= REVCHAIN_INI_VALUE_MAX));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct revchain_arena *arena = revchain_arena_new();
	struct revchain_settings_source source = {0};
	const struct revchain_ini_section *section;
	struct revchain_settings settings;
	struct revchain_error error;
	struct revchain_ini ini;
	const char *value;
	int status = revchain_ini_parse((const char *)data, size, "alembic.ini", REVCHAIN_HERE,
					arena, &ini, &error);

	MUST_BE_ONE_OF(status, error, REVCHAIN_USAGE);
	for (section = status ? NULL : ini.first; section; section = section->next) {
		MUST(revchain_ini_section(&ini, section->name) == section);
		read_options(&ini, section, section->first);
		read_options(&ini, section, ini.defaults.first);
		source.ini = &ini;
		source.section = section;
		status = revchain_settings_read(&source, arena, &settings, &error);
		MUST_BE_ONE_OF(status, error, REVCHAIN_USAGE);
		MUST(status || settings.version_locations.count <= REVCHAIN_SETTINGS_MAX);
		status = revchain_settings_main_option(&source, "timezone", &value, &error);
		MUST_BE_ONE_OF(status, error, REVCHAIN_USAGE);
	}
	revchain_arena_free(arena);
	return 0;
}
