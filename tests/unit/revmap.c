#include "revchain/revmap.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "linked.h"

/* That it all is as Alembic has it is tests/oracle/alembic_graph.py's to show; here are the rules
 * one by one. */
TestSuite(revmap, .init = linked_open, .fini = linked_close, .timeout = 60);

static struct revchain_revmap map;

static int build(void)
{
	struct revchain_links *parents =
		revchain_arena_array(linked.arena, linked.set.count + 1, sizeof(*parents));
	size_t i;

	for (i = 0; i < linked.set.count; i++)
		parents[i] = linked.set.items[i].parents;
	return revchain_revmap_build(&linked.set, parents, &map, &linked.error);
}

static const char *list(const size_t *items, size_t count)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < count; i++)
		text = revchain_arena_printf(linked.arena, "%s%s%s", text, i ? " " : "",
					     linked.set.items[items[i]].revision);
	return text;
}

/* The lines of `alembic history`, without their messages, joined by "; ". */
static const char *lines(void)
{
	struct revchain_buffer text = {0};
	const char *copy;
	size_t i;

	for (i = 0; i < linked.set.count; i++)
		revchain_revmap_history_line(&map, i, &text);
	copy = revchain_arena_copy(linked.arena, text.text ? text.text : "", text.length);
	revchain_buffer_free(&text);
	return copy;
}

static const char *history(const char *start, const char *end)
{
	size_t *order = revchain_arena_array(linked.arena, linked.set.count + 1, sizeof(*order));
	size_t count;

	if (revchain_revmap_history(&map, start, end, order, &count, &linked.error))
		return linked.error.status == REVCHAIN_USAGE ? "refused" : "failed";
	return list(order, count);
}

#define expect_text(actual, expected)                                                              \
	do {                                                                                       \
		const char *came = (actual);                                                       \
		cr_expect_str_eq(came, (expected), "got: %s", came);                               \
	} while (0)

