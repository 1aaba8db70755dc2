#include "object.h"

#include "fixture.h"

#define TREE_ID "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
#define TREE "tree " TREE_ID "\n"
#define HEX(digit) digit digit digit digit digit digit digit digit
#define ID(digit) HEX(digit) HEX(digit) HEX(digit) HEX(digit) HEX(digit)
#define PARENT(digit) "parent " ID(digit) "\n"
#define AUTHOR "author A <a@b.c> 1600000000 -0800\n"

TestSuite(object, .init = fixture_open, .fini = fixture_close);

struct commit_case {
	const char *text;
	const char *parents; /* the digit that each consists of; NULL: damaged */
	int64_t date;
	int zone;
};

static void check_commit(const struct commit_case *expected, struct revchain_commit *commit)
{
	git_oid id = fixture_write(GIT_OBJECT_COMMIT, expected->text, strlen(expected->text));
	char hex[REVCHAIN_OID_HEX + 1];
	size_t i;
	int status = revchain_commit_read(fixture.repository, &id, commit, &fixture.error);

	if (!expected->parents) {
		cr_expect_eq(status, REVCHAIN_HISTORY, "damaged, and read with status %d:\n%s",
			     status, expected->text);
		return;
	}
	fixture_must(status);
	cr_expect(git_oid_equal(&commit->id, &id));
	git_oid_tostr(hex, sizeof(hex), &commit->tree);
	cr_expect_str_eq(hex, TREE_ID);
	cr_assert_eq(commit->parent_count, strlen(expected->parents), "%zu parents in\n%s",
		     commit->parent_count, expected->text);
	for (i = 0; i < commit->parent_count; i++)
		cr_expect_eq(*git_oid_tostr(hex, sizeof(hex), &commit->parents[i]),
			     expected->parents[i], "parent %zu is %s in\n%s", i, hex,
			     expected->text);
	cr_expect_eq(commit->date, expected->date, "date %lld in\n%s", (long long)commit->date,
		     expected->text);
	cr_expect_eq(commit->zone, expected->zone, "zone %d in\n%s", commit->zone, expected->text);
}

static void check_commits(const struct commit_case *cases, size_t count)
{
	struct revchain_commit commit = {0}; /* one for all: nothing may be left over */
	size_t i;

	for (i = 0; i < count; i++)
		check_commit(&cases[i], &commit);
	revchain_commit_free(&commit);
}

#define CHECK(cases) check_commits(cases, sizeof(cases) / sizeof(*(cases)))

Test(object, commit_headers)
{
	static const struct commit_case cases[] = {
		{TREE AUTHOR "committer C <c@d.e> 1700000000 +0000\n\nm\n", "", 1700000000, 0},
		{TREE PARENT("1") AUTHOR "committer C <c@d.e> 5 +0530\n\n", "1", 5, 330},
		{TREE PARENT("1") PARENT("2") PARENT("3") PARENT("4") PARENT("5") PARENT("1") AUTHOR
		 "committer C <c@d.e> 5 -0330\n\n",
		 "123451", 5, -210},
		{TREE PARENT("a") AUTHOR "committer C <c@d.e> 7 -1200\nencoding ISO-8859-1\n\n\xfc",
		 "a", 7, -720},
		{TREE PARENT("a") AUTHOR "committer C <c@d.e> 7 +1400\ngpgsig -----BEGIN PGP "
					 "SIGNATURE-----\n \n committer X <x> 9 "
					 "+0000\n -----END PGP SIGNATURE-----\n\nm",
		 "a", 7, 840},
		{TREE PARENT("a") PARENT("b") AUTHOR
		 "committer C <c@d.e> 7 +0000\nmergetag object " ID(
			 "c") "\n type commit\n tag v1\n tagger T "
			      "<t> 99 +0000\n \n " PARENT("d") "\nmessage",
		 "ab", 7, 0},
		/* what looks like a header in the message is none */
		{TREE AUTHOR
		 "committer C <c@d.e> 7 +0000\n\n" PARENT("1") "committer X <x> 9 +0100\n",
		 "", 7, 0},
		{TREE AUTHOR "\ncommitter X <x> 9 +0100\n", "", 0, 0},
		{TREE AUTHOR "\n" PARENT("1"), "", 0, 0},
	};

	CHECK(cases);
}

/* An id of every byte but the digits is damage, wherever it stands; of digits in either case it is
 * none. */
