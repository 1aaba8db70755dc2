#include "revchain/order.h"

#include "fixture.h"
#include "revchain/graph.h"

static struct revchain_history history;
static struct revchain_migrations set;
static struct revchain_findings findings;
static struct revchain_order order;
static enum revchain_order_kind kind;

static void set_up(void)
{
	fixture_open();
	kind = REVCHAIN_ORDER_LANDING;
	memset(&set, 0, sizeof(set));
	memset(&history, 0, sizeof(history));
	history.repository = fixture.repository;
	history.revision_of = revchain_order_revision_of;
	history.arena = fixture.arena;
}

static void tear_down(void)
{
	fixture_close();
}

TestSuite(order, .init = set_up, .fini = tear_down);

/*
 * Order what a snapshot has in the lanes v and w: "path@commit", "path@" where it is not committed,
 * and "/" between the lanes; behind it the findings.
 */
static const char *order_of(struct revchain_snapshot *snapshot, char tip, bool recursive,
			    bool dynamic_only)
{
	static const struct revchain_lane lanes[] = {{"v"}, {"w"}};
	enum revchain_file_type type;
	const char *text = "";
	const struct revchain_finding *finding;
	size_t lane, i;

	revchain_findings_init(&findings, fixture.arena);
	fixture_must(
		revchain_snapshot_stat(snapshot, "w", fixture.arena, &type, NULL, &fixture.error));
	fixture_must(revchain_migrations_load(&set, snapshot, lanes,
					      type == REVCHAIN_FILE_DIRECTORY ? 2 : 1, recursive,
					      fixture.arena, &findings, &fixture.error));
	fixture_must(revchain_graph_link(&set, &findings, &fixture.error));
	fixture_must(revchain_order(kind, &history, snapshot, &set, tip ? fixture_id(tip) : NULL,
				    dynamic_only, &order, &findings, &fixture.error));
	cr_expect_eq(order.lane_start[set.lane_count], order.count);
	for (lane = 0; lane < set.lane_count; lane++) {
		text = revchain_arena_printf(fixture.arena, "%s%s", text, lane ? " /" : "");
		for (i = order.lane_start[lane]; i < order.lane_start[lane + 1]; i++) {
			const struct revchain_ordered *item = &order.items[i];
			const char name[] = {item->has_commit ? fixture_name(&item->commit) : '\0',
					     '\0'};

			cr_expect_eq(set.items[item->migration].lane, lane);
			text = revchain_arena_printf(fixture.arena, "%s%s%s@%s", text,
						     *text ? " " : "",
						     set.items[item->migration].path, name);
		}
	}
	for (finding = findings.first; finding; finding = finding->next)
		text = revchain_arena_printf(fixture.arena, "%s !%s", text, finding->id);
	return text;
}

static void check(const char *what, char tip, bool recursive, bool dynamic_only,
		  const char *expected)
{
	struct revchain_snapshot snapshot;
	const char *got;

	fixture_must(revchain_snapshot_commit(&snapshot, fixture.repository, fixture_id(tip),
					      &fixture.error));
	got = order_of(&snapshot, tip, recursive, dynamic_only);
	cr_expect_str_eq(got, expected, "%s\nexpected %s\ngot      %s", what, expected, got);
}

/* A dynamic migration; what is declared besides stands in `more`. */
#define M(id, more) "=revision='" id "'\ndown_revision=get_down_revision(revision)\n" more
#define DATED(id, day, more)                                                                       \
	"='''m\n\nCreate Date: 2024-01-" day " 00:00:00\n'''\nrevision='" id                       \
	"'\ndown_revision=get_down_revision(revision)\n" more
#define NEEDS(id) "depends_on='" id "'\n"

