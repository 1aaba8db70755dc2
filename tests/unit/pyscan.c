/* What a module declares. One table again: build/tests/unit/pyscan --filter pyscan/TABLE */
#include "pyscan_table.h"

Test(pyscan, template_of_alembic)
{
	static const struct row rows[] = {
		{"\"\"\"add users\n\nRevision ID: 1a\nRevises: 2b\nCreate Date: 2024-01-02 "
		 "03:04:05\n\n\"\"\"\n"
		 "from typing import Sequence, Union\n\nfrom alembic import op\nimport sqlalchemy "
		 "as sa\n\n"
		 "revision: str = '1a'\ndown_revision: Union[str, Sequence[str], None] = '2b'\n"
		 "branch_labels: Union[str, None] = None\ndepends_on: Union[str, None] = None\n\n"
		 "def upgrade() -> None:\n    revision = 'no'\n",
		 "revision='1a'@13 down_revision='2b'@14 branch_labels=None@15 depends_on=None@16"},
		{"", ""},
		{"x = 1\n", ""},
		{"revision = 'a'", "revision='a'@1"},
	};

	CHECK_TABLE(rows);
}

Test(pyscan, statements)
{
	static const struct row rows[] = {
		{"revision='a';down_revision=None ; depends_on = ()",
		 "revision='a'@1 down_revision=None@1 depends_on=()@1"},
		{"revision: str = 'a'", "revision='a'@1"},
		{"revision: str", ""},
		{"revision = 'a'\nrevision: str", "revision='a'@1"},
		{"(revision): str = 'a'", "revision='a'@1"},
		{"revision: lambda: 0 = 'a'", "revision='a'@1"},
		{"revision = depends_on = 'a'", "revision='a'@1 depends_on='a'@1"},
		{"(revision) = ((depends_on)) = 'a'", "revision='a'@1 depends_on='a'@1"},
		{"revision = 'a'\nrevision = 'b'", "revision='b'@2"},
		{"revision \\\n = \\\n 'a'", "revision='a'@1"},
		{"depends_on = revision \\\n = 'a'", "revision='a'@1 depends_on='a'@1"},
		{"revision, down_revision = 'a', None", "revision='a'@1 down_revision=None@1"},
		{"(revision, down_revision,) = ['a', ('b', 'c')]",
		 "revision='a'@1 down_revision=('b','c')@1"},
		{"[revision] = ['a']", "revision='a'@1"},
		{"revision, = 'a',", "revision='a'@1"},
		{"revision, x = 'a', 'b', 'c'", "revision=?@1 !1 revision is unpacked from a value "
						"that cannot be read without running the module"},
		{"revision, x = 'ab'", "revision=?@1 !1 revision is unpacked from a value that "
				       "cannot be read without running the module"},
		{"revision, x = {'a', 'b'}", "revision=?@1 !1 revision is unpacked from a value "
					     "that cannot be read without running the module"},
		{"revision, *x = 'a', 'b'", "revision=?@1 !1 revision is unpacked from a value "
					    "that cannot be read without running the module"},
		{"x.revision = 'a'\nx[revision] = 'b'\nf(revision='c')\n{'revision': 1}", ""},
		{"# revision = 'a'\n'revision = 1'\n'''\nrevision = 'b'\n'''", ""},
		{"print \"python 2\", revision\nexec \"revision = 1\"\nrevision = 'a'",
		 "revision='a'@3"},
		{"match = 'm'\ncase = 'c'\ntype = 't'\nprint = 'p'\nrevision = type",
		 "revision='t'@5"},
		{"match: str = 'm'\nrevision = match", "revision='m'@2"},
		{"type X = int\ntype Y[T] = T\nrevision = 'a'", "revision='a'@3"},
		{"@d(revision)\nclass C:\n  revision = 1\nrevision = 'a'", "revision='a'@4"},
		{"x = lambda revision=1, *y: (revision, 2)\nrevision = 'a'", "revision='a'@2"},
		{"x = f'{revision!r:>{width}}' f\"{'a' if x else \"b\"}\"\nrevision = 'a'",
		 "revision='a'@2"},
	};

	CHECK_TABLE(rows);
}

