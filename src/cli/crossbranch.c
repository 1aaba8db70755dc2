#include "crossbranch.h"

#include <string.h>

#include "appendonly.h"
#include "output.h"

/* What is compared, and with what. */
struct crossing {
	struct workspace *workspace;
	struct revchain_error *error;
	bool dynamic;		    /* here */
	struct revchain_state base; /* where it will be merged into */
	bool has_base;		    /* false: this is it */
	bool base_ordered;
};

/* What this is called. */
static const char *own_name(const struct workspace *workspace)
{
	const char *branch = workspace->options->revision;

	if (!branch)
		branch = revchain_repository_branch(workspace->repository, workspace->arena);
	return branch ? branch : "HEAD";
}

/* Read what this will be merged into, and order it if that makes a difference. */
static int read_base(struct crossing *crossing, const char *name)
{
	struct workspace *workspace = crossing->workspace;
	int status = workspace_state(workspace, name, &crossing->base, crossing->error);

	crossing->has_base = true;
	if (status)
		return status;
	if (!revchain_migrations_have_dynamic(
		    &crossing->base.set)) { /* its literal parents are all of it */
		crossing->base.chain.parents =
			revchain_migrations_parents(&crossing->base.set, crossing->error);
		return crossing->base.chain.parents ? REVCHAIN_OK : REVCHAIN_IO;
	}
	status = revchain_repository_require_full_history(workspace->repository, crossing->error);
	crossing->base_ordered = !status;
	return status ? status
		      : workspace_state_order(workspace, &crossing->base, true, crossing->error);
}

/* After the merge -------------------------------------------------------------------------------*/

/* Pass on what is wrong after the merge, but for what is wrong already. */
static void pass_on(struct crossing *crossing, const struct revchain_findings *merged)
{
	struct revchain_findings *findings = &crossing->workspace->findings;
	const struct revchain_finding *finding, *known, *last = findings->last;
	const struct revchain_place *place;

	findings->out_of_memory = findings->out_of_memory || merged->out_of_memory;
	for (finding = merged->first; finding; finding = finding->next) {
		struct revchain_finding *copy;
		bool is_known = false;

		for (known = findings->first; last && known && !is_known; known = known->next) {
			is_known = strcmp(known->id, finding->id) == 0 &&
				   strcmp(known->message, finding->message) == 0;
			if (known == last)
				break;
		}
		if (is_known)
			continue;
		copy = revchain_finding_add(findings, finding->id, finding->severity,
					    "merged into %s: %s", crossing->base.name,
					    finding->message);
		for (place = finding->place; place; place = place->next)
			revchain_finding_at(findings, copy, place->path, place->line, place->note);
		if (copy)
			copy->hints = finding->hints;
	}
}

static int judge_heads(struct crossing *crossing, struct revchain_merged *merged,
		       const struct revchain_links *parents)
{
	struct revchain_heads heads;
	int status = revchain_lineage_labels(&merged->set, &merged->findings, crossing->error);

	if (!status)
		status = revchain_heads_find(&merged->set, parents, &heads, crossing->error);
	return status ? status
		      : revchain_lineage_judge(&merged->set, parents, &heads,
					       crossing->workspace->options->allow_heads,
					       &merged->findings, crossing->error);
}

/* Whether what is there already would be displaced by what the merge brings. */
static int judge_append_only(struct crossing *crossing, struct revchain_merged *merged,
			     const struct revchain_links *parents)
{
	struct revchain_judged judged = {.set = &merged->set,
					 .parents = parents,
					 .landing_order = true,
					 .arguments = append_only_arguments(crossing->workspace)};

	if (!judged.arguments)
		return revchain_fail_memory(crossing->error);
	return revchain_append_since(&judged, &crossing->base, &merged->findings, crossing->error);
}

static int judge_merged(struct crossing *crossing, struct revchain_merged *merged)
{
	struct workspace *workspace = crossing->workspace;
	struct revchain_chain chain;
	int status;

	if (merged->findings.errors)
		return REVCHAIN_OK;
	if (!revchain_migrations_have_dynamic(&merged->set)) {
		struct revchain_links *parents =
			revchain_migrations_parents(&merged->set, crossing->error);

		status = parents ? judge_heads(crossing, merged, parents) : REVCHAIN_IO;
		return status ? status : judge_append_only(crossing, merged, parents);
	}
	status = revchain_chain_build(&merged->set, &merged->order, &chain, &merged->findings,
				      crossing->error);
	if (!status && chain.complete)
		status = judge_heads(crossing, merged, chain.parents);
	if (!status && chain.complete)
		status = judge_append_only(crossing, merged, chain.parents);
	if (!status && crossing->base_ordered && crossing->base.chain.complete && crossing->dynamic)
		status = revchain_after_merge(&crossing->base.set, &crossing->base.chain,
					      crossing->base.name, own_name(workspace),
					      &workspace->set, &workspace->order,
					      &workspace->findings, crossing->error);
	return status;
}

