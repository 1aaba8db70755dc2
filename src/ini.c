#include "ini.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "plaintext.h"

struct parser {
	struct revchain_ini *ini;
	struct revchain_error *error;
	int line;
	struct revchain_ini_section *section; /* NULL before the first header */
	struct revchain_ini_option
		*option; /* the one that the next line may continue; NULL: none */
	size_t indent;	 /* of the line that started the option or section, in characters */
	struct revchain_slice *lines; /* the option's value so far */
	size_t count, capacity;
};

__attribute__((format(printf, 3, 4))) static int fail(struct parser *parser, int line,
						      const char *format, ...)
{
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	revchain_fail(parser->error, REVCHAIN_USAGE, "%s", message);
	revchain_error_at(parser->error, parser->ini->path, line);
	return REVCHAIN_USAGE;
}

static void lower(char *text)
{
	for (; *text; text++) {
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
	}
}

/* The option's lines are complete: put them together. */
static int end_option(struct parser *parser)
{
	size_t length = 0;
	char *value;

	if (!parser->option)
		return REVCHAIN_OK;
	while (parser->count > 0 && !parser->lines[parser->count - 1].length)
		parser->count--;
	for (size_t i = 0; i < parser->count; i++)
		length += parser->lines[i].length + 1;
	value = revchain_arena_alloc(parser->ini->arena, length + 1);
	if (!value)
		return revchain_fail_memory(parser->error);
	parser->option->value = value;
	for (size_t i = 0; i < parser->count; i++) {
		if (i > 0)
			*value++ = '\n';
		memcpy(value, parser->lines[i].bytes, parser->lines[i].length);
		value += parser->lines[i].length;
	}
	parser->option = NULL;
	return REVCHAIN_OK;
}

static int add_line(struct parser *parser, struct revchain_slice text)
{
	struct revchain_slice *lines =
		revchain_arena_grow(parser->ini->arena, parser->lines, parser->count,
				    &parser->capacity, sizeof(*lines));

	if (!lines)
		return revchain_fail_memory(parser->error);
	parser->lines = lines;
	lines[parser->count++] = text;
	return REVCHAIN_OK;
}

static int start_section(struct parser *parser, struct revchain_slice name)
{
	struct revchain_ini *ini = parser->ini;
	struct revchain_ini_section *section =
		revchain_names_find(&ini->names, name.bytes, name.length);

	if (section)
		return fail(parser, parser->line, "section [%s] is there twice, first at line %d",
			    section->name, section->line);
	if (name.length == strlen("DEFAULT") && !memcmp(name.bytes, "DEFAULT", name.length)) {
		parser->section = &ini->defaults;
		return REVCHAIN_OK;
	}
	section = revchain_arena_alloc(ini->arena, sizeof(*section));
	if (!section)
		return revchain_fail_memory(parser->error);
	section->name = revchain_arena_copy(ini->arena, name.bytes, name.length);
	section->line = parser->line;
	if (!section->name ||
	    !revchain_names_add(&ini->names, ini->arena, section->name, name.length, section))
		return revchain_fail_memory(parser->error);
	if (ini->last)
		ini->last->next = section;
	else
		ini->first = section;
	ini->last = section;
	parser->section = section;
	return REVCHAIN_OK;
}

static struct revchain_ini_option *add_option(struct revchain_arena *arena,
					      struct revchain_ini_section *section,
					      const char *name, size_t length)
{
	struct revchain_ini_option *option = revchain_arena_alloc(arena, sizeof(*option));

	if (!option || !revchain_names_add(&section->names, arena, name, length, option))
		return NULL;
	option->name = name;
	if (section->last)
		section->last->next = option;
	else
		section->first = option;
	section->last = option;
	return option;
}

