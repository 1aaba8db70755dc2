#include "revchain/order.h"

#include <string.h>

#include "revchain/gitlog.h"

#include "revchain/text.h"

#include "siblings.h"
#include "tie.h"

struct ordering {
	struct revchain_history *history;
	struct revchain_snapshot *snapshot;
	const struct revchain_migrations *set;
	struct revchain_order *order;
	struct revchain_landing *landings; /* of the committed migrations in question */
	size_t landing_count;
	size_t *loose; /* those that are not committed */
	size_t loose_count;
};

/* Whether a text cannot bind the name `revision`: it is not in there, nor any letter that Python
 * takes for one of its letters (PEP 3131). */
static bool never_says_revision(const char *text, size_t length)
{
	size_t i;

	if (memmem(text, length, "revision", strlen("revision")))
		return false;
	for (i = 0; i < length; i++)
		if ((unsigned char)text[i] > 127)
			return false;
	return true;
}

int revchain_order_revision_of(const char *text, size_t length, struct revchain_arena *arena,
			       const char **revision, struct revchain_error *error)
{
	struct revchain_pyscan scan;
	int status;

	*revision = NULL;
	if (never_says_revision(text, length))
		return REVCHAIN_OK;
	status = revchain_pyscan(text, length, arena, &scan, error);
	*revision = !status && scan.revision.kind == REVCHAIN_VALUE_STRING
			    ? scan.revision.strings[0]
			    : NULL;
	return status;
}

/* Which of the migrations a commit has, for each a flag. They and what is listed are sorted alike.
 */
static bool *find_committed(struct ordering *ordering, const git_oid *tip,
			    struct revchain_error *error)
{
	const struct revchain_migrations *set = ordering->set;
	bool *committed = revchain_arena_array(set->arena, set->count + 1, sizeof(*committed));
	struct revchain_snapshot commit;
	size_t lane, item = 0;

	if (!committed) {
		revchain_fail_memory(error);
		return NULL;
	}
	if (revchain_snapshot_commit(&commit, ordering->snapshot->repository, tip, error))
		return NULL;
	for (lane = 0; lane < set->lane_count; lane++) {
		const struct revchain_listed *listed = NULL;
		const char *directory = set->lanes[lane].directory;
		enum revchain_file_type type;
		size_t i = 0, count = 0;

		if (revchain_snapshot_stat(&commit, directory, set->arena, &type, NULL, error) ||
		    (type == REVCHAIN_FILE_DIRECTORY &&
		     revchain_snapshot_list(&commit, directory, set->recursive, set->arena, &listed,
					    &count, error)))
			return NULL;
		for (; item < set->count && set->items[item].lane == lane; item++) {
			int compared = -1; /* also where none is left */

			while (i < count &&
			       (compared = strcmp(listed[i].path, set->items[item].path)) < 0)
				i++;
			committed[item] = compared == 0;
		}
	}
	return committed;
}

/* Divide the migrations in question into those that the tip has and those that are not committed.
 */
static int divide(struct ordering *ordering, const git_oid *tip, bool dynamic_only,
		  struct revchain_error *error)
{
	const struct revchain_migrations *set = ordering->set;
	bool all_committed = !ordering->snapshot->worktree;
	const bool *committed = NULL;
	size_t i;

	if (tip && !all_committed && !(committed = find_committed(ordering, tip, error)))
		return (int)error->status;
	for (i = 0; i < set->count; i++) {
		const struct revchain_migration *migration = &set->items[i];

		if (dynamic_only && migration->kind != REVCHAIN_DYNAMIC)
			continue;
		if (all_committed || (committed && committed[i])) {
			struct revchain_landing *landing =
				&ordering->landings[ordering->landing_count++];

			landing->path = migration->path;
			landing->lane = migration->lane;
			landing->file = i;
		} else {
			ordering->loose[ordering->loose_count++] = i;
		}
	}
	return REVCHAIN_OK;
}

static int sort_ties(struct ordering *ordering, struct revchain_error *error)
{
	size_t start, end;
	int status = REVCHAIN_OK;

	for (start = 0; !status && start < ordering->landing_count; start = end) {
		const struct revchain_landing *first = &ordering->landings[start];

		for (end = start + 1; end < ordering->landing_count &&
				      ordering->landings[end].lane == first->lane &&
				      ordering->landings[end].tie == first->tie && first->tie;)
			end++;
		if (end - start > 1)
			status = revchain_siblings_sort(ordering->history, ordering->set->recursive,
							&ordering->landings[start], end - start,
							error);
	}
	return status;
}

