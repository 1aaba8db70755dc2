#include "mergefile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "mending.h"

#define ID_DIGITS 12

/* The new migration. */
struct creation {
	struct workspace *workspace;
	struct revchain_project project;
	struct revchain_mako_values values;
	struct revchain_filetemplate_values name;
};

static int option(void *data, const char *name, struct revchain_arena *arena, const char **value,
		  struct revchain_error *error)
{
	return revchain_project_option(data, name, arena, value, error);
}

/* Random digits, as Alembic's ids have them. */
static int random_id(struct workspace *workspace, const char **id, struct revchain_error *error)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[ID_DIGITS];
	char *text = revchain_arena_alloc(workspace->arena, ID_DIGITS + 1);
	size_t i;

	if (!text)
		return revchain_fail_memory(error);
	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return revchain_fail(error, REVCHAIN_IO, "there is no random id to be had: %s",
				     strerror(errno));
	for (i = 0; i < ID_DIGITS; i++)
		text[i] = digits[bytes[i] % 16];
	*id = text;
	return REVCHAIN_OK;
}

/* Whether the machine knows a time zone of that name. */
static bool knows_zone(const char *name)
{
	const char *directory = getenv("TZDIR");
	char path[512];

	if (!*name || *name == '/' || strstr(name, ".."))
		return false;
	snprintf(path, sizeof(path), "%s/%s", directory ? directory : "/usr/share/zoneinfo", name);
	return access(path, R_OK) == 0;
}

/* Let localtime_r be that of a zone, as Alembic looks for it: as it is, then in capitals. */
static int set_zone(struct creation *creation, struct revchain_error *error)
{
	const char *zone = creation->project.timezone;
	char upper[256], value[300];
	size_t i;

	snprintf(upper, sizeof(upper), "%s", zone);
	for (i = 0; upper[i]; i++)
		if (upper[i] >= 'a' && upper[i] <= 'z')
			upper[i] = (char)(upper[i] - 'a' + 'A');
	if (strcmp(upper, "UTC") == 0)
		snprintf(value, sizeof(value), "UTC0");
	else if (knows_zone(zone) || knows_zone(upper))
		snprintf(value, sizeof(value), ":%s", knows_zone(zone) ? zone : upper);
	else
		return revchain_fail(error, REVCHAIN_USAGE, "there is no time zone %s here", zone);
	if (setenv("TZ", value, 1) != 0)
		return revchain_fail_memory(error);
	return REVCHAIN_OK;
}

/* Now, as Python's str shows it: in local time, or in the project's zone with its offset. */
static int set_date(struct creation *creation, struct revchain_error *error)
{
	struct timespec now;
	struct tm *created = &creation->values.created;
	char date[64], offset[16] = "";
	long east, micro;
	int status = creation->project.timezone ? set_zone(creation, error) : REVCHAIN_OK;

	if (status)
		return status;
	tzset();
	if (clock_gettime(CLOCK_REALTIME, &now) != 0 || !localtime_r(&now.tv_sec, created))
		return revchain_fail(error, REVCHAIN_IO, "the time cannot be told: %s",
				     strerror(errno));
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", created);
	micro = now.tv_nsec / 1000;
	east = created->tm_gmtoff / 60;
	if (creation->project.timezone)
		snprintf(offset, sizeof(offset), "%c%02ld:%02ld", east < 0 ? '-' : '+',
			 labs(east) / 60 % 100, labs(east) % 60);
	creation->name.created = *created;
	creation->name.epoch = now.tv_sec;
	creation->values.created_text =
		micro ? revchain_arena_printf(creation->workspace->arena, "%s.%06ld%s", date, micro,
					      offset)
		      : revchain_arena_printf(creation->workspace->arena, "%s%s", date, offset);
	return creation->values.created_text ? REVCHAIN_OK : revchain_fail_memory(error);
}

static int read_settings(struct creation *creation, struct revchain_error *error)
{
	struct revchain_project *project = &creation->project;
	const char *length = NULL, *encoding = NULL;
	char *end = NULL;
	int status = workspace_project(creation->workspace, project, error);

	if (status)
		return status;
	length = project->truncate_slug_length;
	encoding = project->output_encoding;
	creation->name.slug_length = length ? strtol(length, &end, 10) : 0;
	if (length && (end == length || *end || creation->name.slug_length < 0))
		return revchain_fail(error, REVCHAIN_USAGE, "truncate_slug_length is no number: %s",
				     length);
	if (creation->name.slug_length == 0)
		creation->name.slug_length = REVCHAIN_FILETEMPLATE_SLUG;
	if (encoding && strcasecmp(encoding, "utf-8") != 0 && strcasecmp(encoding, "utf8") != 0) {
		revchain_fail(error, REVCHAIN_USAGE,
			      "output_encoding is %s, and revchain writes UTF-8", encoding);
		revchain_error_hint(error, "alembic merge writes it");
		return REVCHAIN_USAGE;
	}
	return REVCHAIN_OK;
}

/* What the new file declares must be what was asked for. */
static int verify(const struct creation *creation, const struct revchain_mend *mend,
		  struct revchain_error *error)
{
	const struct revchain_mako_values *values = &creation->values;
	struct revchain_pyscan scan;
	size_t i;
	int status = revchain_pyscan(mend->mended, mend->mended_length, creation->workspace->arena,
				     &scan, error);

