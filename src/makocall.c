#include "makocall.h"

#include <stdlib.h>
#include <string.h>

static bool is(const struct revchain_makocall *call, const char *name)
{
	return call->length == strlen(name) && memcmp(call->name, name, call->length) == 0;
}

static struct revchain_makovalue boolean(bool truth)
{
	return (struct revchain_makovalue){.kind = REVCHAIN_MAKO_BOOLEAN, .number = truth};
}

static bool is_string(const struct revchain_makovalue *value)
{
	return value->kind == REVCHAIN_MAKO_STRING;
}

static bool is_sequence(const struct revchain_makovalue *value)
{
	return value->kind == REVCHAIN_MAKO_TUPLE || value->kind == REVCHAIN_MAKO_LIST;
}

/* Whether a value is of the type of that name. */
static bool is_instance(const struct revchain_makovalue *value, const char *type)
{
	return strcmp(type, value->kind == REVCHAIN_MAKO_STRING	 ? "str"
			    : value->kind == REVCHAIN_MAKO_TUPLE ? "tuple"
			    : value->kind == REVCHAIN_MAKO_LIST	 ? "list"
								 : "") == 0;
}

/* isinstance of a type, or of a tuple of types (whose names it then holds as strings). */
static bool run_isinstance(const struct revchain_makocall *call, struct revchain_makovalue *value)
{
	const struct revchain_makovalue *type = &call->arguments[1];
	bool truth = false;
	size_t i;

	if (call->count != 2 || (type->kind != REVCHAIN_MAKO_OTHER && !is_sequence(type)))
		return false;
	if (type->kind == REVCHAIN_MAKO_OTHER)
		truth = is_instance(&call->arguments[0], type->string);
	for (i = 0; i < type->count; i++) {
		if (type->items[i].kind != REVCHAIN_MAKO_OTHER)
			return false;
		truth = truth || is_instance(&call->arguments[0], type->items[i].string);
	}
	*value = boolean(truth);
	return true;
}

static bool run_len(const struct revchain_makovalue *argument, struct revchain_makovalue *value)
{
	const char *text = argument->string;

	if (!is_string(argument) && !is_sequence(argument))
		return false;
	*value = (struct revchain_makovalue){.kind = REVCHAIN_MAKO_NUMBER,
					     .number = (long)argument->count};
	for (; is_string(argument) && *text; text++)
		value->number += ((unsigned char)*text & 0xC0) != 0x80;
	return true;
}

static bool run_function(struct revchain_makoscope *scope, const struct revchain_makocall *call,
			 struct revchain_makovalue *value)
{
	struct revchain_buffer text = revchain_makoscope_buffer(scope);
	const struct revchain_makovalue *argument = &call->arguments[0];
	bool known = false;

	if (is(call, "isinstance"))
		return run_isinstance(call, value);
	if (call->count != 1)
		return false;
	if (is(call, "len"))
		return run_len(argument, value);
	if (is(call, "bool")) {
		*value = boolean(revchain_makovalue_truth(argument));
		return true;
	}
	if (is(call, "repr"))
		known = revchain_makovalue_repr(argument, &text);
	else if (is(call, "str"))
		known = revchain_makovalue_str(argument, &text);
	else if (is(call, "comma"))
		known = revchain_makovalue_comma(argument, &text);
	*value = revchain_makoscope_take(scope, &text);
	return known;
}

/* Whether a piece of `text` at the separator ends; how much to pass over. The patterns are those
 * that templates split lists of databases with. */
static size_t separator_length(const char *text, const char *pattern)
{
	size_t length = *text == ',';

	if (length && strcmp(pattern, ",") != 0)
		while (text[length] && strchr(" \t\n\r\f\v", text[length]))
			length++;
	return length;
}

/* re.split for the patterns that are known; a method's split at a comma is one of them. */
static bool split(struct revchain_makoscope *scope, const char *pattern, const char *text,
		  struct revchain_makovalue *value)
{
	size_t capacity = 1, length;
	const char *start = text;

	if (strcmp(pattern, ",") != 0 && strcmp(pattern, ",\\s*") != 0)
		return false;
	for (length = 0; text[length]; length++)
		capacity += text[length] == ',';
	*value = (struct revchain_makovalue){.kind = REVCHAIN_MAKO_LIST};
	if (!revchain_makoscope_work(scope, length + 2 * capacity * sizeof(*value->items)))
		return false;
	value->items = revchain_arena_array(scope->arena, capacity, sizeof(*value->items));
	if (!value->items)
		return false;
	for (;; text++) {
		length = separator_length(text, pattern);
		if (*text && !length)
			continue;
		value->items[value->count++] = (struct revchain_makovalue){
			.kind = REVCHAIN_MAKO_STRING,
			.string = revchain_arena_copy(scope->arena, start, (size_t)(text - start))};
		if (!value->items[value->count - 1].string)
			return false;
		if (!*text)
			return true;
		start = text + length;
		text = start - 1;
	}
}

static bool strip(struct revchain_makoscope *scope, const char *text,
		  struct revchain_makovalue *value)
{
	static const char space[] = " \t\n\r\f\v";
	size_t length;

	text += strspn(text, space);
	length = strlen(text);
	while (length && strchr(space, text[length - 1]))
		length--;
	*value = (struct revchain_makovalue){.kind = REVCHAIN_MAKO_STRING};
	if (revchain_makoscope_work(scope, length))
		value->string = revchain_arena_copy(scope->arena, text, length);
	return value->string != NULL;
}

