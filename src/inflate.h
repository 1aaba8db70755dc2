/*
 * Unpack a zlib stream that is in memory as a whole. For loose objects alone: libgit2 1.5 to 1.9
 * never returns from one that is cut. Packs are libgit2's.
 *
 * Sources: RFC 1950 (zlib), RFC 1951 (deflate).
 */
#ifndef INFLATE_H
#define INFLATE_H

#include <stddef.h>

/* Bytes that one of a stream can stand for, at most: a repeat of 258 takes two bits. */
#define REVCHAIN_INFLATE_RATIO 1032

enum revchain_inflated {
	REVCHAIN_INFLATED,	/* to the end, and the checksum is right */
	REVCHAIN_INFLATED_FULL, /* there is more than there is room for */
	REVCHAIN_INFLATED_CUT,	/* the stream ends before it should */
	REVCHAIN_INFLATED_BAD,	/* it is no such stream, or was damaged */
};

/* Unpack `in` into `out`, of `room` bytes; `*length` is how many were written, also where it
 * stopped early. */
enum revchain_inflated revchain_inflate(const unsigned char *in, size_t in_length,
					unsigned char *out, size_t room, size_t *length);

#endif