static int start_option(struct parser *parser, struct revchain_slice text)
{
	struct revchain_arena *arena = parser->ini->arena;
	struct revchain_slice name = {text.bytes, 0}, value;
	struct revchain_ini_option *option;
	char *copy;

	while (name.length < text.length && text.bytes[name.length] != '=' &&
	       text.bytes[name.length] != ':')
		name.length++;
	if (name.length == text.length)
		return fail(parser, parser->line, "neither a section nor an option: no `=` or `:`");
	value = revchain_strip((struct revchain_slice){text.bytes + name.length + 1,
						       text.length - name.length - 1},
			       NULL);
	name = revchain_strip_end(name);
	if (!name.length)
		return fail(parser, parser->line, "no name in front of the `%c`", *text.bytes);
	copy = revchain_arena_copy(arena, name.bytes, name.length);
	if (!copy)
		return revchain_fail_memory(parser->error);
	lower(copy);
	option = revchain_names_find(&parser->section->names, copy, name.length);
	if (option && option->line)
		return fail(parser, parser->line,
			    "option %s is there twice in section [%s], first at line %d", copy,
			    parser->section->name, option->line);
	if (!option)
		option = add_option(arena, parser->section, copy, name.length);
	if (!option)
		return revchain_fail_memory(parser->error);
	option->line = parser->line;
	parser->option = option;
	parser->count = 0;
	return add_line(parser, value);
}

static int parse_line(struct parser *parser, struct revchain_slice line)
{
	size_t indent, length;
	struct revchain_slice text = revchain_strip(line, &indent);
	int status;

	if (!text.length)
		return parser->option ? add_line(parser, text) : REVCHAIN_OK;
	if (*text.bytes == '#' || *text.bytes == ';')
		return REVCHAIN_OK;
	if (parser->option && indent > parser->indent)
		return add_line(parser, text);
	status = end_option(parser);
	if (status)
		return status;
	parser->indent = indent;
	for (length = text.length; length > 0 && text.bytes[length - 1] != ']';)
		length--;
	if (*text.bytes == '[' && length > 2)
		return start_section(parser, (struct revchain_slice){text.bytes + 1, length - 2});
	if (!parser->section)
		return fail(parser, parser->line, "a line before the first section");
	return start_option(parser, text);
}

static int start(struct parser *parser, const char *here)
{
	struct revchain_ini *ini = parser->ini;
	struct revchain_ini_option *option;

	ini->defaults.name = "DEFAULT";
	option = add_option(ini->arena, &ini->defaults, "here", strlen("here"));
	if (!option)
		return revchain_fail_memory(parser->error);
	option->value = here;
	return REVCHAIN_OK;
}

int revchain_ini_parse(const char *text, size_t length, const char *path, const char *here,
		       struct revchain_arena *arena, struct revchain_ini *ini,
		       struct revchain_error *error)
{
	struct parser parser = {.ini = ini, .error = error};
	const char *end = text + length;
	int status;

	*ini = (struct revchain_ini){.arena = arena, .path = path};
	status = revchain_plaintext_check(text, length, path, error);
	if (!status)
		status = start(&parser, here);
	while (!status && text < end) {
		struct revchain_slice line = {text, 0};

		while (text < end && *text != '\n' && *text != '\r')
			text++;
		line.length = (size_t)(text - line.bytes);
		if (text < end)
			text += *text == '\r' && end - text > 1 && text[1] == '\n' ? 2 : 1;
		parser.line++;
		status = parse_line(&parser, line);
	}
	return status ? status : end_option(&parser);
}

const struct revchain_ini_section *revchain_ini_section(const struct revchain_ini *ini,
							const char *name)
{
	return revchain_names_find(&ini->names, name, strlen(name));
}

/* A value under interpolation. */
struct expansion {
	const struct revchain_ini *ini;
	const struct revchain_ini_section *section;
	const struct revchain_ini_option *option; /* the one that was asked for: where errors are */
	struct revchain_error *error;
	char *text;
	size_t length, capacity;
	int references;
};

static const struct revchain_ini_option *find_option(const struct revchain_ini *ini,
						     const struct revchain_ini_section *section,
						     const char *name, size_t length)
{
	const struct revchain_ini_option *option =
		revchain_names_find(&section->names, name, length);

	return option ? option : revchain_names_find(&ini->defaults.names, name, length);
}

