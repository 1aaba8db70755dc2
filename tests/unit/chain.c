#include "revchain/chain.h"

#include <stdio.h>

#include "bounded.h"
#include "linked.h"

TestSuite(chain, .init = linked_open, .fini = linked_close, .timeout = 60);

/* The set's chain as "id<parent,parent id<- …"; the findings where it is not complete. */
static const char *build(void)
{
	struct revchain_order order = linked_order(true);
	struct revchain_chain chain;
	const char *text = "";
	size_t i, j;

	cr_assert_eq(
		revchain_chain_build(&linked.set, &order, &chain, &linked.findings, &linked.error),
		0);
	cr_expect_eq(chain.complete, linked.findings.errors == 0);
	if (!chain.complete)
		return linked_findings();
	for (i = 0; i < linked.set.count; i++) {
		text = revchain_arena_printf(linked.arena, "%s%s%s<%s", text, i ? " " : "",
					     linked.set.items[i].revision,
					     chain.parents[i].count ? "" : "-");
		for (j = 0; j < chain.parents[i].count; j++)
			text = revchain_arena_printf(
				linked.arena, "%s%s%s", text, j ? "," : "",
				linked.set.items[chain.parents[i].to[j]].revision);
	}
	return text;
}

#define CHECK(what, expected, ...)                                                                 \
	do {                                                                                       \
		const char *got;                                                                   \
		linked_set(__VA_ARGS__, NULL);                                                     \
		got = build();                                                                     \
		cr_expect_str_eq(got, expected, "%s\nexpected %s\ngot      %s", what, expected,    \
				 got);                                                             \
	} while (0)

Test(chain, empty)
{
	linked_set(NULL);
	cr_expect_str_eq(build(), "");
}

Test(chain, one_block)
{
	CHECK("static ones alone", "a<- b<a", "a", "b:a");
	CHECK("one dynamic", "a<-", "a*");
	CHECK("dynamic ones alone", "a<- b<a c<b", "a*", "b*", "c*");
	CHECK("behind the static head", "a<- b<a d<b e<d", "a", "b:a", "d*", "e*");
	CHECK("the static ones last in the order", "d<b e<d b<a a<-", "d*", "e*", "b:a", "a");
	CHECK("a static merge", "a<- b<a c<a m<b,c d<m", "a", "b:a", "c:a", "m:b,c", "d*");
	CHECK("two static roots, merged", "a<- b<- m<a,b d<m", "a", "b", "m:a,b", "d*");
}

Test(chain, hybrids)
{
	CHECK("behind a dynamic one", "d<- h<d e<h", "d*", "h:d", "e*");
	CHECK("landed after the next", "d<- e<h h<d", "d*", "e*", "h:d");
	CHECK("on a static parent", "a<- d<a h<d e<h", "a", "d*", "h:d", "e*");
	CHECK("hybrid on hybrid", "d<- h<d i<h j<i e<j", "d*", "h:d", "i:h", "j:i", "e*");
	CHECK("at the end", "d<- e<d h<e", "d*", "e*", "h:e");
	CHECK("in each block", "d<- h<d e<h i<e f<i j<f", "d*", "h:d", "e*", "i:e", "f*", "j:f");
	CHECK("a fork, merged", "d<- h<d i<d m<h,i e<m", "d*", "h:d", "i:d", "m:h,i", "e*");
	CHECK("a fork, merged together with the dynamic one", "d<- h<d i<d m<i,h,d e<m", "d*",
	      "h:d", "i:d", "m:i,h,d", "e*");
}

