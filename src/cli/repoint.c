#include "commands.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "mending.h"
#include "options.h"
#include "output.h"
#include "workspace.h"

static const char usage[] =
	"usage: revchain repoint REV [OPTIONS] [DIR...]\n"
	"\n"
	"Move a static migration that no database can have applied yet behind the head of another "
	"branch: its\n"
	"down_revision changes in place, and nothing else does. What hangs on it moves along. A "
	"DIR "
	"is told\n"
	"from REV by a slash.\n"
	"\n"
	"      --onto REF     the branch that databases follow: its head becomes the parent, and "
	"it "
	"must not\n"
	"                     have the migration yet (default: the first that is there of "
	"origin/HEAD,\n"
	"                     origin/main, origin/master, main, master)\n"
	"      --force        even where it has\n"
	"      --dry-run      print the change as a diff, and write nothing\n"
	"\n";

/* What is under way. Indices are into the set of the work tree, or of the state at REF. */
struct repointing {
	struct workspace *workspace;
	const struct revchain_migration *migration;
	const char *reference;
	struct revchain_state state;
	const struct revchain_links *parents; /* of each migration of the state */
	bool *moved; /* of the state: the migration itself, and what hangs on it */
	size_t head; /* of the state */
	bool has_head;
};

/* Say why it is not done; returns the exit status. */
__attribute__((format(printf, 2, 3))) static int refuse(const struct repointing *repointing,
							const char *format, ...);

static int refuse(const struct repointing *repointing, const char *format, ...)
{
	const struct revchain_migration *migration = repointing->migration;
	struct revchain_error error;
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	revchain_fail(&error, REVCHAIN_MIGRATIONS, "%s", message);
	revchain_error_at(&error, migration->path, migration->scan.down_revision.line);
	return output_failure(&error, repointing->workspace->options);
}

/* The parents of each migration at REF: the literal ones, or the chain's. */
static int find_parents(struct repointing *repointing, struct revchain_error *error)
{
	struct workspace *workspace = repointing->workspace;
	struct revchain_migrations *set = &repointing->state.set;
	int status;

	if (revchain_migrations_have_dynamic(set)) {
		status = revchain_repository_require_full_history(workspace->repository, error);
		if (!status)
			status = workspace_state_order(workspace, &repointing->state, false, error);
		repointing->parents = repointing->state.chain.parents;
		return status;
	}
	repointing->parents = revchain_migrations_parents(set, error);
	return repointing->parents ? REVCHAIN_OK : REVCHAIN_IO;
}

/* Mark the migration at REF, and all that hangs on it there. */
static int find_moved(struct repointing *repointing, struct revchain_error *error)
{
	const struct revchain_migrations *set = &repointing->state.set;
	struct revchain_arena *arena = repointing->workspace->arena;
	size_t *sorted = revchain_arena_array(arena, set->count + 1, sizeof(*sorted));
	size_t i, j, count, index;
	int status;

	repointing->moved = revchain_arena_array(arena, set->count + 1, sizeof(*repointing->moved));
	if (!sorted || !repointing->moved)
		return revchain_fail_memory(error);
	if (revchain_migrations_find(set, repointing->migration->revision, &index))
		repointing->moved[index] = true;
	status = revchain_graph_sort(repointing->parents, set->count, arena, sorted, &count, error);
	for (i = 0; !status && i < count; i++)
		for (j = 0; j < repointing->parents[sorted[i]].count; j++)
			if (repointing->moved[repointing->parents[sorted[i]].to[j]])
				repointing->moved[sorted[i]] = true;
	return status;
}

/* The lane at REF that the migration belongs to; false: it is not there. */
static bool find_lane(const struct repointing *repointing, size_t *lane)
{
	const char *directory = repointing->workspace->lanes[repointing->migration->lane].directory;

	for (*lane = 0; *lane < repointing->state.lane_count; (*lane)++)
		if (strcmp(repointing->state.lanes[*lane].directory, directory) == 0)
			return true;
	return false;
}

/* Whether a migration is an ancestor of another at REF, or that one itself. */
static bool leads_to(const struct repointing *repointing, size_t from, size_t to, bool *seen,
		     size_t *stack)
{
	revchain_graph_reach(repointing->parents, repointing->state.set.count, from, seen, stack);
	return seen[to];
}

/*
 * Whether a head is on the migration's own branch: where several heads are meant, as labelled
 * branches are, it is the one that the migration's parents lead to.
 */
static bool is_on_branch(const struct repointing *repointing, size_t head, bool *seen,
			 size_t *stack)
{
	const struct revchain_value *value = &repointing->migration->scan.down_revision;
	size_t i, parent;

	for (i = 0; i < value->count; i++)
		if (revchain_migrations_find(&repointing->state.set, value->strings[i], &parent) &&
		    leads_to(repointing, head, parent, seen, stack))
			return true;
	return false;
}

