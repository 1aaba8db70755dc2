#include <criterion/criterion.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "revchain/arena.h"

static struct revchain_arena *arena;

static void set_up(void)
{
	arena = revchain_arena_new();
	cr_assert_not_null(arena);
}

static void tear_down(void)
{
	revchain_arena_free(arena);
}

TestSuite(arena, .init = set_up, .fini = tear_down);

static void check_piece(const unsigned char *piece, size_t size)
{
	size_t i;

	cr_assert_not_null(piece, "%zu bytes", size);
	cr_assert_eq((uintptr_t)piece % alignof(max_align_t), 0, "%zu bytes at %p are not aligned",
		     size, (const void *)piece);
	for (i = 0; i < size && piece[i] == 0; i++)
		;
	cr_assert_eq(i, size, "byte %zu of %zu is not 0", i, size);
}

/* Pieces of every kind, each filled with its own byte: none may overlap another. */
Test(arena, pieces_are_apart)
{
	static const size_t sizes[] = {1,    0,	   7, 16,      17, 1000,    1024,
				       1025, 4096, 3, 1 << 16, 5,  1 << 20, 65537};
	enum { rounds = 40, kinds = sizeof(sizes) / sizeof(*sizes) };
	unsigned char *pieces[rounds * kinds];
	size_t i, j;

	for (i = 0; i < rounds * kinds; i++) {
		pieces[i] = revchain_arena_alloc(arena, sizes[i % kinds]);
		check_piece(pieces[i], sizes[i % kinds]);
		if (sizes[i % kinds])
			memset(pieces[i], (int)(i % 251 + 1), sizes[i % kinds]);
	}
	for (i = 0; i < rounds * kinds; i++) {
		for (j = 0; j < sizes[i % kinds] && pieces[i][j] == i % 251 + 1; j++)
			;
		cr_assert_eq(j, sizes[i % kinds], "piece %zu was written over", i);
	}
}

Test(arena, first_piece_may_be_large)
{
	unsigned char *large = revchain_arena_alloc(arena, 1 << 20), *small;

	check_piece(large, 1 << 20);
	memset(large, 1, 1 << 20);
	small = revchain_arena_alloc(arena, 8);
	check_piece(small, 8);
}

Test(arena, block_is_filled_to_the_end)
{
	size_t i;

	for (i = 0; i < 300; i++) /* the first blocks hold 1024 and 2048 bytes */
		check_piece(revchain_arena_alloc(arena, 1024), 1024);
}

