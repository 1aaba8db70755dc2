#include "loose.h"

#include <criterion/criterion.h>
#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "0123456789012345678901234567890123456789"

static char root[64], directory[80], path[160];
static git_odb_backend *backend;
static git_oid id;

static void open_backend(void)
{
	const char *place = getenv("TMPDIR");

	git_libgit2_init();
	snprintf(root, sizeof(root), "%.40s/revchain-XXXXXX", place ? place : "/tmp");
	cr_assert_not_null(mkdtemp(root));
	snprintf(directory, sizeof(directory), "%s/%.2s", root, NAME);
	cr_assert_eq(mkdir(directory, 0700), 0);
	snprintf(path, sizeof(path), "%s/%s", directory, &NAME[2]);
	backend = revchain_loose_backend(root);
	cr_assert_not_null(backend);
	cr_assert_eq(git_oid_fromstr(&id, NAME), 0);
}

static void close_backend(void)
{
	backend->free(backend);
	remove(path);
	rmdir(directory);
	rmdir(root);
	git_libgit2_shutdown();
}

TestSuite(loose, .init = open_backend, .fini = close_backend);

static void put(const unsigned char *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	cr_assert(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

/* What core.compression=0 makes of a file: the block behind the head goes on for kilobytes. */
Test(loose, head_in_a_block_that_goes_on)
{
	static const unsigned char start[] = {0x78, 0x01, 0x01, 0x93, 0x0f, 0x6c, 0xf0, 'b', 'l',
					      'o',  'b',  ' ',	'3',  '9',  '7',  '7',	'\0'};
	unsigned char file[5000] = {0};
	git_object_t type;
	size_t size;

	memcpy(file, start, sizeof(start));
	put(file, sizeof(file));
	cr_assert_eq(backend->read_header(&size, &type, backend, &id), 0, "%s",
		     git_error_last()->message);
	cr_expect_eq(type, GIT_OBJECT_BLOB);
	cr_expect_eq(size, 3977);
}

/* Half a gigabyte of memory that is not to be used; sanitizers need more for themselves. */
static void limit_memory(void)
{
	const char *sanitized = getenv("ASAN_OPTIONS");
	struct rlimit limit = {256 << 20, 256 << 20};

	if (!sanitized)
		cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);
}

/* "blob 500000000", a NUL and three bytes. */
Test(loose, more_is_announced_than_can_be_there)
{
	static const unsigned char file[] = {
		0x78, 0x01, 0x01, 0x12, 0x00, 0xed, 0xff, 'b', 'l', 'o', 'b',  ' ',  '5',  '0', '0',
		'0',  '0',  '0',  '0',	'0',  '0',  '\0', 'a', 'b', 'c', 0x2e, 0x4b, 0x04, 0x9b};
	git_object_t type;
	void *content;
	size_t size;

	put(file, sizeof(file));
	limit_memory();
	cr_expect_eq(backend->read(&content, &size, &type, backend, &id), GIT_ERROR);
	cr_expect_str_eq(git_error_last()->message,
			 "the file of the loose object " NAME " is cut off");
}
