#include "tomlscalar.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int revchain_toml_line(struct revchain_toml_scanner *scanner)
{
	for (; scanner->counted < scanner->at; scanner->counted++)
		scanner->line += *scanner->counted == '\n';
	return scanner->line;
}

int revchain_toml_fail(struct revchain_toml_scanner *scanner, const char *format, ...)
{
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	revchain_fail(scanner->error, REVCHAIN_USAGE, "%s", message);
	revchain_error_at(scanner->error, scanner->path, revchain_toml_line(scanner));
	return REVCHAIN_USAGE;
}

int revchain_toml_peek(const struct revchain_toml_scanner *scanner)
{
	return scanner->at < scanner->end ? (unsigned char)*scanner->at : -1;
}

bool revchain_toml_starts(const struct revchain_toml_scanner *scanner, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(scanner->end - scanner->at) >= length && !memcmp(scanner->at, word, length);
}

size_t revchain_toml_newline(const struct revchain_toml_scanner *scanner)
{
	if (revchain_toml_peek(scanner) == '\n')
		return 1;
	return revchain_toml_starts(scanner, "\r\n") ? 2 : 0;
}

void revchain_toml_skip_space(struct revchain_toml_scanner *scanner)
{
	while (scanner->at < scanner->end && (*scanner->at == ' ' || *scanner->at == '\t'))
		scanner->at++;
}

/* Whether the byte at `at`, which is no end of a line, may stand in a string or a comment. */
static int check_character(struct revchain_toml_scanner *scanner)
{
	unsigned char byte = (unsigned char)*scanner->at;

	if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
		return revchain_toml_fail(scanner, "a control character, 0x%02x", (unsigned)byte);
	return REVCHAIN_OK;
}

int revchain_toml_skip_comment(struct revchain_toml_scanner *scanner)
{
	int status = REVCHAIN_OK;

	if (revchain_toml_peek(scanner) != '#')
		return REVCHAIN_OK;
	for (; !status && scanner->at < scanner->end && !revchain_toml_newline(scanner);
	     scanner->at++)
		status = check_character(scanner);
	return status;
}

static char *put_utf8(char *out, uint32_t code)
{
	if (code < 0x80) {
		*out++ = (char)code;
		return out;
	}
	if (code < 0x800) {
		*out++ = (char)(0xc0 | code >> 6);
	} else {
		if (code < 0x10000) {
			*out++ = (char)(0xe0 | code >> 12);
		} else {
			*out++ = (char)(0xf0 | code >> 18);
			*out++ = (char)(0x80 | (code >> 12 & 0x3f));
		}
		*out++ = (char)(0x80 | (code >> 6 & 0x3f));
	}
	*out++ = (char)(0x80 | (code & 0x3f));
	return out;
}

/* At the digits of \u or \U. */
static int read_code(struct revchain_toml_scanner *scanner, int digits, char **out)
{
	uint32_t code = 0;

	for (int i = 0; i < digits; i++, scanner->at++) {
		int byte = revchain_toml_peek(scanner);

		if (byte >= '0' && byte <= '9')
			code = code << 4 | (uint32_t)(byte - '0');
		else if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f')
			code = code << 4 | (uint32_t)((byte | 0x20) - 'a' + 10);
		else
			return revchain_toml_fail(scanner, "\\%c needs %d hexadecimal digits",
						  digits == 4 ? 'u' : 'U', digits);
	}
	if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return revchain_toml_fail(scanner, "an escape that is no Unicode character");
	*out = put_utf8(*out, code);
	return REVCHAIN_OK;
}

/* A backslash at the end of a line: it takes the white space up to the next text with it. */
static int skip_line_end(struct revchain_toml_scanner *scanner)
{
	size_t newline;

	revchain_toml_skip_space(scanner);
	if (scanner->at < scanner->end && !revchain_toml_newline(scanner))
		return revchain_toml_fail(scanner, "a backslash that starts no escape");
	while ((newline = revchain_toml_newline(scanner)) > 0) {
		scanner->at += newline;
		revchain_toml_skip_space(scanner);
	}
	return REVCHAIN_OK;
}

/* At a backslash. */
static int read_escape(struct revchain_toml_scanner *scanner, bool multiline, char **out)
{
	static const char escapes[] = "b\bt\tn\nf\fr\r\"\"\\\\";
	int byte;

	scanner->at++;
	byte = revchain_toml_peek(scanner);
	if (multiline && (byte == ' ' || byte == '\t' || revchain_toml_newline(scanner)))
		return skip_line_end(scanner);
	if (byte == 'u' || byte == 'U') {
		scanner->at++;
		return read_code(scanner, byte == 'u' ? 4 : 8, out);
	}
	for (const char *escape = escapes; *escape; escape += 2) {
		if (byte == *escape) {
			*(*out)++ = escape[1];
			scanner->at++;
			return REVCHAIN_OK;
		}
	}
	return revchain_toml_fail(scanner, "a backslash that starts no escape");
}

