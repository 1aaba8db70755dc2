#include "heap.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define STEP (32 << 20)	       /* bytes of address space; memory is what is touched of them */
#define SMALL_STEP (128 << 10) /* bytes: malloc's own, for where there are no 32 MiB to be had */
#define APART (512 << 10)      /* bytes of a piece that is mapped by itself */
#define LARGE_PAGE ((uintptr_t)1 << 21) /* bytes */
#define ENOUGH_TO_GROW (256 << 10)	/* bytes: a program that starts has less at hand */

void heap_prepare(void)
{
	uintptr_t start, end;
	void *volatile grown; /* or the compiler leaves the pair out */

	mallopt(M_TOP_PAD, STEP);
	mallopt(M_TRIM_THRESHOLD, 2 * STEP);
	mallopt(M_MMAP_THRESHOLD, APART);
	start = (uintptr_t)sbrk(0);
	grown = malloc(ENOUGH_TO_GROW);
	if (!grown)
		mallopt(M_TOP_PAD, SMALL_STEP);
	free(grown);
	end = (uintptr_t)sbrk(0);
	start = (start + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
	if (start < end)
		madvise((void *)start, end - start, MADV_HUGEPAGE); /* advice: it may fail */
}
