#include "packindex.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[64], pack[80];

/* A directory with a pack of 4096 bytes. */
static void make_pack(void)
{
	const char *place = getenv("TMPDIR");

	snprintf(root, sizeof(root), "%.40s/revchain-XXXXXX", place ? place : "/tmp");
	cr_assert_not_null(mkdtemp(root));
	snprintf(pack, sizeof(pack), "%s/a.pack", root);
	cr_assert_eq(fclose(fopen(pack, "w")), 0);
	cr_assert_eq(truncate(pack, 4096), 0);
}

static void remove_pack(void)
{
	remove(pack);
	rmdir(root);
}

TestSuite(packindex, .init = make_pack, .fini = remove_pack);

/* Of a multi-pack index: what is in front of its chunks, of which it has so many. */
static void put_head(unsigned char *file, unsigned char chunks, unsigned char packs)
{
	static const unsigned char magic[] = {'M', 'I', 'D', 'X', 1, 1};

	memcpy(file, magic, sizeof(magic));
	file[6] = chunks;
	file[11] = packs;
}

/* The entry of a chunk in the table of contents; the next one says where it ends. */
static void put_chunk(unsigned char *file, size_t index, const char *id, size_t start)
{
	unsigned char *at = file + 12 + 12 * index;

	memcpy(at, id, 4);
	at[10] = (unsigned char)(start >> 8);
	at[11] = (unsigned char)start;
}

/* As a copy of its own size, so that a byte too far is seen by valgrind and sanitizers. */
static int check(const char *name, const unsigned char *file, size_t size)
{
	unsigned char *copy = malloc(size);
	struct revchain_error error = {0};
	int status;

	cr_assert_not_null(copy);
	memcpy(copy, file, size);
	status = revchain_packindex_check_file(root, name, copy, size, &error);
	free(copy);
	return status;
}

static void put_number(unsigned char *at, uint32_t number)
{
	int i;

	for (i = 0; i < 4; i++)
		at[i] = (unsigned char)(number >> (24 - 8 * i));
}

Test(packindex, names_of_packs_are_missing)
{
	unsigned char file[1200] = {0};

	put_head(file, 1, 2);
	put_chunk(file, 0, "OIDF", 100);
	put_chunk(file, 1, "\0\0\0", 100 + 1024);
	cr_expect_eq(check("multi-pack-index", file, sizeof(file)), REVCHAIN_HISTORY);
}

/* An index of the second version with one object, at that offset. */
static int check_offset(unsigned offset)
{
	static const unsigned char magic[] = {0xff, 't', 'O', 'c', 0, 0, 0, 2};
	unsigned char file[8 + 1024 + 28 + 40] = {0};

	memcpy(file, magic, sizeof(magic));
	file[8 + 1023] = 1;
	file[8 + 1024 + 26] = (unsigned char)(offset >> 8);
	file[8 + 1024 + 27] = (unsigned char)offset;
	return check("a.idx", file, sizeof(file));
}

Test(packindex, offsets_are_in_the_pack)
{
	cr_expect_eq(check_offset(0), REVCHAIN_OK);
	cr_expect_eq(check_offset(4096 - 20 - 1), REVCHAIN_OK);
	cr_expect_eq(check_offset(4096 - 20), REVCHAIN_HISTORY);
}

/* The first version has 32 bits for an offset, and none of them for anything else. */
Test(packindex, last_offset_of_32_bits)
{
	unsigned char file[1024 + 24 + 40] = {0};

	cr_assert_eq(truncate(pack, (off_t)5 << 30), 0);
	file[1023] = 1;
	put_number(file + 1024, UINT32_MAX);
	cr_expect_eq(check("a.idx", file, sizeof(file)), REVCHAIN_OK);
	cr_assert_eq(truncate(pack, (off_t)UINT32_MAX + 20), 0);
	cr_expect_eq(check("a.idx", file, sizeof(file)), REVCHAIN_HISTORY);
}

