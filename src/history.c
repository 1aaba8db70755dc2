#include "revchain/history.h"

#include <stdlib.h>
#include <string.h>

#include "object.h"
#include "pathset.h"
#include "stretch.h"
#include "trace.h"

#define PROGRESS_EVERY 256 /* commits */

/* A file in question, while its place is being decided. */
struct item {
	struct revchain_landing landing;
	git_oid at;  /* where it landed on the line that was walked last */
	size_t step; /* how many landings on that line are younger */
	size_t part; /* at a merge: the first merged parent that has it, or the number of parents */
	size_t turn; /* in which it was met last: of those that have one path there, in the order of
			the paths that they had where they came from it */
};

/* A range of items that landed at one commit and are still to be ordered. */
struct group {
	size_t low, high;
};

/* What is known of a lane. */
struct lane {
	char *directory; /* that all of its files are in at the tip; NULL: there are none */
	struct revchain_stretches stretches; /* of merged lines, over which that stays the same */
};

struct walk {
	struct revchain_history *history;
	struct item *items;
	size_t count;
	struct group *groups; /* a stack */
	size_t group_count, group_capacity;
	struct lane *lanes;
	size_t lane_count;
	size_t ties, commits, landed, turns; /* so far */
};

static void tell(struct walk *walk)
{
	const struct revchain_history *history = walk->history;

	if (history->progress && walk->commits % PROGRESS_EVERY == 0)
		history->progress(history->progress_data, walk->commits, walk->landed, walk->count);
}

static int compare_items(const void *left, const void *right)
{
	const struct item *a = left, *b = right;

	if (a->landing.lane != b->landing.lane)
		return a->landing.lane < b->landing.lane ? -1 : 1;
	if (a->step != b->step)
		return a->step > b->step ? -1 : 1;
	return a->turn < b->turn ? -1 : 1;
}

static int compare_parts(const void *left, const void *right)
{
	const struct item *a = left, *b = right;

	if (a->part != b->part)
		return a->part < b->part ? -1 : 1;
	return a->turn < b->turn ? -1 : 1;
}

static int push(struct walk *walk, size_t low, size_t high, struct revchain_error *error)
{
	if (high - low < 2)
		return REVCHAIN_OK;
	if (walk->group_count == walk->group_capacity) {
		size_t larger = walk->group_capacity ? walk->group_capacity * 2 : 64;
		struct group *moved = realloc(walk->groups, larger * sizeof(*moved));

		if (!moved)
			return revchain_fail_memory(error);
		walk->groups = moved;
		walk->group_capacity = larger;
	}
	walk->groups[walk->group_count].low = low;
	walk->groups[walk->group_count++].high = high;
	return REVCHAIN_OK;
}

/* A commit of a line at which files land. */
struct landing_commit {
	struct walk *walk;
	const struct revchain_commit *commit;
	size_t step;
	bool is_result; /* the line is the tip's */
};

static void land(void *data, const char *path, size_t index, const git_oid *blob)
{
	const struct landing_commit *here = data;
	struct item *item = &here->walk->items[index];

	(void)blob;
	item->landing.path = path;
	item->at = here->commit->id;
	item->step = here->step;
	item->turn = here->walk->turns++;
	if (here->is_result) {
		item->landing.commit = here->commit->id;
		item->landing.date = here->commit->date;
		item->landing.zone = here->commit->zone;
		here->walk->landed++;
	}
}

/* A walk down a line of first parents. */
struct line {
	struct walk *walk;
	struct revchain_pathset files; /* that have not landed */
	struct revchain_commit commit; /* where it is */
	struct revchain_commit parent; /* where it goes; after the step, where it came from */
	struct lane *lane;	       /* of the files; NULL: stretches do not matter */
	git_oid tree; /* of the lane's directory here; the zero id: files are elsewhere too */
};

/* Go on where the lane changes next, if a walk has been here before. */
static int skip(struct line *line, struct revchain_error *error)
{
	struct revchain_stretches *stretches = &line->lane->stretches;
	git_oid tree = revchain_pathset_directory(&line->files, line->lane->directory), end;
	bool changed = !git_oid_equal(&tree, &line->tree);
	int status = REVCHAIN_OK;

	if (changed)
		revchain_stretches_close(stretches, &line->parent.id); /* where it came from */
	line->tree = tree;
	if (git_oid_is_zero(&tree))
		return REVCHAIN_OK;
	status = revchain_stretches_visit(stretches, &line->commit.id, changed, &end, error);
	if (status || git_oid_equal(&end, &line->commit.id))
		return status;
	return revchain_commit_read(line->walk->history->repository, &end, &line->commit, error);
}