/* The end of a string of three quotes: up to two more belong to the text. */
static void end_multiline(struct revchain_toml_scanner *scanner, int quote, char **out)
{
	scanner->at += 3;
	for (int i = 0; i < 2 && revchain_toml_peek(scanner) == quote; i++, scanner->at++)
		*(*out)++ = (char)quote;
}

/* Behind the opening quotes: up to behind the closing ones. */
static int read_string(struct revchain_toml_scanner *scanner, int quote, bool multiline, char **out)
{
	const char *closing = quote == '"' ? "\"\"\"" : "'''";
	int status = REVCHAIN_OK;

	while (!status) {
		size_t newline = revchain_toml_newline(scanner);
		int byte = revchain_toml_peek(scanner);

		if (byte < 0 || (newline && !multiline))
			return revchain_toml_fail(scanner, "a string that does not end");
		if (byte == quote && !multiline) {
			scanner->at++;
			break;
		}
		if (byte == quote && revchain_toml_starts(scanner, closing)) {
			end_multiline(scanner, quote, out);
			break;
		}
		if (newline) {
			*(*out)++ = '\n';
			scanner->at += newline;
		} else if (byte == '\\' && quote == '"') {
			status = read_escape(scanner, multiline, out);
		} else {
			status = check_character(scanner);
			*(*out)++ = (char)byte;
			scanner->at++;
		}
	}
	return status;
}

int revchain_toml_string(struct revchain_toml_scanner *scanner, bool multiline,
			 struct revchain_toml_text *text)
{
	int quote = revchain_toml_peek(scanner), status;
	char *out = scanner->scratch;

	multiline = multiline && revchain_toml_starts(scanner, quote == '"' ? "\"\"\"" : "'''");
	scanner->at += multiline ? 3 : 1;
	if (multiline)
		scanner->at += revchain_toml_newline(scanner);
	status = read_string(scanner, quote, multiline, &out);
	if (status)
		return status;
	text->length = (size_t)(out - scanner->scratch);
	text->bytes = revchain_arena_copy(scanner->arena, scanner->scratch, text->length);
	return text->bytes ? REVCHAIN_OK : revchain_fail_memory(scanner->error);
}

