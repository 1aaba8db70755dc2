#include "appendonly.h"

#include <string.h>

#include "output.h"

/* Whether a migration that is dynamic here is not so there: then its place there is wanted too. */
static bool became_dynamic(const struct revchain_migrations *here,
			   const struct revchain_migrations *there)
{
	size_t i, index;

	for (i = 0; i < there->count; i++)
		if (there->items[i].kind != REVCHAIN_DYNAMIC && there->items[i].revision &&
		    revchain_migrations_find(here, there->items[i].revision, &index) &&
		    here->items[index].kind == REVCHAIN_DYNAMIC)
			return true;
	return false;
}

int append_only_reorder(struct workspace *workspace, bool dynamic_only,
			struct revchain_error *error)
{
	const struct options *options = workspace->options;
	struct revchain_chainfile pin;
	struct revchain_state base;
	int status = REVCHAIN_OK;

	if (options->base) {
		status = workspace_state(workspace, options->base, &base, error);
		if (!status)
			status = workspace_state_order(
				workspace, &base,
				dynamic_only && !became_dynamic(&workspace->set, &base.set), error);
		if (!status)
			status = revchain_order_by_base(&workspace->set, &workspace->order, &base,
							error);
	}
	if (status || !options->pin)
		return status;
	status = revchain_chainfile_read(options->pin, workspace->arena, &pin, error);
	return status ? status
		      : revchain_order_by_pin(&workspace->set, &workspace->order, &pin,
					      &workspace->findings, error);
}

/* Add an option to the arguments, quoted for a shell. */
static const char *add_word(struct revchain_arena *arena, const char *text, const char *option,
			    const char *word)
{
	const char *quoted = revchain_text_shell_word(arena, word);

	return text && quoted ? revchain_arena_printf(arena, "%s%s%s%s", text, option,
						      *option ? "" : " ", quoted)
			      : NULL;
}

const char *append_only_arguments(const struct workspace *workspace)
{
	const struct options *options = workspace->options;
	const char *text = options->recursive ? " --recursive" : "";
	size_t i;

	if (options->config)
		text = add_word(workspace->arena, text, " -c ", options->config);
	if (options->section)
		text = add_word(workspace->arena, text, " -n ", options->section);
	for (i = 0; i < options->directory_count; i++)
		text = add_word(workspace->arena, text, "", options->directories[i]);
	return text;
}

/* An earlier commit of another line is judged like any other, and said to be of another line. */
static int note_other_line(struct workspace *workspace, const struct revchain_state *earlier,
			   struct revchain_error *error)
{
	bool is = false;
	int status = workspace->unborn
			     ? REVCHAIN_OK
			     : revchain_is_ancestor(workspace->repository, &earlier->commit,
						    &workspace->tip, &is, error);

	if (!status && !is)
		revchain_finding_add(&workspace->findings, REVCHAIN_FINDING_NOT_AN_ANCESTOR,
				     REVCHAIN_NOTE,
				     "%s is not in the history of this commit: what it has that is "
				     "not here counts as deleted",
				     earlier->name);
	return status;
}

static int check_since(struct workspace *workspace, const struct revchain_judged *judged,
		       struct revchain_error *error)
{
	struct revchain_state earlier;
	int status = revchain_repository_require_full_history(workspace->repository, error);

	if (!status)
		status = workspace_state(workspace, workspace->options->since, &earlier, error);
	if (!status)
		status = note_other_line(workspace, &earlier, error);
	if (!status)
		status = workspace_state_order(workspace, &earlier, true, error);
	return status ? status
		      : revchain_append_since(judged, &earlier, &workspace->findings, error);
}

static int check_file(struct workspace *workspace, const struct revchain_judged *judged,
		      const char *path, struct revchain_error *error)
{
	struct revchain_chainfile file;
	int status = revchain_chainfile_read(path, workspace->arena, &file, error);

	return status ? status
		      : revchain_append_previous(judged, &file, &workspace->findings, error);
}

static int check_applied(struct workspace *workspace, const struct revchain_judged *judged,
			 struct revchain_error *error)
{
	struct revchain_applied applied;
	int status = revchain_applied_read(workspace->options->applied, workspace->arena, &applied,
					   error);

	return status ? status
		      : revchain_append_applied(judged, &applied, &workspace->findings, error);
}

int append_only_check(struct workspace *workspace, const struct revchain_links *parents,
		      struct revchain_error *error)
{
	const struct options *options = workspace->options;
	struct revchain_judged judged = {.set = &workspace->set,
					 .parents = parents,
					 .landing_order = options->order == REVCHAIN_ORDER_LANDING,
					 .arguments = append_only_arguments(workspace)};
	int status = judged.arguments ? REVCHAIN_OK : revchain_fail_memory(error);

	if (!parents || status)
		return status;
	if (options->since)
		status = check_since(workspace, &judged, error);
	if (!status && options->previous)
		status = check_file(workspace, &judged, options->previous, error);
	/* a hybrid that came later can make it impossible to keep a pin */
	if (!status && options->pin)
		status = check_file(workspace, &judged, options->pin, error);
	if (!status && options->applied)
		status = check_applied(workspace, &judged, error);
	return status;
}
