/*
 * What stops a run. Errors are values: a function that can fail returns a status, REVCHAIN_OK (0)
 * or the reason, and fills in the error that its caller handed down. The numbers are the exit
 * statuses of the program.
 *
 * What is merely wrong with the migrations (two heads, a missing parent) does not stop a run: see
 * finding.h.
 */
#ifndef REVCHAIN_ERROR_H
#define REVCHAIN_ERROR_H

enum revchain_status {
	REVCHAIN_OK = 0,
	REVCHAIN_MIGRATIONS = 1, /* the migrations are wrong: see the findings */
	REVCHAIN_USAGE =
		2, /* what was asked for makes no sense: an option, a directory that is not there */
	REVCHAIN_HISTORY = 3, /* the history cannot be used: shallow, no repository, an object that
				 is missing */
	REVCHAIN_DISPLACED = 4, /* not append-only */
	REVCHAIN_IO = 5,	/* reading or writing a file failed, or memory ran out */
};

struct revchain_error {
	enum revchain_status status;
	int line;	    /* in path, counted from 1; 0: the file as a whole */
	char path[4096];    /* the file that it is about; empty: none */
	char message[2048]; /* one line without a newline at the end; may hold raw bytes of the
			       input */
	char hints[2048];   /* what to do, one hint a line; empty: none */
};

/*
 * Start an error: sets status and message, clears the rest. Returns the status, so that `return
 * revchain_fail(…)` reads well. A text that does not fit is cut.
 */
__attribute__((format(printf, 3, 4))) int
revchain_fail(struct revchain_error *error, enum revchain_status status, const char *format, ...);

/* Add a line of advice to the error. */
__attribute__((format(printf, 2, 3))) void revchain_error_hint(struct revchain_error *error,
							       const char *format, ...);

/* Say which file, and which of its lines (0: none), the error is about. */
void revchain_error_at(struct revchain_error *error, const char *path, int line);

/* Start an error about a file, `line` of it (0: none), in words that are no format. Returns the
 * status. */
int revchain_fail_at(struct revchain_error *error, enum revchain_status status, const char *path,
		     int line, const char *message);

/* Memory ran out: REVCHAIN_IO with a message that says so. Inline, for static analysers to see the
 * status. */
static inline int revchain_fail_memory(struct revchain_error *error)
{
	revchain_fail(error, REVCHAIN_IO, "memory ran out");
	return REVCHAIN_IO;
}

#endif
