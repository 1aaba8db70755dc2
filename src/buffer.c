#include "revchain/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(struct revchain_buffer *buffer, size_t length)
{
	size_t needed, larger = buffer->size ? buffer->size : 256;
	char *moved;

	if (buffer->failed || length > SIZE_MAX / 4 - buffer->length) {
		buffer->failed = true;
		return false;
	}
	if (buffer->most && buffer->length + length > buffer->most) {
		buffer->failed = buffer->full = true;
		return false;
	}
	needed = buffer->length + length + 1;
	if (needed <= buffer->size)
		return true;
	while (larger < needed)
		larger *= 2;
	moved = realloc(buffer->text, larger);
	if (!moved) {
		buffer->failed = true;
		return false;
	}
	buffer->text = moved;
	buffer->size = larger;
	return true;
}

void revchain_buffer_add(struct revchain_buffer *buffer, const char *bytes, size_t length)
{
	if (!make_room(buffer, length))
		return;
	if (length)
		memcpy(buffer->text + buffer->length, bytes, length);
	buffer->length += length;
	buffer->text[buffer->length] = '\0';
}

void revchain_buffer_puts(struct revchain_buffer *buffer, const char *text)
{
	revchain_buffer_add(buffer, text, strlen(text));
}

void revchain_buffer_printf(struct revchain_buffer *buffer, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0 || !make_room(buffer, (size_t)length)) {
		buffer->failed = true;
		return;
	}
	va_start(arguments, format);
	vsnprintf(buffer->text + buffer->length, (size_t)length + 1, format, arguments);
	va_end(arguments);
	buffer->length += (size_t)length;
}

void revchain_buffer_free(struct revchain_buffer *buffer)
{
	free(buffer->text);
	memset(buffer, 0, sizeof(*buffer));
}
