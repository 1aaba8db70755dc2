/* What Alembic prints of a migration: Script in alembic/script/base.py. */
#include "revchain/revmap.h"

#include <string.h>

#include "revchain/text.h"

#include "bitset.h"

static bool starts(const char *text, const char *end, const char *with)
{
	size_t length = strlen(with);

	return (size_t)(end - text) >= length && memcmp(text, with, length) == 0;
}

/* The length of the white space that str.strip takes away from the beginning of a text; 0: none. */
static size_t white_space(const char *text, const char *end)
{
	static const char *const wide[] = {"\xc2\x85", "\u00a0", "\u1680", "\u2000", "\u2001",
					   "\u2002",   "\u2003", "\u2004", "\u2005", "\u2006",
					   "\u2007",   "\u2008", "\u2009", "\u200a", "\u2028",
					   "\u2029",   "\u202f", "\u205f", "\u3000"};
	size_t i;

	if (text == end)
		return 0;
	if ((*text >= '\t' && *text <= '\r') || (*text >= 0x1c && *text <= ' '))
		return 1;
	for (i = 0; i < sizeof(wide) / sizeof(*wide); i++)
		if (starts(text, end, wide[i]))
			return strlen(wide[i]);
	return 0;
}

/* The length of what str.splitlines takes for the end of a line; 0: none. */
static size_t line_end(const char *text, const char *end)
{
	if (starts(text, end, "\r\n"))
		return 2;
	if ((*text >= '\n' && *text <= '\r') || (*text >= 0x1c && *text <= 0x1e))
		return 1;
	if (starts(text, end, "\xc2\x85"))
		return 2;
	return starts(text, end, "\u2028") || starts(text, end, "\u2029") ? 3 : 0;
}

/* str.strip. */
static void strip(const char **text, const char **end)
{
	const char *at, *last;
	size_t length;

	while ((length = white_space(*text, *end)))
		*text += length;
	for (at = last = *text; at < *end;) {
		length = white_space(at, *end);
		at += length ? length : 1;
		if (!length)
			last = at;
	}
	*end = last;
}

/* longdoc: the docstring without the white space around it. */
static void docstring(const struct revchain_migration *migration, const char **text,
		      const char **end)
{
	*text = migration->scan.docstring ? migration->scan.docstring : "";
	*end = *text + strlen(*text);
	strip(text, end);
}

/* Add text in which tabs stay as they are, and ends of lines, too. */
static void add_escaped(struct revchain_buffer *text, const char *from, const char *end)
{
	struct revchain_buffer part = {0};

	while (from < end) {
		const char *start = from;

		while (from < end && *from != '\n' && *from != '\t')
			from++;
		part.length = 0;
		revchain_buffer_add(&part, start, (size_t)(from - start));
		if (part.failed)
			text->failed = true;
		else if (part.length)
			revchain_text_escape(text, part.text);
		for (; from < end && (*from == '\n' || *from == '\t'); from++)
			revchain_buffer_add(text, from, 1);
	}
	revchain_buffer_free(&part);
}

/* format_as_comma. */
static void add_names(struct revchain_buffer *text, const char *const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		revchain_buffer_puts(text, i ? ", " : "");
		revchain_text_escape(text, names[i]);
	}
}

static bool add_labels(const struct revchain_revmap *map, size_t migration, const char *before,
		       struct revchain_buffer *text)
{
	const uint64_t *labels = map->revisions[migration].labels;
	bool first = true;
	size_t i;

	for (i = 0; i < map->label_count; i++) {
		if (!revchain_bits_has(labels, i))
			continue;
		revchain_buffer_puts(text, first ? before : ", ");
		revchain_text_escape(text, map->labels[i]);
		first = false;
	}
	return !first;
}

/* _format_down_revision */
static void add_down(const struct revchain_revision *revision, struct revchain_buffer *text)
{
	if (revision->down_count)
		add_names(text, revision->down_names, revision->down_count);
	else
		revchain_buffer_puts(text, "<base>");
}

/* _head_only with branches and head indicators, which both commands ask for. */
static void add_marked(const struct revchain_revmap *map, size_t migration,
		       struct revchain_buffer *text)
{
	const struct revchain_revision *revision = &map->revisions[migration];