static int find_common(struct crossing *crossing, struct revchain_state *common, bool *found)
{
	struct workspace *workspace = crossing->workspace;
	git_oid commit;
	int status;

	*found = false;
	if (workspace->unborn)
		return REVCHAIN_OK;
	status = revchain_merge_base(workspace->repository, &workspace->tip, &crossing->base.commit,
				     &commit, found, crossing->error);
	return status || !*found
		       ? status
		       : revchain_state_read(&workspace->scope, "the merge base", &commit,
					     workspace->arena, common, NULL, crossing->error);
}

static int check_merge(struct crossing *crossing)
{
	struct workspace *workspace = crossing->workspace;
	struct revchain_onto onto = {.target = &crossing->base,
				     .here = &workspace->set,
				     .order = crossing->dynamic ? &workspace->order : NULL};
	struct revchain_merged merged;
	struct revchain_state common;
	bool found;
	int status = find_common(crossing, &common, &found);

	onto.common = found ? &common : NULL;
	if (!status)
		status = revchain_onto_merge(&onto, &merged, &workspace->findings, crossing->error);
	if (!status)
		status = judge_merged(crossing, &merged);
	if (!status)
		pass_on(crossing, &merged.findings);
	return status;
}

/* Other branches --------------------------------------------------------------------------------*/

/* The order of what a branch adds, on its own line. */
static int order_added(struct crossing *crossing, const struct revchain_branch *branch,
		       struct revchain_migrations *added, struct revchain_order *order)
{
	struct workspace *workspace = crossing->workspace;
	struct revchain_picked *picked =
		revchain_arena_array(workspace->arena, branch->added_count + 1, sizeof(*picked));
	struct revchain_history history = {.repository = workspace->repository,
					   .revision_of = revchain_order_revision_of,
					   .arena = workspace->arena};
	struct revchain_findings ignored;
	struct revchain_snapshot snapshot;
	size_t i;
	int status;

	if (!picked)
		return revchain_fail_memory(crossing->error);
	*added = *branch->set;
	added->count = 0;
	for (i = 0; i < branch->added_count; i++) {
		picked[i].migration = &branch->set->items[branch->added[i]];
		picked[i].lane = picked[i].migration->lane;
	}
	revchain_findings_init(&ignored, workspace->arena);
	status = revchain_migrations_collect(added, picked, branch->added_count, &ignored,
					     crossing->error);
	if (!status)
		status = revchain_snapshot_commit(&snapshot, workspace->repository, &branch->commit,
						  crossing->error);
	return status ? status
		      : revchain_order(workspace->options->order, &history, &snapshot, added,
				       &branch->commit, true, order, NULL, crossing->error);
}

/* Say where the dynamic migrations of each branch will go. */
static int note_after_merges(struct crossing *crossing, const struct revchain_branches *branches)
{
	struct workspace *workspace = crossing->workspace;
	const struct revchain_chain *chain =
		crossing->has_base ? &crossing->base.chain : &workspace->chain;
	bool known = crossing->has_base ? crossing->base_ordered : crossing->dynamic;
	size_t i;
	int status = REVCHAIN_OK;

	if (!known || !chain->complete)
		return REVCHAIN_OK;
	for (i = 0; !status && i < branches->count; i++) {
		const struct revchain_branch *branch = &branches->items[i];
		struct revchain_migrations added;
		struct revchain_order order;

		if (branch->here || !branch->added_count)
			continue;
		status = order_added(crossing, branch, &added, &order);
		if (!status)
			status = revchain_after_merge(branches->base, chain, branches->base_name,
						      branch->name, &added, &order,
						      &workspace->findings, crossing->error);
	}
	return status;
}