/* A merge belongs to the block of that parent which comes last. */
Test(chain, merges_across_blocks)
{
	CHECK("of a static and a dynamic one", "a<- d<a m<a,d e<m", "a", "d*", "m:a,d", "e*");
	CHECK("of two dynamic ones", "d<- e<d m<d,e f<m", "d*", "e*", "m:d,e", "f*");
	CHECK("of two hybrids", "d<- h<d e<h i<e m<h,i f<m", "d*", "h:d", "e*", "i:e", "m:h,i",
	      "f*");
	CHECK("in the opposite order", "d<- h<d e<h i<e m<i,h f<m", "d*", "h:d", "e*", "i:e",
	      "m:i,h", "f*");
	CHECK("of a second static head", "a<- b<- d<b m<a,d e<m", "a", "b", "d*", "m:a,d", "e*");
	CHECK("of a second hybrid head", "d<- h<d i<d e<i m<h,e f<m", "d*", "h:d", "i:d", "e*",
	      "m:h,e", "f*");
	CHECK("of a second head through another hybrid", "a<- b<- d<b h<d m<a,h e<m", "a", "b",
	      "d*", "h:d", "m:a,h", "e*");
	CHECK("of two blocks' second heads", "a<- b<- d<b h<d i<d e<i m<a,h,e f<m", "a", "b", "d*",
	      "h:d", "i:d", "e*", "m:a,h,e", "f*");
	CHECK("a second head in the middle of three", "a<- b<- c<- d<b m<a,c,d", "a", "b", "c",
	      "d*", "m:a,c,d");
}

Test(chain, several_heads)
{
	CHECK("two static", "multiple-heads a.py b.py\n", "a", "b", "d*");
	CHECK("two static alone", "multiple-heads b.py c.py\n", "a", "b:a", "c:a");
	CHECK("three static, one merged later", "multiple-heads a.py b.py\n", "a", "b", "c", "d*",
	      "m:c,d");
	CHECK("both merged later", "multiple-heads a.py b.py\n", "a", "b", "d*", "m:a,b,d");
	CHECK("two hybrids", "hybrid-fork h.py i.py\n", "d*", "h:d", "i:d", "e*");
	CHECK("two hybrids at the end", "hybrid-fork h.py i.py\n", "d*", "h:d", "i:d");
	CHECK("in a later block", "hybrid-fork h.py i.py\n", "a", "d*", "e*", "h:e", "i:e", "f*");
	CHECK("in two lanes", "multiple-heads a.py b.py\nmultiple-heads c.py d.py\n", "a", "b",
	      "1/c", "1/d");
	CHECK("only the first block of a lane is told", "multiple-heads a.py b.py\n", "a", "b",
	      "d*", "h:d", "i:d");
}

Test(chain, messages)
{
	linked_set("a", "b", "d*", NULL);
	build();
	cr_expect_str_eq(linked.findings.first->message, "v has 2 static heads: a b");
	cr_expect_str_eq(linked.findings.first->hints,
			 "merge them: revchain merge -m \"merge heads\" a b\n"
			 "or, where no database has applied it yet: give one of them "
			 "`down_revision = get_down_revision(revision)`");
	cr_expect_eq(linked.findings.first->place->line, 3);
	cr_expect_null(linked.findings.first->place->note);
	cr_expect_str_eq(linked.findings.first->place->next->note, "the other head");
	linked_set("a", "b", NULL);
	build();
	cr_expect_str_eq(linked.findings.first->hints,
			 "merge them: revchain merge -m \"merge heads\" a b",
			 "no advice for dynamic ones where there are none");
	linked_set("d*", "h:d", "i:d", NULL);
	build();
	cr_expect_str_eq(linked.findings.first->message,
			 "static migrations behind a dynamic one end in 2 heads: h i");
}

/* Of very many heads a message names 20; their places are given all the same. */
static void check_many_heads(size_t count, const char *expected)
{
	const struct revchain_place *place;
	char text[8];
	size_t i;

	linked_start(count);
	for (i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "r%zu", i);
		linked_add(text);
	}
	linked_finish();
	build();
	cr_expect_str_eq(linked.findings.first->message, expected);
	for (place = linked.findings.first->place; place; place = place->next)
		i--;
	cr_expect_eq(i, 0, "%zu of %zu places", count - i, count);
}

Test(chain, many_heads_in_a_message)
{
	check_many_heads(20, "v has 20 static heads: r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 "
			     "r14 r15 r16 r17 r18 r19");
	check_many_heads(21, "v has 21 static heads: r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 "
			     "r14 r15 r16 r17 r18 r19 and more");
}

