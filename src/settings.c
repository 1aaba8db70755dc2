#include "settings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "plaintext.h"

struct reader {
	const struct revchain_settings_source *source;
	struct revchain_arena *arena;
	struct revchain_error *error;
};

/* A setting that is a list. */
struct list_kind {
	const char *name;
	const char *separator_name; /* a second setting that may name the separator; NULL: none */
	const char *old_separators; /* where no setting names it */
};

struct list {
	const struct revchain_setting *setting; /* that it will be the value of */
	const char **items;
	size_t count, capacity;
};

__attribute__((format(printf, 4, 5))) static int fail_at(struct reader *reader, const char *path,
							 int line, const char *format, ...)
{
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	revchain_fail(reader->error, REVCHAIN_USAGE, "%s", message);
	revchain_error_at(reader->error, path, line);
	return REVCHAIN_USAGE;
}

/* Add an item, unless nothing is left of it. */
static int add_item(struct reader *reader, struct list *list, struct revchain_slice item)
{
	const char **items;

	if (!item.length)
		return REVCHAIN_OK;
	if (list->count == REVCHAIN_SETTINGS_MAX)
		return fail_at(reader, list->setting->path, list->setting->line,
			       "more than %d directories", REVCHAIN_SETTINGS_MAX);
	items = revchain_arena_grow(reader->arena, list->items, list->count, &list->capacity,
				    sizeof(*items));
	if (!items)
		return revchain_fail_memory(reader->error);
	list->items = items;
	items[list->count] = revchain_arena_copy(reader->arena, item.bytes, item.length);
	return items[list->count++] ? REVCHAIN_OK : revchain_fail_memory(reader->error);
}

static int get_ini(struct reader *reader, const char *name, const char **value, int *line)
{
	const struct revchain_settings_source *source = reader->source;

	*value = NULL;
	if (!source->section)
		return REVCHAIN_OK;
	return revchain_ini_get(source->ini, source->section, name, value, line, reader->error);
}

/* What Python's `text % {"here": …}` gives. */
static int format_text(struct reader *reader, const char *name,
		       const struct revchain_toml_value *value, const char **formatted)
{
	static const char here[] = "%(here)s";
	const char *path = reader->source->toml_path, *text;
	char *out;

	if (value->kind != REVCHAIN_TOML_STRING)
		return fail_at(reader, path, value->line, "%s: %s where Alembic needs a string",
			       name, revchain_toml_kind_name(value->kind));
	text = value->text.bytes;
	if (strlen(text) != value->text.length)
		return fail_at(reader, path, value->line, "%s: a NUL character", name);
	*formatted = out = revchain_arena_alloc(reader->arena, value->text.length + 1);
	if (!out)
		return revchain_fail_memory(reader->error);
	while (*text) {
		if (*text != '%') {
			*out++ = *text++;
		} else if (text[1] == '%') {
			*out++ = '%';
			text += 2;
		} else if (!strncmp(text, here, strlen(here))) {
			*out++ = *REVCHAIN_HERE;
			text += strlen(here);
		} else {
			fail_at(reader, path, value->line,
				"%s: a `%%` that neither `%%` nor `(here)s` follows", name);
			revchain_error_hint(reader->error,
					    "a percent sign that is meant as such is written %%%%");
			return REVCHAIN_USAGE;
		}
	}
	return REVCHAIN_OK;
}

/* A setting of one value, from either file. */
static int get_text(struct reader *reader, const char *name, struct revchain_setting *setting)
{
	const struct revchain_settings_source *source = reader->source;
	const struct revchain_toml_value *value =
		source->toml ? revchain_toml_get(source->toml, name) : NULL;
	const char **text = revchain_arena_alloc(reader->arena, sizeof(*text));
	int status;

	if (!text)
		return revchain_fail_memory(reader->error);
	status = get_ini(reader, name, text, &setting->line);
	if (status)
		return status;
	setting->values = text;
	if (*text) {
		setting->path = source->ini->path;
		setting->count = 1;
	} else if (value) {
		setting->path = source->toml_path;
		setting->line = value->line;
		setting->count = 1;
		return format_text(reader, name, value, text);
	}
	return REVCHAIN_OK;
}

static int find_separator(struct reader *reader, const char *name, char *separator, bool *found)
{
	static const struct {
		const char *name;
		char character;
	} separators[] = {{"space", ' '}, {"newline", '\n'}, {"os", ':'}, {":", ':'}, {";", ';'}};
	const char *value;
	int line = 0, status = get_ini(reader, name, &value, &line);

	*found = value != NULL;
	if (status || !value)
		return status;
	for (size_t i = 0; i < sizeof(separators) / sizeof(*separators); i++) {
		if (!strcmp(separators[i].name, value)) {
			*separator = separators[i].character;
			return REVCHAIN_OK;
		}
	}
	fail_at(reader, reader->source->ini->path, line, "%s: %s is none of its values", name,
		value);
	revchain_error_hint(reader->error, "%s is one of: os, space, newline, `:`, `;`", name);
	return REVCHAIN_USAGE;
}

static int split_at(struct reader *reader, const char *value, char separator, struct list *list)
{
	int status = REVCHAIN_OK;

	while (!status && *value) {
		const char *end = strchr(value, separator);
		size_t length = end ? (size_t)(end - value) : strlen(value);

		status = add_item(reader, list,
				  revchain_strip((struct revchain_slice){value, length}, NULL));
		value += length + (end != NULL);
	}
	return status;
}

/* As Python's re.split(", *| +") or re.split(", *| +|:") does, but for empty items. */
static int split_old(struct reader *reader, const char *value, const char *separators,
		     struct list *list)
{
	int status = REVCHAIN_OK;

