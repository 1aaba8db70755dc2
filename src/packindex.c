#include "packindex.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "revchain/repository.h"

#define RAW REVCHAIN_OID_RAW
#define FANOUT 1024	   /* bytes: 256 numbers */
#define TRAILERS (2 * RAW) /* the hashes of the pack and of the index */
#define LARGE 0x80000000U  /* of an offset: the rest is an index into the table of large ones */
#define PACKS_MOST 65536   /* in a multi-pack index */

/* A file as it is in memory, and a part of one. */
struct bytes {
	const unsigned char *data;
	size_t size;
};

static uint32_t number(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint64_t large_number(const unsigned char *at)
{
	return (uint64_t)number(at) << 32 | number(at + 4);
}

static bool map_file(const char *path, struct bytes *file)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat info;
	void *data = MAP_FAILED;

	if (fd < 0)
		return false;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0)
		data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (data == MAP_FAILED)
		return false;
	*file = (struct bytes){data, (size_t)info.st_size};
	return true;
}

/* The end of what can be an object in the pack that belongs to an index; 0: there is none. */
static uint64_t pack_end(const char *directory, const char *index_name)
{
	char path[PATH_MAX];
	struct stat info;

	if (snprintf(path, sizeof(path), "%s/%.*s.pack", directory,
		     (int)(strlen(index_name) - strlen(".idx")), index_name) >= (int)sizeof(path) ||
	    stat(path, &info) != 0 || info.st_size < RAW)
		return 0;
	return (uint64_t)info.st_size - RAW;
}

/* Whether an offset, as it is written, is before the end of the pack. */
static bool is_within(uint32_t written, const struct bytes *large, uint64_t end)
{
	size_t i = written & ~LARGE;

	if (!(written & LARGE))
		return written < end;
	return i < large->size / 8 && large_number(large->data + 8 * i) < end;
}

/* `end` is more than 0. */
static bool check_index(const struct bytes *file, uint64_t end)
{
	static const unsigned char magic[] = {0xff, 't', 'O', 'c', 0, 0, 0, 2};
	bool second = file->size > 8 + FANOUT && memcmp(file->data, magic, 8) == 0;
	size_t head = FANOUT + (second ? 8U : 0U), step = 4 + (second ? 0U : RAW), i;
	uint64_t count, least; /* as written: more than a size_t may have room for */
	uint32_t near = second ? LARGE - 1 : UINT32_MAX; /* up to it, what is written is within */
	struct bytes large = {0};
	const unsigned char *at;

	if (file->size < head + TRAILERS)
		return true;
	count = number(file->data + head - 4);
	least = head + count * (RAW + 4U + (second ? 4U : 0U)) + TRAILERS;
	if (file->size < least)
		return false;
	at = file->data + head + (second ? count * (RAW + 4U) : 0U);
	if (second)
		large = (struct bytes){at + count * 4, (size_t)(file->size - least)};
	if (end - 1 < near)
		near = (uint32_t)(end - 1);
	for (i = 0; i < count; i++, at += step) {
		uint32_t written = number(at);

		if (written > near && !(second && is_within(written, &large, end)))
			return false;
	}
	return true;
}

/* A chunk of a multi-pack index; its size is up to the start of the next one. */
static struct bytes find_chunk(const struct bytes *file, const char *id)
{
	size_t i, count = file->data[6];
	struct bytes chunk = {0};

	for (i = 0; i < count && 12 + (i + 2) * 12 <= file->size; i++) {
		const unsigned char *at = file->data + 12 + i * 12;
		uint64_t start = large_number(at + 4), next = large_number(at + 16);

		if (memcmp(at, id, 4) == 0 && start <= next && next <= file->size)
			chunk = (struct bytes){file->data + start, (size_t)(next - start)};
	}
	return chunk;
}

