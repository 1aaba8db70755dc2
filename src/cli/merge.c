#include "commands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "mending.h"
#include "options.h"
#include "output.h"
#include "workspace.h"

#define ID_DIGITS 12

static const char usage[] =
	"usage: revchain merge -m MESSAGE [OPTIONS] [REV...] [DIR...]\n"
	"\n"
	"Write the migration that merges heads, as `alembic merge` does, with no import of the "
	"application:\n"
	"by the project's script.py.mako, file_template, truncate_slug_length and timezone. "
	"Without REV, the\n"
	"heads are those that `revchain check` complains of: lanes and branch labels are kept "
	"apart. Dynamic\n"
	"migrations never need it; static ones beside them may. A DIR is told from a REV by a "
	"slash.\n"
	"\n"
	"  -m, --message TEXT what the migration is about\n"
	"      --rev-id ID    its revision id (default: 12 random digits)\n"
	"      --dry-run      print the change as a diff, and write nothing\n"
	"\n";

/* The heads that are merged, as indices into the set. */
struct heads {
	size_t *items;
	size_t count;
};

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

static bool is_about_heads(const struct revchain_finding *finding)
{
	return strcmp(finding->id, REVCHAIN_FINDING_MULTIPLE_HEADS) == 0 ||
	       strcmp(finding->id, REVCHAIN_FINDING_HYBRID_FORK) == 0;
}

/* Judge the graph: findings about heads have the heads as their places. */
static int judge(struct workspace *workspace, struct revchain_findings *judged,
		 struct revchain_heads *heads, struct revchain_error *error)
{
	const struct revchain_migrations *set = &workspace->set;
	struct revchain_links *parents =
		revchain_arena_array(workspace->arena, set->count + 1, sizeof(*parents));
	size_t i, dynamic = 0;
	int status;

	if (!parents)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++) {
		parents[i] = set->items[i].parents;
		dynamic += set->items[i].kind == REVCHAIN_DYNAMIC;
	}
	status = revchain_heads_find(set, parents, heads, error);
	if (status || dynamic) /* then the history decides: see choose_heads */
		return status;
	revchain_findings_init(judged, workspace->arena);
	return revchain_lineage_judge(set, parents, heads, 0, judged, error);
}

static bool has_dynamic(const struct revchain_migrations *set)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (set->items[i].kind == REVCHAIN_DYNAMIC)
			return true;
	return false;
}

/* The heads that a finding is about. */
static bool take_places(const struct workspace *workspace, const struct revchain_finding *finding,
			struct heads *heads)
{
	const struct revchain_migrations *set = &workspace->set;
	const struct revchain_place *place;
	size_t i;

	heads->items =
		revchain_arena_array(workspace->arena, set->count + 1, sizeof(*heads->items));
	heads->count = 0;
	for (place = finding->place; heads->items && place; place = place->next)
		for (i = 0; i < set->count; i++)
			if (strcmp(set->items[i].path, place->path) == 0)
				heads->items[heads->count++] = i;
	return heads->items != NULL;
}

/* Several lanes have heads to merge: say how to name those of one. */
static int fail_groups(const struct workspace *workspace, const struct revchain_findings *findings)
{
	const struct revchain_finding *finding;
	struct heads heads;
	size_t i;

	output_error("heads are to be merged in several places, each by a migration of its own");
	for (finding = findings->first; finding; finding = finding->next) {
		struct revchain_buffer words = {0};

		if (!is_about_heads(finding) || !take_places(workspace, finding, &heads))
			continue;
		for (i = 0; i < heads.count; i++) {
			const char *word = revchain_text_shell_word(
				workspace->arena, workspace->set.items[heads.items[i]].revision);

			revchain_buffer_printf(&words, " %s", word ? word : "");
		}
		output_hint("revchain merge -m MESSAGE%s", words.text ? words.text : "");
		revchain_buffer_free(&words);
	}
	return REVCHAIN_USAGE;
}

/* The heads that nobody meant, of one lane. `heads->count` 0: nothing needs merging. */
static int choose_heads(struct workspace *workspace, struct revchain_findings *judged,
			struct heads *heads)
{
	const struct revchain_findings *findings = judged;
	const struct revchain_finding *finding, *found = NULL;

	if (has_dynamic(&workspace->set)) {
		int status = workspace_order(workspace, false);

		if (status)
			return status;
		findings = &workspace->findings;
	}
	for (finding = findings->first; finding; finding = finding->next) {
		if (!is_about_heads(finding))
			continue;
		if (found)
			return fail_groups(workspace, findings);
		found = finding;
	}
	heads->count = 0;
	return !found || take_places(workspace, found, heads) ? 0 : REVCHAIN_IO;
}

static bool is_head(const struct revchain_heads *all, size_t index)
{
	size_t i;

	for (i = 0; i < all->head_count; i++)
		if (all->heads[i] == index)
			return true;
	return false;
}

/* The heads that were named. */
static int name_heads(struct workspace *workspace, const struct revchain_heads *all,
		      struct heads *heads)
{
	const struct options *options = workspace->options;
	size_t i, j, index = 0;

