#include "pyfstring.h"

#define HINT_STRING "close the f-string and its braces"

/* Replacement fields in the format specification of a replacement field, and so on: CPython's
 * MAX_EXPR_NESTING. */
#define NESTING 3

struct revchain_pyfstring *revchain_pyfstring_current(struct revchain_pytokenizer *tokenizer)
{
	return tokenizer->fstring_count > 0 ? &tokenizer->fstrings[tokenizer->fstring_count - 1]
					    : NULL;
}

static enum revchain_pystatus refuse(const struct revchain_pytokenizer *tokenizer, int line,
				     const char *message)
{
	return revchain_pyproblem_set(tokenizer->problem, tokenizer->arena, line, HINT_STRING, "%s",
				      message);
}

enum revchain_pystatus revchain_pyfstring_enter(struct revchain_pytokenizer *tokenizer,
						size_t position, bool raw)
{
	const char *text = tokenizer->source->text + position;
	struct revchain_pyfstring *fstring;

	if (tokenizer->fstring_count == REVCHAIN_PYTOKEN_FSTRINGS - 1)
		return refuse(tokenizer, tokenizer->line, "f-strings are nested too deeply");
	fstring = &tokenizer->fstrings[tokenizer->fstring_count++];
	fstring->quote = text[0];
	fstring->quote_size = text[1] == text[0] && text[2] == text[0] ? 3 : 1;
	fstring->raw = raw;
	fstring->literal = true;
	fstring->depth = 0;
	fstring->expression = 0;
	fstring->line = tokenizer->line;
	tokenizer->position = position + fstring->quote_size;
	return REVCHAIN_PY_OK;
}

/* Whether the closing quotes are here. */
static bool at_end(const struct revchain_pyfstring *fstring, const char *text)
{
	return text[0] == fstring->quote &&
	       (fstring->quote_size == 1 ||
		(text[1] == fstring->quote && text[2] == fstring->quote));
}

/* Step over a backslash and what it escapes. True: that is the start of \N{BULLET}, whose closing
 * brace is to come. */
static bool skip_escape(struct revchain_pytokenizer *tokenizer,
			const struct revchain_pyfstring *fstring)
{
	const char *text = tokenizer->source->text + tokenizer->position;
	bool named = !fstring->raw && text[1] == 'N' && text[2] == '{';

	if (text[1] == '\n')
		tokenizer->line++;
	if (named)
		tokenizer->position += 3;
	else if (text[1] == '{' || text[1] == '}')
		tokenizer->position++; /* the backslash stands for itself */
	else
		tokenizer->position += 2;
	return named;
}

/* Leave the string, whose closing quotes are here. */
static enum revchain_pystatus leave(struct revchain_pytokenizer *tokenizer,
				    const struct revchain_pyfstring *fstring)
{
	if (fstring->depth > 0)
		return refuse(tokenizer, fstring->line,
			      "an f-string ends inside a replacement field");
	tokenizer->position += fstring->quote_size;
	tokenizer->fstring_count--;
	return REVCHAIN_PY_OK;
}

enum revchain_pystatus revchain_pyfstring_skip_text(struct revchain_pytokenizer *tokenizer)
{
	struct revchain_pyfstring *fstring = &tokenizer->fstrings[tokenizer->fstring_count - 1];
	bool named = false;

	for (;;) {
		const char *text = tokenizer->source->text + tokenizer->position;
		bool specification = fstring->expression > 0;

		if (at_end(fstring, text))
			return leave(tokenizer, fstring);
		if (text[0] == '\0' ||
		    (text[0] == '\n' && fstring->quote_size == 1 && !specification))
			return refuse(tokenizer, fstring->line, "an f-string does not end");
		if (text[0] == '\n' && fstring->quote_size == 1)
			break; /* in a format specification, where the expression's part goes on */
		if (text[0] == '\\') {
			named = skip_escape(tokenizer, fstring) || named;
			continue;
		}
		if (text[0] == '}' && named) {
			named = false;
			tokenizer->position++;
			continue;
		}
		if ((text[0] == '{' || text[0] == '}') && text[1] == text[0] && !specification) {
			named = false;
			tokenizer->position += 2;
			continue;
		}
		if (text[0] == '}' && !specification)
			return refuse(tokenizer, tokenizer->line, "an f-string has a single '}'");
		if (text[0] == '{' && ++fstring->expression > NESTING)
			return refuse(tokenizer, tokenizer->line,
				      "the expressions of an f-string are nested too deeply");
		if (text[0] == '{' || text[0] == '}')
			break;
		if (text[0] == '\n')
			tokenizer->line++;
		tokenizer->position++;
	}
	fstring->literal = false;
	return REVCHAIN_PY_OK;
}

bool revchain_pyfstring_colon(struct revchain_pytokenizer *tokenizer)
{
	struct revchain_pyfstring *fstring = revchain_pyfstring_current(tokenizer);

	if (!fstring || fstring->depth != fstring->expression)
		return false;
	fstring->literal = true;
	return true;
}

void revchain_pyfstring_open(struct revchain_pytokenizer *tokenizer)
{
	struct revchain_pyfstring *fstring = revchain_pyfstring_current(tokenizer);

	if (fstring)
		fstring->depth++;
}

void revchain_pyfstring_close(struct revchain_pytokenizer *tokenizer, char bracket)
{
	struct revchain_pyfstring *fstring = revchain_pyfstring_current(tokenizer);

	if (!fstring)
		return;
	fstring->depth--;
	if (bracket == '}' && fstring->depth == fstring->expression - 1) {
		fstring->expression--;
		fstring->literal = true;
	}
}
