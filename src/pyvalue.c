#include "pyvalue.h"

#include <string.h>

/* An open bracket, or (at the bottom) the expression itself. */
struct frame {
	char bracket; /* '(', '[', '{'; 0 at the bottom */
	size_t base;  /* of its elements in the stack */
	bool comma;   /* there was one */
	int line;
	size_t open; /* index of the bracket's token */
};

struct reader {
	struct revchain_pymodule *module;
	size_t position, end; /* indices of tokens */
	struct frame frames[REVCHAIN_PYTOKEN_BRACKETS + 1];
	size_t depth; /* index of the innermost frame */
	struct revchain_pyoperand **stack;
	size_t count, capacity;
	bool expects_operand;
	const char *reason; /* why it cannot be read; NULL: it can */
	int reason_line;
	bool nested; /* the argument of a call: calls and tuples are refused */
};

static const struct revchain_pytoken *current(const struct reader *reader)
{
	return &reader->module->tokens[reader->position];
}

static bool is_symbol(const struct reader *reader, size_t index, char symbol)
{
	return index < reader->end && revchain_pymodule_is_symbol(reader->module, index, symbol);
}

static void give_up(struct reader *reader, const char *reason)
{
	reader->reason = reason;
	reader->reason_line =
		(int)(reader->position < reader->end ? current(reader) : current(reader) - 1)->line;
}

/* Say where an operand is written: in the tokens from `begin` up to `end`. */
static struct revchain_pyoperand *place(const struct revchain_pymodule *module,
					struct revchain_pyoperand *operand, size_t begin,
					size_t end)
{
	struct revchain_pyspan span = revchain_pymodule_span(module, begin, end);

	if (operand) {
		operand->start = span.start;
		operand->length = span.end - span.start;
	}
	return operand;
}

static struct revchain_pyoperand *new_operand(struct revchain_pymodule *module,
					      enum revchain_pyoperand_kind kind, int line)
{
	struct revchain_pyoperand *operand =
		revchain_arena_alloc(module->scratch, sizeof(*operand));

	if (!operand) {
		module->out_of_memory = true;
		return NULL;
	}
	operand->kind = kind;
	operand->line = line;
	return operand;
}

struct revchain_pyoperand *revchain_pyvalue_unreadable(struct revchain_pymodule *module, int line,
						       const char *reason)
{
	struct revchain_pyoperand *operand =
		new_operand(module, REVCHAIN_PYOPERAND_UNREADABLE, line);

	if (operand)
		operand->reason = reason;
	return operand;
}

struct revchain_pyoperand *revchain_pyvalue_string(struct revchain_pymodule *module, size_t begin,
						   size_t end)
{
	struct revchain_pyoperand *operand =
		new_operand(module, REVCHAIN_PYOPERAND_STRING, (int)module->tokens[begin].line);

	if (operand)
		operand->pieces = end - begin;
	return place(module, operand, begin, end);
}

static void push(struct reader *reader, struct revchain_pyoperand *operand)
{
	struct revchain_pyoperand **stack;

	if (!operand)
		return;
	stack = revchain_arena_grow(reader->module->scratch, reader->stack, reader->count,
				    &reader->capacity, sizeof(*stack));
	if (!stack) {
		reader->module->out_of_memory = true;
		return;
	}
	reader->stack = stack;
	stack[reader->count++] = operand;
	reader->expects_operand = false;
}

/* Make a sequence or a call of the operands from `base` on, which leave the stack. */
static struct revchain_pyoperand *collect(struct reader *reader, enum revchain_pyoperand_kind kind,
					  size_t base, int line)
{
	struct revchain_pyoperand *operand = new_operand(reader->module, kind, line);
	size_t count = reader->count - base;

	if (!operand)
		return NULL;
	operand->items =
		revchain_arena_array(reader->module->scratch, count + 1, sizeof(*operand->items));
	if (!operand->items) {
		reader->module->out_of_memory = true;
		return NULL;
	}
	if (count > 0)
		memcpy(operand->items, reader->stack + base, count * sizeof(*operand->items));
	operand->count = count;
	reader->count = base;
	return operand;
}

static void open_frame(struct reader *reader)
{
	struct frame *frame = &reader->frames[++reader->depth];

	frame->bracket = (char)current(reader)->symbol;
	frame->base = reader->count;
	frame->comma = false;
	frame->line = (int)current(reader)->line;
	frame->open = reader->position;
	reader->position++;
}

/* The innermost frame ends: its elements become one operand. */
static void close_frame(struct reader *reader)
{
	const struct frame *frame = &reader->frames[reader->depth--];
	bool empty = reader->count == frame->base;
	struct revchain_pyoperand *sequence;

	reader->position++;
	if (frame->bracket == '{' && empty) {
		reader->position--;
		give_up(reader, "is a dictionary");
		return;
	}
	if (frame->bracket == '(' && !frame->comma && !empty) {
		reader->expects_operand = false; /* plain parentheses */
		return;
	}
	sequence = collect(reader, REVCHAIN_PYOPERAND_SEQUENCE, frame->base, frame->line);
	if (!sequence)
		return;
	sequence->ordered = frame->bracket != '{';
	sequence->changeable = frame->bracket != '(';
	push(reader, place(reader->module, sequence, frame->open, reader->position));
}

