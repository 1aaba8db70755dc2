/* The structure of a text. One table again: build/tests/unit/pytoken --filter pytoken/TABLE */
#include "pyscan_table.h"

#define UNKNOWN "revision=?@0 down_revision=?@0 branch_labels=?@0 depends_on=?@0 "
#define TABS "the indentation mixes tabs and spaces in a way that depends on the width of a tab"

Test(pytoken, indentation)
{
	static const struct row rows[] = {
		{"if x:\n\ty\n        z\nrevision = 'a'", UNKNOWN "!3 " TABS},
		{"if x:\n        y\n\tz", UNKNOWN "!3 " TABS},
		{"if x:\n\ty\n\tif z:\n\t    a\nrevision = 'a'", "revision='a'@5"},
		{"if x:\n \ty\n \tz\nrevision = 'a'", "revision='a'@4"},
		{"if x:\n  if y:\n\tz", UNKNOWN "!3 " TABS},
		{"if x:\n    y\n  z", UNKNOWN "!3 the indentation matches no outer block"},
		{"x\n  y", UNKNOWN "!2 the indentation is unexpected"},
		{"  x", UNKNOWN "!1 the indentation is unexpected"},
		{"def f():\n  x\n    y", UNKNOWN "!3 the indentation is unexpected"},
		{"if x: pass\n  y", UNKNOWN "!2 the indentation is unexpected"},
		{"if x:\ny",
		 UNKNOWN "!2 an indented block is missing behind the colon of the line before"},
		{"def f():\n  if x:\n  y",
		 UNKNOWN "!3 an indented block is missing behind the colon of the line before"},
		{"if x:\n\n  # why\n",
		 UNKNOWN "!3 an indented block is missing behind the colon of the line before"},
		{"if x:\n      # far\n  y\n # near\n\n  z\nrevision = 'a'", "revision='a'@7"},
		{"   \n\t# why\n\frevision = 'a'", "revision='a'@3"},
		{"if x:\n  y\n \f  z\nrevision = 'a'", "revision='a'@4"},
		{"if x:\n  y\n  \\\n z\nrevision = 'a'", "revision='a'@5"},
		{"if x:\n  y\n  \\\n \\\n z\nrevision = 'a'", "revision='a'@6"},
		{"\\\nrevision = 'a'", "revision='a'@2"},
		{"x = {\n1: 2\n   }\nrevision = 'a'", "revision='a'@4"},
		{"x = [\n\t1,\n        2]\nrevision = 'a'", "revision='a'@4"},
		{"for x in y:\n  pass\nelse:\n  revision = 'a'",
		 "revision=?@4 !4 revision is set inside an else"},
		{"class C:\n def f(self):\n  pass\n\n def g(self):\n  pass\nrevision = 'a'",
		 "revision='a'@7"},
	};

	CHECK_TABLE(rows);
}

Test(pytoken, brackets)
{
	static const struct row rows[] = {
		{"x = (\n(1)\n", UNKNOWN "!1 '(' is not closed"},
		{"x = [\n(\n", UNKNOWN "!2 '(' is not closed"},
		{"x = )", UNKNOWN "!1 ')' closes nothing"},
		{"x = (\n1]", UNKNOWN "!2 ']' does not match the '(' of line 1"},
		{"x = {1)", UNKNOWN "!1 ')' does not match the '{' of line 1"},
		{"x = '(' # (\nrevision = 'a'", "revision='a'@2"},
		{"x = (\nrevision = 'a'\n)", ""},
	};

	CHECK_TABLE(rows);
}