Test(arena, sizes_that_no_memory_has)
{
	static const struct {
		size_t count, size;
	} cases[] = {
		{SIZE_MAX, 2},
		{2, SIZE_MAX},
		{SIZE_MAX / 2 + 1, 2},
		{SIZE_MAX / 16 + 1, 16},
		{(size_t)1 << 33, (size_t)1 << 33},
		{1, SIZE_MAX},
		{SIZE_MAX, 1},
		{1, SIZE_MAX - alignof(max_align_t)},
		{1, SIZE_MAX - alignof(max_align_t) - 15},
		{1, SIZE_MAX / 2},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		cr_expect_null(revchain_arena_array(arena, cases[i].count, cases[i].size),
			       "%zu * %zu", cases[i].count, cases[i].size);
	cr_expect_null(revchain_arena_copy(arena, "", SIZE_MAX));
	check_piece(revchain_arena_alloc(arena, 100), 100); /* and it goes on working */
}

Test(arena, empty_arrays)
{
	cr_expect_not_null(revchain_arena_array(arena, 0, 8));
	cr_expect_not_null(revchain_arena_array(arena, 8, 0));
	cr_expect_not_null(revchain_arena_array(arena, 0, 0));
	cr_expect_not_null(revchain_arena_array(arena, SIZE_MAX, 0));
	cr_expect_not_null(revchain_arena_array(arena, 0, SIZE_MAX));
}

Test(arena, grow_keeps_what_was_there)
{
	size_t *items = NULL, capacity = 0, moves = 0, i;

	for (i = 0; i < 100000; i++) {
		size_t *grown = revchain_arena_grow(arena, items, i, &capacity, sizeof(*items));

		cr_assert_not_null(grown);
		cr_assert_gt(capacity, i);
		moves += grown != items;
		items = grown;
		items[i] = i * 7;
	}
	for (i = 0; i < 100000; i++)
		cr_assert_eq(items[i], i * 7, "item %zu is %zu", i, items[i]);
	cr_expect_lt(moves, 20, "%zu moves: the capacity does not double", moves);
}

Test(arena, grow_moves_only_when_full)
{
	size_t capacity = 0;
	char *items = revchain_arena_grow(arena, NULL, 0, &capacity, 1), *same;
	size_t first = capacity;

	same = revchain_arena_grow(arena, items, first - 1, &capacity, 1);
	cr_expect_eq(same, items);
	cr_expect_eq(capacity, first);
	same = revchain_arena_grow(arena, items, first, &capacity, 1);
	cr_expect_neq(same, items);
	cr_expect_eq(capacity, 2 * first);
}

Test(arena, grow_that_fails_keeps_the_capacity)
{
	size_t capacity = SIZE_MAX / 64;
	char item = 'x';

	cr_expect_null(revchain_arena_grow(arena, &item, capacity, &capacity, 64));
	cr_expect_eq(capacity, SIZE_MAX / 64);
	cr_expect_eq(item, 'x');
}

Test(arena, copies_end_in_nul)
{
	static const char bytes[] = {'a', '\0', 'b', '\xff'};
	char *copy = revchain_arena_copy(arena, bytes, sizeof(bytes));

	cr_assert_not_null(copy);
	cr_expect_arr_eq(copy, bytes, sizeof(bytes));
	cr_expect_eq(copy[sizeof(bytes)], '\0');
	cr_expect_str_eq(revchain_arena_copy(arena, NULL, 0), "");
	cr_expect_str_eq(revchain_arena_copy(arena, "abc", 0), "");
}

Test(arena, printf)
{
	char expected[5001];
	char *first, *second;

	memset(expected, 'x', 5000);
	expected[5000] = '\0';
	first = revchain_arena_printf(arena, "%s", expected);
	second = revchain_arena_printf(arena, "%d %s%c %5.1f", -7, "text", '!', 2.25);
	cr_expect_str_eq(first, expected);
	cr_expect_str_eq(second, "-7 text!   2.2");
	cr_expect_str_eq(revchain_arena_printf(arena, "%s", ""), "");
}

Test(arena, join)
{
	cr_assert_str_eq(revchain_arena_join(arena, "a/b", "c.py"), "a/b/c.py");
	cr_assert_str_eq(revchain_arena_join(arena, "", "c.py"), "c.py");
	cr_assert_str_eq(revchain_arena_join(arena, "/", ""), "//");
}

/* Inner ones, and one in an inner one, are freed with the outer: a leak checker sees to the rest.
 */
Test(arena, inner)
{
	struct revchain_arena *first = revchain_arena_inner(arena);
	struct revchain_arena *second = revchain_arena_inner(arena);
	struct revchain_arena *third = revchain_arena_inner(first);
	char *texts[] = {
		revchain_arena_copy(arena, "outer", 5), revchain_arena_copy(first, "first", 5),
		revchain_arena_copy(second, "second", 6), revchain_arena_copy(third, "third", 5)};

	cr_assert_str_eq(texts[0], "outer");
	cr_assert_str_eq(texts[1], "first");
	cr_assert_str_eq(texts[2], "second");
	cr_assert_str_eq(texts[3], "third");
}

/* What comes after is zeroed again, whatever was there, and sizes of all kinds fit. */
Test(arena, clear_and_use_again)
{
	static const size_t sizes[] = {100, 1 << 18, 1, 2000, 40000, 0, 65536};
	enum { kinds = sizeof(sizes) / sizeof(*sizes) };
	size_t round, i;

	revchain_arena_clear(arena); /* nothing in it yet */
	for (round = 0; round < 20 * kinds; round++) {
		for (i = round % kinds; i < kinds; i++) {
			unsigned char *piece = revchain_arena_alloc(arena, sizes[i]);

			check_piece(piece, sizes[i]);
			memset(piece, 0xa5, sizes[i]);
		}
		cr_assert_str_eq(
			revchain_arena_copy(revchain_arena_inner(arena), "an inner one", 12),
			"an inner one");
		revchain_arena_clear(arena);
	}
}

Test(arena, free_takes_null)
{
	revchain_arena_free(NULL);
}