/* More objects than there are bytes for. libgit2 1.5 reckons in 32 bits, where 28 times the first
 * of these is 28 and 24 times the second is 8, and reads behind the end of the file. */
Test(packindex, more_objects_than_bytes)
{
	static const unsigned char magic[] = {0xff, 't', 'O', 'c', 0, 0, 0, 2};
	static const unsigned char counts[][4] = {
		{0x40, 0, 0, 1}, {0x0a, 0xaa, 0xaa, 0xab}, {0xff, 0xff, 0xff, 0xff}, {0, 0, 0, 2}};
	unsigned char first[1024 + 24 + 40] = {0}, second[8 + 1024 + 28 + 40] = {0};
	size_t i;

	memcpy(second, magic, sizeof(magic));
	for (i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		memcpy(first + 1020, counts[i], 4);
		memcpy(second + 8 + 1020, counts[i], 4);
		cr_expect_eq(check("a.idx", first, sizeof(first)), REVCHAIN_HISTORY);
		cr_expect_eq(check("a.idx", second, sizeof(second)), REVCHAIN_HISTORY);
	}
}

/* A multi-pack index of one object at 2.25 GiB of a pack of 3 GiB. Only where an offset has no room
 * in 32 bits does git write a table of large ones; without it, their highest bit is one of 32. */
Test(packindex, offsets_of_32_bits_in_several)
{
	unsigned char file[100 + 6 + 1024 + 8] = {0};

	cr_assert_eq(truncate(pack, (off_t)3 << 30), 0);
	put_head(file, 3, 1);
	put_chunk(file, 0, "PNAM", 100);
	put_chunk(file, 1, "OIDF", 106);
	put_chunk(file, 2, "OOFF", 106 + 1024);
	put_chunk(file, 3, "\0\0\0", sizeof(file));
	memcpy(file + 100, "a.idx", 6);
	file[106 + 1023] = 1;
	file[106 + 1024 + 4] = 0x90;
	cr_expect_eq(check("multi-pack-index", file, sizeof(file)), REVCHAIN_OK);
	file[106 + 1024 + 4] = 0xc0;
	cr_expect_eq(check("multi-pack-index", file, sizeof(file)), REVCHAIN_HISTORY);
}

/* An index of the first version with one object, at that offset. */
static int check_first(uint32_t offset)
{
	unsigned char file[1024 + 24 + 40] = {0};

	file[1023] = 1;
	put_number(file + 1024, offset);
	return check("a.idx", file, sizeof(file));
}

Test(packindex, first_version)
{
	cr_expect_eq(check_first(4096 - 20 - 1), REVCHAIN_OK);
	cr_expect_eq(check_first(4096 - 20), REVCHAIN_HISTORY);
	cr_expect_eq(check_first(UINT32_MAX), REVCHAIN_HISTORY);
	cr_assert_eq(truncate(pack, (off_t)3 << 30), 0);
	cr_expect_eq(check_first(0x90000000), REVCHAIN_OK, "its offsets have 32 bits");
	cr_expect_eq(check_first(0xc0000000), REVCHAIN_HISTORY);
}

/* An index of the second version with one object, at the offset that is the first of so many large
 * ones, or at another of them. */
static int check_large(uint32_t which, size_t count, uint64_t offset)
{
	static const unsigned char magic[] = {0xff, 't', 'O', 'c', 0, 0, 0, 2};
	unsigned char file[8 + 1024 + 28 + 8 + 40] = {0};

	memcpy(file, magic, sizeof(magic));
	file[8 + 1023] = 1;
	put_number(file + 8 + 1024 + 24, 0x80000000 | which);
	put_number(file + 8 + 1024 + 28, (uint32_t)(offset >> 32));
	put_number(file + 8 + 1024 + 32, (uint32_t)offset);
	return check("a.idx", file, sizeof(file) - 8 + 8 * count);
}

