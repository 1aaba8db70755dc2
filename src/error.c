#include "revchain/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int revchain_fail(struct revchain_error *error, enum revchain_status status, const char *format,
		  ...)
{
	va_list arguments;

	error->status = status;
	error->line = 0;
	error->path[0] = '\0';
	error->hints[0] = '\0';
	va_start(arguments, format);
	vsnprintf(error->message, sizeof(error->message), format, arguments);
	va_end(arguments);
	return (int)status;
}

void revchain_error_hint(struct revchain_error *error, const char *format, ...)
{
	size_t used = strlen(error->hints);
	va_list arguments;
	char *at;

	if (used > 0 && used + 1 < sizeof(error->hints)) {
		error->hints[used++] = '\n';
		error->hints[used] = '\0';
	}
	va_start(arguments, format);
	vsnprintf(error->hints + used, sizeof(error->hints) - used, format, arguments);
	va_end(arguments);
	for (at = error->hints + used; *at; at++)
		if (*at ==
		    '\n') /* from a path or a revision: it must not look like a hint of its own */
			*at = ' ';
}

void revchain_error_at(struct revchain_error *error, const char *path, int line)
{
	snprintf(error->path, sizeof(error->path), "%s", path);
	error->line = line;
}

int revchain_fail_at(struct revchain_error *error, enum revchain_status status, const char *path,
		     int line, const char *message)
{
	revchain_fail(error, status, "%s", message);
	revchain_error_at(error, path, line);
	return (int)status;
}