Test(chain, lanes)
{
	CHECK("each for itself", "a<- d<a b<- e<b", "a", "d*", "1/b", "1/e*");
	CHECK("mixed in the set", "b<- a<- e<b d<a f<e", "1/b", "a", "1/e*", "d*", "1/f*");
	CHECK("an empty one between", "a<- b<-", "a*", "2/b*");
	CHECK("a branch off another lane", "a<- d<a b<a e<b", "a", "d*", "1/b:a", "1/e*");
	CHECK("a branch off another lane's dynamic one", "d<- f<d b<d e<b", "d*", "f*", "1/b:d",
	      "1/e*");
	CHECK("a merge with another lane", "a<- d<a b<- m<b,d e<m f<d", "a", "d*", "1/b", "1/m:b,d",
	      "1/e*", "f*");
	CHECK("one that names both its own and another lane", "d<- e<- h<d,e f<h", "d*", "1/e*",
	      "1/h:d,e", "1/f*");
}

Test(chain, dependencies)
{
	CHECK("on an earlier one", "a<- b<a", "a*", "b*;a");
	CHECK("on a later one", "depends-on-later a.py b.py\n", "a*;b", "b*");
	CHECK("far ahead", "depends-on-later a.py d.py\n", "a*;d", "b*", "c*", "d*");
	CHECK("a static one on a dynamic one", "depends-on-later a.py d.py\n", "a;d", "d*");
	CHECK("another lane", "a<- b<-", "a*;b", "1/b*");
	CHECK("two lanes on each other", "depends-on-later a.py b.py\ndepends-on-later b.py a.py\n",
	      "a*;b", "1/b*;a");
	CHECK("across, and that one on a later one",
	      "depends-on-later a.py x.py\ndepends-on-later x.py b.py\n", "a*;x", "b*", "1/x*;b");
	CHECK("itself", "depends-on-later a.py\n", "a*;a");
	CHECK("its own parent", "a<- b<a", "a", "b:a;a");
	CHECK("a label", "depends-on-later a.py b.py\n", "a*;l", "b*=l");
}

/* Of a chain that is not whole only that is told: there may be other circles once it is. */
Test(chain, circles_of_half_a_chain)
{
	CHECK("a dependency", "multiple-heads a.py b.py\n", "a", "b", "1/c*;d", "1/d*");
	CHECK("a lane entered again", "multiple-heads x.py y.py\n", "a", "d*", "1/b:d", "1/e*",
	      "h:a,e", "2/x", "2/y");
}

/* Nothing is computed where something is wrong already; literal parents stay. */
Test(chain, after_errors)
{
	struct revchain_order order;
	struct revchain_chain chain;

	linked_set("a", "b:a", "d*", "e*", "x:nobody", NULL);
	order = linked_order(true);
	cr_assert_eq(
		revchain_chain_build(&linked.set, &order, &chain, &linked.findings, &linked.error),
		0);
	cr_expect_not(chain.complete);
	cr_expect_eq(chain.parents[1].count, 1);
	cr_expect_eq(chain.parents[2].count + chain.parents[3].count, 0);
	cr_expect_eq(linked.findings.errors, 1);
}

Test(chain, warnings_do_not_stop_it)
{
	linked_set("a*", "b*", NULL);
	revchain_finding_add(&linked.findings, "uncommitted", REVCHAIN_WARNING, "m");
	cr_expect_str_eq(build(), "a<- b<a");
}

/* The order may hold the dynamic ones alone. */
Test(chain, order_of_dynamic_ones_alone)
{
	struct revchain_ordered items[] = {{.migration = 2}, {.migration = 0}};
	size_t lane_start[] = {0, 2, 2, 2};
	struct revchain_order order = {items, 2, lane_start};
	struct revchain_chain chain;

	linked_set("d*", "h:e", "e*", "a", NULL);
	cr_assert_eq(
		revchain_chain_build(&linked.set, &order, &chain, &linked.findings, &linked.error),
		0);
	cr_assert(chain.complete);
	cr_expect_eq(chain.parents[2].to[0], 3); /* e behind a */
	cr_expect_eq(chain.parents[0].to[0], 1); /* d behind h */
}

