/*
 * The chain of a generated project: each choice that the input makes is a migration more, a parent,
 * a dependency, a label, or who comes first. Whatever the project, the result is an error with a
 * finding, or a chain that is right, and that a chain file keeps.
 */
#include "fuzz.h"

#include "revchain/chain.h"
#include "revchain/chainfile.h"
#include "revchain/graph.h"
#include "revchain/heads.h"
#include "revchain/lineage.h"
#include "revchain/reorder.h"

#define LANES 3
#define MIGRATIONS_MOST 24

static const struct revchain_lane lanes[LANES] = {{"a/versions"}, {"a/other"}, {"b/versions"}};

struct project {
	struct choices choices;
	struct revchain_arena *arena;
	struct revchain_migrations set;
	struct revchain_findings findings;
	struct revchain_order order;
	struct revchain_chain chain;
};

static struct revchain_value make_value(enum revchain_value_kind kind, const char **strings,
					size_t count, struct revchain_arena *arena)
{
	return (struct revchain_value){
		.kind = kind,
		.line = 3,
		.strings = strings,
		.count = count,
		.literals = revchain_arena_array(arena, count + 1, sizeof(struct revchain_span)),
	};
}

/* The name of the migration of that number; of some numbers there is none. */
static const char *name_of(struct project *project, unsigned number)
{
	return revchain_arena_printf(project->arena, "r%u", number);
}

/* Up to `most` names of migrations: those before `number`, but for a few. */
static struct revchain_value choose_names(struct project *project, unsigned number, unsigned most)
{
	unsigned i, count = choose(&project->choices, most + 1);
	const char **names = revchain_arena_array(project->arena, count + 1, sizeof(*names));

	for (i = 0; i < count; i++) {
		unsigned choice = choose(&project->choices, 256);

		names[i] =
			name_of(project, choice < 240 && number ? number - 1 - choice % number
								: choice % (MIGRATIONS_MOST + 2));
	}
	if (!count)
		return make_value(REVCHAIN_VALUE_NONE, names, 0, project->arena);
	return make_value(count == 1 ? REVCHAIN_VALUE_STRING : REVCHAIN_VALUE_SEQUENCE, names,
			  count, project->arena);
}

static void make_migration(struct project *project, unsigned number, struct revchain_picked *picked)
{
	struct revchain_migration *migration =
		revchain_arena_alloc(project->arena, sizeof(*migration));
	unsigned shape = choose(&project->choices, 256);
	const char **revision = revchain_arena_array(project->arena, 1, sizeof(*revision));

	picked->migration = migration;
	picked->lane = shape & 1 ? 0 : (shape >> 1) % LANES;
	migration->path = revchain_arena_printf(project->arena, "%s/%u.py",
						lanes[picked->lane].directory, number);
	*revision = name_of(project, shape > 250 ? number / 2 : number);
	migration->scan.revision = make_value(REVCHAIN_VALUE_STRING, revision, 1, project->arena);
	if (shape & 0x10)
		migration->scan.down_revision =
			make_value(REVCHAIN_VALUE_CALL, revision, 1, project->arena);
	else
		migration->scan.down_revision = choose_names(project, number, 3);
	migration->scan.depends_on =
		shape & 0x40 ? choose_names(project, number, 2)
			     : make_value(REVCHAIN_VALUE_NONE, NULL, 0, project->arena);
	migration->scan.branch_labels =
		(shape & 0xa0) == 0xa0 ? choose_names(project, MIGRATIONS_MOST + 20, 1)
				       : make_value(REVCHAIN_VALUE_NONE, NULL, 0, project->arena);
}

static void make_set(struct project *project)
{
	struct revchain_picked picked[MIGRATIONS_MOST];
	unsigned i, count = choose(&project->choices, MIGRATIONS_MOST + 1);
	struct revchain_error error;

	for (i = 0; i < count; i++)
		make_migration(project, i, &picked[i]);
	revchain_findings_init(&project->findings, project->arena);
	project->set.arena = project->arena;
	project->set.lanes = lanes;
	project->set.lane_count = LANES;
	MUST(revchain_migrations_collect(&project->set, picked, count, &project->findings,
					 &error) == REVCHAIN_OK);
	MUST(revchain_graph_link(&project->set, &project->findings, &error) == REVCHAIN_OK);
}

/* Any order, lane by lane. */
static void make_order(struct project *project)
{
	struct revchain_order *order = &project->order;
	size_t lane, i, start;

	order->items =
		revchain_arena_array(project->arena, project->set.count + 1, sizeof(*order->items));
	order->lane_start = revchain_arena_array(project->arena, LANES + 1, sizeof(size_t));
	for (lane = 0; lane < LANES; lane++) {
		start = order->lane_start[lane] = order->count;
		for (i = 0; i < project->set.count; i++) {
			struct revchain_ordered *place = &order->items[order->count], *other;

			if (project->set.items[i].lane != lane)
				continue;
			order->count++;
			other = place - choose(&project->choices, (unsigned)(order->count - start));
			place->migration = other->migration;
			other->migration = i;
		}
	}
	order->lane_start[LANES] = order->count;
}

