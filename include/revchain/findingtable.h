/*
 * Every finding that there is, in one place: what `check --allow` takes, what the rules of a SARIF
 * log are, what the manual page lists.
 */
#ifndef REVCHAIN_FINDINGTABLE_H
#define REVCHAIN_FINDINGTABLE_H

#include <stddef.h>

#include "revchain/finding.h"

struct revchain_finding_kind {
	const char *id;
	enum revchain_severity severity; /* that it has unless it is allowed */
	const char *summary; /* what it is, a phrase: "two migrations have the same id" */
};

/* Sorted by id; `revchain_finding_kind_count` of them. */
extern const struct revchain_finding_kind revchain_finding_kinds[];
extern const size_t revchain_finding_kind_count;

/* Where a kind is in the table; revchain_finding_kind_count: there is none of that id. */
size_t revchain_finding_kind_index(const char *id);

#endif