Test(chain, long_chains)
{
	enum { count = 100000 };
	struct revchain_order order;
	struct revchain_chain chain;
	size_t i;

	linked_start(count);
	for (i = 0; i < count; i++) /* a dynamic one, and two hybrids on it */
		linked_add(i % 3 ? revchain_arena_printf(linked.arena, "r%zu:r%zu", i, i - 1)
				 : revchain_arena_printf(linked.arena, "r%zu*", i));
	linked_finish();
	order = linked_order(true);
	cr_assert_eq(
		revchain_chain_build(&linked.set, &order, &chain, &linked.findings, &linked.error),
		0);
	cr_assert(chain.complete);
	for (i = 1; i < count; i++)
		cr_assert_eq(chain.parents[i].to[0], i - 1);
}

/* b hangs on d, if only by way of another lane: that is refused, not read as b being static. */
Test(chain, lane_that_is_left_and_entered_again)
{
	CHECK("there and back", "lane-crossing b.py\n", "d*", "1/h:d", "b:h", "e*");
	CHECK("with a static head", "lane-crossing b.py\n", "a", "d*", "1/h:d", "b:h", "e*");
	CHECK("there and not back", "d<- h<d e<d", "d*", "1/h:d", "e*");
	CHECK("back through a computed parent", "lane-crossing h.py\n", "a", "d*", "1/b:d", "1/e*",
	      "h:a,e");
	CHECK("through three lanes", "lane-crossing h.py\n", "a", "d*", "1/b:d", "1/e*", "2/c:e",
	      "2/f*", "h:a,f");
	CHECK("one that has something dynamic in its own lane is named", "lane-crossing b.py\n",
	      "2/c:e", "a", "d*", "1/b:d", "1/e*", "h:a,c");
}

/* What the look at the result finds in parents that are taken for a finished chain. */
static const char *verify(void)
{
	struct revchain_links *parents =
		revchain_arena_array(linked.arena, linked.set.count, sizeof(*parents));
	size_t i;

	for (i = 0; i < linked.set.count; i++)
		parents[i] = linked.set.items[i].parents;
	revchain_findings_init(&linked.findings, linked.arena);
	cr_assert_eq(revchain_chain_verify(&linked.set, parents, &linked.findings, &linked.error),
		     0);
	return linked.findings.first ? linked.findings.first->message : "";
}

#define CHECK_VERIFIED(what, expected, ...)                                                        \
	do {                                                                                       \
		const char *got;                                                                   \
		linked_set(__VA_ARGS__, NULL);                                                     \
		got = verify();                                                                    \
		cr_expect_eq(strncmp(got, expected, strlen(expected)), 0, "%s\ngot %s", what,      \
			     got);                                                                 \
		cr_expect_eq(linked.findings.errors, *expected ? 1 : 0, "%s", what);               \
	} while (0)

/* The result has one head a lane and no circle: that is looked at, whatever was computed. */
Test(chain, result_is_verified)
{
	CHECK_VERIFIED("nothing", "", NULL);
	CHECK_VERIFIED("one", "", "a");
	CHECK_VERIFIED("a line", "", "a", "b:a", "c:b");
	CHECK_VERIFIED("one in each lane", "", "a", "1/b", "2/c");
	CHECK_VERIFIED("no other lane's head is one", "", "a", "1/b:a", "2/c:b,a");
	CHECK_VERIFIED("two heads", "the chain of v came out with 2 heads", "a", "b");
	CHECK_VERIFIED("a fork", "the chain of v came out with 2 heads", "a", "b:a", "c:a");
	CHECK_VERIFIED("in another lane", "the chain of u came out with 2 heads", "a", "2/b",
		       "2/c:a");
	CHECK_VERIFIED("a circle", "the chain of v came out with 0 heads", "a:b", "b:a");
	CHECK_VERIFIED("a circle, and one head", "the chain of v came out with 1 heads", "a:b",
		       "b:a", "c:a");
}

/* Very many heads: memory and time must not grow with the square of them. */
Test(chain, very_many_heads)
{
	enum { count = 20000 };
	struct revchain_order order;
	struct revchain_chain chain;
	size_t i;

	bound_memory();
	linked_start(count);
	for (i = 0; i < count; i++)
		linked_add(revchain_arena_printf(linked.arena, "r%zu", i));
	linked_finish();
	order = linked_order(true);
	cr_assert_eq(
		revchain_chain_build(&linked.set, &order, &chain, &linked.findings, &linked.error),
		0);
	cr_expect_eq(linked.findings.errors, 1);
}
