#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "ini.h"

static struct revchain_arena *arena;

static void set_up(void)
{
	arena = revchain_arena_new();
}

static void tear_down(void)
{
	revchain_arena_free(arena);
}

TestSuite(ini, .init = set_up, .fini = tear_down);

/* The value of `option` in [s]; NULL where there is none, "error at LINE: MESSAGE" where it fails.
 */
static const char *read_option(const char *text, const char *option)
{
	const struct revchain_ini_section *section;
	struct revchain_error error;
	struct revchain_ini ini;
	const char *value = NULL;
	int status =
		revchain_ini_parse(text, strlen(text), "test.ini", "HERE", arena, &ini, &error);

	section = status ? NULL : revchain_ini_section(&ini, "s");
	if (!status && !section)
		return "no section";
	if (!status)
		status = revchain_ini_get(&ini, section, option, &value, NULL, &error);
	if (!status)
		return value;
	cr_assert_eq(status, REVCHAIN_USAGE);
	cr_assert_str_eq(error.path, "test.ini");
	return revchain_arena_printf(arena, "error at %d: %s", error.line, error.message);
}

static void check(const char *text, const char *option, const char *expected)
{
	const char *value = read_option(text, option);

	if (!expected)
		cr_expect_null(value, "%s of <<%s>>\nexpected none\ngot      <<%s>>", option, text,
			       value);
	else
		cr_expect(value && !strcmp(value, expected),
			  "%s of <<%s>>\nexpected <<%s>>\ngot      <<%s>>", option, text, expected,
			  value ? value : "none");
}

