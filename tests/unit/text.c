#include <criterion/criterion.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "revchain/text.h"

/* Calls one of the functions on `text`; the result stands until the next call. */
static const char *apply(void (*function)(struct revchain_buffer *, const char *), const char *text)
{
	static struct revchain_buffer buffer;

	revchain_buffer_free(&buffer);
	function(&buffer, text);
	cr_assert_not(buffer.failed);
	return buffer.text ? buffer.text : "";
}

struct text_case {
	const char *text, *expected; /* NULL: the text itself */
};

static void check(void (*function)(struct revchain_buffer *, const char *),
		  const struct text_case *cases, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const char *expected = cases[i].expected ? cases[i].expected : cases[i].text;
		const char *got = apply(function, cases[i].text);

		cr_expect_str_eq(got, expected, "case %zu\nexpected <<%s>>\ngot      <<%s>>", i,
				 expected, got);
	}
}

#define CHECK(function, cases) check(function, cases, sizeof(cases) / sizeof(*(cases)))

Test(text, escape_keeps_what_can_be_read)
{
	static const struct text_case cases[] = {
		{"", NULL},
		{" !\"#$%&'()*+,-./0189:;<=>?@AZ[\\]^_`az{|}~", NULL},
		{"\xc2\xa0\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80",
		 NULL},					    /* no-break space, ü, €, 😀 */
		{"\xd7\xa9\xd9\x85", NULL},		    /* Hebrew and Arabic letters */
		{"\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf", NULL}, /* U+7FF, U+800, U+FFFF */
		{"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", NULL}, /* the first and last beyond U+FFFF */
		{"\xed\x9f\xbf\xee\x80\x80", NULL},	    /* on both sides of the surrogates */
		{"\\n\\x1b", NULL},			    /* a backslash stays one */
	};

	CHECK(revchain_text_escape, cases);
}

Test(text, escape_of_what_terminals_obey)
{
	static const struct text_case cases[] = {
		{"a\nb\tc", "a\\nb\\tc"},
		{"\r\n", "\\x0d\\n"},
		{"\x1b[31mred\x1b[m", "\\x1b[31mred\\x1b[m"},
		{"\x1b]0;title\x07", "\\x1b]0;title\\x07"},
		{"\x01\x08\x1f\x7f", "\\x01\\x08\\x1f\\x7f"},
		{"\xc2\x80\xc2\x9b\x33\x31m\xc2\x9f", "\\x80\\x9b31m\\x9f"},   /* C1: U+9B is CSI */
		{"\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f", "\\u061c\\u200e\\u200f"}, /* direction marks */
		{"\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029"},		       /* line, paragraph */
		{"\xe2\x80\xaa\xe2\x80\xac\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad\xe2\x80\xac\xe2\x80"
		 "\xae\xe2\x80\xac",
		 "\\u202a\\u202c\\u202b\\u202c\\u202d\\u202c\\u202e\\u202c"}, /* embeddings and
										 overrides */
		{"\xe2\x80\xa7\xe2\x80\xaf", NULL},			      /* their neighbours */
		{"\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xa7\xe2\x81\xa9\xe2\x81\xa8\xe2\x81\xa9",
		 "\\u2066\\u2069\\u2067\\u2069\\u2068\\u2069"},
		{"\xef\xbb\xbfx", "\\ufeffx"},
		{"\xed\xa0\x80\xed\xbf\xbf", "\\ud800\\udfff"}, /* surrogates */
		{"::error file=a::\n%0A", "::error file=a::\\n%0A"},
	};

	CHECK(revchain_text_escape, cases);
}

