#include "location.h"

#include <string.h>

#include "settings.h"

/* Whether it is one to Python's os.path.isabs once %(here)s is put in. */
static bool is_absolute(const char *text)
{
	return *text == '/' || *text == *REVCHAIN_HERE;
}

const char *revchain_location_show(const char *text, struct revchain_arena *arena)
{
	const char *here = strchr(text, *REVCHAIN_HERE);

	if (!here)
		return text;
	return revchain_arena_printf(arena, "%.*s%%(here)s%s", (int)(here - text), text, here + 1);
}

/* Take out `.`, `..` and empty components, in place; false where `..` leads above the start. */
static bool normalise(char *path)
{
	char *out = path;

	for (const char *at = path; *at;) {
		size_t length = strcspn(at, "/");

		if (length == 2 && at[0] == '.' && at[1] == '.') {
			if (out == path)
				return false;
			while (out > path && *--out != '/')
				;
		} else if (length > 0 && !(length == 1 && *at == '.')) {
			if (out > path)
				*out++ = '/';
			memmove(out, at, length);
			out += length;
		}
		at += length + (at[length] == '/');
	}
	*out = '\0';
	return true;
}

static int fail_outside(const char *text, struct revchain_arena *arena,
			struct revchain_error *error)
{
	const char *shown = revchain_location_show(text, arena);

	if (!shown)
		return revchain_fail_memory(error);
	revchain_fail(error, REVCHAIN_USAGE, "%s leads out of the repository", shown);
	revchain_error_hint(error, "name the versions directories: revchain COMMAND DIR...");
	return REVCHAIN_USAGE;
}

int revchain_location_path(const char *text, const struct revchain_location_base *base,
			   struct revchain_arena *arena, const char **path,
			   struct revchain_error *error)
{
	size_t root = base->workdir ? strlen(base->workdir) : 0;
	char *joined;

	*path = NULL;
	if (strchr(*text ? text + 1 : text, *REVCHAIN_HERE)) {
		revchain_fail(error, REVCHAIN_USAGE,
			      "%%(here)s is an absolute path: it can only stand at the start");
		return REVCHAIN_USAGE;
	}
	if (*text == *REVCHAIN_HERE) {
		/* the root's own name, which `%(here)sname` would go on with, is not known */
		if (!*base->here && text[1] && text[1] != '/')
			return fail_outside(text, arena, error);
		joined = revchain_arena_printf(arena, "%s%s", base->here, text + 1);
	} else if (*text == '/') {
		if (!base->workdir || strncmp(text, base->workdir, root) != 0 ||
		    (text[root] && text[root] != '/'))
			return fail_outside(text, arena, error);
		joined = revchain_arena_printf(arena, "%s", text + root);
	} else {
		joined = revchain_arena_printf(arena, "%s/%s", base->directory, text);
	}
	if (!joined)
		return revchain_fail_memory(error);
	if (!normalise(joined))
		return fail_outside(text, arena, error);
	*path = joined;
	return REVCHAIN_OK;
}

bool revchain_location_is_package(const char *text)
{
	return !is_absolute(text) && strchr(text, ':');
}

int revchain_location_package(const char *text, struct revchain_arena *arena,
			      struct revchain_location_package *package,
			      struct revchain_error *error)
{
	size_t length = strcspn(text, ":"), top = strcspn(text, ".:");
	char *directory = revchain_arena_copy(arena, text, length);
	char *path = revchain_arena_copy(arena, text, strlen(text));

	*package = (struct revchain_location_package){NULL, NULL, NULL};
	if (!directory || !path)
		return revchain_fail_memory(error);
	/* a name that import would not take, or a path that joining would make absolute */
	if (!top || memchr(text, '/', length) || text[length - 1] == '.' ||
	    strstr(directory, "..") || strstr(text, ":/"))
		return REVCHAIN_OK;
	for (size_t i = 0; path[i]; i++) {
		if (path[i] == ':' || (i < length && path[i] == '.'))
			path[i] = '/';
	}
	for (size_t i = 0; i < length; i++)
		directory[i] = path[i];
	if (!normalise(path))
		return REVCHAIN_OK;
	package->top = revchain_arena_copy(arena, text, top);
	package->directory = directory;
	package->path = path;
	return package->top ? REVCHAIN_OK : revchain_fail_memory(error);
}
