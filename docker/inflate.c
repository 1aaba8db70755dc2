/*
 * zlib's inflate(), answered by libdeflate where a whole stream is at hand: what libgit2 does with
 * every object of a pack, and where half of a walk's time goes. libdeflate takes less than half as
 * long for it, and checks the same checksum. A small stream is faster in zlib, but not to set up:
 * one state serves all of them.
 *
 * Linked into the static program with -Wl,--wrap for each of the three functions. What cannot be
 * done at once (a stream that is cut, or longer than the room for it) zlib does as ever: the stream
 * is untouched, and has no state, until it has been done.
 */
#include <libdeflate.h>
#include <zlib.h>

#define SMALL 64 /* bytes of room */

int __real_inflateInit_(z_streamp stream, const char *version, int stream_size);
int __real_inflate(z_streamp stream, int flush);
int __real_inflateEnd(z_streamp stream);
int __wrap_inflateInit_(z_streamp stream, const char *version, int stream_size);
int __wrap_inflate(z_streamp stream, int flush);
int __wrap_inflateEnd(z_streamp stream);

int __wrap_inflateInit_(z_streamp stream, const char *version, int stream_size)
{
	if (version[0] != ZLIB_VERSION[0] || stream_size != (int)sizeof(*stream))
		return Z_VERSION_ERROR;
	stream->state = Z_NULL;
	stream->msg = Z_NULL;
	stream->total_in = 0;
	stream->total_out = 0;
	return Z_OK;
}

int __wrap_inflateEnd(z_streamp stream)
{
	return stream->state ? __real_inflateEnd(stream) : Z_OK;
}

static int inflate_small(z_streamp stream, size_t *consumed, size_t *produced)
{
	static _Thread_local z_stream small;

	if (!small.state && __real_inflateInit_(&small, ZLIB_VERSION, (int)sizeof(small)) != Z_OK)
		return 0;
	inflateReset(&small);
	small.next_in = stream->next_in;
	small.avail_in = stream->avail_in;
	small.next_out = stream->next_out;
	small.avail_out = stream->avail_out;
	if (__real_inflate(&small, Z_FINISH) != Z_STREAM_END)
		return 0;
	*consumed = small.total_in;
	*produced = small.total_out;
	return 1;
}

static int inflate_whole(z_streamp stream, size_t *consumed, size_t *produced)
{
	static _Thread_local struct libdeflate_decompressor *decompressor;

	if (!decompressor)
		decompressor = libdeflate_alloc_decompressor();
	return decompressor &&
	       libdeflate_zlib_decompress_ex(decompressor, stream->next_in, stream->avail_in,
					     stream->next_out, stream->avail_out, consumed,
					     produced) == LIBDEFLATE_SUCCESS;
}

int __wrap_inflate(z_streamp stream, int flush)
{
	size_t consumed, produced;
	int code = Z_OK;

	if (!stream->state && !stream->total_in &&
	    (stream->avail_out < SMALL ? inflate_small(stream, &consumed, &produced)
				       : inflate_whole(stream, &consumed, &produced))) {
		stream->next_in += consumed;
		stream->avail_in -= (uInt)consumed;
		stream->total_in += consumed;
		stream->next_out += produced;
		stream->avail_out -= (uInt)produced;
		stream->total_out += produced;
		return Z_STREAM_END;
	}
	if (!stream->state)
		code = __real_inflateInit_(stream, ZLIB_VERSION, (int)sizeof(*stream));
	return code == Z_OK ? __real_inflate(stream, flush) : code;
}