/* The migrations that are not committed, lane by lane, behind each other. */
static int sort_loose(struct ordering *ordering, size_t lane, struct revchain_error *error)
{
	const struct revchain_migrations *set = ordering->set;
	struct revchain_tied *tied =
		revchain_arena_array(set->arena, ordering->loose_count, sizeof(*tied));
	size_t i, count = 0;
	int status;

	if (!tied)
		return revchain_fail_memory(error);
	for (i = 0; i < ordering->loose_count; i++) {
		const struct revchain_migration *migration = &set->items[ordering->loose[i]];

		if (migration->lane != lane)
			continue;
		tied[count].path = migration->path;
		tied[count].scan = migration->scan;
		tied[count++].number = ordering->loose[i];
	}
	status = revchain_tie_sort(tied, count, set->arena, error);
	for (i = 0; !status && i < count; i++)
		ordering->order->items[ordering->order->count++].migration = tied[i].number;
	return status;
}

static int put_together(struct ordering *ordering, struct revchain_error *error)
{
	struct revchain_order *order = ordering->order;
	size_t lane, next = 0;
	int status = REVCHAIN_OK;

	for (lane = 0; !status && lane < ordering->set->lane_count; lane++) {
		order->lane_start[lane] = order->count;
		for (; next < ordering->landing_count && ordering->landings[next].lane == lane;
		     next++) {
			const struct revchain_landing *landing = &ordering->landings[next];
			struct revchain_ordered *ordered = &order->items[order->count++];

			ordered->migration = landing->file;
			ordered->committed = true;
			ordered->has_commit = !git_oid_is_zero(&landing->commit);
			ordered->commit = landing->commit;
			ordered->date = landing->date;
			ordered->zone = landing->zone;
		}
		status = sort_loose(ordering, lane, error);
	}
	order->lane_start[ordering->set->lane_count] = order->count;
	return status;
}

/* One warning names all the migrations without a commit, those that are committed or those that are
 * not. */
struct warning {
	const char *id;
	bool committed;
	const char *one, *several; /* several: behind how many more there are */
	const char *note, *hint;
};

static const struct warning left_out = {
	.id = REVCHAIN_FINDING_LEFT_OUT,
	.committed = true,
	.one = "this migration is left out by git log, for a merge itself added it: it comes "
	       "behind the others",
	.several = "more are left out by git log, for merges themselves added them: they come "
		   "behind the others",
	.note = "left out",
	.hint = "landing order, the default, knows their place",
};

static const struct warning uncommitted = {
	.id = REVCHAIN_FINDING_UNCOMMITTED,
	.committed = false,
	.one = "this migration is not committed: it comes last for now",
	.several = "more are not committed: they come last for now",
	.note = "not committed",
	.hint = "commit before the chain is used anywhere else",
};

/* The same where the order does not matter. */
static const struct warning uncommitted_static = {
	.id = REVCHAIN_FINDING_UNCOMMITTED,
	.committed = false,
	.one = "this migration is not committed: nobody else has it",
	.several = "more are not committed: nobody else has them",
	.note = "not committed",
	.hint = "git add and git commit it, or delete it",
};

static void warn(const struct ordering *ordering, const struct warning *warning,
		 struct revchain_findings *findings)
{
	const struct revchain_order *order = ordering->order;
	struct revchain_finding *finding;
	size_t i, count = 0, named = 0;

	for (i = 0; i < order->count; i++)
		count += order->items[i].committed == warning->committed &&
			 !order->items[i].has_commit;
	if (!count)
		return;
	if (count == 1)
		finding = revchain_finding_add(findings, warning->id, REVCHAIN_WARNING, "%s",
					       warning->one);
	else
		finding = revchain_finding_add(findings, warning->id, REVCHAIN_WARNING,
					       "this migration and %zu %s", count - 1,
					       warning->several);
	for (i = 0; i < order->count; i++)
		if (order->items[i].committed == warning->committed && !order->items[i].has_commit)
			revchain_finding_at(findings, finding,
					    ordering->set->items[order->items[i].migration].path, 0,
					    named++ ? warning->note : NULL);
	revchain_finding_hint(findings, finding, "%s", warning->hint);
}

static int order_by_landing(struct ordering *ordering, const git_oid *tip,
			    struct revchain_error *error)
{
	int status = revchain_history_landings(ordering->history, tip, ordering->landings,
					       ordering->landing_count, error);

	return status ? status : sort_ties(ordering, error);
}

