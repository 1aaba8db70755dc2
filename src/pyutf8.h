/* UTF-8, strictly for reading, generalized (lone surrogates are written as three bytes) for
 * writing. */
#ifndef PYUTF8_H
#define PYUTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * The length of the character at the start of `bytes`, of which `length` are there, and its code
 * point; 0 where that is not valid UTF-8 (overlong, a surrogate, beyond U+10FFFF, cut off).
 */
size_t revchain_utf8_read(const char *bytes, size_t length, uint32_t *code_point);

/* Write a code point up to U+10FFFF; returns the length, 4 at most. */
size_t revchain_utf8_write(char *bytes, uint32_t code_point);

#endif
