/*
 * Where a revision id is, or was: in which branches and tags, and in all of history. For the
 * message "Can't locate revision identified by ...": a database has an id that the code does not
 * know.
 *
 * All commits that any ref leads to are read once, with the trees on the way to each lane, and of
 * the lane's states each is read once, and of their files each version once. What was elsewhere
 * than in the lanes' directories is not seen.
 */
#ifndef REVCHAIN_WHERE_H
#define REVCHAIN_WHERE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <git2/oid.h>

#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/migration.h"
#include "revchain/refs.h"
#include "revchain/repository.h"

/* Where to look. */
struct revchain_where_source {
	struct revchain_repository *repository;
	const struct revchain_migrations *set; /* of the work tree, or of `head`; its lanes are
						  looked at everywhere */
	const git_oid *head;		       /* NULL: there is no commit yet */
	const struct revchain_ref *refs;
	size_t ref_count;
	bool tips_only; /* the history is cut off: look at what the refs lead to alone */
};

struct revchain_where_commit {
	git_oid id;
	int64_t date; /* of the committer, seconds since 1970 */
	int zone;     /* minutes east of UTC */
};

enum revchain_where_state {
	REVCHAIN_WHERE_HERE,	  /* in HEAD */
	REVCHAIN_WHERE_WORKTREE,  /* in the work tree alone, not committed */
	REVCHAIN_WHERE_REMOVED,	  /* a commit that HEAD's history has removed it */
	REVCHAIN_WHERE_ELSEWHERE, /* HEAD's history never had it, but a branch or tag has it */
	REVCHAIN_WHERE_LOST, /* HEAD's history never had it; another branch had, and removed it */
};

/* What is known of one revision. */
struct revchain_where {
	const char *revision; /* the full id */
	enum revchain_where_state state;
	const size_t *holders; /* the refs that have it now, by number, sorted */
	size_t holder_count;
	const char *path; /* where it is, or was last */
	git_oid seen;	  /* the commit that this was read from; zero for WORKTREE */
	bool landed;	  /* `landing` is known */
	struct revchain_where_commit landing; /* where it landed on the line of first parents that
						 ends at `seen` */
	bool has_removal;
	struct revchain_where_commit removal;
	const char *successor;	  /* the id that the file has had since its removal; NULL: none */
	const char *const *added; /* what came with the removal, sorted */
	size_t added_count;
	const char *const *gone; /* what went with it, itself left out, sorted */
	size_t gone_count;
	bool related;		    /* parents and children are known */
	const char *const *parents; /* at `seen` */
	size_t parent_count;
	const char *const *children;
	size_t child_count;
	const char *known; /* of those that it leads back to, one that is in `set` and has none
			      behind it that is; NULL: none */
};

struct revchain_where_search;

/*
 * Read all that is to be known. `progress` may be NULL. The search lives in the arena, but is freed
 * by the caller, also after an error. REVCHAIN_HISTORY: an object is missing or damaged.
 * REVCHAIN_IO: memory ran out.
 */
int revchain_where_open(struct revchain_where_search **search,
			const struct revchain_where_source *source, struct revchain_arena *arena,
			struct revchain_error *error);
void revchain_where_free(struct revchain_where_search *search);

/*
 * The ids that begin with a text; where one is the text itself, that one alone. Sorted, in the
 * arena. REVCHAIN_IO: memory ran out.
 */
int revchain_where_match(struct revchain_where_search *search, const char *text,
			 const char *const **ids, size_t *count, struct revchain_error *error);

/* What is known of one of those ids. Errors as for opening. */
int revchain_where_look(struct revchain_where_search *search, const char *id,
			struct revchain_where *where, struct revchain_error *error);

#endif
