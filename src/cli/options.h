/* The command line: which command, which options, which directories. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "revchain/order.h"

enum choice {
	CHOICE_AUTO, /* as standard error, or output, is a terminal */
	CHOICE_YES,
	CHOICE_NO,
};

#define OPTIONS_BRANCHES_MAX 64
#define OPTIONS_KINDS_MAX 64 /* kinds of findings: there is room for twice as many as there are */

struct options {
	const char *revision; /* --rev; NULL: the work tree */
	const char *config;   /* -c; NULL: search */
	const char *section;  /* -n; NULL: "alembic" */
	const char *output;   /* -o; NULL: beside the versions directory */
	const char *format;   /* --format; NULL: text */
	const char *range;    /* -r; NULL: all */
	size_t count;	      /* -n, where it is a number; 0: all */
	const char *base;     /* --base; NULL: none, as for those that follow */
	const char *since, *previous, *pin, *applied, *onto;
	const char *branches[OPTIONS_BRANCHES_MAX]; /* --branches */
	size_t branch_count;
	enum revchain_order_kind order;
	enum choice colour, progress;
	bool recursive, strict, quiet, verbose;
	size_t allow_heads;		 /* --allow-heads; 0: as lanes and labels have it */
	bool allowed[OPTIONS_KINDS_MAX]; /* --allow, by index into revchain_finding_kinds */
	const char *message;		 /* -m; NULL: none, as for those that follow */
	const char *new_id;		 /* --rev-id */
	bool dry_run, force, all;
	bool help;
	char **directories; /* borrowed from argv, as what follows */
	size_t directory_count;
	char **words; /* what is no directory, where a command takes such; borrowed from argv */
	size_t word_count;
};

/* The options that a command takes besides the common ones. */
enum {
	TAKES_OUTPUT = 1,
	TAKES_FORMAT = 2,
	TAKES_ALLOW = 4,     /* --allow and --allow-heads */
	TAKES_APPEND = 8,    /* --since, --previous, --pin and --applied */
	TAKES_BRANCHES = 16, /* --branches and --onto */
	TAKES_MESSAGE = 32,  /* -m and --rev-id */
	TAKES_ONTO = 64,     /* --onto and --force */
	TAKES_DRY_RUN = 128, /* --dry-run */
	TAKES_RANGE = 256,
	TAKES_COUNT = 512,  /* then -n with a number is that */
	TAKES_WORDS = 1024, /* what has no slash in it is a word, and no directory */
	TAKES_ALL = 2048,   /* --all */
};

/*
 * Read the options of a command; argv[0] is its name. Returns an exit status: 0, or 2 after saying
 * what is wrong. `formats` are the values of --format, NULL at the end.
 */
int options_read(struct options *options, int argc, char **argv, unsigned takes,
		 const char *const *formats);

/* The common options, for the help of each command. */
extern const char options_common_help[];
/* Those of TAKES_APPEND, for the help of the commands that take them. */
extern const char options_append_help[];

#endif
