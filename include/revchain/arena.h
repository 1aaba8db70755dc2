/*
 * Memory that lives until the end of a run and has one owner. What a module allocates here is never
 * freed one by one; the owner of the arena frees all of it at once.
 */
#ifndef REVCHAIN_ARENA_H
#define REVCHAIN_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct revchain_arena;

/* A new, empty arena; NULL when memory ran out. The caller frees it. */
struct revchain_arena *revchain_arena_new(void);

/*
 * A new, empty arena that is freed with `outer`: for a thread of its own, since no two may allocate
 * from the same arena at a time. NULL when memory ran out.
 */
struct revchain_arena *revchain_arena_inner(struct revchain_arena *outer);

/* Free the arena and everything in it. NULL is fine. */
void revchain_arena_free(struct revchain_arena *arena);

/* Free everything in the arena. It may be used again, which is faster than a new one. */
void revchain_arena_clear(struct revchain_arena *arena);

/* `size` zeroed bytes, aligned for any type; NULL when memory ran out. */
void *revchain_arena_alloc(struct revchain_arena *arena, size_t size);

/* The same for an array: NULL also where count * size overflows. */
void *revchain_arena_array(struct revchain_arena *arena, size_t count, size_t size);

/*
 * Make room for one more in an array that grows: returns the array, moved if *capacity was reached
 * (then *capacity doubles), or NULL when memory ran out (the old array stays whole). `items` may be
 * NULL with *capacity 0.
 */
void *revchain_arena_grow(struct revchain_arena *arena, void *items, size_t count, size_t *capacity,
			  size_t size);

/*
 * The path of `name` in a directory: with a slash between them, or the name alone where the
 * directory is "". NULL when memory ran out.
 */
char *revchain_arena_join(struct revchain_arena *arena, const char *directory, const char *name);

/* A copy of `length` bytes with a NUL behind them; NULL when memory ran out. */
char *revchain_arena_copy(struct revchain_arena *arena, const char *bytes, size_t length);

/* Text as printf would give it; NULL when memory ran out. */
__attribute__((format(printf, 2, 3))) char *revchain_arena_printf(struct revchain_arena *arena,
								  const char *format, ...);
char *revchain_arena_vprintf(struct revchain_arena *arena, const char *format, va_list arguments);

#endif
