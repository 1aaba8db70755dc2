#include "revchain/migration.h"

#include "fixture.h"

static struct revchain_migrations set;
static struct revchain_findings findings;

static void set_up(void)
{
	fixture_open();
	memset(&set, 0, sizeof(set));
	revchain_findings_init(&findings, fixture.arena);
}

static void tear_down(void)
{
	fixture_close();
}

TestSuite(migration, .init = set_up, .fini = tear_down);

/* Load the lanes, with spaces between them, from a commit of this tree. */
static int try_load(const char *tree, const char *directories, bool recursive)
{
	static struct revchain_lane lanes[8];
	struct revchain_snapshot snapshot;
	char *copy = revchain_arena_copy(fixture.arena, directories, strlen(directories)), *word;
	size_t count = 0;

	revchain_findings_init(&findings, fixture.arena);
	for (word = strtok(copy, " "); word; word = strtok(NULL, " "))
		lanes[count++].directory = strcmp(word, ".") == 0 ? "" : word;
	fixture_commit('c', "", tree);
	fixture_must(revchain_snapshot_commit(&snapshot, fixture.repository, fixture_id('c'),
					      &fixture.error));
	return revchain_migrations_load(&set, &snapshot, lanes, count, recursive, fixture.arena,
					&findings, &fixture.error);
}

/* "lane path revision kind" for each, and the findings as "id path:line path:line". */
static const char *load(const char *tree, const char *directories, bool recursive)
{
	const struct revchain_finding *finding;
	const struct revchain_place *place;
	const char *text = "";
	size_t i;

	fixture_must(try_load(tree, directories, recursive));
	for (i = 0; i < set.count; i++)
		text = revchain_arena_printf(fixture.arena, "%s%zu %s %s %c\n", text,
					     set.items[i].lane, set.items[i].path,
					     set.items[i].revision ? set.items[i].revision : "-",
					     "sdh"[set.items[i].kind]);
	for (finding = findings.first; finding; finding = finding->next) {
		text = revchain_arena_printf(fixture.arena, "%s%s", text, finding->id);
		for (place = finding->place; place; place = place->next)
			text = revchain_arena_printf(fixture.arena, "%s %s:%d", text, place->path,
						     place->line);
		text = revchain_arena_printf(fixture.arena, "%s\n", text);
	}
	return text;
}

static void check(const char *tree, const char *directories, bool recursive, const char *expected)
{
	const char *got = load(tree, directories, recursive);

	cr_expect_str_eq(got, expected, "%s\nexpected\n%s\ngot\n%s", tree, expected, got);
}

/* A module's text: fixture_tree ends a text at `|` alone. */
#define STATIC(id, parent) "=revision='" id "'\ndown_revision=" parent "\n"
#define DYNAMIC(id) "=revision='" id "'\ndown_revision=get_down_revision(revision)\n"

