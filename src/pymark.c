/* The first look at a statement: where it ends, and which of its operators belong to it and not to
 * a lambda or a bracket. */
#include "pystatement.h"

#include "pytarget.h"

/*
 * The brackets and lambdas around a token, outermost first:
 *   '('  a bracket
 *   'p'  a lambda whose colon is still to come: its parameters
 *   'b'  the body of one or more lambdas, in which := binds names of the lambda
 */
static void push(struct revchain_pymodule *module, char item)
{
	struct revchain_pynesting *nesting = &module->nesting;
	char *items = revchain_arena_grow(module->scratch, nesting->items, nesting->count,
					  &nesting->capacity, 1);

	if (!items) {
		module->out_of_memory = true;
		return;
	}
	nesting->items = items;
	items[nesting->count++] = item;
	if (item == 'b')
		nesting->bodies++;
}

static char top(const struct revchain_pynesting *nesting)
{
	return (char)(nesting->count > 0 ? nesting->items[nesting->count - 1] : '\0');
}

static void pop(struct revchain_pynesting *nesting)
{
	if (top(nesting) == 'b')
		nesting->bodies--;
	nesting->count--;
}

/* The bodies that end here end. */
static void end_bodies(struct revchain_pynesting *nesting)
{
	while (top(nesting) == 'b')
		pop(nesting);
}

/* A colon. True: it belongs to a lambda. */
static bool end_parameters(struct revchain_pymodule *module)
{
	struct revchain_pynesting *nesting = &module->nesting;

	end_bodies(nesting);
	if (top(nesting) != 'p')
		return false;
	pop(nesting);
	if (top(nesting) != 'b')
		push(module, 'b');
	return true;
}

static void mark_name(struct revchain_pymodule *module, size_t index)
{
	struct revchain_pynesting *nesting = &module->nesting;
	enum revchain_pykeyword keyword = module->tokens[index].symbol;

	if (keyword == REVCHAIN_PYKEYWORD_LAMBDA)
		push(module, 'p');
	else if (keyword == REVCHAIN_PYKEYWORD_FOR || keyword == REVCHAIN_PYKEYWORD_ASYNC)
		end_bodies(nesting); /* a comprehension around the lambda */
}

static void close_bracket(struct revchain_pynesting *nesting)
{
	while (nesting->count > 0 && top(nesting) != '(')
		pop(nesting);
	if (nesting->count > 0)
		pop(nesting);
}

/* Mark the operator at `index`. True: what it stands in ends here, a header at its colon, a simple
 * statement at a semicolon. */
static bool mark_operator(struct revchain_pymodule *module, size_t index, bool header)
{
	struct revchain_pynesting *nesting = &module->nesting;
	struct revchain_pytoken *token = &module->tokens[index];

	switch (token->symbol) {
	case ':':
		if (!end_parameters(module) && nesting->count == 0)
			token->mark = token->symbol;
		return header && token->mark != 0;
	case ';':
		return !header && nesting->count == nesting->bodies;
	case ',':
		end_bodies(nesting);
		return false;
	case '=':
	case REVCHAIN_PYTOKEN_AUGMENTED:
		if (nesting->count == nesting->bodies) /* the lambda was an annotation */
			end_bodies(nesting);
		if (nesting->count == 0)
			token->mark = token->symbol;
		return false;
	case REVCHAIN_PYTOKEN_WALRUS:
		if (nesting->bodies == 0 && index > 0)
			revchain_pytarget_bind_name(module, index - 1,
						    "is set by := inside an expression");
		return false;
	default:
		return false;
	}
}

static size_t mark(struct revchain_pymodule *module, size_t begin, bool header)
{
	struct revchain_pynesting *nesting = &module->nesting;
	size_t i;

	nesting->count = nesting->bodies = 0;
	for (i = begin; i < module->count && !module->out_of_memory; i++) {
		const struct revchain_pytoken *token = &module->tokens[i];
		if (token->kind == REVCHAIN_PYTOKEN_NAME)
			mark_name(module, i);
		else if (token->kind == REVCHAIN_PYTOKEN_OPEN)
			push(module, '(');
		else if (token->kind == REVCHAIN_PYTOKEN_CLOSE)
			close_bracket(nesting);
		else if (token->kind == REVCHAIN_PYTOKEN_OPERATOR &&
			 mark_operator(module, i, header))
			break;
	}
	return i;
}

size_t revchain_pystatement_mark(struct revchain_pymodule *module, size_t begin)
{
	return mark(module, begin, false);
}

size_t revchain_pystatement_mark_header(struct revchain_pymodule *module, size_t begin)
{
	return mark(module, begin, true);
}
