/*
 * The heap of the process, as a walk through history wants it.
 *
 * Sources: mallopt(3), madvise(2) (MADV_HUGEPAGE), Documentation/admin-guide/mm/transhuge.rst.
 */
#ifndef HEAP_H
#define HEAP_H

/*
 * Let the heap grow in large steps, give nothing back, and lie in large pages: a walk allocates and
 * frees tens of thousands of objects, and a page fault for every four kilobytes that they reach is
 * a twentieth of its time. Called once, before the first large allocation. Where the system has no
 * such pages, or its C library no such heap, nothing changes. Not for git's own orders: their
 * arrays of all commits grow, and leave holes in such a heap.
 */
void heap_prepare(void);

#endif