Test(migration, names)
{
	static const struct {
		const char *name;
		bool migration;
	} cases[] = {
		{"a.py", true},
		{"1234_slug.py", true},
		{"_a.py", true},
		{".a.py", true},
		{".py", true},
		{"a.b.py", true},
		{"a b.py", true},
		{"\xff.py", true},
		{"a.pyc", false},
		{"a.PY", false},
		{"a.py~", false},
		{"a", false},
		{"py", false},
		{"", false},
		{"a.pyi", false},
		{"__init__.py", false},
		{"__init__x.py", false},
		{".#a.py", false},
		{"#a.py#", false},
		{"a.py\n", false},
		{"a\nb.py", false},
		{"x__init__.py", true},
		{"__INIT__.py", true},
		{"_init__.py", true},
		{"v/a.py", true},
		{"v/d/.a.py", true},
		{"v/__init__.py", false},
		{"__init__/a.py", true},
		{".#v/a.py", true},
		{"a.py/b", false},
		{"v\n/a.py", true},
		{"v/__pycache__/a.py", false},
		{"__pycache__/a.py", false},
		{"__pycache__/v/a.py", true},
		{"__pycache__.py", true},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		cr_expect_eq(revchain_is_migration_path(cases[i].name), cases[i].migration, "%s",
			     cases[i].name);
}

Test(migration, what_is_loaded)
{
	static const char tree[] = "v/b.py" STATIC("b", "'a'") "|v/a.py" STATIC(
		"a", "None") "|v/__init__.py=|v/readme.txt=|"
			     "v/d/c.py" DYNAMIC("c") "|x.py=";

	check(tree, "v", false, "0 v/a.py a s\n0 v/b.py b s\n");
	check(tree, "v", true, "0 v/a.py a s\n0 v/b.py b s\n0 v/d/c.py c d\n");
	check(tree, "v/d v", false, "0 v/d/c.py c d\n1 v/a.py a s\n1 v/b.py b s\n");
	check(tree, "v/d v", true,
	      "0 v/d/c.py c d\n1 v/a.py a s\n1 v/b.py b s\n"); /* each file once */
	check(tree, "v v/d", true, "0 v/a.py a s\n0 v/b.py b s\n0 v/d/c.py c d\n");
	check(tree, "v v", false, "0 v/a.py a s\n0 v/b.py b s\n");
	check("v/x=", "v", false, "");
	check("a.py" STATIC("a", "None"), ".", false, "0 a.py a s\n");
}

Test(migration, kinds_of_down_revision)
{
	check("v/1.py" STATIC("1", "None") "|v/2.py" STATIC("2", "('1',)") "|v/3.py" STATIC(
		      "3",
		      "['1', '2']") "|v/4.py" DYNAMIC("4") "|"
							   "v/5.py=import "
							   "revchain\nrevision='5'\ndown_revision="
							   "revchain.get_down_revision(revision)\n",
	      "v", false, "0 v/1.py 1 s\n0 v/2.py 2 s\n0 v/3.py 3 s\n0 v/4.py 4 d\n0 v/5.py 5 d\n");
	cr_expect_eq(set.items[2].scan.down_revision.count, 2);
}

Test(migration, single_files_that_are_wrong)
{
	check("v/a.py=x=1\n", "v", false, "0 v/a.py - s\nno-revision v/a.py:0\n");
	check("v/a.py=", "v", false, "0 v/a.py - s\nno-revision v/a.py:0\n");
	check("v/a.py=\n\nrevision='a'\n", "v", false, "0 v/a.py a s\nno-down-revision v/a.py:3\n");
	check("v/a.py=revision='a'\ndown_revision=get_down_revision('b')\n", "v", false,
	      "0 v/a.py a d\nwrong-argument v/a.py:2 v/a.py:1\n");
	check("v/a.py=revision='a'\ndown_revision=get_down_revision('a')\n", "v", false,
	      "0 v/a.py a d\n");
	check("v/a.py=revision=f()\ndown_revision=None\n", "v", false,
	      "0 v/a.py - s\nunreadable v/a.py:1\n");
	check("v/a.py=revision='a'\nif x:\n down_revision='b'\n", "v", false,
	      "0 v/a.py a s\nunreadable v/a.py:3\n");
	check("v/a.py=revision='''", "v", false, "0 v/a.py - s\nunreadable v/a.py:1\n");
}

Test(migration, ids_that_alembic_refuses)
{
	static const char *const bad[] = {"", "a@b", "a-b", "a+b", "@", "-"};
	static const char *const good[] = {"a",	  "a_b",      "a.b", "0123456789ab",
					   "a b", "\xc3\xbc", "a:b", "a/b"};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		load(revchain_arena_printf(fixture.arena,
					   "v/a.py=revision='%s'\ndown_revision=None\n", bad[i]),
		     "v", false);
		cr_expect(findings.errors == 1 && !strcmp(findings.first->id, "bad-revision"),
			  "'%s'", bad[i]);
	}
	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		load(revchain_arena_printf(fixture.arena,
					   "v/a.py=revision='%s'\ndown_revision=None\n", good[i]),
		     "v", false);
		cr_expect(findings.errors == 0 && !strcmp(set.items[0].revision, good[i]), "'%s'",
			  good[i]);
	}
}

Test(migration, duplicates)
{
	size_t index;

	check("v/a.py" STATIC("x", "None") "|v/b.py=\n"
					   "revision='x'\ndown_revision=None\n|v/c.py" DYNAMIC(
						   "x") "|w/d.py" DYNAMIC("y"),
	      "v w", false,
	      "0 v/a.py x s\n0 v/b.py x s\n0 v/c.py x d\n1 w/d.py y d\n"
	      "duplicate-revision v/b.py:2 v/a.py:1\nduplicate-revision v/c.py:1 v/a.py:1\n");
	cr_expect(revchain_migrations_find(&set, "x", &index));
	cr_expect_eq(index, 0, "the first has the id");
	check("v/a.py" STATIC("x", "None") "|w/a.py" STATIC("x", "None"), "w v", false,
	      "0 w/a.py x s\n1 v/a.py x s\nduplicate-revision v/a.py:1 w/a.py:1\n");
}

