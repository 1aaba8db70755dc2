#include "revchain/lineage.h"

#include "linked.h"

TestSuite(lineage, .init = linked_open, .fini = linked_close, .timeout = 60);

static void judge(size_t allowed)
{
	struct revchain_links *parents =
		revchain_arena_array(linked.arena, linked.set.count, sizeof(*parents));
	struct revchain_heads heads;
	size_t i;

	for (i = 0; i < linked.set.count; i++)
		parents[i] = linked.set.items[i].parents;
	cr_assert_eq(revchain_heads_find(&linked.set, parents, &heads, &linked.error), REVCHAIN_OK);
	cr_assert_eq(revchain_lineage_labels(&linked.set, &linked.findings, &linked.error),
		     REVCHAIN_OK);
	cr_assert_eq(revchain_lineage_judge(&linked.set, parents, &heads, allowed, &linked.findings,
					    &linked.error),
		     REVCHAIN_OK);
}

#define CHECK_ALLOWED(allowed, expected, ...)                                                      \
	do {                                                                                       \
		linked_set(__VA_ARGS__, NULL);                                                     \
		judge(allowed);                                                                    \
		cr_expect_str_eq(linked_findings(), expected, "expected\n%sgot\n%s", expected,     \
				 linked_findings());                                               \
	} while (0)
#define CHECK(expected, ...) CHECK_ALLOWED(0, expected, __VA_ARGS__)

Test(lineage, one_line)
{
	CHECK("", "a");
	CHECK("", "a", "b:a", "c:b");
	CHECK("", "a", "b:a", "c:a", "d:b,c");
}

Test(lineage, heads_and_where_they_part)
{
	CHECK("multiple-heads b.py c.py\nfork b.py c.py\n", "a", "b:a", "c:a");
	CHECK("multiple-heads d.py e.py\nfork b.py c.py\n", "a", "b:a", "c:a", "d:b", "e:c");
	CHECK("multiple-heads c.py d.py e.py\nfork c.py d.py e.py\n", "a", "b:a", "c:b", "d:b",
	      "e:b");
	/* a fork that is merged again, before and behind the one that is not */
	CHECK("multiple-heads f.py g.py\nfork f.py g.py\n", "a", "b:a", "c:a", "d:b,c", "f:d",
	      "g:d");
	CHECK("multiple-heads e.py f.py\nfork b.py f.py\n", "a", "b:a", "c:b", "d:b", "e:c,d",
	      "f:a");
	/* two places: g parts from c, then d from e */
	CHECK("multiple-heads d.py e.py g.py\nfork d.py e.py\nfork c.py g.py\n", "a", "c:a", "d:c",
	      "e:c", "g:a");
	/* x and y part behind b; that c leads to y alone is no place of its own */
	CHECK("multiple-heads x.py y.py\nfork x.py y.py\n", "a", "b:a", "c:a", "x:b", "y:b,c");
}

Test(lineage, heads_of_several_bases)
{
	CHECK("multiple-bases a.py b.py\nmultiple-heads a.py b.py\n", "a", "b");
	CHECK("multiple-bases a.py b.py c.py\n", "a", "b", "c", "d:a,b,c");
}

Test(lineage, labels_tell_heads_apart)
{
	CHECK("", "a", "b:a=x", "c:a=y");
	CHECK("", "a", "b:a=x", "c:a"); /* one is left without */
	CHECK("", "a=x", "b:a=y", "c:a");
	CHECK("multiple-heads b.py c.py\nfork b.py c.py\n", "a=x", "b:a", "c:a");
	CHECK("multiple-heads c.py d.py\nfork c.py d.py\n", "a", "b:a=x", "c:b", "d:b");
	CHECK("", "a", "b:a=x", "c:b", "d:b=y"); /* d by y, and c is left */
	CHECK("", "a", "b=x");			 /* bases too */
	CHECK("", "a", "b", "c:b=x");
}

Test(lineage, lanes_tell_heads_apart)
{
	CHECK("", "a", "1/b");
	CHECK("", "a", "1/b:a", "c:a");
	CHECK("multiple-heads b.py d.py\nfork b.py d.py\n", "a", "1/b:a", "c:a", "1/d:a");
}

Test(lineage, so_many_are_allowed)
{
	CHECK_ALLOWED(2, "", "a", "b:a", "c:a");
	CHECK_ALLOWED(1, "multiple-heads b.py c.py\nfork b.py c.py\n", "a", "b:a=x", "c:a=y");
	CHECK_ALLOWED(1, "multiple-heads a.py b.py\n", "a", "1/b");
}

Test(lineage, labels_are_declared_once)
{
	CHECK("duplicate-label c.py b.py\n", "a", "b:a=x", "c:b=x");
	CHECK("duplicate-label b.py a.py\n", "a", "b:a=a");
	CHECK("duplicate-label b.py b.py\n", "a", "b:a=x,x");
}

Test(lineage, a_label_that_cannot_be_read_is_one)
{
	linked_set("a", "b:a", "c:a", NULL);
	linked.set.items[1].scan.branch_labels.kind = REVCHAIN_VALUE_UNREADABLE;
	judge(0);
	cr_expect_str_eq(linked_findings(), "");
}

Test(lineage, nothing_is_said_of_a_circle)
{
	linked_set("a:c", "b:a", "c:b", "d:a", NULL);
	revchain_findings_init(&linked.findings, linked.arena);
	judge(0);
	cr_expect_str_eq(linked_findings(), "");
}

/* Ten thousand heads behind one parent: time and findings stay within bounds. */
Test(lineage, many_heads)
{
	size_t i;

	linked_start(10001);
	linked_add("root");
	for (i = 0; i < 10000; i++)
		linked_add(revchain_arena_printf(linked.arena, "h%zu:root", i));
	linked_finish();
	judge(0);
	cr_expect_eq(linked.findings.errors, 1);
	cr_expect_eq(linked.findings.notes, 1);
	cr_expect(strlen(linked.findings.first->message) < 1000);
}