Test(object, commit_ids_are_hexadecimal)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	struct revchain_commit commit = {0};
	int byte;
	size_t place;

	for (byte = 1; byte < 256; byte++)
		for (place = 0; place < 2; place++) {
			char text[] = TREE PARENT("1") AUTHOR "\n";
			bool is_digit = strchr(digits, byte) != NULL;
			git_oid id;

			if (byte == '\n')
				continue;
			text[strlen(TREE "parent ") + (place ? REVCHAIN_OID_HEX - 1 : 0)] =
				(char)byte;
			id = fixture_write(GIT_OBJECT_COMMIT, text, strlen(text));
			cr_expect_eq(revchain_commit_read(fixture.repository, &id, &commit,
							  &fixture.error) == REVCHAIN_OK &&
					     commit.parent_count == 1,
				     is_digit, "byte %d", byte);
		}
	revchain_commit_free(&commit);
}

Test(object, commit_dates_as_git_reads_them)
{
	static const struct commit_case cases[] = {
		{TREE AUTHOR "committer > <> <c> 12 +0100\n\n", "", 12, 60},
		{TREE AUTHOR "committer C <c>12 +0100\n\n", "", 12, 60},
		{TREE AUTHOR "committer C <c>   12 +0100\n\n", "", 12, 60},
		{TREE AUTHOR "committer C <c> 12\n\n", "", 12, 0},
		{TREE AUTHOR "committer C <c> 12 \n\n", "", 12, 0},
		{TREE AUTHOR "committer C <c> 12 0100\n\n", "", 12, 0},
		{TREE AUTHOR "committer C <c> 12 UTC\n\n", "", 12, 0},
		{TREE AUTHOR "committer C <c> 0 -0001\n\n", "", 0, -1},
		{TREE AUTHOR "committer C <c> x +0100\n\n", "", 0, 0},
		{TREE AUTHOR "committer C <c>\n\n", "", 0, 0},
		{TREE AUTHOR "committer nobody 12 +0100\n\n", "", 0, 0},
		{TREE AUTHOR "committer C <c> 99999999999 +0000\n\n", "", 99999999999, 0},
		{TREE AUTHOR "committer C <c> 12 +0100", "", 0, 0}, /* cut off in the line */
		{TREE AUTHOR "\n", "", 0, 0},			    /* no committer */
		{TREE, "", 0, 0},
		{TREE "committer C <c> 12 +0100\n\n", "", 12,
		 60}, /* no author: more lenient than git */
	};

	CHECK(cases);
}

/* Numbers that no clock gives must not overflow on the way. */
Test(object, commit_dates_out_of_range)
{
	static const char *const dates[] = {"9223372036854775807", "9223372036854775808",
					    "18446744073709551616", "99999999999999999999999999"};
	size_t i;

	for (i = 0; i < sizeof(dates) / sizeof(*dates); i++) {
		const char *text = revchain_arena_printf(
			fixture.arena, TREE AUTHOR "committer C <c> %s +99999999999\n\n", dates[i]);
		git_oid id = fixture_write(GIT_OBJECT_COMMIT, text, strlen(text));
		struct revchain_commit commit = {0};

		fixture_must(
			revchain_commit_read(fixture.repository, &id, &commit, &fixture.error));
		cr_expect_geq(commit.date, 0, "%s gives %lld", dates[i], (long long)commit.date);
		revchain_commit_free(&commit);
	}
}

Test(object, damaged_commits)
{
	static const struct commit_case cases[] = {
		{"", NULL, 0, 0},
		{"\n", NULL, 0, 0},
		{"tree ", NULL, 0, 0},
		{"tree 4b825dc642cb6eb9a060e54bf8d69288fbee490\n", NULL, 0, 0},
		{"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904", NULL, 0, 0},
		{"tree 4b825dc642cb6eb9a060e54bf8d69288fbee49045\n", NULL, 0, 0},
		{"tree 4b825dc642cb6eb9a060e54bf8d69288fbee490g\n", NULL, 0, 0},
		{"TREE 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n", NULL, 0, 0},
		{PARENT("1") TREE AUTHOR "committer C <c> 1 +0000\n\n", NULL, 0, 0},
	};

	CHECK(cases);
}

