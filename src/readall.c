#include "readall.h"

#include <errno.h>
#include <unistd.h>

enum revchain_read revchain_read_all(int fd, size_t expected, size_t most,
				     struct revchain_arena *arena, const char **data,
				     size_t *length)
{
	size_t capacity = expected && expected < most ? expected + 2 : 4096, used = 0;
	char *buffer = revchain_arena_alloc(arena, capacity);

	for (;;) {
		ssize_t got;

		buffer = buffer ? revchain_arena_grow(arena, buffer, used + 1, &capacity, 1) : NULL;
		if (!buffer)
			return REVCHAIN_READ_NO_MEMORY;
		got = read(fd, buffer + used, capacity - used - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return REVCHAIN_READ_FAILED;
		used += (size_t)got;
		if (used > most)
			return REVCHAIN_READ_TOO_LARGE;
		if (got == 0 || used == expected)
			break;
	}
	buffer[used] = '\0';
	*data = buffer;
	*length = used;
	return REVCHAIN_READ_DONE;
}
