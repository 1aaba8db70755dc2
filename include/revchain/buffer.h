/* Text that grows. */
#ifndef REVCHAIN_BUFFER_H
#define REVCHAIN_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct revchain_buffer {
	char *text;    /* NUL-terminated; NULL while empty */
	size_t length; /* without the NUL */
	size_t size;   /* allocated */
	size_t most;   /* the longest that it may get, set by who starts it; 0: any length */
	bool failed;   /* memory ran out, or it would be longer than that: what was added since is
			  lost, and the text is not to be used */
	bool full;     /* it was that */
};

/* Start with a zeroed struct; add; look at `failed` once at the end; free. */
void revchain_buffer_add(struct revchain_buffer *buffer, const char *bytes, size_t length);
void revchain_buffer_puts(struct revchain_buffer *buffer, const char *text);
__attribute__((format(printf, 2, 3))) void revchain_buffer_printf(struct revchain_buffer *buffer,
								  const char *format, ...);
void revchain_buffer_free(struct revchain_buffer *buffer);

#endif
