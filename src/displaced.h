/* What is said of a displaced migration (revchain/append.h). */
#ifndef DISPLACED_H
#define DISPLACED_H

#include <stddef.h>
#include <stdint.h>

#include "revchain/append.h"

#include "earlier.h"

#define REVCHAIN_DISPLACED_MOST ((size_t)100) /* findings; more than anyone reads */
#define REVCHAIN_DISPLACED_NEW SIZE_MAX	      /* as a node: the earlier chain has none */

/* What all of them have in common. */
struct revchain_displaced {
	const struct revchain_judged *judged;
	const struct revchain_earlier *earlier; /* NULL: they are judged by a list */
	const size_t *node; /* of each migration: that of the earlier chain, or NEW */
	const char *who;    /* has applied the other one: "a database at origin/main" */
	const char *keep;   /* the command that keeps the order */
	struct revchain_findings *findings;
};

/* Add the finding for `migration`, which has come to stand before `before`. */
void revchain_displaced_report(const struct revchain_displaced *displaced, size_t migration,
			       size_t before);

/* The finding for all that are too many to name. */
void revchain_displaced_report_more(const struct revchain_displaced *displaced);

#endif
