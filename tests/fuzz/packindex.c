/*
 * The check of pack indexes. The first byte says what the rest is: the index of one of three packs,
 * or a multi-pack index, which may name them. What passes leads into the packs.
 */
#include "fuzz.h"

#include "packindex.h"

#define PACKS 3
#define HASH 20 /* bytes */

static const struct {
	const char *name;
	off_t size;
} packs[PACKS] = {{"pack-a", 4096}, {"pack-b", 256 * 1024}, {"pack-c", (off_t)5 << 30}};

static char directory[256];

/* A directory of packs without content, in $TMPDIR. */
static void make_directory(void)
{
	const char *place = getenv("TMPDIR");
	char path[320];
	size_t i;

	snprintf(directory, sizeof(directory), "%s/fuzz.XXXXXX", place ? place : "/tmp");
	MUST(mkdtemp(directory));
	for (i = 0; i < PACKS; i++) {
		snprintf(path, sizeof(path), "%s/%s.pack", directory, packs[i].name);
		MUST(fclose(fopen(path, "w")) == 0 && truncate(path, packs[i].size) == 0);
	}
}

/* A number of so many bytes; behind the end there are zeros. */
static uint64_t number_at(const uint8_t *data, size_t size, uint64_t at, unsigned bytes)
{
	uint64_t number = 0;

	for (; bytes; bytes--, at++)
		number = number << 8 | (at < size ? data[at] : 0);
	return number;
}

static bool leads_into(uint64_t offset, size_t pack)
{
	return offset < (uint64_t)packs[pack].size - HASH;
}

/* An offset, which may be one in the table of large ones that begins at `large`. */
static bool follows_into(const uint8_t *data, size_t size, uint64_t offset, uint64_t large,
			 uint64_t large_end, size_t pack)
{
	uint64_t at = large + (offset & 0x7fffffff) * 8;

	if (offset < 0x80000000)
		return leads_into(offset, pack);
	return at + 8 <= large_end && leads_into(number_at(data, size, at, 8), pack);
}

/* Whether all offsets are in the pack, by gitformat-pack(5). What is too short is no index. */
static bool is_right(const uint8_t *data, size_t size, size_t pack)
{
	bool second = size >= 8 && memcmp(data, "\377tOc\0\0\0\2", 8) == 0;
	uint64_t start = second ? 8 + 1024 : 1024, i, offsets;
	uint64_t count = number_at(data, size, start - 4, 4);

	if (size < start + 2 * HASH)
		return true;
	if (size < start + count * (second ? 28 : 24) + 2 * HASH)
		return false;
	if (!second) {
		for (i = 0; i < count; i++)
			if (!leads_into(number_at(data, size, start + 24 * i, 4), pack))
				return false;
		return true;
	}
	offsets = start + count * 24;
	for (i = 0; i < count; i++)
		if (!follows_into(data, size, number_at(data, size, offsets + 4 * i, 4),
				  offsets + 4 * count, size - 2 * HASH, pack))
			return false;
	return true;
}

struct chunk {
	uint64_t start, end;
};

/* The chunk of that name; the last one, where there are several. */
static struct chunk chunk_of(const uint8_t *data, size_t size, const char *name)
{
	struct chunk chunk = {0, 0};
	uint64_t i, start, end;

	for (i = 0; i < data[6] && 12 + 12 * (i + 2) <= size; i++) {
		start = number_at(data, size, 12 + 12 * i + 4, 8);
		end = number_at(data, size, 12 + 12 * i + 16, 8);
		if (memcmp(data + 12 + 12 * i, name, 4) == 0 && start <= end && end <= size)
			chunk = (struct chunk){start, end};
	}
	return chunk;
}

/* The number of the pack that is named there; PACKS: it is none of them. */
static size_t pack_named(const uint8_t *data, struct chunk names, uint64_t number)
{
	uint64_t at = names.start, i;
	char name[32];
	size_t pack;

	for (i = 0; i < number; i++)
		at += strnlen((const char *)data + at, names.end - at) + 1;
	MUST(at < names.end);
	for (pack = 0; pack < PACKS; pack++) {
		snprintf(name, sizeof(name), "%s.idx", packs[pack].name);
		if (names.end - at > strlen(name) && strcmp((const char *)data + at, name) == 0)
			break;
	}
	return pack;
}

static void must_lead_into_packs(const uint8_t *data, size_t size)
{
	struct chunk names, fanout, offsets, large;
	uint64_t count, i, pack, written;
	size_t known;

	if (size < 12 || memcmp(data, "MIDX", 4) != 0)
		return;
	names = chunk_of(data, size, "PNAM");
	fanout = chunk_of(data, size, "OIDF");
	offsets = chunk_of(data, size, "OOFF");
	large = chunk_of(data, size, "LOFF");
	MUST(fanout.end - fanout.start == 1024);
	count = number_at(data, size, fanout.end - 4, 4);
	MUST(count <= (offsets.end - offsets.start) / 8);
	for (i = 0; i < count; i++) {
		pack = number_at(data, size, offsets.start + 8 * i, 4);
		MUST(pack < number_at(data, size, 8, 4));
		known = pack_named(data, names, pack);
		written = number_at(data, size, offsets.start + 8 * i + 4, 4);
		if (known < PACKS && large.end)
			MUST(follows_into(data, size, written, large.start, large.end, known));
		else if (known < PACKS)
			MUST(leads_into(written, known));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct choices choices = {data, data + size};
	size_t pack = choose(&choices, PACKS + 1);
	struct revchain_error error;
	char name[32] = "multi-pack-index";
	int status;

	if (!*directory)
		make_directory();
	if (pack < PACKS)
		snprintf(name, sizeof(name), "%s.idx", packs[pack].name);
	size = (size_t)(choices.end - choices.at);
	status = revchain_packindex_check_file(directory, name, choices.at, size, &error);
	MUST_BE_ONE_OF(status, error, REVCHAIN_HISTORY);
	if (pack < PACKS)
		MUST((status == REVCHAIN_OK) == is_right(choices.at, size, pack));
	else if (!status)
		must_lead_into_packs(choices.at, size);
	return 0;
}
