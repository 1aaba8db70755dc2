#include "revchain/chainfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "revchain/text.h"

static int by_revision(const void *left, const void *right)
{
	const struct revchain_migration *const *a = left, *const *b = right;

	return strcmp((*a)->revision, (*b)->revision);
}

int revchain_chainfile_text(const struct revchain_migrations *set,
			    const struct revchain_chain *chain, const bool *lanes,
			    struct revchain_buffer *text, struct revchain_error *error)
{
	const struct revchain_migration **dynamic =
		revchain_arena_array(set->arena, set->count + 1, sizeof(*dynamic));
	size_t i, count = 0;

	if (!dynamic)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++)
		if (set->items[i].kind == REVCHAIN_DYNAMIC && lanes[set->items[i].lane])
			dynamic[count++] = &set->items[i];
	/* the order of UTF-8 bytes is that of code points, and so Python's */
	qsort(dynamic, count, sizeof(*dynamic), by_revision);
	revchain_buffer_puts(text, "{");
	for (i = 0; i < count; i++) {
		const struct revchain_links *parents = &chain->parents[dynamic[i] - set->items];

		revchain_buffer_puts(text, i ? ",\n  " : "\n  ");
		revchain_text_json(text, dynamic[i]->revision);
		revchain_buffer_puts(text, ": ");
		if (parents->count)
			revchain_text_json(text, set->items[parents->to[0]].revision);
		else
			revchain_buffer_puts(text, "null");
	}
	revchain_buffer_puts(text, count ? "\n}\n" : "}\n");
	return text->failed ? revchain_fail_memory(error) : REVCHAIN_OK;
}

static int fail_write(struct revchain_error *error, const char *path, const char *what)
{
	int code = errno;

	revchain_fail(error, REVCHAIN_IO, "%s: %s", what, strerror(code));
	revchain_error_at(error, path, 0);
	if (code == EACCES || code == EPERM || code == EROFS)
		revchain_error_hint(
			error, "write it somewhere else: -o FILE, or to standard output: -o -");
	return REVCHAIN_IO;
}

static bool write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t written = write(fd, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		text += written;
		length -= (size_t)written;
	}
	return true;
}

static int write_in_place(const char *path, const char *text, size_t length,
			  struct revchain_error *error)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	bool ok = fd >= 0 && write_all(fd, text, length);
	int status = ok ? REVCHAIN_OK : fail_write(error, path, "the chain cannot be written");

	if (fd >= 0 && close(fd) != 0 && ok)
		status = fail_write(error, path, "the chain cannot be written");
	return status;
}

/* Where a path leads when it is a symbolic link, also one to a file that is yet to be made. */
static bool follow_links(const char *path, char *target, size_t size)
{
	char link[PATH_MAX], next[PATH_MAX];
	int links;

	if ((size_t)snprintf(target, size, "%s", path) >= size)
		return false;
	for (links = 0; links < 40; links++) {
		ssize_t length = readlink(target, link, sizeof(link) - 1);
		const char *slash = strrchr(target, '/');
		int directory;

		if (length < 0)
			return true;
		link[length] = '\0';
		directory = slash && link[0] != '/' ? (int)(slash - target + 1) : 0;
		if (snprintf(next, sizeof(next), "%.*s%s", directory, target, link) >=
		    (int)sizeof(next))
			break;
		snprintf(target, size, "%s", next);
	}
	errno = ELOOP;
	return false;
}

/* The bits that a new file gets from open(2). */
static mode_t new_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

/* Make the name of a file in a directory last: its data alone is not enough after a crash. */
static void sync_directory(const char *path)
{
	char directory[PATH_MAX];
	char *slash;
	int fd;

	snprintf(directory, sizeof(directory), "%s", path);
	slash = strrchr(directory, '/');
	if (slash)
		slash[slash == directory] = '\0';
	fd = open(slash ? directory : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd); /* some file systems cannot, and the rename stands all the same */
	close(fd);
}

static int replace(const char *path, const struct stat *old, const char *text, size_t length,
		   struct revchain_error *error)
{
	char temporary[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int directory = slash ? (int)(slash - path + 1) : 0;
	bool ok;
	int fd;

	if (snprintf(temporary, sizeof(temporary), "%.*s.revchain.XXXXXX", directory, path) >=
	    (int)sizeof(temporary)) {
		errno = ENAMETOOLONG;
		return fail_write(error, path, "the chain cannot be written");
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return fail_write(error, path, "the chain cannot be written");
	if (old && fchown(fd, old->st_uid, old->st_gid) != 0)
		errno = 0; /* only root can give files away: then it is ours */
	ok = fchmod(fd, old ? old->st_mode & 07777 : new_mode()) == 0 &&
	     write_all(fd, text, length) && fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	ok = ok && rename(temporary, path) == 0;
	if (ok) {
		sync_directory(path);
		return REVCHAIN_OK;
	}
	fail_write(error, path, "the chain cannot be written");
	unlink(temporary);
	return REVCHAIN_IO;
}

int revchain_chainfile_write(const char *path, const char *text, size_t length,
			     struct revchain_error *error)
{
	char target[PATH_MAX];
	struct stat old;
	sigset_t all, before;
	bool exists;
	int status;

	if (!follow_links(path, target, sizeof(target)))
		return fail_write(error, path, "the chain cannot be written");
	exists = stat(target, &old) == 0;
	if (exists && !S_ISREG(old.st_mode))
		return write_in_place(target, text, length, error);
	/* a signal that ends the program must not leave the temporary file behind */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	status = replace(target, exists ? &old : NULL, text, length, error);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}