/* The head of REF without what is moved, in the migration's lane. More than one is refused, unless
 * the parent tells them apart. */
static int find_head(struct repointing *repointing)
{
	const struct revchain_migrations *set = &repointing->state.set;
	struct revchain_arena *arena = repointing->workspace->arena;
	bool *named = revchain_arena_array(arena, set->count + 1, sizeof(*named));
	bool *seen = revchain_arena_array(arena, set->count + 1, sizeof(*seen));
	size_t *stack = revchain_arena_array(arena, set->count + 1, sizeof(*stack));
	size_t i, j, lane, count = 0, near = 0, nearest = 0;

	if (!named || !seen || !stack) {
		output_error("memory ran out");
		return REVCHAIN_IO;
	}
	if (!find_lane(repointing, &lane))
		return 0;
	for (i = 0; i < set->count; i++)
		for (j = 0; !repointing->moved[i] && j < repointing->parents[i].count; j++)
			named[repointing->parents[i].to[j]] = true;
	for (i = 0; i < set->count; i++) {
		if (named[i] || repointing->moved[i] || set->items[i].lane != lane)
			continue;
		count++;
		repointing->head = i;
		if (is_on_branch(repointing, i, seen, stack)) {
			near++;
			nearest = i;
		}
	}
	if (count > 1 && near == 1)
		repointing->head = nearest;
	if (count > 1 && near != 1)
		return refuse(repointing, "%s has %zu heads itself: they have to be merged first",
			      repointing->reference, count);
	repointing->has_head = count > 0;
	return 0;
}

/* Add a parent that is not there yet. */
static void add_parent(const char **parents, size_t *count, const char *parent)
{
	size_t i;

	for (i = 0; i < *count; i++)
		if (strcmp(parents[i], parent) == 0)
			return;
	parents[(*count)++] = parent;
}

/*
 * The new parents: what the head includes already, and what is nowhere any more, gives way to it;
 * what else a merge migration merges stays.
 */
static int choose_parents(struct repointing *repointing, const char **parents, size_t *count)
{
	const struct revchain_migrations *set = &repointing->state.set, *own;
	const struct revchain_value *value = &repointing->migration->scan.down_revision;
	const char *head = set->items[repointing->head].revision, *kept = NULL;
	struct revchain_arena *arena = repointing->workspace->arena;
	bool *seen = revchain_arena_array(arena, set->count + 1, sizeof(*seen));
	size_t *stack = revchain_arena_array(arena, set->count + 1, sizeof(*stack));
	bool replaced = value->count == 0;
	size_t i, at, index;

	own = &repointing->workspace->set;
	*count = 0;
	if (!seen || !stack) {
		output_error("memory ran out");
		return REVCHAIN_IO;
	}
	for (i = 0; i < value->count; i++) {
		const char *parent = value->strings[i];
		bool there = revchain_migrations_find(set, parent, &at);
		bool gone = !there && !revchain_migrations_find(own, parent, &index);

		if (gone || (there && leads_to(repointing, repointing->head, at, seen, stack))) {
			replaced = true;
			parent = head;
		} else {
			kept = parent;
		}
		add_parent(parents, count, parent);
	}
	if (*count == 0)
		add_parent(parents, count, head);
	if (replaced)
		return 0;
	refuse(repointing, "its parent %s is not in %s either", kept, repointing->reference);
	output_hint("move that one, and this one moves along: revchain repoint %s --onto %s", kept,
		    repointing->reference);
	return REVCHAIN_MIGRATIONS;
}

/* Refuse new parents of which one hangs on the migration in the work tree. */
static int check_circle(const struct repointing *repointing, const char *const *parents,
			size_t count)
{
	const struct revchain_migrations *set = &repointing->workspace->set;
	struct revchain_error error = {0};
	const struct revchain_links *links = revchain_migrations_parents(set, &error);
	bool *seen = revchain_arena_array(set->arena, set->count + 1, sizeof(*seen));
	size_t *stack = revchain_arena_array(set->arena, set->count + 1, sizeof(*stack));
	size_t i, index;

	if (!links || !seen || !stack) {
		output_error("memory ran out");
		return REVCHAIN_IO;
	}
	for (i = 0; i < count; i++) {
		if (!revchain_migrations_find(set, parents[i], &index))
			continue;
		revchain_graph_reach(links, set->count, index, seen, stack);
		if (seen[repointing->migration - set->items])
			return refuse(repointing,
				      "here %s hangs on it: the two would go round in a circle",
				      parents[i]);
	}
	return 0;
}

