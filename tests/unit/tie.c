#include "tie.h"

#include <criterion/criterion.h>
#include <string.h>

static struct revchain_arena *arena;

static void set_up(void)
{
	arena = revchain_arena_new();
}

static void tear_down(void)
{
	revchain_arena_free(arena);
}

TestSuite(tie, .init = set_up, .fini = tear_down, .timeout = 30);

/* One migration, with spaces between the names of a list. A path that ends in a slash and a digit
 * is in the lane of that number, any other in lane 0. */
struct input {
	const char *path, *revision;	 /* revision NULL: none */
	int64_t date;			 /* 0: none */
	const char *depends_on, *labels; /* NULL: none */
};

static struct revchain_value words(const char *text)
{
	struct revchain_value value = {.kind = REVCHAIN_VALUE_MISSING};
	const char **strings = revchain_arena_array(arena, 64, sizeof(*strings));
	char *word;

	if (!text)
		return value;
	for (word = strtok(revchain_arena_copy(arena, text, strlen(text)), " "); word;
	     word = strtok(NULL, " "))
		strings[value.count++] = word;
	value.kind = value.count == 1 ? REVCHAIN_VALUE_STRING : REVCHAIN_VALUE_SEQUENCE;
	value.strings = strings;
	return value;
}

static size_t lane_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && strspn(slash + 1, "0123456789") == 1 ? (size_t)(slash[1] - '0') : 0;
}

static const char *sort(const struct input *inputs, size_t count, bool backwards)
{
	struct revchain_tied *tied = revchain_arena_array(arena, count, sizeof(*tied));
	struct revchain_error error;
	const char *got = "";
	size_t i;

	for (i = 0; i < count; i++) {
		const struct input *input = &inputs[backwards ? count - 1 - i : i];

		tied[i].path = input->path;
		tied[i].number = (size_t)(input - inputs);
		tied[i].scan.revision = words(input->revision);
		tied[i].scan.has_create_date = input->date != 0;
		tied[i].scan.create_date = input->date;
		tied[i].scan.depends_on = words(input->depends_on);
		tied[i].scan.branch_labels = words(input->labels);
		tied[i].lane = lane_of(input->path);
	}
	cr_assert_eq(revchain_tie_sort(tied, count, arena, &error), REVCHAIN_OK);
	for (i = 0; i < count; i++) {
		cr_expect_str_eq(tied[i].path, inputs[tied[i].number].path,
				 "the number goes with the file");
		got = revchain_arena_printf(arena, "%s%s%s", got, i ? " " : "", tied[i].path);
	}
	return got;
}

/* The order must not depend on the order in which they come. */
static void check(const char *what, const char *expected, const struct input *inputs, size_t count)
{
	const char *got = sort(inputs, count, false), *again = sort(inputs, count, true);

	cr_expect_str_eq(got, expected, "%s\nexpected %s\ngot      %s", what, expected, got);
	cr_expect_str_eq(again, expected, "%s, the other way round\nexpected %s\ngot      %s", what,
			 expected, again);
}

#define CHECK(what, expected, ...)                                                                 \
	check(what, expected, (const struct input[]){__VA_ARGS__},                                 \
	      sizeof((const struct input[]){__VA_ARGS__}) / sizeof(struct input))

Test(tie, none_and_one)
{
	check("none", "", NULL, 0);
	CHECK("one", "a", {"a", "1", 0, "1 2", NULL});
}

