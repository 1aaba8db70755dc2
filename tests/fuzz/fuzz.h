/*
 * What the fuzz targets share: a promise that must hold for every input, the input as a row of
 * choices, and files that exist in memory alone.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/finding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: this must hold: %s\n", __FILE__, __LINE__,         \
				#condition);                                                       \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* An error is one of those that the header names, and says something. */
#define MUST_BE_ONE_OF(status, error, allowed)                                                     \
	MUST((status) == REVCHAIN_OK ||                                                            \
	     ((status) == (allowed) && (error).status == (allowed) && *(error).message))

/* The input as a row of choices; at its end all of them are 0. */
struct choices {
	const uint8_t *at, *end;
};

static inline unsigned choose(struct choices *choices, unsigned count)
{
	return choices->at < choices->end ? *choices->at++ % count : 0;
}

/* A file with this content, that only this process has; the path is the same every time. */
static inline const char *file_in_memory(const void *data, size_t size)
{
	static char path[32];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	MUST(pwrite(fd, data, size, 0) == (ssize_t)size && ftruncate(fd, (off_t)size) == 0);
	return path;
}

#endif
