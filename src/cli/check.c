#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "appendonly.h"
#include "crossbranch.h"
#include "options.h"
#include "output.h"
#include "workspace.h"

static const char usage[] =
	"usage: revchain check [OPTIONS] [DIR...]\n"
	"\n"
	"Say what is wrong with the migrations, static and dynamic ones: the gate for CI. Exit "
	"status "
	"0 where\n"
	"nothing is. Static migrations need no history: a shallow clone will do for them.\n"
	"\n"
	"      --format FORMAT    text (on standard error), or on standard output: json, github "
	"(annotations\n"
	"                         of a pull request) or sarif (2.1.0)\n"
	"      --branches GLOB    the open branches that match, local and remote-tracking "
	"(origin/*),\n"
	"                         against this one and each other; may be given again\n"
	"      --onto REF         what would be after a merge into REF\n"
	"      --allow-heads N    N heads are fine (default: one, and one more for each lane and "
	"each branch\n"
	"                         label)\n"
	"      --allow ID         findings of this id are fine: they become notes; may be given "
	"again\n"
	"\n";

static const char *const formats[] = {"text", "json", "github", "sarif", NULL};

/* What is under way. The steps below add to the findings of the workspace. */
struct checking {
	struct workspace *workspace;
	const struct revchain_links *parents; /* of each migration; NULL: they are not known */
	struct revchain_heads heads;	      /* where they are */
	bool has_dynamic;
};

static bool has_finding(const struct revchain_findings *findings, const char *id)
{
	const struct revchain_finding *finding;

	for (finding = findings->first; finding; finding = finding->next)
		if (strcmp(finding->id, id) == 0)
			return true;
	return false;
}

/* Whether every migration says who it is and who its parents are. */
static bool is_readable(const struct revchain_findings *findings)
{
	static const char *const hinder[] = {
		REVCHAIN_FINDING_UNREADABLE,	   REVCHAIN_FINDING_NO_REVISION,
		REVCHAIN_FINDING_NO_DOWN_REVISION, REVCHAIN_FINDING_BAD_REVISION,
		REVCHAIN_FINDING_DUPLICATE,	   REVCHAIN_FINDING_CYCLE,
	};
	size_t i;

	for (i = 0; i < sizeof(hinder) / sizeof(*hinder); i++)
		if (has_finding(findings, hinder[i]))
			return false;
	return true;
}

/* Who follows whom. Where there are dynamic migrations only the history knows. */
static int check_chain(struct checking *checking, struct revchain_error *error)
{
	struct workspace *workspace = checking->workspace;
	struct revchain_findings *findings = &workspace->findings;
	struct revchain_links *parents;

	if (checking->has_dynamic) { /* ordered already: see prepare */
		checking->parents = workspace->chain.complete ? workspace->chain.parents : NULL;
		return REVCHAIN_OK;
	}
	if (!is_readable(findings))
		return REVCHAIN_OK;
	parents = revchain_migrations_parents(&workspace->set, error);
	if (!parents)
		return REVCHAIN_IO;
	/* behind a missing parent there may be a whole line, and its end is no head */
	if (!has_finding(findings, REVCHAIN_FINDING_MISSING_PARENT))
		checking->parents = parents;
	return revchain_chain_dependencies(&workspace->set, parents, findings, error);
}

static int check_heads(struct checking *checking, struct revchain_error *error)
{
	struct workspace *workspace = checking->workspace;
	int status = revchain_lineage_labels(&workspace->set, &workspace->findings, error);

	if (!status && checking->parents)
		status = revchain_heads_find(&workspace->set, checking->parents, &checking->heads,
					     error);
	if (!status && checking->parents)
		status = revchain_lineage_judge(&workspace->set, checking->parents,
						&checking->heads, workspace->options->allow_heads,
						&workspace->findings, error);
	return status;
}

static int check_committed(struct checking *checking, struct revchain_error *error)
{
	struct workspace *workspace = checking->workspace;

	return revchain_order_uncommitted_static(&workspace->snapshot, &workspace->set,
						 workspace->unborn ? NULL : &workspace->tip,
						 &workspace->findings, error);
}

static int check_foxtrot(struct checking *checking, struct revchain_error *error)
{
	struct workspace *workspace = checking->workspace;
	const char *branch = workspace->options->revision;

	if (!checking->has_dynamic || workspace->options->order != REVCHAIN_ORDER_LANDING)
		return REVCHAIN_OK;
	if (!branch || strcmp(branch, "HEAD") == 0)
		branch = revchain_repository_branch(workspace->repository, workspace->arena);
	return revchain_foxtrot_find(workspace->repository, &workspace->set, &workspace->order,
				     branch, &workspace->findings, error);
}