	revchain_text_escape(text, map->set->items[migration].revision);
	if (add_labels(map, migration, " (", text))
		revchain_buffer_puts(text, ")");
	if (revchain_revision_is_real_head(revision))
		revchain_buffer_puts(text, " (head)");
	else if (revchain_revision_is_head(revision))
		revchain_buffer_puts(text, " (effective head)");
}

void revchain_revmap_head_line(const struct revchain_revmap *map, size_t migration,
			       struct revchain_buffer *text)
{
	add_marked(map, migration, text);
	revchain_buffer_puts(text, "\n");
}

void revchain_revmap_history_line(const struct revchain_revmap *map, size_t migration,
				  struct revchain_buffer *text)
{
	const struct revchain_revision *revision = &map->revisions[migration];
	const struct revchain_value *depends_on = &map->set->items[migration].scan.depends_on;
	const char *doc, *end, *at;

	add_down(revision, text);
	if (depends_on->count) {
		revchain_buffer_puts(text, " (");
		add_names(text, depends_on->strings, depends_on->count);
		revchain_buffer_puts(text, ")");
	}
	revchain_buffer_puts(text, " -> ");
	add_marked(map, migration, text);
	if (revchain_revision_is_branch_point(revision))
		revchain_buffer_puts(text, " (branchpoint)");
	if (revchain_revision_is_merge_point(revision))
		revchain_buffer_puts(text, " (mergepoint)");
	revchain_buffer_puts(text, ", ");
	docstring(&map->set->items[migration], &doc, &end);
	for (at = doc; at < end && !starts(at, end, "\n\n"); at++)
		;
	add_escaped(text, doc, at);
	revchain_buffer_puts(text, "\n");
}

static void add_docstring(const struct revchain_migration *migration, struct revchain_buffer *text)
{
	const char *at, *end, *line;
	size_t length = 0;
	bool first = true;

	docstring(migration, &at, &end);
	for (line = at; at < end; line = at) {
		while (at < end && !(length = line_end(at, end)))
			at++;
		revchain_buffer_puts(text, first ? "    " : "\n    ");
		add_escaped(text, line, at);
		at += at < end ? length : 0;
		first = false;
	}
}

void revchain_revmap_entry(const struct revchain_revmap *map, size_t migration, const char *path,
			   struct revchain_buffer *text)
{
	const struct revchain_migration *items = map->set->items, *item = &items[migration];
	const struct revchain_revision *revision = &map->revisions[migration];
	const struct revchain_value *depends_on = &item->scan.depends_on;
	bool is_merge = revchain_revision_is_merge_point(revision);
	size_t i;

	revchain_buffer_puts(text, "Rev: ");
	revchain_text_escape(text, item->revision);
	revchain_buffer_printf(text,
			       "%s%s%s\n%s: ", revchain_revision_is_head(revision) ? " (head)" : "",
			       revchain_revision_is_branch_point(revision) ? " (branchpoint)" : "",
			       is_merge ? " (mergepoint)" : "", is_merge ? "Merges" : "Parent");
	add_down(revision, text);
	if (depends_on->count) {
		revchain_buffer_puts(text, "\nAlso depends on: ");
		add_names(text, depends_on->strings, depends_on->count);
	}
	for (i = 0; i < revision->children.count; i++) {
		if (!revchain_revision_is_branch_point(revision))
			break;
		revchain_buffer_puts(text, i ? ", " : "\nBranches into: ");
		revchain_text_escape(text, items[revision->children.to[i]].revision);
	}
	add_labels(map, migration, "\nBranch names: ", text);
	revchain_buffer_puts(text, "\nPath: ");
	revchain_text_escape(text, path);
	revchain_buffer_puts(text, "\n\n");
	add_docstring(item, text);
	revchain_buffer_puts(text, "\n\n");
}

const char *revchain_revmap_title(const struct revchain_migration *migration,
				  struct revchain_arena *arena)
{
	const char *text, *end, *at;

	docstring(migration, &text, &end);
	for (at = text; at < end && !line_end(at, end); at++)
		;
	strip(&text, &at);
	return revchain_arena_copy(arena, text, (size_t)(at - text));
}
