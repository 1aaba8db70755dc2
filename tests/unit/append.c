#include "revchain/append.h"

#include "revchain/reorder.h"

#include "linked.h"

TestSuite(append, .init = linked_open, .fini = linked_close, .timeout = 60);

static struct revchain_order order;
static struct revchain_chain chain;

/* The order of the dynamic ones is that of the set. */
static void build(void)
{
	order = linked_order(true);
	cr_assert_eq(
		revchain_chain_build(&linked.set, &order, &chain, &linked.findings, &linked.error),
		0);
	cr_assert(chain.complete, "%s", linked_findings());
}

/* A chain file of "b<a c<b", where "a<" has no parent. */
static struct revchain_chainfile file_of(const char *text)
{
	struct revchain_chainfile_entry *entries =
		revchain_arena_array(linked.arena, strlen(text) + 1, sizeof(*entries));
	struct revchain_chainfile file = {.path = "old.json", .entries = entries};

	while (*text) {
		size_t length = strcspn(text, "<"), parent = strcspn(text + length + 1, " ");
		struct revchain_chainfile_entry *entry = &entries[file.count++];

		entry->revision = revchain_arena_copy(linked.arena, text, length);
		if (parent)
			entry->parent =
				revchain_arena_copy(linked.arena, text + length + 1, parent);
		text += length + 1 + parent;
		text += *text == ' ';
	}
	return file;
}

/* What is displaced, each with what is behind it; the set is that of today. */
static const char *previous(const char *text)
{
	struct revchain_chainfile file = file_of(text);
	struct revchain_judged judged = {&linked.set, NULL, true, ""};

	build();
	judged.parents = chain.parents;
	cr_assert_eq(revchain_append_previous(&judged, &file, &linked.findings, &linked.error), 0);
	return linked_findings();
}

#define CHECK(file, expected, ...)                                                                 \
	do {                                                                                       \
		const char *got;                                                                   \
		linked_set(__VA_ARGS__, NULL);                                                     \
		got = previous(file);                                                              \
		cr_expect_str_eq(got, expected, "%s\nexpected %s\ngot      %s", file, expected,    \
				 got);                                                             \
	} while (0)

Test(append, prefixes)
{
	CHECK("", "", "a*", "b*");
	CHECK("a<", "", "a*", "b*");
	CHECK("a< b<a", "", "a*", "b*");
	CHECK("a< b<a", "", "a*", "b*", "c*");
	CHECK("a< x<a b<x", "", "a*", "b*");
	CHECK("x< a<x", "", "a*", "b*");
}

Test(append, displaced)
{
	CHECK("b<", "displaced a.py b.py\n", "a*", "b*");
	CHECK("a< b<a", "displaced c.py b.py\n", "a*", "c*", "b*");
	CHECK("a< b<a", "displaced c.py a.py\n", "c*", "a*", "b*");
	CHECK("a< b<a", "displaced c.py b.py\ndisplaced d.py b.py\n", "a*", "c*", "d*", "b*");
	CHECK("a< b<a", "displaced b.py a.py\n", "b*", "a*");
	CHECK("a< b<a c<b", "displaced c.py b.py\n", "a*", "c*", "b*");
}

Test(append, static_ones)
{
	CHECK("d<a", "", "a", "d*");
	CHECK("d<a", "displaced b.py d.py\n", "a", "b:a", "d*");
	CHECK("d<a e<h", "", "a", "d*", "h:d", "e*");
	CHECK("d<a e<d", "displaced h.py e.py\n", "a", "d*", "h:d", "e*");
	CHECK("d<a e<d", "", "a", "d*", "e*", "h:e");
	CHECK("d<c", "", "a", "c:a", "d*");
}

/* What stood before something that is gone is not known. */
Test(append, gone)
{
	CHECK("d< e<h", "", "d*", "e*");
	CHECK("d< e<h", "displaced e.py d.py\n", "e*", "d*");
	CHECK("d< e<h", "displaced n.py e.py\n", "d*", "n*", "e*");
}

Test(append, lanes)
{
	CHECK("a< b<", "", "a*", "1/b*");
	CHECK("a< b<", "displaced c.py b.py\n", "a*", "1/c*", "1/b*");
	CHECK("a< b<a", "", "a*", "1/b*");
	CHECK("a< b<", "displaced a.py b.py\n", "1/a*", "1/b*");
}

