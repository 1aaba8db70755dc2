#include "revchain/chainfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "revchain/snapshot.h"

#include "map.h"
#include "readall.h"

struct reader {
	const char *path;
	struct revchain_arena *arena;
	struct revchain_error *error;
	struct revchain_chainfile_entry *entries;
	size_t count;
	struct revchain_map by_revision; /* index of its entry */
};

__attribute__((format(printf, 2, 3))) static int fail(struct reader *reader, const char *format,
						      ...)
{
	va_list arguments;
	const char *message;

	va_start(arguments, format);
	message = revchain_arena_vprintf(reader->arena, format, arguments);
	va_end(arguments);
	revchain_fail(reader->error, REVCHAIN_IO, "%s", message ? message : "memory ran out");
	revchain_error_at(reader->error, reader->path, 0);
	return REVCHAIN_IO;
}

static int read_text(struct reader *reader, const char **text, size_t *length)
{
	int fd = open(reader->path, O_RDONLY | O_CLOEXEC | O_NOCTTY), code;
	enum revchain_read outcome;

	if (fd < 0)
		return fail(reader, "the chain file cannot be read: %s", strerror(errno));
	outcome = revchain_read_all(fd, 0, REVCHAIN_FILE_MAX, reader->arena, text, length);
	code = errno;
	close(fd);
	switch (outcome) {
	case REVCHAIN_READ_FAILED:
		return fail(reader, "the chain file cannot be read: %s", strerror(code));
	case REVCHAIN_READ_TOO_LARGE:
		return fail(reader, "the file is larger than 16 MiB, which no chain is");
	case REVCHAIN_READ_NO_MEMORY:
		return revchain_fail_memory(reader->error);
	default:
		return REVCHAIN_OK;
	}
}

/*
 * Whether brackets are at most one deep outside of strings: an object of strings and nulls is no
 * deeper, and cJSON goes down one call for each. A NUL, as a byte or escaped, would cut cJSON's
 * strings short.
 */
static bool is_flat(const char *text, size_t length)
{
	bool in_string = false;
	size_t i, depth = 0;

	for (i = 0; i < length; i++) {
		char c = text[i];

		if (c == '\0' || (in_string && c == '\\' && i + 5 < length &&
				  memcmp(text + i, "\\u0000", 6) == 0))
			return false;
		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '{' || c == '[') && ++depth > 1)
			return false;
	}
	return true;
}

static int take_entry(struct reader *reader, const cJSON *item)
{
	struct revchain_chainfile_entry *entry = &reader->entries[reader->count];
	size_t length = strlen(item->string);

	if (!cJSON_IsNull(item) && !cJSON_IsString(item))
		return fail(reader, "the parent of '%s' is neither a revision nor null",
			    item->string);
	if (revchain_map_get(&reader->by_revision, item->string, length, NULL))
		return fail(reader, "the revision '%s' is there twice", item->string);
	entry->revision = revchain_arena_copy(reader->arena, item->string, length);
	if (cJSON_IsString(item))
		entry->parent = revchain_arena_copy(reader->arena, item->valuestring,
						    strlen(item->valuestring));
	if (!entry->revision || (cJSON_IsString(item) && !entry->parent) ||
	    !revchain_map_put(&reader->by_revision, entry->revision, length, reader->count))
		return revchain_fail_memory(reader->error);
	reader->count++;
	return REVCHAIN_OK;
}

/* Each goes up until it meets one that was visited: by itself is a circle. */
static int check_circles(struct reader *reader)
{
	size_t *visited_by = revchain_arena_array(reader->arena, reader->count + 1, sizeof(size_t));
	size_t i;

	if (!visited_by)
		return revchain_fail_memory(reader->error);
	for (i = 0; i < reader->count; i++) {
		size_t at = i;

		while (!visited_by[at]) {
			const char *parent = reader->entries[at].parent;

			visited_by[at] = i + 1;
			if (!parent ||
			    !revchain_map_get(&reader->by_revision, parent, strlen(parent), &at))
				break;
			if (visited_by[at] == i + 1)
				return fail(reader, "the parents of '%s' go round in a circle",
					    reader->entries[at].revision);
		}
	}
	return REVCHAIN_OK;
}

static int take_object(struct reader *reader, const cJSON *root)
{
	const cJSON *item;
	size_t count = 0;
	int status = REVCHAIN_OK;

	for (item = root->child; item; item = item->next)
		count++;
	reader->entries = revchain_arena_array(reader->arena, count + 1, sizeof(*reader->entries));
	if (!reader->entries)
		return revchain_fail_memory(reader->error);
	for (item = root->child; !status && item; item = item->next)
		status = take_entry(reader, item);
	return status ? status : check_circles(reader);
}

int revchain_chainfile_read(const char *path, struct revchain_arena *arena,
			    struct revchain_chainfile *file, struct revchain_error *error)
{
	struct reader reader = {.path = path, .arena = arena, .error = error};
	const char *text = "", *end = NULL;
	cJSON *root = NULL;
	size_t length = 0;
	int status = read_text(&reader, &text, &length);

	if (status)
		return status;
	revchain_map_init(&reader.by_revision, arena);
	if (is_flat(text, length))
		root = cJSON_ParseWithLengthOpts(text, length + 1, &end, true);
	if (!root || !cJSON_IsObject(root))
		status = fail(&reader, "this is no chain file: not a JSON object of revisions and "
				       "their parents");
	else
		status = take_object(&reader, root);
	cJSON_Delete(root);
	file->path = path;
	file->entries = reader.entries;
	file->count = reader.count;
	return status;
}
