#include "pybinding.h"

#include <string.h>

struct revchain_pybinding *revchain_pybinding_find(const struct revchain_pybindings *bindings,
						   const char *name, size_t length)
{
	return revchain_names_find(&bindings->names, name, length);
}

struct revchain_pybinding *revchain_pybinding_add(struct revchain_pybindings *bindings,
						  const char *name, size_t length)
{
	struct revchain_pybinding *binding = revchain_pybinding_find(bindings, name, length);

	if (binding)
		return binding;
	binding = revchain_arena_alloc(bindings->arena, sizeof(*binding));
	if (!binding ||
	    !revchain_names_add(&bindings->names, bindings->arena, name, length, binding))
		return NULL;
	binding->name = name;
	binding->length = length;
	return binding;
}

bool revchain_pybinding_set(struct revchain_pybindings *bindings, const char *name, size_t length,
			    struct revchain_pyoperand *value, struct revchain_pyspan written,
			    int line)
{
	struct revchain_pybinding *binding = revchain_pybinding_add(bindings, name, length);

	if (!binding)
		return false;
	binding->value = value;
	binding->how = NULL;
	binding->written = written;
	binding->line = line;
	return true;
}

void revchain_pybinding_spoil(struct revchain_pybindings *bindings, const char *name, size_t length,
			      const char *how, int line)
{
	struct revchain_pybinding *binding = revchain_pybinding_find(bindings, name, length);

	if (!binding || binding->how)
		return;
	binding->value = NULL;
	binding->how = how;
	binding->line = line;
}

void revchain_pybinding_change(struct revchain_pybindings *bindings, const char *name,
			       size_t length, int line)
{
	struct revchain_pybinding *binding = revchain_pybinding_find(bindings, name, length);

	if (!binding)
		return;
	if (!binding->value || !binding->value->changeable)
		revchain_pybinding_spoil(bindings, name, length, "is changed in place", line);
	else if (!binding->value->changed)
		binding->value->changed = line;
}
