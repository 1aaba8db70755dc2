/*
 * Put in front of the program with LD_PRELOAD, this cuts a file short while it is read: CUT_FILE is
 * its path, CUT_AT the number of the mapping of it, counted from 1, after which that happens,
 * CUT_TO what is left of it in bytes. What is read of a mapping beyond the end of its file is
 * SIGBUS, as where the disk fails.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int file = -1;
static struct stat file_info;
static unsigned long mappings, last;
static off_t left;

/* Opened before the sandbox, which lets nothing be opened to be written, is there. */
__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("CUT_FILE"), *at = getenv("CUT_AT"), *to = getenv("CUT_TO");

	if (!path || !at || !to)
		return;
	last = strtoul(at, NULL, 10);
	left = strtol(to, NULL, 10);
	file = open(path, O_RDWR | O_CLOEXEC);
	if (file < 0 || fstat(file, &file_info) != 0)
		abort();
}

static bool is_file(int fd)
{
	struct stat info;

	return file >= 0 && fd >= 0 && fstat(fd, &info) == 0 && info.st_ino == file_info.st_ino &&
	       info.st_dev == file_info.st_dev;
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	void *(*next)(void *, size_t, int, int, int, off_t), *mapping;

	*(void **)&next = dlsym(RTLD_NEXT, "mmap");
	mapping = next(address, length, protection, flags, fd, offset);
	if (is_file(fd) && ++mappings == last && ftruncate(file, left) != 0)
		abort();
	return mapping;
}
