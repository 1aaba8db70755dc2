#include "makovalue.h"

#include <string.h>

#include "pyliteral.h"

bool revchain_makovalue_truth(const struct revchain_makovalue *value)
{
	switch (value->kind) {
	case REVCHAIN_MAKO_UNDEFINED:
	case REVCHAIN_MAKO_NONE:
		return false;
	case REVCHAIN_MAKO_BOOLEAN:
	case REVCHAIN_MAKO_NUMBER:
		return value->number != 0;
	case REVCHAIN_MAKO_STRING:
		return *value->string != '\0';
	case REVCHAIN_MAKO_TUPLE:
	case REVCHAIN_MAKO_LIST:
		return value->count > 0;
	case REVCHAIN_MAKO_DATE:
	case REVCHAIN_MAKO_OTHER:
		break;
	}
	return true;
}

static bool is_number(const struct revchain_makovalue *value)
{
	return value->kind == REVCHAIN_MAKO_NUMBER || value->kind == REVCHAIN_MAKO_BOOLEAN;
}

bool revchain_makovalue_equal(const struct revchain_makovalue *a,
			      const struct revchain_makovalue *b)
{
	if (is_number(a) && is_number(b))
		return a->number == b->number;
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case REVCHAIN_MAKO_STRING:
	case REVCHAIN_MAKO_DATE:
	case REVCHAIN_MAKO_OTHER:
		return strcmp(a->string, b->string) == 0;
	default:
		return true;
	}
}

static bool repr_items(const struct revchain_makovalue *value, struct revchain_buffer *text)
{
	bool tuple = value->kind == REVCHAIN_MAKO_TUPLE;
	size_t i;

	revchain_buffer_puts(text, tuple ? "(" : "[");
	for (i = 0; i < value->count; i++) {
		if (value->items[i].kind != REVCHAIN_MAKO_STRING)
			return false;
		revchain_buffer_puts(text, i ? ", " : "");
		revchain_pyliteral_add(text, value->items[i].string, 0);
	}
	revchain_buffer_puts(text, tuple && value->count == 1 ? ",)" : tuple ? ")" : "]");
	return true;
}

bool revchain_makovalue_repr(const struct revchain_makovalue *value, struct revchain_buffer *text)
{
	switch (value->kind) {
	case REVCHAIN_MAKO_NONE:
		revchain_buffer_puts(text, "None");
		return true;
	case REVCHAIN_MAKO_BOOLEAN:
		revchain_buffer_puts(text, value->number ? "True" : "False");
		return true;
	case REVCHAIN_MAKO_NUMBER:
		revchain_buffer_printf(text, "%ld", value->number);
		return true;
	case REVCHAIN_MAKO_STRING:
		revchain_pyliteral_add(text, value->string, 0);
		return true;
	case REVCHAIN_MAKO_TUPLE:
	case REVCHAIN_MAKO_LIST:
		return repr_items(value, text);
	default:
		return false;
	}
}

bool revchain_makovalue_str(const struct revchain_makovalue *value, struct revchain_buffer *text)
{
	if (value->kind != REVCHAIN_MAKO_STRING && value->kind != REVCHAIN_MAKO_DATE)
		return revchain_makovalue_repr(value, text);
	revchain_buffer_puts(text, value->string);
	return true;
}

bool revchain_makovalue_comma(const struct revchain_makovalue *value, struct revchain_buffer *text)
{
	size_t i;

	if (value->kind == REVCHAIN_MAKO_STRING)
		revchain_buffer_puts(text, value->string);
	else if (value->kind != REVCHAIN_MAKO_NONE && value->kind != REVCHAIN_MAKO_TUPLE &&
		 value->kind != REVCHAIN_MAKO_LIST)
		return false;
	for (i = 0; i < value->count; i++) {
		if (value->items[i].kind != REVCHAIN_MAKO_STRING)
			return false;
		revchain_buffer_printf(text, "%s%s", i ? ", " : "", value->items[i].string);
	}
	return true;
}
