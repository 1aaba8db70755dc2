#include "makoexpression.h"

#include <stdlib.h>
#include <string.h>

#include "makocall.h"

#define DEPTH_MOST 40 /* of operators and brackets within each other */
#define DIGITS_MOST 9 /* of a number */
#define SHOWN 60      /* bytes of an expression in a message */

struct evaluation {
	struct revchain_makoscope *scope;
	const struct revchain_makotoken *tokens;
	int depth;
	int status;
};

typedef struct revchain_makovalue makovalue;

int revchain_makoscope_refuse(struct revchain_makoscope *scope, const char *what, const char *text,
			      size_t length)
{
	int shown = (int)(length < SHOWN ? length : SHOWN);

	return revchain_fail(scope->error, REVCHAIN_USAGE, "the template %s: %.*s%s", what, shown,
			     text, length > SHOWN ? "..." : "");
}

bool revchain_makoscope_work(struct revchain_makoscope *scope, size_t bytes)
{
	if (bytes > REVCHAIN_MAKO_WORK - scope->work)
		scope->work = REVCHAIN_MAKO_WORK;
	else
		scope->work += bytes;
	return scope->work < REVCHAIN_MAKO_WORK;
}

struct revchain_buffer revchain_makoscope_buffer(const struct revchain_makoscope *scope)
{
	return (struct revchain_buffer){.most = REVCHAIN_MAKO_WORK - scope->work + 1};
}

makovalue revchain_makoscope_take(struct revchain_makoscope *scope, struct revchain_buffer *buffer)
{
	makovalue value = {.kind = REVCHAIN_MAKO_STRING};

	if (revchain_makoscope_work(scope, buffer->full ? buffer->most : buffer->length + 1) &&
	    !buffer->failed)
		value.string = revchain_arena_copy(scope->arena, buffer->text ? buffer->text : "",
						   buffer->length);
	revchain_buffer_free(buffer);
	return value;
}

int revchain_makoscope_ran_out(struct revchain_makoscope *scope)
{
	return scope->work < REVCHAIN_MAKO_WORK
		       ? revchain_fail_memory(scope->error)
		       : revchain_makoscope_refuse(scope, "makes too much", "", 0);
}

/* The tokens from `begin` up to `end` are not understood. Returns false. */
static bool give_up(struct evaluation *e, size_t begin, size_t end)
{
	const char *start = e->tokens[begin].start;
	const struct revchain_makotoken *last = &e->tokens[end > begin ? end - 1 : begin];

	if (!e->status && e->scope->work == REVCHAIN_MAKO_WORK)
		e->status = revchain_makoscope_ran_out(e->scope);
	if (!e->status)
		e->status = revchain_makoscope_refuse(e->scope, "uses what only Mako understands",
						      start,
						      (size_t)(last->start + last->length - start));
	return false;
}

static bool is_open(const struct revchain_makotoken *token)
{
	return revchain_makotoken_is(token, "(") || revchain_makotoken_is(token, "[") ||
	       revchain_makotoken_is(token, "{");
}

static bool is_close(const struct revchain_makotoken *token)
{
	return revchain_makotoken_is(token, ")") || revchain_makotoken_is(token, "]") ||
	       revchain_makotoken_is(token, "}");
}

/* Behind the bracket that closes the one at `open`. */
static size_t behind_bracket(const struct evaluation *e, size_t open)
{
	size_t depth = 0;

	do {
		depth += is_open(&e->tokens[open]);
		depth -= is_close(&e->tokens[open]);
		open++;
	} while (depth);
	return open;
}

/* The first token of that text outside of brackets, or `end`. */
static size_t find(const struct evaluation *e, size_t begin, size_t end, const char *text)
{
	while (begin < end && !revchain_makotoken_is(&e->tokens[begin], text))
		begin = is_open(&e->tokens[begin]) ? behind_bracket(e, begin) : begin + 1;
	return begin;
}

/* The last one, or `end`. */
static size_t find_last(const struct evaluation *e, size_t begin, size_t end, const char *text)
{
	size_t last = end;

	for (begin = find(e, begin, end, text); begin < end; begin = find(e, begin + 1, end, text))
		last = begin;
	return last;
}

static bool evaluate(struct evaluation *e, size_t begin, size_t end, makovalue *value);

