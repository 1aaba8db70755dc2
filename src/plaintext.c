#include "plaintext.h"

#include <stdbool.h>
#include <string.h>

static bool is_tail(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/* The bytes of the character at `text`, of which `left` bytes are left; 0 where there is no valid
 * one. */
static size_t utf8_length(const char *text, size_t left)
{
	const unsigned char *byte = (const unsigned char *)text;

	if (!left)
		return 0;
	if (byte[0] < 0x80)
		return 1;
	if (byte[0] >= 0xc2 && byte[0] <= 0xdf)
		return left > 1 && is_tail(byte[1]) ? 2 : 0;
	if (byte[0] >= 0xe0 && byte[0] <= 0xef) {
		if (left < 3 || !is_tail(byte[1]) || !is_tail(byte[2]))
			return 0;
		/* no longer than it need be, and no half of a UTF-16 pair */
		return (byte[0] == 0xe0 && byte[1] < 0xa0) || (byte[0] == 0xed && byte[1] > 0x9f)
			       ? 0
			       : 3;
	}
	if (byte[0] >= 0xf0 && byte[0] <= 0xf4) {
		if (left < 4 || !is_tail(byte[1]) || !is_tail(byte[2]) || !is_tail(byte[3]))
			return 0;
		return (byte[0] == 0xf0 && byte[1] < 0x90) || (byte[0] == 0xf4 && byte[1] > 0x8f)
			       ? 0
			       : 4;
	}
	return 0;
}

int revchain_plaintext_check(const char *text, size_t length, const char *path,
			     struct revchain_error *error)
{
	int line = 1;

	if (length > REVCHAIN_CONFIG_MAX)
		return revchain_fail_at(
			error, REVCHAIN_USAGE, path, 0,
			"larger than 1 MiB, which is more than a configuration file can be");
	if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
		revchain_fail_at(error, REVCHAIN_USAGE, path, 1,
				 "starts with a byte-order mark, which Alembic cannot read");
		revchain_error_hint(error, "save the file as UTF-8 without a byte-order mark");
		return REVCHAIN_USAGE;
	}
	for (size_t at = 0; at < length;) {
		size_t size = utf8_length(text + at, length - at);

		if (!size)
			return revchain_fail_at(error, REVCHAIN_USAGE, path, line,
						"not valid UTF-8");
		if (!text[at])
			return revchain_fail_at(error, REVCHAIN_USAGE, path, line, "a NUL byte");
		/* "\r\n" is one end of a line, "\r" alone is another */
		if (text[at] == '\n' ||
		    (text[at] == '\r' && (at + 1 == length || text[at + 1] != '\n')))
			line++;
		at += size;
	}
	return REVCHAIN_OK;
}

/* The bytes of the white space that `text` starts with one character of, as Python's str.isspace()
 * has it; 0: none. */
static size_t space_length(const char *text, size_t left)
{
	const unsigned char *byte = (const unsigned char *)text;

	if (!left)
		return 0;
	if ((byte[0] >= 0x09 && byte[0] <= 0x0d) || (byte[0] >= 0x1c && byte[0] <= 0x20))
		return 1;
	if (left > 1 && byte[0] == 0xc2 && (byte[1] == 0x85 || byte[1] == 0xa0))
		return 2;
	if (left < 3)
		return 0;
	if (byte[0] == 0xe2 && byte[1] == 0x80)
		return byte[2] <= 0x8a || byte[2] == 0xa8 || byte[2] == 0xa9 || byte[2] == 0xaf ? 3
												: 0;
	return !memcmp(byte, "\xe1\x9a\x80", 3) || !memcmp(byte, "\xe2\x81\x9f", 3) ||
			       !memcmp(byte, "\xe3\x80\x80", 3)
		       ? 3
		       : 0;
}

struct revchain_slice revchain_strip_end(struct revchain_slice text)
{
	for (;;) {
		size_t size = 1;

		while (size <= 3 && size <= text.length &&
		       space_length(text.bytes + text.length - size, size) != size)
			size++;
		if (size > 3 || size > text.length)
			return text;
		text.length -= size;
	}
}

struct revchain_slice revchain_strip(struct revchain_slice text, size_t *indent)
{
	size_t characters = 0, size;

	while ((size = space_length(text.bytes, text.length)) > 0) {
		text.bytes += size;
		text.length -= size;
		characters++;
	}
	if (indent)
		*indent = characters;
	return revchain_strip_end(text);
}
