#include "pytarget.h"

static const struct revchain_pytoken *at(const struct revchain_pymodule *module, size_t index)
{
	return &module->tokens[index];
}

void revchain_pytarget_bind_name(struct revchain_pymodule *module, size_t index, const char *how)
{
	size_t length;
	const char *name = revchain_pymodule_name(module, at(module, index), &length);

	if (name)
		revchain_pybinding_spoil(&module->names, name, length, how,
					 (int)at(module, index)->line);
}

/* Whether what ends in front of `index` goes on there, as an attribute, an element or a call. */
static bool goes_on(const struct revchain_pymodule *module, size_t index, size_t end)
{
	return index < end && (revchain_pymodule_is_symbol(module, index, '.') ||
			       revchain_pymodule_is_symbol(module, index, '[') ||
			       revchain_pymodule_is_symbol(module, index, '('));
}

/* Whether the bracket at `index` holds targets: nothing stands in front of it, and nothing is done
 * with it. */
static bool holds_targets(const struct revchain_pymodule *module, size_t index, size_t begin,
			  size_t end)
{
	bool first = index == begin || revchain_pymodule_is_symbol(module, index - 1, ',') ||
		     revchain_pymodule_is_symbol(module, index - 1, '*') ||
		     at(module, index - 1)->kind == REVCHAIN_PYTOKEN_OPEN;

	return first && !goes_on(module, at(module, index)->extent + 1, end);
}

static void bind_one(struct revchain_pymodule *module, size_t index, size_t end, const char *how)
{
	size_t length;
	const char *name;

	if (!goes_on(module, index + 1, end)) {
		revchain_pytarget_bind_name(module, index, how);
		return;
	}
	name = revchain_pymodule_name(module, at(module, index), &length);
	if (name && revchain_pymodule_is_symbol(module, index + 1, '['))
		revchain_pybinding_change(&module->names, name, length,
					  (int)at(module, index)->line);
}

void revchain_pytarget_bind_all(struct revchain_pymodule *module, size_t begin, size_t end,
				const char *how)
{
	size_t i;

	for (i = begin; i < end; i++) {
		const struct revchain_pytoken *token = at(module, i);
		if (token->kind == REVCHAIN_PYTOKEN_OPEN && !holds_targets(module, i, begin, end))
			i = token->extent;
		else if (token->kind == REVCHAIN_PYTOKEN_NAME &&
			 (i == begin || !revchain_pymodule_is_symbol(module, i - 1, '.')))
			bind_one(module, i, end, how);
	}
}

/* Whether a bracket encloses all of the tokens from `begin` up to `end`. */
static bool is_enclosed(const struct revchain_pymodule *module, size_t begin, size_t end)
{
	return begin < end && at(module, begin)->kind == REVCHAIN_PYTOKEN_OPEN &&
	       at(module, begin)->extent == end - 1;
}

/* The number of names in a plain list of them, `a, b` or `a, b,`; 0: it is something else. */
static size_t count_names(struct revchain_pymodule *module, size_t begin, size_t end)
{
	size_t i, length;

	for (i = begin; i < end; i++) {
		bool comma = (i - begin) % 2 == 1;
		if (comma ? !revchain_pymodule_is_symbol(module, i, ',')
			  : !revchain_pymodule_name(module, at(module, i), &length))
			return 0;
	}
	return (end - begin + 1) / 2;
}

/* Where in the expression the value is written; `otherwise` where that is elsewhere, as it is for
 * what a name stands for. */
static struct revchain_pyspan narrow(const struct revchain_pyoperand *value,
				     struct revchain_pyspan expression,
				     struct revchain_pyspan otherwise)
{
	if (value->start < expression.start || value->start >= expression.end)
		return otherwise;
	return (struct revchain_pyspan){value->start, value->start + value->length};
}

static void assign_name(struct revchain_pymodule *module, size_t index,
			struct revchain_pyoperand *value, struct revchain_pyspan written, int line)
{
	size_t length;
	const char *name = revchain_pymodule_name(module, at(module, index), &length);

	if (name && !revchain_pybinding_set(&module->names, name, length, value, written, line))
		module->out_of_memory = true;
}

void revchain_pytarget_assign(struct revchain_pymodule *module, size_t begin, size_t end,
			      struct revchain_pyoperand *value, struct revchain_pyspan written,
			      int line)
{
	size_t i, count, outer_begin = begin, outer_end = end;

	while (is_enclosed(module, begin, end) && at(module, begin)->symbol == '(') {
		begin++;
		end--;
	}
	if (end == begin + 1 && at(module, begin)->kind == REVCHAIN_PYTOKEN_NAME) {
		assign_name(module, begin, value, narrow(value, written, written), line);
		return;
	}
	if (is_enclosed(module, begin, end) && at(module, begin)->symbol == '[') {
		begin++;
		end--;
	}
	count = count_names(module, begin, end);
	if (count == 0 || value->kind != REVCHAIN_PYOPERAND_SEQUENCE || !value->ordered ||
	    value->changed || value->count != count) {
		revchain_pytarget_bind_all(
			module, outer_begin, outer_end,
			"is unpacked from a value that cannot be read without running the module");
		return;
	}
	for (i = 0; i < count; i++)
		assign_name(module, begin + 2 * i, value->items[i],
			    narrow(value->items[i], written, (struct revchain_pyspan){0, 0}), line);
}
