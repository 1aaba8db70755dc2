#include "makotoken.h"

#include <string.h>

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

size_t revchain_makotoken_string_length(const char *text, size_t length)
{
	size_t i, quotes = length >= 3 && text[1] == *text && text[2] == *text ? 3 : 1;

	for (i = quotes; i + quotes <= length; i++) {
		if (text[i] == '\\')
			i++;
		else if (quotes == 1 && text[i] == '\n')
			return 0;
		else if (text[i] == *text &&
			 (quotes == 1 || (text[i + 1] == *text && text[i + 2] == *text)))
			return i + quotes;
	}
	return 0;
}

/* The length of a name, or of a string with its prefix. */
static size_t word_length(const char *text, size_t length, enum revchain_makotoken_kind *kind)
{
	size_t i = 0, string;

	while (i < length && (is_letter(text[i]) || is_digit(text[i])))
		i++;
	*kind = REVCHAIN_MAKOTOKEN_NAME;
	if (i > 2 || i == length || (text[i] != '\'' && text[i] != '"'))
		return i;
	*kind = REVCHAIN_MAKOTOKEN_STRING;
	string = revchain_makotoken_string_length(text + i, length - i);
	return string ? i + string : 0;
}

static size_t operator_length(const char *text, size_t length)
{
	static const char *const doubled[] = {"==", "!=", "<=", ">=", "**",
					      "//", ":=", "<<", ">>", "->"};
	size_t i;

	for (i = 0; length >= 2 && i < sizeof(doubled) / sizeof(*doubled); i++)
		if (memcmp(text, doubled[i], 2) == 0)
			return 2;
	return 1;
}

/* The length of the token at the start of the text; 0: a string that does not end. */
static size_t token_length(const char *text, size_t length, enum revchain_makotoken_kind *kind)
{
	size_t i = 0;

	if (is_letter(*text) || *text == '\'' || *text == '"')
		return word_length(text, length, kind);
	*kind = REVCHAIN_MAKOTOKEN_OPERATOR;
	if (!is_digit(*text))
		return operator_length(text, length);
	*kind = REVCHAIN_MAKOTOKEN_NUMBER;
	while (i < length && (is_digit(text[i]) || is_letter(text[i]) || text[i] == '.'))
		i++;
	return i;
}

/* Whether every bracket has its partner. */
static bool brackets_match(const struct revchain_makotokens *tokens)
{
	char open[REVCHAIN_MAKO_TOKENS];
	size_t i, depth = 0;

	for (i = 0; i < tokens->count; i++) {
		const struct revchain_makotoken *token = &tokens->items[i];
		char c = token->kind == REVCHAIN_MAKOTOKEN_OPERATOR ? *token->start : ' ';

		if (c == '(' || c == '[' || c == '{')
			open[depth++] = c;
		else if ((c == ')' || c == ']' || c == '}') &&
			 (depth == 0 || open[--depth] != (c == ')'   ? '('
							  : c == ']' ? '['
								     : '{')))
			return false;
	}
	return depth == 0;
}

bool revchain_makotokens_read(const char *text, size_t length, struct revchain_makotokens *tokens)
{
	const char *end = text + length;

	tokens->count = 0;
	while (text < end) {
		struct revchain_makotoken *token = &tokens->items[tokens->count];

		if (*text == '#') {
			while (text < end && *text != '\n')
				text++;
			continue;
		}
		if (strchr(" \t\r\n\f\\", *text)) {
			text++;
			continue;
		}
		if (tokens->count == REVCHAIN_MAKO_TOKENS)
			return false;
		token->start = text;
		token->length = token_length(text, (size_t)(end - text), &token->kind);
		if (token->length == 0)
			return false;
		text += token->length;
		tokens->count++;
	}
	return brackets_match(tokens);
}

bool revchain_makotoken_is(const struct revchain_makotoken *token, const char *text)
{
	return token->kind != REVCHAIN_MAKOTOKEN_STRING && token->length == strlen(text) &&
	       memcmp(token->start, text, token->length) == 0;
}

static bool unescape(char c, char *value)
{
	static const char from[] = "nrt\\'\"", to[] = "\n\r\t\\'\"";
	const char *found = c ? strchr(from, c) : NULL;

	if (found)
		*value = to[found - from];
	return found != NULL;
}

const char *revchain_makotoken_string(const struct revchain_makotoken *token,
				      struct revchain_arena *arena)
{
	const char *text = token->start, *end = token->start + token->length;
	bool raw = *text == 'r' || *text == 'R';
	char *value = revchain_arena_alloc(arena, token->length + 1);
	size_t quotes, used = 0;

	text += raw || *text == 'u' || *text == 'U';
	if (!value || (*text != '\'' && *text != '"'))
		return NULL;
	quotes = end - text >= 6 && text[1] == *text && text[2] == *text ? 3 : 1;
	end -= quotes;
	for (text += quotes; text < end; text++) {
		if (*text != '\\' || raw)
			value[used++] = *text;
		else if (unescape(*++text, &value[used]))
			used++;
		else
			return NULL;
	}
	return value;
}
