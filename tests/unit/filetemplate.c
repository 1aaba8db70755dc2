#include "revchain/filetemplate.h"

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

TestSuite(filetemplate, .init = set_up, .fini = tear_down);

/* The name that a template makes; an error as its message. */
static const char *name_of(const char *file_template, const char *message, long slug_length)
{
	const struct revchain_filetemplate_values values = {
		.revision = "1a2b",
		.message = message,
		.slug_length = slug_length,
		.created = {.tm_year = 124,
			    .tm_mon = 1,
			    .tm_mday = 3,
			    .tm_hour = 4,
			    .tm_min = 5,
			    .tm_sec = 6},
		.epoch = 1706933106,
	};
	struct revchain_error error = {0};
	const char *name = NULL;
	int status = revchain_filetemplate_name(file_template, &values, arena, &name, &error);

	cr_expect(status == REVCHAIN_OK || status == REVCHAIN_USAGE);
	return status ? revchain_arena_printf(arena, "! %s", error.message) : name;
}

#define CHECK(file_template, expected)                                                             \
	cr_expect_str_eq(name_of(file_template, "merge heads", 40), expected, "%s: %s",            \
			 file_template, name_of(file_template, "merge heads", 40))

Test(filetemplate, fields)
{
	CHECK(REVCHAIN_FILETEMPLATE_DEFAULT, "1a2b_merge_heads.py");
	CHECK("", ".py");
	CHECK("plain", "plain.py");
	CHECK("100%%", "100%.py");
	CHECK("%(year)d%(month).2d%(day)02d_%(hour)d%(minute)d%(second)d", "20240203_456.py");
	CHECK("%(epoch)s", "1706933106.py");
	CHECK("%(year)s/%(month)02d/%(rev)s", "2024/02/1a2b.py");
	CHECK("ab/.c/%(rev)s", "ab/.c/1a2b.py");
}

Test(filetemplate, widths_and_flags)
{
	CHECK("%(day)3d|%(day)-3d|%(day)03d|", "  3|3  |003|.py");
	CHECK("%(day)+d|% d|", "! file_template is not understood: %(day)+d|% d|");
	CHECK("%(day)+d|%(day) d|%(day)+04i|%(day)5.3u", "+3| 3|+003|  003.py");
	CHECK("%(rev)6s|%(rev)-6s|%(rev).2s|%(rev)06s", "  1a2b|1a2b  |1a|  1a2b.py");
	CHECK("%(rev).9s|%(rev)4s|%(rev)-2s|", "1a2b|1a2b|1a2b|.py");
	CHECK("%(month)3s", "  2.py");
	CHECK("%(year).2s|%(day)-03d|%(day)0+4d|", "20|3  |+003|.py");
	CHECK("%(day)-#0+ 0d", "+3.py");
}

Test(filetemplate, refused)
{
	CHECK("%(nothing)s", "! file_template names what Alembic does not give: %(nothing)s");
	CHECK("%(yeer)d", "! file_template names what Alembic does not give: %(yeer)d");
	CHECK("%(slug)d", "! file_template is not understood: %(slug)d");
	CHECK("%(rev)d", "! file_template is not understood: %(rev)d");
	CHECK("%(day)x", "! file_template is not understood: %(day)x");
	CHECK("%(day)", "! file_template is not understood: %(day)");
	CHECK("%(day", "! file_template is not understood: %(day");
	CHECK("%s", "! file_template is not understood: %s");
	CHECK("%", "! file_template is not understood: %");
	CHECK("%(day)256d", "! file_template is not understood: %(day)256d");
	CHECK("%(day).256d", "! file_template is not understood: %(day).256d");
	CHECK("../x", "! file_template leads out of the versions directory: ../x");
	CHECK("a/../x", "! file_template leads out of the versions directory: a/../x");
	CHECK("./x", "! file_template leads out of the versions directory: ./x");
	CHECK("/x", "! file_template leads out of the versions directory: /x");
	CHECK("a//x", "! file_template leads out of the versions directory: a//x");
	CHECK("..x/.y/...", "..x/.y/....py");
}

#define CHECK_SLUG(message, length, expected)                                                      \
	cr_expect_str_eq(name_of("%(slug)s", message, length), expected, "'%s': %s", message,      \
			 name_of("%(slug)s", message, length))

Test(filetemplate, slugs)
{
	CHECK_SLUG("", 40, ".py");
	CHECK_SLUG("!!!", 40, ".py");
	CHECK_SLUG("  Two words ", 40, "two_words.py");
	CHECK_SLUG("a_b__c-d", 40, "a_b__c_d.py");
	CHECK_SLUG("ÄÖ straße", 40, "äö_straße.py");
	CHECK_SLUG("one two three", 7, "one_.py");
	CHECK_SLUG("one two three", 8, "one_two_.py");
	CHECK_SLUG("onetwothree", 4, "onet_.py");
	CHECK_SLUG("one", 3, "one.py");
	CHECK_SLUG("ÄÖ ÜÄÖ ß", 5, "äö_.py");
	CHECK_SLUG("Add 2 {Zips} @[x]`", 40, "add_2_zips_x.py");
	CHECK_SLUG("\xff one", 40,
		   "\xc3\xbf_one.py"); /* a byte that is no UTF-8 counts as one character */
}