Test(packindex, large_offsets)
{
	const uint64_t end = ((uint64_t)5 << 30) - 20;

	cr_assert_eq(truncate(pack, (off_t)5 << 30), 0);
	cr_expect_eq(check_offset(4096), REVCHAIN_OK);
	cr_expect_eq(check_large(0, 1, end - 1), REVCHAIN_OK);
	cr_expect_eq(check_large(0, 1, end), REVCHAIN_HISTORY);
	cr_expect_eq(check_large(1, 1, 0), REVCHAIN_HISTORY, "there is only one");
	cr_expect_eq(check_large(0, 0, 0), REVCHAIN_HISTORY, "there is none");
}

/* Nothing to hold an index against: libgit2 reads no object by it, or refuses it. */
Test(packindex, not_held_against_a_pack)
{
	static const unsigned char file[8 + 1024 + 28 + 40] = {0xff, 't', 'O', 'c', 0, 0, 0, 2};

	cr_expect_eq(check("a.idx", file, 1000), REVCHAIN_OK, "too short to be one");
	cr_expect_eq(check_offset(4096), REVCHAIN_HISTORY);
	cr_assert_eq(truncate(pack, 19), 0);
	cr_expect_eq(check_offset(4096), REVCHAIN_OK, "a pack has a hash at its end");
	remove(pack);
	cr_expect_eq(check_offset(4096), REVCHAIN_OK);
	cr_expect_eq(check("multi-pack-index", file, sizeof(file)), REVCHAIN_OK);
	cr_expect_eq(check("multi-pack-index", (const unsigned char *)"MIDX", 4), REVCHAIN_OK);
}

#define NAMES 100
#define COUNTS (NAMES + 6)
#define OFFSETS (COUNTS + 1024)
#define LARGE_ONES (OFFSETS + 8)

/* A multi-pack index of one object in the one pack that there is; `more` large offsets. */
static void put_multi(unsigned char file[LARGE_ONES + 8], unsigned more)
{
	put_head(file, 3 + !!more, 1);
	put_chunk(file, 0, "PNAM", NAMES);
	put_chunk(file, 1, "OIDF", COUNTS);
	put_chunk(file, 2, "OOFF", OFFSETS);
	put_chunk(file, 3, more ? "LOFF" : "\0\0\0", LARGE_ONES);
	if (more)
		put_chunk(file, 4, "\0\0\0", LARGE_ONES + 8);
	memcpy(file + NAMES, "a.idx", 6);
	file[COUNTS + 1023] = 1;
}

Test(packindex, several_packs)
{
	unsigned char file[LARGE_ONES + 8] = {0};

	put_multi(file, 0);
	cr_expect_eq(check("multi-pack-index", file, LARGE_ONES), REVCHAIN_OK);
	put_number(file + OFFSETS + 4, 4096 - 20);
	cr_expect_eq(check("multi-pack-index", file, LARGE_ONES), REVCHAIN_HISTORY);
	put_number(file + OFFSETS + 4, 0);
	file[OFFSETS + 3] = 1; /* in the second of one pack */
	cr_expect_eq(check("multi-pack-index", file, LARGE_ONES), REVCHAIN_HISTORY);
	file[OFFSETS + 3] = 0;
	file[COUNTS + 1023] = 2; /* objects, with one offset */
	cr_expect_eq(check("multi-pack-index", file, LARGE_ONES), REVCHAIN_HISTORY);
	file[COUNTS + 1023] = 1;
	memcpy(file + NAMES, "a.idxx", 6); /* without an end */
	cr_expect_eq(check("multi-pack-index", file, LARGE_ONES), REVCHAIN_HISTORY);
	memcpy(file + NAMES, ".idx\0", 6); /* of nothing */
	cr_expect_eq(check("multi-pack-index", file, LARGE_ONES), REVCHAIN_HISTORY);
	memcpy(file + NAMES, "b.idx", 6); /* of a pack that is not there */
	cr_expect_eq(check("multi-pack-index", file, LARGE_ONES), REVCHAIN_HISTORY);
}

