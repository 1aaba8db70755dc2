#include "revchain/reorder.h"

#include <stdio.h>

#include "linked.h"

TestSuite(reorder, .init = linked_open, .fini = linked_close, .timeout = 60);

static struct revchain_order order;

static int64_t date_of(const char *revision)
{
	return (unsigned char)*revision;
}

/* A base with these ids in its order, each landed at a date of its own; "?" cannot be read. */
static struct revchain_state base_of(const char *ids)
{
	struct revchain_state base = {.name = "base"};
	size_t i;

	linked_start(64);
	for (; *ids; ids += strspn(ids, " ")) {
		size_t length = strcspn(ids, " ");

		linked_add(revchain_arena_printf(linked.arena, "%.*s*", (int)length, ids));
		ids += length;
	}
	order = linked_order(true);
	base.set = linked.set;
	base.order = order;
	for (i = 0; i < order.count; i++) {
		struct revchain_migration *migration = &base.set.items[order.items[i].migration];

		base.order.items[i].committed = base.order.items[i].has_commit = true;
		base.order.items[i].date = date_of(migration->revision);
		if (*migration->revision == '?')
			migration->revision = NULL;
	}
	return base;
}

/* The ids in the order of the set; "+" behind one that has the base's date. */
static const char *ids_in_order(void)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < order.count; i++) {
		const char *revision = linked.set.items[order.items[i].migration].revision;

		text = revchain_arena_printf(linked.arena, "%s%s%s", text, revision,
					     order.items[i].date == date_of(revision) ? "+" : "");
		cr_expect_eq(order.items[i].has_commit, order.items[i].date != 0);
	}
	return text;
}

#define BASED(base_ids, expected, static_ones, ...)                                                \
	do {                                                                                       \
		struct revchain_state base = base_of(base_ids);                                    \
		const char *got;                                                                   \
		linked_set(__VA_ARGS__, NULL);                                                     \
		order = linked_order(static_ones);                                                 \
		cr_assert_eq(revchain_order_by_base(&linked.set, &order, &base, &linked.error),    \
			     0);                                                                   \
		got = ids_in_order();                                                              \
		cr_expect_str_eq(got, expected, "behind %s\nexpected %s\ngot      %s", base_ids,   \
				 expected, got);                                                   \
	} while (0)

/* What the base has comes first, in its order and with its commits; the rest keeps its own. */
Test(reorder, by_base)
{
	BASED("", "abc", true, "a*", "b*", "c*");
	BASED("a", "a+bc", true, "a*", "b*", "c*");
	BASED("c", "c+ab", true, "a*", "b*", "c*");
	BASED("c b a", "c+b+a+", true, "a*", "b*", "c*");
	BASED("x c y a z", "c+a+bd", true, "a*", "b*", "c*", "d*");
	BASED("b a", "b+a+", true, "a", "b:a");
	BASED("? b", "b+a", true, "a*", "b*");
	BASED("b", "b+", false, "s", "b*");
	BASED("s b", "b+a", false, "s", "a*", "b*");
	BASED("b a b", "b+a+", true, "a*", "b*"); /* twice: the first time counts */
}

/* In each lane for itself, whatever lanes they were in. */
Test(reorder, by_base_in_lanes)
{
	BASED("b 1/d", "b+ad+c", true, "a*", "b*", "1/c*", "1/d*");
	BASED("1/b d", "b+ad+c", true, "a*", "b*", "1/c*", "1/d*");
	BASED("d c b a", "b+a+d+c+", true, "a*", "b*", "2/c*", "2/d*");
}

/* A pin of the dynamic migrations r0, r1 … of which the first `here` are in the set. */
static void pin_many(size_t count, size_t here)
{
	struct revchain_chainfile_entry *entries =
		revchain_arena_array(linked.arena, count, sizeof(*entries));
	struct revchain_chainfile file = {.path = "pin.json", .entries = entries, .count = count};
	size_t i;

	linked_start(count);
	for (i = 0; i < count; i++) {
		entries[i].revision = revchain_arena_printf(linked.arena, "r%zu", i);
		entries[i].parent = i ? entries[i - 1].revision : NULL;
		if (i < here)
			linked_add(revchain_arena_printf(linked.arena, "r%zu*", i));
	}
	linked_finish();
	order = linked_order(true);
	cr_assert_eq(
		revchain_order_by_pin(&linked.set, &order, &file, &linked.findings, &linked.error),
		0);
}

/* What a pin names and is gone is told in one note, 20 of it by name. */
Test(reorder, what_is_gone_from_a_pin)
{
	pin_many(3, 3);
	cr_expect_null(linked.findings.first);
	pin_many(3, 2);
	cr_expect_eq(linked.findings.notes, 1);
	cr_expect_str_eq(linked.findings.first->id, REVCHAIN_FINDING_PIN_GONE);
	cr_expect_str_eq(linked.findings.first->message,
			 "pin.json has migrations that are gone: r2");
	pin_many(21, 1);
	cr_expect_str_eq(
		linked.findings.first->message,
		"pin.json has migrations that are gone: r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 "
		"r12 r13 r14 r15 r16 r17 r18 r19 r20");
	pin_many(22, 1);
	cr_expect_str_eq(
		linked.findings.first->message,
		"pin.json has migrations that are gone: r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 "
		"r12 r13 r14 r15 r16 r17 r18 r19 r20 and more");
}
