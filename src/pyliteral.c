#include "pyliteral.h"

#include <string.h>

static void add_character(struct revchain_buffer *buffer, char c, char quote)
{
	if (c == '\n')
		revchain_buffer_puts(buffer, "\\n");
	else if (c == '\r')
		revchain_buffer_puts(buffer, "\\r");
	else if (c == '\t')
		revchain_buffer_puts(buffer, "\\t");
	else if ((unsigned char)c < 0x20 || c == 0x7F)
		revchain_buffer_printf(buffer, "\\x%02x", c);
	else {
		if (c == '\\' || c == quote)
			revchain_buffer_puts(buffer, "\\");
		revchain_buffer_add(buffer, &c, 1);
	}
}

void revchain_pyliteral_add(struct revchain_buffer *buffer, const char *string, char quote)
{
	if (!quote)
		quote = strchr(string, '\'') && !strchr(string, '"') ? '"' : '\'';
	revchain_buffer_add(buffer, &quote, 1);
	for (; *string; string++)
		add_character(buffer, *string, quote);
	revchain_buffer_add(buffer, &quote, 1);
}
