#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "toml.h"

static struct revchain_arena *arena;

static void set_up(void)
{
	arena = revchain_arena_new();
}

static void tear_down(void)
{
	revchain_arena_free(arena);
}

TestSuite(toml, .init = set_up, .fini = tear_down);

static const char *show_table(const struct revchain_toml_table *table);

/* One letter for the kind, then what it is. */
static const char *show(const struct revchain_toml_value *value)
{
	const char *text = "";

	switch (value->kind) {
	case REVCHAIN_TOML_TABLE:
		return show_table(value->table);
	case REVCHAIN_TOML_ARRAY:
		for (size_t i = 0; i < value->count; i++)
			text = revchain_arena_printf(arena, "%s%s%s", text, i ? "," : "",
						     show(&value->items[i]));
		return revchain_arena_printf(arena, "[%s]", text);
	case REVCHAIN_TOML_BOOLEAN:
		return value->boolean ? "true" : "false";
	default:
		return revchain_arena_printf(arena, "%c<%s>", "??s?ifDdt"[value->kind],
					     value -> text.bytes);
	}
}

static const char *show_table(const struct revchain_toml_table *table)
{
	const char *text = "";

	for (const struct revchain_toml_entry *entry = table->first; entry; entry = entry->next)
		text = revchain_arena_printf(arena, "%s%s%s=%s", text, *text ? " " : "",
					     entry->key.bytes, show(&entry->value));
	return revchain_arena_printf(arena, "{%s}", text);
}

static void check(const char *text, const char *expected)
{
	struct revchain_toml_table *root;
	struct revchain_error error;
	const char *got;

	if (revchain_toml_parse(text, strlen(text), "t.toml", arena, &root, &error))
		got = revchain_arena_printf(arena, "%d: %s", error.line, error.message);
	else
		got = show_table(root);
	cr_expect_str_eq(got, expected, "text     <<%s>>\nexpected <<%s>>\ngot      <<%s>>", text,
			 expected, got);
}

static void check_all(const char *const (*cases)[2], size_t count)
{
	for (size_t i = 0; i < count; i++)
		check(cases[i][0], cases[i][1]);
}

#define CHECK_ALL(cases) check_all(cases, sizeof(cases) / sizeof(*(cases)))

Test(toml, strings)
{
	static const char *const cases[][2] = {
		{"a=''", "{a=s<>}"},
		{"a=\"\"", "{a=s<>}"},
		{"a = 'x\\n' # c", "{a=s<x\\n>}"},
		{"a=\"\\b\\t\\n\\f\\r\\\"\\\\\"", "{a=s<\b\t\n\f\r\"\\>}"},
		{"a=\"\\u00e9\\u20AC\\U0001F600x\"",
		 "{a=s<\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80x>}"},
		{"a=\"\"\"\nx\ny\"\"\"", "{a=s<x\ny>}"},
		{"a=\"\"\"\r\nx\r\ny\"\"\"", "{a=s<x\ny>}"},
		{"a=\"\"\"x \\  \n\n \t y\"\"\"", "{a=s<x y>}"},
		{"a=\"\"\"\"\"\"\"\"", "{a=s<\"\">}"},
		{"a=\"\"\"x\"y\"\"z\"\"\"\"", "{a=s<x\"y\"\"z\">}"},
		{"a='''\nx'y''\\'''''", "{a=s<x'y''\\''>}"},
		{"'a b'.\"c\\td\" . e-_1 = 1", "{a b={c\td={e-_1=i<1>}}}"},
		{"a=\"\"\"x\"\"\"\"\"\"", "1: more on the line than belongs there"},
		{"a=\"", "1: a string that does not end"},
		{"a='x\ny'", "1: a string that does not end"},
		{"a='''x\n\n", "3: a string that does not end"},
		{"a=\"\\x41\"", "1: a backslash that starts no escape"},
		{"a=\"\"\"\\ x\"\"\"", "1: a backslash that starts no escape"},
		{"a=\"\\ud800\"", "1: an escape that is no Unicode character"},
		{"a=\"\\U00110000\"", "1: an escape that is no Unicode character"},
		{"a=\"\\u12\"", "1: \\u needs 4 hexadecimal digits"},
		{"\na='\x01'", "2: a control character, 0x01"},
		{"a='\x7f'", "1: a control character, 0x7f"},
		{"a='''\rx'''", "1: a control character, 0x0d"},
		{"# \x1b", "1: a control character, 0x1b"},
		{"# \xff", "1: not valid UTF-8"},
		{"\xef\xbb\xbf"
		 "a=1",
		 "1: starts with a byte-order mark, which Alembic cannot read"},
	};

	CHECK_ALL(cases);
}