/* The ends of the packs that it names, in their order. False: there are fewer names than packs. */
static bool find_ends(const char *directory, const struct bytes *names, uint64_t *ends,
		      size_t count)
{
	size_t i, used = 0;

	for (i = 0; i < count; i++) {
		size_t left = names->size - used, length;
		const char *name;

		if (!left)
			return false;
		name = (const char *)names->data + used;
		length = strnlen(name, left);
		if (length == left || length <= strlen(".idx"))
			return false;
		ends[i] = pack_end(directory, name);
		used += length + 1;
	}
	return true;
}

static bool check_multi(const char *directory, const struct bytes *file, uint64_t *ends,
			size_t pack_count)
{
	size_t count, i;
	struct bytes names = find_chunk(file, "PNAM"), fanout = find_chunk(file, "OIDF"),
		     offsets = find_chunk(file, "OOFF"), large = find_chunk(file, "LOFF");
	const unsigned char *at = offsets.data;

	if (fanout.size != FANOUT || !find_ends(directory, &names, ends, pack_count))
		return false;
	count = number(fanout.data + FANOUT - 4);
	if (offsets.size / 8 < count)
		return false;
	for (i = 0; i < count; i++, at += 8) {
		uint32_t pack = number(at), written = number(at + 4);

		if (pack >= pack_count)
			return false;
		/* without a table of large ones an offset has all of its 32 bits */
		if (large.data ? !is_within(written, &large, ends[pack]) : written >= ends[pack])
			return false;
	}
	return true;
}

static int fail_damaged(const char *directory, const char *name, struct revchain_error *error)
{
	revchain_fail(error, REVCHAIN_HISTORY,
		      "the repository is damaged: %s/%s does not lead into its pack", directory,
		      name);
	revchain_error_hint(error, "git fsck, git index-pack PACK and git multi-pack-index write "
				   "make it anew");
	return REVCHAIN_HISTORY;
}

int revchain_packindex_check_file(const char *directory, const char *name,
				  const unsigned char *data, size_t size,
				  struct revchain_error *error)
{
	const struct bytes file = {data, size};
	uint64_t *ends, end;
	size_t pack_count;
	bool right;

	if (strcmp(name, "multi-pack-index") != 0) {
		end = pack_end(directory, name);
		return !end || check_index(&file, end) ? REVCHAIN_OK
						       : fail_damaged(directory, name, error);
	}
	if (size < 12 || memcmp(data, "MIDX", 4) != 0)
		return REVCHAIN_OK;
	pack_count = number(data + 8);
	if (pack_count > PACKS_MOST)
		return fail_damaged(directory, name, error);
	ends = calloc(pack_count + 1, sizeof(*ends));
	if (!ends)
		return revchain_fail_memory(error);
	right = check_multi(directory, &file, ends, pack_count);
	free(ends);
	return right ? REVCHAIN_OK : fail_damaged(directory, name, error);
}

static bool is_index(const char *name)
{
	size_t length = strlen(name);

	return strcmp(name, "multi-pack-index") == 0 ||
	       (length > 4 && strcmp(name + length - 4, ".idx") == 0);
}

int revchain_packindex_check(const char *objects, struct revchain_error *error)
{
	char directory[PATH_MAX], path[PATH_MAX];
	struct dirent *entry;
	struct bytes file;
	int status = REVCHAIN_OK;
	DIR *stream;

	if (snprintf(directory, sizeof(directory), "%s/pack", objects) >= (int)sizeof(directory))
		return REVCHAIN_OK;
	stream = opendir(directory);
	while (stream && !status && (entry = readdir(stream))) {
		if (!is_index(entry->d_name) ||
		    snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name) >=
			    (int)sizeof(path) ||
		    !map_file(path, &file))
			continue;
		status = revchain_packindex_check_file(directory, entry->d_name, file.data,
						       file.size, error);
		munmap((void *)(uintptr_t)file.data, file.size);
	}
	if (stream)
		closedir(stream);
	return status;
}
