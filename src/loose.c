#include "loose.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <git2/errors.h>
#include <git2/object.h>
#include <git2/sys/odb_backend.h>
#if __has_include(<git2/sys/errors.h>)
#include <git2/sys/errors.h>
#endif

#include "revchain/repository.h"

#include "inflate.h"

#define HEX REVCHAIN_OID_HEX
#define HEAD_MAX 32	/* bytes of an object's head: a type, a number */
#define HEAD_ROOM 1024	/* bytes of a file that hold the head */
#define SHORTEST_NAME 4 /* digits, as git has it */

struct loose {
	git_odb_backend backend;
	char directory[];
};

/* What the head of an object says. */
struct head {
	git_object_t type;
	size_t size;   /* of the content */
	size_t length; /* of the head, with its NUL */
};

static int fail(const git_oid *id, const char *what)
{
	char message[256], hex[HEX + 1];

	snprintf(message, sizeof(message), "the file of the loose object %s %s",
		 git_oid_tostr(hex, sizeof(hex), id), what);
	git_error_set_str(GIT_ERROR_ODB, message);
	return GIT_ERROR;
}

static int fail_io(const git_oid *id)
{
	char what[128];

	snprintf(what, sizeof(what), "cannot be read: %s", strerror(errno));
	return fail(id, what);
}

static int fail_memory(void)
{
	git_error_set_str(GIT_ERROR_NOMEMORY, "memory ran out");
	return GIT_ERROR;
}

/* Read at most `most` bytes of a file, which the caller frees. */
static int read_file(const git_oid *id, const char *path, size_t most, unsigned char **data,
		     size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), code = 0;
	struct stat info;
	size_t used = 0;

	*data = NULL;
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? GIT_ENOTFOUND : fail_io(id);
	if (fstat(fd, &info) != 0)
		code = fail_io(id);
	else if (!S_ISREG(info.st_mode))
		code = fail(id, "is no file");
	else if (info.st_size > (off_t)REVCHAIN_LOOSE_MAX)
		code = fail(id, "is larger than 512 MiB");
	if (code)
		goto out;
	if ((size_t)info.st_size < most)
		most = (size_t)info.st_size;
	*data = malloc(most ? most : 1);
	if (!*data) {
		code = fail_memory();
		goto out;
	}
	while (used < most) {
		ssize_t got = read(fd, *data + used, most - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			code = fail_io(id);
		if (got <= 0)
			break;
		used += (size_t)got;
	}
out:
	*length = used;
	close(fd);
	return code;
}

static int fail_inflated(const git_oid *id, enum revchain_inflated result)
{
	return fail(id, result == REVCHAIN_INFLATED_CUT	   ? "is cut off"
			: result == REVCHAIN_INFLATED_FULL ? "has more in it than it says"
							   : "is damaged");
}

/* "TYPE SIZE" and a NUL at the start of what was unpacked. */
static bool parse_head(const unsigned char *text, size_t length, struct head *head)
{
	static const git_object_t types[] = {GIT_OBJECT_COMMIT, GIT_OBJECT_TREE, GIT_OBJECT_BLOB,
					     GIT_OBJECT_TAG};
	const unsigned char *at, *end = memchr(text, '\0', length);
	size_t i;

	for (i = 0; end && i < sizeof(types) / sizeof(*types); i++) {
		const char *name = git_object_type2string(types[i]);
		size_t name_length = strlen(name);

		if ((size_t)(end - text) < name_length + 2 ||
		    memcmp(text, name, name_length) != 0 || text[name_length] != ' ')
			continue;
		head->type = types[i];
		head->size = 0;
		for (at = text + name_length + 1;
		     at < end && *at >= '0' && *at <= '9' && head->size <= REVCHAIN_LOOSE_MAX; at++)
			head->size = head->size * 10 + (size_t)(*at - '0');
		head->length = (size_t)(end - text) + 1;
		return at == end || head->size > REVCHAIN_LOOSE_MAX;
	}
	return false;
}

/* Read the file of an object, or the first HEAD_ROOM bytes of it, and understand its head. */
static int read_head(git_odb_backend *backend, const git_oid *id, bool whole, unsigned char **data,
		     size_t *length, struct head *head)
{
	struct loose *loose = (struct loose *)backend;
	char path[PATH_MAX], hex[HEX + 1];
	unsigned char text[HEAD_MAX];
	size_t used;
	int code;
	enum revchain_inflated result;

	git_oid_tostr(hex, sizeof(hex), id);
	if (snprintf(path, sizeof(path), "%s/%.2s/%s", loose->directory, hex, hex + 2) >=
	    (int)sizeof(path))
		return GIT_ENOTFOUND;
	code = read_file(id, path, whole ? REVCHAIN_LOOSE_MAX : HEAD_ROOM, data, length);
	if (code)
		return code;
	result = revchain_inflate(*data, *length, text, sizeof(text), &used);
	if (!parse_head(text, used, head))
		return fail_inflated(id, result == REVCHAIN_INFLATED_CUT ? result
									 : REVCHAIN_INFLATED_BAD);
	return 0;
}

