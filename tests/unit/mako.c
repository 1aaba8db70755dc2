#include <criterion/criterion.h>
#include <stdarg.h>
#include <string.h>

#include "bounded.h"
#include "revchain/mako.h"

static struct revchain_arena *arena;

static void set_up(void)
{
	arena = revchain_arena_new();
}

static void tear_down(void)
{
	revchain_arena_free(arena);
}

TestSuite(mako, .init = set_up, .fini = tear_down, .timeout = 60);

/* "databases" is set, "bad" cannot be read, others are not there. */
static int option(void *data, const char *name, struct revchain_arena *memory, const char **value,
		  struct revchain_error *error)
{
	(void)data;
	*value = NULL;
	if (strcmp(name, "bad") == 0)
		return revchain_fail(error, REVCHAIN_USAGE, "bad cannot be interpolated");
	if (strcmp(name, "databases") == 0)
		*value = revchain_arena_copy(memory, "one, two", 8);
	return REVCHAIN_OK;
}

/* What a template of so many bytes makes; an error as "LINE: MESSAGE". */
static const char *render_bytes(const char *text, size_t length, size_t parent_count)
{
	static const char *const parents[] = {"p1", "p2"};
	struct revchain_mako_values values = {
		.message = "it's \"a\" message",
		.revision = "rev",
		.parents = parents,
		.parent_count = parent_count,
		.created = {.tm_year = 124,
			    .tm_mon = 1,
			    .tm_mday = 3,
			    .tm_hour = 4,
			    .tm_min = 5,
			    .tm_sec = 6},
		.created_text = "2024-02-03 04:05:06",
		.option = option,
	};
	struct revchain_buffer output = {0};
	struct revchain_error error = {0};
	const char *result;
	int status = revchain_mako_render(text, length, "script.py.mako", &values, arena, &output,
					  &error);

	if (status)
		result = revchain_arena_printf(arena, "%d: %s", error.line, error.message);
	else
		result = revchain_arena_copy(arena, output.text ? output.text : "", output.length);
	cr_expect(!status || status == REVCHAIN_USAGE);
	revchain_buffer_free(&output);
	return result;
}

static const char *render(const char *text)
{
	return render_bytes(text, strlen(text), 2);
}

struct row {
	const char *text, *expected;
};

static void check(const struct row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const char *got = render(rows[i].text);

		cr_expect_str_eq(got, rows[i].expected, "%s\nexpected %s\ngot      %s",
				 rows[i].text, rows[i].expected, got);
	}
}

#define CHECK(...)                                                                                 \
	do {                                                                                       \
		static const struct row rows[] = {__VA_ARGS__};                                    \
		check(rows, sizeof(rows) / sizeof(*rows));                                         \
	} while (0)

Test(mako, text)
{
	CHECK({"", ""}, {"a\n", "a\n"}, {"no end", "no end"}, {"$ {} $x 5 % 3", "$ {} $x 5 % 3"},
	      {"a \\\nb \\\r\nc \\ d\n", "a b c \\ d\n"}, {"a\n## gone\n  ## too\nb", "a\nb"},
	      {"a ## stays", "a ## stays"}, {"<%doc>x\n${y}</%doc>z", "z"},
	      {"\xEF\xBB\xBF"
	       "a",
	       "a"},
	      {"# coding: utf-8\na", "a"}, {"# coding=UTF8\na", "a"},
	      {"# coding: latin-1\na",
	       "1: the template is in another encoding than UTF-8: # coding: latin-1"},
	      {"# decoding\na", "# decoding\na"}, {"#", "#"},
	      {"a\n%% b", "2: the template uses what only Mako understands: %% b"});
}

Test(mako, values)
{
	CHECK({"${message}", "it's \"a\" message"}, {"${up_revision}", "rev"},
	      {"${repr(message)}", "'it\\'s \"a\" message'"}, {"${down_revision}", "('p1', 'p2')"},
	      {"${create_date}", "2024-02-03 04:05:06"}, {"${branch_labels}", "None"},
	      {"${depends_on or 'none'}", "none"}, {"${repr(up_revision)}", "'rev'"},
	      {"${create_date.year}-${create_date.month}-${create_date.day}", "2024-2-3"},
	      {"${create_date.hour}:${create_date.minute}:${create_date.second}", "4:5:6"},
	      {"${create_date.zone}", "1: the template uses what only Mako understands: .zone"},
	      {"${nothing or 'x'}", "x"}, {"${True} ${False} ${None} ${12}", "True False None 12"},
	      {"${()}${('a',)}${('a', 'b')}", "()('a',)('a', 'b')"});
	cr_expect_str_eq(render_bytes("${down_revision}", 16, 0), "None");
	cr_expect_str_eq(render_bytes("${down_revision}", 16, 1), "p1");
}