static void warn_unmatched(struct workspace *workspace, const bool *matched)
{
	const struct options *options = workspace->options;
	struct revchain_finding *finding;
	size_t i;

	for (i = 0; i < options->branch_count; i++) {
		if (matched[i])
			continue;
		finding = revchain_finding_add(
			&workspace->findings, REVCHAIN_FINDING_NO_BRANCH, REVCHAIN_WARNING,
			"no local or remote-tracking branch matches '%s'", options->branches[i]);
		revchain_finding_hint(
			&workspace->findings, finding,
			"git branch --all lists them; a CI's checkout may have fetched one alone");
	}
}

/* The branches that match, but for copies of this one. */
static int list_branches(struct crossing *crossing, struct revchain_ref **refs, size_t *count)
{
	struct workspace *workspace = crossing->workspace;
	const struct options *options = workspace->options;
	const struct revchain_ref *found;
	const char *own = own_name(workspace);
	bool matched[OPTIONS_BRANCHES_MAX] = {false};
	size_t i, found_count;
	int status = revchain_refs_match(workspace->repository, options->branches,
					 options->branch_count, workspace->arena, &found,
					 &found_count, matched, crossing->error);

	*count = 0;
	if (status)
		return status;
	warn_unmatched(workspace, matched);
	*refs = revchain_arena_array(workspace->arena, found_count + 1, sizeof(**refs));
	if (!*refs)
		return revchain_fail_memory(crossing->error);
	for (i = 0; i < found_count; i++) {
		bool is_own = strcmp(revchain_ref_branch(&found[i]), own) == 0 ||
			      strcmp(found[i].shown, own) == 0;

		if (!is_own &&
		    (workspace->unborn || !git_oid_equal(&found[i].commit, &workspace->tip)))
			(*refs)[(*count)++] = found[i];
	}
	return REVCHAIN_OK;
}

/* This one, to be compared with what it will be merged into. */
static void add_own(struct workspace *workspace, struct revchain_branches *branches)
{
	struct revchain_branch *own = &branches->items[branches->count++];

	own->name = own->branch = own_name(workspace);
	own->here = true;
	own->set = &workspace->set;
	if (!workspace->unborn)
		own->commit = workspace->tip;
}

static void add_refs(struct revchain_branches *branches, const struct revchain_ref *refs,
		     size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct revchain_branch *branch = &branches->items[branches->count++];

		branch->name = refs[i].shown;
		branch->branch = revchain_ref_branch(&refs[i]);
		branch->commit = refs[i].commit;
	}
}

static int check_branches(struct crossing *crossing)
{
	struct workspace *workspace = crossing->workspace;
	struct revchain_branches branches = {.scope = &workspace->scope,
					     .arena = workspace->arena,
					     .base_name = own_name(workspace),
					     .base = &workspace->set};
	struct revchain_ref *refs = NULL;
	size_t count = 0;
	int status = workspace->options->branch_count ? list_branches(crossing, &refs, &count)
						      : REVCHAIN_OK;

	if (status)
		return status;
	branches.items = revchain_arena_array(workspace->arena, count + 1, sizeof(*branches.items));
	if (!branches.items)
		return revchain_fail_memory(crossing->error);
	if (crossing->has_base) {
		branches.base_name = crossing->base.name;
		branches.base = &crossing->base.set;
		branches.base_commit = crossing->base.commit;
		add_own(workspace, &branches);
	} else if (!workspace->unborn) {
		branches.base_commit = workspace->tip;
	}
	add_refs(&branches, refs, count);
	status = revchain_branches_read(&branches, crossing->error);
	if (!status)
		status = revchain_branches_compare(&branches, crossing->error);
	if (!status)
		status = revchain_branches_judge(&branches, &workspace->findings, crossing->error);
	return status ? status : note_after_merges(crossing, &branches);
}

int cross_branch_check(struct workspace *workspace, const struct revchain_links *parents,
		       struct revchain_error *error)
{
	const struct options *options = workspace->options;
	struct crossing crossing = {.workspace = workspace,
				    .error = error,
				    .dynamic = revchain_migrations_have_dynamic(&workspace->set)};
	const char *base = options->onto;
	int status = REVCHAIN_OK;

	if (!parents || (!options->onto && !options->branch_count))
		return REVCHAIN_OK;
	workspace->scope.scans = revchain_scans_new(workspace->arena);
	if (!workspace->scope.scans)
		return revchain_fail_memory(error);
	if (!base)
		base = revchain_refs_default(workspace->repository, workspace->arena);
	if (base)
		status = read_base(&crossing, base);
	if (!status)
		status = check_branches(&crossing);
	return status || !options->onto ? status : check_merge(&crossing);
}