	while (!status && *value) {
		size_t length = strcspn(value, separators);

		status = add_item(reader, list, (struct revchain_slice){value, length});
		value += length + (value[length] != '\0');
	}
	return status;
}

static int get_ini_list(struct reader *reader, const struct list_kind *kind, const char *value,
			struct list *list)
{
	char separator = '\0';
	bool found;
	int status = find_separator(reader, "path_separator", &separator, &found);

	if (!status && !found && kind->separator_name)
		status = find_separator(reader, kind->separator_name, &separator, &found);
	if (status)
		return status;
	return found ? split_at(reader, value, separator, list)
		     : split_old(reader, value, kind->old_separators, list);
}

static int get_toml_list(struct reader *reader, const struct list_kind *kind,
			 const struct revchain_toml_value *value, struct list *list)
{
	int status = REVCHAIN_OK;

	if (value->kind != REVCHAIN_TOML_ARRAY)
		return fail_at(reader, reader->source->toml_path, value->line,
			       "%s: %s where Alembic needs an array of strings", kind->name,
			       revchain_toml_kind_name(value->kind));
	for (size_t i = 0; !status && i < value->count; i++) {
		const char *text = "";

		status = format_text(reader, kind->name, &value->items[i], &text);
		if (!status)
			status =
				add_item(reader, list, (struct revchain_slice){text, strlen(text)});
	}
	return status;
}

/* A setting of several values, from either file. */
static int get_list(struct reader *reader, const struct list_kind *kind,
		    struct revchain_setting *setting)
{
	const struct revchain_settings_source *source = reader->source;
	const struct revchain_toml_value *value =
		source->toml ? revchain_toml_get(source->toml, kind->name) : NULL;
	struct list list = {.setting = setting};
	const char *text;
	int status = get_ini(reader, kind->name, &text, &setting->line);

	if (status)
		return status;
	if (text && *text) {
		setting->path = source->ini->path;
		status = get_ini_list(reader, kind, text, &list);
	} else if (value) {
		setting->path = source->toml_path;
		setting->line = value->line;
		status = get_toml_list(reader, kind, value, &list);
	}
	setting->values = list.items;
	setting->count = list.count;
	if (status || list.count || !kind->separator_name ||
	    !((text && *text) || (value && value->count)))
		return status;
	return fail_at(reader, setting->path, setting->line, "%s names no directory", kind->name);
}

static int get_boolean(struct reader *reader, const char *name, bool *setting)
{
	const struct revchain_settings_source *source = reader->source;
	const struct revchain_toml_value *value =
		source->toml ? revchain_toml_get(source->toml, name) : NULL;
	const char *text;
	int status = get_ini(reader, name, &text, NULL);

	*setting = false;
	if (status)
		return status;
	if (text) {
		*setting =
			!strcmp(text, "true"); /* all else is false to Alembic, "True" included */
	} else if (value && value->kind != REVCHAIN_TOML_BOOLEAN) {
		return fail_at(reader, source->toml_path, value->line,
			       "%s: %s where Alembic needs a boolean", name,
			       revchain_toml_kind_name(value->kind));
	} else if (value) {
		*setting = value->boolean;
	}
	return REVCHAIN_OK;
}

int revchain_settings_table(const struct revchain_toml_table *root, const char *path,
			    const struct revchain_toml_table **table, struct revchain_error *error)
{
	const struct revchain_toml_value *tool = revchain_toml_get(root, "tool"), *alembic = NULL;

	*table = NULL;
	if (tool && tool->kind == REVCHAIN_TOML_TABLE)
		alembic = revchain_toml_get(tool->table, "alembic");
	if (!alembic)
		return REVCHAIN_OK;
	if (alembic->kind != REVCHAIN_TOML_TABLE) {
		revchain_fail(error, REVCHAIN_USAGE, "tool.alembic: %s where Alembic needs a table",
			      revchain_toml_kind_name(alembic->kind));
		revchain_error_at(error, path, alembic->line);
		return REVCHAIN_USAGE;
	}
	*table = alembic->table;
	return REVCHAIN_OK;
}

int revchain_settings_read(const struct revchain_settings_source *source,
			   struct revchain_arena *arena, struct revchain_settings *settings,
			   struct revchain_error *error)
{
	static const struct list_kind prepend = {"prepend_sys_path", NULL, ", :"};
	static const struct list_kind versions = {"version_locations", "version_path_separator",
						  ", "};
	struct reader reader = {.source = source, .arena = arena, .error = error};
	int status;

	*settings = (struct revchain_settings){0};
	status = get_text(&reader, "script_location", &settings->script_location);
	if (!status)
		status = get_list(&reader, &prepend, &settings->prepend_sys_path);
	if (!status)
		status = get_boolean(&reader, "recursive_version_locations", &settings->recursive);
	if (!status)
		status = get_text(&reader, "file_template", &settings->file_template);
	if (!status)
		status = get_text(&reader, "truncate_slug_length", &settings->truncate_slug_length);
	if (!status)
		status = get_text(&reader, "timezone", &settings->timezone);
	if (!status)
		status = get_text(&reader, "output_encoding", &settings->output_encoding);
	if (!status)
		status = get_list(&reader, &versions, &settings->version_locations);
	return status;
}

int revchain_settings_main_option(const struct revchain_settings_source *source, const char *name,
				  const char **value, struct revchain_error *error)
{
	struct reader reader = {.source = source, .error = error};

	return get_ini(&reader, name, value, NULL);
}