	heads->items = revchain_arena_array(workspace->arena, options->word_count,
					    sizeof(*heads->items));
	if (!heads->items)
		return REVCHAIN_IO;
	for (i = 0; i < options->word_count; i++) {
		const struct revchain_migration *migration = &workspace->set.items[index];

		if (!mending_find(workspace, options->words[i], &index))
			return REVCHAIN_USAGE;
		migration = &workspace->set.items[index];
		for (j = 0; j < heads->count; j++)
			if (heads->items[j] == index) {
				output_error("%s is named twice", migration->revision);
				return REVCHAIN_USAGE;
			}
		if (migration->kind == REVCHAIN_DYNAMIC) {
			output_error("%s leaves its parent to git: it is never merged",
				     migration->revision);
			return REVCHAIN_USAGE;
		}
		if (!is_head(all, index)) {
			output_error("%s is not a head: another migration is behind it",
				     migration->revision);
			return REVCHAIN_USAGE;
		}
		heads->items[heads->count++] = index;
	}
	if (heads->count < 2) {
		output_error("a merge is of two heads or more");
		return REVCHAIN_USAGE;
	}
	return 0;
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
static int place(struct creation *creation, const struct heads *heads, struct revchain_mend *mend,
		 struct revchain_error *error)
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
	mend->path = *lane ? revchain_arena_printf(workspace->arena, "%s/%s", lane, name) : name;
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

static int create(struct creation *creation, const struct heads *heads, struct revchain_mend *mend,
		  struct revchain_error *error)
{
	struct workspace *workspace = creation->workspace;
	const char **parents =
		revchain_arena_array(workspace->arena, heads->count, sizeof(*parents));
	const char *id = workspace->options->new_id;
	size_t i;
	int status = parents ? read_settings(creation, error) : revchain_fail_memory(error);

	for (i = 0; parents && i < heads->count; i++)
		parents[i] = workspace->set.items[heads->items[i]].revision;
	if (!status && !id)
		status = random_id(workspace, &id, error);
	if (!status)
		status = set_date(creation, error);
	creation->values.message = creation->name.message = workspace->options->message;
	creation->values.revision = creation->name.revision = id;
	creation->values.parents = parents;
	creation->values.parent_count = heads->count;
	creation->values.option = option;
	creation->values.option_data = &creation->project;
	if (!status)
		status = place(creation, heads, mend, error);
	return status ? status : render(creation, mend, error);
}

static int write_merge(struct workspace *workspace, const struct heads *heads)
{
	struct creation creation = {.workspace = workspace};
	struct revchain_mend mend = {0};
	struct revchain_error error = {0};
	struct revchain_buffer names = {0};
	size_t i;
	int status = create(&creation, heads, &mend, &error);

	if (status)
		return output_failure(&error, workspace->options);
	for (i = 0; i < heads->count; i++)
		revchain_buffer_printf(&names, "%s%s", i ? ", " : "", creation.values.parents[i]);
	status = mending_carry_out(workspace, &mend, 1);
	if (!status)
		mending_say(workspace, "revchain check", "%s: %s merges %s", mend.path,
			    creation.values.revision, names.text ? names.text : "");
	revchain_buffer_free(&names);
	return status;
}

/* What was asked for, before anything is looked at. */
static int check_request(const struct workspace *workspace)
{
	const char *id = workspace->options->new_id;
	size_t other;

	if (!workspace->options->message) {
		output_error("a merge needs a message");
		output_hint("revchain merge -m \"merge heads\"");
		return REVCHAIN_USAGE;
	}
	if (id && strpbrk(id, "@-+:")) {
		output_error("Alembic does not take @, -, + or : in a revision id: %s", id);
		return REVCHAIN_USAGE;
	}
	if (id && revchain_migrations_find(&workspace->set, id, &other)) {
		output_error("the revision id %s is in use: %s", id,
			     workspace->set.items[other].path);
		return REVCHAIN_USAGE;
	}
	return mending_require_files(workspace);
}

static int merge(struct workspace *workspace)
{
	struct revchain_findings judged = {0};
	struct revchain_error error = {0};
	struct revchain_heads all;
	struct heads heads = {0};
	int status = check_request(workspace);

	if (status)
		return status;
	if (workspace->findings.errors) {
		output_findings(&workspace->findings, workspace->options);
		output_note("nothing was written");
		return REVCHAIN_MIGRATIONS;
	}
	status = judge(workspace, &judged, &all, &error);
	if (status)
		return output_failure(&error, workspace->options);
	status = workspace->options->word_count ? name_heads(workspace, &all, &heads)
						    : choose_heads(workspace, &judged, &heads);
	if (status)
		return status;
	if (heads.count)
		return write_merge(workspace, &heads);
	if (!workspace->options->quiet)
		output_note("nothing needs merging%s",
			    has_dynamic(&workspace->set)
				    ? ": dynamic migrations follow one another as they land"
				    : "");
	return 0;
}

int command_merge(int argc, char **argv)
{
	static const struct workspace_command command = {.usage = usage,
							 .takes = TAKES_MESSAGE | TAKES_WORDS |
								  TAKES_DRY_RUN,
							 .tree_only = true,
							 .run = merge};

	return workspace_run(&command, argc, argv);
}