Test(tie, dates_and_paths)
{
	CHECK("by path", "a b c", {"c", "1", 0, NULL, NULL}, {"a", "2", 0, NULL, NULL},
	      {"b", "3", 0, NULL, NULL});
	CHECK("by bytes", "B Z a a-b a/b a0 \x7f \xc3\xbc", {"\xc3\xbc", "1", 0, NULL, NULL},
	      {"a0", "2", 0, NULL, NULL}, {"a/b", "3", 0, NULL, NULL}, {"a-b", "4", 0, NULL, NULL},
	      {"a", "5", 0, NULL, NULL}, {"\x7f", "6", 0, NULL, NULL}, {"Z", "7", 0, NULL, NULL},
	      {"B", "8", 0, NULL, NULL});
	CHECK("by date", "c a b", {"a", "1", 20, NULL, NULL}, {"b", "2", 30, NULL, NULL},
	      {"c", "3", 10, NULL, NULL});
	CHECK("before 1970", "b a", {"a", "1", 5, NULL, NULL}, {"b", "2", -5, NULL, NULL});
	CHECK("microseconds", "b a", {"a", "1", 1700000000000001, NULL, NULL},
	      {"b", "2", 1700000000000000, NULL, NULL});
	CHECK("at the ends of time", "c a b", {"a", "1", 1, NULL, NULL},
	      {"b", "2", INT64_MAX, NULL, NULL}, {"c", "3", INT64_MIN, NULL, NULL});
	CHECK("equal dates: by path", "c a b", {"b", "1", 20, NULL, NULL},
	      {"a", "2", 20, NULL, NULL}, {"c", "3", 10, NULL, NULL});
	CHECK("one without a date: none counts", "a b c", {"a", "1", 30, NULL, NULL},
	      {"b", "2", 0, NULL, NULL}, {"c", "3", 10, NULL, NULL});
}

Test(tie, dependencies)
{
	CHECK("before the path", "b a", {"a", "1", 0, "2", NULL}, {"b", "2", 0, NULL, NULL});
	CHECK("before the date", "b a", {"a", "1", 10, "2", NULL}, {"b", "2", 20, NULL, NULL});
	CHECK("a chain", "d c b a", {"a", "1", 0, "2", NULL}, {"b", "2", 0, "3", NULL},
	      {"c", "3", 0, "4", NULL}, {"d", "4", 0, NULL, NULL});
	CHECK("several", "b c a", {"a", "1", 0, "3 2", NULL}, {"b", "2", 0, NULL, NULL},
	      {"c", "3", 0, NULL, NULL});
	CHECK("the first that can go, always", "b c a d", {"a", "1", 0, "3", NULL},
	      {"b", "2", 0, NULL, NULL}, {"c", "3", 0, NULL, NULL}, {"d", "4", 0, NULL, NULL});
	CHECK("a diamond", "d b c a", {"a", "1", 0, "2 3", NULL}, {"b", "2", 0, "4", NULL},
	      {"c", "3", 0, "4", NULL}, {"d", "4", 0, NULL, NULL});
	CHECK("on others", "a b", {"a", "1", 0, "elsewhere", NULL}, {"b", "2", 0, NULL, NULL});
	CHECK("on itself", "a b", {"a", "1", 0, "1", NULL}, {"b", "2", 0, NULL, NULL});
	CHECK("on what has no id", "a b", {"a", "1", 0, "2", NULL}, {"b", NULL, 0, NULL, NULL});
	CHECK("twice on the same", "b a", {"a", "1", 0, "2 2 2", NULL}, {"b", "2", 0, NULL, NULL});
	CHECK("on none", "a b", {"a", "1", 0, "", NULL}, {"b", "2", 0, NULL, NULL});
}

Test(tie, labels)
{
	CHECK("a label", "b a", {"a", "1", 0, "label", NULL}, {"b", "2", 0, NULL, "label"});
	CHECK("one of several", "b a", {"a", "1", 0, "two", NULL},
	      {"b", "2", 0, NULL, "one two three"});
	CHECK("an id is meant before a label", "b a c", {"a", "1", 0, "x", NULL},
	      {"b", "x", 0, NULL, NULL}, {"c", "3", 0, NULL, "x"});
	CHECK("its own label", "a b", {"a", "1", 0, "l", "l"}, {"b", "2", 0, NULL, NULL});
}

Test(tie, circles)
{
	CHECK("two", "a b", {"a", "1", 0, "2", NULL}, {"b", "2", 0, "1", NULL});
	CHECK("two, by date", "b a", {"a", "1", 20, "2", NULL}, {"b", "2", 10, "1", NULL});
	CHECK("three", "a c b", {"a", "1", 0, "2", NULL}, {"b", "2", 0, "3", NULL},
	      {"c", "3", 0, "1", NULL});
	CHECK("what is free goes first", "c a b", {"a", "1", 0, "2", NULL},
	      {"b", "2", 0, "1", NULL}, {"c", "3", 0, NULL, NULL});
	CHECK("behind a circle: the first of what is left", "a b c", {"a", "1", 0, "2", NULL},
	      {"b", "2", 0, "3", NULL}, {"c", "3", 0, "2", NULL});
}

