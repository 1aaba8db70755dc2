#include "revchain/migration.h"

#include <stdlib.h>
#include <string.h>

#include "revchain/text.h"

#include "map.h"
#include "scans.h"

/* Alembic refuses them in a revision id: they mean something in `upgrade branch@head` and `upgrade
 * +2`. */
#define ILLEGAL_IN_REVISION "@-+"

struct loading {
	struct revchain_migrations *set;
	struct revchain_findings *findings;
	struct revchain_map paths; /* those that are in the set: lanes may overlap */
	size_t capacity;
};

static bool ends_with(const char *text, size_t length, const char *end)
{
	size_t end_length = strlen(end);

	return length >= end_length && memcmp(text + length - end_length, end, end_length) == 0;
}

bool revchain_is_migration_path(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = revchain_text_base_name(path);

	return ends_with(name, strlen(name), ".py") && strncmp(name, "__init__", 8) != 0 &&
	       strncmp(name, ".#", 2) != 0 && !strchr(name, '\n') &&
	       !(slash && ends_with(path, (size_t)(slash - path), "__pycache__"));
}

size_t revchain_value_names(const struct revchain_value *value)
{
	return value->kind == REVCHAIN_VALUE_STRING || value->kind == REVCHAIN_VALUE_SEQUENCE
		       ? value->count
		       : 0;
}

size_t revchain_migration_names_parents(const struct revchain_migration *migration)
{
	const struct revchain_value *value = &migration->scan.down_revision;

	if (value->kind == REVCHAIN_VALUE_STRING && !*value->strings[0])
		return 0;
	return revchain_value_names(value);
}

static void report_problems(struct revchain_findings *findings,
			    const struct revchain_migration *migration)
{
	size_t i;

	for (i = 0; i < migration->scan.problem_count; i++) {
		const struct revchain_pyproblem *problem = &migration->scan.problems[i];
		/* the order and the chain need no labels, but where depends_on names one */
		bool harmless = problem->name && strcmp(problem->name, "branch_labels") == 0;
		struct revchain_finding *finding = revchain_finding_add(
			findings,
			harmless ? REVCHAIN_FINDING_UNREADABLE_LABELS : REVCHAIN_FINDING_UNREADABLE,
			harmless ? REVCHAIN_NOTE : REVCHAIN_ERROR, "%s", problem->message);

		revchain_finding_at(findings, finding, migration->path, problem->line, NULL);
		if (problem->hint)
			revchain_finding_hint(findings, finding, "%s", problem->hint);
		if (harmless)
			revchain_finding_hint(findings, finding,
					      "until then it counts as a label of its own");
	}
}

static void check_revision(struct revchain_findings *findings,
			   const struct revchain_migration *migration)
{
	const struct revchain_value *value = &migration->scan.revision;
	struct revchain_finding *finding = NULL;

	if (value->kind == REVCHAIN_VALUE_MISSING) {
		finding =
			revchain_finding_add(findings, REVCHAIN_FINDING_NO_REVISION, REVCHAIN_ERROR,
					     "no revision is declared, and Alembic loads every .py "
					     "file of a versions directory");
		revchain_finding_hint(
			findings, finding,
			"add `revision = \"…\"`, or move the file out of the versions directory");
	} else if (migration->revision &&
		   (!*migration->revision || strpbrk(migration->revision, ILLEGAL_IN_REVISION))) {
		finding = revchain_finding_add(
			findings, REVCHAIN_FINDING_BAD_REVISION, REVCHAIN_ERROR,
			"the revision id '%s' is none that Alembic takes", migration->revision);
		revchain_finding_hint(
			findings, finding,
			"a revision id is not empty and has no '@', '-' or '+' in it");
	}
	revchain_finding_at(findings, finding, migration->path, value->line, NULL);
}