Test(order, revision_of)
{
	static const char *const texts[][2] = {
		{"revision='a'\n", "a"},
		{"", NULL},
		{"revision=f()\n", NULL},
		{"revision='", NULL},
		{"revision=None\n", NULL},
		{"revision: str = 'b'", "b"},
		{"x = 1\n", NULL},
		{"\xef\xbd\x92"
		 "evision = 'c'\n",
		 "c"}, /* a wide r: PEP 3131 */
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		size_t length = strlen(texts[i][0]);
		char *text = memcpy(malloc(length + 1), texts[i][0], length); /* without a NUL */
		const char *got = "unset";

		text = realloc(text, length ? length : 1);
		fixture_must(revchain_order_revision_of(text, length, fixture.arena, &got,
							&fixture.error));
		free(text);
		if (texts[i][1])
			cr_expect_str_eq(got, texts[i][1]);
		else
			cr_expect_null(got, "%s: %s", texts[i][0], got);
	}
}

Test(order, commits_before_paths)
{
	fixture_commit('a', "", "v/z.py" M("z", ""));
	fixture_commit('b', "a",
		       "v/z.py" M("z", "") "|v/a.py" M(
			       "a", "") "|v/s.py=revision='s'\ndown_revision=None\n");
	check("all", 'b', false, false, "v/z.py@a v/a.py@b v/s.py@b");
	check("dynamic ones", 'b', false, true, "v/z.py@a v/a.py@b");
	cr_expect_eq(order.items[0].date, 1700000000);
	cr_expect_eq(order.items[0].zone, 60);
}

Test(order, ties)
{
	fixture_commit('a', "",
		       "v/a.py" M("a", NEEDS("b")) "|v/b.py" M("b", "") "|v/c.py" M("c", ""));
	check("depends_on", 'a', false, false, "v/b.py@a v/a.py@a v/c.py@a");
	fixture_commit('b', "",
		       "v/a.py" DATED("a", "03", "") "|v/b.py" DATED("b", "01", "") "|v/c.py" DATED(
			       "c", "02", ""));
	check("dates", 'b', false, false, "v/b.py@b v/c.py@b v/a.py@b");
	fixture_commit(
		'c', "",
		"v/a.py" DATED("a", "03", "") "|v/b.py" DATED("b", "01", "") "|v/c.py" M("c", ""));
	check("not all have dates", 'c', false, false, "v/a.py@c v/b.py@c v/c.py@c");
	fixture_commit('d', "",
		       "v/a.py" DATED("a", "03", "") "|v/b.py" DATED("b", "01", NEEDS("a")));
	check("depends_on before dates", 'd', false, false, "v/a.py@d v/b.py@d");
}

/* Only what a commit added is in its tie, not what was there before or moved with it. */
Test(order, ties_leave_others_out)
{
	fixture_commit('a', "", "v/x.py" M("x", NEEDS("a")) "|v/y.py" M("y", ""));
	fixture_commit('b', "a",
		       "v/x.py" M("x", NEEDS("a")) "|v/y2.py" M("y", "") "|v/a.py" DATED(
			       "a", "02", "") "|v/b.py" DATED("b", "01", ""));
	check("without dates", 'b', false, false, "v/x.py@a v/y2.py@a v/b.py@b v/a.py@b");
}

/* What counts is how the files were when they landed. */
Test(order, later_edits_move_nothing)
{
	fixture_commit('a', "", "v/a.py" DATED("a", "02", "") "|v/b.py" DATED("b", "01", ""));
	fixture_commit('b', "a",
		       "v/a.py" DATED("a", "02", "") "|v/b.py" DATED("b", "09", NEEDS("a")));
	check("edited", 'b', false, false, "v/b.py@a v/a.py@a");
	fixture_commit(
		'c', "",
		"v/a.py" DATED("a", "02", "") "|v/b.py" DATED("b", "01", "") "|v/c.py" M("c", ""));
	fixture_commit('d', "c", "v/a.py" DATED("a", "02", "") "|v/b.py" DATED("b", "01", ""));
	check("one that is gone had no date", 'd', false, false, "v/a.py@c v/b.py@c");
	fixture_commit(
		'e', "",
		"v/a.py" M("a", NEEDS("x")) "|v/b.py" M("b", "") "|v/x.py" M("x", NEEDS("b")));
	fixture_commit('f', "e", "v/a.py" M("a", "") "|v/b.py" M("b", ""));
	check("one that is gone stood between", 'f', false, false, "v/b.py@e v/a.py@e");
}