Test(object, commit_that_is_missing_or_none)
{
	struct revchain_commit commit = {0};
	git_oid id;

	cr_assert_eq(git_oid_fromstr(&id, ID("7")), 0);
	cr_expect_eq(revchain_commit_read(fixture.repository, &id, &commit, &fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, ID("7")), "%s", fixture.error.message);
	id = fixture_blob(TREE AUTHOR);
	cr_expect_eq(revchain_commit_read(fixture.repository, &id, &commit, &fixture.error),
		     REVCHAIN_HISTORY);
	id = fixture_tree("a=1");
	cr_expect_eq(revchain_commit_read(fixture.repository, &id, &commit, &fixture.error),
		     REVCHAIN_HISTORY);
	revchain_commit_free(&commit);
	revchain_commit_free(&commit);
}

#define RAW "12345678901234567890" /* 20 bytes of id */

/* A tree's entries as "MODE NAME,", and "!" where it is damaged. */
static const char *dump_tree(const char *bytes, size_t length)
{
	git_oid id = fixture_write(GIT_OBJECT_TREE, bytes, length);
	struct revchain_tree tree;
	struct revchain_tree_entry entry;
	const char *dump = "";
	int more;

	fixture_must(revchain_tree_open(fixture.repository, &id, &tree, &fixture.error));
	while ((more = revchain_tree_next(&tree, &entry)) > 0) {
		cr_expect_arr_eq(entry.id.id, RAW, 20);
		cr_expect_eq(strlen(entry.name), entry.length);
		dump = revchain_arena_printf(fixture.arena, "%s%o %s,", dump, entry.mode,
					     entry.name);
	}
	if (more == 0)
		cr_expect_eq(revchain_tree_next(&tree, &entry), 0, "the end stays the end");
	revchain_tree_close(&tree);
	return more < 0 ? revchain_arena_printf(fixture.arena, "%s!", dump) : dump;
}

Test(object, tree_entries)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *expected;
	} cases[] = {
#define TREE_CASE(bytes, expected) {bytes, sizeof(bytes) - 1, expected}
		TREE_CASE("", ""),
		TREE_CASE("100644 a\0" RAW "40000 b\0" RAW "120000 c\0" RAW "160000 d\0" RAW,
			  "100644 a,40000 b,120000 c,160000 d,"),
		TREE_CASE("040000 padded\0" RAW "100755 x y\n\xff\0" RAW,
			  "40000 padded,100755 x y\n\xff,"),
		TREE_CASE("100664 old\0" RAW, "100664 old,"),
		TREE_CASE("1", "!"),
		TREE_CASE("100644", "!"),
		TREE_CASE("100644 ", "!"),
		TREE_CASE("100644 a", "!"),
		TREE_CASE("100644 a\0", "!"),
		TREE_CASE("100644 a\0"
			  "1234567890123456789",
			  "!"),
		TREE_CASE("100644 a\0" RAW "1", "100644 a,!"),
		TREE_CASE("100644 a\0" RAW "100644 b\0"
			  "123",
			  "100644 a,!"),
		TREE_CASE("100644 \0" RAW, "!"),
		TREE_CASE("100648 a\0" RAW, "!"),
		TREE_CASE("x100644 a\0" RAW, "!"),
		TREE_CASE("-100644 a\0" RAW, "!"),
		TREE_CASE("100644a\0" RAW, "!"),
		TREE_CASE("777777777777777 a\0" RAW, "!"),
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = dump_tree(cases[i].bytes, cases[i].length);

		cr_expect_str_eq(got, cases[i].expected, "tree %zu: expected %s, got %s", i,
				 cases[i].expected, got);
	}
}

Test(object, tree_that_is_zero_missing_or_none)
{
	struct revchain_tree tree;
	struct revchain_tree_entry entry;
	git_oid id = {{0}};

	fixture_must(revchain_tree_open(fixture.repository, &id, &tree, &fixture.error));
	cr_expect_eq(revchain_tree_next(&tree, &entry), 0);
	revchain_tree_close(&tree);
	cr_assert_eq(git_oid_fromstr(&id, ID("7")), 0);
	cr_expect_eq(revchain_tree_open(fixture.repository, &id, &tree, &fixture.error),
		     REVCHAIN_HISTORY);
	revchain_tree_close(&tree);
	id = fixture_blob("100644 a");
	cr_expect_eq(revchain_tree_open(fixture.repository, &id, &tree, &fixture.error),
		     REVCHAIN_HISTORY);
	revchain_tree_close(&tree);
}