Test(revmap, marks)
{
	linked_set("a", "b:a", "c:a", "m:b,c", "d;m", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(lines(), "<base> -> a (branchpoint), \n"
			     "a -> b, \n"
			     "a -> c, \n"
			     "b, c -> m (effective head) (mergepoint), \n"
			     "<base> (m) -> d (head), \n");
	expect_text(list(map.heads, map.head_count), "d m"); /* in the order of their files */
}

Test(revmap, label_goes_down_and_up_a_plain_line)
{
	linked_set("a", "b:a", "c:b=x", "d:c", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(lines(),
		    "<base> -> a (x), \na -> b (x), \nb -> c (x), \nc -> d (x) (head), \n");
}

Test(revmap, label_stops_at_a_branch_point)
{
	linked_set("a", "b:a", "c:b=x", "d:b", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(lines(), "<base> -> a, \na -> b (branchpoint), \nb -> c (x) (head), \n"
			     "b -> d (head), \n");
}

Test(revmap, label_goes_not_up_where_it_branches_below)
{
	linked_set("a", "b:a=x", "c:b", "d:b", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(lines(), "<base> -> a, \na -> b (x) (branchpoint), \nb -> c (x) (head), \n"
			     "b -> d (x) (head), \n");
}

Test(revmap, dependency_is_a_branch_for_labels)
{
	linked_set("a", "b:a", "c:b=x", "d;b", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(lines(),
		    "<base> -> a, \na -> b, \nb -> c (x) (head), \n<base> (b) -> d (head), \n");
}

Test(revmap, labels_are_sorted)
{
	linked_set("a=z,b", "c:a=m", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(lines(), "<base> -> a (b, m, z), \na -> c (b, m, z) (head), \n");
}

Test(revmap, label_twice)
{
	linked_set("a=x", "b:a=x", NULL);
	cr_expect_eq(build(), REVCHAIN_MIGRATIONS);
	cr_expect_str_eq(linked.error.path, "b.py");
}

Test(revmap, label_that_is_an_id)
{
	linked_set("a", "b:a=a", NULL);
	cr_expect_eq(build(), REVCHAIN_MIGRATIONS);
}

Test(revmap, dependency_cycle)
{
	linked_set("a", "b:a;c", "c:a;b", NULL);
	cr_expect_eq(build(), REVCHAIN_MIGRATIONS);
	linked_set("d;d", NULL);
	cr_expect_eq(build(), REVCHAIN_MIGRATIONS);
}

/* A dependency that an ancestor has as well is none of its own: it does not draw `x` up. */
Test(revmap, inherited_dependency)
{
	linked_set("x", "a;x", "b:a;x", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	cr_expect_eq(map.revisions[2].dependencies.count, 0);
	cr_expect_eq(map.revisions[1].dependencies.count, 1);
	cr_expect_eq(map.revisions[0].followers, 2);
	expect_text(history(NULL, NULL), "b a x");
}

Test(revmap, history_of_branches)
{
	linked_set("a", "b:a", "c:a", "d:b", "e:c", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(history(NULL, NULL), "d b e c a");
	expect_text(history("b", NULL), "d b");
	expect_text(history(NULL, "e"), "e c a");
	expect_text(history("b", "e"), "refused");
	expect_text(history("c", "heads"), "e c");
	expect_text(history(NULL, "head"), "refused");
	expect_text(history(NULL, "none"), "refused");
	expect_text(history(NULL, "e-1"), "c a");
	expect_text(history(NULL, "c+1"), "e c a");
	expect_text(history(NULL, "a+1"), "refused");
	expect_text(history("-1", "d"),
		    "refused"); /* one below each head, and one is no ancestor */
	expect_text(history("base", "base"), "");
}

Test(revmap, history_of_a_line)
{
	linked_set("aaaa1", "bbbb1:aaaa1=left", "bbbb2:bbbb1", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(history("-1", NULL), "bbbb2 bbbb1");
	expect_text(history("-2", NULL), "bbbb2 bbbb1 aaaa1");
	expect_text(history("-3", NULL), "refused"); /* the base is no ancestor */
	expect_text(history("-9", NULL), "refused");
	expect_text(history("-9", "bbbb2"), "bbbb2 bbbb1 aaaa1");
	expect_text(history("-9", "base"), "refused"); /* there is no branch of that name */
	expect_text(history(NULL, "aaaa"), "aaaa1");
	expect_text(history(NULL, "bbbb"), "refused");
	expect_text(history(NULL, "left"), "bbbb1 aaaa1");
	expect_text(history(NULL, "left@head"), "bbbb2 bbbb1 aaaa1");
	expect_text(history(NULL, "left@aaaa1"), "aaaa1");
	expect_text(history("left@base", NULL), "bbbb2 bbbb1 aaaa1");
	expect_text(history(NULL, "+2"), "bbbb1 aaaa1");
	expect_text(history(NULL, "99999999999999999999+99999999999999999999"), "refused");
}

/* As Alembic 1.8 prints them; what it stops at is refused. */
Test(revmap, history_of_ranges)
{
	linked_set("a", "b:a=left", "c:a=right", "d:b", "e:c", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(history(NULL, "left@+1"), "a");
	expect_text(history("a", "left@+2"), "d b a");
	expect_text(history("b", "left@+1"), "d b");
	expect_text(history("c", "left@+1"), "refused");
	expect_text(history("b", "+1"), "d b");
	expect_text(history("left@base", NULL), "d b a");
	expect_text(history("left@b", NULL), "d b");
	expect_text(history("b@base", "heads"), "d b a");
	expect_text(history("d@base", "heads"), "d b a");
	expect_text(history("c", "right@e-1"), "c");
	expect_text(history(NULL, "right@e-2"), "a");
	expect_text(history("c", "right@c+1"), "e c");
	expect_text(history("a", "c-2"), "refused");
	expect_text(history("a", "right@head"), "e c a");
	expect_text(history("-1", "right@head"), "refused");
	expect_text(history("e-1", "e"), "refused");
	expect_text(history("d", "d"), "d");
	expect_text(history(NULL, "+0"), "refused");
	expect_text(history(NULL, "-1"), "refused");
	expect_text(history(NULL, "a+0"), "a");
	expect_text(history(NULL, "@+1"), "refused");
	expect_text(history(NULL, "le_ft+1"), "refused");
	expect_text(history(NULL, "x@y+1"), "refused");
	expect_text(history("left@-1", "d"), "d b");
	expect_text(history("left@-9", "d"), "d b a");
	expect_text(history("left@-3", "d"), "refused");
	expect_text(history("left@-9", "b"), "b a");
	expect_text(history("left@-9", "a"), "");
	expect_text(history("left@-9", "e"), "refused");
	expect_text(history("left@-9", "left@head"), "refused");
	expect_text(history("b@-9", "d"), "d b a");
	expect_text(history("none@-9", "d"), "refused");
	expect_text(history("-9", "left@head"), "refused");
	expect_text(history("heads", "heads"), "d e");
	expect_text(history("heads", "d"), "refused");
	expect_text(history("head", "d"), "refused");
	expect_text(history("left@-9", "heads"), "refused");

	linked_set("a", "b:a", "c:a", "d:b;c", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(history("c", NULL), "refused");
	expect_text(history("b", NULL), "d b");
	expect_text(history("c", "d"), "refused");
	expect_text(history("b", "d"), "d b");

	linked_set("a", "b;a", "c:b", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(history("a", "c"), "refused");
	expect_text(history("b", NULL), "c b");
	expect_text(history(NULL, "b+1"), "c b a");
	expect_text(history("a", "+1"), "a");
	expect_text(history(NULL, "+1"), "refused");

	linked_set("x=one,two", "y:x", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(history("x@base", NULL), "refused");
	expect_text(history("y@base", NULL), "refused");
	expect_text(history("two@x", "y"), "y x");

	linked_set("p", "q", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(history(NULL, "+1"), "refused");
	expect_text(history("p@base", "p"), "refused");
	expect_text(history(NULL, "p@+1"), "p");

	linked_set("a", "m:a=lab", "n:m", "o:n", "z:a", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(history("m", "lab@+1"), "n m");
	expect_text(history("a", "lab@+1"), "m a");
	expect_text(history("o", "lab@+1"), "o");
	expect_text(history("z", "lab@+1"), "refused");
	expect_text(history("m", "lab@+5"), "o n m");
}

/* Steps down in a branch go down from the end where they lead beyond its first migration. */
Test(revmap, history_of_steps_in_a_branch)
{
	linked_set("a", "b:a=left", "bbbb1:b", "c:bbbb1;x", "x=other", "y:x", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(history("left@-9", "bbbb"), "bbbb1 b a");
	expect_text(history("left@-9", "c"), "c bbbb1 b a x");
	expect_text(history("other@-9", "c"), "");
	expect_text(history("other@-9", "y"), "y x");
}

Test(revmap, nothing)
{
	linked_start(1);
	linked_finish();
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(history(NULL, NULL), "");
	cr_expect_eq(map.head_count, 0);
}

Test(revmap, long_line)
{
	const size_t count = 20000;
	size_t i;

	linked_start(count);
	linked_add("m0=x");
	for (i = 1; i < count; i++)
		linked_add(revchain_arena_printf(linked.arena, "m%zu:m%zu", i, i - 1));
	linked_finish();
	cr_assert_eq(build(), REVCHAIN_OK);
	cr_expect(revchain_revision_has_label(&map, count - 1, 0));
	cr_expect_str_eq(linked.set.items[map.heads[0]].revision, "m19999");
	cr_expect_eq(strlen(history("-2", NULL)), strlen("m19999 m19998 m19997"));
}

static const char *entry_of(const char *docstring)
{
	struct revchain_buffer text = {0};
	const char *copy;

	linked.set.items[0].scan.docstring = docstring;
	revchain_revmap_entry(&map, 0, "/p/a.py", &text);
	copy = revchain_arena_copy(linked.arena, text.text, text.length);
	revchain_buffer_free(&text);
	return copy;
}

Test(revmap, entry)
{
	linked_set("a=l", "b:a", "c:a;b", NULL);
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(entry_of(NULL), "Rev: a (branchpoint)\nParent: <base>\nBranches into: b, c\n"
				    "Branch names: l\nPath: /p/a.py\n\n\n\n");
	expect_text(entry_of(" \n one\n\n two\r\nthree\f\u2028end \u00a0\n"),
		    "Rev: a (branchpoint)\nParent: <base>\nBranches into: b, c\n"
		    "Branch names: l\nPath: /p/a.py\n\n    one\n    \n     two\n    three\n    \n"
		    "    end\n\n");
}

Test(revmap, title)
{
	struct revchain_migration migration = {0};

	expect_text(revchain_revmap_title(&migration, linked.arena), "");
	migration.scan.docstring = "\n\t one line \r\n two";
	expect_text(revchain_revmap_title(&migration, linked.arena), "one line");
}

/* In a directory the files come first, then what is below it. */
Test(revmap, loading)
{
	linked_set("a", "b", "c", NULL);
	linked.set.items[0].path = "v/2024/a.py";
	linked.set.items[1].path = "v/z.py";
	linked.set.items[2].path = "v/2023/c.py";
	cr_assert_eq(build(), REVCHAIN_OK);
	expect_text(list(map.loaded, 3), "b c a");
}
