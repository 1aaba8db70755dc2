#include "revchain/project.h"

#include <string.h>

#include "ini.h"
#include "location.h"
#include "settings.h"
#include "toml.h"

struct reader {
	struct revchain_snapshot *snapshot;
	struct revchain_arena *arena;
	struct revchain_error *error;
	const char *section;		  /* of alembic.ini */
	const char *start;		  /* the directory in which revchain was started */
	const char *directory;		  /* that of the configuration files */
	const char *ini_path, *toml_path; /* of the files that are there; else NULL */
	struct revchain_ini ini;
	struct revchain_settings_source source;
	bool elsewhere; /* the file was named, and not in `start`: a location may be meant from
			   there */
};

static void hint_directory(struct reader *reader)
{
	revchain_error_hint(reader->error,
			    "name the versions directories: revchain COMMAND DIR...");
}

/* The directory that holds `path`; NULL when memory ran out. */
static const char *parent(struct reader *reader, const char *path)
{
	const char *slash = strrchr(path, '/');

	return revchain_arena_copy(reader->arena, path, slash ? (size_t)(slash - path) : 0);
}

static int is_type(struct reader *reader, const char *path, enum revchain_file_type wanted,
		   bool *is)
{
	enum revchain_file_type type = REVCHAIN_FILE_NONE;
	int status = path ? revchain_snapshot_stat(reader->snapshot, path, reader->arena, &type,
						   NULL, reader->error)
			  : revchain_fail_memory(reader->error);

	*is = type == wanted;
	return status;
}

/* Read a file of the configuration; `*text` is NULL where there is none. */
static int read_if_there(struct reader *reader, const char *path, const char **text, size_t *length)
{
	bool there;
	int status = is_type(reader, path, REVCHAIN_FILE_REGULAR, &there);

	*text = NULL;
	if (status || !there)
		return status;
	return revchain_snapshot_read(reader->snapshot, path, reader->arena, text, length,
				      reader->error);
}

static int load_ini(struct reader *reader, const char *path)
{
	const char *text;
	size_t length;
	int status = read_if_there(reader, path, &text, &length);

	if (status || !text)
		return status;
	status = revchain_ini_parse(text, length, path, REVCHAIN_HERE, reader->arena, &reader->ini,
				    reader->error);
	if (status)
		return status;
	reader->ini_path = path;
	reader->source.ini = &reader->ini;
	reader->source.section = revchain_ini_section(&reader->ini, reader->section);
	return REVCHAIN_OK;
}

static int load_toml(struct reader *reader, const char *path)
{
	struct revchain_toml_table *root;
	const char *text;
	size_t length;
	int status = read_if_there(reader, path, &text, &length);

	if (status || !text)
		return status;
	status = revchain_toml_parse(text, length, path, reader->arena, &root, reader->error);
	if (!status)
		status = revchain_settings_table(root, path, &reader->source.toml, reader->error);
	if (status)
		return status;
	reader->toml_path = path;
	reader->source.toml_path = path;
	return REVCHAIN_OK;
}

/* Read both files of the directory, one of which may have another name. */
static int load(struct reader *reader, const char *ini_path, const char *toml_path)
{
	int status;

	reader->ini_path = reader->toml_path = NULL;
	reader->source = (struct revchain_settings_source){0};
	if (!ini_path)
		ini_path = revchain_arena_join(reader->arena, reader->directory, "alembic.ini");
	if (!toml_path)
		toml_path = revchain_arena_join(reader->arena, reader->directory, "pyproject.toml");
	status = load_ini(reader, ini_path);
	return status ? status : load_toml(reader, toml_path);
}

static int load_named(struct reader *reader, const char *config)
{
	const char *slash = strrchr(config, '/');
	bool is_toml = !strcmp(slash ? slash + 1 : config, "pyproject.toml"), there;
	int status = is_type(reader, config, REVCHAIN_FILE_REGULAR, &there);

	if (status)
		return status;
	if (!there)
		return revchain_fail_at(reader->error, REVCHAIN_USAGE, config, 0, "no such file");
	reader->directory = parent(reader, config);
	if (!reader->directory)
		return revchain_fail_memory(reader->error);
	reader->elsewhere = strcmp(reader->directory, reader->start) != 0;
	status = load(reader, is_toml ? NULL : config, is_toml ? config : NULL);
	if (status || reader->source.section || reader->source.toml)
		return status;
	if (is_toml)
		return revchain_fail_at(reader->error, REVCHAIN_USAGE, config, 0,
					"no table [tool.alembic]");
	revchain_fail(reader->error, REVCHAIN_USAGE, "no section [%s]", reader->section);
	revchain_error_hint(reader->error, "-n SECTION names another section");
	revchain_error_at(reader->error, config, 0);
	return REVCHAIN_USAGE;
}

