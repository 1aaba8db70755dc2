#include "revchain/append.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "revchain/graph.h"
#include "revchain/text.h"

#include "displaced.h"
#include "earlier.h"

/* A displaced migration, and the first one behind it that the earlier chain had without it. */
struct displaced {
	size_t migration, behind;
	size_t place; /* in the sorted graph of today */
};

struct comparison {
	const struct revchain_judged *judged;
	struct revchain_earlier earlier;
	struct revchain_displaced said;
	bool any_open;		       /* a node has parents that are not known */
	size_t *sorted;		       /* migrations, parents first */
	size_t *place;		       /* of each migration: where it is in `sorted` */
	size_t *node;		       /* of each migration: that of the earlier chain, or NONE */
	size_t *old_place;	       /* of each node, likewise, parents first */
	size_t *old_stamp, *new_stamp; /* of each node and migration: the last walk that met it */
	size_t stamp;
	size_t *stack; /* for either walk */
	bool *told;    /* of each migration: it is in `list` */
	struct displaced *list;
	size_t count;
	bool more; /* the list is not complete */
};

#define NONE REVCHAIN_DISPLACED_NEW

static int sort_links(const struct revchain_links *links, size_t count,
		      struct revchain_arena *arena, size_t **sorted, size_t **place,
		      struct revchain_error *error)
{
	size_t i, found;
	int status;

	*sorted = revchain_arena_array(arena, count + 1, sizeof(**sorted));
	*place = revchain_arena_array(arena, count + 1, sizeof(**place));
	if (!*sorted || !*place)
		return revchain_fail_memory(error);
	status = revchain_graph_sort(links, count, arena, *sorted, &found, error);
	for (i = 0; i < count; i++) /* of those on a circle, none is behind another */
		(*place)[i] = NONE;
	for (i = 0; !status && i < found; i++)
		(*place)[(*sorted)[i]] = i;
	return status;
}

static int prepare(struct comparison *comparison, struct revchain_error *error)
{
	const struct revchain_migrations *set = comparison->judged->set;
	const struct revchain_earlier *earlier = &comparison->earlier;
	size_t most = (earlier->count > set->count ? earlier->count : set->count) + 1, i;
	size_t *old_sorted;
	int status = sort_links(comparison->judged->parents, set->count, set->arena,
				&comparison->sorted, &comparison->place, error);

	if (!status)
		status = sort_links(earlier->parents, earlier->count, set->arena, &old_sorted,
				    &comparison->old_place, error);
	if (status)
		return status;
	comparison->node = revchain_arena_array(set->arena, most, sizeof(size_t));
	comparison->old_stamp = revchain_arena_array(set->arena, most, sizeof(size_t));
	comparison->new_stamp = revchain_arena_array(set->arena, most, sizeof(size_t));
	comparison->stack = revchain_arena_array(set->arena, most, sizeof(size_t));
	comparison->told = revchain_arena_array(set->arena, most, sizeof(bool));
	comparison->list =
		revchain_arena_array(set->arena, set->count + 1, sizeof(*comparison->list));
	if (!comparison->node || !comparison->old_stamp || !comparison->new_stamp ||
	    !comparison->stack || !comparison->told || !comparison->list)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++)
		if (!revchain_earlier_find(earlier, set->items[i].revision, &comparison->node[i]))
			comparison->node[i] = NONE;
	for (i = 0; i < earlier->count; i++)
		comparison->any_open = comparison->any_open || earlier->open[i];
	return REVCHAIN_OK;
}

/*
 * Mark the ancestors of a node in the earlier chain, but for those that stand before `least` in the
 * sorted graph. Returns whether it came to one whose parents are not known.
 */
static bool mark_earlier(struct comparison *comparison, size_t node, size_t least)
{
	const struct revchain_earlier *earlier = &comparison->earlier;
	size_t count = 0, i;
	bool open = false;

	comparison->stamp++;
	comparison->stack[count++] = node;
	comparison->old_stamp[node] = comparison->stamp;
	while (count) {
		size_t at = comparison->stack[--count];
		const struct revchain_links *parents = &earlier->parents[at];

		open = open || earlier->open[at];
		for (i = 0; i < parents->count; i++) {
			size_t parent = parents->to[i];

			if (comparison->old_stamp[parent] == comparison->stamp ||
			    comparison->old_place[parent] < least)
				continue;
			comparison->old_stamp[parent] = comparison->stamp;
			comparison->stack[count++] = parent;
		}
	}
	return open;
}

/* Whether a node was, or may have been, an ancestor of another one. */
static bool was_before(struct comparison *comparison, size_t node, size_t ancestor)
{
	const struct revchain_links *parents = &comparison->earlier.parents[node];
	bool open;
	size_t i;

	for (i = 0; i < parents->count; i++)
		if (parents->to[i] == ancestor)
			return true;
	open = mark_earlier(comparison, node,
			    comparison->any_open ? 0 : comparison->old_place[ancestor]);
	return open || comparison->old_stamp[ancestor] == comparison->stamp;
}

/*
 * Whether a migration has a parent that was not among its ancestors. Where none has, none has an
 * ancestor that was not, by induction.
 */
static bool has_new_parent(struct comparison *comparison, size_t migration)
{
	const struct revchain_links *parents = &comparison->judged->parents[migration];
	size_t i;

	for (i = 0; i < parents->count; i++) {
		size_t parent = comparison->node[parents->to[i]];

		if (parent == NONE || !was_before(comparison, comparison->node[migration], parent))
			return true;
	}
	return false;
}

