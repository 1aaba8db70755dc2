#include "revchain/atomicfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ownership.h"

static void directory_of(const char *path, char *directory, size_t size)
{
	const char *slash = strrchr(path, '/');
	int length = slash == path ? 1 : slash ? (int)(slash - path) : 1;

	snprintf(directory, size, "%.*s", length, slash ? path : ".");
}

static int fail_write(struct revchain_error *error, const char *path)
{
	bool refused = errno == EACCES;
	char directory[PATH_MAX];

	revchain_fail(error, REVCHAIN_IO, "the file cannot be written: %s", strerror(errno));
	revchain_error_at(error, path, 0);
	/* a new file takes the place of the old one: it is the directory that refuses it */
	directory_of(path, directory, sizeof(directory));
	if (refused)
		revchain_ownership_hint(error, directory);
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
	int status = ok ? REVCHAIN_OK : fail_write(error, path);

	if (fd >= 0 && close(fd) != 0 && ok)
		status = fail_write(error, path);
	return status;
}

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
		    (int)sizeof(next)) {
			errno = ENAMETOOLONG;
			return false;
		}
		snprintf(target, size, "%s", next);
	}
	errno = ELOOP;
	return false;
}

int revchain_atomicfile_target(const char *path, char *target, size_t size,
			       struct revchain_error *error)
{
	struct stat info;

	/* /dev/stdout leads to what has no name where it is a pipe */
	if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
		if ((size_t)snprintf(target, size, "%s", path) < size)
			return REVCHAIN_OK;
		errno = ENAMETOOLONG;
		return fail_write(error, path);
	}
	return follow_links(path, target, size) ? REVCHAIN_OK : fail_write(error, path);
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
	int fd;

	directory_of(path, directory, sizeof(directory));
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
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
		return fail_write(error, path);
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return fail_write(error, path);
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
	fail_write(error, path);
	unlink(temporary);
	return REVCHAIN_IO;
}

int revchain_atomicfile_write(const char *path, const char *text, size_t length,
			      struct revchain_error *error)
{
	char target[PATH_MAX];
	struct stat old;
	sigset_t all, before;
	bool exists;
	int status;

	status = revchain_atomicfile_target(path, target, sizeof(target), error);
	if (status)
		return status;
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