/* Lane by lane: the command's DIR is the directory of one. */
static int order_by_git(struct ordering *ordering, const git_oid *tip, bool topological,
			struct revchain_error *error)
{
	size_t start, end;
	int status = REVCHAIN_OK;

	for (start = 0; !status && start < ordering->landing_count; start = end) {
		size_t lane = ordering->landings[start].lane;

		for (end = start + 1;
		     end < ordering->landing_count && ordering->landings[end].lane == lane;)
			end++;
		status = revchain_gitlog_order(ordering->history, tip,
					       ordering->set->lanes[lane].directory, topological,
					       &ordering->landings[start], end - start, error);
	}
	return status;
}

int revchain_order(enum revchain_order_kind kind, struct revchain_history *history,
		   struct revchain_snapshot *snapshot, const struct revchain_migrations *set,
		   const git_oid *tip, bool dynamic_only, struct revchain_order *order,
		   struct revchain_findings *findings, struct revchain_error *error)
{
	struct ordering ordering = {
		.history = history, .snapshot = snapshot, .set = set, .order = order};
	int status;

	memset(order, 0, sizeof(*order));
	order->items = revchain_arena_array(set->arena, set->count, sizeof(*order->items));
	order->lane_start =
		revchain_arena_array(set->arena, set->lane_count + 1, sizeof(*order->lane_start));
	ordering.landings =
		revchain_arena_array(set->arena, set->count, sizeof(*ordering.landings));
	ordering.loose = revchain_arena_array(set->arena, set->count, sizeof(*ordering.loose));
	if (!order->items || !order->lane_start || !ordering.landings || !ordering.loose)
		return revchain_fail_memory(error);
	status = divide(&ordering, tip, dynamic_only, error);
	if (!status && tip)
		status = kind == REVCHAIN_ORDER_LANDING
				 ? order_by_landing(&ordering, tip, error)
				 : order_by_git(&ordering, tip, kind == REVCHAIN_ORDER_TOPO, error);
	if (!status)
		status = put_together(&ordering, error);
	if (status || !findings)
		return status;
	warn(&ordering, &left_out, findings);
	warn(&ordering, &uncommitted, findings);
	return REVCHAIN_OK;
}

void revchain_order_compare(const struct revchain_migrations *set,
			    const struct revchain_order *order, enum revchain_order_kind kind,
			    const struct revchain_order *other, enum revchain_order_kind other_kind,
			    struct revchain_findings *findings)
{
	static const char *const names[] = {"landing order", "date order", "topological order"};
	size_t lane, at;

	for (lane = 0; lane < set->lane_count; lane++) {
		const struct revchain_migration *here, *there;
		struct revchain_finding *finding;

		for (at = order->lane_start[lane]; at < order->lane_start[lane + 1]; at++)
			if (order->items[at].migration != other->items[at].migration)
				break;
		if (at == order->lane_start[lane + 1])
			continue;
		here = &set->items[order->items[at].migration];
		there = &set->items[other->items[at].migration];
		finding = revchain_finding_add(
			findings, REVCHAIN_FINDING_ORDERS_DIFFER, REVCHAIN_NOTE,
			"%s differs from %s from position %zu on: %s here, %s there", names[kind],
			names[other_kind], at - order->lane_start[lane] + 1, here->path,
			there->path);
		if (kind != REVCHAIN_ORDER_LANDING)
			revchain_finding_hint(findings, finding,
					      "databases met them in landing order, and skip in "
					      "silence what another order puts before "
					      "what they have: leave --order out");
	}
}

int revchain_order_uncommitted_static(struct revchain_snapshot *snapshot,
				      const struct revchain_migrations *set, const git_oid *tip,
				      struct revchain_findings *findings,
				      struct revchain_error *error)
{
	struct revchain_order order = {0};
	struct ordering ordering = {.snapshot = snapshot, .set = set, .order = &order};
	const bool *committed = NULL;
	size_t i;

	if (!snapshot->worktree)
		return REVCHAIN_OK;
	order.items = revchain_arena_array(set->arena, set->count, sizeof(*order.items));
	if (!order.items)
		return revchain_fail_memory(error);
	if (tip && !(committed = find_committed(&ordering, tip, error)))
		return (int)error->status;
	for (i = 0; i < set->count; i++)
		if (set->items[i].kind != REVCHAIN_DYNAMIC && !(committed && committed[i]))
			order.items[order.count++].migration = i;
	warn(&ordering, &uncommitted_static, findings);
	return REVCHAIN_OK;
}