/* Search upwards. */
static int load_nearest(struct reader *reader)
{
	const char *without = NULL; /* the first ini file that lacks the section */

	for (reader->directory = reader->start;;) {
		int status = load(reader, NULL, NULL);

		if (status || reader->source.section || reader->source.toml)
			return status;
		without = without ? without : reader->ini_path;
		if (!*reader->directory)
			break;
		reader->directory = parent(reader, reader->directory);
		if (!reader->directory)
			return revchain_fail_memory(reader->error);
	}
	revchain_fail(reader->error, REVCHAIN_USAGE,
		      "no alembic.ini or pyproject.toml with [tool.alembic] here or above");
	if (without)
		revchain_error_hint(reader->error,
				    "%s has no section [%s]: -n SECTION names another", without,
				    reader->section);
	hint_directory(reader);
	revchain_error_hint(reader->error, "or the configuration: -c FILE");
	return REVCHAIN_USAGE;
}

static const char *workdir(const struct reader *reader)
{
	return reader->snapshot->repository
		       ? revchain_repository_workdir(reader->snapshot->repository)
		       : NULL;
}

/*
 * Whether `base` has the package, and whether as one with an __init__.py: Python prefers such a
 * one, wherever it is on sys.path, to a directory that is merely of the name.
 */
static int find_package(struct reader *reader, const char *base,
			const struct revchain_location_package *package, bool *there, bool *regular)
{
	const char *directory = revchain_arena_join(reader->arena, base, package->directory),
		   *top = revchain_arena_join(reader->arena, base, package->top);
	int status = is_type(reader, directory, REVCHAIN_FILE_DIRECTORY, there);

	*regular = false;
	if (status || !*there)
		return status;
	return is_type(reader, top ? revchain_arena_join(reader->arena, top, "__init__.py") : NULL,
		       REVCHAIN_FILE_REGULAR, regular);
}

/* The directories that stand in for sys.path. */
static int search_path(struct reader *reader, const struct revchain_setting *prepend,
		       const char ***bases, size_t *count)
{
	struct revchain_location_base base = {reader->directory, reader->directory,
					      workdir(reader)};
	const char *src = revchain_arena_join(reader->arena, reader->directory, "src");

	*bases = revchain_arena_array(reader->arena, prepend->count + 2, sizeof(**bases));
	if (!src || !*bases)
		return revchain_fail_memory(reader->error);
	*count = 0;
	for (size_t i = 0; i < prepend->count; i++) {
		const char **path = &(*bases)[*count];
		int status = revchain_location_path(prepend->values[i], &base, reader->arena, path,
						    reader->error);

		if (status == REVCHAIN_IO)
			return status;
		*count += *path != NULL; /* what is out of the repository cannot be searched */
	}
	(*bases)[(*count)++] = reader->directory;
	(*bases)[(*count)++] = src;
	return REVCHAIN_OK;
}

/* `package:path` */
static int resolve_package(struct reader *reader, const char *text,
			   const struct revchain_setting *prepend, const char **path)
{
	struct revchain_location_package package;
	const char *found = NULL, **bases;
	size_t count = 0;
	int status = revchain_location_package(text, reader->arena, &package, reader->error);

	if (!status)
		status = search_path(reader, prepend, &bases, &count);
	for (size_t i = 0; !status && package.path && i < count; i++) {
		bool there, regular;

		status = find_package(reader, bases[i], &package, &there, &regular);
		if (!status && there && (regular || !found))
			found = bases[i];
		if (regular)
			break;
	}
	if (status)
		return status;
	if (!found) {
		revchain_fail(reader->error, REVCHAIN_USAGE,
			      "the package of %s is not found without running Python", text);
		hint_directory(reader);
		return REVCHAIN_USAGE;
	}
	*path = revchain_arena_join(reader->arena, found, package.path);
	return *path ? REVCHAIN_OK : revchain_fail_memory(reader->error);
}

/* A location that is no package. */
static int resolve_path(struct reader *reader, const char *text, const char **path)
{
	struct revchain_location_base base = {reader->directory, reader->directory,
					      workdir(reader)};
	const char *other;
	bool there;
	int status = revchain_location_path(text, &base, reader->arena, path, reader->error);

	if (status || !reader->elsewhere)
		return status;
	status = is_type(reader, *path, REVCHAIN_FILE_DIRECTORY, &there);
	if (status || there)
		return status;
	base.directory = reader->start;
	status = revchain_location_path(text, &base, reader->arena, &other, reader->error);
	if (status == REVCHAIN_USAGE)
		return REVCHAIN_OK;
	if (!status)
		status = is_type(reader, other, REVCHAIN_FILE_DIRECTORY, &there);
	if (!status && there)
		*path = other;
	return status;
}

