#include "revchain/lineage.h"

#include <stdint.h>
#include <string.h>

#include "revchain/chain.h"
#include "revchain/graph.h"
#include "revchain/text.h"

#include "map.h"

#define NAMED_MOST 20 /* in a message; the places have them all */
#define NONE SIZE_MAX
#define SEVERAL (SIZE_MAX - 1)

struct judging {
	const struct revchain_migrations *set;
	const struct revchain_links *parents;
	const struct revchain_heads *heads;
	struct revchain_findings *findings;
	size_t allowed_heads; /* 0: as lanes and labels have it */
	size_t *sorted;	      /* all migrations, parents first */
	size_t *reach; /* of each migration: the one head of those in question that it leads to,
			  NONE or SEVERAL */
};

static bool is_labelled(const struct revchain_migration *migration)
{
	return revchain_value_names(&migration->scan.branch_labels) > 0 ||
	       migration->scan.branch_labels.kind == REVCHAIN_VALUE_UNREADABLE;
}

static void find_reach(struct judging *judging)
{
	const struct revchain_heads *heads = judging->heads;
	const struct revchain_migrations *set = judging->set;
	size_t i, j;

	for (i = 0; i < set->count; i++)
		judging->reach[i] = NONE;
	for (i = 0; i < heads->head_count; i++)
		judging->reach[heads->heads[i]] = heads->heads[i];
	for (i = set->count; i-- > 0;) {
		size_t from = judging->sorted[i], reached = judging->reach[from];

		for (j = 0; reached != NONE && j < judging->parents[from].count; j++) {
			size_t *reach = &judging->reach[judging->parents[from].to[j]];

			*reach = *reach == NONE || *reach == reached ? reached : SEVERAL;
		}
	}
}

/* "aa bb cc", and as words of a shell with a space before each. */
static void add_names(const struct revchain_migrations *set, const size_t *items, size_t count,
		      struct revchain_buffer *names, struct revchain_buffer *words)
{
	size_t i;

	for (i = 0; i < count && i < NAMED_MOST; i++) {
		const char *revision = set->items[items[i]].revision;
		const char *word = revchain_text_shell_word(set->arena, revision);

		revchain_buffer_printf(names, "%s%s", i ? " " : "", revision);
		revchain_buffer_printf(words, " %s", word ? word : "");
	}
	if (count > NAMED_MOST)
		revchain_buffer_puts(names, " and more");
}

static void report_heads(struct judging *judging, const size_t *heads, size_t count)
{
	const struct revchain_migrations *set = judging->set;
	struct revchain_findings *findings = judging->findings;
	struct revchain_buffer names = {0}, words = {0};
	struct revchain_finding *finding;
	size_t i;

	add_names(set, heads, count, &names, &words);
	if (names.failed || words.failed) {
		findings->out_of_memory = true;
	} else {
		finding = revchain_finding_add(
			findings, REVCHAIN_FINDING_MULTIPLE_HEADS, REVCHAIN_ERROR,
			judging->allowed_heads ? "there are %zu heads, more than are allowed: %s"
					       : "there are %zu heads, and `alembic upgrade head` "
						 "needs one: %s",
			count, names.text);
		for (i = 0; i < count; i++)
			revchain_finding_at(findings, finding, set->items[heads[i]].path,
					    set->items[heads[i]].scan.down_revision.line,
					    i ? "the other head" : NULL);
		revchain_finding_hint(findings, finding,
				      "merge them: revchain merge -m \"merge heads\"%s%s",
				      words.text, count > NAMED_MOST ? " …" : "");
		revchain_finding_hint(findings, finding,
				      "where all of them are meant: give each line a branch label "
				      "of its own, or --allow-heads %zu",
				      judging->heads->head_count);
	}
	revchain_buffer_free(&names);
	revchain_buffer_free(&words);
}

/* Who has whom as its parent: the range of the children of each migration. */
struct children {
	size_t *start; /* count + 1 of them */
	size_t *of;
};

static bool find_children(const struct judging *judging, struct children *children)
{
	const struct revchain_migrations *set = judging->set;
	size_t i, j, total = 0;

	for (i = 0; i < set->count; i++)
		total += judging->parents[i].count;
	children->start =
		revchain_arena_array(set->arena, set->count + 2, sizeof(*children->start));
	children->of = revchain_arena_array(set->arena, total + 1, sizeof(*children->of));
	if (!children->start || !children->of)
		return false;
	for (i = 0; i < set->count; i++) /* counted two further on, so that filling in moves it */
		for (j = 0; j < judging->parents[i].count; j++)
			children->start[judging->parents[i].to[j] + 2]++;
	for (i = 0; i < set->count; i++)
		children->start[i + 2] += children->start[i + 1];
	for (i = 0; i < set->count; i++)
		for (j = 0; j < judging->parents[i].count; j++)
			children->of[children->start[judging->parents[i].to[j] + 1]++] = i;
	return true;
}

/* Where the lines of some heads part: found from the heads down, each line under the name of one of
 * its heads; lines that have parted at a place count as one before it. */