Test(append, very_many)
{
	enum { count = 20000 };
	struct revchain_chainfile_entry *entries;
	struct revchain_chainfile all = {.path = "old.json"};
	struct revchain_judged judged = {&linked.set, NULL, true, ""};
	size_t i;

	linked_start(count);
	for (i = 0; i < count; i++)
		linked_add(revchain_arena_printf(linked.arena, "r%zu*", i));
	linked_finish();
	build();
	judged.parents = chain.parents;
	entries = revchain_arena_array(linked.arena, count, sizeof(*entries));
	for (i = 0; i < count; i++) { /* the other way round */
		entries[i].revision = linked.set.items[i].revision;
		entries[i].parent = i + 1 < count ? linked.set.items[i + 1].revision : NULL;
	}
	all.entries = entries;
	all.count = count;
	cr_assert_eq(revchain_append_previous(&judged, &all, &linked.findings, &linked.error), 0);
	cr_expect_eq(linked.findings.errors, 101, "a hundred, and one for the rest");
}

static const char *applied(const char *text)
{
	struct revchain_judged judged = {&linked.set, NULL, true, ""};
	struct revchain_applied list;

	build();
	judged.parents = chain.parents;
	cr_assert_eq(revchain_applied_parse(text, strlen(text), "list", linked.arena, &list,
					    &linked.error),
		     0);
	cr_assert_eq(revchain_append_applied(&judged, &list, &linked.findings, &linked.error), 0);
	return linked_findings();
}

Test(append, applied)
{
	static const struct {
		const char *list, *expected;
	} cases[] = {
		{"", ""},
		{"a", ""},
		{"a\nb", ""},
		{"a\nc", "displaced b.py c.py\n"},
		{"d", "displaced a.py d.py\ndisplaced b.py d.py\ndisplaced c.py d.py\n"},
		{"b\nd\nzz", "applied-unknown\ndisplaced a.py b.py\ndisplaced c.py d.py\n"},
		{"d (head)", "applied-versions\n"},
		{"a (head)", ""},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got;

		linked_set("a", "b:a", "c*", "d*", NULL);
		got = applied(cases[i].list);
		cr_expect_str_eq(got, cases[i].expected, "%s: %s", cases[i].list, got);
	}
}

/* The order of the set after a pin. */
static const char *pinned(const char *text)
{
	struct revchain_chainfile file = file_of(text);
	const char *ids = "";
	size_t i;

	build();
	cr_assert_eq(
		revchain_order_by_pin(&linked.set, &order, &file, &linked.findings, &linked.error),
		0);
	for (i = 0; i < order.count; i++)
		ids = revchain_arena_printf(linked.arena, "%s%s", ids,
					    linked.set.items[order.items[i].migration].revision);
	return ids;
}

#define PINNED(file, expected, ...)                                                                \
	do {                                                                                       \
		const char *got;                                                                   \
		linked_set(__VA_ARGS__, NULL);                                                     \
		got = pinned(file);                                                                \
		cr_expect_str_eq(got, expected, "%s\nexpected %s\ngot      %s", file, expected,    \
				 got);                                                             \
	} while (0)

Test(append, pin)
{
	PINNED("", "abc", "a*", "b*", "c*");
	PINNED("c<", "cab", "a*", "b*", "c*");
	PINNED("c< b<c", "cba", "a*", "b*", "c*");
	PINNED("x< c<x b<c", "cba", "a*", "b*", "c*");
	PINNED("c<s", "scab", "s", "a*", "b*", "c*");
	PINNED("b<h c<", "chba", "a*", "h:c", "b*", "c*");
	PINNED("b< a<b d< c<d", "badc", "a*", "b*", "1/c*", "1/d*");
	/* the file leaves the order of a and b open: it is today's, whatever hangs on them */
	PINNED("a< b< c<a", "abc", "a*", "b*", "c*");
	PINNED("a< b< c<a", "bac", "b*", "a*", "c*");
	/* the file and the literal parents lead round in a circle: entered once */
	PINNED("a<h", "ah", "a*", "h:a");
}
