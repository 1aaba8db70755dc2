/*
 * zlib's inflate(), answered by libdeflate where a whole stream is at hand: what libgit2 does with
 * every object of a pack, and where half of a walk's time goes. libdeflate takes less than half as
 * long for it, and checks the same checksum.
 *
 * Linked into the static program with -Wl,--wrap=inflate. What libdeflate cannot do at once (a
 * stream that is cut, or longer than the room for it) zlib does as ever: the stream is untouched
 * until libdeflate has succeeded.
 *
 * Where a stream is cut, zlib waits for more of it, and libgit2 1.5 to 1.9 asks again without end.
 * Here that is damage, which libgit2 reports.
 */
#include <stdbool.h>

#include <libdeflate.h>
#include <zlib.h>

#define SMALLEST 64 /* bytes of room: with less it is only the head of an object that is read */

int __real_inflate(z_streamp stream, int flush);
int __wrap_inflate(z_streamp stream, int flush);

static int inflate_some(z_streamp stream, int flush)
{
	int result = __real_inflate(stream, flush);
	bool starved = stream->avail_in == 0 && stream->avail_out > 0;

	return result == Z_BUF_ERROR && flush == Z_FINISH && starved ? Z_DATA_ERROR : result;
}

int __wrap_inflate(z_streamp stream, int flush)
{
	static _Thread_local struct libdeflate_decompressor *decompressor;
	size_t consumed, produced;

	if (stream->total_in || stream->total_out || stream->avail_out < SMALLEST)
		return inflate_some(stream, flush);
	if (!decompressor)
		decompressor = libdeflate_alloc_decompressor();
	if (!decompressor || libdeflate_zlib_decompress_ex(decompressor, stream->next_in,
							   stream->avail_in, stream->next_out,
							   stream->avail_out, &consumed, &produced))
		return inflate_some(stream, flush);
	stream->next_in += consumed;
	stream->avail_in -= (uInt)consumed;
	stream->total_in += consumed;
	stream->next_out += produced;
	stream->avail_out -= (uInt)produced;
	stream->total_out += produced;
	return Z_STREAM_END;
}