/* One step to the parent; what is lost on the way landed at the commit that is left. */
static int step(struct line *line, struct landing_commit *here, struct revchain_error *error)
{
	struct revchain_history *history = line->walk->history;
	struct revchain_commit left;
	size_t i;
	int status = revchain_commit_read(history->repository, &line->commit.parents[0],
					  &line->parent, error);

	if (!status)
		status = revchain_trace_step(history, &line->files, &line->commit.tree,
					     &line->parent.tree, error);
	if (status)
		return status;
	for (i = 0; i < line->files.lost_count; i++)
		land(here, line->files.lost[i].path, line->files.lost[i].file, NULL);
	here->step += line->files.lost_count > 0;
	left = line->commit;
	line->commit = line->parent;
	line->parent = left;
	line->walk->commits++;
	tell(line->walk);
	return line->lane ? skip(line, error) : REVCHAIN_OK;
}

/*
 * Follow the items in [low, high), all present at `tip`, down its line of first parents until
 * `enough` of them are left: those landed before all others. With 0 the line is the tip's, and
 * every landing a result.
 */
static int follow_line(struct walk *walk, const git_oid *tip, size_t low, size_t high,
		       size_t enough, struct revchain_error *error)
{
	struct line line = {.walk = walk};
	struct landing_commit here = {walk, &line.commit, 0, enough == 0};
	size_t i;
	int status = revchain_pathset_init(&line.files, walk->history->repository, error);

	if (!here.is_result)
		line.lane = &walk->lanes[walk->items[low].landing.lane];
	for (i = low; !status && i < high; i++)
		status = revchain_pathset_add(&line.files, walk->items[i].landing.path, i, error);
	if (!status)
		status = revchain_commit_read(walk->history->repository, tip, &line.commit, error);
	while (!status && line.files.count > enough && line.commit.parent_count)
		status = step(&line, &here, error);
	if (line.lane)
		revchain_stretches_close(&line.lane->stretches, &line.commit.id);
	if (!status) /* at the end of the line, or older than all others */
		revchain_pathset_each(&line.files, land, &here);
	revchain_pathset_free(&line.files);
	revchain_commit_free(&line.commit);
	revchain_commit_free(&line.parent);
	return status;
}

/* Order the items by where they landed on the line that was followed, and leave those that landed
 * together for later. */
static int sort_line(struct walk *walk, size_t low, size_t high, struct revchain_error *error)
{
	size_t start, end;
	int status = REVCHAIN_OK;

	qsort(walk->items + low, high - low, sizeof(*walk->items), compare_items);
	for (start = low; !status && start < high; start = end) {
		const struct item *first = &walk->items[start];

		for (end = start + 1; end < high; end++)
			if (walk->items[end].step != first->step ||
			    walk->items[end].landing.lane != first->landing.lane)
				break;
		status = push(walk, start, end, error);
	}
	return status;
}

/* Those that the walk cannot tell apart: they appeared at this commit, and in no merged parent. */
static void mark_tie(struct walk *walk, size_t low, size_t high, const git_oid *commit)
{
	size_t i;

	if (high - low < 2)
		return;
	walk->ties++;
	for (i = low; i < high; i++) {
		walk->items[i].landing.tie = walk->ties;
		walk->items[i].landing.tie_commit = *commit;
	}
}

/* In a merged parent: the item has this path there. */
struct found {
	struct walk *walk;
	size_t part;
};

static void found_in_parent(void *data, const char *path, size_t index, const git_oid *blob)
{
	struct found *found = data;
	struct item *item = &found->walk->items[index];

	(void)blob;
	item->landing.path = path;
	item->part = found->part;
	item->turn = found->walk->turns++;
}

/* Which of the items that are in no earlier merged parent are in this one, and under which path. */
static int look_in_parent(struct walk *walk, const struct group *group,
			  const struct revchain_commit *merge, size_t part,
			  struct revchain_error *error)
{
	struct revchain_commit parent = {0};
	struct revchain_pathset files;
	struct found found = {walk, part};
	size_t i;
	int status = revchain_pathset_init(&files, walk->history->repository, error);

	for (i = group->low; !status && i < group->high; i++)
		if (walk->items[i].part == merge->parent_count)
			status =
				revchain_pathset_add(&files, walk->items[i].landing.path, i, error);
	if (!status && files.count)
		status = revchain_commit_read(walk->history->repository, &merge->parents[part],
					      &parent, error);
	if (!status && files.count)
		status = revchain_trace_step(walk->history, &files, &merge->tree, &parent.tree,
					     error);
	if (!status)
		revchain_pathset_each(&files, found_in_parent, &found);
	revchain_pathset_free(&files);
	revchain_commit_free(&parent);
	return status;
}

/* Order a group that landed at one commit: by the parents that it merged, each in its own landing
 * order. */
