/*
 * What client.c asks server.c for: one run of the program. A head comes first and brings the
 * directory to run in and those of the three standard streams that are open, as file descriptors
 * (SCM_RIGHTS); then the arguments and the environment, each text with a NUL behind it. The answer
 * is the process that ran it, and its status as waitpid has it.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct request {
	int argument_count, variable_count;
	size_t length; /* of all texts, bytes */
	int open[3];   /* whether that stream is */
	mode_t mask;
};

struct answer {
	pid_t process;
	int status;
};

#endif
