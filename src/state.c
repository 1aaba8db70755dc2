#include "revchain/state.h"

#include <string.h>

#include "revchain/project.h"

struct reading {
	const struct revchain_scope *scope;
	struct revchain_arena *arena;
	struct revchain_state *state;
	struct revchain_findings *findings; /* the caller's; may be NULL */
	struct revchain_lane *lanes;
};

static void report_absent(struct reading *reading, const char *directory)
{
	struct revchain_finding *finding;

	if (!reading->findings)
		return;
	finding = revchain_finding_add(reading->findings, REVCHAIN_FINDING_ABSENT_LANE,
				       REVCHAIN_WARNING,
				       "there is no directory '%s' in %s: taken for a lane without "
				       "migrations",
				       directory, reading->state->name);
	revchain_finding_hint(reading->findings, finding,
			      "if the migrations were in another directory then, nothing of them "
			      "was compared");
}

/* Enter a lane by its path, if it is there and not in yet. */
static int add_lane(struct reading *reading, const char *path, struct revchain_error *error)
{
	struct revchain_state *state = reading->state;
	enum revchain_file_type type;
	const char *resolved = NULL;
	size_t i;
	int status = revchain_snapshot_stat(&state->snapshot, path, reading->arena, &type,
					    &resolved, error);

	if (status)
		return status;
	if (type != REVCHAIN_FILE_DIRECTORY) {
		report_absent(reading, path);
		return REVCHAIN_OK;
	}
	for (i = 0; i < state->lane_count; i++)
		if (strcmp(reading->lanes[i].directory, resolved) == 0)
			return REVCHAIN_OK;
	reading->lanes[state->lane_count++].directory = resolved;
	return REVCHAIN_OK;
}

static int make_room(struct reading *reading, size_t count, struct revchain_error *error)
{
	reading->lanes = revchain_arena_array(reading->arena, count + 1, sizeof(*reading->lanes));
	reading->state->lanes = reading->lanes;
	return reading->lanes ? REVCHAIN_OK : revchain_fail_memory(error);
}

static int lanes_of_today(struct reading *reading, struct revchain_error *error)
{
	const struct revchain_scope *scope = reading->scope;
	size_t i;
	int status = make_room(reading, scope->lane_count, error);

	reading->state->recursive = scope->recursive;
	for (i = 0; !status && i < scope->lane_count; i++)
		status = add_lane(reading, scope->lanes[i].directory, error);
	return status;
}

static int lanes_of_configuration(struct reading *reading, struct revchain_error *error)
{
	const struct revchain_scope *scope = reading->scope;
	struct revchain_project project;
	struct revchain_error why = {0};
	size_t i;
	int status =
		revchain_project_read(&reading->state->snapshot, scope->directory, scope->config,
				      scope->section, reading->arena, &project, &why);

	if (status == REVCHAIN_USAGE) {
		if (reading->findings)
			revchain_finding_add(
				reading->findings, REVCHAIN_FINDING_ABSENT_CONFIGURATION,
				REVCHAIN_NOTE, "the lanes in %s are those of today: %s%s%s",
				reading->state->name, why.path, *why.path ? ": " : "", why.message);
		return lanes_of_today(reading, error);
	}
	if (status) {
		*error = why;
		return status;
	}
	status = make_room(reading, project.count, error);
	reading->state->recursive = scope->recursive_anywhere || project.recursive;
	for (i = 0; !status && i < project.count; i++)
		status = add_lane(reading, project.locations[i], error);
	return status;
}

int revchain_state_open(const struct revchain_scope *scope, const char *name, const git_oid *commit,
			struct revchain_arena *arena, struct revchain_state *state,
			struct revchain_findings *findings, struct revchain_error *error)
{
	struct reading reading = {
		.scope = scope, .arena = arena, .state = state, .findings = findings};
	int status;

	memset(state, 0, sizeof(*state));
	state->name = name;
	state->commit = *commit;
	revchain_findings_init(&state->findings, arena);
	status = revchain_snapshot_commit(&state->snapshot, scope->repository, commit, error);
	state->snapshot.scans = scope->scans;
	if (status)
		return status;
	return scope->discover ? lanes_of_configuration(&reading, error)
			       : lanes_of_today(&reading, error);
}

int revchain_state_load(struct revchain_state *state, struct revchain_arena *arena,
			struct revchain_error *error)
{
	int status = revchain_migrations_load(&state->set, &state->snapshot, state->lanes,
					      state->lane_count, state->recursive, arena,
					      &state->findings, error);

	return status ? status : revchain_graph_link(&state->set, &state->findings, error);
}

int revchain_state_read(const struct revchain_scope *scope, const char *name, const git_oid *commit,
			struct revchain_arena *arena, struct revchain_state *state,
			struct revchain_findings *findings, struct revchain_error *error)
{
	int status = revchain_state_open(scope, name, commit, arena, state, findings, error);

	return status ? status : revchain_state_load(state, arena, error);
}

int revchain_state_order(struct revchain_state *state, enum revchain_order_kind kind,
			 struct revchain_history *history, bool dynamic_only,
			 struct revchain_error *error)
{
	int status = revchain_order(kind, history, &state->snapshot, &state->set, &state->commit,
				    dynamic_only, &state->order, NULL, error);

	return status ? status
		      : revchain_chain_build(&state->set, &state->order, &state->chain,
					     &state->findings, error);
}
