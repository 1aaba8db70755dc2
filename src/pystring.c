#include "pystring.h"

#include <stdint.h>
#include <string.h>

#include "pyutf8.h"

struct decoder {
	const char *text; /* of what is still to be read */
	bool opaque;	  /* bytes from 0x80 cannot be decoded */
	char *value;
	size_t used;
	enum revchain_pystring_fault fault;
};

static void put_fault(struct decoder *decoder, enum revchain_pystring_fault fault)
{
	if (decoder->fault == REVCHAIN_PYSTRING_FINE)
		decoder->fault = fault;
	decoder->value[decoder->used++] = '?';
}

static void put(struct decoder *decoder, uint32_t code_point)
{
	if (code_point == 0)
		put_fault(decoder, REVCHAIN_PYSTRING_NUL);
	else if (code_point > 0x10FFFF)
		put_fault(decoder, REVCHAIN_PYSTRING_ESCAPE);
	else
		decoder->used += revchain_utf8_write(decoder->value + decoder->used, code_point);
}

static void copy_character(struct decoder *decoder)
{
	char c = *decoder->text++;

	if (decoder->opaque && (unsigned char)c >= 0x80)
		put_fault(decoder, REVCHAIN_PYSTRING_OPAQUE);
	else
		decoder->value[decoder->used++] = c;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Read the hexadecimal digits of \x, \u or \U. */
static void read_hexadecimal(struct decoder *decoder, int digits)
{
	uint32_t code_point = 0;
	int i;

	for (i = 0; i < digits; i++) {
		int digit = hex_digit(*decoder->text);
		if (digit < 0) {
			put_fault(decoder, REVCHAIN_PYSTRING_ESCAPE);
			return;
		}
		code_point = code_point << 4 | (uint32_t)digit;
		decoder->text++;
	}
	put(decoder, code_point);
}

static void read_octal(struct decoder *decoder)
{
	uint32_t code_point = 0;
	int i;

	for (i = 0; i < 3 && *decoder->text >= '0' && *decoder->text <= '7'; i++)
		code_point = code_point << 3 | (uint32_t)(*decoder->text++ - '0');
	put(decoder, code_point);
}

/* Read \N{…}, of which \N has been read. */
static void read_named(struct decoder *decoder)
{
	size_t i = strcspn(decoder->text, "}\n\\\"'");

	if (*decoder->text != '{' || decoder->text[i] != '}') {
		put_fault(decoder, REVCHAIN_PYSTRING_ESCAPE);
		return;
	}
	decoder->text += i + 1;
	put_fault(decoder, REVCHAIN_PYSTRING_NAMED);
}

/* Read an escape sequence; the text is at its backslash. */
static void read_escape(struct decoder *decoder)
{
	static const char letters[] = "\\'\"abfnrtv", values[] = "\\'\"\a\b\f\n\r\t\v";
	char c = decoder->text[1];
	const char *simple = strchr(letters, c);

	if (c >= '0' && c <= '7') {
		decoder->text++;
		read_octal(decoder);
		return;
	}
	decoder->text += 2;
	switch (c) {
	case '\n':
		break;
	case 'x':
		read_hexadecimal(decoder, 2);
		break;
	case 'u':
		read_hexadecimal(decoder, 4);
		break;
	case 'U':
		read_hexadecimal(decoder, 8);
		break;
	case 'N':
		read_named(decoder);
		break;
	default:
		if (simple) {
			decoder->value[decoder->used++] = values[simple - letters];
			break;
		}
		decoder->value[decoder->used++] = '\\'; /* no escape sequence after all */
		decoder->text--;
		copy_character(decoder);
	}
}

/* Decode one literal, at whose prefix or quote the text is. */
static void read_literal(struct decoder *decoder)
{
	bool raw = false;
	size_t size = 1;
	char quote;

	for (; *decoder->text != '"' && *decoder->text != '\''; decoder->text++)
		raw = raw || *decoder->text == 'r' || *decoder->text == 'R';
	quote = *decoder->text;
	if (decoder->text[1] == quote && decoder->text[2] == quote)
		size = 3;
	decoder->text += size;
	while (decoder->text[0] != quote ||
	       (size == 3 && (decoder->text[1] != quote || decoder->text[2] != quote))) {
		if (decoder->text[0] == '\\' && !raw) {
			read_escape(decoder);
			continue;
		}
		if (decoder->text[0] == '\\')
			copy_character(decoder); /* what follows does not end the string */
		copy_character(decoder);
	}
	decoder->text += size;
}

static void skip_space(struct decoder *decoder)
{
	for (;;) {
		decoder->text += strspn(decoder->text, " \t\f\n\\");
		if (*decoder->text != '#')
			return;
		decoder->text += strcspn(decoder->text, "\n");
	}
}

size_t revchain_pystring_decode(const struct revchain_pysource *source, size_t start, size_t pieces,
				char *value, enum revchain_pystring_fault *fault)
{
	struct decoder decoder = {
		.text = source->text + start, .opaque = source->opaque != NULL, .value = value};

	for (; pieces > 0; pieces--) {
		skip_space(&decoder);
		read_literal(&decoder);
	}
	value[decoder.used] = '\0';
	*fault = decoder.fault;
	return decoder.used;
}
