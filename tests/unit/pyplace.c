/* Where a module has the values that the scanner reads: places in the bytes of the file. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "revchain/pyscan.h"

struct place {
	const char *text;
	const char *written;  /* the part of the text that is assigned to down_revision; "" none */
	const char *literals; /* the parts of its strings, with | behind each */
};

static void check(struct revchain_arena *arena, const struct place *place)
{
	const struct revchain_value *value;
	struct revchain_pyscan scan;
	struct revchain_error error;
	char literals[200] = "";
	size_t i;

	cr_assert_eq(revchain_pyscan(place->text, strlen(place->text), arena, &scan, &error), 0);
	value = &scan.down_revision;
	cr_expect_eq(value->written.end - value->written.begin, strlen(place->written), "%s",
		     place->text);
	cr_expect_eq(
		memcmp(place->text + value->written.begin, place->written, strlen(place->written)),
		0, "%s: %.20s", place->text, place->text + value->written.begin);
	for (i = 0; i < value->count; i++)
		snprintf(literals + strlen(literals), sizeof(literals) - strlen(literals), "%.*s|",
			 (int)(value->literals[i].end - value->literals[i].begin),
			 place->text + value->literals[i].begin);
	cr_expect_str_eq(literals, place->literals, "%s", place->text);
}

Test(pyplace, values)
{
	static const struct place places[] = {
		{"down_revision = 'aa'", "'aa'", "'aa'|"},
		{"down_revision: str = None  # why", "None", ""},
		{"down_revision = (\n    'a' # b\n    'c'\n)", "'a' # b\n    'c'",
		 "'a' # b\n    'c'|"},
		{"down_revision = \\\r\n\t(('aa'))\r\n", "'aa'", "'aa'|"},
		{"down_revision = ('aa', \"bb\",)\n", "('aa', \"bb\",)", "'aa'|\"bb\"|"},
		{"down_revision = 'aa', ['b'][0]\n", "", ""},
		{"down_revision = 'aa',\n", "'aa',", "'aa'|"},
		{"p = 'aa'\ndown_revision = p\n", "p", "|"},
		{"p = 'aa'\ndown_revision = ('bb', p)\n", "('bb', p)", "'bb'||"},
		{"revision, down_revision = 'aa', 'bb'", "'bb'", "'bb'|"},
		{"p = 'aa', 'bb'\nrevision, down_revision = p", "", "|"},
		{"down_revision = revchain.get_down_revision('x') ;",
		 "revchain.get_down_revision('x')", "'x'|"},
		{"\xEF\xBB\xBFx = 1\rdown_revision = 'aa'\r", "'aa'", "'aa'|"},
		{"# coding: cp1252\nx = '\xe9\xe9'\r\ndown_revision = '\xe9\x80'\r\n", "'\xe9\x80'",
		 "'\xe9\x80'|"},
		{"# coding: koi8-r\nx = '\xe9\xe9'\ndown_revision = 'aa'", "'aa'", "'aa'|"},
		{"if x:\n    down_revision = 'aa'", "", ""},
		{"x = '", "", ""},
	};
	struct revchain_arena *arena = revchain_arena_new();
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(*places); i++)
		check(arena, &places[i]);
	revchain_arena_free(arena);
}

/* The text with a | where an import may be put in. */
Test(pyplace, imports)
{
	static const char *const rows[] = {
		"|",
		"|revision = 'aa'\n",
		"# first\n|import os\n",
		"\n# coding: latin-1 \xe9\n|",
		"# no statement, no newline|",
		"\"doc\"\n|x = 1\n",
		"# coding: latin-1\r\n\"\xe9\"\r\n|x = 1\r\n",
		"'doc'\nfrom __future__ import a\nfrom __future__ import (b,\n c)  # d\n|x = 1\n",
		"'doc'\nfrom __future__ import a\nimport os\nfrom alembic import op\n|x = 1\n",
		"import os\nimport alembic.op\n|from alembic import op\n",
		"|if x:\n    from alembic import op\n",
		"|down_revision = None\nfrom alembic import op\n",
		"\"doc\"\n|down_revision = None\nfrom alembic import op\n",
		"|from alembic import op; down_revision = None\n",
	};
	struct revchain_arena *arena = revchain_arena_new();
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct revchain_pyscan scan;
		struct revchain_error error;
		char text[200];
		size_t at = strcspn(rows[i], "|");

		snprintf(text, sizeof(text), "%.*s%s", (int)at, rows[i], rows[i] + at + 1);
		cr_assert_eq(revchain_pyscan(text, strlen(text), arena, &scan, &error), 0);
		cr_expect_eq(scan.import_at, at, "%s: %zu", rows[i], scan.import_at);
		cr_expect_not(scan.imports_lookup);
	}
	revchain_arena_free(arena);
}

Test(pyplace, no_place_for_an_import)
{
	static const char *const rows[] = {
		"'doc'; down_revision = None\n",
		"from __future__ import a; down_revision = None\n",
	};
	struct revchain_arena *arena = revchain_arena_new();
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct revchain_pyscan scan;
		struct revchain_error error;

		cr_assert_eq(revchain_pyscan(rows[i], strlen(rows[i]), arena, &scan, &error), 0);
		cr_expect_eq(scan.import_at, SIZE_MAX, "%s", rows[i]);
	}
	revchain_arena_free(arena);
}

Test(pyplace, imported_lookup)
{
	static const char text[] = "from alembic_git_revisions import get_down_revision\n";
	struct revchain_arena *arena = revchain_arena_new();
	struct revchain_pyscan scan;
	struct revchain_error error;

	cr_assert_eq(revchain_pyscan(text, strlen(text), arena, &scan, &error), 0);
	cr_expect(scan.imports_lookup);
	revchain_arena_free(arena);
}
