#include "pystatement.h"

#include "pytarget.h"
#include "pyvalue.h"

static const struct revchain_pytoken *at(const struct revchain_pymodule *module, size_t index)
{
	return &module->tokens[index];
}

static bool is_keyword(const struct revchain_pymodule *module, size_t index,
		       enum revchain_pykeyword keyword)
{
	return index < module->count && at(module, index)->kind == REVCHAIN_PYTOKEN_NAME &&
	       at(module, index)->symbol == keyword;
}

static bool is_name(const struct revchain_pymodule *module, size_t index)
{
	return is_keyword(module, index, REVCHAIN_PYKEYWORD_NO);
}

/* The next token with that mark, or `end`. */
static size_t find_mark(const struct revchain_pymodule *module, size_t begin, size_t end, char mark)
{
	while (begin < end && at(module, begin)->mark != (uint8_t)mark)
		begin++;
	return begin;
}

/* `import a.b, c as d`, or the part of `from x import a, b as c` behind its import. */
static void import_names(struct revchain_pymodule *module, size_t begin, size_t end)
{
	size_t i = begin;

	while (i < end) {
		size_t bound = i;
		while (i < end && !revchain_pymodule_is_symbol(module, i, ',')) {
			if (is_keyword(module, i, REVCHAIN_PYKEYWORD_AS) && i + 1 < end)
				bound = i + 1;
			i++;
		}
		revchain_pytarget_bind_name(module, bound, "is bound by an import");
		i++;
	}
}

static void import_from(struct revchain_pymodule *module, size_t begin, size_t end)
{
	while (begin < end && !is_keyword(module, begin, REVCHAIN_PYKEYWORD_IMPORT))
		begin++;
	begin++;
	if (revchain_pymodule_is_symbol(module, begin, '('))
		import_names(module, begin + 1, at(module, begin)->extent);
	else
		import_names(module, begin, end);
}

/* An assignment, annotated or not; `assign` is its first `=`. */
static void assign(struct revchain_pymodule *module, size_t begin, size_t annotation, size_t assign,
		   size_t end, const char *how)
{
	int line = (int)at(module, begin)->line;
	struct revchain_pyoperand *value;
	struct revchain_pyspan written;
	size_t next, last = assign, target_end = annotation < assign ? annotation : assign;

	while ((next = find_mark(module, last + 1, end, '=')) < end)
		last = next;
	value = how ? NULL : revchain_pyvalue_read(module, last + 1, end);
	written = revchain_pymodule_span(module, last + 1, end);
	for (;;) {
		if (how)
			revchain_pytarget_bind_all(module, begin, target_end, how);
		else if (value)
			revchain_pytarget_assign(module, begin, target_end, value, written, line);
		if (assign == last)
			break;
		begin = assign + 1;
		assign = target_end = find_mark(module, begin, end, '=');
	}
}

/* If the name at the token is bound to a list or a set, that is changed, for all names that share
 * it. */
static void change_object(struct revchain_pymodule *module, size_t index)
{
	size_t length;
	const char *name = revchain_pymodule_name(module, at(module, index), &length);
	const struct revchain_pybinding *binding;

	if (!name)
		return;
	binding = revchain_pybinding_find(&module->names, name, length);
	if (binding && binding->value && binding->value->changeable)
		revchain_pybinding_change(&module->names, name, length,
					  (int)at(module, index)->line);
}

static void augment(struct revchain_pymodule *module, size_t begin, size_t operator_index)
{
	if (operator_index == begin + 1)
		change_object(module, begin);
	revchain_pytarget_bind_all(module, begin, operator_index,
				   "is changed by an augmented assignment");
}

/* `a.method(…)`, which may change what `a` is bound to. */
static void call_method(struct revchain_pymodule *module, size_t begin, size_t end)
{
	if (begin + 3 < end && revchain_pymodule_is_symbol(module, begin + 1, '.') &&
	    revchain_pymodule_is_symbol(module, begin + 3, '('))
		change_object(module, begin);
}

/* Whether this is `type name = …` or `type name[T] = …`. */
static bool is_type_alias(const struct revchain_pymodule *module, size_t begin)
{
	return revchain_pymodule_is_word(module, at(module, begin), "type") &&
	       is_name(module, begin + 1) &&
	       (revchain_pymodule_is_symbol(module, begin + 2, '=') ||
		revchain_pymodule_is_symbol(module, begin + 2, '['));
}

