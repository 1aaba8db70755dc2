/* Branch labels: which migrations a label belongs to. */
#ifndef LABELS_H
#define LABELS_H

#include "revchain/revmap.h"

/*
 * Fill in the labels of a map whose links are there. A label belongs to the migration that declares
 * it and to all that come behind it; and where those are one line without a branch, to what is
 * before it as well, back to the last branch or merge point (_add_branches in
 * alembic/script/revision.py). REVCHAIN_MIGRATIONS: a name that is taken. REVCHAIN_IO: memory ran
 * out.
 */
int revchain_labels_spread(struct revchain_revmap *map, struct revchain_error *error);

/* The number of a label. False: there is none of that name. */
bool revchain_labels_find(const struct revchain_revmap *map, const char *label, size_t *number);

#endif