/* Each lane keeps the order that it has by itself, and is merged with the others by the same rules.
 */
Test(tie, lanes)
{
	CHECK("by path", "a/2 b/1 c/2 d/1", {"a/2", "1", 0, NULL, NULL},
	      {"b/1", "2", 0, NULL, NULL}, {"c/2", "3", 0, NULL, NULL},
	      {"d/1", "4", 0, NULL, NULL});
	CHECK("by date", "d/1 b/1 a/2 c/2", {"a/2", "1", 30, NULL, NULL},
	      {"b/1", "2", 20, NULL, NULL}, {"c/2", "3", 40, NULL, NULL},
	      {"d/1", "4", 10, NULL, NULL});
	CHECK("one lane by date, though not all have one", "b/0 a/0 c/1",
	      {"a/0", "1", 20, NULL, NULL}, {"b/0", "2", 10, NULL, NULL},
	      {"c/1", "3", 0, NULL, NULL});
	CHECK("on one of another lane, with what follows", "d/1 a/0 b/0 c/0",
	      {"a/0", "1", 0, "4", NULL}, {"b/0", "2", 0, NULL, NULL}, {"c/0", "3", 0, NULL, NULL},
	      {"d/1", "4", 0, NULL, NULL});
	CHECK("on a label of another lane", "b/1 a/0", {"a/0", "1", 0, "l", NULL},
	      {"b/1", "2", 0, NULL, "l"});
	CHECK("within one of the lanes", "b/0 a/0 c/1", {"a/0", "1", 0, "2", NULL},
	      {"b/0", "2", 0, NULL, NULL}, {"c/1", "3", 0, NULL, NULL});
	CHECK("a circle of two lanes", "a/0 b/0 c/1 d/1", {"a/0", "1", 0, "4", NULL},
	      {"b/0", "2", 0, NULL, NULL}, {"c/1", "3", 0, "2", NULL}, {"d/1", "4", 0, NULL, NULL});
	CHECK("a circle in one of the lanes", "b/1 c/0 a/0", {"a/0", "1", 20, "3", NULL},
	      {"b/1", "2", 10, NULL, NULL}, {"c/0", "3", 15, "1", NULL});
	CHECK("no lane is waited for in vain", "b/1 c/1 d/2 a/0", {"a/0", "1", 0, "4", NULL},
	      {"b/1", "2", 0, NULL, NULL}, {"c/1", "3", 0, NULL, NULL},
	      {"d/2", "4", 0, NULL, NULL});
}

/* Two of the same id: the first by the order counts, whatever order they come in. */
Test(tie, duplicates)
{
	CHECK("a duplicate id", "b a c", {"a", "1", 0, "2", NULL}, {"b", "2", 0, NULL, NULL},
	      {"c", "2", 0, NULL, NULL});
	CHECK("two without an id", "a b", {"a", NULL, 0, NULL, NULL}, {"b", NULL, 0, NULL, NULL});
}

/* What could not be read names nothing. */
Test(tie, unreadable_values)
{
	struct revchain_tied tied[2] = {{.path = "b"}, {.path = "a"}};
	struct revchain_error error;

	tied[0].scan.revision.kind = REVCHAIN_VALUE_UNREADABLE;
	tied[0].scan.depends_on.kind = REVCHAIN_VALUE_UNREADABLE;
	tied[1].scan.branch_labels.kind = REVCHAIN_VALUE_UNREADABLE;
	tied[1].scan.depends_on.kind = REVCHAIN_VALUE_NONE;
	cr_assert_eq(revchain_tie_sort(tied, 2, arena, &error), REVCHAIN_OK);
	cr_expect_str_eq(tied[0].path, "a");
}

/* A squash of very many, each of which depends on the next by path: in quadratic time this would
 * not end. */
Test(tie, long_chain)
{
	enum { count = 120000 };
	struct revchain_tied *tied = revchain_arena_array(arena, count, sizeof(*tied));
	struct revchain_error error;
	size_t i;

	for (i = 0; i < count; i++) {
		tied[i].path = revchain_arena_printf(arena, "%06zu.py", i);
		tied[i].scan.revision = words(tied[i].path);
		tied[i].scan.depends_on = words(revchain_arena_printf(arena, "%06zu.py", i + 1));
	}
	cr_assert_eq(revchain_tie_sort(tied, count, arena, &error), REVCHAIN_OK);
	for (i = 0; i < count; i++)
		cr_assert_str_eq(tied[i].path,
				 revchain_arena_printf(arena, "%06zu.py", count - 1 - i));
}