/* Inside of a function, where most of a line is stepped over. */
Test(pytoken, bodies)
{
	static const struct row rows[] = {
		{"def f():\n x = (\n 1\n )\n y()\nrevision = 'a'", "revision='a'@6"},
		{"def f():\n x = (1\nrevision = 'a'", UNKNOWN "!2 '(' is not closed"},
		{"def f():\n x = [{(1\n ]", UNKNOWN "!3 ']' does not match the '(' of line 2"},
		{"def f():\n x)\n", UNKNOWN "!2 ')' closes nothing"},
		{"def f():\n if x[1:]:\n  y\nrevision = 'a'", "revision='a'@4"},
		{"def f():\n if x[1:]:\n y\n",
		 UNKNOWN "!3 an indented block is missing behind the colon of the line before"},
		{"def f():\n if x :  # why\n y\n",
		 UNKNOWN "!3 an indented block is missing behind the colon of the line before"},
		{"def f():\n x[\n:\n]\n  y\n", UNKNOWN "!5 the indentation is unexpected"},
		{"def f():\n x = y(b\"(\", Rb'[', u'{')\nrevision = 'a'", "revision='a'@3"},
		{"def f():\n x = 0b'('\nrevision = 'a'", "revision='a'@3"},
		{"def f():\n x = y(f'{z!r:>{w}}(', \"\"\"\n(\"\"\")\nrevision = 'a'",
		 "revision='a'@4"},
		{"def f():\n x = y 'z\n", UNKNOWN "!2 a string does not end"},
		{"def f():\n x = y $ z\n", UNKNOWN "!2 the character '$' is no part of Python"},
		{"def f():\n x != y\n x = !y\n",
		 UNKNOWN "!3 the character '!' is no part of Python"},
		{"def f():\n x = a\xC3\xA9"
		 "b + \xC3\xA9\nrevision = 'a'",
		 "revision='a'@3"},
		{"def f():\n x = a\xE2\x82\xAC\n",
		 UNKNOWN "!2 the character U+20AC is no part of Python"},
		{"def f():\n x = 1 + \\\n  2\nrevision = 'a'", "revision='a'@4"},
		{"def f():\n x = \\ 2\n",
		 UNKNOWN "!2 a backslash is followed by something else than "
			 "the end of the line"},
		{"def f():\n x\n global revision\n revision = 'b'\nrevision = 'a'",
		 "revision=?@5 !3 revision is declared global in a function, which may change it"},
		{"def f():\n x = 1; y = '''\n'''\n def g():\n  z\nrevision = 'a'",
		 "revision='a'@6"},
	};

	CHECK_TABLE(rows);
}

Test(pytoken, strings)
{
	static const struct row rows[] = {
		{"x = 1\ny = 'a\nz", UNKNOWN "!2 a string does not end"},
		{"x = 'a\\", UNKNOWN "!1 a string does not end"},
		{"x = 'a\\\nb\nc", UNKNOWN "!1 a string does not end"},
		{"x\n'''a\n\n''\n", UNKNOWN "!2 a string in triple quotes does not end"},
		{"x = \"\"\"\"\"", UNKNOWN "!1 a string in triple quotes does not end"},
		{"x = r'\\'", UNKNOWN "!1 a string does not end"},
		{"x = r'\\\\'\nrevision = 'a'", "revision='a'@2"},
		{"x = '''\n\\'''\n'''\nrevision = 'a'", "revision='a'@4"},
		{"x = 'a\\\nb' \\\n 'c'\nrevision = 'a'", "revision='a'@4"},
		{"x = ur'a'\nrevision = 'a'", "revision='a'@2"},
	};

	CHECK_TABLE(rows);
}

Test(pytoken, f_strings)
{
	static const struct row rows[] = {
		{"f'{x}'\nrevision = 'a'", "revision='a'@2"},
		{"f'{{}}' f'' f\"\"\"\n\"\"\"\nrevision = 'a'", "revision='a'@3"},
		{"f'{x!r:>{y}.{z}}'\nrevision = 'a'", "revision='a'@2"},
		{"f'{x:{y:{z}}}'\nrevision = 'a'", "revision='a'@2"},
		{"f\"{x[\"a\"]}{'}'}\"\nrevision = 'a'", "revision='a'@2"},
		{"f'{x != y}{a[1:2]}{ {1: 2}[1] }{(lambda: 1)()}'\nrevision = 'a'",
		 "revision='a'@2"},
		{"f'{\n x # why }\n}'\nrevision = 'a'", "revision='a'@4"},
		{"f'''\n{\nx:\n}\n'''\nrevision = 'a'", "revision='a'@6"},
		{"f'\\N{BULLET}\\{x}\\''\nrevision = 'a'", "revision='a'@2"},
		{"rf'\\{x}\\N{x}'\nrevision = 'a'", "revision='a'@2"},
		{"f'\\\n{x}'\nrevision = 'a'", "revision='a'@3"},
		{"f'{f'{f'{x}'}'}'\nrevision = 'a'", "revision='a'@2"},
		{"t'{x}' tr'\\{x}' Rt''\nrevision = 'a'", "revision='a'@2"},
		{"f'\\N{{x}}'", UNKNOWN "!1 an f-string has a single '}'"},
		{"f'\\\\N{x}\\N{A}{{\\N{B}}}'\nrevision = 'a'", "revision='a'@2"},
		{"x\nf'a\n", UNKNOWN "!2 an f-string does not end"},
		{"f'''a\n\n{x}", UNKNOWN "!1 an f-string does not end"},
		{"f'}'", UNKNOWN "!1 an f-string has a single '}'"},
		{"f'{x:'", UNKNOWN "!1 an f-string ends inside a replacement field"},
		{"f'{x'", UNKNOWN "!1 a string does not end"},
		{"f'{x", UNKNOWN "!1 '{' is not closed"},
		{"f'{x)}'", UNKNOWN "!1 ')' does not match the '{' of line 1"},
		{"f'{a:{b:{c:{d}}}}'",
		 UNKNOWN "!1 the expressions of an f-string are nested too deeply"},
	};

	CHECK_TABLE(rows);
}