/* Say that the history is cut off. With dynamic migrations the run ended before. */
static int check_depth(struct checking *checking, struct revchain_error *error)
{
	struct revchain_findings *findings = &checking->workspace->findings;
	struct revchain_finding *finding;

	(void)error;
	if (!revchain_repository_is_shallow(checking->workspace->repository))
		return REVCHAIN_OK;
	finding = revchain_finding_add(findings, REVCHAIN_FINDING_SHALLOW, REVCHAIN_NOTE,
				       "this clone is shallow: what needs the history was left out "
				       "(%s, %s, %s)",
				       REVCHAIN_FINDING_FOXTROT, REVCHAIN_FINDING_LEFT_OUT,
				       REVCHAIN_FINDING_ORDERS_DIFFER);
	revchain_finding_hint(findings, finding,
			      "they are about dynamic migrations, and here all are static: nothing "
			      "is missing");
	return REVCHAIN_OK;
}

static int check_append_only(struct checking *checking, struct revchain_error *error)
{
	return append_only_check(checking->workspace, checking->parents, error);
}

static int check_crossing(struct checking *checking, struct revchain_error *error)
{
	return cross_branch_check(checking->workspace, checking->parents, error);
}

static int (*const steps[])(struct checking *checking, struct revchain_error *error) = {
	check_chain,	   check_heads,	   check_committed, check_foxtrot,
	check_append_only, check_crossing, check_depth,
};

/* What the steps need. Returns an exit status. */
static int prepare(struct checking *checking, struct workspace *workspace)
{
	memset(checking, 0, sizeof(*checking));
	checking->workspace = workspace;
	checking->has_dynamic = revchain_migrations_have_dynamic(&workspace->set);
	return checking->has_dynamic ? workspace_order(workspace, true) : 0;
}

static void allow(struct workspace *workspace)
{
	size_t i;

	for (i = 0; i < revchain_finding_kind_count; i++)
		if (workspace->options->allowed[i])
			revchain_findings_allow(&workspace->findings, revchain_finding_kinds[i].id);
}

/* Print the findings, and the line that counts them. Returns an exit status. */
static int print(const struct checking *checking)
{
	struct workspace *workspace = checking->workspace;
	const struct options *options = workspace->options;
	const char *format = options->format ? options->format : "text";
	const struct revchain_report report = {
		.findings = &workspace->findings,
		.least = !options->quiet   ? REVCHAIN_NOTE
			 : options->strict ? REVCHAIN_WARNING
					   : REVCHAIN_ERROR,
		.version = REVCHAIN_VERSION,
		.set = &workspace->set,
		.heads = checking->parents ? &checking->heads : NULL,
	};
	struct revchain_buffer text = {0};
	bool good = true;

	if (strcmp(format, "json") == 0)
		revchain_report_json(&report, &text);
	else if (strcmp(format, "github") == 0)
		revchain_report_github(&report, &text);
	else if (strcmp(format, "sarif") == 0)
		revchain_report_sarif(&report, &text);
	if (text.failed)
		workspace->findings.out_of_memory = true;
	else
		good = output_result(&text);
	revchain_buffer_free(&text);
	output_report(&report, strcmp(format, "text") == 0, options);
	return good ? workspace_verdict(workspace) : REVCHAIN_IO;
}

static int check(struct workspace *workspace)
{
	struct revchain_error error = {0};
	struct checking checking;
	size_t i;
	int status = prepare(&checking, workspace);

	if (status)
		return status;
	for (i = 0; !status && i < sizeof(steps) / sizeof(*steps); i++)
		status = steps[i](&checking, &error);
	if (status)
		return output_failure(&error, workspace->options);
	allow(workspace);
	revchain_findings_sort(&workspace->findings);
	return print(&checking);
}

int command_check(int argc, char **argv)
{
	static const struct workspace_command command = {
		.usage = usage,
		.takes = TAKES_FORMAT | TAKES_ALLOW | TAKES_APPEND | TAKES_BRANCHES,
		.formats = formats,
		.tree_only = true,
		.keeps_notes = true,
		.run = check,
	};

	return workspace_run(&command, argc, argv);
}
