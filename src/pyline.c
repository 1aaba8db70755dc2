#include "pyline.h"

#include <stdlib.h>
#include <string.h>

#include "pystatement.h"
#include "pytarget.h"
#include "pyvalue.h"

static const struct revchain_pyblock scope = {.how = NULL, .scope = true};

void revchain_pylines_init(struct revchain_pylines *lines, struct revchain_pymodule *module)
{
	memset(lines, 0, offsetof(struct revchain_pylines, blocks));
	lines->module = module;
}

bool revchain_pylines_in_scope(const struct revchain_pylines *lines)
{
	return lines->depth > 0 && lines->blocks[lines->depth - 1].scope;
}

/* Names that a global statement in a function or class declares: what it does to them is out of
 * sight. */
static void declare_global(struct revchain_pymodule *module, const struct revchain_pytoken *token)
{
	struct revchain_pybinding *binding;
	size_t length;
	const char *name = revchain_pymodule_name(module, token, &length);

	if (!name)
		return;
	binding = revchain_pybinding_add(&module->names, name, length);
	if (!binding)
		module->out_of_memory = true;
	else if (!binding->global_line)
		binding->global_line = (int)token->line;
}

/* Take a token of a scope, of which only the global statements count. */
static void feed_scope(struct revchain_pylines *lines, const struct revchain_pytoken *token)
{
	bool name = token->kind == REVCHAIN_PYTOKEN_NAME;

	if (name && token->symbol == REVCHAIN_PYKEYWORD_GLOBAL)
		lines->in_global = true;
	else if (name && lines->in_global)
		declare_global(lines->module, token);
	else if (token->kind != REVCHAIN_PYTOKEN_OPERATOR || token->symbol != ',')
		lines->in_global = false;
}

/* What the block of a compound statement is; false: the token starts no compound statement. */
static bool describe_block(const struct revchain_pytoken *token, struct revchain_pyblock *block)
{
	*block = (struct revchain_pyblock){.how = NULL};
	if (token->kind != REVCHAIN_PYTOKEN_NAME)
		return false;
	switch ((enum revchain_pykeyword)token->symbol) {
	case REVCHAIN_PYKEYWORD_IF:
	case REVCHAIN_PYKEYWORD_ELIF:
	case REVCHAIN_PYKEYWORD_ELSE:
		block->how = token->symbol == REVCHAIN_PYKEYWORD_IF	? "is set inside an if"
			     : token->symbol == REVCHAIN_PYKEYWORD_ELIF ? "is set inside an elif"
									: "is set inside an else";
		return true;
	case REVCHAIN_PYKEYWORD_FOR:
		block->how = "is set inside a for loop";
		return true;
	case REVCHAIN_PYKEYWORD_WHILE:
		block->how = "is set inside a while loop";
		return true;
	case REVCHAIN_PYKEYWORD_TRY:
		block->how = "is set inside a try";
		return true;
	case REVCHAIN_PYKEYWORD_EXCEPT:
		block->how = "is set inside an except clause";
		return true;
	case REVCHAIN_PYKEYWORD_FINALLY:
		block->how = "is set inside a finally";
		return true;
	case REVCHAIN_PYKEYWORD_WITH:
		block->how = "is set inside a with block";
		return true;
	case REVCHAIN_PYKEYWORD_DEF:
	case REVCHAIN_PYKEYWORD_CLASS:
		*block = scope;
		return true;
	default:
		return false;
	}
}

/* Whether the line starts a compound statement, and of which kind. */
static bool is_compound(const struct revchain_pylines *lines, struct revchain_pyblock *block)
{
	const struct revchain_pymodule *module = lines->module;
	const struct revchain_pytoken *first = &module->tokens[0];
	bool colon = revchain_pymodule_is_symbol(module, module->count - 1, ':');

	if (first->kind == REVCHAIN_PYTOKEN_NAME && first->symbol == REVCHAIN_PYKEYWORD_ASYNC &&
	    module->count > 1)
		first++;
	if (describe_block(first, block))
		return true;
	block->how = "is set inside a match";
	if (lines->depth > 0 && lines->blocks[lines->depth - 1].match)
		return revchain_pymodule_is_word(module, first, "case");
	block->match = colon && revchain_pymodule_is_word(module, first, "match");
	return block->match;
}

static void run_simple(struct revchain_pymodule *module, size_t begin, const char *how)
{
	while (begin < module->count && !module->out_of_memory) {
		size_t end = revchain_pystatement_mark(module, begin);
		if (end > begin)
			revchain_pystatement_simple(module, begin, end, how);
		begin = end + 1;
	}
}

