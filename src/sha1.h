/*
 * SHA-1, by which git names objects: an object that was damaged no longer has its name. It looks
 * for accidents alone. Collisions that were made on purpose are git's to refuse, when it fetches.
 *
 * Source: FIPS 180-4; for the instructions of x86 processors: Intel SHA Extensions (2013).
 */
#ifndef SHA1_H
#define SHA1_H

#include <stddef.h>
#include <stdint.h>

#define REVCHAIN_SHA1_SIZE 20  /* bytes of the sum */
#define REVCHAIN_SHA1_BLOCK 64 /* bytes */
#define REVCHAIN_SHA1_WORDS 5  /* of the state */

/* Take whole blocks into the state. */
typedef void revchain_sha1_blocks(uint32_t state[REVCHAIN_SHA1_WORDS], const unsigned char *data,
				  size_t blocks);

/* The fastest that this processor has. */
revchain_sha1_blocks *revchain_sha1_choose(void);

/* The one that every processor has. */
revchain_sha1_blocks revchain_sha1_blocks_plain;

/* The state to begin with. */
void revchain_sha1_start(uint32_t state[REVCHAIN_SHA1_WORDS]);

/*
 * Take in the last bytes, fewer than a block, and give the sum; `length` is that of all that was
 * hashed.
 */
void revchain_sha1_finish(revchain_sha1_blocks *blocks, uint32_t state[REVCHAIN_SHA1_WORDS],
			  const unsigned char *rest, uint64_t length,
			  unsigned char sum[REVCHAIN_SHA1_SIZE]);

#endif