__attribute__((format(printf, 2, 3))) static int fail_value(struct expansion *expansion,
							    const char *format, ...)
{
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	revchain_fail(expansion->error, REVCHAIN_USAGE, "%s: %s", expansion->option->name, message);
	revchain_error_at(expansion->error, expansion->ini->path, expansion->option->line);
	return REVCHAIN_USAGE;
}

static int append(struct expansion *expansion, const char *bytes, size_t length)
{
	if (length > REVCHAIN_INI_VALUE_MAX - expansion->length)
		return fail_value(expansion,
				  "longer than %zu bytes once its references are followed",
				  REVCHAIN_INI_VALUE_MAX);
	while (!expansion->text || expansion->length + length >= expansion->capacity) {
		/* grow() doubles: tell it that all of it is in use */
		char *text = revchain_arena_grow(expansion->ini->arena, expansion->text,
						 expansion->capacity, &expansion->capacity, 1);
		if (!text)
			return revchain_fail_memory(expansion->error);
		expansion->text = text;
	}
	memcpy(expansion->text + expansion->length, bytes, length);
	expansion->length += length;
	return REVCHAIN_OK;
}

static int expand(struct expansion *expansion, const char *value, int depth);

/* `*at` is behind "%(": follow the reference and move behind it. */
static int expand_reference(struct expansion *expansion, const char **at, int depth)
{
	const struct revchain_ini_option *option;
	size_t length = strcspn(*at, ")");
	char name[REVCHAIN_INI_NAME_MAX + 1] = {0};

	if (!length || (*at)[length] != ')' || (*at)[length + 1] != 's')
		return fail_value(expansion, "`%%(` that does not start a reference %%(name)s");
	if (++expansion->references > REVCHAIN_INI_REFERENCES)
		return fail_value(expansion, "more than %d references", REVCHAIN_INI_REFERENCES);
	if (length > REVCHAIN_INI_NAME_MAX)
		return fail_value(expansion, "a reference of more than %d bytes",
				  REVCHAIN_INI_NAME_MAX);
	memcpy(name, *at, length);
	lower(name);
	option = find_option(expansion->ini, expansion->section, name, length);
	if (!option) {
		fail_value(expansion, "%%(%s)s refers to an option that is not there", name);
		revchain_error_hint(expansion->error,
				    "a percent sign that is meant as such is written %%%%");
		return REVCHAIN_USAGE;
	}
	*at += length + 2;
	if (!strchr(option->value, '%'))
		return append(expansion, option->value, strlen(option->value));
	if (depth == REVCHAIN_INI_DEPTH)
		return fail_value(expansion, "references more than %d deep", REVCHAIN_INI_DEPTH);
	return expand(expansion, option->value, depth + 1);
}

static int expand(struct expansion *expansion, const char *value, int depth)
{
	int status = REVCHAIN_OK;

	while (!status && *value) {
		size_t length = strcspn(value, "%");

		status = append(expansion, value, length);
		value += length;
		if (status || !*value)
			break;
		if (value[1] == '%') {
			status = append(expansion, "%", 1);
			value += 2;
		} else if (value[1] == '(') {
			value += 2;
			status = expand_reference(expansion, &value, depth);
		} else {
			status = fail_value(expansion, "a `%%` that neither `%%` nor `(` follows");
			revchain_error_hint(expansion->error,
					    "a percent sign that is meant as such is written %%%%");
		}
	}
	return status;
}

int revchain_ini_get(const struct revchain_ini *ini, const struct revchain_ini_section *section,
		     const char *name, const char **value, int *line, struct revchain_error *error)
{
	struct expansion expansion = {.ini = ini, .section = section, .error = error};
	int status;

	*value = NULL;
	expansion.option = find_option(ini, section, name, strlen(name));
	if (!expansion.option)
		return REVCHAIN_OK;
	if (line)
		*line = expansion.option->line;
	status = expand(&expansion, expansion.option->value, 1);
	if (!status)
		status = append(&expansion, "", 0);
	if (!status)
		*value = expansion.text;
	return status;
}
