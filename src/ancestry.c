#include "revchain/ancestry.h"

#include <git2.h>

#include "refusal.h"
#include "repository.h"

static int fail(struct revchain_error *error)
{
	revchain_fail(error, REVCHAIN_HISTORY, "the history cannot be read: %s",
		      revchain_refusal_reason());
	revchain_error_hint(error, "git fsck");
	return REVCHAIN_HISTORY;
}

int revchain_is_ancestor(struct revchain_repository *repository, const git_oid *ancestor,
			 const git_oid *commit, bool *is, struct revchain_error *error)
{
	int code = git_oid_equal(ancestor, commit)
			   ? 1
			   : git_graph_descendant_of(revchain_repository_git(repository), commit,
						     ancestor);

	*is = code == 1;
	return code < 0 ? fail(error) : REVCHAIN_OK;
}

int revchain_merge_base(struct revchain_repository *repository, const git_oid *one,
			const git_oid *other, git_oid *base, bool *found,
			struct revchain_error *error)
{
	int code = git_merge_base(base, revchain_repository_git(repository), one, other);

	*found = code == 0;
	/* where the history is cut off, its end is an object that is missing */
	if (code < 0 && code != GIT_ENOTFOUND && !revchain_repository_is_shallow(repository))
		return fail(error);
	return REVCHAIN_OK;
}
