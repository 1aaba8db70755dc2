#include "pyproblem.h"

#include <stdarg.h>

enum revchain_pystatus revchain_pyproblem_set(struct revchain_pyproblem *problem,
					      struct revchain_arena *arena, int line,
					      const char *hint, const char *format, ...)
{
	va_list arguments;

	problem->line = line;
	problem->name = NULL;
	problem->hint = hint;
	va_start(arguments, format);
	problem->message = revchain_arena_vprintf(arena, format, arguments);
	va_end(arguments);
	return problem->message ? REVCHAIN_PY_PROBLEM : REVCHAIN_PY_MEMORY;
}
