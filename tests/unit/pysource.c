/* Encodings and line ends. One table again: build/tests/unit/pysource --filter pysource/TABLE */
#include "pyscan_table.h"

#define UNKNOWN "revision=?@0 down_revision=?@0 branch_labels=?@0 depends_on=?@0 "

Test(pysource, line_ends)
{
	static const struct row rows[] = {
		{"x\r\nrevision = 'a'\r\n", "revision='a'@2"},
		{"x\rrevision = 'a'\r", "revision='a'@2"},
		{"x\r\r\n\n\rrevision = 'a'", "revision='a'@5"},
		{"x\frevision\nrevision = 'a'\f\n\frevision = 'b'", "revision='b'@3"},
		{"\x0C\nrevision = 'a\x0B\x1C\x1E'", "revision='a\x0B\x1C\x1E'@2"},
		{"revision = 'a\xE2\x80\xA8'\ndepends_on = 'b'",
		 "revision='a\xE2\x80\xA8'@1 depends_on='b'@2"},
	};

	CHECK_TABLE(rows);
}

Test(pysource, encodings)
{
	static const struct row rows[] = {
		{"\xEF\xBB\xBFrevision = 'a'", "revision='a'@1"},
		{"\xEF\xBB\xBF# coding: utf-8\nrevision = '\xC3\xA9'", "revision='\xC3\xA9'@2"},
		{"\xEF\xBB\xBF# coding: UTF_8-unix\nrevision = 'a'", "revision='a'@2"},
		{"# -*- coding: utf8 -*-\nrevision = '\xC3\xA9'", "revision='\xC3\xA9'@2"},
		{"# coding=utf-8-sig\nrevision = 'a'", "revision='a'@2"},
		{"#!/bin/x\n# vim: set fileencoding=latin-1 :\nrevision = '\xE9\x80'",
		 "revision='\xC3\xA9\xC2\x80'@3"},
		{"\n\t\f# coding: ISO_8859-1\nrevision = '\xE9'", "revision='\xC3\xA9'@3"},
		{"\r\n# coding: iso-latin-1-unix\r\nrevision = '\xE9'", "revision='\xC3\xA9'@3"},
		{"# coding: L1\nrevision = '\xE9'", "revision='\xC3\xA9'@2"},
		{"# coding: iso-8859-15\nrevision = '\xA4\xE9'",
		 "revision='\xE2\x82\xAC\xC3\xA9'@2"},
		{"# coding: latin9\nrevision = '\xA6\xA8\xB4\xB8\xBC\xBD\xBE'",
		 "revision='\xC5\xA0\xC5\xA1\xC5\xBD\xC5\xBE\xC5\x92\xC5\x93\xC5\xB8'@2"},
		{"# coding: iso.8859_15\nrevision = '\xBE'", "revision='\xC5\xB8'@2"},
		{"# coding: -L1-\nrevision = '\xBE'", "revision='\xC2\xBE'@2"},
		{"# coding: cp1252\nrevision = '\x80\x93'",
		 "revision='\xE2\x82\xAC\xE2\x80\x9C'@2"},
		{"# coding: Windows-1252\nrevision = '\x80'", "revision='\xE2\x82\xAC'@2"},
		{"# coding: us-ascii\nrevision = 'a'", "revision='a'@2"},
		{"# coding: koi8-r\n# \xE9\nx = '\xE9'\nrevision = 'a'", "revision='a'@4"},
		{"# coding: cp1251\n# \xE9\nrevision = 'a'", "revision='a'@3"},
		{"# coding: iso-8859-2\nrevision = 'a'", "revision='a'@2"},
		{"# coding: mac-roman\nrevision = 'a'", "revision='a'@2"},
		{"# coding: euc-jp\nx = '\xC6\xFC'\nrevision = 'a'", "revision='a'@3"},
		{"# coding: koi8-r\nrevision = '\xE9'\ndepends_on = None",
		 "revision=?@2 depends_on=None@3 !2 revision holds characters in an encoding that "
		 "is not decoded"},
		{"# coding: koi8-r\n\xE9 = 1",
		 UNKNOWN "!2 a name has characters outside of ASCII in the encoding koi8-r, which "
			 "is not decoded"},
		/* not declared after all */
		{"x = 1 # coding: latin-1\nrevision = '\xC3\xA9'", "revision='\xC3\xA9'@2"},
		{"x = 1\n# coding: latin-1\nrevision = '\xC3\xA9'", "revision='\xC3\xA9'@3"},
		{"\n\n# coding: latin-1\nrevision = '\xC3\xA9'", "revision='\xC3\xA9'@4"},
		{"# coding : latin-1\nrevision = '\xC3\xA9'", "revision='\xC3\xA9'@2"},
		{"# coding latin-1 coding: utf-8\nrevision = '\xC3\xA9'", "revision='\xC3\xA9'@2"},
		/* the first of two counts */
		{"# coding: latin-1\n# coding: utf-8\nrevision = '\xE9'", "revision='\xC3\xA9'@3"},
	};

	CHECK_TABLE(rows);
}

