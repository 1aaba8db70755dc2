#include "makolexer.h"

#include <string.h>

#include "makotoken.h"

static bool starts(const char *at, const char *end, const char *with)
{
	size_t length = strlen(with);

	return (size_t)(end - at) >= length && memcmp(at, with, length) == 0;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

/* Behind the end of the line. */
static const char *behind_line(const char *at, const char *end)
{
	const char *feed = memchr(at, '\n', (size_t)(end - at));

	return feed ? feed + 1 : end;
}

/* The length of a backslash that takes the end of its line away, with that; 0: it does not. */
static size_t escaped_end(const char *at, const char *end)
{
	return starts(at, end, "\\\n") ? 2 : starts(at, end, "\\\r\n") ? 3 : 0;
}

/* The first of `stops`, outside of brackets, strings and comments; NULL: there is none. */
static const char *find_stop(const char *at, const char *end, const char *stops)
{
	size_t depth = 0, length;

	while (at < end) {
		if (depth == 0 && strchr(stops, *at))
			return at;
		if (*at == '#') {
			at = behind_line(at, end);
			continue;
		}
		length = 1;
		if (*at == '\'' || *at == '"')
			length = revchain_makotoken_string_length(at, (size_t)(end - at));
		if (length == 0)
			return NULL;
		if (strchr("([{", *at))
			depth++;
		else if (strchr(")]}", *at) && depth > 0)
			depth--;
		at += length;
	}
	return NULL;
}

static void read_expression(const char *at, const char *end, struct revchain_makopart *part)
{
	const char *stop = find_stop(at + 2, end, "|}"), *close = stop;

	if (stop && *stop == '|')
		close = find_stop(stop + 1, end, "}");
	if (!close)
		return;
	part->kind = REVCHAIN_MAKOPART_EXPRESSION;
	part->start = at + 2;
	part->length = (size_t)(stop - part->start);
	if (close != stop) {
		part->filters = stop + 1;
		part->filters_length = (size_t)(close - stop) - 1;
	}
	part->end = close + 1;
}

/* What starts with <%. */
static void read_tag(const char *at, const char *end, struct revchain_makopart *part)
{
	const char *close;
	bool module = starts(at, end, "<%!");
	size_t opening = module ? 3 : 2, rest = (size_t)(end - at) - opening;

	part->start = at + opening;
	if (starts(at, end, "<%doc>")) {
		close = memmem(at, (size_t)(end - at), "</%doc>", 7);
		part->kind = REVCHAIN_MAKOPART_NOTHING;
		part->end = close ? close + 7 : end;
	} else {
		/* <%name …> is a tag, and <% … a block */
		if (!module && rest && !strchr(" \t\r\n", *part->start)) {
			part->start = at;
			return;
		}
		close = memmem(part->start, rest, "%>", 2);
		part->kind = module ? REVCHAIN_MAKOPART_MODULE : REVCHAIN_MAKOPART_BLOCK;
		part->length = close ? (size_t)(close - part->start) : 0;
		part->end = close ? close + 2 : end;
	}
	if (!close)
		*part = (struct revchain_makopart){
			.kind = REVCHAIN_MAKOPART_REFUSED, .start = at, .end = end};
}

/* A line that starts with % or ##, behind blanks: at `sign`. */
static void read_line(const char *sign, const char *end, struct revchain_makopart *part)
{
	const char *at = sign + 1;

	if (starts(sign, end, "%%"))
		return; /* versions of Mako differ in what it makes of this */
	while (at < end && *at != '\n')
		at += escaped_end(at, end) ? escaped_end(at, end) : 1;
	part->kind = *sign == '%' ? REVCHAIN_MAKOPART_CONTROL : REVCHAIN_MAKOPART_NOTHING;
	part->start = sign + 1;
	part->length = (size_t)(at - part->start);
	part->end = at < end ? at + 1 : end;
}

static bool is_line(const char *sign, const char *end)
{
	return starts(sign, end, "%") || starts(sign, end, "##");
}

/* Text, up to what starts another part. */
static void read_text(const char *at, const char *end, struct revchain_makopart *part)
{
	part->kind = REVCHAIN_MAKOPART_TEXT;
	part->start = at;
	do {
		at++;
	} while (at < end && !starts(at, end, "${") && !starts(at, end, "<%") &&
		 !starts(at, end, "</%") && !starts(at, end, "<&") && !starts(at, end, "</&") &&
		 !escaped_end(at, end) && !(at[-1] == '\n' && is_line(skip_blanks(at, end), end)));
	part->end = at;
	part->length = (size_t)(at - part->start);
}

void revchain_makopart_read(const char *text, const char *at, const char *end,
			    struct revchain_makopart *part)
{
	const char *sign = skip_blanks(at, end);

	*part = (struct revchain_makopart){
		.kind = REVCHAIN_MAKOPART_REFUSED, .start = at, .end = end};
	if (at == end) {
		part->kind = REVCHAIN_MAKOPART_END;
	} else if (starts(at, end, "${")) {
		read_expression(at, end, part);
	} else if ((at == text || at[-1] == '\n') && is_line(sign, end)) {
		read_line(sign, end, part);
	} else if (starts(at, end, "<%")) {
		read_tag(at, end, part);
	} else if (escaped_end(at, end)) {
		part->kind = REVCHAIN_MAKOPART_NOTHING;
		part->end = at + escaped_end(at, end);
	} else if (!starts(at, end, "</%") && !starts(at, end, "<&") && !starts(at, end, "</&")) {
		read_text(at, end, part);
	}
}
