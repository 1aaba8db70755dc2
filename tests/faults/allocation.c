/*
 * Put in front of the program with LD_PRELOAD, this lets allocations fail: FAIL_FROM is the number
 * of the first that does, counted from 1, FAIL_ALL=1 lets all that follow fail as well. Of libgit2
 * and what it brings along where FAIL_OF=libgit2, or else of the program and of what libc and cJSON
 * do for it. COUNT_TO is a file that the number of such allocations is written to at the end.
 */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FRAMES 16  /* that are looked at */
#define RANGES 128 /* of code */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static unsigned long counted, from;
static bool started, all, of_libgit2;

__attribute__((destructor)) static void finish(void)
{
	const char *path = getenv("COUNT_TO");
	char text[32];
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;

	if (fd < 0)
		return;
	if (write(fd, text, (size_t)snprintf(text, sizeof(text), "%lu\n", counted)) < 0)
		abort();
	close(fd);
}

enum module { LIBC, LIBGIT2, PROGRAM };

/* Where the code of each is. dladdr(3) would say it too, and take nearly all the time of a run. */
static struct range {
	uintptr_t start, end;
	enum module module;
} ranges[RANGES];
static size_t range_count;

/* What libgit2 brings along is libgit2's, cJSON the program's. */
static enum module module_called(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	if (strncmp(name, "libc.", 5) == 0 || strncmp(name, "allocation.", 11) == 0)
		return LIBC;
	return strncmp(name, "lib", 3) != 0 || strncmp(name, "libcjson.", 9) == 0 ? PROGRAM
										  : LIBGIT2;
}

static int note_module(struct dl_phdr_info *info, size_t size, void *data)
{
	int i;

	(void)size;
	(void)data;
	for (i = 0; i < info->dlpi_phnum && range_count < RANGES; i++) {
		uintptr_t start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;

		if (info->dlpi_phdr[i].p_type == PT_LOAD && info->dlpi_phdr[i].p_flags & PF_X)
			ranges[range_count++] =
				(struct range){start, start + info->dlpi_phdr[i].p_memsz,
					       module_called(info->dlpi_name)};
	}
	return 0;
}

/* Whose the code at an address is. */
static enum module module_of(const void *address)
{
	uintptr_t at = (uintptr_t)address;
	size_t i;

	for (i = 0; i < range_count; i++)
		if (at >= ranges[i].start && at < ranges[i].end)
			return ranges[i].module;
	return PROGRAM;
}

__attribute__((constructor)) static void start(void)
{
	const char *first = getenv("FAIL_FROM");
	void *frames[1];

	from = first ? strtoul(first, NULL, 10) : 0;
	all = getenv("FAIL_ALL") != NULL;
	of_libgit2 = getenv("FAIL_OF") != NULL;
	backtrace(frames, 1); /* which allocates once, and loads a library */
	dl_iterate_phdr(note_module, NULL);
	started = true;
}

/*
 * For whom an allocation is: libc's are for who called it, and those of a function of the program
 * that libgit2 has called, which is its allocator (src/cli/lastwords.c), are for libgit2.
 */
static bool is_for_libgit2(const void *caller)
{
	enum module module = module_of(caller);
	void *frames[FRAMES];
	int i = 0, count;

	if (module == LIBGIT2)
		return true;
	count = backtrace(frames, FRAMES);
	while (i < count && frames[i] != caller)
		i++;
	for (i++; i < count && module == LIBC; i++)
		module = module_of(frames[i]);
	return module == LIBGIT2 ||
	       (module == PROGRAM && i < count && module_of(frames[i]) == LIBGIT2);
}

static bool fails(const void *caller)
{
	if (!started || is_for_libgit2(caller) != of_libgit2)
		return false;
	if (!(++counted == from || (all && from && counted > from)))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(memory, size);
}
