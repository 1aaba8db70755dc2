/* A bound for tests of what must not take memory with the square of its input. */
#ifndef BOUNDED_H
#define BOUNDED_H

#include <sys/resource.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SANITIZER
#endif

/* From here on this test has at most 1 GiB of addresses; AddressSanitizer itself needs far more,
 * and goes without the bound. */
static inline void bound_memory(void)
{
#ifndef ADDRESS_SANITIZER
	const struct rlimit limit = {(rlim_t)1 << 30, (rlim_t)1 << 30};

	setrlimit(RLIMIT_AS, &limit);
#endif
}

#endif
