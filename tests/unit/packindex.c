#include "packindex.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

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
static int check(const unsigned char *file, size_t size)
{
	unsigned char *copy = malloc(size);
	struct revchain_error error = {0};
	int status;

	cr_assert_not_null(copy);
	memcpy(copy, file, size);
	status = revchain_packindex_check_file("/nowhere", "multi-pack-index", copy, size, &error);
	free(copy);
	return status;
}

Test(packindex, names_of_packs_are_missing)
{
	unsigned char file[1200] = {0};

	put_head(file, 1, 2);
	put_chunk(file, 0, "OIDF", 100);
	put_chunk(file, 1, "\0\0\0", 100 + 1024);
	cr_expect_eq(check(file, sizeof(file)), REVCHAIN_HISTORY);
}
