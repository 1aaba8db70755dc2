#include "revchain/refs.h"

#include <fnmatch.h>
#include <string.h>

#include <git2.h>

#include "refusal.h"
#include "repository.h"

#define REMOTES "refs/remotes/"

int revchain_refs_match(struct revchain_repository *repository, const char *const *patterns,
			size_t pattern_count, struct revchain_arena *arena,
			const struct revchain_ref **refs, size_t *count, bool *matched,
			struct revchain_error *error)
{
	const struct revchain_ref *all;
	struct revchain_ref *wanted;
	size_t i, j, all_count;
	int status = revchain_refs_list(repository, arena, &all, &all_count, error);

	if (status)
		return status;
	wanted = revchain_arena_array(arena, all_count + 1, sizeof(*wanted));
	if (!wanted)
		return revchain_fail_memory(error);
	for (j = 0; j < pattern_count; j++)
		matched[j] = false;
	*refs = wanted;
	*count = 0;
	for (i = 0; i < all_count; i++) {
		bool is_wanted = false;

		if (all[i].kind != REVCHAIN_REF_BRANCH && all[i].kind != REVCHAIN_REF_REMOTE)
			continue;
		for (j = 0; j < pattern_count; j++)
			if (fnmatch(patterns[j], all[i].shown, 0) == 0)
				is_wanted = matched[j] = true;
		if (is_wanted)
			wanted[(*count)++] = all[i];
	}
	return REVCHAIN_OK;
}

const char *revchain_ref_branch(const struct revchain_ref *ref)
{
	const char *slash = ref->kind == REVCHAIN_REF_REMOTE ? strchr(ref->shown, '/') : NULL;

	return slash ? slash + 1 : ref->shown;
}

static int fail_commit(struct revchain_error *error)
{
	revchain_fail(error, REVCHAIN_HISTORY, "a commit cannot be read: %s",
		      revchain_refusal_reason());
	revchain_error_hint(error, "git fsck");
	return REVCHAIN_HISTORY;
}

const char *revchain_refs_default(struct revchain_repository *repository,
				  struct revchain_arena *arena)
{
	git_reference *reference = NULL, *target = NULL;
	const char *name = NULL;

	if (git_reference_lookup(&reference, revchain_repository_git(repository),
				 REMOTES "origin/HEAD") == 0 &&
	    git_reference_resolve(&target, reference) == 0 &&
	    strncmp(git_reference_name(target), REMOTES, strlen(REMOTES)) == 0)
		name = revchain_arena_printf(arena, "%s",
					     git_reference_name(target) + strlen(REMOTES));
	git_reference_free(target);
	git_reference_free(reference);
	return name;
}

int revchain_author_date(struct revchain_repository *repository, const git_oid *id,
			 int64_t *seconds, int *zone, struct revchain_error *error)
{
	git_commit *commit;

	if (git_commit_lookup(&commit, revchain_repository_git(repository), id) < 0)
		return fail_commit(error);
	*seconds = git_commit_author(commit)->when.time;
	*zone = git_commit_author(commit)->when.offset;
	git_commit_free(commit);
	return REVCHAIN_OK;
}
