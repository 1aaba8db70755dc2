#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "mending.h"
#include "options.h"
#include "output.h"
#include "workspace.h"

static const char usage[] =
	"usage: revchain adopt [OPTIONS] [DIR...]\n"
	"\n"
	"Turn the project to dynamic: script.py.mako, and those static migrations that --base does "
	"not have\n"
	"yet, leave their parent to git from now on. Merge migrations stay as they are. The chain "
	"that comes\n"
	"of it is compared with the one before, and nothing is written where it would put a "
	"migration in front\n"
	"of one that it is behind now.\n"
	"\n"
	"      --all          the whole back catalogue, where the order agrees with the chain\n"
	"      --dry-run      print the change as a diff, and write nothing\n"
	"\n"
	"Without --base it is the first that is there of origin/HEAD, origin/main, origin/master, "
	"main, master.\n"
	"\n";

/* What is under way. */
struct adoption {
	struct workspace *workspace;
	const char *reference;	     /* what it has stays static; NULL: nothing does */
	struct revchain_mend *mends; /* the template may be the first */
	size_t count;
	size_t migrations;		/* how many of them */
	bool *adopted;			/* of each migration of the set */
	struct revchain_migrations set; /* as it will be */
};

/* Which migrations are to be dynamic. */
static int choose(struct adoption *adoption, struct revchain_error *error)
{
	struct workspace *workspace = adoption->workspace;
	const struct revchain_migrations *set = &workspace->set;
	const char *reference = adoption->reference;
	struct revchain_state state = {0};
	size_t i, index;
	int status = reference ? workspace_state(workspace, reference, &state, error) : REVCHAIN_OK;

	for (i = 0; !status && i < set->count; i++)
		adoption->adopted[i] =
			set->items[i].kind != REVCHAIN_DYNAMIC &&
			set->items[i].scan.down_revision.count < 2 && /* merges stay */
			(!reference ||
			 !revchain_migrations_find(&state.set, set->items[i].revision, &index));
	return status;
}

/* Prepare the change of one migration, and put what it will declare into the set. */
static int change_migration(struct adoption *adoption, size_t index, struct revchain_error *error)
{
	struct workspace *workspace = adoption->workspace;
	struct revchain_migration *migration = &adoption->set.items[index];
	struct revchain_mend *mend = &adoption->mends[adoption->count];
	int status = mending_read(workspace, migration->path, &workspace->set.items[index].scan,
				  mend, error);

	if (!status)
		status = revchain_mend_dynamic(mend, workspace->arena, error);
	if (!status)
		status = revchain_pyscan(mend->mended, mend->mended_length, workspace->arena,
					 &migration->scan, error);
	if (status)
		return status;
	migration->kind = REVCHAIN_DYNAMIC;
	adoption->count++;
	adoption->migrations++;
	return REVCHAIN_OK;
}

static int change_template(struct adoption *adoption, struct revchain_error *error)
{
	struct workspace *workspace = adoption->workspace;
	struct revchain_mend *mend = &adoption->mends[0];
	struct revchain_project project;
	enum revchain_file_type type;
	const char *path;
	int status = workspace_project(workspace, &project, error);

	if (status)
		return status;
	path = revchain_arena_printf(workspace->arena, "%s%sscript.py.mako",
				     project.script_location, *project.script_location ? "/" : "");
	if (!path)
		return revchain_fail_memory(error);
	status = revchain_snapshot_stat(&workspace->snapshot, path, workspace->arena, &type, NULL,
					error);
	if (status || type != REVCHAIN_FILE_REGULAR) {
		if (!status)
			output_note("there is no %s to change", path);
		return status;
	}
	status = mending_read(workspace, path, NULL, mend, error);
	if (!status)
		status = revchain_mend_template(mend, workspace->arena, error);
	adoption->count = !status && mend->mended != mend->text;
	return status;
}

/* The chain as it will be, in `chain`. */
static int predict(struct adoption *adoption, struct revchain_chain *chain)
{
	struct workspace *workspace = adoption->workspace;
	struct revchain_migrations before = workspace->set;
	struct revchain_error error = {0};
	int status;

	revchain_findings_init(&workspace->findings, workspace->arena);
	workspace->set = adoption->set;
	status = revchain_graph_link(&workspace->set, &workspace->findings, &error);
	if (status)
		output_failure(&error, workspace->options);
	if (!status)
		status = workspace_order(workspace, false);
	*chain = workspace->chain;
	adoption->set = workspace->set;
	workspace->set = before;
	return status;
}

static bool same_links(const struct revchain_links *a, const struct revchain_links *b)
{
	return a->count == b->count &&
	       (a->count == 0 || memcmp(a->to, b->to, a->count * sizeof(*a->to)) == 0);
}

static const char *name_of(const struct adoption *adoption, const struct revchain_links *links)
{
	return links->count ? adoption->set.items[links->to[0]].revision : "nothing";
}

/* The order does not agree with the chain as it is: name the first difference. */
static int refuse(const struct adoption *adoption, size_t index,
		  const struct revchain_links *before, const struct revchain_links *after)
{
	const struct revchain_migration *migration = &adoption->set.items[index];
	struct revchain_error error;

	revchain_fail(&error, REVCHAIN_MIGRATIONS,
		      "%s is behind %s, and in the order of the migrations it would be behind %s",
		      migration->revision, name_of(adoption, before), name_of(adoption, after));
	revchain_error_at(&error, migration->path,
			  adoption->workspace->set.items[index].scan.down_revision.line);
	revchain_error_hint(&error,
			    adoption->workspace->options->all
				    ? "leave out --all: what is there stays static, and only "
				      "what is new becomes dynamic"
				    : "revchain log shows the order; the migrations have to "
				      "land in that of their parents");
	output_failure(&error, adoption->workspace->options);
	if (!adoption->workspace->options->quiet)
		output_note("nothing was written");
	return REVCHAIN_MIGRATIONS;
}