Test(packindex, several_packs_and_large_offsets)
{
	unsigned char file[LARGE_ONES + 8] = {0};

	cr_assert_eq(truncate(pack, (off_t)5 << 30), 0);
	put_multi(file, 1);
	put_number(file + OFFSETS + 4, 0x80000000);
	file[LARGE_ONES + 3] = 1; /* 4 GiB */
	cr_expect_eq(check("multi-pack-index", file, sizeof(file)), REVCHAIN_OK);
	file[LARGE_ONES + 3] = 2;
	cr_expect_eq(check("multi-pack-index", file, sizeof(file)), REVCHAIN_HISTORY);
	put_number(file + OFFSETS + 4, 0x80000001);
	cr_expect_eq(check("multi-pack-index", file, sizeof(file)), REVCHAIN_HISTORY);
}

Test(packindex, chunks_of_several_packs)
{
	unsigned char file[LARGE_ONES + 8] = {0};

	put_multi(file, 0);
	file[6] = 1; /* the others are not in the table */
	cr_expect_eq(check("multi-pack-index", file, LARGE_ONES), REVCHAIN_HISTORY);
	file[6] = 255; /* and these not in the file */
	cr_expect_eq(check("multi-pack-index", file, 12 + 12), REVCHAIN_HISTORY);
	put_multi(file, 0);
	put_chunk(file, 3, "\0\0\0", sizeof(file) + 1); /* behind its end */
	cr_expect_eq(check("multi-pack-index", file, LARGE_ONES), REVCHAIN_HISTORY);
	put_chunk(file, 3, "\0\0\0", OFFSETS - 1); /* in front of its start */
	cr_expect_eq(check("multi-pack-index", file, LARGE_ONES), REVCHAIN_HISTORY);
	put_multi(file, 0);
	put_number(file + 8, 65537); /* packs */
	cr_expect_eq(check("multi-pack-index", file, LARGE_ONES), REVCHAIN_HISTORY);
}

/* Put a file beside the pack of a directory of objects, look at the directory, and take it away. */
static int check_beside(const char *name, const void *bytes, size_t size)
{
	struct revchain_error error = {0};
	char path[160];
	FILE *file;
	int status;

	snprintf(path, sizeof(path), "%s/pack/%s", root, name);
	file = fopen(path, "wb");
	cr_assert(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
	status = revchain_packindex_check(root, &error);
	if (status)
		cr_expect(strstr(error.message, path), "%s", error.message);
	remove(path);
	return status;
}

Test(packindex, every_index_of_a_directory)
{
	unsigned char wrong[1024 + 40] = {0};
	struct revchain_error error = {0};
	char directory[80], moved[100], longest[PATH_MAX];

	wrong[1023] = 1; /* object, and no room for it */
	cr_expect_eq(revchain_packindex_check(root, &error), REVCHAIN_OK, "no packs at all");
	snprintf(directory, sizeof(directory), "%s/pack", root);
	snprintf(moved, sizeof(moved), "%s/a.pack", directory);
	cr_assert_eq(mkdir(directory, 0700), 0);
	cr_assert_eq(rename(pack, moved), 0);
	cr_expect_eq(revchain_packindex_check(root, &error), REVCHAIN_OK);
	cr_expect_eq(check_beside("a.idx", wrong, sizeof(wrong)), REVCHAIN_HISTORY);
	cr_expect_eq(check_beside("a.rev", wrong, sizeof(wrong)), REVCHAIN_OK);
	cr_expect_eq(check_beside("idx", wrong, sizeof(wrong)), REVCHAIN_OK);
	cr_expect_eq(check_beside("a.idx", wrong, 0), REVCHAIN_OK, "left to libgit2");
	put_head(wrong, 0, 1);
	cr_expect_eq(check_beside("multi-pack-index", wrong, sizeof(wrong)), REVCHAIN_HISTORY);
	memset(longest, 'n', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	cr_expect_eq(revchain_packindex_check(longest, &error), REVCHAIN_OK);
	remove(moved);
	rmdir(directory);
}
