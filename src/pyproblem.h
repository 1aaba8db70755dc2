/*
 * How the parts of the Python scanner report to each other: a status, and a problem that is filled
 * in where the text is wrong.
 */
#ifndef PYPROBLEM_H
#define PYPROBLEM_H

#include "revchain/arena.h"
#include "revchain/pyscan.h"

enum revchain_pystatus {
	REVCHAIN_PY_OK,
	REVCHAIN_PY_PROBLEM, /* the text is wrong: the problem says why */
	REVCHAIN_PY_MEMORY,  /* memory ran out */
};

/*
 * Fill in a problem of the file as a whole; the message is copied into the arena, `hint` (may be
 * NULL) is a constant. Returns REVCHAIN_PY_PROBLEM, or REVCHAIN_PY_MEMORY, so that `return
 * revchain_pyproblem_set(…)` reads well.
 */
__attribute__((format(printf, 5, 6))) enum revchain_pystatus
revchain_pyproblem_set(struct revchain_pyproblem *problem, struct revchain_arena *arena, int line,
		       const char *hint, const char *format, ...);

#endif