Test(order, moved_ties)
{
	fixture_commit('a', "",
		       "old/2.py" DATED("a", "02", "") "|old/1.py" DATED(
			       "b", "03", "") "|old/x.py" DATED("x", "01", ""));
	fixture_commit('b', "a", "v/1.py" M("a", "") "|v/2.py" M("b", "") "|v/x.py" M("x", ""));
	check("by the dates in the old directory", 'b', false, false, "v/x.py@a v/1.py@a v/2.py@a");
	fixture_commit('c', "", "v/b.py" M("b", "") "|u/d/a.py" M("a", "") "|u/c.py" M("c", ""));
	fixture_commit('d', "c", "v/b.py" M("b", "") "|v/d/a.py" M("a", "") "|v/c.py" M("c", ""));
	check("from several directories", 'd', true, false, "v/c.py@c v/d/a.py@c v/b.py@c");
}

/* A lane that is recursive reached upwards as far as there were migrations alone, in each directory
 * by itself; the tie is among all that its commit added there. c, which is gone, has no date. */
Test(order, ties_of_lanes_as_they_were)
{
#define A "d/a.py" DATED("a", "02", "")
#define B "e/b.py" DATED("b", "01", "")
	fixture_commit('a', "",
		       "o/env.py=x=1|o/v/__init__.py=|o/v/README=x|o/v/h/x.py=x=1|o/v/c.py" M(
			       "c", "") "|o/v/" A "|o/v/" B);
	fixture_commit('b', "a", "v/" A "|v/" B);
	check("c was in the lane", 'b', true, false, "v/d/a.py@a v/e/b.py@a");
	fixture_commit('a', "",
		       "o/__init__.py=|o/env.py=x=1|o/c.py" M("c", "") "|o/v/" A "|o/v/" B);
	fixture_commit('b', "a", "v/" A "|v/" B);
	check("c was above it, beside env.py", 'b', true, false, "v/e/b.py@a v/d/a.py@a");
	fixture_commit('a', "", "o/l.py@nowhere.py|o/c.py" M("c", "") "|o/v/" A "|o/v/" B);
	fixture_commit('b', "a", "v/" A "|v/" B);
	check("above it is a link to nowhere", 'b', true, false, "v/e/b.py@a v/d/a.py@a");
	fixture_commit('a', "", "c.py" M("c", "") "|v/" A "|v/" B);
	check("above it is the root", 'a', true, false, "v/d/a.py@a v/e/b.py@a");
}

/* What the commit added elsewhere, and what Alembic does not load, has no say in a tie. */
Test(order, ties_leave_other_directories_out)
{
#define TWO "v/a.py" DATED("a", "02", "") "|v/b.py" DATED("b", "01", "")
	fixture_commit('a', "",
		       TWO "|x.py=x=1|u/c.py" M("c", "") "|v2/d.py" M("d", "") "|v/__init__.py" M(
			       "i", "") "|v.py" M("e", ""));
	check("recursive", 'a', true, false, "v/b.py@a v/a.py@a");
	check("not recursive", 'a', false, false, "v/b.py@a v/a.py@a");
	fixture_commit('b', "", TWO "|v/d/c.py" M("c", ""));
	check("below, not recursive", 'b', false, false, "v/b.py@b v/a.py@b");
	check("below, recursive", 'b', true, false, "v/a.py@b v/b.py@b v/d/c.py@b");
}

/* A migration was moved from where Alembic does not load it: the rename rule knows no such bound.
 */
Test(order, ties_of_files_that_were_not_loaded)
{
	fixture_commit('a', "",
		       "v/__init__z.py" M("a", "") "|v/b.py" M("b", "") "|v/c.py" M("c", ""));
	fixture_commit('b', "a", "v/z.py" M("a", "") "|v/b.py" M("b", "") "|v/c.py" M("c", ""));
	check("by its path at that commit", 'b', false, false, "v/z.py@a v/b.py@a v/c.py@a");
	fixture_commit(
		'a', "",
		"v/__init__/__pycache__/a.py" DATED("a", "03", "") "|v/__pycache__/b.py" DATED(
			"b", "02", "") "|v/c.py" DATED("c", "01", ""));
	fixture_commit('b', "a", "v/a.py" M("a", "") "|v/b.py" M("b", "") "|v/c.py" M("c", ""));
	check("by their dates", 'b', true, false, "v/c.py@a v/b.py@a v/a.py@a");
}