static void run_compound(struct revchain_pylines *lines, const struct revchain_pyblock *block)
{
	struct revchain_pymodule *module = lines->module;
	bool is_case = lines->depth > 0 && lines->blocks[lines->depth - 1].match;
	size_t i, colon = revchain_pystatement_mark_header(module, 0);

	revchain_pystatement_header(module, 0, colon, is_case);
	lines->next = *block;
	if (!block->scope) {
		run_simple(module, colon + 1, block->how);
		return;
	}
	for (i = colon + 1; i < module->count; i++)
		feed_scope(lines, &module->tokens[i]);
	lines->in_global = false;
}

/* The docstring, if the first statement of the module's first line is one. */
static void find_docstring(struct revchain_pylines *lines)
{
	struct revchain_pymodule *module = lines->module;
	const struct revchain_pytoken *tokens = module->tokens;
	size_t i, begin = 0, end = 0;

	while (end < module->count && !revchain_pymodule_is_symbol(module, end, ';'))
		end++;
	while (begin < end && revchain_pymodule_is_symbol(module, begin, '(') &&
	       tokens[begin].extent == end - 1) {
		begin++;
		end--;
	}
	for (i = begin; i < end; i++)
		if (tokens[i].kind != REVCHAIN_PYTOKEN_STRING || tokens[i].symbol == 'b')
			return;
	if (begin < end)
		lines->docstring = revchain_pyvalue_string(module, begin, end);
}

/* Note the places for an import that the line has, which ends in front of the offset `end`. */
static void find_places(struct revchain_pylines *lines, size_t end)
{
	struct revchain_pymodule *module = lines->module;
	const struct revchain_pytoken *tokens = module->tokens;
	bool from = tokens[0].symbol == REVCHAIN_PYKEYWORD_FROM;

	if (!lines->started) {
		lines->first = tokens[0].start;
		if (lines->docstring)
			lines->behind_docstring = end;
	}
	if (tokens[0].kind != REVCHAIN_PYTOKEN_NAME || module->count < 2 ||
	    !(from || tokens[0].symbol == REVCHAIN_PYKEYWORD_IMPORT))
		return;
	if (from && revchain_pymodule_is_word(module, &tokens[1], "__future__"))
		lines->behind_future = end;
	else if (!lines->behind_alembic && revchain_pymodule_is_word(module, &tokens[1], "alembic"))
		lines->behind_alembic = end;
}

static void run_line(struct revchain_pylines *lines, size_t end)
{
	struct revchain_pymodule *module = lines->module;
	struct revchain_pyblock block;

	if (module->count == 0)
		return;
	if (!lines->started)
		find_docstring(lines);
	if (lines->depth == 0)
		find_places(lines, end);
	lines->started = true;
	if (is_compound(lines, &block))
		run_compound(lines, &block);
	else
		run_simple(module, 0,
			   lines->depth > 0 ? lines->blocks[lines->depth - 1].how : NULL);
}

static void end_line(struct revchain_pylines *lines, size_t end)
{
	lines->next = revchain_pylines_in_scope(lines)
			      ? scope
			      : (struct revchain_pyblock){.how = "is set inside a block"};
	if (!revchain_pylines_in_scope(lines))
		run_line(lines, end);
	lines->module->count = 0;
	lines->level = 0;
	lines->in_global = false;
}

/* Store a token of the line at hand; brackets learn of each other. */
static bool store(struct revchain_pylines *lines, const struct revchain_pytoken *token)
{
	struct revchain_pymodule *module = lines->module;
	struct revchain_pytoken *tokens = module->tokens;
	size_t larger = module->capacity ? module->capacity * 2 : 256, open;

	if (module->count == module->capacity) {
		tokens = realloc(tokens, larger * sizeof(*tokens));
		if (!tokens)
			return false;
		module->tokens = tokens;
		module->capacity = larger;
	}
	tokens[module->count] = *token;
	if (token->kind == REVCHAIN_PYTOKEN_OPEN) {
		lines->brackets[lines->level++] = module->count;
	} else if (token->kind == REVCHAIN_PYTOKEN_CLOSE) {
		open = lines->brackets[--lines->level];
		tokens[open].extent = (uint32_t)module->count;
		tokens[module->count].extent = (uint32_t)open;
	}
	module->count++;
	return true;
}

bool revchain_pylines_feed(struct revchain_pylines *lines, const struct revchain_pytoken *token)
{
	switch ((enum revchain_pytoken_kind)token->kind) {
	case REVCHAIN_PYTOKEN_NEWLINE:
	case REVCHAIN_PYTOKEN_END:
		end_line(lines, token->start + 1); /* behind its line feed */
		if (!lines->started)
			lines->first = token->start; /* it is the end */
		break;
	case REVCHAIN_PYTOKEN_INDENT:
		lines->blocks[lines->depth++] = lines->next;
		break;
	case REVCHAIN_PYTOKEN_DEDENT:
		lines->depth--;
		break;
	default:
		if (revchain_pylines_in_scope(lines))
			feed_scope(lines, token);
		else if (!store(lines, token))
			return false;
	}
	return !lines->module->out_of_memory;
}
