/*
 * Findings and errors, as text for a person and as what programs read.
 *
 * Sources of the formats: "Workflow commands for GitHub Actions" of GitHub's documentation and
 * command.ts of its runner's toolkit; SARIF 2.1.0 (OASIS); revchain(1) for the JSON object.
 */
#ifndef REVCHAIN_REPORT_H
#define REVCHAIN_REPORT_H

#include <stdbool.h>

#include "revchain/buffer.h"
#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/heads.h"
#include "revchain/migration.h"

/*
 * Add the findings of at least this severity, in the order in which they were found:
 *
 *     revchain: error: PATH:LINE: what is wrong
 *       PATH:LINE: the other side
 *     hint: what to do
 *
 * Everything that comes from the repository is escaped. `colour`: with the sequences of a terminal.
 */
void revchain_report_findings(const struct revchain_findings *findings,
			      enum revchain_severity least, bool colour,
			      struct revchain_buffer *text);

/* Add an error in the same form. */
void revchain_report_error(const struct revchain_error *error, bool colour,
			   struct revchain_buffer *text);

/* What a check came to. All of it is borrowed. */
struct revchain_report {
	const struct revchain_findings *findings; /* sorted: revchain_findings_sort */
	enum revchain_severity least;		  /* what is less than this is left out */
	const char *version;			  /* the program's */
	const struct revchain_migrations *set;
	const struct revchain_heads *heads; /* NULL: they are not known, for the graph is not */
};

/* Add the findings as revchain_report_findings does, with an empty line between two files. */
void revchain_report_grouped(const struct revchain_report *report, bool colour,
			     struct revchain_buffer *text);

/* Add one line that counts, without what stands at the start of a message: "1 error, 1 warning in 2
 * files; 288 migrations, 1 head: 5c9eb899ede0". */
void revchain_report_summary(const struct revchain_report *report, struct revchain_buffer *text);

/* Add one JSON object, in ASCII. The manual page describes it. */
void revchain_report_json(const struct revchain_report *report, struct revchain_buffer *text);

/* Add a workflow command of GitHub Actions for each finding, which it shows beside the lines of a
 * pull request. */
void revchain_report_github(const struct revchain_report *report, struct revchain_buffer *text);

/* Add a SARIF 2.1.0 log: a rule for each kind of finding, a result for each finding that has a
 * place, a notification for each that has none. */
void revchain_report_sarif(const struct revchain_report *report, struct revchain_buffer *text);

#endif