/* The two digits at `at` if they are a number from `low` to `high`, else -1. */
static int two_digits(const char *at, const char *end, int low, int high)
{
	int number;

	if (end - at < 2 || at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
		return -1;
	number = (at[0] - '0') * 10 + at[1] - '0';
	return number < low || number > high ? -1 : number;
}

/* Behind 12:34:56.789; NULL where `at` is not at a time. */
static const char *match_time(const char *at, const char *end)
{
	if (two_digits(at, end, 0, 23) < 0 || end - at < 8 || at[2] != ':' ||
	    two_digits(at + 3, end, 0, 59) < 0 || at[5] != ':' ||
	    two_digits(at + 6, end, 0, 59) < 0)
		return NULL;
	at += 8;
	if (end - at >= 2 && at[0] == '.' && at[1] >= '0' && at[1] <= '9') {
		for (at++; at < end && *at >= '0' && *at <= '9';)
			at++;
	}
	return at;
}

/* Behind Z or +12:34, or `at` itself. */
static const char *match_offset(const char *at, const char *end)
{
	size_t left = (size_t)(end - at);

	if (left >= 1 && (*at == 'Z' || *at == 'z'))
		return at + 1;
	if (left < 6 || (*at != '+' && *at != '-') || at[3] != ':')
		return at;
	if (two_digits(at + 1, end, 0, 23) < 0 || two_digits(at + 4, end, 0, 59) < 0)
		return at;
	return at + 6;
}

static bool day_exists(int year, int month, int day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return year > 0 && day <= days[month - 1] + (month == 2 && leap);
}

/* Read a date or a date with time; `*matched` says whether there was one. */
static int read_date(struct revchain_toml_scanner *scanner, enum revchain_toml_kind *kind,
		     bool *matched)
{
	const char *at = scanner->at, *end = scanner->end, *time = NULL;
	int century = two_digits(at, end, 0, 99), year, month, day;

	*matched = false;
	if (end - at < 10 || century < 0 || at[4] != '-' || at[7] != '-')
		return REVCHAIN_OK;
	year = two_digits(at + 2, end, 0, 99);
	month = two_digits(at + 5, end, 1, 12);
	day = two_digits(at + 8, end, 1, 31);
	if (year < 0 || month < 0 || day < 0)
		return REVCHAIN_OK;
	if (!day_exists(century * 100 + year, month, day))
		return revchain_toml_fail(scanner, "a date that does not exist: %.10s", at);
	*matched = true;
	at += 10;
	*kind = REVCHAIN_TOML_DATE;
	if (at < end && (*at == 'T' || *at == 't' || *at == ' '))
		time = match_time(at + 1, end);
	if (time) {
		*kind = REVCHAIN_TOML_DATETIME;
		at = match_offset(time, end);
	}
	scanner->at = at;
	return REVCHAIN_OK;
}

static bool is_digit(int byte, int base)
{
	if (base == 16)
		return (byte >= '0' && byte <= '9') ||
		       ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
	return byte >= '0' && byte < '0' + base;
}

/* Behind digits with single underscores between them; `at` itself where there are none. */
static const char *match_digits(const char *at, const char *end, int base)
{
	if (at == end || !is_digit(*at, base))
		return at;
	for (at++; at < end; at++) {
		if (is_digit(*at, base))
			continue;
		if (*at != '_' || end - at < 2 || !is_digit(at[1], base))
			break;
	}
	return at;
}

/* Behind 0x1f, 0o17 or 0b11; `at` itself where it is at nothing of that kind. */
static const char *match_radix(const char *at, const char *end)
{
	const char *digits_end;
	int base;

	if (end - at < 3 || *at != '0')
		return at;
	base = at[1] == 'x' ? 16 : at[1] == 'o' ? 8 : at[1] == 'b' ? 2 : 0;
	if (!base)
		return at;
	digits_end = match_digits(at + 2, end, base);
	return digits_end == at + 2 ? at : digits_end;
}

/* Behind a decimal integer or a float; `at` itself where it is at neither. */
static const char *match_decimal(const char *at, const char *end, bool *is_float)
{
	const char *digits = at + (at < end && (*at == '+' || *at == '-')), *more;

	*is_float = false;
	if (digits == end || !is_digit(*digits, 10))
		return at;
	at = *digits == '0' ? digits + 1 : match_digits(digits, end, 10);
	if (at < end && *at == '.') {
		more = match_digits(at + 1, end, 10);
		*is_float = more > at + 1;
		at = *is_float ? more : at;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		digits = at + 1 + (end - at > 1 && (at[1] == '+' || at[1] == '-'));
		more = match_digits(digits, end, 10);
		*is_float = *is_float || more > digits;
		at = more > digits ? more : at;
	}
	return at;
}

/* inf and nan with or without a sign: their length, 0 where they are not there. */
static size_t match_special(const struct revchain_toml_scanner *scanner)
{
	static const char *const words[] = {"inf", "nan", "+inf", "-inf", "+nan", "-nan"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (revchain_toml_starts(scanner, words[i]))
			return strlen(words[i]);
	}
	return 0;
}

static int read_number(struct revchain_toml_scanner *scanner, enum revchain_toml_kind *kind)
{
	const char *at = match_time(scanner->at, scanner->end);
	bool is_float = false;

	*kind = REVCHAIN_TOML_TIME;
	if (!at) {
		at = match_radix(scanner->at, scanner->end);
		if (at == scanner->at)
			at = match_decimal(scanner->at, scanner->end, &is_float);
		if (at == scanner->at) {
			at += match_special(scanner);
			is_float = true;
		}
		*kind = is_float ? REVCHAIN_TOML_FLOAT : REVCHAIN_TOML_INTEGER;
	}
	if (at == scanner->at && (at == scanner->end || revchain_toml_newline(scanner)))
		return revchain_toml_fail(scanner, "a value is missing");
	if (at == scanner->at)
		return revchain_toml_fail(scanner, "not a value that TOML knows");
	scanner->at = at;
	return REVCHAIN_OK;
}

int revchain_toml_scalar(struct revchain_toml_scanner *scanner, struct revchain_toml_value *value)
{
	const char *start = scanner->at;
	bool matched = false;
	int status;

	if (revchain_toml_starts(scanner, "true") || revchain_toml_starts(scanner, "false")) {
		value->kind = REVCHAIN_TOML_BOOLEAN;
		value->boolean = *start == 't';
		scanner->at += value->boolean ? 4 : 5;
		return REVCHAIN_OK;
	}
	status = read_date(scanner, &value->kind, &matched);
	if (!status && !matched)
		status = read_number(scanner, &value->kind);
	if (status)
		return status;
	value->text.length = (size_t)(scanner->at - start);
	value->text.bytes = revchain_arena_copy(scanner->arena, start, value->text.length);
	return value->text.bytes ? REVCHAIN_OK : revchain_fail_memory(scanner->error);
}
