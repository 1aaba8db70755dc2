#include "revchain/refs.h"

#include <stdlib.h>
#include <string.h>

#include <git2.h>
#include <git2/sys/repository.h>

#include "looserefs.h"
#include "refusal.h"
#include "repository.h"

#define HEADS "refs/heads/"
#define REMOTES "refs/remotes/"
#define TAGS "refs/tags/"

struct list {
	struct revchain_arena *arena;
	struct revchain_ref *refs;
	size_t count, capacity;
};

static int compare_refs(const void *left, const void *right)
{
	const struct revchain_ref *a = left, *b = right;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->name, b->name);
}

static void classify(struct revchain_ref *ref)
{
	static const char *const prefixes[] = {HEADS, REMOTES, TAGS};
	int kind;

	ref->kind = REVCHAIN_REF_OTHER;
	ref->shown = ref->name;
	for (kind = REVCHAIN_REF_BRANCH; kind < REVCHAIN_REF_OTHER; kind++)
		if (strncmp(ref->name, prefixes[kind], strlen(prefixes[kind])) == 0) {
			ref->kind = (enum revchain_ref_kind)kind;
			ref->shown = ref->name + strlen(prefixes[kind]);
		}
}

static int add(struct list *list, const git_reference *reference, const git_oid *commit,
	       struct revchain_error *error)
{
	const char *name = git_reference_name(reference);
	struct revchain_ref *grown = revchain_arena_grow(list->arena, list->refs, list->count,
							 &list->capacity, sizeof(*list->refs));
	struct revchain_ref *ref;

	if (!grown)
		return revchain_fail_memory(error);
	list->refs = grown;
	ref = &grown[list->count];
	ref->name = revchain_arena_copy(list->arena, name, strlen(name));
	if (!ref->name)
		return revchain_fail_memory(error);
	ref->commit = *commit;
	classify(ref);
	list->count++;
	return REVCHAIN_OK;
}

/* What is symbolic, leads to no commit or replaces an object is passed over. */
static int take(struct list *list, const git_reference *reference, struct revchain_error *error)
{
	git_object *commit;
	int status, code;

	if (git_reference_type(reference) != GIT_REFERENCE_DIRECT ||
	    strncmp(git_reference_name(reference), "refs/replace/", 13) == 0)
		return REVCHAIN_OK;
	code = git_reference_peel(&commit, reference, GIT_OBJECT_COMMIT);
	if (code == GIT_EPEEL || code == GIT_EINVALIDSPEC)
		return REVCHAIN_OK;
	if (code < 0)
		return revchain_refuse_object(git_reference_owner(reference),
					      git_reference_target(reference), GIT_OBJECT_COMMIT,
					      code, error);
	status = add(list, reference, git_object_id(commit), error);
	git_object_free(commit);
	return status;
}

/* A file below refs/. What is gone meanwhile, or has no name that a ref could have, is passed over.
 */
static int take_loose(struct list *list, git_repository *git, const char *name,
		      struct revchain_error *error)
{
	git_reference *reference;
	int code = git_reference_lookup(&reference, git, name), status;

	if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC)
		return REVCHAIN_OK;
	if (code < 0)
		return revchain_refuse_ref(git, name, error);
	status = take(list, reference, error);
	git_reference_free(reference);
	return status;
}

/* Those that are in packed-refs alone. */
static int take_packed(struct list *list, git_repository *git,
		       const struct revchain_looserefs *loose, struct revchain_error *error)
{
	git_reference_iterator *iterator;
	git_reference *reference;
	git_refdb *database;
	int status = REVCHAIN_OK, code = 0;

	/* of a damaged file libgit2 tells who asks first, and shows nothing of it to the next */
	if (git_refdb_open(&database, git) < 0)
		return revchain_refuse_ref(git, NULL, error);
	git_repository_set_refdb(git, database);
	git_refdb_free(database);
	if (git_reference_iterator_new(&iterator, git) < 0)
		return revchain_refuse_ref(git, NULL, error);
	while (!status && (code = git_reference_next(&reference, iterator)) == 0) {
		if (!revchain_looserefs_have(loose, git_reference_name(reference)))
			status = take(list, reference, error);
		git_reference_free(reference);
	}
	git_reference_iterator_free(iterator);
	if (!status && code != GIT_ITEROVER)
		status = revchain_refuse_ref(git, NULL, error);
	return status;
}

int revchain_refs_list(struct revchain_repository *repository, struct revchain_arena *arena,
		       const struct revchain_ref **refs, size_t *count,
		       struct revchain_error *error)
{
	git_repository *git = revchain_repository_git(repository);
	struct revchain_looserefs loose;
	struct list list = {.arena = arena};
	size_t i;
	int status = revchain_looserefs_list(git_repository_commondir(git), arena, &loose, error);

	for (i = 0; !status && i < loose.count; i++)
		status = take_loose(&list, git, loose.names[i], error);
	if (!status)
		status = take_packed(&list, git, &loose, error);
	if (list.count)
		qsort(list.refs, list.count, sizeof(*list.refs), compare_refs);
	*refs = list.refs;
	*count = list.count;
	return status;
}
