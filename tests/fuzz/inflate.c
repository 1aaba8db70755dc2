/*
 * The reader of zlib streams against zlib: the same verdict, and the same bytes up to where each
 * stopped. What follows a stream counts for neither.
 */
#include "fuzz.h"

#include <zlib.h>

#include "inflate.h"

#define ROOM 40000 /* bytes: more than the farthest distance */

struct unpacked {
	int code; /* of zlib's inflate */
	size_t length, taken;
	bool wrong_sum;
	enum revchain_inflated ours;
};

static struct unpacked unpack(const uint8_t *data, size_t size, unsigned char *out, size_t room)
{
	static z_stream stream;
	static bool ready;
	struct unpacked unpacked = {0};

	MUST((ready ? inflateReset(&stream) : inflateInit(&stream)) == Z_OK);
	ready = true;
	stream.next_in = (unsigned char *)(uintptr_t)data;
	stream.avail_in = (unsigned)size;
	stream.next_out = out;
	stream.avail_out = (unsigned)room;
	unpacked.code = inflate(&stream, Z_FINISH);
	unpacked.length = stream.total_out;
	unpacked.taken = stream.total_in;
	unpacked.wrong_sum =
		unpacked.code == Z_DATA_ERROR && strcmp(stream.msg, "incorrect data check") == 0;
	return unpacked;
}

/* Of a code that cannot be, zlib speaks sooner or later than revchain: one of them may find such a
 * stream cut. Where a distance is wrong and there is no room for it, either may be said. */
static void must_agree(const struct unpacked *theirs, bool full)
{
	switch (theirs->code) {
	case Z_STREAM_END:
		MUST(theirs->ours == REVCHAIN_INFLATED);
		break;
	case Z_NEED_DICT:
		MUST(theirs->ours == REVCHAIN_INFLATED_BAD);
		break;
	default:
		MUST(theirs->code == Z_BUF_ERROR || theirs->code == Z_DATA_ERROR);
		MUST(theirs->ours == REVCHAIN_INFLATED_BAD ||
		     theirs->ours == REVCHAIN_INFLATED_CUT ||
		     (full && theirs->ours == REVCHAIN_INFLATED_FULL));
	}
}

static struct unpacked compare(const uint8_t *data, size_t size, size_t room)
{
	static unsigned char expected[ROOM], most[ROOM];
	unsigned char *out = room == ROOM ? most : malloc(room + (room == 0));
	struct unpacked theirs = unpack(data, size, expected, room);
	size_t length;

	MUST(out);
	theirs.ours = revchain_inflate(data, size, out, room, &length);
	must_agree(&theirs, theirs.length == room);
	MUST(length == theirs.length);
	MUST(memcmp(out, expected, length) == 0);
	if (room < ROOM)
		free(out);
	return theirs;
}

/* No fuzzer guesses a checksum. */
static void mend_sum(const uint8_t *data, uint8_t *mended, struct unpacked *theirs, size_t size)
{
	static unsigned char content[ROOM];
	uLong sum;
	int i;

	memcpy(mended, data, size);
	MUST(theirs->taken >= 4);
	unpack(data, size, content, ROOM);
	sum = adler32(1, content, (unsigned)theirs->length);
	for (i = 0; i < 4; i++)
		mended[theirs->taken - 4 + (size_t)i] = (uint8_t)(sum >> (24 - 8 * i));
	*theirs = compare(mended, size, ROOM);
	MUST(theirs->code == Z_STREAM_END);
}

/* A copy, so that its end is the end of what may be read. */
static void compare_cut(const uint8_t *data, const struct unpacked *whole)
{
	size_t back = whole->length % (whole->taken < 8 ? whole->taken : 8);
	size_t size = whole->taken - 1 - back;
	uint8_t *cut = malloc(size + (size == 0));
	enum revchain_inflated ours;

	MUST(cut);
	memcpy(cut, data, size);
	ours = compare(cut, size, ROOM).ours;
	MUST(whole->code != Z_STREAM_END || ours == REVCHAIN_INFLATED_CUT);
	free(cut);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct unpacked whole = compare(data, size, ROOM);
	uint8_t *mended = NULL;

	if (whole.wrong_sum) {
		mended = malloc(size);
		MUST(mended);
		mend_sum(data, mended, &whole, size);
		data = mended;
	}
	/* one of these: all of them would take three times as long */
	if (size % 3 == 0)
		MUST(compare(data, size, whole.length).ours == whole.ours ||
		     whole.code != Z_STREAM_END);
	else if (size % 3 == 1)
		MUST(compare(data, size, whole.length / 2).ours == REVCHAIN_INFLATED_FULL ||
		     whole.code != Z_STREAM_END || !whole.length);
	else if (whole.taken)
		compare_cut(data, &whole);
	free(mended);
	return 0;
}
