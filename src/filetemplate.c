#include "revchain/filetemplate.h"

#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wctype.h>

#include "pyutf8.h"
#include "revchain/buffer.h"

#define WIDTH_MOST 255 /* no file has a longer name */

/* The next character of a text in UTF-8; a byte that is none counts as one. */
static size_t next_character(const char *text, uint32_t *character)
{
	size_t size = revchain_utf8_read(text, strlen(text), character);

	if (size)
		return size;
	*character = (unsigned char)*text;
	return 1;
}

static bool is_word(uint32_t character, locale_t locale)
{
	if (character < 0x80 || !locale)
		return character >= 0x80 || character == '_' ||
		       (character >= '0' && character <= '9') ||
		       ((character | 0x20) >= 'a' && (character | 0x20) <= 'z');
	return iswalnum_l((wint_t)character, locale) != 0;
}

static uint32_t to_lower(uint32_t character, locale_t locale)
{
	if (character < 0x80)
		return character >= 'A' && character <= 'Z' ? character | 0x20 : character;
	return locale ? (uint32_t)towlower_l((wint_t)character, locale) : character;
}

/* The words of a message in small letters, with underscores between; how many characters. */
static size_t add_words(const char *message, locale_t locale, struct revchain_buffer *slug)
{
	bool gap = false;
	size_t characters = 0;

	while (*message) {
		uint32_t character;
		char bytes[4];

		message += next_character(message, &character);
		if (!is_word(character, locale)) {
			gap = characters > 0;
			continue;
		}
		if (gap)
			revchain_buffer_puts(slug, "_");
		characters += gap + 1;
		gap = false;
		revchain_buffer_add(slug, bytes,
				    revchain_utf8_write(bytes, to_lower(character, locale)));
	}
	return characters;
}

/* Cut a slug behind so many characters, back to the last underscore, as Alembic does. */
static void cut(struct revchain_buffer *slug, long characters)
{
	size_t end = 0;
	char *underscore;

	for (; characters > 0 && slug->text[end]; characters--)
		do {
			end++;
		} while (((unsigned char)slug->text[end] & 0xC0) == 0x80);
	slug->length = end;
	slug->text[end] = '\0';
	underscore = strrchr(slug->text, '_');
	if (underscore) {
		*underscore = '\0';
		slug->length = (size_t)(underscore - slug->text);
	}
	revchain_buffer_puts(slug, "_");
}

static const char *make_slug(const struct revchain_filetemplate_values *values,
			     struct revchain_arena *arena)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	struct revchain_buffer slug = {0};
	size_t characters = add_words(values->message, locale, &slug);
	const char *copy;

	if (!slug.failed && characters > (size_t)values->slug_length)
		cut(&slug, values->slug_length);
	copy = slug.failed ? NULL
			   : revchain_arena_copy(arena, slug.text ? slug.text : "", slug.length);
	revchain_buffer_free(&slug);
	if (locale)
		freelocale(locale);
	return copy;
}

/* One `%(key)…` of a template. */
struct field {
	const char *key;
	size_t key_length;
	char flags[6];
	int width, precision; /* precision -1: none */
	char conversion;
};

static int read_number(const char **at)
{
	int number = 0;

	for (; **at >= '0' && **at <= '9' && number <= WIDTH_MOST; (*at)++)
		number = 10 * number + (**at - '0');
	return number;
}

/* Read one, behind its %. False: it is none that is understood. */
static bool read_field(const char **at, struct field *field)
{
	const char *close;
	size_t used = 0;

	if (**at != '(' || !(close = strchr(*at, ')')))
		return false;
	*field = (struct field){.key = *at + 1, .key_length = (size_t)(close - *at) - 1};
	for (*at = close + 1; **at && strchr("-0+ #", **at); (*at)++)
		if (used + 1 < sizeof(field->flags))
			field->flags[used++] = **at;
	field->width = read_number(at);
	field->precision = -1;
	if (**at == '.') {
		(*at)++;
		field->precision = read_number(at);
	}
	field->conversion = **at;
	*at += **at != '\0';
	return field->width <= WIDTH_MOST && field->precision <= WIDTH_MOST;
}

/* The number of that name. False: it is none. */
static bool find_number(const struct revchain_filetemplate_values *values,
			const struct field *field, int64_t *number)
{
	const struct tm *created = &values->created;
	const struct {
		const char *name;
		int64_t value;
	} numbers[] = {
		{"epoch", values->epoch},	{"year", created->tm_year + 1900},
		{"month", created->tm_mon + 1}, {"day", created->tm_mday},
		{"hour", created->tm_hour},	{"minute", created->tm_min},
		{"second", created->tm_sec},
	};
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (strlen(numbers[i].name) == field->key_length &&
		    memcmp(numbers[i].name, field->key, field->key_length) == 0) {
			*number = numbers[i].value;
			return true;
		}
	return false;
}

static bool has_flag(const struct field *field, char flag)
{
	return strchr(field->flags, flag) != NULL;
}