Test(pyscan, strings)
{
	static const struct row rows[] = {
		{"revision = \"a\"", "revision='a'@1"},
		{"revision = '''a\nb'''", "revision='a\nb'@1"},
		{"revision = \"\"\"a\"b\"\"c\"\"\"", "revision='a\"b\"\"c'@1"},
		{"revision = ''", "revision=''@1"},
		{"revision = '''''' \"\"\"\"\"\"", "revision=''@1"},
		{"revision = r'a\\b\\''", "revision='a\\b\\''@1"},
		{"revision = R\"\\x41\" u'b' U'c'", "revision='\\x41bc'@1"},
		{"revision = 'a' \"b\" '''c'''", "revision='abc'@1"},
		{"revision = 'a' \\\n 'b'", "revision='ab'@1"},
		{"revision = ('a' # one\n  # 'two'\n 'b')", "revision='ab'@1"},
		{"revision = (('a'))", "revision='a'@1"},
		{"revision = 'a\\\nb'", "revision='ab'@1"},
		{"revision = 'a\\\r\nb'", "revision='ab'@1"},
		{"revision = '''a\r\nb\rc'''", "revision='a\nb\nc'@1"},
		{"revision = '\\\\\\'\\\"'", "revision='\\'\"'@1"},
		{"revision = '\\a\\b\\f\\n\\r\\t\\v'", "revision='\a\b\f\n\r\t\v'@1"},
		{"revision = '\\x41\\101\\7\\1011'", "revision='AA\aA1'@1"},
		{"revision = '\\777\\400'", "revision='\xC7\xBF\xC4\x80'@1"},
		{"revision = '\\u00e9\\U0001F600'", "revision='\xC3\xA9\xF0\x9F\x98\x80'@1"},
		{"revision = '\\ud83d\\ude00'", "revision='\xED\xA0\xBD\xED\xB8\x80'@1"},
		{"revision = '\\q\\8\\ '", "revision='\\q\\8\\ '@1"},
		{"revision = '\xC3\xA9\xE6\x97\xA5'", "revision='\xC3\xA9\xE6\x97\xA5'@1"},
		{"revision = '#;\"'", "revision='#;\"'@1"},
		{"revision = '\\N{BULLET}'", "revision=?@1 !1 revision holds a character by its "
					     "name (\\N{...}), which is not looked up"},
		{"revision = r'\\N{BULLET}'", "revision='\\N{BULLET}'@1"},
		{"revision = 'a\\0'", "revision=?@1 !1 revision holds a NUL character"},
		{"revision = '\\x00'", "revision=?@1 !1 revision holds a NUL character"},
		{"revision = '\\u0000'", "revision=?@1 !1 revision holds a NUL character"},
		{"revision = '\\x4'",
		 "revision=?@1 !1 revision holds an escape sequence that Python refuses"},
		{"revision = '\\u12'",
		 "revision=?@1 !1 revision holds an escape sequence that Python refuses"},
		{"revision = '\\U00110000'",
		 "revision=?@1 !1 revision holds an escape sequence that Python refuses"},
		{"revision = '\\N'",
		 "revision=?@1 !1 revision holds an escape sequence that Python refuses"},
		{"revision = b'a'", "revision=?@1 !1 revision is a bytes literal"},
		{"revision = rB'a'", "revision=?@1 !1 revision is a bytes literal"},
		{"revision = f'a'", "revision=?@1 !1 revision is an f-string"},
		{"revision = 'a' Rf'b'", "revision=?@1 !1 revision is an f-string"},
		{"revision = t'a'", "revision=?@1 !1 revision is an f-string"},
		{"x = '\\N{BULLET} \\0 \\x'\nrevision = 'a'", "revision='a'@2"},
	};

	CHECK_TABLE(rows);
}

