/* Files followed from a commit to a parent, also where they have another path there. */
#ifndef TRACE_H
#define TRACE_H

#include <git2/oid.h>

#include "revchain/history.h"

#include "pathset.h"

/*
 * Step from a commit with root tree `here`, in which all files of the set are, to a parent with
 * root tree `parent`. Those that are not there are in the set's `lost` then and no longer in the
 * set; those that have another path there go on under it.
 */
int revchain_trace_step(struct revchain_history *history, struct revchain_pathset *files,
			const git_oid *here, const git_oid *parent, struct revchain_error *error);

#endif
