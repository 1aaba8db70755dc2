/*
 * A set of migrations for a test, without files: each is described by "id", what it declares behind
 * it:
 *
 *     id*  dynamic       id:a,b  its parents       id;a,b  depends_on       id=x,y  branch labels
 * 1/id  in lane 1
 *
 * Its path is "id.py". They are in the order of the migrations in the set, and the order that
 * history would give.
 */
#ifndef LINKED_H
#define LINKED_H

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "map.h"
#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/finding.h"
#include "revchain/graph.h"
#include "revchain/migration.h"
#include "revchain/order.h"

static struct linked {
	struct revchain_arena *arena;
	struct revchain_error error;
	struct revchain_findings findings;
	struct revchain_migrations set;
	struct revchain_map map;
} linked;

static inline void linked_open(void)
{
	memset(&linked, 0, sizeof(linked));
	linked.arena = revchain_arena_new();
}

static inline void linked_close(void)
{
	revchain_arena_free(linked.arena);
}

/* The names behind one of the signs, with commas between them. */
static inline struct revchain_value linked_names(const char *text, char sign)
{
	struct revchain_value value = {.kind = REVCHAIN_VALUE_NONE, .line = 3};
	const char **strings =
		revchain_arena_array(linked.arena, strlen(text) + 1, sizeof(*strings));
	const char *at = strchr(text, sign);

	while (at && (value.count == 0 || *at == ',')) {
		size_t length = strcspn(at + 1, ",:;=");

		strings[value.count++] = revchain_arena_copy(linked.arena, at + 1, length);
		at += 1 + length;
	}
	if (value.count)
		value.kind = value.count == 1 ? REVCHAIN_VALUE_STRING : REVCHAIN_VALUE_SEQUENCE;
	value.strings = strings;
	return value;
}

static inline void linked_add(const char *text)
{
	struct revchain_migration *migration = &linked.set.items[linked.set.count];
	const char **revision = revchain_arena_alloc(linked.arena, sizeof(*revision));
	size_t length;

	if (text[0] && text[1] == '/') {
		migration->lane = (size_t)(*text - '0');
		text += 2;
	}
	length = strcspn(text, "*:;=");
	*revision = migration->revision = revchain_arena_copy(linked.arena, text, length);
	migration->path = revchain_arena_printf(linked.arena, "%s.py", migration->revision);
	migration->scan.revision = (struct revchain_value){
		.kind = REVCHAIN_VALUE_STRING, .line = 2, .strings = revision, .count = 1};
	migration->scan.down_revision = linked_names(text, ':');
	migration->scan.depends_on = linked_names(text, ';');
	migration->scan.branch_labels = linked_names(text, '=');
	if (text[length] == '*') {
		migration->kind = REVCHAIN_DYNAMIC;
		migration->scan.down_revision.kind = REVCHAIN_VALUE_CALL;
		migration->scan.down_revision.strings = revision;
		migration->scan.down_revision.count = 1;
	}
	cr_assert(revchain_map_put(&linked.map, migration->revision, length, linked.set.count));
	linked.set.count++;
}

static const struct revchain_lane linked_lanes[] = {{"v"}, {"w"}, {"u"}};

/* Start a set of at most so many. */
static inline void linked_start(size_t count)
{
	memset(&linked.set, 0, sizeof(linked.set));
	revchain_map_init(&linked.map, linked.arena);
	revchain_findings_init(&linked.findings, linked.arena);
	linked.set.arena = linked.arena;
	linked.set.lanes = linked_lanes;
	linked.set.lane_count = 3;
	linked.set.items = revchain_arena_array(linked.arena, count, sizeof(*linked.set.items));
	linked.set.by_revision = &linked.map;
}

static inline void linked_finish(void)
{
	cr_assert_eq(revchain_graph_link(&linked.set, &linked.findings, &linked.error),
		     REVCHAIN_OK);
}

/* Make a set of these, up to NULL, and link it. */
static inline void linked_set(const char *first, ...)
{
	va_list arguments;
	const char *text;

	linked_start(64);
	va_start(arguments, first);
	for (text = first; text; text = va_arg(arguments, const char *))
		linked_add(text);
	va_end(arguments);
	linked_finish();
}

/* The order in which the migrations stand in the set, lane by lane; without `static_ones` that of
 * the dynamic ones alone. */
static inline struct revchain_order linked_order(bool static_ones)
{
	struct revchain_order order = {0};
	size_t lane, i;

	order.items = revchain_arena_array(linked.arena, linked.set.count, sizeof(*order.items));
	order.lane_start =
		revchain_arena_array(linked.arena, linked.set.lane_count + 1, sizeof(size_t));
	for (lane = 0; lane < linked.set.lane_count; lane++) {
		order.lane_start[lane] = order.count;
		for (i = 0; i < linked.set.count; i++)
			if (linked.set.items[i].lane == lane &&
			    (static_ones || linked.set.items[i].kind == REVCHAIN_DYNAMIC))
				order.items[order.count++].migration = i;
	}
	order.lane_start[lane] = order.count;
	return order;
}

/* The findings, a line each: the id and the paths. */
static inline const char *linked_findings(void)
{
	const struct revchain_finding *finding;
	const struct revchain_place *place;
	const char *text = "";

	for (finding = linked.findings.first; finding; finding = finding->next) {
		text = revchain_arena_printf(linked.arena, "%s%s", text, finding->id);
		for (place = finding->place; place; place = place->next)
			text = revchain_arena_printf(linked.arena, "%s %s", text, place->path);
		text = revchain_arena_printf(linked.arena, "%s\n", text);
	}
	return text;
}

#endif
