#include "commands.h"

#include <string.h>

#include "mending.h"
#include "mergefile.h"
#include "options.h"
#include "output.h"
#include "workspace.h"

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
	const struct revchain_links *parents = revchain_migrations_parents(set, error);
	int status = parents ? revchain_heads_find(set, parents, heads, error) : REVCHAIN_IO;

	if (status ||
	    revchain_migrations_have_dynamic(set)) /* then the history decides: see choose_heads */
		return status;
	revchain_findings_init(judged, workspace->arena);
	return revchain_lineage_judge(set, parents, heads, 0, judged, error);
}

/* The heads that a finding is about. */
static bool take_places(const struct workspace *workspace, const struct revchain_finding *finding,
			struct merge_heads *heads)
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
	struct merge_heads heads;
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
			struct merge_heads *heads)
{
	const struct revchain_findings *findings = judged;
	const struct revchain_finding *finding, *found = NULL;

	if (revchain_migrations_have_dynamic(&workspace->set)) {
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
		      struct merge_heads *heads)
{
	const struct options *options = workspace->options;
	size_t i, j, index = 0;

	heads->items =
		revchain_arena_array(workspace->arena, options->word_count, sizeof(*heads->items));
	if (!heads->items)
		return REVCHAIN_IO;
	for (i = 0; i < options->word_count; i++) {
		const struct revchain_migration *migration;

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

static int write_merge(struct workspace *workspace, const struct merge_heads *heads)
{
	struct revchain_mend mend = {0};
	struct revchain_error error = {0};
	struct revchain_buffer names = {0};
	const char *id = NULL;
	size_t i;
	int status = merge_create(workspace, heads, &mend, &id, &error);

	if (status)
		return output_failure(&error, workspace->options);
	for (i = 0; i < heads->count; i++)
		revchain_buffer_printf(&names, "%s%s", i ? ", " : "",
				       workspace->set.items[heads->items[i]].revision);
	status = mending_carry_out(workspace, &mend, 1);
	if (!status)
		mending_say(workspace, "revchain check", "%s: %s merges %s", mend.path, id,
			    names.text ? names.text : "");
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
	struct merge_heads heads = {0};
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
			    revchain_migrations_have_dynamic(&workspace->set)
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
