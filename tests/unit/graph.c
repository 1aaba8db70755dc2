#include "revchain/graph.h"

#include <criterion/criterion.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "linked.h"

TestSuite(graph, .init = linked_open, .fini = linked_close, .timeout = 60);

static void set_link(struct revchain_links *links, size_t to)
{
	size_t *target = revchain_arena_alloc(linked.arena, sizeof(*target));

	*target = to;
	links->to = target;
	links->count = 1;
}

Test(graph, nothing)
{
	const size_t *cycle;
	size_t sorted[1], count = 9, length = 9;

	cr_expect_eq(revchain_graph_sort(NULL, 0, linked.arena, sorted, &count, &linked.error),
		     REVCHAIN_OK);
	cr_expect_eq(count, 0);
	cr_expect_eq(
		revchain_graph_find_cycle(NULL, 0, linked.arena, &cycle, &length, &linked.error),
		REVCHAIN_OK);
	cr_expect_eq(length, 0);
}

/* How many migrations a text describes: their parents, one word a migration; "-" has none. The nth
 * migration's name is the nth letter. */
static size_t read_links(const char *parents, struct revchain_links **links)
{
	size_t count = 0, *to;

	*links = revchain_arena_array(linked.arena, strlen(parents), sizeof(**links));
	for (; *parents; count++, parents += *parents == ' ') {
		struct revchain_links *these = &(*links)[count];
		size_t length = strcspn(parents, " ");

		these->to = to = revchain_arena_array(linked.arena, length, sizeof(*to));
		for (; *parents && *parents != ' '; parents++)
			if (*parents != '-')
				to[these->count++] = (size_t)(*parents - 'a');
	}
	return count;
}

static void check(const char *parents, size_t expected_sorted, size_t expected_cycle)
{
	struct revchain_links *links;
	bool placed[32] = {false};
	size_t sorted[32], sorted_count, length, count = read_links(parents, &links), i, j;
	const size_t *cycle;

	cr_assert_eq(revchain_graph_sort(links, count, linked.arena, sorted, &sorted_count,
					 &linked.error),
		     0);
	cr_expect_eq(sorted_count, expected_sorted, "%zu sorted, expected %zu", sorted_count,
		     expected_sorted);
	for (i = 0; i < sorted_count; i++) {
		cr_expect_not(placed[sorted[i]], "%zu is placed twice", sorted[i]);
		for (j = 0; j < links[sorted[i]].count; j++)
			cr_expect(placed[links[sorted[i]].to[j]], "%zu comes before its parent",
				  sorted[i]);
		placed[sorted[i]] = true;
	}
	cr_assert_eq(revchain_graph_find_cycle(links, count, linked.arena, &cycle, &length,
					       &linked.error),
		     0);
	cr_expect_eq(length, expected_cycle, "a cycle of %zu, expected %zu", length,
		     expected_cycle);
	for (i = 0; i < length; i++) {
		bool leads_on = false;

		for (j = 0; j < links[cycle[i]].count; j++)
			leads_on = leads_on || links[cycle[i]].to[j] == cycle[(i + 1) % length];
		cr_expect(leads_on, "%zu does not lead to %zu", cycle[i], cycle[(i + 1) % length]);
		for (j = 0; j < i; j++)
			cr_expect_neq(cycle[i], cycle[j], "%zu is in the cycle twice", cycle[i]);
	}
}

Test(graph, sort_and_cycles)
{
	check("-", 1, 0);
	check("- - -", 3, 0);
	check("- a b c", 4, 0);
	check("b c d -", 4, 0);
	check("- a a bc", 4, 0); /* a diamond */
	check("bc d d -", 4, 0); /* the other way */
	check("- a a a bcd bcd ef", 7, 0);
	check("- aa", 2, 0); /* the same parent twice */
	check("a", 0, 1);    /* itself */
	check("- ab", 1, 1);
	check("b a", 0, 2);
	check("b c a", 0, 3);
	check("b c a a", 0, 3);	     /* one hangs on it */
	check("b c d e c", 0, 3);    /* some lead to it */
	check("- c b a", 2, 2);	     /* beside it */
	check("- a d c f e", 2, 2);  /* two of them */
	check("ef c d b a a", 0, 2); /* several ways on */
	check("- ac b", 1, 2);	     /* a sorted parent first */
	check("b c d e f g h i j a", 0, 10);
}