struct parting {
	struct children children;
	size_t *line;	/* of each migration: a head that it leads to, or NONE */
	size_t *joined; /* of each head: another head of the same line, itself where there is none
			 */
	size_t *stamp;	/* of each head: 1 + the migration at which its line was last seen */
	size_t *kept;	/* children of the migration that is looked at, one a line */
};

static size_t first_of_line(struct parting *parting, size_t head)
{
	while (parting->joined[head] != head) {
		parting->joined[head] = parting->joined[parting->joined[head]];
		head = parting->joined[head];
	}
	return head;
}

/* The command that puts the first migration of a line behind the head of another one. */
static void advise_to_repoint(struct judging *judging, struct revchain_finding *finding,
			      const char *when, size_t first, size_t head)
{
	const struct revchain_migrations *set = judging->set;
	const char *revision = set->items[first].revision;
	const char *word = revchain_text_shell_word(set->arena, revision);

	if (!word)
		judging->findings->out_of_memory = true;
	else
		revchain_finding_hint(judging->findings, finding,
				      "%s '%s' behind '%s': revchain repoint %s", when, revision,
				      set->items[head].revision, word);
}

static void report_fork(struct judging *judging, size_t parent, const struct parting *parting,
			size_t count)
{
	const struct revchain_migrations *set = judging->set;
	struct revchain_findings *findings = judging->findings;
	const size_t *kept = parting->kept, *line = parting->line;
	struct revchain_finding *finding =
		revchain_finding_add(findings, REVCHAIN_FINDING_FORK, REVCHAIN_NOTE,
				     "the lines part behind '%s': '%s' leads to the head '%s'",
				     set->items[parent].revision, set->items[kept[0]].revision,
				     set->items[line[kept[0]]].revision);
	size_t i;

	for (i = 0; i < count; i++) {
		const struct revchain_migration *child = &set->items[kept[i]];

		revchain_finding_at(findings, finding, child->path, child->scan.down_revision.line,
				    i ? revchain_arena_printf(
						findings->arena, "'%s' leads to the head '%s'",
						child->revision, set->items[line[kept[i]]].revision)
				      : NULL);
	}
	advise_to_repoint(judging, finding, "where no database has applied it yet, put", kept[1],
			  line[kept[0]]);
	advise_to_repoint(judging, finding, "or the other way round,", kept[0], line[kept[1]]);
}

/* Look at one migration whose children have been looked at. */
static void look_for_fork(struct judging *judging, struct parting *parting, size_t parent)
{
	const struct children *children = &parting->children;
	size_t i, count = 0;

	for (i = children->start[parent]; i < children->start[parent + 1]; i++) {
		size_t child = children->of[i], first;

		if (parting->line[child] == NONE)
			continue;
		first = first_of_line(parting, parting->line[child]);
		if (parting->stamp[first] == parent + 1)
			continue;
		parting->stamp[first] = parent + 1;
		parting->kept[count++] = child;
	}
	if (!count)
		return;
	parting->line[parent] = parting->line[parting->kept[0]];
	if (count > 1)
		report_fork(judging, parent, parting, count);
	for (i = 1; i < count; i++)
		parting->joined[first_of_line(parting, parting->line[parting->kept[i]])] =
			first_of_line(parting, parting->line[parent]);
}

/* Several heads that nothing tells apart: name them, and where their lines part. */
static int report_group(struct judging *judging, const size_t *heads, size_t count,
			struct revchain_error *error)
{
	struct revchain_arena *arena = judging->set->arena;
	size_t i, total = judging->set->count;
	struct parting parting = {
		.line = revchain_arena_array(arena, total, sizeof(*parting.line)),
		.joined = revchain_arena_array(arena, total, sizeof(*parting.joined)),
		.stamp = revchain_arena_array(arena, total, sizeof(*parting.stamp)),
		.kept = revchain_arena_array(arena, total, sizeof(*parting.kept)),
	};

	report_heads(judging, heads, count);
	if (!find_children(judging, &parting.children) || !parting.line || !parting.joined ||
	    !parting.stamp || !parting.kept)
		return revchain_fail_memory(error);
	for (i = 0; i < total; i++)
		parting.line[i] = NONE;
	for (i = 0; i < count; i++)
		parting.line[heads[i]] = parting.joined[heads[i]] = heads[i];
	for (i = total; i-- > 0;)
		look_for_fork(judging, &parting, judging->sorted[i]);
	return REVCHAIN_OK;
}

/* Which heads a label stands for alone: `own` has one for each migration. */
static void find_own_labels(const struct judging *judging, bool *own)
{
	size_t i;

	for (i = 0; i < judging->set->count; i++)
		if (is_labelled(&judging->set->items[i]) && judging->reach[i] < SEVERAL)
			own[judging->reach[i]] = true;
}