static void check_down_revision(struct revchain_findings *findings,
				const struct revchain_migration *migration)
{
	const struct revchain_value *value = &migration->scan.down_revision;
	struct revchain_finding *finding = NULL;

	if (value->kind == REVCHAIN_VALUE_MISSING &&
	    migration->scan.revision.kind != REVCHAIN_VALUE_MISSING) {
		finding = revchain_finding_add(findings, REVCHAIN_FINDING_NO_DOWN_REVISION,
					       REVCHAIN_ERROR, "no down_revision is declared");
		revchain_finding_hint(
			findings, finding,
			"add `down_revision = get_down_revision(revision)`, a parent, or None");
		revchain_finding_at(findings, finding, migration->path,
				    migration->scan.revision.line, NULL);
	} else if (value->kind == REVCHAIN_VALUE_CALL && migration->revision && value->count &&
		   strcmp(value->strings[0], migration->revision) != 0) {
		finding = revchain_finding_add(
			findings, REVCHAIN_FINDING_WRONG_ARGUMENT, REVCHAIN_ERROR,
			"get_down_revision is called with '%s', and this migration is '%s'",
			value->strings[0], migration->revision);
		revchain_finding_hint(findings, finding,
				      "down_revision = get_down_revision(revision)");
		revchain_finding_at(findings, finding, migration->path, value->line, NULL);
		revchain_finding_at(findings, finding, migration->path,
				    migration->scan.revision.line, "revision is set here");
	}
}

/* Enter a migration under its revision id, or find the one that was there before. */
static bool register_revision(struct loading *loading, size_t index)
{
	struct revchain_migrations *set = loading->set;
	const struct revchain_migration *migration = &set->items[index], *other;
	struct revchain_finding *finding;
	size_t first;

	if (!migration->revision)
		return true;
	if (!revchain_migrations_find(set, migration->revision, &first))
		return revchain_map_put(set->by_revision, migration->revision,
					strlen(migration->revision), index);
	other = &set->items[first];
	finding =
		revchain_finding_add(loading->findings, REVCHAIN_FINDING_DUPLICATE, REVCHAIN_ERROR,
				     "the revision id '%s' is declared twice", migration->revision);
	revchain_finding_at(loading->findings, finding, migration->path,
			    migration->scan.revision.line, NULL);
	revchain_finding_at(loading->findings, finding, other->path, other->scan.revision.line,
			    "the other one");
	revchain_finding_hint(
		loading->findings, finding,
		"delete one of the files, or give the one that was never applied an id of its own");
	return true;
}

/* Judge a migration that was scanned, the last one of the set, and count it in. */
static int enter(struct loading *loading, struct revchain_error *error)
{
	struct revchain_migrations *set = loading->set;
	struct revchain_migration *migration = &set->items[set->count];

	if (migration->scan.revision.kind == REVCHAIN_VALUE_STRING)
		migration->revision = migration->scan.revision.strings[0];
	if (migration->scan.down_revision.kind == REVCHAIN_VALUE_CALL)
		migration->kind = REVCHAIN_DYNAMIC;
	report_problems(loading->findings, migration);
	check_revision(loading->findings, migration);
	check_down_revision(loading->findings, migration);
	return register_revision(loading, set->count++) ? REVCHAIN_OK : revchain_fail_memory(error);
}

/* Put a file into the set, unless it is there by another lane. */
static bool add_file(struct loading *loading, size_t lane, const struct revchain_listed *file)
{
	struct revchain_migrations *set = loading->set;
	struct revchain_migration *grown, *migration;
	const char *path = file->path;

	if (revchain_map_get(&loading->paths, path, strlen(path), NULL))
		return true;
	grown = revchain_arena_grow(set->arena, set->items, set->count, &loading->capacity,
				    sizeof(*set->items));
	if (!grown || !revchain_map_put(&loading->paths, path, strlen(path), set->count))
		return false;
	set->items = grown;
	migration = &grown[set->count++];
	memset(migration, 0, sizeof(*migration));
	migration->path = path;
	migration->lane = lane;
	migration->blob = file->blob;
	return true;
}

static int list_lane(struct loading *loading, struct revchain_snapshot *snapshot, size_t lane,
		     struct revchain_error *error)
{
	struct revchain_migrations *set = loading->set;
	const struct revchain_listed *files;
	size_t i, count;
	int status = revchain_snapshot_list(snapshot, set->lanes[lane].directory, set->recursive,
					    set->arena, &files, &count, error);

