/* Dates. One table again: build/tests/unit/pydate --filter pydate/TABLE */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

#include "pydate.h"

#define NONE INT64_MIN

struct row {
	const char *text;
	int64_t expected; /* microseconds; NONE: no date */
};

Test(pydate, parse)
{
	static const struct row rows[] = {
		{"1970-01-01", 0},
		{"1970-01-01 00:00", 0},
		{"1970-01-01T00:01", 60000000},
		{" \t1970-01-01 00:00:01 \r\n", 1000000},
		{"1969-12-31 23:59:59.999999", -1},
		{"1970-01-01 00:00:00.1", 100000},
		{"1970-01-01 00:00:00.123456", 123456},
		{"1970-01-01 00:00:00.123456789", 123456},
		{"1970-01-01 00:00:00Z", 0},
		{"1970-01-01 00:00:00 UTC", 0},
		{"1970-01-01 01:00:00+01:00", 0},
		{"1970-01-01 01:00:00 +01", 0},
		{"1969-12-31 23:00:00-01:00", 0},
		{"1970-01-01 01:02:03+01:02:03", 0},
		{"2024-02-29 10:11:12.123456", INT64_C(1709201472123456)},
		{"2000-02-29", INT64_C(951782400000000)},
		{"0001-01-01", INT64_C(-62135596800000000)},
		{"9999-12-31 23:59:59.999999", INT64_C(253402300799999999)},
		{"2023-02-29", NONE},
		{"1900-02-29", NONE},
		{"2024-13-01", NONE},
		{"2024-00-01", NONE},
		{"2024-04-31", NONE},
		{"2024-04-00", NONE},
		{"0000-01-01", NONE},
		{"2024-01-01 24:00", NONE},
		{"2024-01-01 00:60", NONE},
		{"2024-01-01 00:00:60", NONE},
		{"2024-01-01 00", NONE},
		{"2024-01-01 ", INT64_C(1704067200000000)},
		{"2024-01-01  00:00", NONE},
		{"2024-01-01T", NONE},
		{"2024-01-01 00:00:00.", NONE},
		{"2024-01-01 00:00:00.1234567890", NONE},
		{"2024-01-01 00:00.5", NONE},
		{"2024-01-01 00:00:00+24:00", NONE},
		{"2024-01-01 00:00:00+00:60", NONE},
		{"2024-01-01 00:00:00+0100", NONE},
		{"2024-01-01 00:00:00+", NONE},
		{"2024-01-01 00:00:00 CET", NONE},
		{"2024-01-01 00:00:00Z x", NONE},
		{"2024-01-01Z", NONE},
		{"2024-1-01", NONE},
		{"24-01-01", NONE},
		{"${create_date}", NONE},
		{"", NONE},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t found = 0;
		if (!revchain_pydate_parse(rows[i].text, strlen(rows[i].text), &found))
			found = NONE;
		cr_expect_eq(found, rows[i].expected, "%s: expected %" PRId64 ", got %" PRId64,
			     rows[i].text, rows[i].expected, found);
	}
}

Test(pydate, find)
{
	static const struct row rows[] = {
		{"Create Date: 1970-01-01 00:00:01", 1000000},
		{"a\n\nRevision ID: 1\nCreate Date: 1970-01-01 00:00:01\n\n", 1000000},
		{"a\n \t Create Date:1970-01-02\t\n", INT64_C(86400000000)},
		{"Create Date: 1970-01-02\nCreate Date: 1970-01-03", INT64_C(86400000000)},
		{"Create Date: never\nCreate Date: 1970-01-03", NONE},
		{"The Create Date: 1970-01-01", NONE},
		{"create date: 1970-01-01", NONE},
		{"Create Date:", NONE},
		{"Create Date", NONE},
		{"", NONE},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t found = 0;
		if (!revchain_pydate_find(rows[i].text, strlen(rows[i].text), &found))
			found = NONE;
		cr_expect_eq(found, rows[i].expected, "%s: expected %" PRId64 ", got %" PRId64,
			     rows[i].text, rows[i].expected, found);
	}
}