/* Whether `to` is an ancestor of `from`, by the parents of the chain. */
static bool reaches(const struct project *project, size_t from, size_t to)
{
	bool seen[MIGRATIONS_MOST];
	size_t stack[MIGRATIONS_MOST];

	revchain_graph_reach(project->chain.parents, project->set.count, from, seen, stack);
	return seen[to];
}

/* In each lane one head, from which all of it is reached, and dynamic migrations in their order. */
static void must_be_linear(const struct project *project)
{
	const struct revchain_migrations *set = &project->set;
	size_t lane, i, j;

	for (lane = 0; lane < LANES; lane++) {
		size_t before = SIZE_MAX, heads = 0, members = 0;

		for (i = project->order.lane_start[lane]; i < project->order.lane_start[lane + 1];
		     i++) {
			size_t migration = project->order.items[i].migration;
			bool named = false;

			members++;
			for (j = 0; j < set->count; j++)
				named = named || (j != migration && set->items[j].lane == lane &&
						  reaches(project, j, migration));
			heads += !named;
			if (set->items[migration].kind != REVCHAIN_DYNAMIC)
				continue;
			MUST(project->chain.parents[migration].count <= 1);
			MUST(before == SIZE_MAX || reaches(project, migration, before));
			before = migration;
		}
		MUST(heads == (members > 0));
	}
	for (i = 0; i < set->count; i++) {
		const struct revchain_links *parents = &project->chain.parents[i];

		for (j = 0; j < parents->count; j++)
			MUST(!reaches(project, parents->to[j], i));
		if (set->items[i].kind != REVCHAIN_DYNAMIC)
			MUST(parents->count == set->items[i].parents.count &&
			     (!parents->count || parents->to == set->items[i].parents.to));
		for (j = 0; j < set->items[i].dependencies.count; j++)
			MUST(!reaches(project, set->items[i].dependencies.to[j], i));
	}
}

/* The chain file says of each dynamic migration what the chain does, and pins that very order. */
static void must_survive_a_file(const struct project *project)
{
	static const bool all[LANES] = {true, true, true};
	const struct revchain_migrations *set = &project->set;
	struct revchain_findings findings;
	struct revchain_chainfile file;
	struct revchain_buffer text = {0};
	struct revchain_order pinned = project->order;
	struct revchain_error error;
	size_t i, index, dynamic = 0;

	MUST(revchain_chainfile_text(set, &project->chain, all, &text, &error) == REVCHAIN_OK);
	MUST(revchain_chainfile_read(file_in_memory(text.text, text.length), project->arena, &file,
				     &error) == REVCHAIN_OK);
	revchain_buffer_free(&text);
	for (i = 0; i < set->count; i++)
		dynamic += set->items[i].kind == REVCHAIN_DYNAMIC;
	MUST(file.count == dynamic);
	for (i = 0; i < file.count; i++) {
		const struct revchain_links *parents;

		MUST(revchain_migrations_find(set, file.entries[i].revision, &index));
		parents = &project->chain.parents[index];
		MUST((file.entries[i].parent != NULL) == (parents->count == 1));
		MUST(!parents->count ||
		     strcmp(set->items[parents->to[0]].revision, file.entries[i].parent) == 0);
	}
	revchain_findings_init(&findings, project->arena);
	pinned.items =
		revchain_arena_array(project->arena, pinned.count + 1, sizeof(*pinned.items));
	memcpy(pinned.items, project->order.items, pinned.count * sizeof(*pinned.items));
	MUST(revchain_order_by_pin(set, &pinned, &file, &findings, &error) == REVCHAIN_OK);
	MUST(findings.first == NULL);
	for (i = 0; i < pinned.count; i++)
		MUST(pinned.items[i].migration == project->order.items[i].migration);
}

static void judge(struct project *project)
{
	const struct revchain_finding *finding;
	struct revchain_heads heads;
	struct revchain_error error;

	MUST(revchain_heads_find(&project->set, project->chain.parents, &heads, &error) ==
	     REVCHAIN_OK);
	MUST(revchain_lineage_judge(&project->set, project->chain.parents, &heads, 0,
				    &project->findings, &error) == REVCHAIN_OK);
	MUST(revchain_lineage_labels(&project->set, &project->findings, &error) == REVCHAIN_OK);
	for (finding = project->findings.first; finding; finding = finding->next) {
		MUST(strcmp(finding->id, REVCHAIN_FINDING_INTERNAL) != 0);
		MUST(*finding->message && !strchr(finding->message, '\n'));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct project project = {.choices = {data, data + size}, .arena = revchain_arena_new()};
	struct revchain_error error;

	make_set(&project);
	make_order(&project);
	MUST(revchain_chain_build(&project.set, &project.order, &project.chain, &project.findings,
				  &error) == REVCHAIN_OK);
	MUST(project.chain.complete == (project.findings.errors == 0));
	if (project.chain.complete) {
		must_be_linear(&project);
		must_survive_a_file(&project);
	}
	judge(&project);
	revchain_arena_free(project.arena);
	return 0;
}
