#include "revchain/mako.h"

#include <string.h>
#include <strings.h>

#include "makoexpression.h"
#include "makolexer.h"
#include "plaintext.h"

#define FRAMES_MOST 20 /* ifs and fors within each other */
#define STEP 300       /* bytes of work: what a part costs besides its own */

/* An open `% if` or `% for`. */
struct frame {
	bool loop;
	bool runs;  /* what is in it counts */
	bool taken; /* of an if: one of its branches has been */
	bool last;  /* of an if: there was an else */
	/* of a loop */
	const char *body; /* behind the line that opens it */
	struct revchain_makovalue items;
	size_t next;
	const char *name;
	size_t name_length;
};

struct rendering {
	struct revchain_makoscope scope;
	const char *path, *text, *at, *end;
	struct revchain_makotokens *tokens; /* of the expression at hand */
	struct frame frames[FRAMES_MOST];
	size_t depth;
	struct revchain_buffer *output;
	struct revchain_error *error;
};

static int line_of(const struct rendering *rendering, const char *at)
{
	const char *text;
	int line = 1;

	for (text = rendering->text; text < at; text++)
		line += *text == '\n';
	return line;
}

/* Whether what stands here counts. */
static bool runs(const struct rendering *rendering)
{
	return rendering->depth == 0 || rendering->frames[rendering->depth - 1].runs;
}

static int refuse(struct rendering *rendering, const char *what, const char *text, size_t length)
{
	const char *feed = memchr(text, '\n', length);

	return revchain_makoscope_refuse(&rendering->scope, what, text,
					 feed ? (size_t)(feed - text) : length);
}

static int refuse_part(struct rendering *rendering, const struct revchain_makopart *part)
{
	const char *start = part->start;

	return refuse(rendering, "uses what only Mako understands", start,
		      (size_t)(rendering->end - start));
}

static int read_tokens(struct rendering *rendering, const char *text, size_t length)
{
	if (!revchain_makotokens_read(text, length, rendering->tokens))
		return refuse(rendering, "has an expression that cannot be read", text, length);
	return REVCHAIN_OK;
}

/* Apply a filter to a value. */
static int apply(struct rendering *rendering, const char *name, size_t length,
		 struct revchain_makovalue *value)
{
	struct revchain_buffer text = revchain_makoscope_buffer(&rendering->scope);
	struct revchain_slice slice;
	bool known = false;

	if (length == 5 && memcmp(name, "comma", 5) == 0) {
		known = revchain_makovalue_comma(value, &text);
	} else if (length == 3 && memcmp(name, "str", 3) == 0) {
		known = revchain_makovalue_str(value, &text);
	} else if (length == 4 && memcmp(name, "trim", 4) == 0 &&
		   value->kind == REVCHAIN_MAKO_STRING) {
		slice = revchain_strip(
			(struct revchain_slice){value->string, strlen(value->string)}, NULL);
		revchain_buffer_add(&text, slice.bytes, slice.length);
		known = true;
	}
	*value = revchain_makoscope_take(&rendering->scope, &text);
	if (!known)
		return refuse(rendering, "uses a filter that only Mako understands", name, length);
	return value->string ? REVCHAIN_OK : revchain_makoscope_ran_out(&rendering->scope);
}

/* The next name of a list of filters; 0: there is none. */
static size_t next_filter(const char **at, const char *end)
{
	size_t length = 0;

	while (*at < end && strchr(" \t\r\n,", **at))
		(*at)++;
	while (*at + length < end && !strchr(" \t\r\n,", (*at)[length]))
		length++;
	return length;
}

static int filter(struct rendering *rendering, const struct revchain_makopart *part,
		  struct revchain_makovalue *value)
{
	const char *at = part->filters ? part->filters : "", *first = at;
	const char *end = at + part->filters_length;
	bool plain = false; /* without Mako's own filter, str */
	size_t length;
	int status = REVCHAIN_OK;

	while ((length = next_filter(&at, end))) {
		plain = plain || (length == 1 && *at == 'n');
		at += length;
	}
	if (!plain)
		status = apply(rendering, "str", 3, value);
	at = first;
	while (!status && (length = next_filter(&at, end))) {
		if (length != 1 || *at != 'n')
			status = apply(rendering, at, length, value);
		at += length;
	}
	return status;
}

static int run_expression(struct rendering *rendering, const struct revchain_makopart *part)
{
	struct revchain_makovalue value = {0};
	int status = read_tokens(rendering, part->start, part->length);

	if (!status)
		status = revchain_makoexpression_value(&rendering->scope, rendering->tokens->items,
						       rendering->tokens->count, &value);
	if (!status)
		status = filter(rendering, part, &value);
	if (!status && value.kind != REVCHAIN_MAKO_STRING)
		return refuse(rendering, "writes what is no string", part->start, part->length);
	if (!status)
		revchain_buffer_puts(rendering->output, value.string);
	return status;
}

