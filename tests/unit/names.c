#include <criterion/criterion.h>
#include <string.h>

#include "names.h"

static struct revchain_arena *arena;

static void set_up(void)
{
	arena = revchain_arena_new();
}

static void tear_down(void)
{
	revchain_arena_free(arena);
}

TestSuite(names, .init = set_up, .fini = tear_down);

/* Keys that are the start of others, that differ late, that hold NUL: each is found, and nothing
 * that was not added. */
Test(names, prefixes_and_nul)
{
	static const struct {
		const char *key;
		size_t length;
	} keys[] = {{"", 0},	     {"a", 1},	  {"aa", 2},	 {"aaaaaaaa", 8},
		    {"a\0", 2},	     {"\0", 1},	  {"\0\0", 2},	 {"b", 1},
		    {"aaaaaaab", 8}, {"\xff", 1}, {"\xff\0", 2}, {"aab", 3}};
	enum { COUNT = sizeof(keys) / sizeof(*keys) };
	struct revchain_names names = {0};

	for (size_t i = 0; i < COUNT; i++) {
		for (size_t j = 0; j < COUNT; j++)
			cr_expect_eq(revchain_names_find(&names, keys[j].key, keys[j].length),
				     j < i ? (void *)&keys[j] : NULL,
				     "key %zu after %zu were added", j, i);
		cr_assert(revchain_names_add(&names, arena, keys[i].key, keys[i].length,
					     (void *)&keys[i]));
	}
	for (size_t j = 0; j < COUNT; j++)
		cr_expect_eq(revchain_names_find(&names, keys[j].key, keys[j].length), &keys[j]);
}

/* 20,000 random keys over three letters: what a plain search in the list of those added says. */
Test(names, random_keys)
{
	struct revchain_names names = {0};
	unsigned seed = 1, step;
	char *added[400];
	size_t count = 0;

	for (step = 0; step < 20000; step++) {
		char key[8] = {0};
		char *expected = NULL;
		size_t length;

		seed = seed * 1103515245u + 12345u;
		length = seed >> 16 & 7;
		for (size_t i = 0; i < length && i < 7; i++) {
			seed = seed * 1103515245u + 12345u;
			key[i] = "ab\xc3"[(seed >> 16) % 3];
		}
		for (size_t i = 0; i < count; i++)
			expected = strcmp(added[i], key) ? expected : added[i];
		cr_assert_eq(revchain_names_find(&names, key, strlen(key)), expected,
			     "step %u: <%s>", step, key);
		if (expected || count == sizeof(added) / sizeof(*added))
			continue;
		added[count] = revchain_arena_copy(arena, key, strlen(key));
		cr_assert(
			revchain_names_add(&names, arena, added[count], strlen(key), added[count]));
		count++;
	}
}
