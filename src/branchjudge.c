#include "revchain/branches.h"

#include <stdlib.h>
#include <string.h>

#include "revchain/text.h"

#include "names.h"

/* A migration that a branch adds. */
struct side {
	const struct revchain_branch *branch;
	const struct revchain_migration *migration;
	bool told; /* it belongs to the finding */
	struct side *next;
};

struct sides {
	const char *name; /* the parent, or the revision id, that they share */
	struct side *first, *last;
	struct sides *next;
};

/* Sides by what they share, in the order in which it was met. */
struct groups {
	struct revchain_names by_name;
	struct sides *first, *last;
};

struct judging {
	const struct revchain_branches *branches;
	struct revchain_arena *arena;
	struct revchain_findings *findings;
	struct revchain_error *error;
};

static int add_side(struct judging *judging, struct groups *groups, const char *name,
		    const struct revchain_branch *branch,
		    const struct revchain_migration *migration)
{
	struct sides *sides = revchain_names_find(&groups->by_name, name, strlen(name));
	struct side *side = revchain_arena_alloc(judging->arena, sizeof(*side));

	if (!side)
		return revchain_fail_memory(judging->error);
	if (!sides) {
		sides = revchain_arena_alloc(judging->arena, sizeof(*sides));
		if (!sides || !revchain_names_add(&groups->by_name, judging->arena, name,
						  strlen(name), sides))
			return revchain_fail_memory(judging->error);
		sides->name = name;
		*(groups->last ? &groups->last->next : &groups->first) = sides;
		groups->last = sides;
	}
	side->branch = branch;
	side->migration = migration;
	*(sides->last ? &sides->last->next : &sides->first) = side;
	sides->last = side;
	return REVCHAIN_OK;
}

/* "origin/feature, 2024-05-31": a branch and when its author last changed it. */
static int describe(struct judging *judging, const struct revchain_branch *branch,
		    const char **text)
{
	struct revchain_buffer date = {0};
	int64_t seconds;
	int zone, status;

	*text = branch->name;
	if (git_oid_is_zero(&branch->commit))
		return REVCHAIN_OK;
	status = revchain_author_date(judging->branches->scope->repository, &branch->commit,
				      &seconds, &zone, judging->error);
	if (status)
		return status;
	revchain_text_date(&date, seconds, zone);
	*text = date.failed ? NULL
			    : revchain_arena_printf(judging->arena, "%s, last changed %.10s",
						    branch->name, date.text);
	revchain_buffer_free(&date);
	return *text ? REVCHAIN_OK : revchain_fail_memory(judging->error);
}

/* Add a side to a finding: path, line, branch and date. */
static int place_side(struct judging *judging, struct revchain_finding *finding,
		      const struct side *side, int line)
{
	const char *who, *note;
	int status = describe(judging, side->branch, &who);

	if (status)
		return status;
	note = revchain_arena_printf(judging->arena, "'%s' of %s", side->migration->revision, who);
	if (!note)
		return revchain_fail_memory(judging->error);
	revchain_finding_at(judging->findings, finding, side->migration->path, line, note);
	return REVCHAIN_OK;
}

/* The word for a command. */
static const char *word_of(struct judging *judging, const char *text)
{
	const char *word = revchain_text_shell_word(judging->arena, text);

	if (!word)
		judging->findings->out_of_memory = true;
	return word ? word : "";
}

/* The same parent ------------------------------------------------------------------------------ */

static bool has(const struct revchain_branch *branch, const char *revision)
{
	return revchain_migrations_find(branch->set, revision, NULL);
}

/* Whether two sides will fork: neither branch knows of the other's migration. */
static bool collide(const struct side *a, const struct side *b)
{
	return strcmp(a->migration->revision, b->migration->revision) != 0 &&
	       strcmp(a->branch->branch, b->branch->branch) != 0 &&
	       !has(a->branch, b->migration->revision) && !has(b->branch, a->migration->revision);
}

/* Mark the sides that collide with another one. Of a migration that several branches have, one
 * side is enough, and that of what is checked is the best. Returns how many there are. */
static size_t mark_colliding(const struct sides *sides, bool *here)
{
	struct side *a, *b;
	size_t count = 0;

	*here = false;
	for (a = sides->first; a; a = a->next)
		for (b = a->next; b; b = b->next)
			if (collide(a, b))
				a->told = b->told = true;
	for (a = sides->first; a; a = a->next)
		for (b = a->next; a->told && b; b = b->next)
			if (strcmp(a->migration->revision, b->migration->revision) == 0)
				b->told = false;
	for (a = sides->first; a; a = a->next) {
		count += a->told;
		*here = *here || (a->told && a->branch->here);
	}
	return count;
}

/* The next side that belongs to the finding; NULL: none. */
static const struct side *next_told(const struct side *side)
{
	while (side && !side->told)
		side = side->next;
	return side;
}