makovalue revchain_makoscope_get(struct revchain_makoscope *scope, const char *name, size_t length)
{
	const struct revchain_mako_values *values = scope->values;
	const struct {
		const char *name;
		makovalue value;
	} given[] = {
		{"message", {.kind = REVCHAIN_MAKO_STRING, .string = values->message}},
		{"up_revision", {.kind = REVCHAIN_MAKO_STRING, .string = values->revision}},
		{"branch_labels", {.kind = REVCHAIN_MAKO_NONE}},
		{"depends_on", {.kind = REVCHAIN_MAKO_NONE}},
		{"create_date", {.kind = REVCHAIN_MAKO_DATE, .string = values->created_text}},
		{"config", {.kind = REVCHAIN_MAKO_OTHER, .string = "config"}},
		{"comma", {.kind = REVCHAIN_MAKO_OTHER, .string = "comma"}},
	};
	makovalue parents = {.kind = REVCHAIN_MAKO_UNDEFINED};
	size_t i;

	for (i = 0; i < sizeof(given) / sizeof(*given); i++)
		if (strlen(given[i].name) == length && memcmp(given[i].name, name, length) == 0)
			return given[i].value;
	if (length != strlen("down_revision") || memcmp(name, "down_revision", length) != 0)
		return parents;
	if (values->parent_count == 0)
		return (makovalue){.kind = REVCHAIN_MAKO_NONE};
	if (values->parent_count == 1)
		return (makovalue){.kind = REVCHAIN_MAKO_STRING, .string = values->parents[0]};
	parents.kind = REVCHAIN_MAKO_TUPLE;
	parents.items =
		revchain_arena_array(scope->arena, values->parent_count, sizeof(*parents.items));
	for (i = 0; parents.items && i < values->parent_count; i++)
		parents.items[parents.count++] =
			(makovalue){.kind = REVCHAIN_MAKO_STRING, .string = values->parents[i]};
	return parents;
}

int revchain_makoscope_set(struct revchain_makoscope *scope, const char *name, size_t length,
			   const makovalue *value)
{
	makovalue *variable = revchain_names_find(&scope->variables, name, length);

	if (!variable) {
		variable = revchain_arena_alloc(scope->arena, sizeof(*variable));
		if (!variable ||
		    !revchain_names_add(&scope->variables, scope->arena, name, length, variable))
			return revchain_fail_memory(scope->error);
	}
	*variable = *value;
	return REVCHAIN_OK;
}

