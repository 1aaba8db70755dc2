/* String literals, written. */
#ifndef PYLITERAL_H
#define PYLITERAL_H

#include "revchain/buffer.h"

/*
 * Add a string (UTF-8) as a literal in these quotes, ' or "; with 0 in those that Python's repr
 * takes. Control characters are escaped as repr does it; beyond ASCII all stays as it is.
 */
void revchain_pyliteral_add(struct revchain_buffer *buffer, const char *string, char quote);

#endif
