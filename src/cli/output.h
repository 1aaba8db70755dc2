/* What is said to a person, on standard error: messages, and how far a walk is. Standard output
 * carries results alone. */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "revchain/buffer.h"
#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/report.h"

#include "options.h"

/* Whether to colour what goes to a stream: NO_COLOR and TERM=dumb are heeded. */
bool output_colour(enum choice choice, FILE *stream);

__attribute__((format(printf, 1, 2))) void output_error(const char *format, ...);
__attribute__((format(printf, 1, 2))) void output_hint(const char *format, ...);
__attribute__((format(printf, 1, 2))) void output_note(const char *format, ...);

/* Print an error of the library. Returns its status. */
int output_failure(const struct revchain_error *error, const struct options *options);

/* Print the findings: warnings and errors, with --verbose the notes too, with --quiet the errors
 * alone. */
void output_findings(const struct revchain_findings *findings, const struct options *options);

/* Print findings that are wanted though they are only notes; with --quiet none. */
void output_notes(const struct revchain_findings *findings, const struct options *options);

/* Print what a check came to: its findings if they are wanted here, and the line that counts them.
 * With --quiet that line is left out where nothing is wrong. */
void output_report(const struct revchain_report *report, bool findings,
		   const struct options *options);

/* Write a result to standard output. False, and a message: it could not be written. */
bool output_result(const struct revchain_buffer *text);

/* A revchain_progress: shows a line on standard error once a walk takes longer than half a second.
 */
struct progress {
	double started; /* seconds of the monotonic clock */
	double shown;	/* when the line was last drawn; 0: never */
};

/* Whether to show progress at all. */
bool output_progress_wanted(const struct options *options);
void output_progress_start(struct progress *progress);
void output_progress(void *progress, size_t commits, size_t landed, size_t files);
/* Take the line away again. */
void output_progress_end(struct progress *progress);

#endif