static int resolve(struct reader *reader, const struct revchain_setting *setting, const char *text,
		   const struct revchain_setting *prepend, const char **path)
{
	int status = revchain_location_is_package(text)
			     ? resolve_package(reader, text, prepend, path)
			     : resolve_path(reader, text, path);

	if (status == REVCHAIN_USAGE)
		revchain_error_at(reader->error, setting->path, setting->line);
	return status;
}

/* The versions directories, each once. */
static int resolve_locations(struct reader *reader, const struct revchain_settings *settings,
			     struct revchain_project *project)
{
	const struct revchain_setting *setting = &settings->version_locations;
	const char **locations =
		revchain_arena_array(reader->arena, setting->count + 1, sizeof(*locations));
	struct revchain_names seen = {0};

	if (!locations)
		return revchain_fail_memory(reader->error);
	project->locations = locations;
	if (!setting->count) {
		locations[project->count++] =
			revchain_arena_join(reader->arena, project->script_location, "versions");
		return locations[0] ? REVCHAIN_OK : revchain_fail_memory(reader->error);
	}
	for (size_t i = 0; i < setting->count; i++) {
		const char *path = NULL;
		int status = resolve(reader, setting, setting->values[i],
				     &settings->prepend_sys_path, &path);

		if (status)
			return status;
		if (revchain_names_find(&seen, path, strlen(path)))
			continue;
		if (!revchain_names_add(&seen, reader->arena, path, strlen(path), reader))
			return revchain_fail_memory(reader->error);
		locations[project->count++] = path;
	}
	return REVCHAIN_OK;
}

static int fail_no_location(struct reader *reader)
{
	const struct revchain_ini_section *section = reader->source.section;

	if (section) {
		revchain_fail(reader->error, REVCHAIN_USAGE, "no script_location in section [%s]%s",
			      section->name,
			      reader->toml_path ? " nor in [tool.alembic] of pyproject.toml" : "");
		revchain_error_at(reader->error, reader->ini_path, section->line);
	} else {
		revchain_fail_at(reader->error, REVCHAIN_USAGE, reader->toml_path, 0,
				 "no script_location in [tool.alembic]");
	}
	hint_directory(reader);
	return REVCHAIN_USAGE;
}

/* A setting of one value as a text, NULL where it is not set. */
static int show(const struct revchain_setting *setting, struct revchain_arena *arena,
		const char **text, struct revchain_error *error)
{
	if (!setting->count)
		return REVCHAIN_OK;
	*text = revchain_location_show(*setting->values, arena);
	return *text ? REVCHAIN_OK : revchain_fail_memory(error);
}

int revchain_project_read(struct revchain_snapshot *snapshot, const char *directory,
			  const char *config, const char *section, struct revchain_arena *arena,
			  struct revchain_project *project, struct revchain_error *error)
{
	struct reader *reader = revchain_arena_alloc(arena, sizeof(*reader));
	struct revchain_settings settings;
	int status;

	*project = (struct revchain_project){0};
	if (!reader)
		return revchain_fail_memory(error);
	*reader = (struct reader){.snapshot = snapshot,
				  .arena = arena,
				  .error = error,
				  .section = section ? section : "alembic",
				  .start = directory};
	project->source = &reader->source;
	status = config ? load_named(reader, config) : load_nearest(reader);
	if (!status)
		status = revchain_settings_read(&reader->source, arena, &settings, error);
	if (status)
		return status;
	if (!settings.script_location.count)
		return fail_no_location(reader);
	status = resolve(reader, &settings.script_location, *settings.script_location.values,
			 &settings.prepend_sys_path, &project->script_location);
	if (!status)
		status = resolve_locations(reader, &settings, project);
	project->config = settings.script_location.path;
	project->recursive = settings.recursive;
	if (!status)
		status = show(&settings.file_template, arena, &project->file_template, error);
	if (!status)
		status = show(&settings.truncate_slug_length, arena, &project->truncate_slug_length,
			      error);
	if (!status)
		status = show(&settings.timezone, arena, &project->timezone, error);
	if (!status)
		status = show(&settings.output_encoding, arena, &project->output_encoding, error);
	return status;
}

int revchain_project_option(const struct revchain_project *project, const char *name,
			    struct revchain_arena *arena, const char **value,
			    struct revchain_error *error)
{
	static const struct revchain_settings_source none;
	int status = revchain_settings_main_option(project->source ? project->source : &none, name,
						   value, error);

	if (status || !*value)
		return status;
	*value = revchain_location_show(*value, arena);
	return *value ? REVCHAIN_OK : revchain_fail_memory(error);
}
