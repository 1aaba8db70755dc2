#include "revchain/branches.h"

#include <string.h>

#include "forkpoint.h"
#include "names.h"
#include "object.h"

/* What stands for the lanes of a commit: the same text, the same migrations. */
static int lanes_key(const struct revchain_state *state, struct revchain_arena *arena,
		     const char **key, struct revchain_error *error)
{
	char hex[REVCHAIN_OID_HEX + 1];
	size_t i;

	*key = state->recursive ? "recursive" : "";
	for (i = 0; *key && i < state->lane_count; i++) {
		const char *directory = state->lanes[i].directory;
		git_oid tree = state->snapshot.tree;
		unsigned mode;
		bool found;
		int status = *directory ? revchain_tree_find_path(state->snapshot.repository,
								  &state->snapshot.tree, directory,
								  &mode, &tree, &found, error)
					: REVCHAIN_OK;

		if (status)
			return status;
		*key = revchain_arena_printf(arena, "%s\n%s %s", *key,
					     git_oid_tostr(hex, sizeof(hex), &tree), directory);
	}
	return *key ? REVCHAIN_OK : revchain_fail_memory(error);
}

/* Read the migrations of a commit, unless its lanes were read before. */
static int read_set(struct revchain_branches *branches, const git_oid *commit, const char *name,
		    const struct revchain_migrations **set, struct revchain_error *error)
{
	struct revchain_arena *arena = branches->arena;
	struct revchain_state *state = revchain_arena_alloc(arena, sizeof(*state));
	const char *key = NULL;
	int status;

	if (!branches->read)
		branches->read = revchain_arena_alloc(arena, sizeof(*branches->read));
	if (!state || !branches->read)
		return revchain_fail_memory(error);
	status = revchain_state_open(branches->scope, name, commit, arena, state, NULL, error);
	if (!status)
		status = lanes_key(state, arena, &key, error);
	if (status)
		return status;
	*set = revchain_names_find(branches->read, key, strlen(key));
	if (*set)
		return REVCHAIN_OK;
	*set = &state->set;
	status = revchain_state_load(state, arena, error);
	if (!status && !revchain_names_add(branches->read, arena, key, strlen(key), &state->set))
		status = revchain_fail_memory(error);
	return status;
}

int revchain_branches_read(struct revchain_branches *branches, struct revchain_error *error)
{
	size_t i;
	int status = REVCHAIN_OK;

	for (i = 0; !status && i < branches->count; i++) {
		struct revchain_branch *branch = &branches->items[i];

		if (!branch->set)
			status = read_set(branches, &branch->commit, branch->name, &branch->set,
					  error);
	}
	return status;
}

/* List what a branch has and a set has not, out of what it may add. */
static void leave_out(struct revchain_branch *branch, const struct revchain_migrations *set,
		      size_t *added)
{
	size_t i, count = 0;

	for (i = 0; i < branch->added_count; i++) {
		const char *revision = branch->set->items[added[i]].revision;

		if (revision && !revchain_migrations_find(set, revision, NULL))
			added[count++] = added[i];
	}
	branch->added_count = count;
}

int revchain_branches_compare(struct revchain_branches *branches, struct revchain_error *error)
{
	struct revchain_repository *repository = branches->scope->repository;
	bool cut = revchain_repository_is_shallow(repository), found;
	struct revchain_mainline line;
	size_t i, j;
	int status = REVCHAIN_OK;

	revchain_mainline_init(&line, repository, branches->arena, &branches->base_commit);
	for (i = 0; !status && i < branches->count; i++) {
		struct revchain_branch *branch = &branches->items[i];
		size_t *added = revchain_arena_array(branches->arena, branch->set->count + 1,
						     sizeof(*added));
		const struct revchain_migrations *set;
		git_oid fork;

		if (!added)
			return revchain_fail_memory(error);
		for (j = 0; j < branch->set->count; j++)
			added[j] = j;
		branch->added = added;
		branch->added_count = branch->set->count;
		leave_out(branch, branches->base, added);
		if (cut || !branch->added_count || git_oid_is_zero(&branch->commit))
			continue;
		status = revchain_fork_point(&line, &branch->commit, &fork, &found, error);
		if (status || !found)
			continue;
		status = read_set(branches, &fork, branch->name, &set, error);
		if (!status)
			leave_out(branch, set, added);
	}
	return status;
}
