#include "inflate.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define LENGTH_MAX 15	 /* bits of a code */
#define QUICK_BITS 9	 /* of a code that a table answers */
#define LITERALS 288	 /* symbols for bytes, the end of a block, and lengths */
#define DISTANCES 30	 /* symbols for distances */
#define END_OF_BLOCK 256 /* the symbol */
#define ADLER_MODULUS 65521
#define ADLER_BYTES 5552 /* that can be summed up before 32 bits are full */

struct stream {
	const unsigned char *in;
	size_t in_length, at;
	uint64_t bits; /* read, and not yet used; the next one is the lowest */
	unsigned bit_count;
	unsigned char *out;
	size_t room, length;
	enum revchain_inflated result;
};

/* A Huffman code in its canonical form: how many codes there are of each length, and the symbols in
 * the order of their codes. */
struct code {
	uint16_t count[LENGTH_MAX + 1];
	uint16_t symbols[LITERALS];
	uint16_t quick[1 << QUICK_BITS]; /* by the next bits: the symbol * 16 + the length of its
					    code; 0: the code is longer, or there is none */
};

static bool stop(struct stream *stream, enum revchain_inflated result)
{
	stream->result = result;
	return false;
}

/* Read ahead, until there are 56 bits at least, or no more. */
static void read_ahead(struct stream *stream)
{
	uint64_t next = 0;
	size_t i;

	if (stream->in_length - stream->at >= sizeof(next)) {
		for (i = 0; i < sizeof(next); i++)
			next |= (uint64_t)stream->in[stream->at + i] << 8 * i;
		/* of the last byte a part, which will be read again and is the same */
		stream->bits |= next << stream->bit_count;
		stream->at += (63 - stream->bit_count) / 8;
		stream->bit_count |= 56;
		return;
	}
	while (stream->bit_count < 56 && stream->at < stream->in_length) {
		stream->bits |= (uint64_t)stream->in[stream->at++] << stream->bit_count;
		stream->bit_count += 8;
	}
}

/* The next `count` bits, at most 16. */
static bool take(struct stream *stream, unsigned count, unsigned *value)
{
	if (stream->bit_count < count)
		read_ahead(stream);
	if (stream->bit_count < count)
		return stop(stream, REVCHAIN_INFLATED_CUT);
	*value = (unsigned)stream->bits & ((1U << count) - 1);
	stream->bits >>= count;
	stream->bit_count -= count;
	return true;
}

/* Give back the whole bytes that were read ahead, and leave out what is left of the last one. */
static void end_byte(struct stream *stream)
{
	stream->at -= stream->bit_count / 8;
	stream->bits = 0;
	stream->bit_count = 0;
}

/* The next symbol, of a code that no table answers. A code comes with its highest bit first: its
 * value at each length is compared with those that there are. */
static bool search_symbol(struct stream *stream, const struct code *code, unsigned *symbol)
{
	unsigned value = 0, first = 0, index = 0, length, bit;

	for (length = 1; length <= LENGTH_MAX; length++) {
		if (!take(stream, 1, &bit))
			return false;
		value |= bit;
		if (value < first + code->count[length]) {
			*symbol = code->symbols[index + (value - first)];
			return true;
		}
		index += code->count[length];
		first = (first + code->count[length]) << 1;
		value <<= 1;
	}
	return stop(stream, REVCHAIN_INFLATED_BAD);
}

/* The next symbol. */
static inline bool take_symbol(struct stream *stream, const struct code *code, unsigned *symbol)
{
	unsigned quick, length;

	if (stream->bit_count < LENGTH_MAX)
		read_ahead(stream);
	quick = code->quick[stream->bits & ((1U << QUICK_BITS) - 1)];
	length = quick % 16;
	if (!length || length > stream->bit_count)
		return search_symbol(stream, code, symbol);
	stream->bits >>= length;
	stream->bit_count -= length;
	*symbol = quick / 16;
	return true;
}

/* Enter a symbol into the table: at its code, the first bit lowest, whatever bits follow. */
static void enter_quick(struct code *code, unsigned symbol, unsigned value, unsigned length)
{
	unsigned reversed = 0, i;

	for (i = 0; i < length; i++)
		reversed |= (value >> i & 1) << (length - 1 - i);
	for (i = reversed; i < 1U << QUICK_BITS; i += 1U << length)
		code->quick[i] = (uint16_t)(symbol * 16 + length);
}

/* Make a code from the length of each symbol's (0: it has none). False: there are more codes than
 * there can be, or fewer, but for a single one. */