/* Lane by lane, the heads without a label of their own. */
static int judge_heads(struct judging *judging, const bool *own, struct revchain_error *error)
{
	const struct revchain_heads *heads = judging->heads;
	size_t *left = revchain_arena_array(judging->set->arena, heads->head_count, sizeof(*left));
	size_t lane, i, count;
	int status = REVCHAIN_OK;

	if (!left)
		return revchain_fail_memory(error);
	for (lane = 0; !status && lane < judging->set->lane_count; lane++) {
		for (i = count = 0; i < heads->head_count; i++)
			if (judging->set->items[heads->heads[i]].lane == lane &&
			    !own[heads->heads[i]])
				left[count++] = heads->heads[i];
		if (count > 1)
			status = report_group(judging, left, count, error);
	}
	return status;
}

/* Lane by lane, the bases that neither have a label nor begin the line of a labelled head. */
static void judge_bases(struct judging *judging, const bool *own)
{
	const struct revchain_migrations *set = judging->set;
	const struct revchain_heads *heads = judging->heads;
	struct revchain_findings *findings = judging->findings;
	size_t lane, i;

	for (lane = 0; lane < set->lane_count; lane++) {
		struct revchain_finding *finding = NULL;
		const struct revchain_migration *first = NULL;

		for (i = 0; i < heads->base_count; i++) {
			const struct revchain_migration *base = &set->items[heads->bases[i]];
			size_t reach = judging->reach[heads->bases[i]];

			if (base->lane != lane || is_labelled(base) ||
			    (reach < SEVERAL && own[reach]))
				continue;
			if (first && !finding) {
				finding = revchain_finding_add(
					findings, REVCHAIN_FINDING_MULTIPLE_BASES, REVCHAIN_WARNING,
					"'%s' has no parent, and neither has '%s': the chain "
					"begins more than once",
					first->revision, base->revision);
				revchain_finding_at(findings, finding, first->path,
						    first->scan.down_revision.line, NULL);
			}
			if (first)
				revchain_finding_at(findings, finding, base->path,
						    base->scan.down_revision.line,
						    "another one without a parent");
			else
				first = base;
		}
		revchain_finding_hint(
			findings, finding,
			"where one of them was meant to go on from another migration, "
			"its down_revision must name that one");
		revchain_finding_hint(
			findings, finding,
			"where it begins a branch of its own: give it a branch label");
	}
}

int revchain_lineage_judge(const struct revchain_migrations *set,
			   const struct revchain_links *parents, const struct revchain_heads *heads,
			   size_t allowed_heads, struct revchain_findings *findings,
			   struct revchain_error *error)
{
	struct judging judging = {.set = set,
				  .parents = parents,
				  .heads = heads,
				  .findings = findings,
				  .allowed_heads = allowed_heads};
	bool *own = revchain_arena_array(set->arena, set->count, sizeof(*own));
	size_t count;
	int status;

	judging.sorted = revchain_arena_array(set->arena, set->count, sizeof(*judging.sorted));
	judging.reach = revchain_arena_array(set->arena, set->count, sizeof(*judging.reach));
	if (!own || !judging.sorted || !judging.reach)
		return revchain_fail_memory(error);
	status =
		revchain_graph_sort(parents, set->count, set->arena, judging.sorted, &count, error);
	if (status || count < set->count)
		return status;
	find_reach(&judging);
	find_own_labels(&judging, own);
	judge_bases(&judging, own);
	if (!allowed_heads)
		return judge_heads(&judging, own, error);
	return heads->head_count > allowed_heads
		       ? report_group(&judging, heads->heads, heads->head_count, error)
		       : REVCHAIN_OK;
}

static void report_label(struct revchain_findings *findings, const char *label,
			 const struct revchain_migration *migration,
			 const struct revchain_migration *other, bool is_revision)
{
	struct revchain_finding *finding =
		revchain_finding_add(findings, REVCHAIN_FINDING_DUPLICATE_LABEL, REVCHAIN_ERROR,
				     is_revision ? "the branch label '%s' is also a revision id"
						 : "the branch label '%s' is declared twice",
				     label);

	revchain_finding_at(findings, finding, migration->path, migration->scan.branch_labels.line,
			    NULL);
	revchain_finding_at(findings, finding, other->path,
			    is_revision ? other->scan.revision.line
					: other->scan.branch_labels.line,
			    is_revision ? "the migration of that id" : "the other one");
	revchain_finding_hint(findings, finding,
			      "a label is declared once, at the first migration of its branch; "
			      "those behind it have it from there");
}

int revchain_lineage_labels(const struct revchain_migrations *set,
			    struct revchain_findings *findings, struct revchain_error *error)
{
	struct revchain_map labels;
	size_t i, j, other;

	revchain_map_init(&labels, set->arena);
	for (i = 0; i < set->count; i++) {
		const struct revchain_value *value = &set->items[i].scan.branch_labels;

		for (j = 0; j < revchain_value_names(value); j++) {
			const char *label = value->strings[j];
			size_t length = strlen(label);

			if (revchain_migrations_find(set, label, &other))
				report_label(findings, label, &set->items[i], &set->items[other],
					     true);
			else if (revchain_map_get(&labels, label, length, &other))
				report_label(findings, label, &set->items[i], &set->items[other],
					     false);
			else if (!revchain_map_put(&labels, label, length, i))
				return revchain_fail_memory(error);
		}
	}
	return REVCHAIN_OK;
}
