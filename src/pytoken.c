#include "pytoken.h"

#include <string.h>

#include "pyfstring.h"

#define TAB_WIDTH 8
#define HINT_BRACKET "close what is open, in the reverse order"
#define HINT_INDENT "indent the file with spaces alone"
#define HINT_BLOCK "align the line with the block that it belongs to"
#define HINT_STRAY "remove the character or put it into a string"

typedef enum revchain_pystatus status;

void revchain_pytokenizer_init(struct revchain_pytokenizer *t,
			       const struct revchain_pysource *source, struct revchain_arena *arena,
			       struct revchain_pyproblem *problem)
{
	memset(t, 0, offsetof(struct revchain_pytokenizer, columns));
	t->columns[0] = t->narrow_columns[0] = 0;
	t->source = source;
	t->arena = arena;
	t->problem = problem;
	t->line = 1;
	t->line_start = true;
	t->boundary = true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

static bool is_name_part(char c)
{
	return is_name_start(c) || is_digit(c);
}

static const char *here(const struct revchain_pytokenizer *t)
{
	return t->source->text + t->position;
}

static status refuse(struct revchain_pytokenizer *t, const char *hint, const char *message)
{
	return revchain_pyproblem_set(t->problem, t->arena, t->line, hint, "%s", message);
}

/* Step over a backslash and the line end behind it. */
static status continue_line(struct revchain_pytokenizer *t)
{
	const char *text = here(t);

	if (text[1] != '\n')
		return refuse(t, "a backslash outside of a string has to end its line",
			      "a backslash is followed by something else than the end of the line");
	if (text[2] == '\0')
		return refuse(t, "remove the backslash",
			      "the file ends with a backslash, which asks for another line");
	t->position += 2;
	t->line++;
	return REVCHAIN_PY_OK;
}

static status refuse_mixed(struct revchain_pytokenizer *t)
{
	return refuse(t, HINT_INDENT,
		      "the indentation mixes tabs and spaces in a way that depends on the "
		      "width of a tab");
}

/* Compare the columns with those of the open blocks; tells next_token() of indents and dedents by
 * `pending`. */
static status change_indent(struct revchain_pytokenizer *t, size_t column, size_t narrow)
{
	if (column > t->columns[t->indent]) {
		if (t->indent + 1 == REVCHAIN_PYTOKEN_INDENTS)
			return refuse(t, "move code into functions",
				      "there are more than 99 levels of indentation");
		if (narrow <= t->narrow_columns[t->indent])
			return refuse_mixed(t);
		t->pending = 1;
		t->columns[++t->indent] = column;
		t->narrow_columns[t->indent] = narrow;
		return REVCHAIN_PY_OK;
	}
	while (t->indent > 0 && column < t->columns[t->indent]) {
		t->pending--;
		t->indent--;
	}
	if (column != t->columns[t->indent])
		return refuse(t, HINT_BLOCK, "the indentation matches no outer block");
	return narrow == t->narrow_columns[t->indent] ? REVCHAIN_PY_OK : refuse_mixed(t);
}

/* Read the white space at the start of a line. `*blank`: nothing but perhaps a comment follows. */
static status read_indentation(struct revchain_pytokenizer *t, bool *blank)
{
	size_t column = 0, narrow = 0, continued = 0;

	t->line_start = false;
	for (;;) {
		char c = *here(t);
		if (c == '\\') { /* the first line of several decides */
			status failed = continue_line(t);
			if (failed)
				return failed;
			continued = continued ? continued : column;
			continue;
		}
		if (c == ' ') {
			column++;
			narrow++;
		} else if (c == '\t') {
			column = (column / TAB_WIDTH + 1) * TAB_WIDTH;
			narrow++;
		} else if (c == '\f') {
			column = narrow = 0;
		} else {
			*blank = c == '#' || c == '\n';
			break;
		}
		t->position++;
	}
	if (*blank || t->level > 0)
		return REVCHAIN_PY_OK;
	return continued ? change_indent(t, continued, continued)
			 : change_indent(t, column, narrow);
}

/* Read the string whose opening quote is at `quote`. */
static status read_string(struct revchain_pytokenizer *t, size_t quote)
{
	const char *text = t->source->text;
	size_t i = quote + 1, size = 1, closing = 0;
	int line = t->line;

	if (text[i] == text[quote] && text[i + 1] == text[quote]) {
		size = 3;
		i += 2;
	}
	while (closing < size) {
		if (text[i] == '\0' || (text[i] == '\n' && size == 1))
			return revchain_pyproblem_set(t->problem, t->arena, line,
						      "close its quotes", "a string%s does not end",
						      size == 3 ? " in triple quotes" : "");
		closing = text[i] == text[quote] ? closing + 1 : 0;
		if (text[i] == '\\' && text[i + 1] != '\0')
			i++;
		if (text[i] == '\n')
			t->line++;
		i++;
	}
	t->position = i;
	return REVCHAIN_PY_OK;
}

/* The length of a string's prefix; 0: a name starts here, or nothing of the kind. `*formatted`: f
 * or t; `*bytes`: b. */
static size_t read_prefix(const char *text, bool *formatted, bool *bytes, bool *raw)
{
	bool unicode = false;
	size_t i;

	*formatted = *bytes = *raw = false;
	for (i = 0; text[i] != '"' && text[i] != '\''; i++) {
		char c = (char)(text[i] | 0x20);
		if (c == 'b' && !*bytes && !unicode && !*formatted)
			*bytes = true;
		else if (c == 'u' && !*bytes && !unicode && !*formatted && !*raw)
			unicode = true;
		else if (c == 'r' && !*raw && !unicode)
			*raw = true;
		else if ((c == 'f' || c == 't') && !*formatted && !*bytes && !unicode)
			*formatted = true;
		else
			return 0;
	}
	return i;
}

static status read_quoted(struct revchain_pytokenizer *t, struct revchain_pytoken *token,
			  size_t prefix, bool formatted, bool raw)
{
	token->kind = formatted ? REVCHAIN_PYTOKEN_FSTRING : REVCHAIN_PYTOKEN_STRING;
	if (formatted)
		return revchain_pyfstring_enter(t, t->position + prefix, raw);
	return read_string(t, t->position + prefix);
}

static status refuse_character(struct revchain_pytokenizer *t, uint32_t code_point)
{
	return revchain_pyproblem_set(t->problem, t->arena, t->line, HINT_STRAY,
				      "the character U+%04X is no part of Python",
				      (unsigned)code_point);
}

static status read_name(struct revchain_pytokenizer *t, struct revchain_pytoken *token)
{
	const char *text = here(t);
	bool formatted, bytes, raw;
	unsigned char together = 0;
	size_t length = read_prefix(text, &formatted, &bytes, &raw);
	uint32_t wrong;

	if (length > 0) {
		token->symbol = bytes ? 'b' : 0;
		return read_quoted(t, token, length, formatted, raw);
	}
	token->kind = REVCHAIN_PYTOKEN_NAME;
	for (; is_name_part(text[length]); length++)
		together |= (unsigned char)text[length];
	if (together < 0x80)
		token->symbol = (uint8_t)revchain_pyname_keyword(text, length);
	else if (t->source->opaque)
		return revchain_pyproblem_set(t->problem, t->arena, t->line,
					      "save the file as UTF-8 and remove its coding line",
					      "a name has characters outside of ASCII in the "
					      "encoding %.60s, which is not decoded",
					      t->source->opaque);
	else if (!revchain_pyname_is_valid(text, length, &wrong))
		return refuse_character(t, wrong);
	t->position += length;
	return REVCHAIN_PY_OK;
}

static size_t count_digits(const char *text, size_t i, bool hexadecimal)
{
	while (is_digit(text[i]) || text[i] == '_' ||
	       (hexadecimal && (text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'f'))
		i++;
	return i;
}

/* Read a number. What CPython refuses in numbers is of no concern here: it cannot swallow what
 * follows. */
static void read_number(struct revchain_pytokenizer *t, struct revchain_pytoken *token)
{
	const char *text = here(t);
	char base = (char)(text[0] == '0' ? text[1] | 0x20 : 0);
	size_t i;

	token->kind = REVCHAIN_PYTOKEN_NUMBER;
	if (base == 'x' || base == 'o' || base == 'b') {
		t->position += count_digits(text, 2, base == 'x');
		return;
	}
	i = count_digits(text, 0, false);
	if (text[i] == '.')
		i = count_digits(text, i + 1, false);
	if ((text[i] | 0x20) == 'e') {
		size_t exponent = i + 1 + (text[i + 1] == '+' || text[i + 1] == '-');
		if (is_digit(text[exponent]))
			i = count_digits(text, exponent, false);
	}
	if ((text[i] | 0x20) == 'j')
		i++;
	t->position += i;
}

/* The length of the operator here, and its symbol. */
static size_t read_operator(const char *text, uint8_t *symbol)
{
	static const char doubling[] = "*/<>";

	*symbol = REVCHAIN_PYTOKEN_LONG;
	if (text[0] == '.' && text[1] == '.' && text[2] == '.')
		return 3;
	if (text[1] == text[0] && strchr(doubling, text[0])) {
		if (text[2] != '=')
			return 2;
		*symbol = REVCHAIN_PYTOKEN_AUGMENTED;
		return 3;
	}
	if ((text[0] == '-' && text[1] == '>') || (text[0] == '<' && text[1] == '>'))
		return 2;
	if (text[1] == '=' && strchr("=!<>", text[0]))
		return 2;
	if (text[1] == '=' && strchr("+-*/%&|^@", text[0])) {
		*symbol = REVCHAIN_PYTOKEN_AUGMENTED;
		return 2;
	}
	if (text[1] == '=' && text[0] == ':') {
		*symbol = REVCHAIN_PYTOKEN_WALRUS;
		return 2;
	}
	*symbol = (uint8_t)text[0];
	return 1;
}

static status open_bracket(struct revchain_pytokenizer *t, struct revchain_pytoken *token)
{
	if (t->level == REVCHAIN_PYTOKEN_BRACKETS)
		return revchain_pyproblem_set(t->problem, t->arena, t->line, NULL,
					      "more than %d brackets are nested",
					      REVCHAIN_PYTOKEN_BRACKETS);
	t->brackets[t->level].bracket = *here(t);
	t->brackets[t->level].line = t->line;
	t->level++;
	revchain_pyfstring_open(t);
	token->kind = REVCHAIN_PYTOKEN_OPEN;
	token->symbol = (uint8_t)*here(t);
	t->position++;
	return REVCHAIN_PY_OK;
}

static status close_bracket(struct revchain_pytokenizer *t, struct revchain_pytoken *token)
{
	char bracket = *here(t);
	char opening = (char)(bracket == ')' ? '(' : bracket == ']' ? '[' : '{');

	if (t->level == 0)
		return revchain_pyproblem_set(t->problem, t->arena, t->line, HINT_BRACKET,
					      "'%c' closes nothing", bracket);
	t->level--;
	if (t->brackets[t->level].bracket != opening)
		return revchain_pyproblem_set(t->problem, t->arena, t->line, HINT_BRACKET,
					      "'%c' does not match the '%c' of line %d", bracket,
					      t->brackets[t->level].bracket,
					      t->brackets[t->level].line);
	revchain_pyfstring_close(t, bracket);
	token->kind = REVCHAIN_PYTOKEN_CLOSE;
	token->symbol = (uint8_t)bracket;
	t->position++;
	return REVCHAIN_PY_OK;
}

static status read_symbol(struct revchain_pytokenizer *t, struct revchain_pytoken *token)
{
	char c = *here(t);

	if (c == '(' || c == '[' || c == '{')
		return open_bracket(t, token);
	if (c == ')' || c == ']' || c == '}')
		return close_bracket(t, token);
	if ((unsigned char)c < ' ' || c == 0x7F)
		return refuse_character(t, (uint32_t)c);
	token->kind = REVCHAIN_PYTOKEN_OPERATOR;
	if (c == ':' && revchain_pyfstring_colon(t)) {
		token->symbol = REVCHAIN_PYTOKEN_LONG;
		t->position++;
		return REVCHAIN_PY_OK;
	}
	t->position += read_operator(here(t), &token->symbol);
	if (token->symbol == '$' || token->symbol == '?' || token->symbol == '`' ||
	    (token->symbol == '!' && !revchain_pyfstring_current(t)))
		return revchain_pyproblem_set(t->problem, t->arena, t->line, HINT_STRAY,
					      "the character '%c' is no part of Python", c);
	return REVCHAIN_PY_OK;
}

/* Read a token that is more than white space; the position is at its first character. */
static status read_visible(struct revchain_pytokenizer *t, struct revchain_pytoken *token)
{
	const char *text = here(t);

	if (is_name_start(text[0]))
		return read_name(t, token);
	if (is_digit(text[0]) || (text[0] == '.' && is_digit(text[1]))) {
		read_number(t, token);
		return REVCHAIN_PY_OK;
	}
	if (text[0] == '"' || text[0] == '\'')
		return read_quoted(t, token, 0, false, false);
	return read_symbol(t, token);
}

/* Step over white space, comments and continued lines within a line. */
static status skip_space(struct revchain_pytokenizer *t)
{
	for (;;) {
		char c = *here(t);
		if (c == '\\') {
			status failed = continue_line(t);
			if (failed)
				return failed;
		} else if (c == ' ' || c == '\t' || c == '\f') {
			t->position++;
		} else if (c == '#') {
			t->position += strcspn(here(t), "\n");
		} else {
			return REVCHAIN_PY_OK;
		}
	}
}

/* Start a token at the present position. */
static void start_token(const struct revchain_pytokenizer *t, struct revchain_pytoken *token,
			enum revchain_pytoken_kind kind)
{
	memset(token, 0, sizeof(*token));
	token->kind = (uint8_t)kind;
	token->start = (uint32_t)t->position;
	token->line = (uint32_t)t->line;
	if (*here(t) == '\0')
		token->line--; /* there is no line behind the last newline */
}

static status end_text(struct revchain_pytokenizer *t, struct revchain_pytoken *token)
{
	start_token(t, token, REVCHAIN_PYTOKEN_END);
	if (t->level == 0)
		return REVCHAIN_PY_OK;
	return revchain_pyproblem_set(t->problem, t->arena, t->brackets[t->level - 1].line,
				      HINT_BRACKET, "'%c' is not closed",
				      t->brackets[t->level - 1].bracket);
}

static status read_token(struct revchain_pytokenizer *t, struct revchain_pytoken *token)
{
	struct revchain_pyfstring *fstring = revchain_pyfstring_current(t);
	status failed =
		fstring && fstring->literal ? revchain_pyfstring_skip_text(t) : REVCHAIN_PY_OK;

	while (!failed) {
		bool blank = false;
		if (t->line_start && (failed = read_indentation(t, &blank)))
			break;
		if (t->pending != 0) {
			start_token(t, token,
				    t->pending > 0 ? REVCHAIN_PYTOKEN_INDENT
						   : REVCHAIN_PYTOKEN_DEDENT);
			t->pending += t->pending > 0 ? -1 : 1;
			return REVCHAIN_PY_OK;
		}
		failed = skip_space(t);
		if (failed)
			break;
		if (*here(t) == '\0')
			return end_text(t, token);
		start_token(t, token, REVCHAIN_PYTOKEN_NEWLINE);
		if (*here(t) != '\n') {
			failed = read_visible(t, token);
			token->extent = (uint32_t)t->position - token->start;
			break;
		}
		t->position++;
		t->line++;
		t->line_start = true;
		if (!blank && t->level == 0)
			break;
	}
	return failed;
}

/* Hold the first token of a line against the colon at the end of the one before, or the lack of it.
 */
static status check_block(struct revchain_pytokenizer *t, const struct revchain_pytoken *token)
{
	bool indent = token->kind == REVCHAIN_PYTOKEN_INDENT;

	if (t->block == indent)
		return REVCHAIN_PY_OK;
	return revchain_pyproblem_set(
		t->problem, t->arena, (int)token->line, HINT_BLOCK, "%s",
		indent ? "the indentation is unexpected"
		       : "an indented block is missing behind the colon of the line before");
}

enum revchain_pystatus revchain_pytokenizer_next(struct revchain_pytokenizer *t,
						 struct revchain_pytoken *token)
{
	status failed = read_token(t, token);

	if (!failed && t->boundary)
		failed = check_block(t, token);
	if (failed)
		return failed;
	t->boundary = token->kind == REVCHAIN_PYTOKEN_NEWLINE;
	t->block = t->boundary && t->colon;
	t->colon =
		token->kind == REVCHAIN_PYTOKEN_OPERATOR && token->symbol == ':' && t->level == 0;
	return REVCHAIN_PY_OK;
}