Test(migration, find)
{
	size_t index = 9;

	load("v/a.py" STATIC("a", "None") "|v/b.py" STATIC("bb", "'a'"), "v", false);
	cr_expect(revchain_migrations_find(&set, "bb", &index));
	cr_expect_eq(index, 1);
	cr_expect_not(revchain_migrations_find(&set, "b", &index));
	cr_expect_not(revchain_migrations_find(&set, "", &index));
	cr_expect_eq(index, 1);
}

/* A link to a file elsewhere in the repository is loaded as that file; its path is its own. */
Test(migration, links)
{
	check("v/a.py@../shared/x.py|shared/x.py" STATIC("a", "None"), "v", false,
	      "0 v/a.py a s\n");
	cr_expect_eq(try_load("v/a.py@nowhere.py", "v", false), REVCHAIN_MIGRATIONS);
	cr_expect_str_eq(fixture.error.path, "v/a.py");
	cr_expect_eq(try_load("v/a.py@/etc/passwd", "v", false), REVCHAIN_MIGRATIONS);
	cr_expect_eq(try_load("v/a.py@../../a.py", "v", false), REVCHAIN_MIGRATIONS);
	check("v/a.py#|v/b.py" STATIC("b", "None"), "v", false, "0 v/b.py b s\n");
}

Test(migration, lane_that_is_not_there)
{
	cr_expect_neq(try_load("v/a.py=", "w", false), REVCHAIN_OK);
	cr_expect_str_eq(fixture.error.path, "w");
	cr_expect_neq(try_load("v/a.py=", "v/a.py", false), REVCHAIN_OK);
}

Test(migration, many)
{
	git_treebuilder *builder;
	struct revchain_snapshot snapshot = {.repository = fixture.repository};
	const struct revchain_lane lane = {"v"};
	git_odb_backend *memory = fixture_start_pack();
	git_oid tree, blob;
	size_t i, index;

	cr_assert_eq(git_treebuilder_new(&builder, fixture.git, NULL), 0);
	for (i = 0; i < 300; i++) {
		char text[100], name[20];

		snprintf(text, sizeof(text), "revision='r%zu'\ndown_revision='r%zu'\n", i, i + 1);
		snprintf(name, sizeof(name), "%zu.py", i);
		blob = fixture_blob(text);
		git_treebuilder_insert(NULL, builder, name, &blob, 0100644);
	}
	cr_assert_eq(git_treebuilder_write(&tree, builder), 0);
	git_treebuilder_clear(builder);
	git_treebuilder_insert(NULL, builder, "v", &tree, 0040000);
	cr_assert_eq(git_treebuilder_write(&snapshot.tree, builder), 0);
	git_treebuilder_free(builder);
	fixture_commit_of(&snapshot.tree, NULL, 0);
	fixture_finish_pack(memory);
	fixture_must(revchain_migrations_load(&set, &snapshot, &lane, 1, false, fixture.arena,
					      &findings, &fixture.error));
	cr_expect_eq(set.count, 300);
	cr_expect_eq(findings.errors, 0);
	cr_expect(revchain_migrations_find(&set, "r299", &index));
	cr_expect_str_eq(set.items[index].path, "v/299.py");
}

/* What is read of a commit must not be looked up from the start for each file, or this would not
 * end. */
Test(migration, very_many, .timeout = 30)
{
	enum { count = 40000 };
	static char names[count][16];
	struct revchain_snapshot snapshot = {.repository = fixture.repository};
	const struct revchain_lane lane = {"v"};
	git_oid tree, blob = fixture_blob("revision='x'\ndown_revision=None\n");
	git_treebuilder *builder;
	size_t i;

	cr_assert_eq(git_treebuilder_new(&builder, fixture.git, NULL), 0);
	for (i = 0; i < count; i++) {
		snprintf(names[i], sizeof(names[i]), "%zu.py", i);
		git_treebuilder_insert(NULL, builder, names[i], &blob, 0100644);
	}
	cr_assert_eq(git_treebuilder_write(&tree, builder), 0);
	git_treebuilder_clear(builder);
	git_treebuilder_insert(NULL, builder, "v", &tree, 0040000);
	cr_assert_eq(git_treebuilder_write(&snapshot.tree, builder), 0);
	git_treebuilder_free(builder);
	fixture_must(revchain_migrations_load(&set, &snapshot, &lane, 1, false, fixture.arena,
					      &findings, &fixture.error));
	cr_expect_eq(set.count, count);
}
