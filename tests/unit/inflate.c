#include "inflate.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What Python's zlib makes of the texts below: with codes of its own, with the fixed ones, and
 * stored. */
static const unsigned char dynamic[] = {
	0x78, 0xda, 0x65, 0xd1, 0xcb, 0x09, 0x02, 0x40, 0x0c, 0x05, 0x40, 0x4b, 0xb1, 0x02, 0xd9,
	0x7f, 0x76, 0x0b, 0x52, 0x10, 0x3c, 0x78, 0xb5, 0x7b, 0xc1, 0x8b, 0x30, 0x39, 0x26, 0x30,
	0xbc, 0x17, 0x52, 0x4b, 0x59, 0x63, 0x5c, 0x1f, 0xcf, 0xd7, 0xbd, 0xdc, 0xde, 0x9f, 0x4b,
	0xfd, 0xcf, 0x3d, 0x58, 0xc4, 0x60, 0x51, 0x25, 0x43, 0xb2, 0x25, 0x4d, 0x32, 0x25, 0x47,
	0xd2, 0x25, 0x4b, 0xd2, 0xad, 0xa1, 0x08, 0x45, 0x95, 0x4c, 0xc9, 0x96, 0x34, 0xc9, 0x92,
	0x9c, 0xd4, 0x4b, 0x12, 0xe9, 0x14, 0x9b, 0x2b, 0xb6, 0xa2, 0x4a, 0xa6, 0xe4, 0x48, 0x9a,
	0x64, 0xf5, 0xf4, 0xc8, 0xf4, 0x7c, 0x4d, 0xa4, 0x18, 0xab, 0x2b, 0x76, 0x4a, 0x91, 0x4c,
	0xc9, 0x91, 0x34, 0xc9, 0x92, 0x34, 0x8b, 0x2b, 0x42, 0x51, 0x25, 0x43, 0xb2, 0x53, 0x88,
	0x64, 0x4a, 0x8e, 0xa4, 0x4b, 0x56, 0xba, 0xde, 0x1a, 0x8a, 0x50, 0x54, 0xc9, 0x94, 0x6c,
	0x49, 0x93, 0xac, 0x1f, 0xf9, 0x02, 0x4b, 0x4f, 0x09, 0x13,
};
static const unsigned char fixed[] = {
	0x78, 0x01, 0x2b, 0x29, 0x4a, 0x4d, 0x55, 0x28, 0x48, 0x2c, 0x4a,
	0xcd, 0x2b, 0x51, 0x28, 0x41, 0x62, 0x27, 0xe7, 0xe7, 0xe6, 0x66,
	0x96, 0x94, 0xa4, 0x16, 0x01, 0x00, 0xd5, 0xf4, 0x0c, 0xc9,
};
static const unsigned char stored[] = {
	0x78, 0x01, 0x01, 0x08, 0x00, 0xf7, 0xff, 0x61, 0x73, 0x20,
	0x69, 0x74, 0x20, 0x69, 0x73, 0x0c, 0x77, 0x02, 0xce,
};

static unsigned char out[4096];
static size_t length;

/* Sixty entries of a tree, without their ids. */
static size_t make_text(char *text, size_t size)
{
	size_t i, used = 0;

	for (i = 0; i < 60; i++)
		used += (size_t)snprintf(text + used, size - used, "100644 file%zu.py",
					 i * 37 % 101) +
			1;
	return used;
}

Test(inflate, each_kind_of_block)
{
	char text[2048];
	size_t size = make_text(text, sizeof(text));

	cr_assert_eq(revchain_inflate(dynamic, sizeof(dynamic), out, sizeof(out), &length),
		     REVCHAIN_INFLATED);
	cr_expect_arr_eq(out, text, size);
	cr_expect_eq(length, size);
	cr_assert_eq(revchain_inflate(fixed, sizeof(fixed), out, sizeof(out), &length),
		     REVCHAIN_INFLATED);
	cr_expect_arr_eq(out, "tree parent tree parent committer", 33);
	cr_expect_eq(length, 33);
	cr_assert_eq(revchain_inflate(stored, sizeof(stored), out, sizeof(out), &length),
		     REVCHAIN_INFLATED);
	cr_expect_arr_eq(out, "as it is", 8);
	cr_expect_eq(length, 8);
}

/* A copy of its own size, so that a byte too far is seen by valgrind and sanitizers. */
static enum revchain_inflated inflate_copy(const unsigned char *stream, size_t size, size_t room)
{
	unsigned char *copy = malloc(size ? size : 1), *content = malloc(room ? room : 1);
	enum revchain_inflated result;

	cr_assert(copy && content);
	memcpy(copy, stream, size);
	result = revchain_inflate(copy, size, content, room, &length);
	cr_expect_leq(length, room);
	memcpy(out, content, length);
	free(copy);
	free(content);
	return result;
}

static void cut(const unsigned char *stream, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		cr_expect_eq(inflate_copy(stream, i, 2048), REVCHAIN_INFLATED_CUT,
			     "the first %zu of %zu bytes", i, size);
}

Test(inflate, cut_anywhere)
{
	cut(dynamic, sizeof(dynamic));
	cut(fixed, sizeof(fixed));
	cut(stored, sizeof(stored));
}

/* What is there of a stored block that is cut: the head of an object may be in it. */
Test(inflate, stored_and_cut)
{
	size_t i;

	for (i = 7; i < sizeof(stored) - 4; i++) {
		cr_expect_eq(inflate_copy(stored, i, 2048), REVCHAIN_INFLATED_CUT);
		cr_expect_eq(length, i - 7);
		cr_expect_arr_eq(out, "as it is", i - 7);
	}
	cr_expect_eq(inflate_copy(stored, 12, 3), REVCHAIN_INFLATED_FULL);
	cr_expect_eq(length, 3);
}

static void no_room(const unsigned char *stream, size_t size)
{
	size_t i, whole;

	cr_assert_eq(inflate_copy(stream, size, 2048), REVCHAIN_INFLATED);
	whole = length;
	for (i = 0; i < whole; i++) {
		cr_expect_eq(inflate_copy(stream, size, i), REVCHAIN_INFLATED_FULL);
		cr_expect_eq(length, i);
	}
}

Test(inflate, no_room)
{
	no_room(dynamic, sizeof(dynamic));
	no_room(fixed, sizeof(fixed));
	no_room(stored, sizeof(stored));
}

/* Each bit of a stream, flipped: never another content. In the two bytes in front some bits may
 * change without changing anything. */
static void flip(const unsigned char *stream, size_t size)
{
	unsigned char expected[2048], *copy = malloc(size);
	size_t bit, whole;

	cr_assert_not_null(copy);
	cr_assert_eq(inflate_copy(stream, size, 2048), REVCHAIN_INFLATED);
	whole = length;
	memcpy(expected, out, whole);
	for (bit = 0; bit < size * 8; bit++) {
		memcpy(copy, stream, size);
		copy[bit / 8] ^= (unsigned char)(1U << bit % 8);
		if (inflate_copy(copy, size, 2048) != REVCHAIN_INFLATED)
			continue;
		cr_expect(length == whole && memcmp(out, expected, whole) == 0, "bit %zu", bit);
	}
	free(copy);
}

Test(inflate, a_bit_flipped)
{
	flip(dynamic, sizeof(dynamic));
	flip(fixed, sizeof(fixed));
	flip(stored, sizeof(stored));
}