/* What is not UTF-8 comes out byte by byte, and what stands behind it is read again. */
Test(text, escape_of_what_is_not_utf8)
{
	static const struct text_case cases[] = {
		{"\xff", "\\xff"},
		{"a\x80z", "a\\x80z"},			      /* a lone continuation */
		{"\xc3", "\\xc3"},			      /* cut off at the end */
		{"\xe2\x82", "\\xe2\\x82"},		      /* … one byte later */
		{"\xf0\x9f\x98", "\\xf0\\x9f\\x98"},	      /* … and one more */
		{"\xc3(", "\\xc3("},			      /* cut off by a letter */
		{"\xe2\x82(", "\\xe2\\x82("},		      /* … */
		{"\xe2\xc3\xbc", "\\xe2\xc3\xbc"},	      /* … by a whole character */
		{"\xc0\x80", "\\xc0\\x80"},		      /* overlong NUL */
		{"\xc1\xbf", "\\xc1\\xbf"},		      /* overlong DEL */
		{"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},	      /* overlong slash */
		{"\xe0\x9f\xbf", "\\xe0\\x9f\\xbf"},	      /* overlong U+7FF */
		{"\xf0\x8f\xbf\xbf", "\\xf0\\x8f\\xbf\\xbf"}, /* overlong U+FFFF */
		{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* U+110000 */
		{"\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80"},
		{"\xfc\x84\x80\x80\x80\x80", "\\xfc\\x84\\x80\\x80\\x80\\x80"},
		{"\xfe\xff", "\\xfe\\xff"},
		{"\xc3\x1b[m", "\\xc3\\x1b[m"}, /* an escape sequence behind a cut one */
	};

	CHECK(revchain_text_escape, cases);
}

/* As Python's json.dumps(os.fsdecode(text)); identifiers with surrogates as json.dumps of the str
 * itself. */
Test(text, json)
{
	static const struct text_case cases[] = {
		{"", "\"\""},
		{" !#[]~", "\" !#[]~\""},
		{"\"\\/", "\"\\\"\\\\/\""},
		{"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
		{"\x01\x0b\x1b\x1f", "\"\\u0001\\u000b\\u001b\\u001f\""},
		{"\x7f", "\"\\u007f\""},
		{"\xc2\x80\xc3\xbc", "\"\\u0080\\u00fc\""},
		{"\xe2\x82\xac\xef\xbf\xbf", "\"\\u20ac\\uffff\""},
		{"\xf0\x90\x80\x80", "\"\\ud800\\udc00\""},
		{"\xf0\x9f\x98\x80", "\"\\ud83d\\ude00\""},
		{"\xf4\x8f\xbf\xbf", "\"\\udbff\\udfff\""},
		{"\xe2\x80\xa8\xe2\x80\xae\xe2\x80\xac", "\"\\u2028\\u202e\\u202c\""},
		{"\xed\xa0\x80x\xed\xbf\xbf", "\"\\ud800x\\udfff\""},
		{"\xff", "\"\\udcff\""},
		{"a\x80z", "\"a\\udc80z\""},
		{"\xc3", "\"\\udcc3\""},
		{"\xc3\"", "\"\\udcc3\\\"\""},
		{"\xe2\x82", "\"\\udce2\\udc82\""},
		{"\xf0\x9f\x98\n", "\"\\udcf0\\udc9f\\udc98\\n\""},
		{"\xc0\xaf", "\"\\udcc0\\udcaf\""},
		{"\xf4\x90\x80\x80", "\"\\udcf4\\udc90\\udc80\\udc80\""},
		{"</script>", "\"</script>\""},
	};

	CHECK(revchain_text_json, cases);
}

/* Every single byte: ASCII comes out, and nothing that JSON does not allow. */
Test(text, json_is_ascii)
{
	int byte;

	for (byte = 1; byte < 256; byte++) {
		char text[] = {(char)byte, '\0'};
		const char *at;

		for (at = apply(revchain_text_json, text); *at; at++)
			cr_assert(*at >= 0x20 && *at < 0x7f, "byte %d gives %d", byte, *at);
	}
}

/* Lines as `git ls-files` prints them. */
Test(text, quote_path)
{
	static const struct text_case cases[] = {
		{"", NULL},
		{"versions/1_a.py", NULL},
		{" with space.py ", NULL},
		{"!#$%&'()*+,-./:;<=>?@[]^_`{|}~", NULL},
		{"a\"b", "\"a\\\"b\""},
		{"a\\b", "\"a\\\\b\""},
		{"\a\b\t\n\v\f\r", "\"\\a\\b\\t\\n\\v\\f\\r\""},
		{"\x01\x06\x0e\x1b\x1f", "\"\\001\\006\\016\\033\\037\""},
		{"\x7f", "\"\\177\""},
		{"\xc3\xbc.py", "\"\\303\\274.py\""},
		{"\x80\xff", "\"\\200\\377\""},
		{"1\x01"
		 "1",
		 "\"1\\0011\""}, /* a digit behind an octal escape */
	};

	CHECK(revchain_text_quote_path, cases);
}

/* Whether a byte is quoted, over all of them. */
Test(text, quote_path_of_every_byte)
{
	int byte;

	for (byte = 1; byte < 256; byte++) {
		char text[] = {'x', (char)byte, '\0'};
		bool plain = byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
		const char *got = apply(revchain_text_quote_path, text);

		cr_expect_eq(strcmp(got, text) == 0, plain, "byte %d gives %s", byte, got);
		cr_expect_eq(got[0] == '"' && got[strlen(got) - 1] == '"', !plain,
			     "byte %d gives %s", byte, got);
	}
}

Test(text, date)
{
	static const struct {
		int64_t seconds;
		int zone;
		const char *expected;
	} cases[] = {
		{0, 0, "1970-01-01T00:00:00+00:00"},
		{1717140600, 120, "2024-05-31T09:30:00+02:00"},
		{1717140600, -420, "2024-05-31T00:30:00-07:00"},
		{1717140600, 330, "2024-05-31T13:00:00+05:30"},
		{1717140600, 345, "2024-05-31T13:15:00+05:45"},
		{1717140600, -210, "2024-05-31T04:00:00-03:30"},
		{1717140600, -30, "2024-05-31T07:00:00-00:30"},
		{1704067199, 1, "2024-01-01T00:00:59+00:01"}, /* over the turn of the year */
		{1704067200, -1, "2023-12-31T23:59:00-00:01"},
		{0, -60, "1969-12-31T23:00:00-01:00"},
		{-1, 0, "1969-12-31T23:59:59+00:00"},
		{1709164800, 0, "2024-02-29T00:00:00+00:00"},
		{4107542400, 0, "2100-03-01T00:00:00+00:00"},
		{2147483648, 0, "2038-01-19T03:14:08+00:00"},
		{253402300799, 0, "9999-12-31T23:59:59+00:00"},
		{1717140600, 1439, "2024-06-01T07:29:00+23:59"},
		{1717140600, -720, "2024-05-30T19:30:00-12:00"},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct revchain_buffer buffer = {0};

		revchain_text_date(&buffer, cases[i].seconds, cases[i].zone);
		cr_expect_str_eq(buffer.text, cases[i].expected,
				 "%lld %d\nexpected %s\ngot      %s", (long long)cases[i].seconds,
				 cases[i].zone, cases[i].expected, buffer.text);
		revchain_buffer_free(&buffer);
	}
}

Test(text, date_ignores_the_time_zone_of_the_process)
{
	struct revchain_buffer buffer = {0};

	setenv("TZ", "America/New_York", 1);
	revchain_text_date(&buffer, 1717140600, 0);
	cr_expect_str_eq(buffer.text, "2024-05-31T07:30:00+00:00");
	revchain_buffer_free(&buffer);
}

Test(text, columns)
{
	static const struct {
		const char *text;
		size_t columns;
	} cases[] = {
		{"", 0},
		{"abc", 3},
		{"\xc3\xbc", 1},
		{"\xe2\x82\xac", 1},
		{"\xf0\x9f\x98\x80", 1},
		{"a\xcc\x88", 2},
		{"\\xff", 4},
		{"\xc3\xbc\xc3\xbc x", 4},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		cr_expect_eq(revchain_text_columns(cases[i].text), cases[i].columns, "%s",
			     cases[i].text);
}