/* A statement of a `<% %>`: `name = expression`. */
static int run_statement(struct rendering *rendering, const char *text, size_t length)
{
	const struct revchain_makotoken *tokens = rendering->tokens->items;
	struct revchain_makovalue value;
	int status = read_tokens(rendering, text, length);

	if (status || rendering->tokens->count == 0)
		return status;
	if (rendering->tokens->count < 3 || tokens->kind != REVCHAIN_MAKOTOKEN_NAME ||
	    !revchain_makotoken_is(&tokens[1], "="))
		return refuse(rendering, "uses what only Python understands", tokens->start,
			      (size_t)(text + length - tokens->start));
	status = revchain_makoexpression_value(&rendering->scope, tokens + 2,
					       rendering->tokens->count - 2, &value);
	return status ? status
		      : revchain_makoscope_set(&rendering->scope, tokens->start, tokens->length,
					       &value);
}

/* A statement of a `<%! %>`: `import re`, or of something else that is not used. */
static int run_import(struct rendering *rendering, const char *text, size_t length)
{
	const struct revchain_makotoken *tokens = rendering->tokens->items;
	int status = read_tokens(rendering, text, length);

	if (status || rendering->tokens->count == 0)
		return status;
	if (rendering->tokens->count != 2 || !revchain_makotoken_is(tokens, "import"))
		return refuse(rendering, "uses what only Python understands", tokens->start,
			      (size_t)(text + length - tokens->start));
	if (revchain_makotoken_is(&tokens[1], "re"))
		rendering->scope.imports_re = true;
	return REVCHAIN_OK;
}

/* The lines of a block; one that goes on over several lines has brackets that do not match, and is
 * refused. */
static int run_block(struct rendering *rendering, const struct revchain_makopart *part)
{
	const char *at = part->start, *end = at + part->length;
	int status = REVCHAIN_OK;

	while (!status && at < end) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((feed ? feed : end) - at);

		status = part->kind == REVCHAIN_MAKOPART_MODULE
				 ? run_import(rendering, at, length)
				 : run_statement(rendering, at, length);
		at += length + 1;
	}
	return status;
}

/* Set a loop's name to its next item; false: there is none. */
static int step(struct rendering *rendering, struct frame *frame)
{
	int status = REVCHAIN_OK;

	frame->runs = frame->next < frame->items.count;
	if (frame->runs)
		status = revchain_makoscope_set(&rendering->scope, frame->name, frame->name_length,
						&frame->items.items[frame->next++]);
	return status;
}

/* `for name in expression` */
static int open_loop(struct rendering *rendering, struct frame *frame, size_t count)
{
	const struct revchain_makotoken *tokens = rendering->tokens->items;
	int status;

	frame->loop = true;
	frame->body = rendering->at;
	if (!frame->runs)
		return REVCHAIN_OK;
	if (count < 4 || tokens[1].kind != REVCHAIN_MAKOTOKEN_NAME ||
	    !revchain_makotoken_is(&tokens[2], "in"))
		return refuse(rendering, "has a loop that only Mako understands", tokens->start,
			      (size_t)(rendering->at - tokens->start));
	status = revchain_makoexpression_value(&rendering->scope, tokens + 3, count - 3,
					       &frame->items);
	if (status)
		return status;
	if (frame->items.kind != REVCHAIN_MAKO_LIST && frame->items.kind != REVCHAIN_MAKO_TUPLE)
		return refuse(rendering, "goes through something else than a list", tokens->start,
			      (size_t)(rendering->at - tokens->start));
	frame->name = tokens[1].start;
	frame->name_length = tokens[1].length;
	return step(rendering, frame);
}

static int decide(struct rendering *rendering, struct frame *frame, bool outer, size_t count)
{
	struct revchain_makovalue value;
	int status;

	frame->runs = false;
	if (!outer || frame->taken)
		return REVCHAIN_OK;
	status = revchain_makoexpression_value(&rendering->scope, rendering->tokens->items + 1,
					       count - 1, &value);
	if (!status)
		frame->runs = frame->taken = revchain_makovalue_truth(&value);
	return status;
}

static int open_frame(struct rendering *rendering, size_t count, bool loop)
{
	struct frame *frame = &rendering->frames[rendering->depth];
	bool outer = runs(rendering);

	if (rendering->depth == FRAMES_MOST)
		return refuse(rendering, "is nested too deeply", "", 0);
	rendering->depth++;
	*frame = (struct frame){.runs = outer};
	return loop ? open_loop(rendering, frame, count) : decide(rendering, frame, outer, count);
}

static int close_frame(struct rendering *rendering)
{
	struct frame *frame = &rendering->frames[rendering->depth - 1];
	int status = REVCHAIN_OK;

	if (frame->loop && frame->runs)
		status = step(rendering, frame);
	if (frame->loop && frame->runs)
		rendering->at = frame->body;
	else
		rendering->depth--;
	return status;
}

