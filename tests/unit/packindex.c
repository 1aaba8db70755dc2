#include "packindex.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