	if (!status && !set->items) { /* most projects have one lane: no array is moved */
		set->items = revchain_arena_array(set->arena, count, sizeof(*set->items));
		loading->capacity = set->items ? count : 0;
	}
	for (i = 0; !status && i < count; i++)
		if (revchain_is_migration_path(files[i].path) &&
		    !add_file(loading, lane, &files[i]))
			status = revchain_fail_memory(error);
	return status;
}

static int make_map(struct revchain_migrations *set, struct revchain_error *error)
{
	set->by_revision = revchain_arena_alloc(set->arena, sizeof(*set->by_revision));
	if (!set->by_revision)
		return revchain_fail_memory(error);
	revchain_map_init(set->by_revision, set->arena);
	return REVCHAIN_OK;
}

int revchain_migrations_load(struct revchain_migrations *set, struct revchain_snapshot *snapshot,
			     const struct revchain_lane *lanes, size_t lane_count, bool recursive,
			     struct revchain_arena *arena, struct revchain_findings *findings,
			     struct revchain_error *error)
{
	struct loading loading = {.set = set, .findings = findings};
	size_t lane, count;
	int status;

	memset(set, 0, sizeof(*set));
	set->arena = arena;
	set->lanes = lanes;
	set->lane_count = lane_count;
	set->recursive = recursive;
	status = make_map(set, error);
	revchain_map_init(&loading.paths, arena);
	for (lane = 0; !status && lane < lane_count; lane++)
		status = list_lane(&loading, snapshot, lane, error);
	if (!status)
		status = revchain_scans_read(snapshot, set->items, set->count, arena, error);
	count = set->count;
	for (set->count = 0; !status && set->count < count;)
		status = enter(&loading, error);
	return status;
}

static int by_lane_and_path(const void *left, const void *right)
{
	const struct revchain_picked *a = left, *b = right;

	if (a->lane != b->lane)
		return a->lane < b->lane ? -1 : 1;
	return strcmp(a->migration->path, b->migration->path);
}

int revchain_migrations_collect(struct revchain_migrations *set, struct revchain_picked *picked,
				size_t count, struct revchain_findings *findings,
				struct revchain_error *error)
{
	struct loading loading = {.set = set, .findings = findings};
	size_t i;
	int status = make_map(set, error);

	set->items = revchain_arena_array(set->arena, count + 1, sizeof(*set->items));
	if (!set->items)
		return revchain_fail_memory(error);
	qsort(picked, count, sizeof(*picked), by_lane_and_path);
	for (i = 0; !status && i < count; i++) {
		struct revchain_migration *migration = &set->items[set->count];

		migration->path = picked[i].migration->path;
		migration->blob = picked[i].migration->blob;
		migration->scan = picked[i].migration->scan;
		migration->lane = picked[i].lane;
		status = enter(&loading, error);
	}
	return status;
}

bool revchain_migrations_find(const struct revchain_migrations *set, const char *revision,
			      size_t *index)
{
	return revchain_map_get(set->by_revision, revision, strlen(revision), index);
}

bool revchain_migration_same(const struct revchain_migration *a, const struct revchain_migration *b)
{
	return revchain_value_same(&a->scan.revision, &b->scan.revision) &&
	       revchain_value_same(&a->scan.down_revision, &b->scan.down_revision) &&
	       revchain_value_same(&a->scan.depends_on, &b->scan.depends_on) &&
	       revchain_value_same(&a->scan.branch_labels, &b->scan.branch_labels);
}

bool revchain_migrations_have_dynamic(const struct revchain_migrations *set)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (set->items[i].kind == REVCHAIN_DYNAMIC)
			return true;
	return false;
}

struct revchain_links *revchain_migrations_parents(const struct revchain_migrations *set,
						   struct revchain_error *error)
{
	struct revchain_links *parents =
		revchain_arena_array(set->arena, set->count + 1, sizeof(*parents));
	size_t i;

	if (!parents)
		revchain_fail_memory(error);
	for (i = 0; parents && i < set->count; i++)
		parents[i] = set->items[i].parents;
	return parents;
}
