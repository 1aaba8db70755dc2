/*
 * What revchain reads in configuration files, as JSON, for project.py: a request on standard input,
 *a line on standard output.
 *
 *	project_dump ini            requests of one field: the text
 *	project_dump toml           likewise
 *	project_dump project ROOT   three fields: directory, config, section
 *
 * A field is its length in decimal, a colon and its bytes; "-:" stands for none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ini.h"
#include "revchain/project.h"
#include "toml.h"

struct field {
	char *bytes; /* NULL: none; else with a NUL behind them */
	size_t length;
};

static bool read_field(struct field *field)
{
	int byte = getchar();

	*field = (struct field){0};
	if (byte == EOF)
		return false;
	if (byte == '-')
		return getchar() == ':';
	for (; byte >= '0' && byte <= '9'; byte = getchar())
		field->length = field->length * 10 + (size_t)(byte - '0');
	field->bytes = calloc(1, field->length + 1);
	return byte == ':' && field->bytes &&
	       fread(field->bytes, 1, field->length, stdin) == field->length;
}

static void print_text(const char *bytes, size_t length)
{
	putchar('"');
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte < 0x20 || byte == '"' || byte == '\\')
			printf("\\u%04x", (unsigned)byte);
		else
			putchar(byte);
	}
	putchar('"');
}

static void print_string(const char *name, const char *text)
{
	printf("\"%s\": ", name);
	if (text)
		print_text(text, strlen(text));
	else
		printf("null");
}

static void print_error(const struct revchain_error *error)
{
	printf("{");
	print_string("error", error->message);
	printf(", ");
	print_string("path", error->path);
	printf(", \"line\": %d, \"status\": %d}", error->line, (int)error->status);
}

static void print_option(const struct revchain_ini *ini, const struct revchain_ini_section *section,
			 const char *name)
{
	struct revchain_error error;
	const char *value = NULL;

	print_text(name, strlen(name));
	printf(": ");
	if (revchain_ini_get(ini, section, name, &value, NULL, &error))
		print_error(&error);
	else
		print_text(value, strlen(value));
}

static void print_section(const struct revchain_ini *ini,
			  const struct revchain_ini_section *section)
{
	const struct revchain_ini_option *option;
	const char *comma = "";

	print_text(section->name, strlen(section->name));
	printf(": {");
	for (option = section->first; option; option = option->next, comma = ", ") {
		printf("%s", comma);
		print_option(ini, section, option->name);
	}
	for (option = ini->defaults.first; option; option = option->next) {
		if (revchain_names_find(&section->names, option->name, strlen(option->name)))
			continue;
		printf("%s", comma);
		print_option(ini, section, option->name);
		comma = ", ";
	}
	printf("}");
}

static void dump_ini(const struct field *fields, struct revchain_arena *arena)
{
	const struct revchain_ini_section *section;
	struct revchain_error error;
	struct revchain_ini ini;

	if (revchain_ini_parse(fields->bytes, fields->length, "test.ini", "HERE", arena, &ini,
			       &error)) {
		print_error(&error);
		return;
	}
	printf("{");
	for (section = ini.first; section; section = section->next) {
		print_section(&ini, section);
		printf(section->next ? ", " : "");
	}
	printf("}");
}

static void print_table(const struct revchain_toml_table *table);

/* An object with the kind's number and what the value is. */
static void print_value(const struct revchain_toml_value *value)
{
	printf("[%d, ", (int)value->kind);
	if (value->kind == REVCHAIN_TOML_TABLE) {
		print_table(value->table);
	} else if (value->kind == REVCHAIN_TOML_ARRAY) {
		printf("[");
		for (size_t i = 0; i < value->count; i++) {
			print_value(&value->items[i]);
			printf(i + 1 < value->count ? ", " : "");
		}
		printf("]");
	} else if (value->kind == REVCHAIN_TOML_BOOLEAN) {
		printf(value->boolean ? "true" : "false");
	} else {
		print_text(value->text.bytes, value->text.length);
	}
	printf("]");
}

static void print_table(const struct revchain_toml_table *table)
{
	printf("{");
	for (const struct revchain_toml_entry *entry = table->first; entry; entry = entry->next) {
		print_text(entry->key.bytes, entry->key.length);
		printf(": ");
		print_value(&entry->value);
		printf(entry->next ? ", " : "");
	}
	printf("}");
}

static void dump_toml(const struct field *fields, struct revchain_arena *arena)
{
	struct revchain_toml_table *root;
	struct revchain_error error;

	if (revchain_toml_parse(fields->bytes, fields->length, "test.toml", arena, &root, &error))
		print_error(&error);
	else
		print_table(root);
}

static void dump_project(struct revchain_snapshot *snapshot, const struct field *fields,
			 struct revchain_arena *arena)
{
	struct revchain_project project;
	struct revchain_error error;

	if (revchain_project_read(snapshot, fields[0].bytes, fields[1].bytes, fields[2].bytes,
				  arena, &project, &error)) {
		print_error(&error);
		return;
	}
	printf("{");
	print_string("config", project.config);
	printf(", ");
	print_string("script_location", project.script_location);
	printf(", ");
	print_string("file_template", project.file_template);
	printf(", \"recursive\": %s, \"locations\": [", project.recursive ? "true" : "false");
	for (size_t i = 0; i < project.count; i++) {
		printf(i ? ", " : "");
		print_text(project.locations[i], strlen(project.locations[i]));
	}
	printf("]}");
}

static int answer(const char *what, struct revchain_snapshot *snapshot)
{
	struct field fields[3] = {{0}};
	size_t count = snapshot ? 3 : 1;
	struct revchain_arena *arena = revchain_arena_new();
	bool asked = arena != NULL;

	for (size_t i = 0; asked && i < count; i++)
		asked = read_field(&fields[i]);
	if (asked) {
		if (snapshot)
			dump_project(snapshot, fields, arena);
		else if (!strcmp(what, "ini"))
			dump_ini(fields, arena);
		else
			dump_toml(fields, arena);
		putchar('\n');
		fflush(stdout);
	}
	for (size_t i = 0; i < count; i++)
		free(fields[i].bytes);
	revchain_arena_free(arena);
	return asked;
}

int main(int argc, char **argv)
{
	struct revchain_repository *repository = NULL;
	struct revchain_snapshot snapshot;
	struct revchain_error error;
	bool is_project = argc == 3 && !strcmp(argv[1], "project");

	if (!is_project &&
	    (argc != 2 || (strcmp(argv[1], "ini") != 0 && strcmp(argv[1], "toml") != 0))) {
		fprintf(stderr, "usage: project_dump ini|toml|project ROOT\n");
		return 2;
	}
	if (is_project && (revchain_repository_open(&repository, argv[2], &error) ||
			   revchain_snapshot_worktree(&snapshot, repository, &error))) {
		fprintf(stderr, "project_dump: %s\n", error.message);
		return 1;
	}
	while (answer(argv[1], is_project ? &snapshot : NULL))
		;
	revchain_repository_close(repository);
	return 0;
}
