#include "plaintext.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(plaintext);

/* The line and the message of what a text is refused for; "": it is not. */
static const char *refused(const char *text, size_t length)
{
	static char shown[8192];
	struct revchain_error error = {0};

	if (revchain_plaintext_check(text, length, "a.ini", &error) == REVCHAIN_OK)
		return "";
	snprintf(shown, sizeof(shown), "%s:%d: %s", error.path, error.line, error.message);
	return shown;
}

#define CHECK(text, expected)                                                                      \
	cr_expect_str_eq(refused(text, sizeof(text) - 1), expected, "%s: %s", #text,               \
			 refused(text, sizeof(text) - 1))

/* The shortest and the longest of each number of bytes, and what is next to them. */
Test(plaintext, utf8)
{
	static const char wrong[] = "a.ini:1: not valid UTF-8";

	CHECK("", "");
	CHECK("\x7f", "");
	CHECK("\xc2\x80\xdf\xbf", "");
	CHECK("\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", "");
	CHECK("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "");
	CHECK("\x80", wrong);
	CHECK("\xc1\xbf", wrong);
	CHECK("\xc2", wrong);
	CHECK("\xc2\x41", wrong);
	CHECK("\xe0\x9f\xbf", wrong);
	CHECK("\xed\xa0\x80", wrong);
	CHECK("\xe1\x80", wrong);
	CHECK("\xe1\x41\x80", wrong);
	CHECK("\xe1\x80\x41", wrong);
	CHECK("\xf0\x8f\xbf\xbf", wrong);
	CHECK("\xf4\x90\x80\x80", wrong);
	CHECK("\xf1\x80\x80", wrong);
	CHECK("\xf1\x41\x80\x80", wrong);
	CHECK("\xf1\x80\x41\x80", wrong);
	CHECK("\xf1\x80\x80\x41", wrong);
	CHECK("\xf5\x80\x80\x80", wrong);
}

/* Lines end in any of the three ways. */
Test(plaintext, lines)
{
	CHECK("a\nb\r\nc\rd\0", "a.ini:4: a NUL byte");
	CHECK("a\n\n\xff", "a.ini:3: not valid UTF-8");
	CHECK("a\r", "");
	CHECK("\xef\xbb\xbf[alembic]\n",
	      "a.ini:1: starts with a byte-order mark, which Alembic cannot read");
}

#define CHECK_STRIP(text, expected, indent_expected)                                               \
	do {                                                                                       \
		size_t indent;                                                                     \
		struct revchain_slice it =                                                         \
			revchain_strip((struct revchain_slice){text, sizeof(text) - 1}, &indent);  \
		cr_expect(it.length == strlen(expected) &&                                         \
				  memcmp(it.bytes, expected, it.length) == 0,                      \
			  "%s: %.*s", #text, (int)it.length, it.bytes);                            \
		cr_expect_eq(indent, (size_t)(indent_expected), "%s: %zu", #text, indent);         \
	} while (0)

/* White space is what Python's str.isspace() takes for it, and an indent counts characters. */
Test(plaintext, strip)
{
	CHECK_STRIP("", "", 0);
	CHECK_STRIP(" \t\v\f\r\n", "", 6);
	CHECK_STRIP("\x1c\x1d\x1e\x1f a\x1f", "a", 5);
	CHECK_STRIP("\x08"
		    "a\x0e",
		    "\x08"
		    "a\x0e",
		    0);
	CHECK_STRIP("\xc2\x85\xc2\xa0"
		    "a\xc2\xa0",
		    "a", 2);
	CHECK_STRIP("\xc2\xa1", "\xc2\xa1", 0);
	CHECK_STRIP("\xe2\x80\x80\xe2\x80\x8a\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xafx\xe2\x80\x8a",
		    "x", 5);
	CHECK_STRIP("\xe2\x80\x8b", "\xe2\x80\x8b", 0);
	CHECK_STRIP("\xe2\x82\xac", "\xe2\x82\xac", 0);
	CHECK_STRIP("\xe1\x9a\x80\xe2\x81\x9f\xe3\x80\x80x\xe3\x80\x80", "x", 3);
	CHECK_STRIP("x y", "x y", 0);
}
