/*
 * zlib's inflate(), answered by libdeflate where a whole stream is at hand: what libgit2 does with
 * every object of a pack, and where half of a walk's time goes. libdeflate takes less than half as
 * long for it, and checks the same checksum.
 *
 * Linked into the static program with -Wl,--wrap=inflate. What libdeflate cannot do at once (a
 * stream that is cut, or longer than the room for it) zlib does as ever: the stream is untouched
 * until libdeflate has succeeded.
 */
#include <libdeflate.h>
#include <zlib.h>

#define SMALLEST 64 /* bytes of room: with less it is only the head of an object that is read */

int __real_inflate(z_streamp stream, int flush);
int __wrap_inflate(z_streamp stream, int flush);

int __wrap_inflate(z_streamp stream, int flush)
{
	static _Thread_local struct libdeflate_decompressor *decompressor;
	size_t consumed, produced;

	if (stream->total_in || stream->total_out || stream->avail_out < SMALLEST)
		return __real_inflate(stream, flush);
	if (!decompressor)
		decompressor = libdeflate_alloc_decompressor();
	if (!decompressor || libdeflate_zlib_decompress_ex(decompressor, stream->next_in,
							   stream->avail_in, stream->next_out,
							   stream->avail_out, &consumed, &produced))
		return __real_inflate(stream, flush);
	stream->next_in += consumed;
	stream->avail_in -= (uInt)consumed;
	stream->total_in += consumed;
	stream->next_out += produced;
	stream->avail_out -= (uInt)produced;
	stream->total_out += produced;
	return Z_STREAM_END;
}
