/*
 * Targets: the places in a statement where names are bound.
 */
#ifndef PYTARGET_H
#define PYTARGET_H

#include "pymodule.h"

/* Bind the name at the token in a way that gives no value (see revchain_pybinding_spoil); any other
 * token is passed over. */
void revchain_pytarget_bind_name(struct revchain_pymodule *module, size_t index, const char *how);

/*
 * The same for all names that are targets in the tokens from `begin` up to `end`: `a, (b, *c)`, but
 * not those of `a.b` and `a(b)`. What is indexed, as in `a[b]`, is changed in place.
 */
void revchain_pytarget_bind_all(struct revchain_pymodule *module, size_t begin, size_t end,
				const char *how);

/* Assign a value, at the module's level, to the target from `begin` up to `end`: to a name, or
 * element by element. `written`: the whole expression. */
void revchain_pytarget_assign(struct revchain_pymodule *module, size_t begin, size_t end,
			      struct revchain_pyoperand *value, struct revchain_pyspan written,
			      int line);

#endif