Test(pyscan, values)
{
	static const struct row rows[] = {
		{"down_revision = None", "down_revision=None@1"},
		{"down_revision = (None)", "down_revision=None@1"},
		{"down_revision = ()", "down_revision=()@1"},
		{"down_revision = []", "down_revision=()@1"},
		{"down_revision = ('a',)", "down_revision=('a')@1"},
		{"down_revision = 'a',", "down_revision=('a')@1"},
		{"down_revision = 'a', 'b'", "down_revision=('a','b')@1"},
		{"down_revision = ('a' 'b', ('c'),\n\n # why\n 'd',)",
		 "down_revision=('ab','c','d')@1"},
		{"down_revision = ['a', 'b',]", "down_revision=('a','b')@1"},
		{"down_revision = {'b', 'a'}", "down_revision=('b','a')@1"},
		{"down_revision = (('a', 'b'))", "down_revision=('a','b')@1"},
		{"branch_labels = ('x',)\ndepends_on = ['y']",
		 "branch_labels=('x')@1 depends_on=('y')@2"},
		{"down_revision = ('a', None)",
		 "down_revision=?@1 !1 down_revision holds something else than strings"},
		{"down_revision = ('a',\n ('b',))",
		 "down_revision=?@1 !2 down_revision holds something else than strings"},
		{"down_revision = ('a',\n f('b'))",
		 "down_revision=?@1 !2 down_revision is the result of a call"},
		{"revision = None", "revision=?@1 !1 revision is None"},
		{"revision = ('a',)", "revision=?@1 !1 revision is a sequence"},
		{"down_revision = {}", "down_revision=?@1 !1 down_revision is a dictionary"},
		{"down_revision = {'a': 'b'}",
		 "down_revision=?@1 !1 down_revision is a dictionary"},
		{"down_revision = 1", "down_revision=?@1 !1 down_revision is a number"},
		{"down_revision = .5j", "down_revision=?@1 !1 down_revision is a number"},
		{"down_revision = True", "down_revision=?@1 !1 down_revision is True or False"},
		{"down_revision = False", "down_revision=?@1 !1 down_revision is True or False"},
		{"down_revision = ...", "down_revision=?@1 !1 down_revision is computed"},
		{"down_revision = 'a' + 'b'", "down_revision=?@1 !1 down_revision is computed"},
		{"down_revision = 'a' % 'b'", "down_revision=?@1 !1 down_revision is computed"},
		{"down_revision = -1", "down_revision=?@1 !1 down_revision is computed"},
		{"down_revision = not x", "down_revision=?@1 !1 down_revision is computed"},
		{"down_revision = 'a' if x else 'b'",
		 "down_revision=?@1 !1 down_revision is computed"},
		{"down_revision = ['a' for x in y]",
		 "down_revision=?@1 !1 down_revision is computed"},
		{"down_revision = ('a' for x in y)",
		 "down_revision=?@1 !1 down_revision is computed"},
		{"down_revision = 'abc'[0]", "down_revision=?@1 !1 down_revision is computed"},
		{"down_revision = 'abc'.upper()", "down_revision=?@1 !1 down_revision is computed"},
		{"down_revision = *x,", "down_revision=?@1 !1 down_revision is computed"},
		{"down_revision = lambda: 'a'", "down_revision=?@1 !1 down_revision is computed"},
		{"down_revision = (x := 'a')", "down_revision=?@1 !1 down_revision is taken from "
					       "x, which no literal was assigned to before"},
		{"down_revision = frozenset({'a'})",
		 "down_revision=?@1 !1 down_revision is the result of a call"},
		{"down_revision = a.b",
		 "down_revision=?@1 !1 down_revision is an attribute of something else"},
		{"down_revision = "
		 "a_name_that_is_longer_than_the_sixty_characters_that_are_shown_of_it",
		 "down_revision=?@1 !1 down_revision is taken from "
		 "a_name_that_is_longer_than_the_sixty_characters_that_are_sho, which no literal "
		 "was "
		 "assigned to before"},
		{"down_revision = set_down_revision('a')",
		 "down_revision=?@1 !1 down_revision is the result of a call"},
		{"revision = f()\ndown_revision = 'b'",
		 "revision=?@1 down_revision='b'@2 !1 revision is the result of a call"},
	};

	CHECK_TABLE(rows);
}