Test(pytoken, other_characters)
{
	static const struct row rows[] = {
		{"x\ny = $z", UNKNOWN "!2 the character '$' is no part of Python"},
		{"x?", UNKNOWN "!1 the character '?' is no part of Python"},
		{"`x`", UNKNOWN "!1 the character '`' is no part of Python"},
		{"!ls", UNKNOWN "!1 the character '!' is no part of Python"},
		{"x != y <> z\nrevision = 'a'", "revision='a'@2"},
		{"x\x01", UNKNOWN "!1 the character U+0001 is no part of Python"},
		{"x\x0B = 1", UNKNOWN "!1 the character U+000B is no part of Python"},
		{"\n\x7F", UNKNOWN "!2 the character U+007F is no part of Python"},
		{"revision = \xE2\x80\x9C"
		 "a\xE2\x80\x9D",
		 UNKNOWN "!1 the character U+201C is no part of Python"},
		{"x =\xC2\xA0"
		 "1",
		 UNKNOWN "!1 the character U+00A0 is no part of Python"},
		{"\xCC\x81x = 1", UNKNOWN "!1 the character U+0301 is no part of Python"},
		{"x\xCC\x81\xC2\xB7 = \xE6\x97\xA5\nrevision = 'a'", "revision='a'@2"},
		{"x = 1 \\ \ny",
		 UNKNOWN "!1 a backslash is followed by something else than the end of the line"},
		{"x = 1 \\",
		 UNKNOWN "!1 the file ends with a backslash, which asks for another line"},
		{"x = 1\n\\\n",
		 UNKNOWN "!2 the file ends with a backslash, which asks for another line"},
		{"x = 1 \\\n\nrevision = 'a'", "revision='a'@3"},
		{"x = 1_000.5e-3j + 0xFFor 0b1 + 1if x else .5 ** 2 // 3 >>= 4 <<= 5 -> 6 @= "
		 "...\nrevision = 'a'",
		 "revision='a'@2"},
	};

	CHECK_TABLE(rows);
}

/* A text of `count` times `piece`; the caller frees it. */
static char *repeat(const char *piece, size_t count)
{
	size_t length = strlen(piece), i;
	char *text = malloc(length * count + 1);

	cr_assert(text);
	for (i = 0; i < count; i++)
		memcpy(text + i * length, piece, length);
	text[length * count] = '\0';
	return text;
}

static void check_repeated(const char *piece, size_t count, const char *expected)
{
	char *text = repeat(piece, count), *found = write_scan(text, strlen(text));

	cr_expect_str_eq(found, expected, "%zu times %s: expected %s, got %s", count, piece,
			 expected, found);
	free(found);
	free(text);
}

Test(pytoken, limits)
{
	char text[20000];
	size_t i, used = 0;

	check_repeated("(", 200, UNKNOWN "!1 '(' is not closed");
	check_repeated("(", 201, UNKNOWN "!1 more than 200 brackets are nested");
	check_repeated("[\n", 100000, UNKNOWN "!201 more than 200 brackets are nested");
	check_repeated("f'{", 100, UNKNOWN "!1 '{' is not closed");
	check_repeated("f'{", 150, UNKNOWN "!1 f-strings are nested too deeply");
	for (i = 0; i < 100; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%*sif x:\n", (int)i,
					 "");
	check_row(text, used,
		  UNKNOWN "!100 an indented block is missing behind the colon of the line before");
	used += (size_t)snprintf(text + used, sizeof(text) - used, "%*sx", (int)i, "");
	check_row(text, used, UNKNOWN "!101 there are more than 99 levels of indentation");
}

/* What is long takes time in proportion to its length, or these would not end. */
Test(pytoken, long_texts, .timeout = 20)
{
	check_repeated("a = b = ", 100000, "");
	check_repeated("lambda x=", 100000, "");
	check_repeated("lambda: x, ", 100000, "");
	check_repeated("revision = 'abc'; ", 100000, "revision='abc'@1");
	check_repeated("'abc' ", 200000, "");
	check_repeated("x.", 400000, "");
	check_repeated("x,", 400000, "");
	check_repeated("f'\\N{", 200000,
		       UNKNOWN
		       "!1 a backslash is followed by something else than the end of the line");
	check_repeated("rf'\\N{", 200000, UNKNOWN "!1 f-strings are nested too deeply");
	check_repeated("\\\n", 200000,
		       UNKNOWN
		       "!200000 the file ends with a backslash, which asks for another line");
	check_repeated("# coding", 200000, "");
	check_repeated("\n", 1000000, "");
	check_repeated("\xE6\x97\xA5", 200000, "");
}
