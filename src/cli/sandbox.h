/*
 * What the program gives up before it looks into a repository, so that a mistake in it, or in
 * libgit2, is of little use to whoever wrote the repository: it can start no program, reach no
 * network, trace or signal no process, and change no file but below the directories that its
 * command writes to. Reading stays free: the environment, and what CI keeps in files, is not
 * protected, but there is no way out for it but the program's own output.
 *
 * Each part is there where the kernel has it and the container lets it; where not, the program
 * works without. REVCHAIN_SANDBOX=off in the environment leaves it out: valgrind, sanitizers and
 * coverage do at the end of a run what it forbids.
 *
 * Sources: Documentation/userspace-api/landlock.rst and seccomp_filter.rst of Linux.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

struct sandbox {
	int landlock; /* the version of its interface; 0: there is none */
	bool seccomp;
	bool off; /* by REVCHAIN_SANDBOX */
};

/* The most memory that the program may take, bytes: what is mapped from files does not count. */
#define SANDBOX_MEMORY_MAX ((size_t)4 << 30)

/* Enter it, for good. */
void sandbox_enter(struct sandbox *sandbox);

/* Give up changing files but below these directories; a special file may be named itself. */
void sandbox_restrict_files(struct sandbox *sandbox, const char *const *writable, size_t count);

/* One line on what it is made of here. */
const char *sandbox_describe(const struct sandbox *sandbox);

#endif
