#include "lastwords.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <git2.h>
#include <git2/sys/alloc.h>
#if __has_include(<git2/sys/errors.h>)
#include <git2/sys/errors.h>
#endif

#ifndef LIBGIT2_VER_MINOR /* its name up to 1.8 */
#define LIBGIT2_VER_MAJOR LIBGIT2_VERSION_MAJOR
#define LIBGIT2_VER_MINOR LIBGIT2_VERSION_MINOR
#endif

#define MUCH ((size_t)1 << 20) /* bytes: libgit2 asks for more for the content of objects alone */
#define MAPPING_MAX (PATH_MAX + 128) /* bytes of a line of /proc/self/maps */

/* All below this line up to the allocator is async-signal-safe: see signal-safety(7). */
static void say(const char *text, size_t length)
{
	while (length) {
		ssize_t written = write(STDERR_FILENO, text, length);

		if (written <= 0)
			return;
		text += written;
		length -= (size_t)written;
	}
}

static void say_all(const char *text)
{
	say(text, strlen(text));
}

static void begin(void)
{
	if (isatty(STDERR_FILENO)) /* where progress may be drawn */
		say_all("\r\033[K");
	say_all("revchain: error: ");
}

/* The number in hexadecimal digits at the start of a text, which is moved behind it. */
static uintptr_t hexadecimal(const char **text)
{
	uintptr_t number = 0;

	for (;; (*text)++) {
		char c = **text;

		if (c >= '0' && c <= '9')
			number = number * 16 + (uintptr_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			number = number * 16 + (uintptr_t)(c - 'a' + 10);
		else
			return number;
	}
}

/* The path in a line of /proc/self/maps, `START-END FLAGS OFFSET DEVICE INODE PATH`, where it is
 * the one with the address; else NULL. */
static char *path_of_mapping(char *line, uintptr_t address)
{
	const char *at = line;
	uintptr_t start = hexadecimal(&at), end;

	at += *at == '-';
	end = hexadecimal(&at);
	return address >= start && address < end ? strchr(line, '/') : NULL;
}

/* Read the next line into `line`, without its newline; the rest of one that is too long is left
 * out. False: there is none. */
static bool read_line(int fd, char *line, size_t size)
{
	size_t length = 0;
	char c;

	while (read(fd, &c, 1) == 1 && c != '\n')
		if (length + 1 < size)
			line[length++] = c;
	line[length] = '\0';
	return length > 0;
}

/* Say the file that is mapped at an address, tamed, and ": "; nothing where that is not known. */
static void say_file(uintptr_t address)
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	char line[MAPPING_MAX], *path = NULL, *c;

	if (fd < 0)
		return;
	while (!path && read_line(fd, line, sizeof(line)))
		path = path_of_mapping(line, address);
	close(fd);
	if (!path)
		return;
	for (c = path; *c; c++)
		if ((unsigned char)*c < ' ' || (unsigned char)*c > '~')
			*c = '?';
	say_all(path);
	say_all(": ");
}

static void on_bus_error(int number, siginfo_t *info, void *context)
{
	(void)context;
	if (info->si_code != BUS_ADRERR) { /* sent by somebody, or memory that is broken */
		raise(number);		   /* which ends it once this has returned */
		return;
	}
	begin();
	say_file((uintptr_t)info->si_addr);
	say_all("the file was cut short, or its disk failed, while it was read\n"
		"hint: git fsck says whether the repository is whole, and the system's log whether "
		"the disk is; then run this again\n");
	_exit(3);
}

/* What libgit2 is given: what was allocated, or NULL where it asked for much. */
static void *checked(void *memory, size_t size)
{
	if (memory)
		return memory;
	if (size <= MUCH) {
		begin();
		say_all("memory ran out\n"
			"hint: the limit is that of ulimit -d and -v, or of the container\n");
		_exit(5);
	}
	git_error_set_oom();
	return NULL;
}

static void *allocate(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return checked(malloc(size), size);
}

static void *reallocate(void *memory, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return checked(realloc(memory, size), size);
}

#if LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR >= 7

static const git_allocator allocator = {
	.gmalloc = allocate,
	.grealloc = reallocate,
	.gfree = free,
};

#else

/* Of an array, in bytes; SIZE_MAX where that is more than a number can be. */
static size_t size_of(size_t count, size_t size)
{
	return size && count > SIZE_MAX / size ? SIZE_MAX : count * size;
}

static void *allocate_cleared(size_t count, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return checked(calloc(count, size), size_of(count, size));
}

static void *allocate_array(size_t count, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return checked(reallocarray(NULL, count, size), size_of(count, size));
}

static void *reallocate_array(void *memory, size_t count, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return checked(reallocarray(memory, count, size), size_of(count, size));
}

static char *copy(const char *text, size_t length, const char *file, int line)
{
	char *copied = allocate(length + 1, file, line);

	if (!copied)
		return NULL;
	memcpy(copied, text, length);
	copied[length] = '\0';
	return copied;
}

static char *copy_all(const char *text, const char *file, int line)
{
	return copy(text, strlen(text), file, line);
}

static char *copy_most(const char *text, size_t most, const char *file, int line)
{
	return copy(text, strnlen(text, most), file, line);
}

static const git_allocator allocator = {
	.gmalloc = allocate,
	.gcalloc = allocate_cleared,
	.gstrdup = copy_all,
	.gstrndup = copy_most,
	.gsubstrdup = copy,
	.grealloc = reallocate,
	.greallocarray = reallocate_array,
	.gmallocarray = allocate_array,
	.gfree = free,
};

#endif

void lastwords_prepare(void)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO | (int)SA_RESETHAND};

	action.sa_sigaction = on_bus_error;
	sigaction(SIGBUS, &action, NULL);
	git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &allocator); /* which copies it */
}