Test(order, ties_of_merges)
{
	fixture_commit('a', "", "v/0.py" M("0", ""));
	fixture_commit('f', "a",
		       "v/0.py" M("0", "") "|v/b.py" M("b", NEEDS("c")) "|v/c.py" M("c", ""));
	fixture_commit('g', "f",
		       "v/0.py" M("0", "") "|v/b.py" M("b", NEEDS("c")) "|v/c.py" M(
			       "c", "") "|v/a.py" M("a", ""));
	fixture_commit('m', "ag",
		       "v/0.py" M("0", "") "|v/b.py" M("b", "") "|v/c.py" M("c", "") "|v/a.py" M(
			       "a", "") "|v/e.py" M("e", "") "|v/d.py" M("d", ""));
	check("merged, then the merge's own", 'm', false, false,
	      "v/0.py@a v/c.py@m v/b.py@m v/a.py@m v/d.py@m v/e.py@m");
}

Test(order, lanes)
{
	fixture_commit('a', "",
		       "v/b.py" M("vb", "") "|w/b.py" M("wb", NEEDS("wc")) "|w/c.py" M("wc", ""));
	fixture_commit('b', "a",
		       "v/b.py" M("vb", "") "|v/a.py" M("va", "") "|w/b.py" M("wb", "") "|w/c.py" M(
			       "wc", "") "|w/a.py" M("wa", ""));
	check("each in its own order", 'b', false, false,
	      "v/b.py@a v/a.py@b / w/c.py@a w/b.py@a w/a.py@b");
}

/* The work tree, with what is not committed in it. */
static void check_worktree(const char *what, char tip, const char *expected)
{
	struct revchain_snapshot snapshot;
	const char *got;

	fixture_must(revchain_snapshot_worktree(&snapshot, fixture.repository, &fixture.error));
	got = order_of(&snapshot, tip, false, false);
	cr_expect_str_eq(got, expected, "%s\nexpected %s\ngot      %s", what, expected, got);
}

Test(order, uncommitted)
{
	fixture_commit('a', "", "v/z.py" M("z", "") "|v/gone.py" M("g", ""));
	fixture_file("repository/v/z.py", &M("z", "")[1]);
	check_worktree("clean", 'a', "v/z.py@a");
	fixture_file("repository/v/a.py", &M("a", NEEDS("b"))[1]);
	fixture_file("repository/v/b.py", &M("b", "")[1]);
	check_worktree("two more", 'a', "v/z.py@a v/b.py@ v/a.py@ !uncommitted");
	cr_expect_eq(findings.warnings, 1);
	cr_expect_eq(findings.errors, 0);
	cr_expect_str_eq(findings.first->place->path, "v/b.py", "in their order");
	cr_expect_str_eq(findings.first->place->next->path, "v/a.py");
	fixture_file("repository/w/c.py", &M("c", "")[1]);
	check_worktree("a lane that is not committed at all", 'a',
		       "v/z.py@a v/b.py@ v/a.py@ / w/c.py@ !uncommitted");
	check_worktree("no commit yet", 0, "v/b.py@ v/a.py@ v/z.py@ / w/c.py@ !uncommitted");
}

/* Each warning names all that it is about, the second and on with a note. */
static void check_warning(const struct revchain_finding *finding, const char *id,
			  const char *message, const char *paths, const char *note,
			  const char *hint)
{
	const struct revchain_place *place;
	const char *got = "";

	cr_assert_not_null(finding, "no %s", id);
	cr_expect_str_eq(finding->id, id);
	cr_expect_eq(finding->severity, REVCHAIN_WARNING);
	cr_expect_str_eq(finding->message, message);
	cr_expect_str_eq(finding->hints, hint);
	for (place = finding->place; place; place = place->next) {
		got = revchain_arena_printf(fixture.arena, "%s%s%s", got, *got ? " " : "",
					    place->path);
		if (place == finding->place)
			cr_expect_null(place->note);
		else
			cr_expect_str_eq(place->note, note);
	}
	cr_expect_str_eq(got, paths, "%s: expected %s, got %s", id, paths, got);
}

