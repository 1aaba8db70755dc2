#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "map.h"

static struct revchain_arena *arena;
static struct revchain_map map;

static void set_up(void)
{
	arena = revchain_arena_new();
	revchain_map_init(&map, arena);
}

static void tear_down(void)
{
	revchain_arena_free(arena);
}

TestSuite(map, .init = set_up, .fini = tear_down);

Test(map, empty)
{
	size_t value = 7;

	cr_expect_not(revchain_map_get(&map, "a", 1, &value));
	cr_expect_not(revchain_map_get(&map, "", 0, &value));
	cr_expect_eq(value, 7, "a key that is not there leaves the value as it was");
}

Test(map, replaces)
{
	size_t value;

	cr_assert(revchain_map_put(&map, "key", 3, 1));
	cr_assert(revchain_map_put(&map, "key", 3, 0));
	cr_assert(revchain_map_get(&map, "key", 3, &value));
	cr_expect_eq(value, 0);
	cr_expect(revchain_map_get(&map, "key", 3, NULL));
}

/* Keys that differ only in a way that text functions would not see. */
Test(map, keys_are_bytes)
{
	static const struct {
		const char *bytes;
		size_t length;
	} keys[] = {{"", 0},	 {"\0", 1}, {"\0\0", 2}, {"a", 1},	  {"a\0", 2}, {"a\0b", 3},
		    {"a\0c", 3}, {"A", 1},  {"\xff", 1}, {"\xff\xfe", 2}, {"ab", 2},  {"aa", 2}};
	enum { count = sizeof(keys) / sizeof(*keys) };
	size_t i, value;

	for (i = 0; i < count; i++) {
		cr_expect_not(revchain_map_get(&map, keys[i].bytes, keys[i].length, NULL),
			      "key %zu is taken for an earlier one", i);
		cr_assert(revchain_map_put(&map, keys[i].bytes, keys[i].length, i));
	}
	for (i = 0; i < count; i++) {
		cr_assert(revchain_map_get(&map, keys[i].bytes, keys[i].length, &value));
		cr_expect_eq(value, i, "key %zu has the value %zu", i, value);
	}
}

Test(map, content_of_the_key_counts_not_its_address)
{
	char here[] = "same", there[] = "same";

	cr_assert(revchain_map_put(&map, here, 4, 5));
	cr_expect(revchain_map_get(&map, there, 4, NULL));
}

Test(map, many)
{
	static char keys[100000][8];
	size_t i, value;

	for (i = 0; i < 100000; i++) {
		snprintf(keys[i], sizeof(keys[i]), "%zx", i);
		cr_assert(revchain_map_put(&map, keys[i], strlen(keys[i]), i));
	}
	for (i = 0; i < 100000; i++) {
		cr_assert(revchain_map_get(&map, keys[i], strlen(keys[i]), &value), "%s", keys[i]);
		cr_assert_eq(value, i);
	}
	cr_expect_not(revchain_map_get(&map, "186a0", 5, NULL)); /* 100000 */
}
