#include "revchain/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cjson/cJSON.h>

/*
 * The next character of UTF-8 text, and its length in bytes. Surrogates are taken as characters, as
 * Python's strings hold them. Anything else that is not UTF-8 gives a length of 0.
 */
static uint32_t decode(const unsigned char *at, size_t *length)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t i, size = at[0] < 0x80	    ? 1
			 : at[0] >> 5 == 6  ? 2
			 : at[0] >> 4 == 14 ? 3
			 : at[0] >> 3 == 30 ? 4
					    : 0;
	uint32_t character;

	*length = 0;
	if (size == 0)
		return 0;
	character = size == 1 ? at[0] : at[0] & (0x7fU >> size);
	for (i = 1; i < size; i++) {
		if (at[i] >> 6 != 2)
			return 0;
		character = character << 6 | (at[i] & 0x3f);
	}
	if (character < least[size] || character > 0x10ffff)
		return 0;
	*length = size;
	return character;
}

/* Characters that a terminal obeys instead of showing them, or that turn the direction of what
 * follows. */
static bool is_unfit(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0x61c ||
	       (character >= 0x200b && character <= 0x200f) ||
	       (character >= 0x2060 && character <= 0x2064) ||
	       (character >= 0xe0000 && character <= 0xe007f) ||
	       (character >= 0x2028 && character <= 0x202e) ||
	       (character >= 0x2066 && character <= 0x2069) || character == 0xfeff ||
	       (character >= 0xd800 && character < 0xe000);
}

static void escape(struct revchain_buffer *buffer, const char *text, bool lines)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at) {
		size_t length;
		uint32_t character = decode(at, &length);

		if (!length)
			revchain_buffer_printf(buffer, "\\x%02x", *at);
		else if (character == '\n')
			revchain_buffer_puts(buffer, lines ? "\n" : "\\n");
		else if (character == '\t')
			revchain_buffer_puts(buffer, "\\t");
		else if (is_unfit(character))
			revchain_buffer_printf(buffer, character < 0x100 ? "\\x%02x" : "\\u%04x",
					       character);
		else
			revchain_buffer_add(buffer, (const char *)at, length);
		at += length ? length : 1;
	}
}

void revchain_text_escape(struct revchain_buffer *buffer, const char *text)
{
	escape(buffer, text, false);
}

void revchain_text_escape_lines(struct revchain_buffer *buffer, const char *text)
{
	escape(buffer, text, true);
}

void revchain_text_json(struct revchain_buffer *buffer, const char *text)
{
	cJSON *string = cJSON_CreateStringReference(text);
	char *quoted = string ? cJSON_PrintUnformatted(string) : NULL;
	const unsigned char *at = (const unsigned char *)quoted;

	cJSON_Delete(string);
	if (!quoted) {
		buffer->failed = true;
		return;
	}
	while (*at) { /* cJSON escapes what JSON asks for and leaves the rest as UTF-8 */
		size_t length;
		uint32_t character = decode(at, &length);

		if (!length)
			revchain_buffer_printf(buffer, "\\udc%02x", *at);
		else if (character >= 0x10000)
			revchain_buffer_printf(buffer, "\\u%04x\\u%04x",
					       0xd800 + ((character - 0x10000) >> 10),
					       0xdc00 + (character & 0x3ff));
		else if (character >= 0x7f)
			revchain_buffer_printf(buffer, "\\u%04x", character);
		else
			revchain_buffer_add(buffer, (const char *)at, 1);
		at += length ? length : 1;
	}
	cJSON_free(quoted);
}

void revchain_text_quote_path(struct revchain_buffer *buffer, const char *path)
{
	static const char names[] = "abtnvfr"; /* of the characters from 7 on */
	const unsigned char *at;

	for (at = (const unsigned char *)path;
	     *at >= 0x20 && *at < 0x7f && *at != '"' && *at != '\\'; at++)
		;
	if (!*at) {
		revchain_buffer_puts(buffer, path);
		return;
	}
	revchain_buffer_puts(buffer, "\"");
	for (at = (const unsigned char *)path; *at; at++) {
		if (*at == '"' || *at == '\\')
			revchain_buffer_printf(buffer, "\\%c", *at);
		else if (*at >= 7 && *at <= 13)
			revchain_buffer_printf(buffer, "\\%c", names[*at - 7]);
		else if (*at < 0x20 || *at >= 0x7f)
			revchain_buffer_printf(buffer, "\\%03o", *at);
		else
			revchain_buffer_add(buffer, (const char *)at, 1);
	}
	revchain_buffer_puts(buffer, "\"");
}

char *revchain_text_shell_word(struct revchain_arena *arena, const char *text)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+=,-";
	char *word, *at;

	if (*text && text[strspn(text, plain)] == '\0')
		return revchain_arena_copy(arena, text, strlen(text));
	at = word = revchain_arena_array(arena, strlen(text) + 1, 4);
	if (!word)
		return NULL;
	*at++ = '\'';
	for (; *text; text++) {
		if (*text == '\'') { /* out of the quotes, a quote, and in again */
			*at++ = '\'';
			*at++ = '\\';
			*at++ = '\'';
		}
		*at++ = *text;
	}
	*at = '\'';
	return word;
}

const char *revchain_text_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void revchain_text_date(struct revchain_buffer *buffer, int64_t seconds, int zone)
{
	time_t local = (time_t)((uint64_t)seconds + (uint64_t)((int64_t)zone * 60));
	char text[64] = "";
	struct tm parts;

	if (gmtime_r(&local, &parts))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	revchain_buffer_printf(buffer, "%s%c%02d:%02d", text, zone < 0 ? '-' : '+', abs(zone) / 60,
			       abs(zone) % 60);
}

size_t revchain_text_columns(const char *text)
{
	size_t columns = 0;

	for (; *text; text++)
		columns += ((unsigned char)*text >> 6) != 2;
	return columns;
}