Test(ini, values)
{
	static const struct {
		const char *text, *expected; /* of option `a` in [s] */
	} cases[] = {
		{"[s]\na=1\n", "1"},
		{"[s]\na = 1", "1"},
		{"[s]\na:1", "1"},
		{"[s]\na : 1 = 2 : 3", "1 = 2 : 3"},
		{"[s]\nA=1", "1"},
		{"[s]\r\na=1\r\n", "1"},
		{"[s]\ra=1\r", "1"},
		{"  [s] x\n  a=1", "1"},
		{"[s]\na=", ""},
		{"[s]\nb=1", NULL},
		{"[t]\na=1", "no section"},
		{"[DEFAULT]\na=1\n[s]", "1"},
		{"[DEFAULT]\na=1\n[s]\na=2", "2"},
		{"[DEFAULT]\na=1\n[s]\n[DEFAULT]\nb=2", "1"},
		/* comments have a line of their own */
		{"[s]\na=1 # x ; y", "1 # x ; y"},
		{"[s]\n# b\n ; c\na=1", "1"},
		/* a value goes on where a line is indented deeper than the option */
		{"[s]\na=1\n 2\n\t3\n", "1\n2\n3"},
		{"[s]\na=\n  1\n  2\n", "\n1\n2"},
		{"[s]\na=1\n\n\n 2\n\n\n[t]", "1\n\n\n2"},
		{"[s]\na=1\n # c\n 2", "1\n2"},
		{"[s]\na=1\n [t]", "1\n[t]"},
		{"[s]\n  a=1\n  b=2", "1"},
		{"[s]\na=1\n b=2", "1\nb=2"},
		/* white space is what str.isspace() says */
		{"[s]\na=\xc2\xa0"
		 "1\xe2\x80\x83\n\xe3\x80\x80"
		 "2\x1c",
		 "1\n2"},
		{"[s]\na\xc2\x85=1", "1"},
		/* the name of a section ends with the last bracket */
		{"[s]\na=1\n[[x]]y]z\na=2", "1"},
		{"[s]\n[]=x\na=1", "1"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(cases[i].text, "a", cases[i].expected);
}

Test(ini, interpolation)
{
	static const struct {
		const char *text, *expected; /* of option `a` in [s] */
	} cases[] = {
		{"[s]\na=%(here)s/m", "HERE/m"},
		{"[s]\na=%(HERE)s", "HERE"},
		{"[s]\nhere=x\na=%(here)s", "x"},
		{"[DEFAULT]\nhere=x\n[s]\na=%(here)s", "x"},
		{"[s]\na=50%%", "50%"},
		{"[s]\na=%%(here)s", "%(here)s"},
		{"[s]\na=<%(b)s%(b)s>\nb=1", "<11>"},
		{"[s]\na=%(b)s\nb=%(c)s\nc=%%x", "%x"},
		{"[DEFAULT]\nb=0\n[s]\na=%(b)s\n[t]\nb=1", "0"},
		{"[s]\na=%(B x)s\nb X=1", "1"},
		{"[s]\nb=%(x)s\na=1", "1"},
		{"[s]\na=%", "error at 2: a: a `%` that neither `%` nor `(` follows"},
		{"[s]\nb=1\na=1%d", "error at 3: a: a `%` that neither `%` nor `(` follows"},
		{"[s]\na=%(b", "error at 2: a: `%(` that does not start a reference %(name)s"},
		{"[s]\na=%()s", "error at 2: a: `%(` that does not start a reference %(name)s"},
		{"[s]\na=%(b)\nb=1",
		 "error at 2: a: `%(` that does not start a reference %(name)s"},
		{"[s]\na=%(b)s", "error at 2: a: %(b)s refers to an option that is not there"},
		{"[s]\na=%( here )s",
		 "error at 2: a: %( here )s refers to an option that is not there"},
		{"[s]\na=%(a)s", "error at 2: a: references more than 10 deep"},
		{"[s]\na=%(b)s\nb=%(c)s\nc=%(d)s\nd=%(e)s\ne=%(f)s\nf=%(g)s\ng=%(h)s\nh=%(i)s\ni=%("
		 "j)s\nj=%%",
		 "%"},
		{"[s]\na=%(b)s\nb=%(c)s\nc=%(d)s\nd=%(e)s\ne=%(f)s\nf=%(g)s\ng=%(h)s\nh=%(i)s\ni=%("
		 "j)s\nj=%(k)s\nk=%%",
		 "error at 2: a: references more than 10 deep"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(cases[i].text, "a", cases[i].expected);
}

Test(ini, refused)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"a=1\n[s]", "error at 1: a line before the first section"},
		{"\n\n[]\n", "error at 3: a line before the first section"},
		{"[s]\na=1\n[s]\n", "error at 3: section [s] is there twice, first at line 1"},
		{"[s]\na=1\r\nb=2\r\nA: 1",
		 "error at 4: option a is there twice in section [s], first at line 2"},
		{"[DEFAULT]\nb=1\n[DEFAULT]\nb=1\n[s]",
		 "error at 4: option b is there twice in section [DEFAULT], first at line 2"},
		{"[s]\na\n", "error at 2: neither a section nor an option: no `=` or `:`"},
		{"[s]\n\n[]", "error at 3: neither a section nor an option: no `=` or `:`"},
		{"[s]\n x\n", "error at 2: neither a section nor an option: no `=` or `:`"},
		{"[s]\n=1", "error at 2: no name in front of the `=`"},
		{"\xef\xbb\xbf[s]",
		 "error at 1: starts with a byte-order mark, which Alembic cannot read"},
		{"[s]\n# \xe4\n", "error at 2: not valid UTF-8"},
		{"[s]\r\n\r\n\xed\xa0\x80", "error at 3: not valid UTF-8"},
		{"[s]\n\xf4\x90\x80\x80", "error at 2: not valid UTF-8"},
		{"[s]\n\xc0\x80", "error at 2: not valid UTF-8"},
		{"[s]\n\xe0\x9f\xbf", "error at 2: not valid UTF-8"},
		{"[s]\n\xf0\x8f\xbf\xbf", "error at 2: not valid UTF-8"},
		{"[s]\n\xe2\x82", "error at 2: not valid UTF-8"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(cases[i].text, "a", cases[i].expected);
}

Test(ini, nul_and_size)
{
	char *large = revchain_arena_alloc(arena, (size_t)1024 * 1024 + 1);
	struct revchain_error error;
	struct revchain_ini ini;

	cr_assert_eq(revchain_ini_parse("[s]\na=\0", 7, "t", "", arena, &ini, &error),
		     REVCHAIN_USAGE);
	cr_expect_eq(error.line, 2);
	cr_expect_str_eq(error.message, "a NUL byte");
	memset(large, '\n', (size_t)1024 * 1024 + 1);
	cr_expect_eq(revchain_ini_parse(large, (size_t)1024 * 1024, "t", "", arena, &ini, &error),
		     REVCHAIN_OK);
	cr_expect_eq(
		revchain_ini_parse(large, (size_t)1024 * 1024 + 1, "t", "", arena, &ini, &error),
		REVCHAIN_USAGE);
}

/* Ten levels of a hundred references each would be 10^20 steps. */
Test(ini, interpolation_is_bounded, .timeout = 10)
{
	char long_name[1026];
	char *text = revchain_arena_alloc(arena, 16384), *end = text;

	end += sprintf(end, "[s]\n");
	for (int name = 'a'; name < 'i'; name++) {
		end += sprintf(end, "%c=", name);
		for (int i = 0; i < 100; i++)
			end += sprintf(end, "%%(%c)s", name + 1);
		end += sprintf(end, "\n");
	}
	memset(long_name, 'x', 1025);
	long_name[1025] = '\0';
	check(revchain_arena_printf(arena, "[s]\n%s=1\na=%%(%s)s", long_name + 1, long_name + 1),
	      "a", "1");
	check(revchain_arena_printf(arena, "[s]\n%s=1\na=%%(%s)s", long_name, long_name), "a",
	      "error at 3: a: a reference of more than 1024 bytes");
	check(revchain_arena_printf(arena, "%si=", text), "a",
	      "error at 2: a: more than 10000 references");
	check(revchain_arena_printf(arena, "%si=long enough to be too long", text), "a",
	      "error at 2: a: longer than 65536 bytes once its references are followed");
}

/* 100,000 options in one section, of which every pair differs late: quadratic time would be
 * minutes. */
Test(ini, many_options, .timeout = 20)
{
	char *text = revchain_arena_alloc(arena, (size_t)1024 * 1024), *end = text;

	end += sprintf(end, "[s]\n");
	for (int i = 0; i < 100000; i++)
		end += sprintf(end, "x%05d=\n", i);
	sprintf(end, "a=1");
	check(text, "a", "1");
	sprintf(end, "a=1\nx00007=");
	check(text, "a",
	      "error at 100003: option x00007 is there twice in section [s], first at line 9");
}
