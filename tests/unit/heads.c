#include "revchain/heads.h"

#include "linked.h"

TestSuite(heads, .init = linked_open, .fini = linked_close, .timeout = 60);

static const char *names(const char *text, const size_t *items, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		text = revchain_arena_printf(linked.arena, "%s%s%s", text, i ? " " : "",
					     linked.set.items[items[i]].revision);
	return text;
}

/* "heads | bases | branch points" */
static const char *find(void)
{
	struct revchain_links *parents =
		revchain_arena_array(linked.arena, linked.set.count, sizeof(*parents));
	struct revchain_heads heads;
	size_t i;

	for (i = 0; i < linked.set.count; i++)
		parents[i] = linked.set.items[i].parents;
	cr_assert_eq(revchain_heads_find(&linked.set, parents, &heads, &linked.error), REVCHAIN_OK);
	return names(revchain_arena_printf(
			     linked.arena, "%s | ",
			     names(revchain_arena_printf(linked.arena, "%s | ",
							 names("", heads.heads, heads.head_count)),
				   heads.bases, heads.base_count)),
		     heads.branch_points, heads.branch_point_count);
}

#define CHECK(expected, ...)                                                                       \
	do {                                                                                       \
		linked_set(__VA_ARGS__, NULL);                                                     \
		cr_expect_str_eq(find(), expected, "expected %s, got %s", expected, find());       \
	} while (0)

Test(heads, shapes)
{
	CHECK("a | a | ", "a");
	CHECK("c | a | ", "a", "b:a", "c:b");
	CHECK("b c | a | a", "a", "b:a", "c:a");
	CHECK("d | a | a", "a", "b:a", "c:a", "d:b,c");
	CHECK("c | a b | ", "a", "b", "c:a,b");
	CHECK("b c | a | a", "a", "b:a,a", "c:a");
}

Test(heads, dependencies_do_not_count)
{
	CHECK("a b | a b | ", "a", "b;a");
}

Test(heads, a_parent_that_is_missing_is_one)
{
	CHECK("a b | a | ", "a", "b:gone");
}

Test(heads, nothing)
{
	linked_start(1);
	cr_expect_str_eq(find(), " |  | ");
}