static int report_collision(struct judging *judging, const struct sides *sides)
{
	bool here;
	size_t count = mark_colliding(sides, &here);
	const struct side *first = next_told(sides->first), *side, *last = NULL;
	enum revchain_severity severity = here ? REVCHAIN_ERROR : REVCHAIN_WARNING;
	struct revchain_finding *finding;
	const char *who;
	int status = count ? describe(judging, first->branch, &who) : REVCHAIN_OK;

	if (status || !count)
		return status;
	side = next_told(first->next);
	if (count == 2)
		finding = revchain_finding_add(
			judging->findings, REVCHAIN_FINDING_BRANCH_COLLISION, severity,
			"'%s' of %s, and '%s' of %s have the same parent '%s': merged, there are "
			"two heads",
			first->migration->revision, who, side->migration->revision,
			side->branch->name, sides->name);
	else
		finding = revchain_finding_add(
			judging->findings, REVCHAIN_FINDING_BRANCH_COLLISION, severity,
			"'%s' of %s, and %zu more of other branches have the same parent '%s': "
			"merged, there are %zu heads",
			first->migration->revision, who, count - 1, sides->name, count);
	revchain_finding_at(judging->findings, finding, first->migration->path,
			    first->migration->scan.down_revision.line, NULL);
	for (; !status && side; side = next_told(side->next)) {
		status = place_side(judging, finding, side,
				    side->migration->scan.down_revision.line);
		last = side;
	}
	if (last)
		revchain_finding_hint(
			judging->findings, finding,
			"merge one of them, then move the next one behind it, on its branch: "
			"revchain repoint %s --onto %s",
			word_of(judging, last->migration->revision),
			word_of(judging, judging->branches->base_name));
	return status;
}

static int judge_parents(struct judging *judging)
{
	const struct revchain_branches *branches = judging->branches;
	struct groups groups = {0};
	const struct sides *sides;
	size_t i, j, k;
	int status = REVCHAIN_OK;

	for (i = 0; i < branches->count; i++) {
		const struct revchain_branch *branch = &branches->items[i];

		for (j = 0; j < branch->added_count; j++) {
			const struct revchain_migration *migration =
				&branch->set->items[branch->added[j]];
			const struct revchain_value *value = &migration->scan.down_revision;
			size_t count = migration->kind == REVCHAIN_DYNAMIC
					       ? 0
					       : revchain_migration_names_parents(migration);

			for (k = 0; !status && k < count; k++)
				status = add_side(judging, &groups, value->strings[k], branch,
						  migration);
		}
	}
	for (sides = groups.first; !status && sides; sides = sides->next)
		status = report_collision(judging, sides);
	return status;
}

/* Stale parents -------------------------------------------------------------------------------- */

/* The first child of each migration of the base, by literal parents; count: none. */
static size_t *find_children(const struct revchain_branches *branches)
{
	const struct revchain_migrations *base = branches->base;
	size_t *child = revchain_arena_array(branches->arena, base->count + 1, sizeof(*child));
	size_t i, j;

	for (i = 0; child && i < base->count; i++)
		child[i] = base->count;
	for (i = base->count; child && i-- > 0;)
		for (j = 0; j < base->items[i].parents.count; j++)
			child[base->items[i].parents.to[j]] = i;
	return child;
}

/* Whether what the base has behind a parent is news to a branch. */
static bool is_news(const struct revchain_branch *branch, const struct revchain_migrations *base,
		    size_t parent)
{
	size_t i, j;

	for (i = 0; i < base->count; i++)
		for (j = 0; j < base->items[i].parents.count; j++)
			if (base->items[i].parents.to[j] == parent && base->items[i].revision &&
			    has(branch, base->items[i].revision))
				return false;
	return true;
}

static int report_stale(struct judging *judging, const struct revchain_branch *branch,
			const struct revchain_migration *migration,
			const struct revchain_migration *parent,
			const struct revchain_migration *child)
{
	const char *base = judging->branches->base_name, *who, *note;
	struct revchain_finding *finding;
	int status = describe(judging, branch, &who);

	if (status)
		return status;
	note = revchain_arena_printf(judging->arena, "'%s' of %s", child->revision, base);
	if (!note)
		return revchain_fail_memory(judging->error);
	finding = revchain_finding_add(
		judging->findings, REVCHAIN_FINDING_STALE_PARENT,
		branch->here ? REVCHAIN_ERROR : REVCHAIN_WARNING,
		"'%s' of %s hangs on '%s', which is no longer a head of %s: '%s' follows it there",
		migration->revision, who, parent->revision, base, child->revision);
	revchain_finding_at(judging->findings, finding, migration->path,
			    migration->scan.down_revision.line, NULL);
	revchain_finding_at(judging->findings, finding, child->path, child->scan.down_revision.line,
			    note);
	revchain_finding_hint(
		judging->findings, finding,
		"move it behind the head, on its branch: revchain repoint %s --onto %s",
		word_of(judging, migration->revision), word_of(judging, base));
	return REVCHAIN_OK;
}