/* Change the file, and say so. */
static int carry_out(struct repointing *repointing, const char *const *parents, size_t count)
{
	struct workspace *workspace = repointing->workspace;
	const struct revchain_migration *migration = repointing->migration;
	struct revchain_error error = {0};
	struct revchain_mend mend;
	char command[512];
	size_t ignored;
	const char *head = repointing->state.set.items[repointing->head].revision;
	int status = mending_read(workspace, migration->path, &migration->scan, &mend, &error);

	if (!status)
		status = revchain_mend_parents(&mend, parents, count, workspace->arena, &error);
	if (status)
		return output_failure(&error, workspace->options);
	status = mending_carry_out(workspace, &mend, 1);
	if (status)
		return status;
	snprintf(command, sizeof(command), "revchain check");
	if (!revchain_migrations_find(&workspace->set, head, &ignored))
		snprintf(command, sizeof(command),
			 "%s is not here yet: git merge %s, then revchain check", head,
			 repointing->reference);
	mending_say(workspace, command, "%s: %s is now behind %s, the head of %s", mend.path,
		    migration->revision, head, repointing->reference);
	if (migration->scan.docstring && strstr(migration->scan.docstring, "Revises:"))
		mending_say(workspace, NULL,
			    "its docstring still has the old Revises: line, which Alembic does not "
			    "read");
	return 0;
}

static bool is_same(const struct revchain_value *value, const char *const *parents, size_t count)
{
	size_t i;

	if (value->count != count)
		return false;
	for (i = 0; i < count; i++)
		if (strcmp(value->strings[i], parents[i]) != 0)
			return false;
	return true;
}

static int move(struct repointing *repointing)
{
	const struct revchain_value *value = &repointing->migration->scan.down_revision;
	const char **parents = revchain_arena_array(repointing->workspace->arena, value->count + 1,
						    sizeof(*parents));
	size_t count = 0;
	int status = find_head(repointing);

	if (status)
		return status;
	if (!repointing->has_head || !parents)
		return refuse(repointing, "%s has no migration that it could go behind",
			      repointing->reference);
	status = choose_parents(repointing, parents, &count);
	if (status)
		return status;
	if (is_same(value, parents, count)) {
		if (!repointing->workspace->options->quiet)
			output_note("%s is behind the head of %s already",
				    repointing->migration->revision, repointing->reference);
		return 0;
	}
	status = check_circle(repointing, parents, count);
	return status ? status : carry_out(repointing, parents, count);
}

/* Read REF, and refuse what a database may have applied. */
static int read_reference(struct repointing *repointing)
{
	struct workspace *workspace = repointing->workspace;
	struct revchain_error error = {0};
	size_t index;
	int status = workspace_state(workspace, repointing->reference, &repointing->state, &error);

	if (!status && repointing->state.findings.errors) {
		output_findings(&repointing->state.findings, workspace->options);
		revchain_fail(&error, REVCHAIN_MIGRATIONS, "the migrations of %s are wrong",
			      repointing->reference);
		status = REVCHAIN_MIGRATIONS;
	}
	if (!status)
		status = find_parents(repointing, &error);
	if (!status)
		status = find_moved(repointing, &error);
	if (status)
		return output_failure(&error, workspace->options);
	if (workspace->options->force ||
	    !revchain_migrations_find(&repointing->state.set, repointing->migration->revision,
				      &index))
		return 0;
	refuse(repointing, "%s has %s: a database may have applied it", repointing->reference,
	       repointing->migration->revision);
	output_hint("merge the heads instead: revchain merge -m \"merge heads\"");
	output_hint("where it is certain that none has: --force");
	return REVCHAIN_MIGRATIONS;
}

static int repoint(struct workspace *workspace)
{
	const struct options *options = workspace->options;
	struct repointing repointing = {.workspace = workspace};
	size_t index = 0;
	int status = mending_require_files(workspace);

	if (status)
		return status;
	if (options->word_count != 1) {
		output_error("repoint takes one revision id");
		output_hint("revchain repoint --help");
		return REVCHAIN_USAGE;
	}
	if (!mending_find(workspace, options->words[0], &index))
		return REVCHAIN_USAGE;
	repointing.reference = mending_reference(workspace, options->onto, "--onto");
	if (!repointing.reference)
		return REVCHAIN_USAGE;
	repointing.migration = &workspace->set.items[index];
	if (repointing.migration->kind == REVCHAIN_DYNAMIC)
		return refuse(&repointing, "it leaves its parent to git: there is nothing to move");
	status = read_reference(&repointing);
	return status ? status : move(&repointing);
}

int command_repoint(int argc, char **argv)
{
	static const struct workspace_command command = {.usage = usage,
							 .takes = TAKES_ONTO | TAKES_WORDS |
								  TAKES_DRY_RUN,
							 .tree_only = true,
							 .run = repoint};

	return workspace_run(&command, argc, argv);
}