static int read_object(void **data, size_t *size, git_object_t *type, git_odb_backend *backend,
		       const git_oid *id)
{
	unsigned char *file = NULL, *content = NULL;
	size_t length, used;
	struct head head;
	enum revchain_inflated result;
	int code = read_head(backend, id, true, &file, &length, &head);

	if (code)
		goto out;
	if (head.size > REVCHAIN_LOOSE_MAX) {
		code = fail(id, "holds more than 512 MiB");
		goto out;
	}
	if (head.size / REVCHAIN_INFLATE_RATIO > length) { /* do not look for so much memory */
		code = fail_inflated(id, REVCHAIN_INFLATED_CUT);
		goto out;
	}
	content = git_odb_backend_data_alloc(backend, head.length + head.size + 1);
	if (!content) {
		code = fail_memory();
		goto out;
	}
	result = revchain_inflate(file, length, content, head.length + head.size, &used);
	if (result == REVCHAIN_INFLATED && used < head.length + head.size)
		result = REVCHAIN_INFLATED_CUT;
	if (result != REVCHAIN_INFLATED) {
		code = fail_inflated(id, result);
		git_odb_backend_data_free(backend, content);
		goto out;
	}
	memmove(content, content + head.length, head.size);
	content[head.size] = '\0';
	*data = content;
	*size = head.size;
	*type = head.type;
out:
	free(file);
	return code;
}

static int read_header(size_t *size, git_object_t *type, git_odb_backend *backend,
		       const git_oid *id)
{
	unsigned char *file = NULL;
	size_t length;
	struct head head;
	int code = read_head(backend, id, false, &file, &length, &head);

	if (!code) {
		*size = head.size;
		*type = head.type;
	}
	free(file);
	return code;
}

/* The one object of which the name begins like this. */
static int expand(git_oid *full, git_odb_backend *backend, const git_oid *shortened, size_t digits)
{
	struct loose *loose = (struct loose *)backend;
	char path[PATH_MAX], hex[HEX + 1], found[HEX + 1] = "";
	struct dirent *entry;
	int count = 0;
	DIR *directory;

	git_oid_tostr(hex, sizeof(hex), shortened);
	if (digits < SHORTEST_NAME || digits > HEX ||
	    snprintf(path, sizeof(path), "%s/%.2s", loose->directory, hex) >= (int)sizeof(path))
		return GIT_ENOTFOUND;
	directory = opendir(path);
	if (!directory)
		return GIT_ENOTFOUND;
	while ((entry = readdir(directory))) {
		if (strlen(entry->d_name) != HEX - 2 ||
		    strncmp(entry->d_name, hex + 2, digits - 2) != 0)
			continue;
		snprintf(found, sizeof(found), "%.2s%.38s", hex, entry->d_name);
		count++;
	}
	closedir(directory);
	if (count > 1)
		return GIT_EAMBIGUOUS;
	return count && git_oid_fromstr(full, found) == 0 ? 0 : GIT_ENOTFOUND;
}

static int read_prefix(git_oid *full, void **data, size_t *size, git_object_t *type,
		       git_odb_backend *backend, const git_oid *shortened, size_t digits)
{
	int code = expand(full, backend, shortened, digits);

	return code ? code : read_object(data, size, type, backend, full);
}

static int exists(git_odb_backend *backend, const git_oid *id)
{
	git_oid full;

	return expand(&full, backend, id, HEX) == 0;
}

/* A database asks again, once it found nothing, those that can look anew: this one always does. */
static int refresh(git_odb_backend *backend)
{
	(void)backend;
	return 0;
}

static void free_backend(git_odb_backend *backend)
{
	free(backend);
}

git_odb_backend *revchain_loose_backend(const char *directory)
{
	size_t length = strlen(directory) + 1;
	struct loose *loose = calloc(1, sizeof(*loose) + length);

	if (!loose)
		return NULL;
	memcpy(loose->directory, directory, length);
	loose->backend.version = GIT_ODB_BACKEND_VERSION;
	loose->backend.read = read_object;
	loose->backend.read_header = read_header;
	loose->backend.read_prefix = read_prefix;
	loose->backend.exists = exists;
	loose->backend.exists_prefix = expand;
	loose->backend.refresh = refresh;
	loose->backend.free = free_backend;
	return &loose->backend;
}