static bool make_code(struct code *code, const unsigned char *lengths, unsigned count)
{
	uint16_t next[LENGTH_MAX + 2] = {0};
	unsigned values[LENGTH_MAX + 2] = {0}; /* the next code of each length */
	unsigned i, length, used;
	int left = 1;

	memset(code->count, 0, sizeof(code->count));
	memset(code->quick, 0, sizeof(code->quick));
	for (i = 0; i < count; i++)
		code->count[lengths[i]]++;
	used = count - code->count[0];
	code->count[0] = 0;
	for (length = 1; length <= LENGTH_MAX; length++) {
		left = 2 * left - code->count[length];
		if (left < 0)
			return false;
		next[length + 1] = (uint16_t)(next[length] + code->count[length]);
		values[length + 1] = (values[length] + code->count[length]) * 2;
	}
	for (i = 0; i < count; i++) {
		length = lengths[i];
		if (!length)
			continue;
		code->symbols[next[length]++] = (uint16_t)i;
		if (length <= QUICK_BITS)
			enter_quick(code, i, values[length], length);
		values[length]++;
	}
	return left == 0 || used == 0 || (used == 1 && code->count[1] == 1);
}

/* Again what was written `distance` bytes ago. */
static bool repeat(struct stream *stream, unsigned length, unsigned distance)
{
	if (distance > stream->length)
		return stop(stream, REVCHAIN_INFLATED_BAD);
	for (; length; length--) {
		if (stream->length == stream->room)
			return stop(stream, REVCHAIN_INFLATED_FULL);
		stream->out[stream->length] = stream->out[stream->length - distance];
		stream->length++;
	}
	return true;
}

