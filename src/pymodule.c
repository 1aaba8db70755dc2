#include "pymodule.h"

#include <string.h>

const char *revchain_pymodule_name(struct revchain_pymodule *module,
				   const struct revchain_pytoken *token, size_t *length)
{
	const char *text = module->source.text + token->start, *name;
	char folded[2 * REVCHAIN_PYNAME_FOLD_MAX];
	size_t i;

	if (token->kind != REVCHAIN_PYTOKEN_NAME || token->symbol != REVCHAIN_PYKEYWORD_NO)
		return NULL;
	*length = token->extent;
	for (i = 0; i < token->extent && (unsigned char)text[i] < 0x80; i++)
		;
	if (i == token->extent)
		return text;
	*length = revchain_pyname_fold(text, token->extent, folded);
	if (*length == 0) {
		*length = token->extent;
		return text;
	}
	name = revchain_arena_copy(module->scratch, folded, *length);
	if (!name)
		module->out_of_memory = true;
	return name;
}

struct revchain_pyspan revchain_pymodule_span(const struct revchain_pymodule *module, size_t begin,
					      size_t end)
{
	const struct revchain_pytoken *last;

	if (begin >= end)
		return (struct revchain_pyspan){0, 0};
	last = &module->tokens[end - 1];
	/* the extent of a stored bracket is the index of its partner */
	return (struct revchain_pyspan){
		module->tokens[begin].start,
		last->start +
			(last->kind == REVCHAIN_PYTOKEN_OPEN || last->kind == REVCHAIN_PYTOKEN_CLOSE
				 ? 1
				 : last->extent)};
}

bool revchain_pymodule_is_word(const struct revchain_pymodule *module,
			       const struct revchain_pytoken *token, const char *word)
{
	return token->kind == REVCHAIN_PYTOKEN_NAME && token->extent == strlen(word) &&
	       memcmp(module->source.text + token->start, word, token->extent) == 0;
}

bool revchain_pymodule_is_symbol(const struct revchain_pymodule *module, size_t index, char symbol)
{
	const struct revchain_pytoken *token;

	if (index >= module->count)
		return false;
	token = &module->tokens[index];
	return token->symbol == (uint8_t)symbol &&
	       (token->kind == REVCHAIN_PYTOKEN_OPERATOR || token->kind == REVCHAIN_PYTOKEN_OPEN ||
		token->kind == REVCHAIN_PYTOKEN_CLOSE);
}
