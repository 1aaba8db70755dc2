/*
 * What is wrong with the migrations: a list of findings, each with a stable id, its places on both
 * sides and what to do. Modules add to the list and go on; report.h prints it.
 */
#ifndef REVCHAIN_FINDING_H
#define REVCHAIN_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/arena.h"

enum revchain_severity {
	REVCHAIN_NOTE,	  /* worth knowing */
	REVCHAIN_WARNING, /* refused with --strict */
	REVCHAIN_ERROR,	  /* no chain can be built: exit status 1 */
};

/* A place that a finding is about. */
struct revchain_place {
	const char *path; /* from the repository's root, raw bytes */
	int line;	  /* counted from 1; 0: the file as a whole */
	const char *note; /* what is there, for the second place and on ("the other one"); NULL for
			     the first */
	struct revchain_place *next;
};

struct revchain_finding {
	const char *id; /* stable, lower case with hyphens: "multiple-heads" */
	enum revchain_severity severity;
	const char *message;	      /* one line; may hold raw bytes of the input */
	const char *hints;	      /* one a line; NULL: none */
	bool allowed;		      /* the user said that it is fine: a note, whatever it was */
	struct revchain_place *place; /* the first one; NULL: no file in particular */
	struct revchain_place *last_place;
	struct revchain_finding *next;
};

struct revchain_findings {
	struct revchain_arena *arena; /* owns the findings and their texts */
	struct revchain_finding *first, *last;
	size_t errors, warnings, notes;
	bool out_of_memory; /* one could not be added: the run must end with REVCHAIN_IO */
};

/* An empty list whose texts will live in the arena. */
void revchain_findings_init(struct revchain_findings *findings, struct revchain_arena *arena);

/*
 * Add a finding; `id` is a constant, the message is copied. Returns it, so that places and hints
 * can be added, or NULL when memory ran out (noted in the list; the functions below take NULL).
 */
__attribute__((format(printf, 4, 5))) struct revchain_finding *
revchain_finding_add(struct revchain_findings *findings, const char *id,
		     enum revchain_severity severity, const char *format, ...);

/* Add a place behind those that the finding has. `path` must live as long as the list; `note` may
 * be NULL. */
void revchain_finding_at(struct revchain_findings *findings, struct revchain_finding *finding,
			 const char *path, int line, const char *note);

/* Add a line of advice. */
__attribute__((format(printf, 3, 4))) void revchain_finding_hint(struct revchain_findings *findings,
								 struct revchain_finding *finding,
								 const char *format, ...);

/* Sort them by the path and line of their first places; those without a place come first, and
 * equals stay as they were. A list that memory is too short to sort stays as it is, noted in the
 * list. */
void revchain_findings_sort(struct revchain_findings *findings);

/* The user said that findings of this id are fine: they become notes, marked as allowed. */
void revchain_findings_allow(struct revchain_findings *findings, const char *id);

#endif