Test(mako, filters)
{
	CHECK({"${down_revision | comma,n}", "p1, p2"}, {"${message | n}", "it's \"a\" message"},
	      {"${' x ' | trim}.", "x."}, {"${' x ' | str , trim}.", "x."},
	      {"${None | n,comma}.", "."}, {"${up_revision | comma}", "rev"},
	      {"${message | h}", "1: the template uses a filter that only Mako understands: h"},
	      {"${True | n,comma}",
	       "1: the template uses a filter that only Mako understands: comma"},
	      {"${down_revision | n,trim}",
	       "1: the template uses a filter that only Mako understands: trim"},
	      {"${12 | n}", "1: the template writes what is no string: 12 "},
	      {"${('a', 1) | n,comma}",
	       "1: the template uses a filter that only Mako understands: comma"});
}

Test(mako, operators)
{
	CHECK({"${'a' + 'b' + \"c\"}", "abc"}, {"${'a' if message else 'b'}", "a"},
	      {"${'a' if not message else 'b'}", "b"}, {"${'a' and 'b'}${'' and 'b'}", "b"},
	      {"${'a' or open()}", "a"}, {"${'x' == 'x'} ${'x' != 'x'}", "True False"},
	      {"${1 == True} ${2 == True}", "True False"}, {"${None is None}", "True"},
	      {"${message is not None} ${message is None}", "True False"},
	      {"${create_date == 'x'}", "False"}, {"${create_date == create_date}", "True"},
	      {"${None == None}", "True"}, {"${('a')}", "a"},
	      {"${'%s-%r %% %d' % ('a', 'b', 3)}", "a-'b' % 3"},
	      {"${'<%s>' % message}", "<it's \"a\" message>"},
	      {"${'%s' % ('a', 'b')}",
	       "1: the template uses what only Mako understands: '%s' % ('a', 'b')"},
	      {"${'%s %s' % 'a'}",
	       "1: the template uses what only Mako understands: '%s %s' % 'a'"},
	      {"${'%d' % 'a'}", "1: the template uses what only Mako understands: '%d' % 'a'"},
	      {"${'%x' % 1}", "1: the template uses what only Mako understands: '%x' % 1"},
	      {"${'%' % 1}", "1: the template uses what only Mako understands: '%' % 1"},
	      {"${1 % 2}", "1: the template uses what only Mako understands: 1 % 2"},
	      {"${1 + 2}", "1: the template uses what only Mako understands: 1 + 2"},
	      {"${'a' is 'a'}", "1: the template uses what only Mako understands: 'a' is 'a'"},
	      {"${('a',) == ('a',)}",
	       "1: the template uses what only Mako understands: ('a',) == ('a',)"},
	      {"${'a' ==}", "1: the template uses what only Mako understands: 'a' =="},
	      {"${== 'a'}", "1: the template uses what only Mako understands: == 'a'"},
	      {"${'a' if 'b'}", "1: the template uses what only Mako understands: 'a' if 'b'"},
	      {"${if 'b' else 'c'}",
	       "1: the template uses what only Mako understands: if 'b' else 'c'"});
}

Test(mako, literals)
{
	CHECK({"${'a\\n\\t\\r\\\\\\'\\\"'}", "a\n\t\r\\'\""}, {"${r'\\n'}", "\\n"},
	      {"${u'x'}", "x"}, {"${'''a'b'''}", "a'b"}, {"${\"\"\"a\"b\"\"\"}", "a\"b"},
	      {"${'}'}", "}"}, {"${repr('\\n\\r\\t')}", "'\\n\\r\\t'"},
	      {"${repr('\x01\x7f')}", "'\\x01\\x7f'"}, {"${repr('a\\\\b')}", "'a\\\\b'"},
	      {"${repr(\"it's\")}", "\"it's\""},
	      {"${f'x'}", "1: the template uses what only Mako understands: f'x'"},
	      {"${b'x'}", "1: the template uses what only Mako understands: b'x'"},
	      {"${'\\x41'}", "1: the template uses what only Mako understands: '\\x41'"},
	      {"${123456789}", "123456789"},
	      {"${1234567890}", "1: the template uses what only Mako understands: 1234567890"},
	      {"${1.5}", "1: the template uses what only Mako understands: 1.5"},
	      {"${'a", "1: the template uses what only Mako understands: ${'a"});
}

