#include <string.h>

#include "pytoken.h"

/* The characters below 0x80 at which more is to be decided than to go on, as bits. */
#define BIT(c) (UINT64_C(1) << ((c)&63))
static const uint64_t special[] = {
	(BIT(' ') - 1 - BIT('\t') - BIT('\f')) | BIT('!') | BIT('"') | BIT('#') | BIT('$') |
		BIT('\'') | BIT('(') | BIT(')') | BIT('?'),
	BIT('[') | BIT('\\') | BIT(']') | BIT('`') | BIT('{') | BIT('}') | BIT('\x7F'),
};

static bool is_special(char c)
{
	unsigned byte = (unsigned char)c;

	return byte >= 0x80 || (special[byte >> 6] & BIT(byte));
}

static bool in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Take a bracket as its tokens would. False: it is one that is refused. */
static bool take_bracket(struct revchain_pytokenizer *t, char bracket)
{
	if (bracket == '(' || bracket == '[' || bracket == '{') {
		if (t->level == REVCHAIN_PYTOKEN_BRACKETS)
			return false;
		t->brackets[t->level].bracket = bracket;
		t->brackets[t->level].line = t->line;
		t->level++;
		return true;
	}
	if (t->level == 0 || t->brackets[t->level - 1].bracket != (bracket == ')'   ? '('
								   : bracket == ']' ? '['
										    : '{'))
		return false;
	t->level--;
	return true;
}

/* Take a special character, if it is one that no token has to be made for. */
static bool take_special(struct revchain_pytokenizer *t, char c)
{
	if (c == '\0' || !strchr("()[]{}\n", c) || (c == '\n' && t->level == 0))
		return false;
	if (c != '\n')
		return take_bracket(t, c);
	t->line++;
	return true;
}

void revchain_pytokenizer_skim(struct revchain_pytokenizer *t)
{
	const char *text = t->source->text;
	size_t start = t->position, i = start;

	if (t->boundary || t->line_start || t->pending != 0 || t->fstring_count > 0)
		return;
	while (!is_special(text[i]) || take_special(t, text[i]))
		i++;
	/* what stands in front of a quote may be its prefix, and an identifier is judged whole */
	if (text[i] == '"' || text[i] == '\'' || (unsigned char)text[i] >= 0x80)
		while (i > start && in_name(text[i - 1]))
			i--;
	t->position = i;
	while (i > start && strchr(" \t\f\n", text[i - 1]))
		i--;
	if (i > start)
		t->colon = text[i - 1] == ':' && t->level == 0;
}