Test(toml, scalars)
{
	static const char *const cases[][2] = {
		{"a=0", "{a=i<0>}"},
		{"a=-1_000", "{a=i<-1_000>}"},
		{"a=0xdEAD_beef", "{a=i<0xdEAD_beef>}"},
		{"a=0o17", "{a=i<0o17>}"},
		{"a=0b1_0", "{a=i<0b1_0>}"},
		{"a=1.5", "{a=f<1.5>}"},
		{"a=1e5", "{a=f<1e5>}"},
		{"a=+0.1E-0_1", "{a=f<+0.1E-0_1>}"},
		{"a=inf", "{a=f<inf>}"},
		{"a=-nan", "{a=f<-nan>}"},
		{"a=true", "{a=true}"},
		{"a=false", "{a=false}"},
		{"a=1979-05-27", "{a=d<1979-05-27>}"},
		{"a=1979-05-27 # x", "{a=d<1979-05-27>}"},
		{"a=1979-05-27 07:32:00", "{a=D<1979-05-27 07:32:00>}"},
		{"a=1979-05-27t07:32:00.123456789z", "{a=D<1979-05-27t07:32:00.123456789z>}"},
		{"a=1979-05-27T07:32:00-07:30", "{a=D<1979-05-27T07:32:00-07:30>}"},
		{"a=07:32:00.5", "{a=t<07:32:00.5>}"},
		{"a=2000-02-29", "{a=d<2000-02-29>}"},
		{"a=1900-02-29", "1: a date that does not exist: 1900-02-29"},
		{"a=2023-04-31", "1: a date that does not exist: 2023-04-31"},
		{"a=0000-01-01", "1: a date that does not exist: 0000-01-01"},
		{"a=01", "1: more on the line than belongs there"},
		{"a=1__0", "1: more on the line than belongs there"},
		{"a=1_", "1: more on the line than belongs there"},
		{"a=1.", "1: more on the line than belongs there"},
		{"a=1e", "1: more on the line than belongs there"},
		{"a=0x # c", "1: more on the line than belongs there"},
		{"a=0x", "1: more on the line than belongs there"},
		{"a=+0x1", "1: more on the line than belongs there"},
		{"a=0b2", "1: more on the line than belongs there"},
		{"a=24:00:00", "1: more on the line than belongs there"},
		{"a=07:32", "1: more on the line than belongs there"},
		{"a=truer", "1: more on the line than belongs there"},
		{"a=.5", "1: not a value that TOML knows"},
		{"a=True", "1: not a value that TOML knows"},
		{"a=_1", "1: not a value that TOML knows"},
		{"a=\n1", "1: a value is missing"},
		{"a=", "1: a value is missing"},
	};

	CHECK_ALL(cases);
}

Test(toml, structure)
{
	static const char *const cases[][2] = {
		{"", "{}"},
		{" \t\r\n# x\n", "{}"},
		{"a=[]", "{a=[]}"},
		{"a=[1,'x', # c\n\n [2,],\n]", "{a=[i<1>,s<x>,[i<2>]]}"},
		{"a={}", "{a={}}"},
		{"a={ b.c = 1 , b.d={e=[]}}", "{a={b={c=i<1> d={e=[]}}}}"},
		{"[ a . b ] # c\nc=1\n[a]\nd=2", "{a={b={c=i<1>} d=i<2>}}"},
		{"[[a]]\nx=1\n[[a]]\n[a.b]\ny=2", "{a=[{x=i<1>},{b={y=i<2>}}]}"},
		{"[[a.b]]\n[[a.b.c]]\n[[a.b.c]]\n[[a.b]]", "{a={b=[{c=[{},{}]},{}]}}"},
		{"a.b=1\na.c=2", "{a={b=i<1> c=i<2>}}"},
		{"[x]\na.b=1\n[x.a.d]\ny=1", "{x={a={b=i<1> d={y=i<1>}}}}"},
		{"''=1\n\"\"\"\"=2", "2: no `=` behind the key"},
		{"a=[1 2]", "1: neither `,` nor `]` in an array"},
		{"a=[\n1,\n", "3: a value is missing"},
		{"a=[,]", "1: not a value that TOML knows"},
		{"a={b=1,}", "1: a key is missing"},
		{"a={b=1\n}", "1: neither `,` nor `}` in an inline table, which ends on its line"},
		{"a b=1", "1: no `=` behind the key"},
		{"a", "1: no `=` behind the key"},
		{"=1", "1: a key is missing"},
		{"a.=1", "1: a key is missing"},
		{"[]", "1: a key is missing"},
		{"[a", "1: no `]` behind the name of a table"},
		{"[[a]", "1: no `]]` behind the name of a table"},
		{"[a] b=1", "1: more on the line than belongs there"},
		{"a=1 b=2", "1: more on the line than belongs there"},
		{"a=1\rb=2", "1: more on the line than belongs there"},
	};

	CHECK_ALL(cases);
}