Test(mako, calls)
{
	CHECK({"${len('aé')} ${len(down_revision)}", "2 2"},
	      {"${bool('')} ${bool('x')}", "False True"},
	      {"${str(1)} ${repr(None)} ${repr(True)}", "1 None True"},
	      {"${comma(down_revision)}", "p1, p2"}, {"${', '.join(down_revision)}", "p1, p2"},
	      {"${'a,b'.split(',')}", "['a', 'b']"}, {"${' x '.strip()}.", "x."},
	      {"${isinstance(message, str)}", "True"},
	      {"${isinstance(down_revision, (tuple, list))}", "True"},
	      {"${isinstance('a,b'.split(','), list)}", "True"},
	      {"${isinstance(None, str)}", "False"},
	      {"${config.get_main_option('databases')}", "one, two"},
	      {"${config.get_main_option('none', 'x')}", "x"},
	      {"${config.get_main_option('none')}", "None"},
	      {"${config.get_main_option('bad')}", "1: bad cannot be interpolated"},
	      {"${context.get('message')}", "it's \"a\" message"},
	      {"${context.get('none')} ${context.get('none', 'x')}", "None x"},
	      {"<%! import re %>${re.split(',\\\\s*', 'a,  b,c')}", "['a', 'b', 'c']"},
	      {"<%! import re %>${re.split(';', 'a')}",
	       "1: the template uses what only Mako understands: split(';', 'a')"},
	      {"${re.split(',', 'a')}",
	       "1: the template uses what only Mako understands: split(',', 'a')"},
	      {"${len(1)}", "1: the template uses what only Mako understands: len(1)"},
	      {"${len()}", "1: the template uses what only Mako understands: len()"},
	      {"${isinstance('a')}",
	       "1: the template uses what only Mako understands: isinstance('a')"},
	      {"${isinstance('a', ('b',))}",
	       "1: the template uses what only Mako understands: isinstance('a', ('b',))"},
	      {"${', '.join('a')}", "1: the template uses what only Mako understands: join('a')"},
	      {"${', '.join(('a', 1))}",
	       "1: the template uses what only Mako understands: join(('a', 1))"},
	      {"${'a'.split(';')}", "1: the template uses what only Mako understands: split(';')"},
	      {"${'a'.strip('a')}", "1: the template uses what only Mako understands: strip('a')"},
	      {"${context.get()}", "1: the template uses what only Mako understands: get()"},
	      {"${comma.x()}", "1: the template uses what only Mako understands: x()"},
	      {"${None.x()}", "1: the template uses what only Mako understands: x()"},
	      {"${message.x}", "1: the template uses what only Mako understands: .x"},
	      {"${message[0]}", "1: the template uses what only Mako understands: [0]"},
	      {"${f(1, 2, 3, 4, 5, 6, 7, 8, 9)}",
	       "1: the template uses what only Mako understands: f(1, 2, 3, 4, 5, 6, 7, 8, 9)"},
	      {"${open('x')}", "1: the template uses what only Mako understands: open('x')"},
	      {"${open}", "1: the template uses what only Mako understands: open"});
}

