#include "commands.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "options.h"
#include "output.h"
#include "whereprint.h"
#include "workspace.h"

static const char usage[] =
	"usage: revchain where [OPTIONS] ID... [DIR...]\n"
	"\n"
	"Find revision ids, for the message \"Can't locate revision identified by ...\": which "
	"branches and\n"
	"tags have it, which file and commit brought it, which commit took it away, what was "
	"before "
	"and\n"
	"behind it there, and what to do.\n"
	"\n"
	"  ID                 a revision id, or the beginning of one; - reads them as `alembic "
	"current`\n"
	"                     prints them. A word with a slash is a DIR\n"
	"      --format FORMAT  text or json\n"
	"\n";

static const char *const formats[] = {"text", "json", NULL};

struct ids {
	struct revchain_arena *arena;
	const char **items;
	size_t count, capacity;
};

static bool add_id(struct ids *ids, const char *text, size_t length)
{
	const char **grown = revchain_arena_grow(ids->arena, ids->items, ids->count, &ids->capacity,
						 sizeof(*grown));
	size_t i;

	if (!grown)
		return false;
	ids->items = grown;
	for (i = 0; i < ids->count; i++)
		if (strlen(grown[i]) == length && memcmp(grown[i], text, length) == 0)
			return true;
	grown[ids->count] = revchain_arena_copy(ids->arena, text, length);
	return grown[ids->count++] != NULL;
}

/*
 * The id of a line that `alembic current` prints: `abc123 (head)`, or with --verbose `Rev: abc123
 * (head)` among others. NULL: there is none.
 */
static const char *id_of_line(const char *line, size_t *length)
{
	const char *rest;

	while (isspace((unsigned char)*line))
		line++;
	if (strncmp(line, "Rev: ", 5) == 0)
		line += 5;
	*length = strcspn(line, " \t\r\n");
	rest = line + *length;
	rest += strspn(rest, " \t\r\n");
	/* not a word of a sentence, nor a heading */
	if (!*length || (*rest && *rest != '(') || memchr(line, ':', *length))
		return NULL;
	return line;
}

static int read_ids(struct ids *ids, struct revchain_error *error)
{
	char *line = NULL;
	size_t size = 0, length;
	bool good = true;

	errno = 0;
	while (good && getline(&line, &size, stdin) >= 0) {
		const char *id = id_of_line(line, &length);

		good = !id || add_id(ids, id, length);
	}
	free(line);
	if (!good)
		return revchain_fail_memory(error);
	if (ferror(stdin))
		return revchain_fail(error, REVCHAIN_IO, "standard input cannot be read: %s",
				     strerror(errno));
	return REVCHAIN_OK;
}

static int collect_ids(const struct workspace *workspace, struct ids *ids,
		       struct revchain_error *error)
{
	const struct options *options = workspace->options;
	size_t i;
	int status = REVCHAIN_OK;

	for (i = 0; !status && i < options->word_count; i++) {
		const char *id = options->words[i];

		if (strcmp(id, "-") == 0)
			status = read_ids(ids, error);
		else if (!add_id(ids, id, strlen(id)))
			status = revchain_fail_memory(error);
	}
	if (status || options->word_count)
		return status;
	revchain_fail(error, REVCHAIN_USAGE, "no revision id was given");
	revchain_error_hint(error, "revchain where ID, or alembic current | revchain where -");
	return REVCHAIN_USAGE;
}

static int fail_ambiguous(const char *given, const char *const *matches, size_t count,
			  struct revchain_error *error)
{
	size_t i;

	revchain_fail(error, REVCHAIN_USAGE, "%zu revision ids begin with '%s'", count, given);
	for (i = 0; i < count && i < 5; i++)
		revchain_error_hint(error, "revchain where %s", matches[i]);
	return REVCHAIN_USAGE;
}

/* Look one id up, and add what is known of it to the text. */
static int look_up(struct revchain_where_search *search, const struct where_printing *printing,
		   const char *given, bool *found, struct revchain_error *error)
{
	struct revchain_where where;
	const char *const *matches;
	size_t count;
	int status = revchain_where_match(search, given, &matches, &count, error);

	if (status)
		return status;
	if (count > 1)
		return fail_ambiguous(given, matches, count, error);
	*found = *found && count;
	/* in a clone whose history is cut off nobody can say that it was nowhere */
	if (!count && printing->source->tips_only)
		return revchain_repository_require_full_history(printing->source->repository,
								error);
	if (count)
		status = revchain_where_look(search, matches[0], &where, error);
	if (!status)
		where_print(printing, given, count ? &where : NULL);
	return status;
}

static int look_up_all(struct workspace *workspace, const struct ids *ids,
		       struct revchain_where_source *source, bool *found,
		       struct revchain_error *error)
{
	struct revchain_where_search *search = NULL;
	struct revchain_buffer text = {0};
	struct where_printing printing = {
		.source = source,
		.arena = workspace->arena,
		.text = &text,
		.json = workspace->options->format &&
			strcmp(workspace->options->format, "json") == 0,
		.colour = output_colour(workspace->options->colour, stdout),
	};
	size_t i;
	int status = revchain_where_open(&search, source, workspace->arena, error);

	for (i = 0; !status && i < ids->count; i++) {
		if (printing.json || i)
			revchain_buffer_puts(&text, !printing.json ? "\n" : i ? ",\n" : "[\n");
		status = look_up(search, &printing, ids->items[i], found, error);
	}
	if (printing.json)
		revchain_buffer_puts(&text, ids->count ? "\n]\n" : "[]\n");
	revchain_where_free(search);
	if (!status && text.failed)
		status = revchain_fail_memory(error);
	if (!status && !output_result(&text))
		status = REVCHAIN_IO;
	revchain_buffer_free(&text);
	return status;
}

static int print_where(struct workspace *workspace)
{
	struct revchain_where_source source = {
		.repository = workspace->repository,
		.set = &workspace->set,
		.head = workspace->unborn ? NULL : &workspace->tip,
	};
	struct ids ids = {.arena = workspace->arena};
	struct revchain_error error = {0}, shallow = {0};
	bool found = true;
	int status = collect_ids(workspace, &ids, &error);

	if (!status)
		status = revchain_refs_list(workspace->repository, workspace->arena, &source.refs,
					    &source.ref_count, &error);
	if (status)
		return output_failure(&error, workspace->options);
	source.tips_only =
		revchain_repository_require_full_history(workspace->repository, &shallow) != 0;
	status = look_up_all(workspace, &ids, &source, &found, &error);
	if (status)
		return *error.message ? output_failure(&error, workspace->options) : status;
	if (source.tips_only && !workspace->options->quiet) {
		output_note(
			"this is a shallow clone: the ends of branches and tags were looked at, "
			"not their history");
		output_hint("git fetch --unshallow");
	}
	return found ? REVCHAIN_OK : REVCHAIN_MIGRATIONS;
}

int command_where(int argc, char **argv)
{
	static const struct workspace_command command = {
		.usage = usage,
		.takes = TAKES_FORMAT | TAKES_WORDS,
		.formats = formats,
		.tree_only = true,
		.run = print_where,
	};

	return workspace_run(&command, argc, argv);
}
