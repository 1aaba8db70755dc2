#include "oidmap.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct revchain_oidmap map;

static void set_up(void)
{
	memset(&map, 0, sizeof(map));
}

static void tear_down(void)
{
	revchain_oidmap_free(&map);
}

TestSuite(oidmap, .init = set_up, .fini = tear_down, .timeout = 60);

static uint32_t add(const git_oid *id)
{
	struct revchain_error error = {0};
	uint32_t number = 0;

	cr_assert_eq(revchain_oidmap_add(&map, id, &number, &error), REVCHAIN_OK, "%s",
		     error.message);
	return number;
}

/* An id that differs from the others in the given byte and those behind it. */
static git_oid id_of(size_t byte, uint32_t number)
{
	git_oid id;

	memset(&id, 0xab, sizeof(id));
	memcpy(id.id + byte, &number, sizeof(number));
	return id;
}

Test(oidmap, numbers_go_up_and_stay)
{
	git_oid a = id_of(0, 1), b = id_of(16, 1), zero = {{0}};

	cr_assert_eq(add(&a), 0);
	cr_assert_eq(add(&b), 1);
	cr_assert_eq(add(&zero), 2);
	cr_assert_eq(add(&a), 0);
	cr_assert_eq(add(&b), 1);
	cr_assert_eq(add(&zero), 2);
	cr_assert_eq(map.count, 3);
	cr_assert(git_oid_equal(&map.ids[1], &b));
}

/* Ids that differ in four bytes alone, wherever these are, must not cost more than others. */
Test(oidmap, a_hundred_thousand_at_each_place)
{
	size_t byte;
	uint32_t i;

	for (byte = 0; byte <= 16; byte += 4) {
		for (i = 0; i < 100000; i++) {
			git_oid id = id_of(byte, i << 8);

			cr_assert_eq(add(&id), i, "place %zu: expected %u, got %u", byte, i,
				     add(&id));
		}
		for (i = 0; i < 100000; i += 7) {
			git_oid id = id_of(byte, i << 8);

			cr_assert_eq(add(&id), i, "place %zu, again", byte);
		}
		cr_assert_eq(map.count, 100000);
		revchain_oidmap_free(&map);
	}
}

Test(oidmap, room_grows_by_half)
{
	uint32_t capacity = 0;
	char *bytes = revchain_grow(NULL, &capacity, 1, 1);

	cr_assert_not_null(bytes);
	cr_assert_geq(capacity, 1);
	bytes[0] = 'x';
	capacity = 1;
	bytes = revchain_grow(bytes, &capacity, 1000, 1);
	cr_assert_eq(capacity, 1000);
	bytes = revchain_grow(bytes, &capacity, 1001, 1);
	cr_assert_eq(capacity, 1500);
	cr_assert_eq(revchain_grow(bytes, &capacity, 1500, 1), bytes);
	cr_assert_eq(bytes[0], 'x');
	cr_assert_null(revchain_grow(NULL, &(uint32_t){0}, UINT32_MAX, SIZE_MAX / 2));
	free(bytes);
}

Test(oidmap, finished_it_still_has_its_ids)
{
	uint32_t *numbers, i;

	for (i = 0; i < 1000; i++) {
		git_oid id = id_of(0, i);

		add(&id);
	}
	numbers = revchain_oidmap_finish(&map);
	cr_expect_eq(map.count, 1000);
	cr_expect_null(map.slots);
	for (i = 0; i < 1000; i++) {
		git_oid id = id_of(0, i);

		cr_expect(git_oid_equal(&map.ids[i], &id));
		cr_expect_eq(numbers[i], 0);
	}
	free(numbers);
}
