#include "loose.h"

#include <criterion/criterion.h>
#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "revchain/repository.h"

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

/* What the last failure says behind "the file of the loose object NAME". */
static const char *reason(void)
{
	return git_error_last()->message + strlen("the file of the loose object " NAME " ");
}

static int read_content(size_t *size, git_object_t *type, char *content, size_t room)
{
	void *data;
	int code = backend->read(&data, size, type, backend, &id);

	if (code)
		return code;
	cr_assert_lt(*size, room);
	memcpy(content, data, *size + 1);
	git_odb_backend_data_free(backend, data);
	return 0;
}

/* A stream of zlib with the text as it is, the checksum of which may be wrong. */
static void put_stored(const char *text, size_t size, uint32_t wrong)
{
	unsigned char file[256] = {0x78, 0x01, 0x01};
	uint32_t low = 1, high = 0, sum;
	size_t i;

	file[3] = (unsigned char)size;
	file[5] = (unsigned char)~size;
	file[6] = 0xff;
	memcpy(file + 7, text, size);
	for (i = 0; i < size; i++) {
		low += (unsigned char)text[i];
		high += low;
	}
	sum = (high << 16 | low) ^ wrong;
	for (i = 0; i < 4; i++)
		file[7 + size + i] = (unsigned char)(sum >> (24 - 8 * i));
	put(file, 7 + size + 4);
}

Test(loose, kinds_of_objects)
{
	static const struct {
		const char *text; /* with the NUL behind the head as a | */
		git_object_t type;
	} cases[] = {{"blob 3|abc", GIT_OBJECT_BLOB},
		     {"tree 1|x", GIT_OBJECT_TREE},
		     {"commit 0|", GIT_OBJECT_COMMIT},
		     {"tag 12|twelve bytes", GIT_OBJECT_TAG}};
	size_t i, size;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[64], content[64], *bar;
		git_object_t type;

		snprintf(text, sizeof(text), "%s", cases[i].text);
		bar = strchr(text, '|');
		*bar = '\0';
		put_stored(text, strlen(cases[i].text), 0);
		cr_assert_eq(read_content(&size, &type, content, sizeof(content)), 0, "%s",
			     cases[i].text);
		cr_expect_eq(type, cases[i].type);
		cr_expect_str_eq(content, bar + 1);
		cr_expect_eq(backend->read_header(&size, &type, backend, &id), 0);
		cr_expect_eq(type, cases[i].type);
		cr_expect_eq(size, strlen(bar + 1));
	}
}

Test(loose, damage_is_told_apart)
{
	static const struct {
		const char *text; /* likewise */
		uint32_t wrong;	  /* checksum */
		const char *reason;
	} cases[] = {
		{"blob 3|abc", 1, "is damaged"},
		{"blob 4|abc", 0, "is cut off"},
		{"blob 2|abc", 0, "has more in it than it says"},
		{"blob 3x|abc", 0, "is damaged"},
		{"blob |abc", 0, "is damaged"},
		{"blob3|abc", 0, "is damaged"},
		{"blob -3|abc", 0, "is damaged"},
		{"blub 3|abc", 0, "is damaged"},
		{"|blob 3", 0, "is damaged"},
		{"", 0, "is damaged"},
		{"blob 3 and no end of the head at all, for longer than it may be", 0,
		 "is damaged"},
		{"blob 536870913|abc", 0, "holds more than 512 MiB"},
		{"blob 99999999999999999999|abc", 0, "holds more than 512 MiB"},
	};
	size_t i, size;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[64], content[64];
		git_object_t type;

		snprintf(text, sizeof(text), "%s", cases[i].text);
		if (strchr(text, '|'))
			*strchr(text, '|') = '\0';
		put_stored(text, strlen(cases[i].text), cases[i].wrong);
		cr_expect_eq(read_content(&size, &type, content, sizeof(content)), GIT_ERROR, "%s",
			     cases[i].text);
		cr_expect_str_eq(reason(), cases[i].reason, "%s: %s", cases[i].text, reason());
	}
}

/* A size that no file has room for is told to who asks for it alone. */
Test(loose, size_above_the_limit)
{
	git_object_t type;
	size_t size;

	put_stored("blob 536870913\0abc", 18, 0);
	cr_expect_eq(backend->read_header(&size, &type, backend, &id), 0);
	cr_expect_gt(size, REVCHAIN_LOOSE_MAX);
}