static int by_place(const void *left, const void *right)
{
	const struct displaced *a = left, *b = right;

	return a->place < b->place ? -1 : a->place > b->place;
}

static bool tell(struct comparison *comparison, size_t migration, size_t behind)
{
	if (comparison->told[migration])
		return true;
	if (comparison->count == REVCHAIN_DISPLACED_MOST) {
		comparison->more = true;
		return false;
	}
	comparison->told[migration] = true;
	comparison->list[comparison->count].migration = migration;
	comparison->list[comparison->count].behind = behind;
	comparison->list[comparison->count++].place = comparison->place[migration];
	return true;
}

/* Take in each ancestor of a migration that was none, up to those that were. */
static void collect(struct comparison *comparison, size_t migration)
{
	const struct revchain_links *all = comparison->judged->parents;
	bool open = mark_earlier(comparison, comparison->node[migration], 0);
	size_t count = 0, i, first = comparison->count;

	comparison->stack[count++] = migration;
	while (count) {
		const struct revchain_links *parents = &all[comparison->stack[--count]];

		for (i = 0; i < parents->count; i++) {
			size_t parent = parents->to[i], node = comparison->node[parent];

			if (comparison->new_stamp[parent] == comparison->stamp ||
			    (node != NONE &&
			     (open || comparison->old_stamp[node] == comparison->stamp)))
				continue;
			comparison->new_stamp[parent] = comparison->stamp;
			if (!tell(comparison, parent, migration))
				return;
			comparison->stack[count++] = parent;
		}
	}
	qsort(comparison->list + first, comparison->count - first, sizeof(*comparison->list),
	      by_place);
}

static void compare(struct comparison *comparison)
{
	const struct revchain_earlier *earlier = &comparison->earlier;
	size_t i, count = comparison->judged->set->count;

	for (i = 0; !comparison->more && i < count; i++) {
		size_t migration = comparison->sorted[i], node = comparison->node[migration];

		if (node != NONE && earlier->judged[node] && !earlier->open[node] &&
		    has_new_parent(comparison, migration))
			collect(comparison, migration);
	}
}

static int judge(struct comparison *comparison, struct revchain_error *error)
{
	size_t i;
	int status = prepare(comparison, error);

	if (status)
		return status;
	compare(comparison);
	comparison->said.judged = comparison->judged;
	comparison->said.earlier = &comparison->earlier;
	comparison->said.node = comparison->node;
	for (i = 0; i < comparison->count; i++)
		revchain_displaced_report(&comparison->said, comparison->list[i].migration,
					  comparison->list[i].behind);
	if (comparison->more)
		revchain_displaced_report_more(&comparison->said);
	return REVCHAIN_OK;
}

/* What it is judged by ----------------------------------------------------------------------- */

static void report_incomplete(const struct revchain_state *earlier,
			      struct revchain_findings *findings)
{
	const struct revchain_finding *why = earlier->findings.first;
	struct revchain_finding *finding;

	while (why && why->severity != REVCHAIN_ERROR)
		why = why->next;
	finding = revchain_finding_add(
		findings, REVCHAIN_FINDING_EARLIER_INCOMPLETE, REVCHAIN_WARNING,
		"there is no chain at %s, and so only literal parents are compared with it: %s",
		earlier->name, why ? why->message : "its migrations are wrong");
	revchain_finding_hint(findings, finding,
			      "compare with a commit from which a chain was built");
}

int revchain_append_since(const struct revchain_judged *judged,
			  const struct revchain_state *earlier, struct revchain_findings *findings,
			  struct revchain_error *error)
{
	struct revchain_arena *arena = judged->set->arena;
	struct comparison comparison = {.judged = judged, .said.findings = findings};
	const char *word = revchain_text_shell_word(arena, earlier->name);
	int status = revchain_earlier_of_state(earlier, &comparison.earlier, error);

	if (status)
		return status;
	comparison.said.who = revchain_arena_printf(arena, "a database at %s", earlier->name);
	comparison.said.keep = revchain_arena_printf(
		arena,
		"revchain build --rev %s -o pin.json%s, and from then on revchain build --pin "
		"pin.json%s",
		word ? word : "", judged->arguments, judged->arguments);
	if (!word || !comparison.said.who || !comparison.said.keep)
		return revchain_fail_memory(error);
	if (!earlier->chain.complete && revchain_migrations_have_dynamic(&earlier->set))
		report_incomplete(earlier, findings);
	return judge(&comparison, error);
}

int revchain_append_previous(const struct revchain_judged *judged,
			     const struct revchain_chainfile *earlier,
			     struct revchain_findings *findings, struct revchain_error *error)
{
	struct revchain_arena *arena = judged->set->arena;
	struct comparison comparison = {.judged = judged, .said.findings = findings};
	const char *word = revchain_text_shell_word(arena, earlier->path);
	int status = revchain_earlier_of_file(earlier, judged->set, &comparison.earlier, error);

	if (status)
		return status;
	comparison.said.who =
		revchain_arena_printf(arena, "a database that followed %s", earlier->path);
	comparison.said.keep = revchain_arena_printf(arena, "revchain build --pin %s%s",
						     word ? word : "", judged->arguments);
	if (!word || !comparison.said.who || !comparison.said.keep)
		return revchain_fail_memory(error);
	return judge(&comparison, error);
}
