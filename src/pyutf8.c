#include "pyutf8.h"

size_t revchain_utf8_read(const char *bytes, size_t length, uint32_t *code_point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first = (unsigned char)bytes[0];
	size_t i, size = first < 0x80	? 1
			 : first < 0xC0 ? 0
			 : first < 0xE0 ? 2
			 : first < 0xF0 ? 3
					: 4;
	uint32_t value = first;

	if (size == 0 || first > 0xF4 || size > length)
		return 0;
	if (size > 1)
		value &= 0x7Fu >> size;
	for (i = 1; i < size; i++) {
		unsigned char next = (unsigned char)bytes[i];
		if ((next & 0xC0) != 0x80)
			return 0;
		value = value << 6 | (next & 0x3Fu);
	}
	if (value < least[size] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 0;
	*code_point = value;
	return size;
}

size_t revchain_utf8_write(char *bytes, uint32_t code_point)
{
	static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
	size_t i, size;

	if (code_point < 0x80) {
		bytes[0] = (char)code_point;
		return 1;
	}
	size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
	for (i = size - 1; i > 0; i--) {
		bytes[i] = (char)(0x80 | (code_point & 0x3F));
		code_point >>= 6;
	}
	bytes[0] = (char)(lead[size] | code_point);
	return size;
}
