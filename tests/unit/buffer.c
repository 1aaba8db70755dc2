#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include "revchain/buffer.h"

static struct revchain_buffer buffer;

static void tear_down(void)
{
	revchain_buffer_free(&buffer);
}

TestSuite(buffer, .fini = tear_down);

Test(buffer, starts_without_text)
{
	cr_expect_null(buffer.text);
	revchain_buffer_free(&buffer);
	revchain_buffer_free(&buffer);
}

Test(buffer, nothing_added_is_text)
{
	revchain_buffer_add(&buffer, NULL, 0);
	cr_assert_not_null(buffer.text);
	cr_expect_str_eq(buffer.text, "");
	cr_expect_eq(buffer.length, 0);
	revchain_buffer_puts(&buffer, "");
	revchain_buffer_printf(&buffer, "%s", "");
	cr_expect_str_eq(buffer.text, "");
	cr_expect_not(buffer.failed);
}

Test(buffer, adds_behind_each_other)
{
	revchain_buffer_puts(&buffer, "one ");
	revchain_buffer_add(&buffer, "twofold", 3);
	revchain_buffer_printf(&buffer, " %d%%", 3);
	cr_expect_str_eq(buffer.text, "one two 3%");
	cr_expect_eq(buffer.length, 10);
}

Test(buffer, holds_nul)
{
	revchain_buffer_add(&buffer, "a\0b", 3);
	revchain_buffer_puts(&buffer, "c");
	cr_expect_eq(buffer.length, 4);
	cr_expect_arr_eq(buffer.text, "a\0bc", 5);
}

/* Every length around the sizes to which it grows, by each of the functions. */
Test(buffer, grows_at_every_length)
{
	char piece[600];
	size_t length;

	memset(piece, 'y', sizeof(piece));
	for (length = 0; length < sizeof(piece); length++) {
		struct revchain_buffer added = {0}, printed = {0};

		revchain_buffer_add(&added, piece, length);
		revchain_buffer_printf(&printed, "%.*s", (int)length, piece);
		cr_assert_eq(added.length, length);
		cr_assert_eq(printed.length, length);
		cr_assert_gt(added.size, length);
		cr_assert_gt(printed.size, length);
		cr_assert_eq(strlen(added.text), length);
		cr_assert_arr_eq(added.text, printed.text, length + 1);
		revchain_buffer_free(&added);
		revchain_buffer_free(&printed);
	}
}

Test(buffer, byte_by_byte)
{
	size_t i;

	for (i = 0; i < 200000; i++)
		revchain_buffer_add(&buffer, &"0123456789"[i % 10], 1);
	cr_assert_eq(buffer.length, 200000);
	for (i = 0; i < 200000; i++)
		cr_assert_eq(buffer.text[i], '0' + (char)(i % 10));
	cr_expect_eq(buffer.text[200000], '\0');
}

Test(buffer, failure_stays)
{
	revchain_buffer_puts(&buffer, "kept");
	revchain_buffer_add(&buffer, NULL, SIZE_MAX);
	cr_expect(buffer.failed);
	revchain_buffer_puts(&buffer, "lost");
	revchain_buffer_printf(&buffer, "%d", 1);
	revchain_buffer_add(&buffer, "", 0);
	cr_expect(buffer.failed);
	cr_expect_eq(buffer.length, 4);
	revchain_buffer_free(&buffer);
	cr_expect_not(buffer.failed, "a freed buffer starts anew");
	revchain_buffer_puts(&buffer, "new");
	cr_expect_str_eq(buffer.text, "new");
}

Test(buffer, lengths_that_overflow)
{
	static const size_t lengths[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 4, SIZE_MAX / 2,
					 SIZE_MAX / 4 + 1};
	size_t i;

	for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct revchain_buffer one = {0};

		revchain_buffer_puts(&one, "1234");
		revchain_buffer_add(&one, NULL, lengths[i]);
		cr_expect(one.failed, "%zu bytes", lengths[i]);
		revchain_buffer_free(&one);
	}
}

Test(buffer, is_no_longer_than_asked_for)
{
	buffer.most = 5;
	revchain_buffer_puts(&buffer, "abc");
	revchain_buffer_printf(&buffer, "%d", 45);
	cr_expect_str_eq(buffer.text, "abc45");
	cr_expect_not(buffer.failed || buffer.full);
	revchain_buffer_add(&buffer, "", 0);
	cr_expect_not(buffer.failed);
	revchain_buffer_puts(&buffer, "6");
	cr_expect(buffer.failed && buffer.full);
	cr_expect_eq(buffer.length, 5);
}
