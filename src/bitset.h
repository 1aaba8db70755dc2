/* Sets of small numbers, one bit each. */
#ifndef BITSET_H
#define BITSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REVCHAIN_BITS 64

/* How many words a set of numbers below `count` takes; at least one. */
static inline size_t revchain_bits_words(size_t count)
{
	return count / REVCHAIN_BITS + 1;
}

static inline bool revchain_bits_has(const uint64_t *bits, size_t number)
{
	return bits[number / REVCHAIN_BITS] >> number % REVCHAIN_BITS & 1;
}

static inline void revchain_bits_add(uint64_t *bits, size_t number)
{
	bits[number / REVCHAIN_BITS] |= (uint64_t)1 << number % REVCHAIN_BITS;
}

static inline void revchain_bits_remove(uint64_t *bits, size_t number)
{
	bits[number / REVCHAIN_BITS] &= ~((uint64_t)1 << number % REVCHAIN_BITS);
}

#endif
