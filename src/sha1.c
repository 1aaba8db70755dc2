#include "sha1.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <cpuid.h>
#include <immintrin.h>
#define HAS_INSTRUCTIONS 1
#endif

#define BLOCK REVCHAIN_SHA1_BLOCK

static uint32_t rotate(uint32_t word, int bits)
{
	return word << bits | word >> (32 - bits);
}

static uint32_t load_word(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void store_word(unsigned char *at, uint32_t word)
{
	at[0] = (unsigned char)(word >> 24);
	at[1] = (unsigned char)(word >> 16);
	at[2] = (unsigned char)(word >> 8);
	at[3] = (unsigned char)word;
}

/* The word of a round, of which the last sixteen are kept. */
#define WORD(i)                                                                                    \
	((i) < 16 ? word[(i) % 16]                                                                 \
		  : (word[(i) % 16] = rotate(word[((i) + 13) % 16] ^ word[((i) + 8) % 16] ^        \
						     word[((i) + 2) % 16] ^ word[(i) % 16],        \
					     1)))

/* A round, with the variables under the names that they have in it: `f` is the function and `k` the
 * constant of its stage. After five rounds each name is back where it was. */
#define ROUND(a, b, c, d, e, f, k, i)                                                              \
	do {                                                                                       \
		(e) += rotate(a, 5) + f(b, c, d) + (k) + WORD(i);                                  \
		(b) = rotate(b, 30);                                                               \
	} while (0)
#define FIVE_ROUNDS(f, k, i)                                                                       \
	do {                                                                                       \
		ROUND(a, b, c, d, e, f, k, i);                                                     \
		ROUND(e, a, b, c, d, f, k, (i) + 1);                                               \
		ROUND(d, e, a, b, c, f, k, (i) + 2);                                               \
		ROUND(c, d, e, a, b, f, k, (i) + 3);                                               \
		ROUND(b, c, d, e, a, f, k, (i) + 4);                                               \
	} while (0)
#define STAGE_PLAIN(f, k, n)                                                                       \
	do {                                                                                       \
		FIVE_ROUNDS(f, k, 20 * (n));                                                       \
		FIVE_ROUNDS(f, k, 20 * (n) + 5);                                                   \
		FIVE_ROUNDS(f, k, 20 * (n) + 10);                                                  \
		FIVE_ROUNDS(f, k, 20 * (n) + 15);                                                  \
	} while (0)
#define CHOOSE(b, c, d) ((d) ^ ((b) & ((c) ^ (d))))
#define PARITY(b, c, d) ((b) ^ (c) ^ (d))
#define MAJORITY(b, c, d) (((b) & (c)) | ((d) & ((b) | (c))))

void revchain_sha1_blocks_plain(uint32_t state[REVCHAIN_SHA1_WORDS], const unsigned char *data,
				size_t blocks)
{
	for (; blocks; blocks--, data += BLOCK) {
		uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
		uint32_t word[16];
		int i;

		for (i = 0; i < 16; i++)
			word[i] = load_word(data + (size_t)i * 4);
		STAGE_PLAIN(CHOOSE, 0x5a827999U, 0);
		STAGE_PLAIN(PARITY, 0x6ed9eba1U, 1);
		STAGE_PLAIN(MAJORITY, 0x8f1bbcdcU, 2);
		STAGE_PLAIN(PARITY, 0xca62c1d6U, 3);
		state[0] += a;
		state[1] += b;
		state[2] += c;
		state[3] += d;
		state[4] += e;
	}
}

#ifdef HAS_INSTRUCTIONS

/* Four rounds, the i-th such quarter of a stage's twenty; and the four words of sixteen rounds on.
 */
#define QUARTER(i)                                                                                 \
	do {                                                                                       \
		__m128i before = abcd;                                                             \
                                                                                                   \
		e = (i) ? _mm_sha1nexte_epu32(e, word[(i) % 4]) : _mm_add_epi32(e, word[0]);       \
		abcd = _mm_sha1rnds4_epu32(abcd, e, (i) / 5);                                      \
		e = before;                                                                        \
		if ((i) < 16)                                                                      \
			word[(i) % 4] = _mm_sha1msg2_epu32(                                        \
				_mm_xor_si128(                                                     \
					_mm_sha1msg1_epu32(word[(i) % 4], word[((i) + 1) % 4]),    \
					word[((i) + 2) % 4]),                                      \
				word[((i) + 3) % 4]);                                              \
	} while (0)
#define STAGE(n)                                                                                   \
	do {                                                                                       \
		QUARTER(5 * (n));                                                                  \
		QUARTER(5 * (n) + 1);                                                              \
		QUARTER(5 * (n) + 2);                                                              \
		QUARTER(5 * (n) + 3);                                                              \
		QUARTER(5 * (n) + 4);                                                              \
	} while (0)

__attribute__((target("sha,sse4.1,ssse3"))) static void
blocks_by_instructions(uint32_t state[REVCHAIN_SHA1_WORDS], const unsigned char *data,
		       size_t blocks)
{
	const __m128i big_endian = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
	__m128i abcd = _mm_loadu_si128((const __m128i *)(const void *)state);
	__m128i e = _mm_set_epi32((int)state[4], 0, 0, 0);

	abcd = _mm_shuffle_epi32(abcd, 0x1b);
	for (; blocks; blocks--, data += BLOCK) {
		__m128i abcd_so_far = abcd, e_so_far = e, word[4];
		int i;

		for (i = 0; i < 4; i++)
			word[i] = _mm_shuffle_epi8(
				_mm_loadu_si128((const __m128i *)(const void *)(data + i * 16)),
				big_endian);
		STAGE(0);
		STAGE(1);
		STAGE(2);
		STAGE(3);
		e = _mm_sha1nexte_epu32(e, e_so_far);
		abcd = _mm_add_epi32(abcd, abcd_so_far);
	}
	_mm_storeu_si128((__m128i *)(void *)state, _mm_shuffle_epi32(abcd, 0x1b));
	state[4] = (uint32_t)_mm_extract_epi32(e, 3);
}

static int has_instructions(void)
{
	unsigned a, b, c, d;

	return __get_cpuid(1, &a, &b, &c, &d) && c & bit_SSSE3 && c & bit_SSE4_1 &&
	       __get_cpuid_count(7, 0, &a, &b, &c, &d) && b & bit_SHA;
}

#endif

revchain_sha1_blocks *revchain_sha1_choose(void)
{
#ifdef HAS_INSTRUCTIONS
	if (has_instructions())
		return blocks_by_instructions;
#endif
	return revchain_sha1_blocks_plain;
}

void revchain_sha1_start(uint32_t state[REVCHAIN_SHA1_WORDS])
{
	static const uint32_t start[] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
					 0xc3d2e1f0};

	memcpy(state, start, sizeof(start));
}

void revchain_sha1_finish(revchain_sha1_blocks *blocks, uint32_t state[REVCHAIN_SHA1_WORDS],
			  const unsigned char *rest, uint64_t length,
			  unsigned char sum[REVCHAIN_SHA1_SIZE])
{
	unsigned char end[2 * BLOCK] = {0};
	size_t used = length % BLOCK, count = used + 9 > BLOCK ? 2 : 1, i;

	memcpy(end, rest, used);
	end[used] = 0x80;
	store_word(end + count * BLOCK - 8, (uint32_t)(length >> 29));
	store_word(end + count * BLOCK - 4, (uint32_t)(length << 3));
	blocks(state, end, count);
	for (i = 0; i < REVCHAIN_SHA1_WORDS; i++)
		store_word(sum + i * 4, state[i]);
}