Test(order, warnings)
{
	const char *hint = "commit before the chain is used anywhere else";

	fixture_commit('a', "", "v/z.py" M("z", ""));
	fixture_file("repository/v/z.py", &M("z", "")[1]);
	fixture_file("repository/v/b.py", &M("b", "")[1]);
	check_worktree("one", 'a', "v/z.py@a v/b.py@ !uncommitted");
	check_warning(findings.first, REVCHAIN_FINDING_UNCOMMITTED,
		      "this migration is not committed: it comes last for now", "v/b.py", NULL,
		      hint);
	fixture_file("repository/v/a.py", &M("a", "")[1]);
	fixture_file("repository/v/c.py", &M("c", "")[1]);
	check_worktree("three", 'a', "v/z.py@a v/a.py@ v/b.py@ v/c.py@ !uncommitted");
	check_warning(findings.first, REVCHAIN_FINDING_UNCOMMITTED,
		      "this migration and 2 more are not committed: they come last for now",
		      "v/a.py v/b.py v/c.py", "not committed", hint);
}

/* What is committed of a lane is so, even where the lane before it is not there yet. */
Test(order, first_lane_is_not_committed)
{
	fixture_commit('a', "", "w/c.py" M("c", ""));
	fixture_file("repository/v/b.py", &M("b", "")[1]);
	fixture_file("repository/w/c.py", &M("c", "")[1]);
	check_worktree("the first lane is new", 'a', "v/b.py@ / w/c.py@a !uncommitted");
}

/* Two lines that grow in turns; the merge adds files of its own. In v nothing of it happens. */
static void commit_two_lines(void)
{
	fixture_commit('a', "", "v/z.py" M("z", "") "|w/a.py" M("a", ""));
	fixture_commit('f', "a", "v/z.py" M("z", "") "|w/a.py" M("a", "") "|w/f.py" M("f", ""));
	fixture_commit('b', "a", "v/z.py" M("z", "") "|w/a.py" M("a", "") "|w/b.py" M("b", ""));
	fixture_commit(
		'g', "f",
		"v/z.py" M("z", "") "|w/a.py" M("a", "") "|w/f.py" M("f", "") "|w/g.py" M("g", ""));
	fixture_commit('c', "b",
		       "v/z.py" M("z", "") "|v/y.py" M("y", "") "|w/a.py" M("a", "") "|w/b.py" M(
			       "b", "") "|w/c.py" M("c", ""));
	fixture_commit(
		'm', "cg",
		"v/z.py" M("z", "") "|v/y.py" M("y", "") "|w/a.py" M("a", "") "|w/b.py" M(
			"b", "") "|w/c.py" M("c", "") "|w/f.py" M("f", "") "|w/g.py" M("g", ""));
	fixture_commit(
		'n', "cg",
		"v/z.py" M("z", "") "|v/y.py" M("y", "") "|w/a.py" M("a", "") "|w/b.py" M(
			"b",
			"") "|w/c.py" M("c",
					"") "|w/f.py" M("f",
							"") "|w/g.py" M("g",
									"") "|w/x.py" M("x",
											"") "|w/"
											    "y."
											    "py" M("2y",
												   ""));
}

/* As git log --reverse [--topo-order] --diff-filter=A -- LANE has them, each lane for itself; what
 * it leaves out comes last. */
