#include "whereprint.h"

#include <string.h>

#include "advice.h"

#define COMMIT_DIGITS 10
#define NAMES_MOST 6 /* refs of a kind that are named */

static const char *const states[] = {
	[REVCHAIN_WHERE_HERE] = "here",	      [REVCHAIN_WHERE_WORKTREE] = "worktree",
	[REVCHAIN_WHERE_REMOVED] = "removed", [REVCHAIN_WHERE_ELSEWHERE] = "elsewhere",
	[REVCHAIN_WHERE_LOST] = "lost",
};

static void add_label(const struct where_printing *printing, const char *label)
{
	revchain_buffer_printf(printing->text, "  %s%-9s%s", printing->colour ? "\033[36m" : "",
			       label, printing->colour ? "\033[m" : "");
}

static void add_commit(const struct where_printing *printing, const char *label,
		       const struct revchain_where_commit *commit)
{
	struct revchain_buffer date = {0};
	char hex[REVCHAIN_OID_HEX + 1];

	revchain_text_date(&date, commit->date, commit->zone);
	add_label(printing, label);
	revchain_buffer_printf(printing->text, "%s%s%s  %.10s", printing->colour ? "\033[33m" : "",
			       git_oid_tostr(hex, COMMIT_DIGITS + 1, &commit->id),
			       printing->colour ? "\033[m" : "", date.text ? date.text : "");
	printing->text->failed = printing->text->failed || date.failed;
	revchain_buffer_free(&date);
}

static void add_names(const struct where_printing *printing, const char *label,
		      const char *const *names, size_t count, const char *none)
{
	size_t i;

	add_label(printing, label);
	for (i = 0; i < count; i++) {
		revchain_buffer_puts(printing->text, i ? ", " : "");
		revchain_text_escape(printing->text, names[i]);
	}
	revchain_buffer_printf(printing->text, "%s\n", count ? "" : none);
}

/* The refs that have it: some of each kind by name, the number of the rest. */
static void add_holders(const struct where_printing *printing, const struct revchain_where *where)
{
	static const char *const kinds[] = {"branches", "remote", "tags", "other"};
	size_t i, kind, count;

	for (kind = REVCHAIN_REF_BRANCH; kind <= REVCHAIN_REF_OTHER; kind++) {
		for (i = 0, count = 0; i < where->holder_count; i++) {
			const struct revchain_ref *ref = &printing->source->refs[where->holders[i]];

			if (ref->kind != kind || count++ >= NAMES_MOST)
				continue;
			if (count == 1)
				add_label(printing, kinds[kind]);
			else
				revchain_buffer_puts(printing->text, ", ");
			revchain_text_escape(printing->text, ref->shown);
		}
		if (count > NAMES_MOST)
			revchain_buffer_printf(printing->text, " and %zu more", count - NAMES_MOST);
		if (count)
			revchain_buffer_puts(printing->text, "\n");
	}
}

static void print_text(const struct where_printing *printing, const char *given,
		       const struct revchain_where *where, const struct advice *advice)
{
	struct revchain_buffer *text = printing->text;
	size_t i;

	revchain_buffer_puts(text, printing->colour ? "\033[1m" : "");
	revchain_text_escape(text, where ? where->revision : given);
	revchain_buffer_puts(text, printing->colour ? "\033[m" : "");
	revchain_buffer_puts(text, where ? "\n" : "  not found\n");
	if (where && where->path) {
		add_label(printing, "file");
		revchain_text_escape(text, where->path);
		revchain_buffer_puts(text, "\n");
	}
	if (where && where->landed) {
		add_commit(printing, "landed", &where->landing);
		revchain_buffer_puts(text, "\n");
	}
	if (where && where->has_removal) {
		add_commit(printing, "removed", &where->removal);
		revchain_buffer_puts(text, "\n");
	}
	if (where && where->related) {
		add_names(printing, "parent", where->parents, where->parent_count, "none");
		add_names(printing, "next", where->children, where->child_count, "none: a head");
	}
	if (where)
		add_holders(printing, where);
	revchain_buffer_puts(text, "\n");
	for (i = 0; i < advice->count; i++) {
		revchain_buffer_puts(text, "  ");
		revchain_text_escape(text, advice->lines[i]);
		revchain_buffer_puts(text, "\n");
	}
}