/* Add a text of so many characters, in the field's width. */
static void add_padded(const struct field *field, const char *sign, const char *text,
		       size_t characters, bool zeros, struct revchain_buffer *name)
{
	bool left = has_flag(field, '-');
	size_t used = characters + strlen(sign), width = (size_t)field->width;

	for (; !left && !zeros && used < width; used++)
		revchain_buffer_puts(name, " ");
	revchain_buffer_puts(name, sign);
	for (; !left && zeros && used < width; used++)
		revchain_buffer_puts(name, "0");
	revchain_buffer_puts(name, text);
	for (; used < width; used++)
		revchain_buffer_puts(name, " ");
}

static void add_number(const struct field *field, int64_t number, struct revchain_buffer *name)
{
	char digits[WIDTH_MOST + 32];
	int precision = field->precision > 1 ? field->precision : 1;
	const char *sign = number < 0		  ? "-"
			   : has_flag(field, '+') ? "+"
			   : has_flag(field, ' ') ? " "
						  : "";

	snprintf(digits, sizeof(digits), "%.*" PRId64, precision, number < 0 ? -number : number);
	add_padded(field, sign, digits, strlen(digits), has_flag(field, '0'), name);
}

/* As %s has it: a precision cuts. */
static int add_string(const struct field *field, const char *string, struct revchain_arena *arena,
		      struct revchain_buffer *name)
{
	size_t end = 0, characters = 0;
	uint32_t character;
	char *copy;

	while (string[end] && (field->precision < 0 || characters < (size_t)field->precision)) {
		end += next_character(string + end, &character);
		characters++;
	}
	copy = revchain_arena_copy(arena, string, end);
	if (!copy)
		return REVCHAIN_IO;
	add_padded(field, "", copy, characters, false, name);
	return REVCHAIN_OK;
}

static int refuse(struct revchain_error *error, const char *file_template, const char *what)
{
	revchain_fail(error, REVCHAIN_USAGE, "file_template %s: %s", what, file_template);
	revchain_error_hint(error, "alembic merge knows all that Python does");
	return REVCHAIN_USAGE;
}

static int add_field(const struct field *field, const char *file_template,
		     const struct revchain_filetemplate_values *values,
		     struct revchain_arena *arena, struct revchain_buffer *name,
		     struct revchain_error *error)
{
	bool is_revision = field->key_length == 3 && memcmp(field->key, "rev", 3) == 0;
	bool is_slug = field->key_length == 4 && memcmp(field->key, "slug", 4) == 0;
	int64_t number;
	const char *string;

	if (is_revision || is_slug) {
		string = is_revision ? values->revision : make_slug(values, arena);
		if (field->conversion != 's')
			return refuse(error, file_template, "is not understood");
		return string && add_string(field, string, arena, name) == REVCHAIN_OK
			       ? REVCHAIN_OK
			       : revchain_fail_memory(error);
	}
	if (!find_number(values, field, &number))
		return refuse(error, file_template, "names what Alembic does not give");
	if (field->conversion == 's') {
		string = revchain_arena_printf(arena, "%" PRId64, number);
		return string && add_string(field, string, arena, name) == REVCHAIN_OK
			       ? REVCHAIN_OK
			       : revchain_fail_memory(error);
	}
	if (!field->conversion || !strchr("diu", field->conversion))
		return refuse(error, file_template, "is not understood");
	add_number(field, number, name);
	return REVCHAIN_OK;
}

/* Whether a path stays below the directory that it is in. */
static bool stays_below(const char *path)
{
	while (*path) {
		size_t length = strcspn(path, "/");

		if (length == 0 || (length == 1 && *path == '.') ||
		    (length == 2 && path[0] == '.' && path[1] == '.'))
			return false;
		path += length + (path[length] == '/');
	}
	return true;
}

int revchain_filetemplate_name(const char *file_template,
			       const struct revchain_filetemplate_values *values,
			       struct revchain_arena *arena, const char **name,
			       struct revchain_error *error)
{
	struct revchain_buffer text = {0};
	const char *at = file_template;
	struct field field;
	int status = REVCHAIN_OK;

	while (!status && *at) {
		if (*at != '%') {
			revchain_buffer_add(&text, at++, 1);
		} else if (at[1] == '%') {
			revchain_buffer_puts(&text, "%");
			at += 2;
		} else {
			at++;
			status = read_field(&at, &field)
					 ? add_field(&field, file_template, values, arena, &text,
						     error)
					 : refuse(error, file_template, "is not understood");
		}
	}
	revchain_buffer_puts(&text, ".py");
	if (!status && text.failed)
		status = revchain_fail_memory(error);
	if (!status && !stays_below(text.text))
		status = refuse(error, file_template, "leads out of the versions directory");
	if (!status) {
		*name = revchain_arena_copy(arena, text.text, text.length);
		status = *name ? REVCHAIN_OK : revchain_fail_memory(error);
	}
	revchain_buffer_free(&text);
	return status;
}