Test(mako, control)
{
	CHECK({"% if message:\na\n% else:\nb\n% endif\n", "a\n"},
	      {"% if depends_on:\na\n% elif message:\nb\n% else:\nc\n% endif\n", "b\n"},
	      {"% if depends_on:\na\n% else:\nb\n% endif\n", "b\n"},
	      {"% if 'a':\n% if '':\nx\n% else:\ny\n% endif\n% endif\n", "y\n"},
	      {"% if '':\n% if 'a':\nx\n% elif 'b':\nz\n% else:\ny\n% endif\n${open()}\n% endif\n.",
	       "."},
	      {"% if '':\n% for a in 1:\nx\n% endfor\n<% b = 1 + 1 %>\n% endif\n.", "."},
	      {"% for p in down_revision:\n${p}\n% endfor\n", "p1\np2\n"},
	      {"% for p in ():\n${p}\n% endfor\n.", "."},
	      {"% for p in down_revision:\n% for q in ('a', 'b'):\n${p}${q}\n% endfor\n% endfor\n",
	       "p1a\np1b\np2a\np2b\n"},
	      {"% if message and \\\n  up_revision:\na\n% endif\n", "a\n"},
	      {"<% a = 'x'\n b = a + 'y' %>${b}${a}", "xyx"}, {"<% # nothing\n %>.", "."},
	      {"<% a = 'x' %><% a = 'y' %>${a}", "y"});
}

Test(mako, refused)
{
	CHECK({"\n% if message:\na\n", "4: the template has an if or for that does not end: "},
	      {"% for a in 1:\n% endfor\n",
	       "1: the template goes through something else than a list: for a in 1:"},
	      {"% for 1 in 'a':\n% endfor\n",
	       "1: the template has a loop that only Mako understands: for 1 in 'a':"},
	      {"% for a in\n% endfor\n",
	       "1: the template uses what only Mako understands:  for a in"},
	      {"% while a:\n", "1: the template uses what only Mako understands:  while a:"},
	      {"% endif\n", "1: the template uses what only Mako understands:  endif"},
	      {"% else:\n", "1: the template uses what only Mako understands:  else:"},
	      {"% if 'a':\n% else:\n% else:\n% endif\n",
	       "3: the template uses what only Mako understands:  else:"},
	      {"% if 'a':\n% else:\n% elif 'a':\n% endif\n",
	       "3: the template uses what only Mako understands:  elif 'a':"},
	      {"% for a in ():\n% endif\n",
	       "2: the template uses what only Mako understands:  endif"},
	      {"<%block>x</%block>",
	       "1: the template uses what only Mako understands: <%block>x</%block>"},
	      {"<%", "1: the template uses what only Mako understands: <%"},
	      {"</%x>", "1: the template uses what only Mako understands: </%x>"},
	      {"<&x>", "1: the template uses what only Mako understands: <&x>"},
	      {"<% import x %>", "1: the template uses what only Python understands: import x "},
	      {"<%! a = 1 %>", "1: the template uses what only Python understands: a = 1 "},
	      {"<% a = %>", "1: the template uses what only Python understands: a = "},
	      {"<%! import os %>${os}",
	       "1: the template uses a filter that only Mako understands: str"},
	      {"${}", "1: the template has an expression without anything in it: "},
	      {"${(}", "1: the template uses what only Mako understands: ${(}"},
	      {"<% a = (1] %>", "1: the template has an expression that cannot be read:  a = (1] "},
	      {"a\n<% doc", "2: the template uses what only Mako understands: <% doc"});
	cr_expect_str_eq(render_bytes("a\0b", 3, 1), "1: a NUL byte");
}

/* A text so many times. */
static const char *times(const char *text, size_t count)
{
	struct revchain_buffer buffer = {0};
	const char *copy;

	while (count-- > 0)
		revchain_buffer_puts(&buffer, text);
	copy = revchain_arena_copy(arena, buffer.text, buffer.length);
	revchain_buffer_free(&buffer);
	return copy;
}

/* Whatever a template does with its values, memory and time have bounds. */
Test(mako, makes_too_much)
{
	static const char *const bodies[] = {
		"<% a = a + a %>",
		"<% a = '%s%s' % (a, a) %>",
		"<% a = repr(a) %>",
		"<% a = a.join(a.split(',')) %>",
		"<% a = repr((a, a)) %>",
		"<% a = comma((a, a)) %>",
		"${a | trim}<% a = a + a %>",
	};
	const char *tuple = times("'a', ", 60);
	size_t i;

	bound_memory();
	for (i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		const char *text = revchain_arena_printf(
			arena, "<%% a = 'x,y' %%>\n%% for i in (%s):\n%s\n%% endfor\n", tuple,
			bodies[i]);

		cr_expect_not_null(strstr(render(text), "the template makes too much"), "%s: %s",
				   bodies[i], render(text));
	}
}