/* A length of which the symbol was read, and the distance behind it. */
static bool take_repeat(struct stream *stream, unsigned symbol, const struct code *distances)
{
	static const uint16_t length_base[] = {3,  4,  5,  6,	7,   8,	  9,   10,  11, 13,
					       15, 17, 19, 23,	27,  31,  35,  43,  51, 59,
					       67, 83, 99, 115, 131, 163, 195, 227, 258};
	static const unsigned char length_bits[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
						    2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
	static const uint16_t distance_base[DISTANCES] = {
		1,    2,    3,	  4,	5,    7,    9,	  13,	 17,	25,
		33,   49,   65,	  97,	129,  193,  257,  385,	 513,	769,
		1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
	unsigned length, distance, more;

	symbol -= END_OF_BLOCK + 1;
	if (symbol >= sizeof(length_bits))
		return stop(stream, REVCHAIN_INFLATED_BAD);
	if (!take(stream, length_bits[symbol], &more))
		return false;
	length = length_base[symbol] + more;
	if (!take_symbol(stream, distances, &symbol))
		return false;
	if (symbol >= DISTANCES)
		return stop(stream, REVCHAIN_INFLATED_BAD);
	if (!take(stream, symbol < 4 ? 0 : symbol / 2 - 1, &more))
		return false;
	distance = distance_base[symbol] + more;
	return repeat(stream, length, distance);
}

static bool take_block(struct stream *stream, const struct code *literals,
		       const struct code *distances)
{
	unsigned symbol;

	while (take_symbol(stream, literals, &symbol)) {
		if (symbol == END_OF_BLOCK)
			return true;
		if (symbol > END_OF_BLOCK) {
			if (!take_repeat(stream, symbol, distances))
				return false;
			continue;
		}
		if (stream->length == stream->room)
			return stop(stream, REVCHAIN_INFLATED_FULL);
		stream->out[stream->length++] = (unsigned char)symbol;
	}
	return false;
}

/* Bytes as they are; of a block that is cut, those that are there. */
static bool take_stored(struct stream *stream)
{
	const unsigned char *head;
	size_t length, room = stream->room - stream->length, there;

	end_byte(stream);
	head = stream->in + stream->at;
	if (stream->in_length - stream->at < 4)
		return stop(stream, REVCHAIN_INFLATED_CUT);
	length = head[0] | (size_t)head[1] << 8;
	if (length != (~(head[2] | (size_t)head[3] << 8) & 0xffff))
		return stop(stream, REVCHAIN_INFLATED_BAD);
	stream->at += 4;
	there = stream->in_length - stream->at;
	if (length > room && room <= there) {
		length = room;
		stream->result = REVCHAIN_INFLATED_FULL;
	} else if (length > there) {
		length = there;
		stream->result = REVCHAIN_INFLATED_CUT;
	}
	memcpy(stream->out + stream->length, stream->in + stream->at, length);
	stream->length += length;
	stream->at += length;
	return stream->result == REVCHAIN_INFLATED;
}

static bool take_fixed(struct stream *stream)
{
	struct code literals, distances;
	unsigned char lengths[LITERALS];

	memset(lengths, 8, 144);
	memset(lengths + 144, 9, 112);
	memset(lengths + 256, 7, 24);
	memset(lengths + 280, 8, 8);
	make_code(&literals, lengths, LITERALS);
	memset(lengths, 5, DISTANCES);
	make_code(&distances, lengths, DISTANCES);
	return take_block(stream, &literals, &distances);
}

/* The lengths of the codes of a block, which come in a code of their own. */
static bool take_lengths(struct stream *stream, const struct code *code, unsigned char *lengths,
			 unsigned count)
{
	unsigned i = 0, symbol, times, value;

	while (i < count) {
		if (!take_symbol(stream, code, &symbol))
			return false;
		value = symbol;
		times = 1;
		if (symbol >= 16) {
			unsigned bits = symbol == 16 ? 2 : symbol == 17 ? 3 : 7;

			if (!take(stream, bits, &times))
				return false;
			times += symbol == 18 ? 11 : 3;
			if (symbol == 16 && i == 0)
				return stop(stream, REVCHAIN_INFLATED_BAD);
			value = symbol == 16 ? lengths[i - 1] : 0;
		}
		if (times > count - i)
			return stop(stream, REVCHAIN_INFLATED_BAD);
		memset(lengths + i, (int)value, times);
		i += times;
	}
	return true;
}

static bool take_dynamic(struct stream *stream)
{
	static const unsigned char order[] = {16, 17, 18, 0, 8,	 7, 9,	6, 10, 5,
					      11, 4,  12, 3, 13, 2, 14, 1, 15};
	unsigned char lengths[LITERALS + 32] = {0};
	struct code literals, distances;
	unsigned literal_count, distance_count, count, i, length;

	if (!take(stream, 5, &literal_count) || !take(stream, 5, &distance_count) ||
	    !take(stream, 4, &count))
		return false;
	literal_count += 257;
	distance_count += 1;
	if (literal_count > 286 || distance_count > DISTANCES)
		return stop(stream, REVCHAIN_INFLATED_BAD);
	for (i = 0; i < count + 4; i++) {
		if (!take(stream, 3, &length))
			return false;
		lengths[order[i]] = (unsigned char)length;
	}
	if (!make_code(&literals, lengths, sizeof(order)))
		return stop(stream, REVCHAIN_INFLATED_BAD);
	if (!take_lengths(stream, &literals, lengths, literal_count + distance_count))
		return false;
	if (!lengths[END_OF_BLOCK] || !make_code(&literals, lengths, literal_count) ||
	    !make_code(&distances, lengths + literal_count, distance_count))
		return stop(stream, REVCHAIN_INFLATED_BAD);
	return take_block(stream, &literals, &distances);
}

static uint32_t adler32(const unsigned char *data, size_t length)
{
	uint32_t a = 1, b = 0;

	while (length) {
		size_t part = length < ADLER_BYTES ? length : ADLER_BYTES;

		length -= part;
		for (; part; part--) {
			a += *data++;
			b += a;
		}
		a %= ADLER_MODULUS;
		b %= ADLER_MODULUS;
	}
	return b << 16 | a;
}

static bool take_all(struct stream *stream)
{
	unsigned last = 0, kind;
	const unsigned char *sum;
	bool more = true;

	if (stream->in_length < 2)
		return stop(stream, REVCHAIN_INFLATED_CUT);
	if ((stream->in[0] & 0x8f) != 8 || (stream->in[0] << 8 | stream->in[1]) % 31 ||
	    stream->in[1] & 0x20)
		return stop(stream, REVCHAIN_INFLATED_BAD);
	stream->at = 2;
	while (more && !last) {
		if (!take(stream, 1, &last) || !take(stream, 2, &kind))
			return false;
		more = kind == 0   ? take_stored(stream)
		       : kind == 1 ? take_fixed(stream)
		       : kind == 2 ? take_dynamic(stream)
				   : stop(stream, REVCHAIN_INFLATED_BAD);
	}
	if (!more)
		return false;
	end_byte(stream);
	if (stream->in_length - stream->at < 4)
		return stop(stream, REVCHAIN_INFLATED_CUT);
	sum = stream->in + stream->at;
	if (adler32(stream->out, stream->length) !=
	    ((uint32_t)sum[0] << 24 | (uint32_t)sum[1] << 16 | (uint32_t)sum[2] << 8 | sum[3]))
		return stop(stream, REVCHAIN_INFLATED_BAD);
	return true;
}

enum revchain_inflated
revchain_inflate(const unsigned char *in, size_t in_length,
		 unsigned char *out, /* NOLINT(readability-non-const-parameter): it is written to */
		 size_t room, size_t *length)
{
	struct stream stream = {.in = in,
				.in_length = in_length,
				.out = out,
				.room = room,
				.result = REVCHAIN_INFLATED};

	take_all(&stream);
	*length = stream.length;
	return stream.result;
}