	if (status)
		return status;
	if (scan.revision.count != 1 || strcmp(scan.revision.strings[0], values->revision) != 0 ||
	    scan.down_revision.kind != REVCHAIN_VALUE_SEQUENCE ||
	    scan.down_revision.count != values->parent_count)
		goto wrong;
	for (i = 0; i < values->parent_count; i++)
		if (strcmp(scan.down_revision.strings[i], values->parents[i]) != 0)
			goto wrong;
	return REVCHAIN_OK;
wrong:
	revchain_fail(
		error, REVCHAIN_USAGE,
		"what the template gives does not declare this revision and these parents%s%s",
		scan.problem_count ? ": " : "", scan.problem_count ? scan.problems[0].message : "");
	revchain_error_at(error, mend->path, scan.problem_count ? scan.problems[0].line : 0);
	revchain_error_hint(
		error, "nothing was written; the message, or %s%sscript.py.mako, has to change",
		creation->project.script_location, *creation->project.script_location ? "/" : "");
	return REVCHAIN_USAGE;
}

/* Add `alembic merge` with the same heads as the way that is left. */
static void hint_alembic(const struct creation *creation, struct revchain_error *error)
{
	const struct revchain_mako_values *values = &creation->values;
	struct revchain_buffer words = {0};
	size_t i;

	for (i = 0; i < values->parent_count; i++) {
		const char *word =
			revchain_text_shell_word(creation->workspace->arena, values->parents[i]);

		revchain_buffer_printf(&words, " %s", word ? word : "");
	}
	revchain_error_hint(error, "alembic merge -m %s%s",
			    revchain_text_shell_word(creation->workspace->arena, values->message),
			    words.text ? words.text : "");
	revchain_buffer_free(&words);
}

/* Where the new file goes: into the directory of the first head, or its lane where directories
 * below a lane count. It must not be there. */
static int place(struct creation *creation, const struct merge_heads *heads,
		 struct revchain_mend *mend, struct revchain_error *error)
{
	struct workspace *workspace = creation->workspace;
	const char *file_template = creation->project.file_template, *name = NULL;
	const char *lane = workspace->lanes[workspace->set.items[heads->items[0]].lane].directory;
	enum revchain_file_type type = REVCHAIN_FILE_NONE;
	int status = revchain_filetemplate_name(file_template ? file_template
							      : REVCHAIN_FILETEMPLATE_DEFAULT,
						&creation->name, workspace->arena, &name, error);

	if (status)
		return status;
	mend->path = revchain_arena_join(workspace->arena, lane, name);
	if (!mend->path)
		return revchain_fail_memory(error);
	status = revchain_snapshot_stat(&workspace->snapshot, mend->path, workspace->arena, &type,
					NULL, error);
	if (!status && type != REVCHAIN_FILE_NONE) {
		revchain_fail(error, REVCHAIN_USAGE, "the file is there already");
		revchain_error_at(error, mend->path, 0);
		status = REVCHAIN_USAGE;
	}
	return status;
}

static int render(struct creation *creation, struct revchain_mend *mend,
		  struct revchain_error *error)
{
	struct workspace *workspace = creation->workspace;
	struct revchain_buffer text = {0};
	struct revchain_mend template;
	const char *location = creation->project.script_location;
	const char *path = revchain_arena_printf(workspace->arena, "%s%sscript.py.mako", location,
						 *location ? "/" : "");
	enum revchain_file_type type = REVCHAIN_FILE_NONE;
	int status = path ? revchain_snapshot_stat(&workspace->snapshot, path, workspace->arena,
						   &type, NULL, error)
			  : revchain_fail_memory(error);

	if (!status && type != REVCHAIN_FILE_REGULAR) {
		revchain_fail(error, REVCHAIN_USAGE, "there is no %s to make it from", path);
		revchain_error_hint(error, "alembic init makes one in a new project: take that");
		return REVCHAIN_USAGE;
	}
	if (!status)
		status = mending_read(workspace, path, NULL, &template, error);
	if (status)
		return status;
	status = revchain_mako_render(template.text, template.length, path, &creation->values,
				      workspace->arena, &text, error);
	if (status == REVCHAIN_USAGE)
		hint_alembic(creation, error);
	if (!status) {
		mend->mended = revchain_arena_copy(workspace->arena, text.text ? text.text : "",
						   text.length);
		mend->mended_length = text.length;
		status = mend->mended ? verify(creation, mend, error) : revchain_fail_memory(error);
	}
	revchain_buffer_free(&text);
	return status;
}

int merge_create(struct workspace *workspace, const struct merge_heads *heads,
		 struct revchain_mend *mend, const char **id, struct revchain_error *error)
{
	struct creation creation = {.workspace = workspace};
	const char **parents =
		revchain_arena_array(workspace->arena, heads->count, sizeof(*parents));
	size_t i;
	int status = parents ? read_settings(&creation, error) : revchain_fail_memory(error);

	for (i = 0; parents && i < heads->count; i++)
		parents[i] = workspace->set.items[heads->items[i]].revision;
	*id = workspace->options->new_id;
	if (!status && !*id)
		status = random_id(workspace, id, error);
	if (!status)
		status = set_date(&creation, error);
	creation.values.message = creation.name.message = workspace->options->message;
	creation.values.revision = creation.name.revision = *id;
	creation.values.parents = parents;
	creation.values.parent_count = heads->count;
	creation.values.option = option;
	creation.values.option_data = &creation.project;
	if (!status)
		status = place(&creation, heads, mend, error);
	return status ? status : render(&creation, mend, error);
}