Test(pyscan, calls)
{
	static const struct row rows[] = {
		{"revision = 'a'\ndown_revision = get_down_revision(revision)",
		 "revision='a'@1 down_revision=call('a')@2"},
		{"down_revision = get_down_revision('a')", "down_revision=call('a')@1"},
		{"down_revision = (get_down_revision('a' 'b', ))", "down_revision=call('ab')@1"},
		{"down_revision = get_down_revision(('a'))", "down_revision=call('a')@1"},
		{"down_revision = revchain.get_down_revision('a')", "down_revision=call('a')@1"},
		{"down_revision = a.b . c.\\\nget_down_revision('a')", "down_revision=call('a')@1"},
		{"down_revision = get_down_revision('a', f(1, 2), versions_dir=[x])",
		 "down_revision=call('a')@1"},
		{"down_revision = get_down_revision(revision='a')", "down_revision=call('a')@1"},
		{"down_revision = get_down_revision(versions_dir=f(a, b), revision='a')",
		 "down_revision=call('a')@1"},
		{"down_revision = get_down_revision(revision)",
		 "down_revision=?@1 !1 down_revision is taken from revision, which no literal was "
		 "assigned to before"},
		{"down_revision = get_down_revision()",
		 "down_revision=?@1 !1 down_revision calls get_down_revision without a revision "
		 "that can be read"},
		{"down_revision = get_down_revision(*x)",
		 "down_revision=?@1 !1 down_revision calls get_down_revision without a revision "
		 "that can be read"},
		{"down_revision = get_down_revision(versions_dir=x, **y)",
		 "down_revision=?@1 !1 down_revision calls get_down_revision without a revision "
		 "that can "
		 "be read"},
		{"down_revision = get_down_revision(pathname='b', revision='a')",
		 "down_revision=call('a')@1"},
		{"down_revision = get_down_revision(versions_dir='b')",
		 "down_revision=?@1 !1 down_revision calls get_down_revision without a revision "
		 "that can be read"},
		{"down_revision = get_down_revision(f'a')",
		 "down_revision=?@1 !1 down_revision calls get_down_revision with something else "
		 "than a string"},
		{"down_revision = get_down_revision(get_down_revision('a'))",
		 "down_revision=?@1 !1 down_revision calls get_down_revision with something else "
		 "than a string"},
		{"down_revision = get_down_revision(None)",
		 "down_revision=?@1 !1 down_revision calls get_down_revision with something else "
		 "than a string"},
		{"down_revision = get_down_revision('a', 'b').x",
		 "down_revision=?@1 !1 down_revision is computed"},
		{"down_revision = x().get_down_revision('a')",
		 "down_revision=?@1 !1 down_revision is the result of a call"},
		{"down_revision = (get_down_revision('a'),)",
		 "down_revision=?@1 !1 down_revision holds something else than strings"},
		{"depends_on = get_down_revision('a')",
		 "depends_on=?@1 !1 depends_on is the result of a call"},
		{"revision = get_down_revision('a')",
		 "revision=?@1 !1 revision is the result of a call"},
	};

	CHECK_TABLE(rows);
}