static void read_strings(struct reader *reader)
{
	size_t begin = reader->position;

	for (; reader->position < reader->end && current(reader)->kind == REVCHAIN_PYTOKEN_STRING;
	     reader->position++)
		if (current(reader)->symbol == 'b') {
			give_up(reader, "is a bytes literal");
			return;
		}
	if (reader->position < reader->end && current(reader)->kind == REVCHAIN_PYTOKEN_FSTRING)
		give_up(reader, "is an f-string");
	else
		push(reader, revchain_pyvalue_string(reader->module, begin, reader->position));
}

/* Whether a name is ASCII. One that is not may be spelled in several ways, so that nothing is known
 * of it. */
static bool is_ascii(const char *name, size_t length)
{
	while (length > 0 && (unsigned char)name[length - 1] < 0x80)
		length--;
	return length == 0;
}

/* A name stands for what it is bound to. */
static void follow(struct reader *reader)
{
	struct revchain_pymodule *module = reader->module;
	const struct revchain_pytoken *token = current(reader);
	size_t length = 0;
	const char *reason, *name = revchain_pymodule_name(module, token, &length);
	struct revchain_pybinding *binding = NULL;
	int shown = (int)(token->extent < 60 ? token->extent : 60);

	if (name && is_ascii(name, length))
		binding = revchain_pybinding_find(&module->names, name, length);
	if (binding && binding->global_line == 0 && binding->value &&
	    binding->value->kind != REVCHAIN_PYOPERAND_UNREADABLE) {
		reader->position++;
		push(reader, binding->value);
		return;
	}
	if (binding && (binding->how || binding->value))
		reason = revchain_arena_printf(module->scratch,
					       "is taken from %.*s, which cannot be read without "
					       "running the module (line %d)",
					       shown, module->source.text + token->start,
					       binding->line);
	else
		reason = revchain_arena_printf(
			module->scratch,
			"is taken from %.*s, which no literal was assigned to before", shown,
			module->source.text + token->start);
	if (!reason)
		module->out_of_memory = true;
	give_up(reader, reason ? reason : "");
}

static struct revchain_pyoperand *read_argument(struct revchain_pymodule *module, size_t begin,
						size_t end);

/* The end of the argument at `index`: the index of its comma or of the bracket `close`. */
static size_t end_of_argument(const struct reader *reader, size_t index, size_t close)
{
	const struct revchain_pytoken *tokens = reader->module->tokens;

	for (; index < close && !is_symbol(reader, index, ','); index++)
		if (tokens[index].kind == REVCHAIN_PYTOKEN_OPEN)
			index = tokens[index].extent;
	return index;
}

/*
 * Find the argument of a call, in the brackets from `open` on, that is the revision: the first
 * positional one, or `revision=`. False: there is none, or which it is cannot be seen.
 */
static bool find_argument(struct reader *reader, size_t open, size_t *begin, size_t *end)
{
	struct revchain_pymodule *module = reader->module;
	size_t close = module->tokens[open].extent, length, next;
	const char *name;

	for (*begin = open + 1; *begin < close; *begin = next + 1) {
		next = *end = end_of_argument(reader, *begin, close);
		if (is_symbol(reader, *begin, '*'))
			return false;
		if (!is_symbol(reader, *begin + 1, '=')) /* positional, or ** */
			return *begin == open + 1;
		name = revchain_pymodule_name(module, &module->tokens[*begin], &length);
		*begin += 2;
		if (name && length == strlen("revision") && memcmp(name, "revision", length) == 0)
			return true;
		if (next == close)
			return false;
	}
	return false;
}

/* Read a call of get_down_revision whose opening bracket is at `open`. */
static void read_call(struct reader *reader, size_t open)
{
	struct revchain_pyoperand *argument, *call;
	size_t begin, end, close = reader->module->tokens[open].extent;
	int line = (int)current(reader)->line;

	if (!find_argument(reader, open, &begin, &end)) {
		give_up(reader, "calls get_down_revision without a revision that can be read");
		return;
	}
	argument = read_argument(reader->module, begin, end);
	if (!argument)
		return;
	if (argument->kind == REVCHAIN_PYOPERAND_UNREADABLE && end == begin + 1 &&
	    reader->module->tokens[begin].kind == REVCHAIN_PYTOKEN_NAME) {
		give_up(reader, argument->reason);
		return;
	}
	if (argument->kind != REVCHAIN_PYOPERAND_STRING) {
		give_up(reader, "calls get_down_revision with something else than a string");
		return;
	}
	push(reader, argument);
	call = collect(reader, REVCHAIN_PYOPERAND_CALL, reader->count - 1, line);
	begin = reader->position;
	reader->position = close + 1;
	push(reader, place(reader->module, call, begin, reader->position));
}