static int enter_commit(struct walk *walk, const struct group *group,
			const struct revchain_commit *commit, struct revchain_error *error)
{
	size_t i, part, start = group->low, end;
	int status = REVCHAIN_OK;

	if (commit->parent_count > REVCHAIN_PARENTS_MAX)
		return revchain_fail_parents(error, &commit->id);
	for (i = group->low; i < group->high; i++)
		walk->items[i].part = commit->parent_count;
	for (part = 1; !status && part < commit->parent_count; part++)
		status = look_in_parent(walk, group, commit, part, error);
	if (status)
		return status;
	qsort(walk->items + group->low, group->high - group->low, sizeof(*walk->items),
	      compare_parts);
	for (; start < group->high; start = end) {
		part = walk->items[start].part;
		for (end = start + 1; end < group->high && walk->items[end].part == part; end++)
			;
		if (part == commit->parent_count) {
			mark_tie(walk, start, end, &commit->id);
		} else if (end - start > 1) {
			status = follow_line(walk, &commit->parents[part], start, end, 1, error);
			if (!status)
				status = sort_line(walk, start, end, error);
		}
		if (status)
			return status;
	}
	return REVCHAIN_OK;
}

static int decide(struct walk *walk, const git_oid *tip, struct revchain_error *error)
{
	struct revchain_commit commit = {0};
	int status = follow_line(walk, tip, 0, walk->count, 0, error);

	if (!status)
		status = sort_line(walk, 0, walk->count, error);
	while (!status && walk->group_count) {
		struct group group = walk->groups[--walk->group_count];

		status = revchain_commit_read(walk->history->repository, &walk->items[group.low].at,
					      &commit, error);
		if (!status)
			status = enter_commit(walk, &group, &commit, error);
		walk->commits++;
		tell(walk);
	}
	revchain_commit_free(&commit);
	return status;
}

/* Cut a directory back to what it has in common with the one that a path is in. */
static void cut_to_common(char *directory, const char *path)
{
	size_t i, common = 0;

	for (i = 0; directory[i] && directory[i] == path[i]; i++)
		if (directory[i] == '/')
			common = i;
	if (directory[i] || path[i] != '/')
		directory[common] = '\0';
}

static int find_lanes(struct walk *walk, struct revchain_error *error)
{
	size_t i;

	for (i = 0; i < walk->count; i++)
		if (walk->items[i].landing.lane >= walk->lane_count)
			walk->lane_count = walk->items[i].landing.lane + 1;
	walk->lanes = calloc(walk->lane_count, sizeof(*walk->lanes));
	if (!walk->lanes)
		return revchain_fail_memory(error);
	for (i = 0; i < walk->count; i++) {
		const char *path = walk->items[i].landing.path, *slash = strrchr(path, '/');
		struct lane *lane = &walk->lanes[walk->items[i].landing.lane];

		if (lane->directory)
			cut_to_common(lane->directory, path);
		else
			lane->directory = strndup(path, slash ? (size_t)(slash - path) : 0);
		if (!lane->directory)
			return revchain_fail_memory(error);
	}
	return REVCHAIN_OK;
}

static void free_lanes(struct walk *walk)
{
	size_t i;

	for (i = 0; i < walk->lane_count && walk->lanes; i++) {
		revchain_stretches_free(&walk->lanes[i].stretches);
		free(walk->lanes[i].directory);
	}
	free(walk->lanes);
}

int revchain_history_landings(struct revchain_history *history, const git_oid *tip,
			      struct revchain_landing *landings, size_t count,
			      struct revchain_error *error)
{
	struct walk walk = {.history = history, .count = count};
	size_t i;
	int status;

	if (!count)
		return REVCHAIN_OK;
	walk.items = calloc(count, sizeof(*walk.items));
	if (!walk.items)
		return revchain_fail_memory(error);
	for (i = 0; i < count; i++)
		walk.items[i].landing = landings[i];
	status = find_lanes(&walk, error);
	if (!status)
		status = decide(&walk, tip, error);
	for (i = 0; !status && i < count; i++)
		landings[i] = walk.items[i].landing;
	free_lanes(&walk);
	free(walk.groups);
	free(walk.items);
	return status;
}

static void found_elsewhere(void *data, const char *path, size_t index, const git_oid *blob)
{
	(void)path;
	(void)blob;
	((bool *)data)[index] = false;
}

int revchain_history_arrived(struct revchain_history *history, const git_oid *id,
			     const char *const *paths, size_t count, bool *arrived,
			     struct revchain_error *error)
{
	struct revchain_commit commit = {0}, parent = {0};
	size_t i, part;
	int status = revchain_commit_read(history->repository, id, &commit, error);

	if (!status && commit.parent_count > REVCHAIN_PARENTS_MAX)
		status = revchain_fail_parents(error, id);
	for (i = 0; i < count; i++)
		arrived[i] = true;
	for (part = 0; !status && part < commit.parent_count; part++) {
		struct revchain_pathset files;

		status = revchain_pathset_init(&files, history->repository, error);
		for (i = 0; !status && i < count; i++)
			if (arrived[i])
				status = revchain_pathset_add(&files, paths[i], i, error);
		if (!status)
			status = revchain_commit_read(history->repository, &commit.parents[part],
						      &parent, error);
		if (!status)
			status = revchain_trace_step(history, &files, &commit.tree, &parent.tree,
						     error);
		if (!status)
			revchain_pathset_each(&files, found_elsewhere, arrived);
		revchain_pathset_free(&files);
	}
	revchain_commit_free(&commit);
	revchain_commit_free(&parent);
	return status;
}