Test(pyscan, names_are_followed)
{
	static const struct row rows[] = {
		{"x = 'a'\nrevision = x", "revision='a'@2"},
		{"x = 'a'\nrevision = x\nx = 'b'", "revision='a'@2"},
		{"x = 'a'\ny = x\ndown_revision = (y, 'b')", "down_revision=('a','b')@3"},
		{"x = ('a', 'b')\ndown_revision = x", "down_revision=('a','b')@2"},
		{"x = None\ndown_revision = x", "down_revision=None@2"},
		{"revision = x\nx = 'a'", "revision=?@1 !1 revision is taken from x, which no "
					  "literal was assigned to before"},
		{"x = f()\nrevision = x", "revision=?@2 !2 revision is taken from x, which cannot "
					  "be read without running the module (line 1)"},
		{"x = 'a'\nif y:\n  x = 'b'\nrevision = x",
		 "revision=?@4 !4 revision is taken from x, which cannot be read without running "
		 "the module (line 3)"},
		{"x = 'a'\nimport x\nrevision = x",
		 "revision=?@3 !3 revision is taken from x, which cannot be read without running "
		 "the module (line 2)"},
		{"x = 'a'\ndef f():\n  global x\nrevision = x",
		 "revision=?@4 !4 revision is taken from x, which cannot be read without running "
		 "the module (line 1)"},
		{"x = ['a']\nx.append('b')\ndown_revision = x",
		 "down_revision=?@3 !2 down_revision is changed in place"},
		{"x = ['a']\ndown_revision = x\nx += ['b']",
		 "down_revision=?@2 !3 down_revision is changed in place"},
		{"x = ['a']\ndown_revision = x\nx[0] = 'b'",
		 "down_revision=?@2 !3 down_revision is changed in place"},
		{"x = ('a',)\ndown_revision = x\nx += ('b',)", "down_revision=('a')@2"},
		{"x = ['a']\ndown_revision = x\nx[0] = 'b'\nx[0] = 'c'",
		 "down_revision=?@2 !3 down_revision is changed in place"},
		{"x = ('a',)\nx[0] = 'b'\ndown_revision = x",
		 "down_revision=?@3 !3 down_revision is taken from x, which cannot be read without "
		 "running the module (line 2)"},
		{"x = f()\nx[0] = 'b'\ndown_revision = x",
		 "down_revision=?@3 !3 down_revision is taken from x, which cannot be read without "
		 "running the module (line 2)"},
		{"\xC3\xA9 = 'a'\nrevision = \xC3\xA9",
		 "revision=?@2 !2 revision is taken from \xC3\xA9, which no literal was assigned "
		 "to before"},
		/* in fullwidth, mathematical and ligated letters */
		{"\xEF\xBD\x92\xEF\xBD\x85vision = 'a'", "revision='a'@1"},
		{"\xF0\x9D\x90\x9D"
		 "epends\xEF\xBC\xBFon = 'a'",
		 "depends_on='a'@1"},
		{"\xEF\xAC\x81rst = 'a'\nrevision = first", "revision='a'@2"},
		{"revi\xC5\xBFion = 'a'", "revision='a'@1"},
	};

	CHECK_TABLE(rows);
}