/* A control line whose tokens have been read. */
static int run_control(struct rendering *rendering, const struct revchain_makopart *part)
{
	const struct revchain_makotokens *tokens = rendering->tokens;
	const struct revchain_makotoken *first = tokens->items;
	size_t count = tokens->count;
	struct frame *frame = rendering->depth ? &rendering->frames[rendering->depth - 1] : NULL;
	bool loop = frame && frame->loop, branch = frame && !frame->loop && !frame->last;
	bool outer = rendering->depth < 2 || rendering->frames[rendering->depth - 2].runs;

	if (count == 1 && frame && revchain_makotoken_is(first, loop ? "endfor" : "endif"))
		return close_frame(rendering);
	if (count < 2 || !revchain_makotoken_is(&first[count - 1], ":"))
		return refuse_part(rendering, part);
	if (revchain_makotoken_is(first, "if") || revchain_makotoken_is(first, "for"))
		return open_frame(rendering, count - 1, revchain_makotoken_is(first, "for"));
	if (branch && revchain_makotoken_is(first, "elif"))
		return decide(rendering, frame, outer, count - 1);
	if (!branch || count != 2 || !revchain_makotoken_is(first, "else"))
		return refuse_part(rendering, part);
	frame->runs = outer && !frame->taken;
	frame->last = true;
	return REVCHAIN_OK;
}

static int run_part(struct rendering *rendering, const struct revchain_makopart *part)
{
	int status;

	switch (part->kind) {
	case REVCHAIN_MAKOPART_CONTROL:
		status = read_tokens(rendering, part->start, part->length);
		return status ? status : run_control(rendering, part);
	case REVCHAIN_MAKOPART_MODULE:
		return run_block(rendering, part);
	case REVCHAIN_MAKOPART_REFUSED:
		return refuse_part(rendering, part);
	default:
		break;
	}
	if (!runs(rendering))
		return REVCHAIN_OK;
	if (part->kind == REVCHAIN_MAKOPART_TEXT)
		revchain_buffer_add(rendering->output, part->start, part->length);
	if (part->kind == REVCHAIN_MAKOPART_EXPRESSION)
		return run_expression(rendering, part);
	return part->kind == REVCHAIN_MAKOPART_BLOCK ? run_block(rendering, part) : REVCHAIN_OK;
}

static int run(struct rendering *rendering)
{
	struct revchain_makopart part;
	const char *at;
	int status = REVCHAIN_OK;

	do {
		at = rendering->at;
		revchain_makopart_read(rendering->text, at, rendering->end, &part);
		rendering->at = part.end;
		status = run_part(rendering, &part);
		if (!status &&
		    (!revchain_makoscope_work(&rendering->scope, (size_t)(part.end - at) + STEP) ||
		     rendering->output->length > REVCHAIN_MAKO_MAX))
			status = refuse(rendering, "makes too much", "", 0);
	} while (!status && part.kind != REVCHAIN_MAKOPART_END);
	if (!status && rendering->depth)
		status = refuse(rendering, "has an if or for that does not end", "", 0);
	if (status == REVCHAIN_USAGE)
		revchain_error_at(rendering->error, rendering->path,
				  line_of(rendering, part.start ? part.start : at));
	if (!status && rendering->output->failed)
		return revchain_fail_memory(rendering->error);
	return status;
}

/* Mako takes a first line that names the encoding away. */
static int skip_coding(struct rendering *rendering)
{
	const char *text = rendering->text, *end = rendering->end, *feed, *coding;

	feed = memchr(text, '\n', (size_t)(end - text));
	if (!feed || *text != '#')
		return REVCHAIN_OK;
	coding = memmem(text, (size_t)(feed - text), "coding", 6);
	if (!coding || (coding[6] != ':' && coding[6] != '='))
		return REVCHAIN_OK;
	coding += 7;
	coding += strspn(coding, " \t");
	if (strncasecmp(coding, "utf-8", 5) != 0 && strncasecmp(coding, "utf8", 4) != 0) {
		refuse(rendering, "is in another encoding than UTF-8", text, (size_t)(feed - text));
		revchain_error_at(rendering->error, rendering->path, 1);
		return REVCHAIN_USAGE;
	}
	rendering->at = feed + 1;
	return REVCHAIN_OK;
}

int revchain_mako_render(const char *text, size_t length, const char *path,
			 const struct revchain_mako_values *values, struct revchain_arena *arena,
			 struct revchain_buffer *output, struct revchain_error *error)
{
	struct rendering *rendering = revchain_arena_alloc(arena, sizeof(*rendering));
	int status;

	if (!rendering)
		return revchain_fail_memory(error);
	rendering->tokens = revchain_arena_alloc(arena, sizeof(*rendering->tokens));
	/* a copy: with a NUL behind it, and as long-lived as the arena */
	rendering->text = revchain_arena_copy(arena, text, length);
	if (!rendering->tokens || !rendering->text)
		return revchain_fail_memory(error);
	if (length >= 3 && memcmp(rendering->text, "\xEF\xBB\xBF", 3) == 0) {
		rendering->text += 3;
		length -= 3;
	}
	rendering->scope =
		(struct revchain_makoscope){.values = values, .arena = arena, .error = error};
	rendering->path = path;
	rendering->at = rendering->text;
	rendering->end = rendering->text + length;
	rendering->output = output;
	rendering->error = error;
	status = revchain_plaintext_check(rendering->text, length, path, error);
	if (!status)
		status = skip_coding(rendering);
	return status ? status : run(rendering);
}