static void read_name(struct reader *reader)
{
	const struct revchain_pytoken *tokens = reader->module->tokens;
	size_t last = reader->position, length = 0;
	const char *name;

	while (is_symbol(reader, last + 1, '.') && last + 2 < reader->end &&
	       tokens[last + 2].kind == REVCHAIN_PYTOKEN_NAME)
		last += 2;
	name = revchain_pymodule_name(reader->module, &tokens[last], &length);
	if (is_symbol(reader, last + 1, '(')) {
		if (!reader->nested && name && length == strlen("get_down_revision") &&
		    memcmp(name, "get_down_revision", length) == 0)
			read_call(reader, last + 1);
		else
			give_up(reader, "is the result of a call");
		return;
	}
	if (last > reader->position)
		give_up(reader, "is an attribute of something else");
	else
		follow(reader);
}

static void read_keyword(struct reader *reader)
{
	enum revchain_pykeyword keyword = current(reader)->symbol;
	int line = (int)current(reader)->line;

	if (keyword == REVCHAIN_PYKEYWORD_NONE) {
		reader->position++;
		push(reader, place(reader->module,
				   new_operand(reader->module, REVCHAIN_PYOPERAND_NONE, line),
				   reader->position - 1, reader->position));
	} else if (keyword == REVCHAIN_PYKEYWORD_TRUE || keyword == REVCHAIN_PYKEYWORD_FALSE) {
		give_up(reader, "is True or False");
	} else {
		give_up(reader, "is computed");
	}
}

static void read_operand(struct reader *reader)
{
	const struct revchain_pytoken *token = current(reader);

	switch ((enum revchain_pytoken_kind)token->kind) {
	case REVCHAIN_PYTOKEN_STRING:
		read_strings(reader);
		break;
	case REVCHAIN_PYTOKEN_FSTRING:
		give_up(reader, "is an f-string");
		break;
	case REVCHAIN_PYTOKEN_NUMBER:
		give_up(reader, "is a number");
		break;
	case REVCHAIN_PYTOKEN_NAME:
		if (token->symbol == REVCHAIN_PYKEYWORD_NO)
			read_name(reader);
		else
			read_keyword(reader);
		break;
	case REVCHAIN_PYTOKEN_OPEN:
		open_frame(reader);
		break;
	case REVCHAIN_PYTOKEN_CLOSE:
		close_frame(reader);
		break;
	default:
		give_up(reader, "is computed");
	}
}

/* Read what stands behind an operand. */
static void read_continuation(struct reader *reader)
{
	struct frame *frame = &reader->frames[reader->depth];

	if (is_symbol(reader, reader->position, ',')) {
		frame->comma = true;
		reader->expects_operand = true;
		reader->position++;
	} else if (current(reader)->kind == REVCHAIN_PYTOKEN_CLOSE) {
		close_frame(reader);
	} else if (is_symbol(reader, reader->position, ':') && frame->bracket == '{') {
		give_up(reader, "is a dictionary");
	} else {
		give_up(reader, "is computed");
	}
}

/* The operand that the whole expression is. */
static struct revchain_pyoperand *finish(struct reader *reader)
{
	struct revchain_pyoperand *tuple;
	const struct frame *bottom = &reader->frames[0];

	if (reader->module->out_of_memory)
		return NULL;
	if (!reader->reason && reader->expects_operand && !(bottom->comma && reader->count > 0))
		give_up(reader, "is not an expression");
	if (reader->reason)
		return revchain_pyvalue_unreadable(reader->module, reader->reason_line,
						   reader->reason);
	if (!bottom->comma)
		return reader->stack[0];
	tuple = collect(reader, REVCHAIN_PYOPERAND_SEQUENCE, 0, bottom->line);
	if (tuple)
		tuple->ordered = true;
	return place(reader->module, tuple, bottom->open, reader->end);
}

static struct revchain_pyoperand *read_expression(struct revchain_pymodule *module, size_t begin,
						  size_t end, bool nested)
{
	struct reader reader;

	reader.module = module;
	reader.position = begin;
	reader.end = end;
	reader.depth = 0;
	reader.frames[0] = (struct frame){
		.line = (int)module->tokens[begin < end ? begin : begin - 1].line, .open = begin};
	reader.stack = NULL;
	reader.count = reader.capacity = 0;
	reader.expects_operand = true;
	reader.reason = NULL;
	reader.nested = nested;
	while (reader.position < end && !reader.reason && !module->out_of_memory) {
		if (reader.expects_operand)
			read_operand(&reader);
		else
			read_continuation(&reader);
	}
	return finish(&reader);
}

static struct revchain_pyoperand *read_argument(struct revchain_pymodule *module, size_t begin,
						size_t end)
{
	return read_expression(module, begin, end, true);
}

struct revchain_pyoperand *revchain_pyvalue_read(struct revchain_pymodule *module, size_t begin,
						 size_t end)
{
	return read_expression(module, begin, end, false);
}
