/* Findings and errors as text for a person. */
#ifndef REVCHAIN_REPORT_H
#define REVCHAIN_REPORT_H

#include <stdbool.h>

#include "revchain/buffer.h"
#include "revchain/error.h"
#include "revchain/finding.h"

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

#endif