Test(toml, declared_twice)
{
	static const char *const cases[][2] = {
		{"a=1\na=2", "2: a is there twice, first at line 1"},
		{"a=1\n\"\\u0061\"=2", "2: a is there twice, first at line 1"},
		{"[a]\n[a]", "2: a is there twice, first at line 1"},
		{"a=1\n[a]", "2: nothing can be added to a, which line 1 sets"},
		{"a=1\na.b=2", "2: nothing can be added to a, which line 1 sets"},
		{"a={}\na.b=2", "2: nothing can be added to a, which line 1 sets"},
		{"a={}\n[a]", "2: nothing can be added to a, which line 1 sets"},
		{"a={}\n[a.b]", "2: nothing can be added to a, which line 1 sets"},
		{"a=[]\n[[a]]", "2: a is there twice, first at line 1"},
		{"a=[{}]\n[a.b]", "2: nothing can be added to a, which line 1 sets"},
		{"[a]\n[[a]]", "2: a is there twice, first at line 1"},
		{"[[a]]\n[a]", "2: a is there twice, first at line 1"},
		{"[a.b]\n[a]\nb.c=1", "3: b is there twice, first at line 1"},
		{"[a]\nb.c=1\n[a.b]", "3: b is there twice, first at line 2"},
		{"a.b=1\n[a]", "2: a is there twice, first at line 1"},
		{"a={b=1,b=2}", "1: b is there twice, first at line 1"},
		{"a={b={},b.c=2}", "1: nothing can be added to b, which line 1 sets"},
		{"[[a]]\n[a.b]\n[[a]]\n[a.b]", "{a=[{b={}},{b={}}]}"},
	};

	CHECK_ALL(cases);
}

static const char *repeat(const char *piece, size_t times)
{
	char *text = revchain_arena_alloc(arena, strlen(piece) * times + 1), *end = text;

	for (size_t i = 0; i < times; i++)
		end = stpcpy(end, piece);
	return text;
}

Test(toml, nesting_is_bounded)
{
	struct revchain_toml_table *root;
	struct revchain_error error;
	const char *text =
		revchain_arena_printf(arena, "a=%s%s", repeat("[", 100), repeat("]", 100));

	cr_expect_eq(revchain_toml_parse(text, strlen(text), "t", arena, &root, &error),
		     REVCHAIN_OK);
	check(revchain_arena_printf(arena, "a=%s%s", repeat("[", 101), repeat("]", 101)),
	      "1: arrays and inline tables more than 100 deep");
	check(revchain_arena_printf(arena, "a=%s", repeat("{a=", 500000 / 3)),
	      "1: arrays and inline tables more than 100 deep");
	text = revchain_arena_printf(arena, "%sa=1", repeat("a.", 99));
	cr_expect_eq(revchain_toml_parse(text, strlen(text), "t", arena, &root, &error),
		     REVCHAIN_OK);
	check(revchain_arena_printf(arena, "%sa=1", repeat("a.", 100)),
	      "1: a key of more than 100 parts");
	check(revchain_arena_printf(arena, "%s", repeat("a.", 500000)),
	      "1: a key of more than 100 parts");
}

Test(toml, limits_of_size, .timeout = 20)
{
	struct revchain_toml_table *root;
	struct revchain_error error;
	char *text = revchain_arena_alloc(arena, (size_t)1024 * 1024), *end = text;

	for (int i = 0; i < 100000; i++)
		end += sprintf(end, "x%05d=0\n", i);
	cr_expect_eq(revchain_toml_parse(text, (size_t)(end - text), "t", arena, &root, &error),
		     REVCHAIN_OK);
	cr_expect_not_null(revchain_toml_get(root, "x99999"));
	sprintf(end, "x00007=1\n");
	cr_expect_eq(revchain_toml_parse(text, strlen(text), "t", arena, &root, &error),
		     REVCHAIN_USAGE);
	cr_expect_eq(error.line, 100001);
	cr_expect_eq(revchain_toml_parse(repeat("\n", 1024 * 1024 + 1), 1024 * 1024 + 1, "t", arena,
					 &root, &error),
		     REVCHAIN_USAGE);
}