Test(tie, a_name_that_is_not_there_hides_no_other)
{
	CHECK("unknown first", "b.py a.py", {"a.py", "a", 0, "none b", NULL},
	      {"b.py", "b", 0, NULL, NULL});
}

enum { MANY = 15 };

/* The rule as it is written: the first in the order of paths of which nothing is awaited, else the
 * first that is left. `needs` has a bit for each that is needed. */
static const char *slowly(const struct input *inputs, const unsigned *needs)
{
	unsigned placed = 0;
	const char *expected = "";
	size_t i, done;

	for (done = 0; done < MANY; done++) {
		size_t next = MANY;

		for (i = MANY; i-- > 0;)
			if (!(placed & 1U << i) && !(needs[i] & ~placed & ~(1U << i)))
				next = i;
		for (i = 0; next == MANY; i++)
			if (!(placed & 1U << i))
				next = i;
		placed |= 1U << next;
		expected = revchain_arena_printf(arena, "%s%s%s", expected, done ? " " : "",
						 inputs[next].path);
	}
	return expected;
}

/* Many that wait for each other in all sorts of ways, circles among them. */
Test(tie, many_by_the_rule)
{
	struct input inputs[MANY] = {0};
	unsigned needs[MANY], seed = 1;
	size_t round, i, j;

	for (round = 0; round < 300; round++) {
		for (i = 0; i < MANY; i++) {
			const char *names = "";

			needs[i] = 0;
			for (j = 0; j < 3; j++) {
				unsigned needed = (seed = seed * 1103515245 + 12345) >> 16;

				if (needed % 4 > round % 3)
					continue;
				needed = needed / 4 % MANY;
				needs[i] |= 1U << needed;
				names = revchain_arena_printf(arena, "%s %c", names,
							      (char)('a' + needed));
			}
			inputs[i].path = revchain_arena_printf(arena, "%c.py", (char)('a' + i));
			inputs[i].revision = revchain_arena_printf(arena, "%c", (char)('a' + i));
			inputs[i].depends_on = *names ? names : NULL;
		}
		check("many", slowly(inputs, needs), inputs, MANY);
	}
}

/* The words of `all` that are among those of `some`. */
static const char *only(const char *all, const char *some)
{
	char *copy = revchain_arena_copy(arena, all, strlen(all)), *rest = copy, *word;
	const char *left = "";

	while ((word = strtok_r(rest, " ", &rest)))
		if (strstr(some, word))
			left = revchain_arena_printf(arena, "%s%s%s", left, *left ? " " : "", word);
	return left;
}

/* What is in a lane has the order there that it has without the other lanes. */
Test(tie, lanes_keep_their_order)
{
	unsigned seed = 1;
	size_t round, i, lane;

	for (round = 0; round < 1000; round++) {
		struct input inputs[MANY] = {0}, alone[MANY];
		const char *all;

		for (i = 0; i < MANY; i++) {
			unsigned random = (seed = seed * 1103515245 + 12345) >> 8;

			inputs[i].path =
				revchain_arena_printf(arena, "%c/%u", (char)('a' + i), random % 3);
			inputs[i].revision = revchain_arena_printf(arena, "%c", (char)('a' + i));
			if (random % 3 <= round % 3 || random / 4 % 8)
				inputs[i].date = 1 + random / 32 % 4;
			if (random / 128 % 4 == 0)
				inputs[i].depends_on = revchain_arena_printf(
					arena, "%c", (char)('a' + random / 512 % MANY));
		}
		all = sort(inputs, MANY, round % 2);
		for (lane = 0; lane < 3; lane++) {
			size_t count = 0;
			const char *expected;

			for (i = 0; i < MANY; i++)
				if (lane_of(inputs[i].path) == lane)
					alone[count++] = inputs[i];
			expected = sort(alone, count, false);
			cr_expect_str_eq(only(all, expected), expected, "round %zu, lane %zu of %s",
					 round, lane, all);
		}
	}
}
