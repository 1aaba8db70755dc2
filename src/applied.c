#include "revchain/applied.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "revchain/snapshot.h"

#include "readall.h"

#define ARROW " -> "

struct parser {
	struct revchain_arena *arena;
	struct revchain_applied *applied;
	struct revchain_error *error;
	const char **revisions;
	size_t count, capacity;
	bool arrows, notes; /* a line had an arrow; one had something in parentheses */
};

/* What stands before a colon in the lines of --verbose that name no revision of their own. */
static const char *const verbose_lines[] = {
	"Parent: ",	  "Merges: ", "Also depends on: ",	  "Branches into: ",
	"Branch names: ", "Path: ",   "Current revision(s) for ", NULL};

static int fail(struct parser *parser, int line, const char *what)
{
	revchain_fail(parser->error, REVCHAIN_IO, "%s", what);
	revchain_error_at(parser->error, parser->applied->name, line);
	revchain_error_hint(parser->error,
			    "a list of applied revisions has one id a line, or is a JSON array");
	return REVCHAIN_IO;
}

static int add(struct parser *parser, const char *revision, size_t length)
{
	const char **grown = revchain_arena_grow(parser->arena, parser->revisions, parser->count,
						 &parser->capacity, sizeof(*grown));

	if (!grown)
		return revchain_fail_memory(parser->error);
	parser->revisions = grown;
	grown[parser->count] = revchain_arena_copy(parser->arena, revision, length);
	return grown[parser->count++] ? REVCHAIN_OK : revchain_fail_memory(parser->error);
}

static int parse_json(struct parser *parser, const char *text, size_t length)
{
	cJSON *root;
	const cJSON *item;
	int status = REVCHAIN_OK;

	/* an array of strings has one bracket at each end: cJSON goes down one call for each */
	if (strlen(text) != length || strstr(text, "\\u0000") || strchr(text + 1, '['))
		return fail(parser, 0, "this is no JSON array of revision ids");
	root = cJSON_ParseWithOpts(text, NULL, true);
	if (!cJSON_IsArray(root))
		status = fail(parser, 0, "this is no JSON array of revision ids");
	for (item = root ? root->child : NULL; !status && item; item = item->next)
		status = cJSON_IsString(item)
				 ? add(parser, item->valuestring, strlen(item->valuestring))
				 : fail(parser, 0,
					"the array has something in it that is no string");
	cJSON_Delete(root);
	return status;
}

static bool starts_with(const char *line, const char *start)
{
	return strncmp(line, start, strlen(start)) == 0;
}

static bool names_nothing(const char *line)
{
	size_t i;

	if (!*line || *line == ' ' || *line == '\t' || *line == '#')
		return true;
	for (i = 0; verbose_lines[i]; i++)
		if (starts_with(line, verbose_lines[i]))
			return true;
	return false;
}

static int parse_line(struct parser *parser, const char *line, int number)
{
	const char *arrow, *rest;
	size_t length;

	if (names_nothing(line))
		return REVCHAIN_OK;
	arrow = strstr(line, ARROW);
	if (starts_with(line, "Rev: "))
		line += strlen("Rev: ");
	else if (arrow)
		line = arrow + strlen(ARROW);
	length = strcspn(line, " ,\t");
	rest = line + length + strspn(line + length, " \t");
	if (!length || (*rest && *rest != '(' && !(arrow && line[length] == ',')))
		return fail(parser, number, "no revision id can be read here");
	parser->arrows = parser->arrows || arrow;
	parser->notes = parser->notes || *rest == '(';
	return add(parser, line, length);
}

static int parse_lines(struct parser *parser, const char *text, size_t length)
{
	const char *end = text + length;
	int number, status = REVCHAIN_OK;

	for (number = 1; !status && text < end; number++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t size = (size_t)((newline ? newline : end) - text);
		char *line = revchain_arena_copy(parser->arena, text, size);

		if (!line)
			return revchain_fail_memory(parser->error);
		if (strlen(line) != size)
			return fail(parser, number, "no revision id can be read here");
		if (size && line[size - 1] == '\r')
			line[size - 1] = '\0';
		status = parse_line(parser, line, number);
		text += size + 1;
	}
	return status;
}

int revchain_applied_parse(const char *text, size_t length, const char *name,
			   struct revchain_arena *arena, struct revchain_applied *applied,
			   struct revchain_error *error)
{
	struct parser parser = {.arena = arena, .applied = applied, .error = error};
	size_t blank = strspn(text, " \t\r\n");
	int status;

	memset(applied, 0, sizeof(*applied));
	applied->name = name;
	status = text[blank] == '[' ? parse_json(&parser, text + blank, length - blank)
				    : parse_lines(&parser, text, length);
	applied->revisions = parser.revisions;
	applied->count = parser.count;
	applied->annotated = parser.notes && !parser.arrows;
	return status;
}

int revchain_applied_read(const char *path, struct revchain_arena *arena,
			  struct revchain_applied *applied, struct revchain_error *error)
{
	bool standard_input = strcmp(path, "-") == 0;
	const char *name = standard_input ? "standard input" : path, *text = "";
	int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	enum revchain_read outcome = REVCHAIN_READ_FAILED;
	size_t length = 0;
	int code;

	if (fd >= 0)
		outcome = revchain_read_all(fd, 0, REVCHAIN_FILE_MAX, arena, &text, &length);
	code = errno;
	if (fd >= 0 && !standard_input)
		close(fd);
	if (outcome == REVCHAIN_READ_DONE)
		return revchain_applied_parse(text, length, name, arena, applied, error);
	if (outcome == REVCHAIN_READ_NO_MEMORY)
		return revchain_fail_memory(error);
	if (outcome == REVCHAIN_READ_TOO_LARGE)
		revchain_fail(error, REVCHAIN_IO, "the list is larger than 16 MiB");
	else
		revchain_fail(error, REVCHAIN_IO,
			      "the list of applied revisions cannot be read: %s", strerror(code));
	revchain_error_at(error, name, 0);
	return REVCHAIN_IO;
}