/* What the links lead to from one migration, itself included. */
static void check_reach(const char *parents, char from, const char *expected)
{
	struct revchain_links *links;
	size_t count = read_links(parents, &links), i, length = 0;
	bool *seen = revchain_arena_array(linked.arena, count, sizeof(*seen));
	size_t *stack = revchain_arena_array(linked.arena, count, sizeof(*stack));
	char got[32] = "";

	memset(seen, true, count * sizeof(*seen));
	revchain_graph_reach(links, count, (size_t)(from - 'a'), seen, stack);
	for (i = 0; i < count; i++)
		if (seen[i])
			got[length++] = (char)('a' + i);
	cr_expect_str_eq(got, expected, "%s from %c: expected %s, got %s", parents, from, expected,
			 got);
}

Test(graph, reach)
{
	check_reach("-", 'a', "a");
	check_reach("- a b c", 'a', "a");
	check_reach("- a b c", 'c', "abc");
	check_reach("- - - bc", 'd', "bcd");
	check_reach("- a a bc", 'd', "abcd"); /* by two ways */
	check_reach("a", 'a', "a");	      /* round in circles */
	check_reach("b c a a", 'd', "abcd");
	check_reach("bcd abd abc d", 'b', "abcd");
}

Test(graph, long_chain)
{
	enum { count = 100000 };
	struct revchain_links *links = revchain_arena_array(linked.arena, count, sizeof(*links));
	size_t *sorted = revchain_arena_array(linked.arena, count, sizeof(*sorted)), sorted_count,
	       length, i;
	const size_t *cycle;
	clock_t started = clock();

	for (i = 0; i + 1 < count; i++)
		set_link(&links[i], i + 1);
	cr_assert_eq(revchain_graph_sort(links, count, linked.arena, sorted, &sorted_count,
					 &linked.error),
		     0);
	cr_expect_eq(sorted_count, count);
	for (i = 0; i < sorted_count; i++)
		cr_assert_eq(sorted[i], count - 1 - i);
	set_link(&links[count - 1], 0);
	cr_assert_eq(revchain_graph_find_cycle(links, count, linked.arena, &cycle, &length,
					       &linked.error),
		     0);
	cr_expect_eq(length, count);
	cr_expect_lt(clock() - started, 5 * CLOCKS_PER_SEC);
}

/* A migration that 100,000 others name. */
Test(graph, wide)
{
	enum { count = 100000 };
	struct revchain_links *links = revchain_arena_array(linked.arena, count, sizeof(*links));
	size_t *sorted = revchain_arena_array(linked.arena, count, sizeof(*sorted)), sorted_count,
	       i;

	for (i = 1; i < count; i++)
		set_link(&links[i], 0);
	cr_assert_eq(revchain_graph_sort(links, count, linked.arena, sorted, &sorted_count,
					 &linked.error),
		     0);
	cr_expect_eq(sorted_count, count);
	cr_expect_eq(sorted[0], 0);
}

/* The findings of a set, as lines "id PATH PATH…". */
static void check_findings(const char *what, const char *expected)
{
	const char *got = linked_findings();

	cr_expect_str_eq(got, expected, "%s\nexpected\n%s\ngot\n%s", what, expected, got);
}

static void check_kinds(const char *expected)
{
	char got[64] = "";
	size_t i;

	for (i = 0; i < linked.set.count; i++)
		got[i] = "sdh"[linked.set.items[i].kind];
	cr_expect_str_eq(got, expected, "kinds: expected %s, got %s", expected, got);
}