/* What a name stands for. False: something of Python or Mako that is not understood. */
static bool read_name(struct evaluation *e, const struct revchain_makotoken *token,
		      makovalue *value)
{
	static const char *const types[] = {"str", "tuple", "list"};
	static const char *const refused[] = {
		"loop", "self",	   "next",   "parent", "local",	    "capture", "caller", "pageargs",
		"not",	"lambda",  "if",     "else",   "for",	    "in",      "is",	 "and",
		"or",	"await",   "yield",  "dir",    "int",	    "dict",    "set",	 "any",
		"all",	"max",	   "min",    "sum",    "sorted",    "range",   "repr",	 "len",
		"bool", "globals", "locals", "open",   "UNDEFINED",
	};
	const makovalue *variable =
		revchain_names_find(&e->scope->variables, token->start, token->length);
	size_t i;

	if (variable) {
		*value = *variable;
		return true;
	}
	*value = (makovalue){.kind = REVCHAIN_MAKO_OTHER, .string = "re"};
	if (e->scope->imports_re && revchain_makotoken_is(token, "re"))
		return true;
	value->string = "context";
	if (revchain_makotoken_is(token, "context"))
		return true;
	for (i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (revchain_makotoken_is(token, types[i])) {
			value->string = types[i];
			return true;
		}
	*value = (makovalue){.kind = REVCHAIN_MAKO_NONE};
	if (revchain_makotoken_is(token, "None"))
		return true;
	value->kind = REVCHAIN_MAKO_BOOLEAN;
	value->number = revchain_makotoken_is(token, "True");
	if (value->number || revchain_makotoken_is(token, "False"))
		return true;
	for (i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (revchain_makotoken_is(token, refused[i]))
			return false;
	*value = revchain_makoscope_get(e->scope, token->start, token->length);
	return true;
}

/* `(a)`, `(a, b)` or `()`: the tokens are those between the brackets. */
static bool read_brackets(struct evaluation *e, size_t begin, size_t end, makovalue *value)
{
	size_t comma = find(e, begin, end, ",");

	if (begin < end && comma == end)
		return evaluate(e, begin, end, value);
	*value = (makovalue){.kind = REVCHAIN_MAKO_TUPLE};
	value->items =
		revchain_arena_array(e->scope->arena, end - begin + 1, sizeof(*value->items));
	if (!value->items) {
		e->status = revchain_fail_memory(e->scope->error);
		return false;
	}
	while (begin < end) {
		comma = find(e, begin, end, ",");
		if (!evaluate(e, begin, comma, &value->items[value->count++]))
			return false;
		begin = comma + 1;
	}
	return true;
}

/* A call with its arguments in the brackets from `open` up to `close`. */
static bool call(struct evaluation *e, const makovalue *object, size_t name, size_t open,
		 size_t close, makovalue *value)
{
	struct revchain_makocall called = {
		.object = object, .name = e->tokens[name].start, .length = e->tokens[name].length};
	size_t begin = open + 1, comma;
	bool known;

	while (begin < close) {
		comma = find(e, begin, close, ",");
		if (called.count == REVCHAIN_MAKO_ARGUMENTS)
			return give_up(e, name, close + 1);
		if (!evaluate(e, begin, comma, &called.arguments[called.count++]))
			return false;
		begin = comma + 1;
	}
	e->status = revchain_makocall_run(e->scope, &called, value, &known);
	return !e->status && (known || give_up(e, name, close + 1));
}

/* The attributes and method calls behind a value, from `at` on. */
static bool read_trailers(struct evaluation *e, size_t at, size_t end, makovalue *value)
{
	while (at < end) {
		makovalue object = *value;
		size_t name = at + 1;

		if (!revchain_makotoken_is(&e->tokens[at], ".") || name >= end ||
		    e->tokens[name].kind != REVCHAIN_MAKOTOKEN_NAME)
			return give_up(e, at, end);
		at += 2;
		if (at < end && revchain_makotoken_is(&e->tokens[at], "(")) {
			size_t behind = behind_bracket(e, at);

			if (!call(e, &object, name, at, behind - 1, value))
				return false;
			at = behind;
		} else if (!revchain_makocall_attribute(e->scope, &object, e->tokens[name].start,
							e->tokens[name].length, value)) {
			return give_up(e, name - 1, end);
		}
	}
	return true;
}

/* A whole number that is not too large. */
static bool read_number(const struct revchain_makotoken *token, makovalue *value)
{
	size_t i;

	*value = (makovalue){.kind = REVCHAIN_MAKO_NUMBER};
	for (i = 0; i < token->length; i++) {
		if (i == DIGITS_MOST || token->start[i] < '0' || token->start[i] > '9')
			return false;
		value->number = value->number * 10 + (token->start[i] - '0');
	}
	return true;
}

/* A literal, a name, brackets or a call, and what is behind it. */
static bool read_primary(struct evaluation *e, size_t begin, size_t end, makovalue *value)
{
	const struct revchain_makotoken *token = &e->tokens[begin];
	size_t at = begin + 1;

	if (token->kind == REVCHAIN_MAKOTOKEN_STRING) {
		revchain_makoscope_work(e->scope, token->length);
		*value = (makovalue){.kind = REVCHAIN_MAKO_STRING,
				     .string = revchain_makotoken_string(token, e->scope->arena)};
		if (!value->string)
			return give_up(e, begin, end);
	} else if (token->kind == REVCHAIN_MAKOTOKEN_NUMBER) {
		if (!read_number(token, value))
			return give_up(e, begin, end);
	} else if (revchain_makotoken_is(token, "(")) {
		at = behind_bracket(e, begin);
		if (!read_brackets(e, begin + 1, at - 1, value))
			return false;
	} else if (token->kind == REVCHAIN_MAKOTOKEN_NAME && at < end &&
		   revchain_makotoken_is(&e->tokens[at], "(")) {
		at = behind_bracket(e, at);
		if (!call(e, NULL, begin, begin + 1, at - 1, value))
			return false;
	} else if (token->kind != REVCHAIN_MAKOTOKEN_NAME || !read_name(e, token, value)) {
		return give_up(e, begin, end);
	}
	return read_trailers(e, at, end, value);
}

/* `a + b`, of strings, with the operator at `at`. */
static bool add(struct evaluation *e, size_t begin, size_t at, size_t end, makovalue *value)
{
	makovalue left, right;
	struct revchain_buffer text;

	if (!evaluate(e, begin, at, &left) || !evaluate(e, at + 1, end, &right))
		return false;
	if (left.kind != REVCHAIN_MAKO_STRING || right.kind != REVCHAIN_MAKO_STRING)
		return give_up(e, begin, end);
	text = revchain_makoscope_buffer(e->scope);
	revchain_buffer_puts(&text, left.string);
	revchain_buffer_puts(&text, right.string);
	*value = revchain_makoscope_take(e->scope, &text);
	return true;
}

/* Sums and formats; both group from the left. */
static bool read_arithmetic(struct evaluation *e, size_t begin, size_t end, makovalue *value)
{
	makovalue left, right;
	size_t at = find_last(e, begin, end, "+");

	if (at > begin && at < end)
		return add(e, begin, at, end, value);
	at = find_last(e, begin, end, "%");
	if (at == begin || at == end)
		return read_primary(e, begin, end, value);
	if (!evaluate(e, begin, at, &left) || !evaluate(e, at + 1, end, &right))
		return false;
	return revchain_makocall_format(e->scope, &left, &right, value) || give_up(e, begin, end);
}

/* `a == b`, `a != b`, `a is b` and `a is not b`; of the last two only those with None. */
static bool read_comparison(struct evaluation *e, size_t begin, size_t end, makovalue *value)
{
	size_t equal = find(e, begin, end, "=="), other = find(e, begin, end, "!=");
	size_t is = find(e, begin, end, "is"), at = equal < end ? equal : other < end ? other : is;
	bool negated = at == other && at < end;
	makovalue left, right;
	size_t right_begin = at + 1;

	if (at == end)
		return read_arithmetic(e, begin, end, value);
	if (at == is && right_begin < end &&
	    revchain_makotoken_is(&e->tokens[right_begin], "not")) {
		negated = true;
		right_begin++;
	}
	if (at == begin || right_begin >= end)
		return give_up(e, begin, end);
	if (!read_arithmetic(e, begin, at, &left) || !read_arithmetic(e, right_begin, end, &right))
		return false;
	if ((at == is && right.kind != REVCHAIN_MAKO_NONE) ||
	    (left.kind == right.kind && left.count + right.count))
		return give_up(e, begin, end);
	*value = (makovalue){.kind = REVCHAIN_MAKO_BOOLEAN,
			     .number = revchain_makovalue_equal(&left, &right) != negated};
	return true;
}

/* `not`, and what binds more strongly. */
static bool read_negation(struct evaluation *e, size_t begin, size_t end, makovalue *value)
{
	makovalue operand;

	if (!revchain_makotoken_is(&e->tokens[begin], "not"))
		return read_comparison(e, begin, end, value);
	if (!evaluate(e, begin + 1, end, &operand))
		return false;
	*value = (makovalue){.kind = REVCHAIN_MAKO_BOOLEAN,
			     .number = !revchain_makovalue_truth(&operand)};
	return true;
}

/* `a or b` or `a and b`, of which Python evaluates the second only where the first does not
 * decide. */
static bool read_logic(struct evaluation *e, size_t begin, size_t at, size_t end, bool decides,
		       makovalue *value)
{
	if (!evaluate(e, begin, at, value))
		return false;
	return revchain_makovalue_truth(value) == decides || evaluate(e, at + 1, end, value);
}

/* `a if b else c` */
static bool read_choice(struct evaluation *e, size_t begin, size_t at, size_t end, makovalue *value)
{
	size_t otherwise = find(e, at, end, "else");
	makovalue condition;

	if (at == begin || otherwise == end)
		return give_up(e, begin, end);
	if (!evaluate(e, at + 1, otherwise, &condition))
		return false;
	if (revchain_makovalue_truth(&condition))
		return evaluate(e, begin, at, value);
	return evaluate(e, otherwise + 1, end, value);
}

/* The value of the tokens from `begin` up to `end`, weakest operator first. */
static bool evaluate(struct evaluation *e, size_t begin, size_t end, makovalue *value)
{
	bool known;
	size_t at;

	*value = (makovalue){.kind = REVCHAIN_MAKO_NONE};
	if (begin >= end || e->depth == DEPTH_MOST ||
	    !revchain_makoscope_work(e->scope, (end - begin) * sizeof(makovalue)))
		return give_up(e, begin < end || begin == 0 ? begin : begin - 1, end);
	e->depth++;
	if ((at = find(e, begin, end, "if")) < end)
		known = read_choice(e, begin, at, end, value);
	else if ((at = find(e, begin, end, "or")) < end)
		known = read_logic(e, begin, at, end, true, value);
	else if ((at = find(e, begin, end, "and")) < end)
		known = read_logic(e, begin, at, end, false, value);
	else
		known = read_negation(e, begin, end, value);
	e->depth--;
	if (known && value->kind == REVCHAIN_MAKO_STRING && !value->string) {
		e->status = revchain_makoscope_ran_out(e->scope);
		return false;
	}
	return known;
}

int revchain_makoexpression_value(struct revchain_makoscope *scope,
				  const struct revchain_makotoken *tokens, size_t count,
				  makovalue *value)
{
	struct evaluation e = {.scope = scope, .tokens = tokens};

	if (count == 0)
		return revchain_makoscope_refuse(scope, "has an expression without anything in it",
						 "", 0);
	evaluate(&e, 0, count, value);
	return e.status;
}