Test(order, orders_of_git)
{
	commit_two_lines();
	check("landing order", 'm', false, false,
	      "v/z.py@a v/y.py@c / w/a.py@a w/b.py@b w/c.py@c w/f.py@m w/g.py@m");
	kind = REVCHAIN_ORDER_DATE;
	check("date order", 'm', false, false,
	      "v/z.py@a v/y.py@c / w/a.py@a w/f.py@f w/b.py@b w/g.py@g w/c.py@c");
	check("the merge's own", 'n', false, false,
	      "v/z.py@a v/y.py@c / w/a.py@a w/f.py@f w/b.py@b w/g.py@g w/c.py@c w/x.py@ w/y.py@ "
	      "!left-out");
	check_warning(findings.first, REVCHAIN_FINDING_LEFT_OUT,
		      "this migration and 1 more are left out by git log, for merges themselves "
		      "added them: they come behind the others",
		      "w/x.py w/y.py", "left out", "landing order, the default, knows their place");
	kind = REVCHAIN_ORDER_TOPO;
	check("topological order", 'm', false, false,
	      "v/z.py@a v/y.py@c / w/a.py@a w/b.py@b w/c.py@c w/f.py@f w/g.py@g");
}

/* Nobody has to want to know what is left out. */
Test(order, without_findings)
{
	struct revchain_snapshot snapshot;

	fixture_commit('a', "", "v/z.py" M("z", ""));
	fixture_file("repository/v/z.py", &M("z", "")[1]);
	fixture_file("repository/v/b.py", &M("b", "")[1]);
	check_worktree("with them", 'a', "v/z.py@a v/b.py@ !uncommitted");
	fixture_must(revchain_snapshot_worktree(&snapshot, fixture.repository, &fixture.error));
	fixture_must(revchain_order(kind, &history, &snapshot, &set, fixture_id('a'), false, &order,
				    NULL, &fixture.error));
	cr_expect_eq(order.count, 2);
}

/* A lane whose order is the same in both says nothing; where the other differs is told. */
Test(order, compare)
{
	struct revchain_order landing;
	const char *hint = "databases met them in landing order, and skip in silence what another "
			   "order puts before what they have: leave --order out";

	commit_two_lines();
	check("landing order", 'm', false, false,
	      "v/z.py@a v/y.py@c / w/a.py@a w/b.py@b w/c.py@c w/f.py@m w/g.py@m");
	landing = order;
	revchain_order_compare(&set, &order, kind, &landing, kind, &findings);
	cr_expect_null(findings.first, "an order and itself");
	kind = REVCHAIN_ORDER_DATE;
	check("date order", 'm', false, false,
	      "v/z.py@a v/y.py@c / w/a.py@a w/f.py@f w/b.py@b w/g.py@g w/c.py@c");
	revchain_order_compare(&set, &order, kind, &landing, REVCHAIN_ORDER_LANDING, &findings);
	cr_assert_eq(findings.notes, 1);
	cr_expect_str_eq(findings.first->id, REVCHAIN_FINDING_ORDERS_DIFFER);
	cr_expect_str_eq(findings.first->message,
			 "date order differs from landing order from position 2 on: w/f.py here, "
			 "w/b.py there");
	cr_expect_str_eq(findings.first->hints, hint);
	revchain_findings_init(&findings, fixture.arena);
	revchain_order_compare(&set, &landing, REVCHAIN_ORDER_LANDING, &order, kind, &findings);
	cr_assert_eq(findings.notes, 1);
	cr_expect_str_eq(findings.first->message,
			 "landing order differs from date order from position 2 on: w/b.py here, "
			 "w/f.py there");
	cr_expect_null(findings.first->hints, "landing order needs no excuse");
}

#define S(id, parent) "=revision='" id "'\ndown_revision=" parent "\n"

static void warn_of_static(struct revchain_snapshot *snapshot, char tip)
{
	revchain_findings_init(&findings, fixture.arena);
	fixture_must(revchain_order_uncommitted_static(snapshot, &set, tip ? fixture_id(tip) : NULL,
						       &findings, &fixture.error));
}