static bool join(struct revchain_makoscope *scope, const char *separator,
		 const struct revchain_makovalue *items, struct revchain_makovalue *value)
{
	struct revchain_buffer text = revchain_makoscope_buffer(scope);
	bool strings = true;
	size_t i;

	if (!is_sequence(items))
		return false;
	for (i = 0; i < items->count; i++) {
		revchain_buffer_puts(&text, i ? separator : "");
		if (is_string(&items->items[i]))
			revchain_buffer_puts(&text, items->items[i].string);
		else
			strings = false;
	}
	*value = revchain_makoscope_take(scope, &text);
	return strings;
}

static bool run_string_method(struct revchain_makoscope *scope,
			      const struct revchain_makocall *call,
			      struct revchain_makovalue *value)
{
	const char *text = call->object->string;

	if (is(call, "strip") && call->count == 0)
		return strip(scope, text, value);
	if (call->count != 1)
		return false;
	if (is(call, "join"))
		return join(scope, text, &call->arguments[0], value);
	return is(call, "split") && is_string(&call->arguments[0]) &&
	       strcmp(call->arguments[0].string, ",") == 0 &&
	       split(scope, call->arguments[0].string, text, value);
}

/* context.get(name, default) */
static bool run_context_get(struct revchain_makoscope *scope, const struct revchain_makocall *call,
			    struct revchain_makovalue *value)
{
	if (!is(call, "get") || call->count < 1 || call->count > 2 ||
	    !is_string(&call->arguments[0]))
		return false;
	*value = revchain_makoscope_get(scope, call->arguments[0].string,
					strlen(call->arguments[0].string));
	if (value->kind == REVCHAIN_MAKO_UNDEFINED)
		*value = call->count == 2 ? call->arguments[1]
					  : (struct revchain_makovalue){.kind = REVCHAIN_MAKO_NONE};
	return true;
}

/* config.get_main_option(name, default) */
static int run_option(struct revchain_makoscope *scope, const struct revchain_makocall *call,
		      struct revchain_makovalue *value, bool *known)
{
	const struct revchain_mako_values *values = scope->values;
	const char *found = NULL;
	int status;

	*known = is(call, "get_main_option") && call->count >= 1 && call->count <= 2 &&
		 is_string(&call->arguments[0]) && values->option;
	if (!*known)
		return REVCHAIN_OK;
	status = values->option(values->option_data, call->arguments[0].string, scope->arena,
				&found, scope->error);
	*value = (struct revchain_makovalue){.kind = REVCHAIN_MAKO_NONE};
	if (found && !status)
		revchain_makoscope_work(scope, strlen(found));
	if (found)
		*value = (struct revchain_makovalue){.kind = REVCHAIN_MAKO_STRING, .string = found};
	else if (call->count == 2)
		*value = call->arguments[1];
	return status;
}

int revchain_makocall_run(struct revchain_makoscope *scope, const struct revchain_makocall *call,
			  struct revchain_makovalue *value, bool *known)
{
	const struct revchain_makovalue *object = call->object;

	*known = false;
	*value = (struct revchain_makovalue){.kind = REVCHAIN_MAKO_NONE};
	if (!object)
		*known = run_function(scope, call, value);
	else if (is_string(object))
		*known = run_string_method(scope, call, value);
	else if (object->kind != REVCHAIN_MAKO_OTHER)
		*known = false;
	else if (strcmp(object->string, "config") == 0)
		return run_option(scope, call, value, known);
	else if (strcmp(object->string, "context") == 0)
		*known = run_context_get(scope, call, value);
	else if (strcmp(object->string, "re") == 0)
		*known = is(call, "split") && call->count == 2 && is_string(&call->arguments[0]) &&
			 is_string(&call->arguments[1]) &&
			 split(scope, call->arguments[0].string, call->arguments[1].string, value);
	return REVCHAIN_OK;
}

bool revchain_makocall_attribute(struct revchain_makoscope *scope,
				 const struct revchain_makovalue *object, const char *name,
				 size_t length, struct revchain_makovalue *value)
{
	const struct tm *created = &scope->values->created;
	const struct {
		const char *name;
		int value;
	} fields[] = {{"year", created->tm_year + 1900}, {"month", created->tm_mon + 1},
		      {"day", created->tm_mday},	 {"hour", created->tm_hour},
		      {"minute", created->tm_min},	 {"second", created->tm_sec}};
	size_t i;

	if (object->kind != REVCHAIN_MAKO_DATE)
		return false;
	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (strlen(fields[i].name) == length && memcmp(fields[i].name, name, length) == 0) {
			*value = (struct revchain_makovalue){.kind = REVCHAIN_MAKO_NUMBER,
							     .number = fields[i].value};
			return true;
		}
	return false;
}

bool revchain_makocall_format(struct revchain_makoscope *scope,
			      const struct revchain_makovalue *format,
			      const struct revchain_makovalue *value,
			      struct revchain_makovalue *result)
{
	const struct revchain_makovalue *items = value;
	size_t count = 1, used = 0;
	struct revchain_buffer text = revchain_makoscope_buffer(scope);
	const char *at = format->string;
	bool known = is_string(format);

	if (value->kind == REVCHAIN_MAKO_TUPLE) {
		items = value->items;
		count = value->count;
	}
	for (; known && *at; at++) {
		if (*at != '%') {
			revchain_buffer_add(&text, at, 1);
			continue;
		}
		at++;
		if (*at == '%')
			revchain_buffer_add(&text, at, 1);
		else
			known = used < count &&
				(*at == 's'   ? revchain_makovalue_str(&items[used], &text)
				 : *at == 'r' ? revchain_makovalue_repr(&items[used], &text)
				 : *at == 'd' ? items[used].kind == REVCHAIN_MAKO_NUMBER &&
							revchain_makovalue_str(&items[used], &text)
					      : false),
			used++;
	}
	*result = revchain_makoscope_take(scope, &text);
	return known && used == count;
}