static int judge_migration(struct judging *judging, const struct revchain_branch *branch,
			   const struct revchain_migration *migration, const size_t *child)
{
	const struct revchain_migrations *base = judging->branches->base;
	const struct revchain_value *value = &migration->scan.down_revision;
	size_t i, parent, count = revchain_migration_names_parents(migration);
	int status = REVCHAIN_OK;

	if (migration->kind == REVCHAIN_DYNAMIC)
		return REVCHAIN_OK;
	for (i = 0; !status && i < count; i++)
		if (revchain_migrations_find(base, value->strings[i], &parent) &&
		    child[parent] < base->count && is_news(branch, base, parent))
			status = report_stale(judging, branch, migration, &base->items[parent],
					      &base->items[child[parent]]);
	return status;
}

/* What is stale on several branches is told of the first of them. */
static int judge_stale(struct judging *judging)
{
	const struct revchain_branches *branches = judging->branches;
	const size_t *child = find_children(branches);
	struct revchain_names told = {0};
	size_t i, j;
	int status = child ? REVCHAIN_OK : revchain_fail_memory(judging->error);

	for (i = 0; !status && i < branches->count; i++) {
		const struct revchain_branch *branch = &branches->items[i];

		for (j = 0; !status && j < branch->added_count; j++) {
			const struct revchain_migration *migration =
				&branch->set->items[branch->added[j]];
			const struct revchain_finding *before = judging->findings->last;
			size_t length = strlen(migration->revision);

			if (revchain_names_find(&told, migration->revision, length))
				continue;
			status = judge_migration(judging, branch, migration, child);
			if (judging->findings->last != before &&
			    !revchain_names_add(&told, judging->arena, migration->revision, length,
						judging))
				return revchain_fail_memory(judging->error);
		}
	}
	return status;
}

/* The same id ---------------------------------------------------------------------------------- */

/* Files of the work tree have no blob: what they declare stands for their content. */
static bool same_content(const struct revchain_migration *a, const struct revchain_migration *b)
{
	if (!git_oid_is_zero(&a->blob) && !git_oid_is_zero(&b->blob))
		return git_oid_equal(&a->blob, &b->blob);
	return revchain_migration_same(a, b);
}

static int report_duplicate(struct judging *judging, const struct sides *sides,
			    const struct side *other)
{
	const struct side *first = sides->first;
	bool here = first->branch->here || other->branch->here,
	     moved = strcmp(first->migration->path, other->migration->path) != 0;
	struct revchain_finding *finding;
	const char *who;
	int status = describe(judging, first->branch, &who);

	if (status)
		return status;
	finding = revchain_finding_add(judging->findings, REVCHAIN_FINDING_BRANCH_DUPLICATE,
				       here ? REVCHAIN_ERROR : REVCHAIN_WARNING,
				       "'%s' of %s is in %s too, with another %s",
				       first->migration->revision, who, other->branch->name,
				       moved ? "path" : "content");
	revchain_finding_at(judging->findings, finding, first->migration->path,
			    first->migration->scan.revision.line, NULL);
	status = place_side(judging, finding, other, other->migration->scan.revision.line);
	revchain_finding_hint(judging->findings, finding,
			      moved ? "give one of them another revision id: merged, both files "
				      "are there"
				    : "if it is one migration: keep one of the two; if not: give "
				      "one another revision id");
	return status;
}

static int judge_ids(struct judging *judging)
{
	const struct revchain_branches *branches = judging->branches;
	struct groups groups = {0};
	const struct sides *sides;
	const struct side *side;
	size_t i, j;
	int status = REVCHAIN_OK;

	for (i = 0; i < branches->count; i++) {
		const struct revchain_branch *branch = &branches->items[i];

		for (j = 0; !status && j < branch->added_count; j++)
			status = add_side(judging, &groups,
					  branch->set->items[branch->added[j]].revision, branch,
					  &branch->set->items[branch->added[j]]);
	}
	for (sides = groups.first; !status && sides; sides = sides->next)
		for (side = sides->first->next; !status && side; side = side->next)
			if (strcmp(side->branch->branch, sides->first->branch->branch) != 0 &&
			    (strcmp(side->migration->path, sides->first->migration->path) != 0 ||
			     !same_content(side->migration, sides->first->migration)))
				status = report_duplicate(judging, sides, side);
	return status;
}

int revchain_branches_judge(const struct revchain_branches *branches,
			    struct revchain_findings *findings, struct revchain_error *error)
{
	struct judging judging = {.branches = branches,
				  .arena = branches->arena,
				  .findings = findings,
				  .error = error};
	int status = judge_stale(&judging);

	if (!status)
		status = judge_parents(&judging);
	return status ? status : judge_ids(&judging);
}