/* What has a literal parent and is not committed; dynamic ones are revchain_order's to name. */
Test(order, uncommitted_static_ones)
{
	struct revchain_snapshot snapshot;
	const char *hint = "git add and git commit it, or delete it";

	fixture_commit('a', "", "v/s.py" S("s", "None") "|v/z.py" M("z", ""));
	fixture_file("repository/v/s.py", &S("s", "None")[1]);
	fixture_file("repository/v/z.py", &M("z", "")[1]);
	fixture_file("repository/v/d.py", &M("d", "")[1]);
	fixture_file("repository/v/h.py", &S("h", "'d'")[1]);
	fixture_must(revchain_snapshot_worktree(&snapshot, fixture.repository, &fixture.error));
	order_of(&snapshot, 'a', false, false);
	warn_of_static(&snapshot, 'a');
	check_warning(findings.first, REVCHAIN_FINDING_UNCOMMITTED,
		      "this migration is not committed: nobody else has it", "v/h.py", NULL, hint);
	warn_of_static(&snapshot, 0);
	check_warning(findings.first, REVCHAIN_FINDING_UNCOMMITTED,
		      "this migration and 1 more are not committed: nobody else has them",
		      "v/h.py v/s.py", "not committed", hint);
	fixture_must(revchain_snapshot_commit(&snapshot, fixture.repository, fixture_id('a'),
					      &fixture.error));
	order_of(&snapshot, 'a', false, false);
	warn_of_static(&snapshot, 'a');
	cr_expect_null(findings.first, "in a commit all is committed");
}

/* Each lane by itself: files that only one side has, in front of, between and behind the others,
 * and a lane that the commit has not. */
Test(order, committed_or_not_in_two_lanes)
{
	struct revchain_snapshot snapshot;

	fixture_commit('a', "",
		       "v/b.py" S("b", "None") "|v/c.py" S("c", "None") "|v/f.py" S(
			       "f", "None") "|w/a.py" S("wa", "None") "|w/x.txt");
	fixture_commit('b', "", "v/b.py" S("b", "None"));
	fixture_file("repository/v/a.py", &S("a", "None")[1]);
	fixture_file("repository/v/b.py", &S("b", "None")[1]);
	fixture_file("repository/v/d.py", &S("d", "None")[1]);
	fixture_file("repository/v/f.py", &S("f", "None")[1]);
	fixture_file("repository/w/a.py", &S("wa", "None")[1]);
	fixture_file("repository/w/b.py", &S("wb", "None")[1]);
	fixture_must(revchain_snapshot_worktree(&snapshot, fixture.repository, &fixture.error));
	order_of(&snapshot, 'a', false, false);
	warn_of_static(&snapshot, 'a');
	check_warning(findings.first, REVCHAIN_FINDING_UNCOMMITTED,
		      "this migration and 2 more are not committed: nobody else has them",
		      "v/a.py v/d.py w/b.py", "not committed",
		      "git add and git commit it, or delete it");
	warn_of_static(&snapshot, 'b');
	check_warning(findings.first, REVCHAIN_FINDING_UNCOMMITTED,
		      "this migration and 4 more are not committed: nobody else has them",
		      "v/a.py v/d.py v/f.py w/a.py w/b.py", "not committed",
		      "git add and git commit it, or delete it");
}

/* A commit whose lane is missing: an error, and no order in which nothing is committed. */
Test(order, errors_come_back)
{
	static const char entry[] = "40000 v\0"
				    "12345678901234567890";
	git_oid tree = fixture_write(GIT_OBJECT_TREE, entry, sizeof(entry) - 1);
	struct revchain_snapshot snapshot;

	fixture_commit('a', "", "v/z.py" M("z", ""));
	fixture.commits['b'] = fixture_commit_of(&tree, NULL, 0);
	fixture_file("repository/v/z.py", &M("z", "")[1]);
	fixture_must(revchain_snapshot_worktree(&snapshot, fixture.repository, &fixture.error));
	order_of(&snapshot, 'a', false, false);
	cr_expect_eq(revchain_order(kind, &history, &snapshot, &set, fixture_id('b'), false, &order,
				    &findings, &fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect_eq(revchain_order_uncommitted_static(&snapshot, &set, fixture_id('b'), &findings,
						       &fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect_null(findings.first, "no warning of what is not known");
}

/* A lane that is empty, or has nothing in question. */
Test(order, nothing)
{
	fixture_commit('a', "", "v/x.txt=|w/a.py" M("a", ""));
	check("an empty lane", 'a', false, false, " / w/a.py@a");
	fixture_commit('b', "", "v/s.py=revision='s'\ndown_revision=None\n");
	check("no dynamic one", 'b', false, true, "");
	cr_expect_eq(order.count, 0);
}
