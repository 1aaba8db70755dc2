#include "revchain/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first block is small, because many arenas hold little; each next one is twice as large, up to
 * a bound. */
#define BLOCK_FIRST ((size_t)1024)
#define BLOCK_MOST ((size_t)64 * 1024)

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define FENCED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define FENCED
#endif

/* Under AddressSanitizer only the pieces of a block may be touched, and there is room between them:
 * a byte too far is seen. */
#ifdef FENCED
#include <sanitizer/asan_interface.h>
#define FENCE ((size_t)16)
#define CLOSE(bytes, size) ASAN_POISON_MEMORY_REGION(bytes, size)
#define OPEN(bytes, size) ASAN_UNPOISON_MEMORY_REGION(bytes, size)
#else
#define FENCE ((size_t)0)
#define CLOSE(bytes, size) ((void)0)
#define OPEN(bytes, size) ((void)0)
#endif

struct block {
	struct block *next;
	size_t used, size; /* bytes of `bytes` */
	alignas(max_align_t) char bytes[];
};

struct revchain_arena {
	struct block *blocks;	       /* the one that is being filled comes first */
	size_t next_size;	       /* of the next block, bytes */
	struct revchain_arena *inner;  /* the last one that was made to be freed with this one */
	struct revchain_arena *before; /* of an inner one, the one that was made before it */
};

struct revchain_arena *revchain_arena_new(void)
{
	struct revchain_arena *arena = calloc(1, sizeof(*arena));

	if (arena)
		arena->next_size = BLOCK_FIRST;
	return arena;
}

struct revchain_arena *revchain_arena_inner(struct revchain_arena *outer)
{
	struct revchain_arena *arena = revchain_arena_new();

	if (!arena)
		return NULL;
	arena->before = outer->inner;
	outer->inner = arena;
	return arena;
}

static void free_blocks(struct block *block)
{
	while (block) {
		struct block *next = block->next;
		free(block);
		block = next;
	}
}

static void free_inner(struct revchain_arena *arena)
{
	while (arena->inner) {
		struct revchain_arena *inner = arena->inner;
		arena->inner = inner->before;
		revchain_arena_free(inner);
	}
}

void revchain_arena_free(struct revchain_arena *arena)
{
	if (!arena)
		return;
	free_inner(arena);
	free_blocks(arena->blocks);
	free(arena);
}

void revchain_arena_clear(struct revchain_arena *arena)
{
	struct block *kept = arena->blocks;

	free_inner(arena);
	if (kept && kept->size > BLOCK_MOST) {
		free_blocks(kept);
		arena->blocks = kept = NULL;
	}
	if (!kept)
		return;
	free_blocks(kept->next);
	kept->next = NULL;
	OPEN(kept->bytes, kept->used);
	memset(kept->bytes, 0, kept->used);
	CLOSE(kept->bytes, kept->size);
	kept->used = 0;
}

/* A new block that holds at least `size` bytes. */
static struct block *add_block(struct revchain_arena *arena, size_t size)
{
	struct block *first = arena->blocks, *block;
	bool large = size > arena->next_size;

	if (size > SIZE_MAX - sizeof(*block))
		return NULL;
	if (!large)
		size = arena->next_size;
	block = calloc(1, sizeof(*block) + size);
	if (!block)
		return NULL;
	if (arena->next_size < BLOCK_MOST)
		arena->next_size *= 2;
	block->size = size;
	CLOSE(block->bytes, size);
	if (first && large) { /* made for one piece: go on filling the first */
		block->next = first->next;
		first->next = block;
	} else {
		block->next = first;
		arena->blocks = block;
	}
	return block;
}

void *revchain_arena_alloc(struct revchain_arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct block *block = arena->blocks;
	size_t room;
	char *piece;

	if (size > SIZE_MAX - align - FENCE)
		return NULL;
	room = (size + align - 1) / align * align + FENCE;
	if (!block || block->size - block->used < room)
		block = add_block(arena, room);
	if (!block)
		return NULL;
	piece = block->bytes + block->used;
	OPEN(piece, size);
	block->used += room;
	return piece;
}

void *revchain_arena_array(struct revchain_arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		return NULL;
	return revchain_arena_alloc(arena, count * size);
}

void *revchain_arena_grow(struct revchain_arena *arena, void *items, size_t count, size_t *capacity,
			  size_t size)
{
	size_t larger = *capacity ? *capacity * 2 : 8;
	void *moved;

	if (count < *capacity)
		return items;
	moved = revchain_arena_array(arena, larger, size);
	if (!moved)
		return NULL;
	if (count)
		memcpy(moved, items, count * size);
	*capacity = larger;
	return moved;
}

char *revchain_arena_copy(struct revchain_arena *arena, const char *bytes, size_t length)
{
	char *copy = length == SIZE_MAX ? NULL : revchain_arena_alloc(arena, length + 1);

	if (copy && length)
		memcpy(copy, bytes, length);
	return copy;
}

char *revchain_arena_join(struct revchain_arena *arena, const char *directory, const char *name)
{
	char *path = revchain_arena_alloc(arena, strlen(directory) + strlen(name) + 2), *end;

	if (!path)
		return NULL;
	end = stpcpy(path, directory);
	if (end > path)
		*end++ = '/';
	stpcpy(end, name);
	return path;
}

char *revchain_arena_vprintf(struct revchain_arena *arena, const char *format, va_list arguments)
{
	va_list again;
	char *text = NULL;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	if (length >= 0)
		text = revchain_arena_alloc(arena, (size_t)length + 1);
	if (text)
		vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}

char *revchain_arena_printf(struct revchain_arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = revchain_arena_vprintf(arena, format, arguments);
	va_end(arguments);
	return text;
}