Test(pyscan, other_bindings)
{
	static const struct row rows[] = {
		{"if x:\n  revision = 'a'", "revision=?@2 !2 revision is set inside an if"},
		{"if x: pass; revision = 'a'", "revision=?@1 !1 revision is set inside an if"},
		{"if x:\n  pass\nelif y:\n  revision = 'a'",
		 "revision=?@4 !4 revision is set inside an elif"},
		{"if x:\n  pass\nelse:\n  revision = 'a'",
		 "revision=?@4 !4 revision is set inside an else"},
		{"try:\n  revision = 'a'\nfinally:\n  pass",
		 "revision=?@2 !2 revision is set inside a try"},
		{"try:\n  pass\nexcept E:\n  revision = 'a'",
		 "revision=?@4 !4 revision is set inside an except clause"},
		{"try:\n  pass\nfinally:\n  revision = 'a'",
		 "revision=?@4 !4 revision is set inside a finally"},
		{"for x in y:\n  revision = 'a'",
		 "revision=?@2 !2 revision is set inside a for loop"},
		{"while x:\n  revision: str = 'a'",
		 "revision=?@2 !2 revision is set inside a while loop"},
		{"with x:\n  y = [revision, z] = 'a'",
		 "revision=?@2 !2 revision is set inside a with block"},
		{"match x:\n  case 1:\n    revision = 'a'",
		 "revision=?@3 !3 revision is set inside a match"},
		{"if x:\n  while y:\n    revision = 'a'",
		 "revision=?@3 !3 revision is set inside a while loop"},
		{"for revision in x: pass", "revision=?@1 !1 revision is set by a for loop"},
		{"for a, (b, *revision) in x: pass",
		 "revision=?@1 !1 revision is set by a for loop"},
		{"for a[revision], b.revision in x: pass", ""},
		{"with x as revision: pass", "revision=?@1 !1 revision is set by a with statement"},
		{"with (x as y,\n z as (a, revision)): pass",
		 "revision=?@2 !2 revision is set by a with statement"},
		{"try: pass\nexcept E as revision: pass",
		 "revision=?@2 !2 revision is set by an except clause"},
		{"match x:\n  case [a, *revision]: pass",
		 "revision=?@2 !2 revision is set by the pattern of a match"},
		{"match x:\n  case {'a': 1, **revision}: pass",
		 "revision=?@2 !2 revision is set by the pattern of a match"},
		{"match x:\n  case A(b=1) as revision: pass",
		 "revision=?@2 !2 revision is set by the pattern of a match"},
		{"match x:\n  case A.revision | revision.b: pass\n  case revision(revision=1) if "
		 "revision: pass",
		 ""},
		{"import revision", "revision=?@1 !1 revision is bound by an import"},
		{"import revision.x", "revision=?@1 !1 revision is bound by an import"},
		{"import x.revision", ""},
		{"import x.y as revision, z", "revision=?@1 !1 revision is bound by an import"},
		{"from x import (a, b as revision)",
		 "revision=?@1 !1 revision is bound by an import"},
		{"from . import revision", "revision=?@1 !1 revision is bound by an import"},
		{"from revision import revision as x", ""},
		{"from x import *\nrevision = 'a'\nfrom y import *", "revision='a'@2"},
		{"def revision(): pass", "revision=?@1 !1 revision is bound by a def statement"},
		{"async def revision(): pass",
		 "revision=?@1 !1 revision is bound by a def statement"},
		{"class revision: pass", "revision=?@1 !1 revision is bound by a class statement"},
		{"type revision = int", "revision=?@1 !1 revision is bound by a type statement"},
		{"type revision[T] = T", "revision=?@1 !1 revision is bound by a type statement"},
		{"revision = 'a'\ndel revision", "revision=?@2 !2 revision is deleted"},
		{"revision = 'a'\ndel x, (y, revision)", "revision=?@2 !2 revision is deleted"},
		{"revision = 'a'\nrevision += 'b'",
		 "revision=?@2 !2 revision is changed by an augmented assignment"},
		{"down_revision = ['a']\ndown_revision[0] = 'b'",
		 "down_revision=?@1 !2 down_revision is changed in place"},
		{"down_revision = ['a']\ndel down_revision[0]",
		 "down_revision=?@1 !2 down_revision is changed in place"},
		{"down_revision = ['a']\ndown_revision.append('b')",
		 "down_revision=?@1 !2 down_revision is changed in place"},
		{"revision = 'a'\nrevision.upper()", "revision='a'@1"},
		{"x = [revision := 'a']",
		 "revision=?@1 !1 revision is set by := inside an expression"},
		{"if (revision := 'a'): pass",
		 "revision=?@1 !1 revision is set by := inside an expression"},
		{"f'{(revision := 1)}'",
		 "revision=?@1 !1 revision is set by := inside an expression"},
		{"f'{revision:=1}'", ""},
		{"[revision := x for x in y]",
		 "revision=?@1 !1 revision is set by := inside an expression"},
		{"@d(revision := 1)\ndef f(): pass",
		 "revision=?@1 !1 revision is set by := inside an expression"},
		{"def f(x=(revision := 1)): pass",
		 "revision=?@1 !1 revision is set by := inside an expression"},
		{"x = lambda: (revision := 1)", ""},
		{"x = lambda y=(revision := 1): y",
		 "revision=?@1 !1 revision is set by := inside an expression"},
		{"x = [lambda: 1, (revision := 1)]",
		 "revision=?@1 !1 revision is set by := inside an expression"},
		{"x = [lambda: (revision := 1) for y in z]", ""},
		{"x = [lambda: 1 for y in (revision := z)]",
		 "revision=?@1 !1 revision is set by := inside an expression"},
		{"x = lambda a=lambda: 0, b=(revision := 1): a",
		 "revision=?@1 !1 revision is set by := inside an expression"},
		{"x = lambda a=lambda: (revision := 1): a", ""},
		{"def f():\n  global revision",
		 "revision=?@0 !2 revision is declared global in a function, which may change it"},
		{"revision = 'a'\nclass C:\n  def f(self):\n    if x: y; global z, revision",
		 "revision=?@1 !4 revision is declared global in a function, which may change it"},
		{"def f(): global revision\nrevision = 'a'",
		 "revision=?@2 !1 revision is declared global in a function, which may change it"},
		{"def f():\n  global x\n  revision = 1", ""},
		{"(revision).x = 1\n[revision][0] = 1\n(revision, x)[0] = 1", ""},
		{"global revision\nrevision = 'a'", "revision='a'@2"},
		{"def f():\n  revision = 1\n  def g():\n    nonlocal revision\n  for revision in "
		 "x: pass",
		 ""},
		{"class C:\n  revision = 1\n  if x: revision = 2\n  [revision := 3]", ""},
	};

	CHECK_TABLE(rows);
}