Test(pysource, refused)
{
	static const struct row rows[] = {
		{"\n# \xFF",
		 UNKNOWN "!2 byte 0xff is not valid UTF-8, and no encoding is declared"},
		{"x = '\xE9'",
		 UNKNOWN "!1 byte 0xe9 is not valid UTF-8, and no encoding is declared"},
		{"\r\n\r\n# \xC0\x80",
		 UNKNOWN "!3 byte 0xc0 is not valid UTF-8, and no encoding is declared"},
		{"# \xED\xA0\x80",
		 UNKNOWN "!1 byte 0xed is not valid UTF-8, and no encoding is declared"},
		{"# \xF4\x90\x80\x80",
		 UNKNOWN "!1 byte 0xf4 is not valid UTF-8, and no encoding is declared"},
		{"# \xE2\x82",
		 UNKNOWN "!1 byte 0xe2 is not valid UTF-8, and no encoding is declared"},
		{"# coding: utf-8\n# \xE9",
		 UNKNOWN "!2 byte 0xe9 is not valid in the declared encoding utf-8"},
		{"# coding: ascii\n# \xC3\xA9",
		 UNKNOWN "!2 byte 0xc3 is not valid in the declared encoding ascii"},
		{"# coding: cp1252\n# \x81",
		 UNKNOWN "!2 byte 0x81 is not valid in the declared encoding cp1252"},
		{"# coding: nonsense",
		 UNKNOWN "!1 the encoding nonsense is unknown or not supported"},
		{"\n# coding: shift_jis",
		 UNKNOWN "!2 the encoding shift_jis is unknown or not supported"},
		{"# coding: utf-16", UNKNOWN "!1 the encoding utf-16 is unknown or not supported"},
		{"# coding: gbk", UNKNOWN "!1 the encoding gbk is unknown or not supported"},
		{"# coding: utf-7", UNKNOWN "!1 the encoding utf-7 is unknown or not supported"},
		{"# coding: mac-arabic",
		 UNKNOWN "!1 the encoding mac-arabic is unknown or not supported"},
		{"# coding: -", UNKNOWN "!1 the encoding - is unknown or not supported"},
		{"# coding: latin-1x",
		 UNKNOWN "!1 the encoding latin-1x is unknown or not supported"},
		{"# coding: rot13", UNKNOWN "!1 the encoding rot13 is unknown or not supported"},
		{"\xEF\xBB\xBF# coding: latin-1",
		 UNKNOWN "!1 the encoding latin-1 contradicts the file's UTF-8 byte order mark"},
		{"\xEF\xBB\xBF# coding: utf8",
		 UNKNOWN "!1 the encoding utf8 contradicts the file's UTF-8 byte order mark"},
		{"x\n\xEF\xBB\xBF", UNKNOWN "!2 the character U+FEFF is no part of Python"},
	};

	CHECK_TABLE(rows);
}

Test(pysource, nul_bytes)
{
	static const char nul[] = "x = 1\r\ny = '\0'\n", wide[] = "\xFF\xFEx\0";

	check_row(nul, sizeof(nul) - 1,
		  UNKNOWN "!2 the file holds a NUL byte, which Python does not read");
	check_row(wide, sizeof(wide) - 1,
		  UNKNOWN "!1 the file is in UTF-16 or UTF-32, which Python does not read");
}

Test(pysource, long_name_of_an_encoding)
{
	static const char start[] = "# coding: ";
	char text[5000], *found;

	memset(text, 'x', sizeof(text));
	memcpy(text, start, strlen(start)); /* NOLINT: no string, it has a length */
	found = write_scan(text, sizeof(text));
	cr_expect(strlen(found) < 200, "the message is cut, got %zu characters", strlen(found));
	cr_expect(strstr(found, "is unknown or not supported"), "got %s", found);
	free(found);
}