/*
 * Compare the chain that will be with the parents that the files have now, in the order of the
 * migrations. With --all they must be the same; else each must come behind its parent.
 */
static int compare(struct adoption *adoption, const struct revchain_chain *chain, bool *same)
{
	const struct workspace *workspace = adoption->workspace;
	const struct revchain_order *order = &workspace->order;
	size_t count = adoption->set.count, i, j;
	bool *seen = revchain_arena_array(workspace->arena, count + 1, sizeof(*seen));
	size_t *stack = revchain_arena_array(workspace->arena, count + 1, sizeof(*stack));

	if (!seen || !stack) {
		output_error("memory ran out");
		return REVCHAIN_IO;
	}
	*same = true;
	for (i = 0; i < order->count; i++) {
		size_t index = order->items[i].migration;
		const struct revchain_links *before = &workspace->set.items[index].parents;
		const struct revchain_links *after = &chain->parents[index];

		if (!adoption->adopted[index] || same_links(before, after))
			continue;
		if (workspace->options->all)
			return refuse(adoption, index, before, after);
		*same = false;
		revchain_graph_reach(chain->parents, count, index, seen, stack);
		for (j = 0; j < before->count; j++)
			if (!seen[before->to[j]])
				return refuse(adoption, index, before, after);
		if (!workspace->options->quiet)
			output_note("%s was behind %s, and will be behind %s",
				    workspace->set.items[index].revision, name_of(adoption, before),
				    name_of(adoption, after));
	}
	return 0;
}

static int prepare(struct adoption *adoption, struct revchain_error *error)
{
	struct workspace *workspace = adoption->workspace;
	const struct revchain_migrations *set = &workspace->set;
	struct revchain_migration *items =
		revchain_arena_array(workspace->arena, set->count + 1, sizeof(*items));
	size_t i;
	int status;

	adoption->mends =
		revchain_arena_array(workspace->arena, set->count + 1, sizeof(*adoption->mends));
	adoption->adopted =
		revchain_arena_array(workspace->arena, set->count + 1, sizeof(*adoption->adopted));
	if (!items || !adoption->mends || !adoption->adopted)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++) { /* unlinked, to be linked anew */
		items[i] = set->items[i];
		if (items[i].kind != REVCHAIN_DYNAMIC)
			items[i].kind = REVCHAIN_STATIC;
		items[i].parents = items[i].dependencies = (struct revchain_links){NULL, 0};
	}
	adoption->set = *set;
	adoption->set.items = items;
	status = choose(adoption, error);
	if (!status)
		status = change_template(adoption, error);
	for (i = 0; !status && i < set->count; i++)
		if (adoption->adopted[i])
			status = change_migration(adoption, i, error);
	return status;
}

static int finish(struct adoption *adoption, bool same)
{
	struct workspace *workspace = adoption->workspace;
	bool has_template = adoption->count > adoption->migrations;
	int status;

	if (adoption->count == 0) {
		if (!workspace->options->quiet)
			output_note("nothing is left to adopt");
		return 0;
	}
	status = mending_carry_out(workspace, adoption->mends, adoption->count);
	if (status)
		return status;
	if (has_template)
		mending_say(workspace, NULL, "%s: new migrations leave their parent to git",
			    adoption->mends[0].path);
	mending_say(workspace, "revchain build -o -", "%zu migration%s made dynamic%s",
		    adoption->migrations, adoption->migrations == 1 ? "" : "s",
		    !adoption->migrations ? ""
		    : same		  ? ": the chain is the same as before"
					  : "");
	return 0;
}

static int adopt(struct workspace *workspace)
{
	struct adoption adoption = {.workspace = workspace};
	struct revchain_chain chain = {0};
	struct revchain_error error = {0};
	bool same = true;
	int status = mending_require_files(workspace);

	if (status)
		return status;
	if (workspace->findings.errors) {
		output_findings(&workspace->findings, workspace->options);
		output_note("nothing was written");
		return REVCHAIN_MIGRATIONS;
	}
	if (!workspace->options->all) {
		adoption.reference =
			mending_reference(workspace, workspace->options->base, "--base");
		if (!adoption.reference)
			return REVCHAIN_USAGE;
	}
	status = prepare(&adoption, &error);
	if (status)
		return output_failure(&error, workspace->options);
	if (adoption.migrations)
		status = predict(&adoption, &chain);
	if (!status && adoption.migrations && !chain.complete) {
		output_findings(&workspace->findings, workspace->options);
		output_note("nothing was written");
		return REVCHAIN_MIGRATIONS;
	}
	if (!status && adoption.migrations)
		status = compare(&adoption, &chain, &same);
	return status ? status : finish(&adoption, same);
}

int command_adopt(int argc, char **argv)
{
	static const struct workspace_command command = {
		.usage = usage, .takes = TAKES_DRY_RUN | TAKES_ALL, .run = adopt};

	return workspace_run(&command, argc, argv);
}