Test(object, modes)
{
	static const struct {
		unsigned mode;
		bool tree, link, file;
	} cases[] = {
		{0100644, false, false, true},	{0100755, false, false, true},
		{0100664, false, false, true},	{0120000, false, true, true},
		{0040000, true, false, false},	{0160000, false, false, false},
		{0, false, false, false},	{0020000, false, false, false},
		{0140000, false, false, false},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		cr_expect_eq(revchain_mode_is_tree(cases[i].mode), cases[i].tree, "%o",
			     cases[i].mode);
		cr_expect_eq(revchain_mode_is_link(cases[i].mode), cases[i].link, "%o",
			     cases[i].mode);
		cr_expect_eq(revchain_mode_is_file(cases[i].mode), cases[i].file, "%o",
			     cases[i].mode);
	}
}

/* Names in ascending order, a directory with its slash: the order of git's trees. */
Test(object, tree_order)
{
	static const char *const names[] = {
		"-",  "A",    "a",    "a!",	  "a!/",       "a.py", "a.py/",
		"a/", "a0",   "aa",   "aa-",	  "aa/",       "ab",   "b/",
		"b0", "\x7f", "\x80", "\xc3\xbc", "\xc3\xbc/", "\xff", "\xff\xff"};
	enum { count = sizeof(names) / sizeof(*names) };
	size_t i, j;

	for (i = 0; i < count; i++)
		for (j = 0; j < count; j++) {
			size_t a = strcspn(names[i], "/"), b = strcspn(names[j], "/");
			int got = revchain_tree_compare(names[i], a, names[i][a] == '/', names[j],
							b, names[j][b] == '/');

			cr_expect_eq((got > 0) - (got < 0), (i > j) - (i < j),
				     "%s against %s gives %d", names[i], names[j], got);
		}
}

Test(object, find_path)
{
	static const struct {
		const char *path;
		unsigned mode; /* 0: not there */
	} cases[] = {
		{"a.py", 0100644},     {"a.p", 0},	    {"a.pyc", 0},
		{"d", 0040000},	       {"d/b.py", 0100644}, {"d/e", 0040000},
		{"d/e/c.py", 0100644}, {"d/e/x.py", 0},	    {"d/e/c.py/x", 0},
		{"a.py/b", 0},	       {"l", 0120000},	    {"l/b.py", 0},
		{"s", 0160000},	       {"s/x", 0},	    {"d/", 0},
		{"/a.py", 0},	       {"d//b.py", 0},	    {"./a.py", 0},
		{"d/../a.py", 0},      {"d.py", 0100644},   {"D", 0},
	};
	git_oid tree = fixture_tree("a.py=1|d/b.py=2|d/e/c.py=3|d.py=4|l@d|s#"), id;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		unsigned mode = 0;
		bool found;

		fixture_must(revchain_tree_find_path(fixture.repository, &tree, cases[i].path,
						     &mode, &id, &found, &fixture.error));
		cr_expect_eq(found ? mode : 0, cases[i].mode, "%s: expected %o, got %o",
			     cases[i].path, cases[i].mode, found ? mode : 0);
	}
}

Test(object, find_reads_up_to_the_damage)
{
	static const char bytes[] = "100644 a\0" RAW "100644 b\0" RAW "junk";
	git_oid tree = fixture_write(GIT_OBJECT_TREE, bytes, sizeof(bytes) - 1), id;
	unsigned mode;
	bool found;

	fixture_must(revchain_tree_find(fixture.repository, &tree, "b", 1, &mode, &id, &found,
					&fixture.error));
	cr_expect(found);
	cr_expect_eq(revchain_tree_find(fixture.repository, &tree, "c", 1, &mode, &id, &found,
					&fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, "tree"), "%s", fixture.error.message);
	cr_expect_str_eq(fixture.error.hints, "git fsck");
}

/* A parent that cannot be read is no commit without parents: the history would end there, and
 * nobody notice. */
Test(object, damaged_parents)
{
	static const struct commit_case cases[] = {
		{TREE "parent ", NULL, 0, 0},
		{TREE "parent 1111", NULL, 0, 0},
		{TREE "parent " ID("1"), NULL, 0, 0},
		{TREE "parent " ID("1") "1\n", NULL, 0, 0},
		{TREE "parent " ID("g") "\n" AUTHOR, NULL, 0, 0},
		{TREE PARENT("1") "parent 22222\n" AUTHOR, NULL, 0, 0},
		{TREE PARENT("1") "parent " ID("2"), NULL, 0, 0},
	};

	CHECK(cases);
}

Test(object, entry_without_a_mode)
{
	static const char bytes[] = " a\0" RAW;

	cr_expect_str_eq(dump_tree(bytes, sizeof(bytes) - 1), "!");
}
