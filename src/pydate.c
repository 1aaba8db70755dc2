#include "pydate.h"

#include <string.h>

#define SECOND INT64_C(1000000)

struct reader {
	const char *text, *end;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Read a number of exactly so many digits. */
static bool read_number(struct reader *reader, int digits, int *number)
{
	*number = 0;
	if (reader->end - reader->text < digits)
		return false;
	for (; digits > 0; digits--) {
		if (!is_digit(*reader->text))
			return false;
		*number = *number * 10 + (*reader->text++ - '0');
	}
	return true;
}

static bool skip(struct reader *reader, char c)
{
	if (reader->text == reader->end || *reader->text != c)
		return false;
	reader->text++;
	return true;
}

/* Days since 1970-01-01, in the Gregorian calendar. */
static int64_t count_days(int year, int month, int day)
{
	int64_t y = year - (month <= 2);
	int64_t era = y / 400; /* the year is 0 at least */
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

static bool read_date(struct reader *reader, int64_t *days)
{
	static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day;
	bool leap;

	if (!read_number(reader, 4, &year) || !skip(reader, '-') ||
	    !read_number(reader, 2, &month) || !skip(reader, '-') || !read_number(reader, 2, &day))
		return false;
	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > lengths[month - 1] ||
	    (month == 2 && day == 29 && !leap))
		return false;
	*days = count_days(year, month, day);
	return true;
}

static bool read_fraction(struct reader *reader, int64_t *microseconds)
{
	int64_t unit = SECOND / 10;
	int digits;

	for (digits = 0; reader->text < reader->end && is_digit(*reader->text); digits++) {
		*microseconds += (*reader->text++ - '0') * unit;
		unit /= 10;
	}
	return digits >= 1 && digits <= 9;
}

/* Read HH[:MM[:SS]]; `*parts` of them were there. */
static bool read_clock(struct reader *reader, int64_t *seconds, int *parts)
{
	static const int limits[] = {24, 60, 60};
	static const int units[] = {3600, 60, 1};
	int number;

	*seconds = 0;
	*parts = 0;
	do {
		if (!read_number(reader, 2, &number) || number >= limits[*parts])
			return false;
		*seconds += (int64_t)number * units[(*parts)++];
	} while (*parts < 3 && skip(reader, ':'));
	return true;
}

static bool read_zone(struct reader *reader, int64_t *microseconds)
{
	bool east;
	int64_t seconds;
	int parts;

	skip(reader, ' ');
	if (skip(reader, 'Z'))
		return true;
	if (reader->end - reader->text >= 3 && memcmp(reader->text, "UTC", 3) == 0) {
		reader->text += 3;
		return true;
	}
	east = skip(reader, '+');
	if ((!east && !skip(reader, '-')) || !read_clock(reader, &seconds, &parts))
		return false;
	*microseconds -= (east ? seconds : -seconds) * SECOND;
	return true;
}

bool revchain_pydate_parse(const char *text, size_t length, int64_t *microseconds)
{
	struct reader reader = {text, text + length};
	int64_t days, seconds;
	int parts;

	while (reader.text < reader.end && is_space(*reader.text))
		reader.text++;
	while (reader.text < reader.end && is_space(reader.end[-1]))
		reader.end--;
	if (!read_date(&reader, &days))
		return false;
	*microseconds = days * 86400 * SECOND;
	if (reader.text == reader.end)
		return true;
	if (!skip(&reader, ' ') && !skip(&reader, 'T'))
		return false;
	if (!read_clock(&reader, &seconds, &parts) || parts < 2)
		return false;
	*microseconds += seconds * SECOND;
	if (parts == 3 && skip(&reader, '.') && !read_fraction(&reader, microseconds))
		return false;
	return reader.text == reader.end ||
	       (read_zone(&reader, microseconds) && reader.text == reader.end);
}

bool revchain_pydate_find(const char *docstring, size_t length, int64_t *microseconds)
{
	static const char label[] = "Create Date:";
	const char *line = docstring, *end = docstring + length;

	while (line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *stop = newline ? newline : end;

		while (line < stop && is_space(*line))
			line++;
		if ((size_t)(stop - line) >= sizeof(label) - 1 &&
		    memcmp(line, label, sizeof(label) - 1) == 0) {
			line += sizeof(label) - 1;
			return revchain_pydate_parse(line, (size_t)(stop - line), microseconds);
		}
		line = stop + 1;
	}
	return false;
}