Test(graph, links_and_kinds)
{
	const struct revchain_migration *items;

	linked_set("a", "b:a", "c:a,b", "d*", "e:d", "f:e,a", "g:a;f", NULL);
	check_findings("all is well", "");
	check_kinds("sssdhhs");
	items = linked.set.items;
	cr_expect_eq(items[0].parents.count, 0);
	cr_expect_eq(items[1].parents.count, 1);
	cr_expect_eq(items[1].parents.to[0], 0);
	cr_expect_eq(items[2].parents.count, 2);
	cr_expect_eq(items[3].parents.count, 0);
	cr_expect_eq(items[6].dependencies.count, 1);
	cr_expect_eq(items[6].dependencies.to[0], 5);
	cr_expect_eq(items[6].kind, REVCHAIN_STATIC, "a dependency makes no hybrid");
}

Test(graph, names_count_once)
{
	linked_set("a", "b:a,a,a", "c:b;a,a", NULL);
	cr_expect_eq(linked.set.items[1].parents.count, 1);
	cr_expect_eq(linked.set.items[2].dependencies.count, 1);
}

Test(graph, labels)
{
	linked_set("a=x,y", "b*;y", "c:b;a,x", NULL);
	check_findings("labels name their migration", "");
	cr_expect_eq(linked.set.items[1].dependencies.to[0], 0);
	cr_expect_eq(linked.set.items[2].dependencies.count, 1,
		     "an id and a label of one migration");
	linked_set("a=b", "b*", "c*;b", NULL);
	cr_expect_eq(linked.set.items[2].dependencies.to[0], 1, "an id is meant before a label");
	linked_set("a=x", "b:x", NULL);
	check_findings("a label is no parent", "missing-parent b.py\n");
}

Test(graph, what_is_missing)
{
	linked_set("a:nobody", "b:a,no,one", "c*;none", NULL);
	check_findings("each by itself", "missing-parent a.py\nmissing-parent b.py\nmissing-parent "
					 "b.py\nmissing-dependency c.py\n");
	cr_expect_eq(linked.findings.errors, 4);
	cr_expect_str_eq(linked.findings.first->message,
			 "the parent 'nobody' of 'a' does not exist");
	cr_expect_str_eq(linked.findings.last->message,
			 "'none', which 'c' depends on, does not exist");
	cr_expect_eq(linked.set.items[1].parents.count, 1, "what is there is linked");
}

Test(graph, cycles_become_findings)
{
	linked_set("a:a", NULL);
	check_findings("itself", "cycle a.py\n");
	cr_expect_str_eq(linked.findings.first->message, "'a' names itself as its parent");
	linked_set("a:c", "b:a", "c:b", "d*", NULL);
	check_findings("three", "cycle a.py c.py b.py\n");
	linked_set("a*", "b:a,c", "c:b", NULL);
	check_findings("beside a dynamic one", "cycle b.py c.py\n");
	linked_set("a;b", "b:a", NULL);
	check_findings("dependencies close no circle here", "");
}

/* A merge of 100,000 parents: no quadratic time. */
Test(graph, many_parents)
{
	enum { count = 100000 };
	const char **names = revchain_arena_array(linked.arena, count, sizeof(*names));
	struct revchain_value *value;
	clock_t started;
	size_t i;

	linked_start(count + 1);
	for (i = 0; i < count; i++) {
		linked_add(revchain_arena_printf(linked.arena, "r%zu", i));
		names[i] = linked.set.items[i].revision;
	}
	linked_add("merge");
	value = &linked.set.items[count].scan.down_revision;
	value->kind = REVCHAIN_VALUE_SEQUENCE;
	value->strings = names;
	value->count = count;
	started = clock();
	linked_finish();
	cr_expect_eq(linked.set.items[count].parents.count, count);
	cr_expect_lt(clock() - started, 2 * CLOCKS_PER_SEC, "%ld ms",
		     (long)(clock() - started) / 1000);
}