Test(loose, what_is_no_file_to_read)
{
	git_object_t type;
	void *content;
	size_t size;

	cr_expect_eq(backend->read(&content, &size, &type, backend, &id), GIT_ENOTFOUND);
	cr_assert_eq(mkdir(path, 0700), 0);
	cr_expect_eq(backend->read(&content, &size, &type, backend, &id), GIT_ERROR);
	cr_expect_str_eq(reason(), "is no file");
	cr_assert_eq(rmdir(path), 0);
	cr_assert_eq(symlink(path, path), 0);
	cr_expect_eq(backend->read(&content, &size, &type, backend, &id), GIT_ERROR);
	cr_expect_str_eq(reason(), "cannot be read: Too many levels of symbolic links");
	cr_assert_eq(unlink(path), 0);
	put((const unsigned char *)"", 0);
	cr_expect_eq(backend->read(&content, &size, &type, backend, &id), GIT_ERROR);
	cr_expect_str_eq(reason(), "is cut off");
	cr_assert_eq(truncate(path, ((off_t)512 << 20) + 1), 0);
	cr_expect_eq(backend->read_header(&size, &type, backend, &id), GIT_ERROR);
	cr_expect_str_eq(reason(), "is larger than 512 MiB");
	cr_assert_eq(unlink(path), 0);
	cr_assert_eq(rmdir(directory), 0);
	cr_assert_eq(fclose(fopen(directory, "w")), 0);
	cr_expect_eq(backend->read(&content, &size, &type, backend, &id), GIT_ENOTFOUND);
	remove(directory);
}

/* The object that is meant with the first digits of its name. */
static int expand(size_t digits, git_oid *full)
{
	git_oid shortened = id;
	size_t i;

	for (i = digits; i < REVCHAIN_OID_HEX; i++)
		shortened.id[i / 2] &= i % 2 ? 0xf0 : 0x0f;
	return backend->exists_prefix(full, backend, &shortened, digits);
}

Test(loose, shortened_names)
{
	char other[160], odd[170];
	git_object_t type;
	git_oid full;
	void *content;
	size_t size;

	cr_expect_eq(expand(8, &full), GIT_ENOTFOUND);
	cr_expect_not(backend->exists(backend, &id));
	put_stored("blob 3\0abc", 10, 0);
	cr_expect_eq(expand(8, &full), 0);
	cr_expect(git_oid_equal(&full, &id));
	cr_expect_eq(expand(40, &full), 0);
	cr_expect(backend->exists(backend, &id));
	cr_expect_eq(expand(3, &full), GIT_ENOTFOUND, "git takes no name of three digits");
	cr_expect_eq(expand(41, &full), GIT_ENOTFOUND);
	cr_expect_eq(backend->read_prefix(&full, &content, &size, &type, backend, &id, 10), 0);
	cr_expect_eq(size, 3);
	git_odb_backend_data_free(backend, content);

	snprintf(odd, sizeof(odd), "%sx", path); /* a temporary file of git's */
	cr_assert_eq(fclose(fopen(odd, "w")), 0);
	cr_expect_eq(expand(8, &full), 0);
	remove(odd);
	snprintf(other, sizeof(other), "%s", path);
	other[strlen(other) - 1] = 'a';
	cr_assert_eq(fclose(fopen(other, "w")), 0);
	cr_expect_eq(expand(8, &full), GIT_EAMBIGUOUS);
	cr_expect_eq(backend->read_prefix(&full, &content, &size, &type, backend, &id, 10),
		     GIT_EAMBIGUOUS);
	cr_expect_eq(expand(40, &full), 0);
	remove(path);
	remove(other);
	other[strlen(other) - 1] = 'z';
	cr_assert_eq(fclose(fopen(other, "w")), 0);
	cr_expect_eq(expand(8, &full), GIT_ENOTFOUND);
	remove(other);
}

/* Where no such path can be, there is no object. */
Test(loose, directory_with_a_long_name)
{
	char place[PATH_MAX];
	git_odb_backend *longest;
	git_object_t type;
	void *content;
	git_oid full;
	size_t size;

	memset(place, 'n', sizeof(place) - 1);
	place[sizeof(place) - 1] = '\0';
	longest = revchain_loose_backend(place);
	cr_expect_eq(longest->read(&content, &size, &type, longest, &id), GIT_ENOTFOUND);
	cr_expect_eq(longest->exists_prefix(&full, longest, &id, 8), GIT_ENOTFOUND);
	longest->free(longest);
}