static void expression_or_assignment(struct revchain_pymodule *module, size_t begin, size_t end,
				     const char *how)
{
	size_t annotation = find_mark(module, begin, end, ':');
	size_t equals = find_mark(module, begin, end, '=');
	size_t augmented = find_mark(module, begin, end, REVCHAIN_PYTOKEN_AUGMENTED);

	if (is_type_alias(module, begin))
		revchain_pytarget_bind_name(module, begin + 1, "is bound by a type statement");
	else if (augmented < end)
		augment(module, begin, augmented);
	else if (equals < end)
		assign(module, begin, annotation, equals, end, how);
	else
		call_method(module, begin, end);
}

void revchain_pystatement_simple(struct revchain_pymodule *module, size_t begin, size_t end,
				 const char *how)
{
	enum revchain_pykeyword keyword = REVCHAIN_PYKEYWORD_NO;

	if (at(module, begin)->kind == REVCHAIN_PYTOKEN_NAME)
		keyword = at(module, begin)->symbol;
	switch (keyword) {
	case REVCHAIN_PYKEYWORD_IMPORT:
		import_names(module, begin + 1, end);
		break;
	case REVCHAIN_PYKEYWORD_FROM:
		import_from(module, begin, end);
		break;
	case REVCHAIN_PYKEYWORD_DEL:
		revchain_pytarget_bind_all(module, begin + 1, end, "is deleted");
		break;
	case REVCHAIN_PYKEYWORD_NO:
		expression_or_assignment(module, begin, end, how);
		break;
	default:
		break; /* binds nothing */
	}
}

/* Bind what stands behind the `as` of a with statement or an except clause. */
static void bind_as(struct revchain_pymodule *module, size_t begin, size_t end, const char *how)
{
	size_t i, target;

	for (i = begin; i < end; i++) {
		if (!is_keyword(module, i, REVCHAIN_PYKEYWORD_AS))
			continue;
		for (target = ++i; i < end && !revchain_pymodule_is_symbol(module, i, ',') &&
				   at(module, i)->kind != REVCHAIN_PYTOKEN_CLOSE;
		     i++)
			if (at(module, i)->kind == REVCHAIN_PYTOKEN_OPEN)
				i = at(module, i)->extent;
		revchain_pytarget_bind_all(module, target, i, how);
	}
}

/* Bind the targets of a for loop, which end at its `in`. */
static void bind_loop(struct revchain_pymodule *module, size_t begin, size_t end)
{
	size_t i;

	for (i = begin; i < end && !is_keyword(module, i, REVCHAIN_PYKEYWORD_IN); i++)
		if (at(module, i)->kind == REVCHAIN_PYTOKEN_OPEN)
			i = at(module, i)->extent;
	revchain_pytarget_bind_all(module, begin, i, "is set by a for loop");
}

/* Bind the names that a pattern captures. */
static void bind_pattern(struct revchain_pymodule *module, size_t begin, size_t end)
{
	size_t i;

	for (i = begin; i < end && !is_keyword(module, i, REVCHAIN_PYKEYWORD_IF); i++)
		if (!revchain_pymodule_is_symbol(module, i - 1, '.') &&
		    !revchain_pymodule_is_symbol(module, i + 1, '.') &&
		    !revchain_pymodule_is_symbol(module, i + 1, '(') &&
		    !revchain_pymodule_is_symbol(module, i + 1, '='))
			revchain_pytarget_bind_name(module, i, "is set by the pattern of a match");
}

void revchain_pystatement_header(struct revchain_pymodule *module, size_t begin, size_t end,
				 bool is_case)
{
	if (is_keyword(module, begin, REVCHAIN_PYKEYWORD_ASYNC))
		begin++;
	if (begin >= end)
		return;
	switch ((enum revchain_pykeyword)at(module, begin)->symbol) {
	case REVCHAIN_PYKEYWORD_FOR:
		bind_loop(module, begin + 1, end);
		break;
	case REVCHAIN_PYKEYWORD_WITH:
		bind_as(module, begin, end, "is set by a with statement");
		break;
	case REVCHAIN_PYKEYWORD_EXCEPT:
		bind_as(module, begin, end, "is set by an except clause");
		break;
	case REVCHAIN_PYKEYWORD_DEF:
	case REVCHAIN_PYKEYWORD_CLASS:
		if (begin + 1 < end)
			revchain_pytarget_bind_name(
				module, begin + 1,
				is_keyword(module, begin, REVCHAIN_PYKEYWORD_DEF)
					? "is bound by a def statement"
					: "is bound by a class statement");
		break;
	case REVCHAIN_PYKEYWORD_NO:
		if (is_case)
			bind_pattern(module, begin + 1, end);
		break;
	default:
		break;
	}
}