Test(pyscan, last_assignment_wins)
{
	static const struct row rows[] = {
		{"if x:\n  revision = 'a'\nrevision = 'b'", "revision='b'@3"},
		{"revision = 'b'\nif x:\n  revision = 'a'",
		 "revision=?@3 !3 revision is set inside an if"},
		{"import revision\nrevision = 'b'", "revision='b'@2"},
		{"revision = f()\nrevision = 'b'", "revision='b'@2"},
		{"revision = 'b'\nrevision = f()",
		 "revision=?@2 !2 revision is the result of a call"},
		{"try:\n  revision = 'a'\nexcept E:\n  revision = 'b'",
		 "revision=?@2 !2 revision is set inside a try"},
		{"depends_on = f()\nrevision = g()",
		 "revision=?@2 depends_on=?@1 !1 depends_on is the result of a call !2 revision is "
		 "the result of a call"},
	};

	CHECK_TABLE(rows);
}

static const char *docstring_of(const char *text, struct revchain_arena *arena,
				struct revchain_pyscan *scan)
{
	struct revchain_error error;

	cr_assert_eq(revchain_pyscan(text, strlen(text), arena, scan, &error), REVCHAIN_OK);
	return scan->docstring ? scan->docstring : "(none)";
}

Test(pyscan, docstring)
{
	static const struct row rows[] = {
		{"'''a\nb'''\nx = 1", "a\nb"},
		{"# comment\n\n\"a\"; x = 1", "a"},
		{"'a' \\\n r'\\b'", "a\\b"},
		{"(('a'\n'b'))", "ab"},
		{"'\\N{BULLET}\\0.'", "??."},
		{"x = 1\n'a'", "(none)"},
		{"b'a'", "(none)"},
		{"f'a'", "(none)"},
		{"'a' f'b'", "(none)"},
		{"'a'.x", "(none)"},
		{"'a',", "(none)"},
		{"", "(none)"},
	};
	struct revchain_arena *arena = revchain_arena_new();
	struct revchain_pyscan scan;
	size_t i;

	cr_assert(arena);
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *found = docstring_of(rows[i].text, arena, &scan);
		cr_expect_str_eq(found, rows[i].expected, "text %s\nexpected %s\ngot %s",
				 rows[i].text, rows[i].expected, found);
	}
	docstring_of("'''x\n\nCreate Date: 1970-01-01 00:00:01.5\n'''", arena, &scan);
	cr_expect(scan.has_create_date && scan.create_date == 1500000);
	docstring_of("'''x\n\nCreate Date: soon\n'''", arena, &scan);
	cr_expect(!scan.has_create_date && scan.create_date == 0);
	revchain_arena_free(arena);
}

Test(pyscan, hints)
{
	static const char text[] = "down_revision = f()\n";
	struct revchain_arena *arena = revchain_arena_new();
	struct revchain_pyscan scan;

	docstring_of(text, arena, &scan);
	cr_assert_eq(scan.problem_count, 1);
	cr_expect_str_eq(scan.problems[0].hint, "assign a string, None, a tuple of strings or "
						"get_down_revision(revision) to it at the top "
						"level of the module");
	revchain_arena_free(arena);
}