static void add_json_string(struct revchain_buffer *text, const char *string)
{
	if (string)
		revchain_text_json(text, string);
	else
		revchain_buffer_puts(text, "null");
}

static void add_json_list(struct revchain_buffer *text, const char *key, bool known,
			  const char *const *items, size_t count)
{
	size_t i;

	revchain_buffer_printf(text, ",\n    \"%s\": %s", key, known ? "[" : "null");
	for (i = 0; known && i < count; i++) {
		revchain_buffer_puts(text, i ? ", " : "");
		revchain_text_json(text, items[i]);
	}
	revchain_buffer_puts(text, known ? "]" : "");
}

static void add_json_commit(struct revchain_buffer *text, const char *key, bool known,
			    const struct revchain_where_commit *commit)
{
	char hex[REVCHAIN_OID_HEX + 1];

	if (!known) {
		revchain_buffer_printf(text, ",\n    \"%s\": null", key);
		return;
	}
	revchain_buffer_printf(text, ",\n    \"%s\": {\"commit\": \"%s\", \"date\": \"", key,
			       git_oid_tostr(hex, sizeof(hex), &commit->id));
	revchain_text_date(text, commit->date, commit->zone);
	revchain_buffer_puts(text, "\"}");
}

static void add_json_refs(const struct where_printing *printing, const struct revchain_where *where)
{
	size_t i;

	revchain_buffer_puts(printing->text, ",\n    \"refs\": [");
	for (i = 0; i < where->holder_count; i++) {
		revchain_buffer_puts(printing->text, i ? ", " : "");
		revchain_text_json(printing->text, printing->source->refs[where->holders[i]].name);
	}
	revchain_buffer_puts(printing->text, "]");
}

static void print_json(const struct where_printing *printing, const char *given,
		       const struct revchain_where *where, const struct advice *advice)
{
	static const struct revchain_where nowhere;
	const struct revchain_where *known = where ? where : &nowhere;
	struct revchain_buffer *text = printing->text;

	revchain_buffer_puts(text, "  {\n    \"given\": ");
	revchain_text_json(text, given);
	revchain_buffer_puts(text, ",\n    \"revision\": ");
	add_json_string(text, known->revision);
	revchain_buffer_printf(text, ",\n    \"status\": \"%s\",\n    \"path\": ",
			       where ? states[where->state] : "not-found");
	add_json_string(text, known->path);
	add_json_commit(text, "landed", known->landed, &known->landing);
	add_json_commit(text, "removed", known->has_removal, &known->removal);
	revchain_buffer_puts(text, ",\n    \"renamed_to\": ");
	add_json_string(text, known->successor);
	add_json_list(text, "added_with_removal", known->has_removal, known->added,
		      known->added_count);
	add_json_list(text, "removed_with_it", known->has_removal, known->gone, known->gone_count);
	add_json_list(text, "parents", known->related, known->parents, known->parent_count);
	add_json_list(text, "children", known->related, known->children, known->child_count);
	revchain_buffer_puts(text, ",\n    \"known_ancestor\": ");
	add_json_string(text, known->known);
	add_json_refs(printing, known);
	add_json_list(text, "advice", true, advice->lines, advice->count);
	revchain_buffer_puts(text, "\n  }");
}

void where_print(const struct where_printing *printing, const char *given,
		 const struct revchain_where *where)
{
	struct advice advice = {.arena = printing->arena};

	if (where)
		advice_found(&advice, printing->source, where);
	else
		advice_not_found(&advice, given);
	(printing->json ? print_json : print_text)(printing, given, where, &advice);
	printing->text->failed = printing->text->failed || advice.failed;
}
