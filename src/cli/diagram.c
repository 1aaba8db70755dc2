#include "diagram.h"

#include <string.h>

#define TITLE_MOST 60 /* characters in a box */

typedef void add_text(struct revchain_buffer *text, const char *from);

/* How a language writes it. */
struct language {
	add_text *add;		/* the text of a box */
	const char *line_break; /* within a box */
	const char *node[2];	/* around the text, and its number before */
	const char *head;	/* after the box of a head */
	const char *after;	/* after any box */
	const char *arrow[2];	/* before and after what a migration has for a parent */
	const char *dashed[2];	/* likewise, what it depends on */
};

/* In Mermaid's quoted text everything with a meaning has an entity code, which is written with #.
 */
static void add_mermaid(struct revchain_buffer *text, const char *from)
{
	for (; *from; from++)
		if (strchr("\"#&<>`\\*_[]{}()|;:~", *from))
			revchain_buffer_printf(text, "#%d;", *from);
		else
			revchain_buffer_add(text, from, 1);
}

static void add_dot(struct revchain_buffer *text, const char *from)
{
	for (; *from; from++) {
		if (*from == '"' || *from == '\\')
			revchain_buffer_puts(text, "\\");
		revchain_buffer_add(text, from, 1);
	}
}

static void add_escaped(const struct language *language, struct revchain_buffer *text,
			const char *from)
{
	struct revchain_buffer escaped = {0};
	size_t columns = 0;
	char *at;

	revchain_text_escape(&escaped, from);
	for (at = escaped.text; at && *at; at++) {
		columns += ((unsigned char)*at >> 6) != 2;
		if (columns > TITLE_MOST) {
			*at = '\0';
			break;
		}
	}
	if (escaped.text)
		language->add(text, escaped.text);
	if (columns > TITLE_MOST)
		revchain_buffer_puts(text, "…");
	text->failed = text->failed || escaped.failed;
	revchain_buffer_free(&escaped);
}

static void add_node(const struct language *language, const struct revchain_revmap *map,
		     size_t migration, struct revchain_buffer *text)
{
	const struct revchain_migration *item = &map->set->items[migration];
	const struct revchain_value *labels = &item->scan.branch_labels;
	const char *title = revchain_revmap_title(item, map->set->arena);
	size_t i;

	revchain_buffer_printf(text, "  r%zu%s", map->position[migration], language->node[0]);
	add_escaped(language, text, item->revision);
	for (i = 0; i < labels->count; i++) {
		revchain_buffer_puts(text, i ? ", " : " - ");
		add_escaped(language, text, labels->strings[i]);
	}
	if (title && *title) {
		revchain_buffer_puts(text, language->line_break);
		add_escaped(language, text, title);
	}
	revchain_buffer_puts(text, language->node[1]);
	if (revchain_revision_is_head(&map->revisions[migration]))
		revchain_buffer_puts(text, language->head);
	revchain_buffer_puts(text, language->after);
	text->failed = text->failed || !title;
}

static void add_arrows(const struct revchain_revmap *map, size_t from,
		       const struct revchain_links *links, const char *const *arrow,
		       const bool *shown, struct revchain_buffer *text)
{
	size_t i;

	for (i = 0; i < links->count; i++)
		if (shown[links->to[i]])
			revchain_buffer_printf(text, "  r%zu %s r%zu%s", map->position[from],
					       arrow[0], map->position[links->to[i]], arrow[1]);
}

static void add_diagram(const struct language *language, const struct revchain_revmap *map,
			const size_t *order, size_t count, struct revchain_buffer *text)
{
	bool *shown = revchain_arena_array(map->set->arena, map->set->count + 1, sizeof(*shown));
	size_t i;

	if (!shown) {
		text->failed = true;
		return;
	}
	for (i = 0; i < count; i++) {
		shown[order[i]] = true;
		add_node(language, map, order[i], text);
	}
	for (i = 0; i < count; i++) {
		const struct revchain_revision *revision = &map->revisions[order[i]];

		add_arrows(map, order[i], &revision->parents, language->arrow, shown, text);
		add_arrows(map, order[i], &map->set->items[order[i]].dependencies, language->dashed,
			   shown, text);
	}
}

void diagram_mermaid(const struct revchain_revmap *map, const size_t *order, size_t count,
		     struct revchain_buffer *text)
{
	static const struct language language = {
		.add = add_mermaid,
		.line_break = "<br>",
		.node = {"[\"", "\"]"},
		.head = ":::head",
		.after = "\n",
		.arrow = {"-->", "\n"},
		.dashed = {"-.->", "\n"},
	};

	revchain_buffer_puts(text, "flowchart BT\n  classDef head stroke-width:3px\n");
	add_diagram(&language, map, order, count, text);
}

void diagram_dot(const struct revchain_revmap *map, const size_t *order, size_t count,
		 struct revchain_buffer *text)
{
	static const struct language language = {
		.add = add_dot,
		.line_break = "\\n",
		.node = {" [label=\"", "\""},
		.head = ", style=bold",
		.after = "];\n",
		.arrow = {"->", ";\n"},
		.dashed = {"->", " [style=dashed];\n"},
	};

	revchain_buffer_puts(text, "digraph revisions {\n  rankdir=BT;\n  node [shape=box];\n");
	add_diagram(&language, map, order, count, text);
	revchain_buffer_puts(text, "}\n");
}
