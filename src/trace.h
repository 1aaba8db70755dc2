/*
 * Files followed from commit to parent: the paths of a set, kept as a tree of directories with the
 * id that each had in the last commit, so that a directory that did not change is not read again.
 */
#ifndef TRACE_H
#define TRACE_H

#include <stddef.h>

#include <git2/oid.h>

#include "revchain/history.h"

struct revchain_trace_node;

/* A file that a step did not find in the parent. */
struct revchain_lost {
	const char *path; /* in the commit that the step left */
	size_t file;	  /* the caller's number */
};

struct revchain_trace {
	struct revchain_history *history;
	struct revchain_arena *arena; /* owns the nodes */
	struct revchain_trace_node *root;
	size_t count;		    /* of the files that are still followed */
	struct revchain_lost *lost; /* those that the last step lost */
	size_t lost_count, lost_capacity;
};

/* An empty trace. Freed by the caller, also after an error. */
int revchain_trace_init(struct revchain_trace *trace, struct revchain_history *history,
			struct revchain_error *error);
void revchain_trace_free(struct revchain_trace *trace);

/* Follow a file that is in the commit where the trace is. The path is not copied. */
int revchain_trace_add(struct revchain_trace *trace, const char *path, size_t file,
		       struct revchain_error *error);

/*
 * Step from a commit with root tree `here`, in which all the files are, to a parent with root tree
 * `parent`. Those that are not there are in `lost` then and no longer followed; those that have
 * another path there go on under it.
 */
int revchain_trace_step(struct revchain_trace *trace, const git_oid *here, const git_oid *parent,
			struct revchain_error *error);

/* Call `visit_file` for each file that is followed, with its path in the commit where the trace is
 * now. */
void revchain_trace_each(const struct revchain_trace *trace,
			 void (*visit_file)(void *data, const char *path, size_t file), void *data);

#endif
