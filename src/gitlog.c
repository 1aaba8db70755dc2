#include "revchain/gitlog.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bitset.h"
#include "object.h"
#include "simplify.h"

#define PROGRESS_EVERY 256 /* commits */

/* A commit that waits to be shown by date. */
struct waiting {
	uint64_t date;
	uint32_t arrival; /* how many came before */
	uint32_t number;
};

/* A file in question, and the last commit so far that was shown with it. */
struct sought {
	struct revchain_landing landing;
	size_t shown; /* how many commits had been shown with it or others, this one included; 0:
			 not shown */
	uint32_t commit;
};

struct gitlog {
	struct revchain_history *history;
	struct revchain_simplified simplified;
	struct revchain_wanted wanted;
	struct sought *files; /* sorted by path, as in `wanted` */
	size_t shown, found;  /* commits so far, and files */
	uint32_t commit;      /* that is being shown */

	uint64_t *seen; /* the commits that ever waited, a bit each */
	uint32_t seen_words;
	uint32_t *stack; /* of commits, for the walks that need one */
	uint32_t stack_count, stack_capacity;
	struct waiting *heap; /* the first one is the next */
	uint32_t heap_count, heap_capacity, arrivals;
};

static void tell(struct gitlog *log)
{
	const struct revchain_history *history = log->history;

	if (history->progress && log->simplified.read % PROGRESS_EVERY == 0)
		history->progress(history->progress_data, log->simplified.read, log->found,
				  log->wanted.count);
}

/* Whether a commit waits for the first time. */
static int mark_seen(struct gitlog *log, uint32_t number, bool *first, struct revchain_error *error)
{
	uint32_t before = log->seen_words;
	uint64_t *seen = revchain_grow(log->seen, &log->seen_words,
				       (uint32_t)revchain_bits_words(number), sizeof(*seen));

	*first = false;
	if (!seen)
		return revchain_fail_memory(error);
	log->seen = seen;
	memset(seen + before, 0, (log->seen_words - before) * sizeof(*seen));
	*first = !revchain_bits_has(seen, number);
	revchain_bits_add(seen, number);
	return REVCHAIN_OK;
}

static bool was_seen(const struct gitlog *log, uint32_t number)
{
	return number / REVCHAIN_BITS < log->seen_words && revchain_bits_has(log->seen, number);
}

static int push(struct gitlog *log, uint32_t number, struct revchain_error *error)
{
	uint32_t *stack = revchain_grow(log->stack, &log->stack_capacity, log->stack_count + 1,
					sizeof(*stack));

	if (!stack)
		return revchain_fail_memory(error);
	log->stack = stack;
	stack[log->stack_count++] = number;
	return REVCHAIN_OK;
}

static void note_file(void *data, size_t index)
{
	struct gitlog *log = data;
	struct sought *file = &log->files[index];

	log->found += file->shown == 0;
	file->shown = log->shown;
	file->commit = log->commit;
}

/*
 * Show a simplified commit, whose parents were read: an older one takes the place of the younger
 * ones before, for --reverse prints it first.
 */
static int show(struct gitlog *log, uint32_t number, struct revchain_error *error)
{
	struct revchain_entry here, before = {REVCHAIN_ENTRY_NONE, {{0}}};
	const uint32_t *parents;
	size_t count;

	log->shown++;
	log->commit = number;
	parents = revchain_simplify_parents(&log->simplified, number, &count);
	if (count > 1)
		return REVCHAIN_OK;
	if (count)
		revchain_simplify_entry(&log->simplified, *parents, &before);
	revchain_simplify_entry(&log->simplified, number, &here);
	return revchain_treediff_added(log->history->repository, &before, &here, &log->wanted,
				       error);
}

/* By date ------------------------------------------------------------------------------------ */

static bool goes_before(const struct waiting *a, const struct waiting *b)
{
	return a->date != b->date ? a->date > b->date : a->arrival < b->arrival;
}

static int wait(struct gitlog *log, uint32_t number, struct revchain_error *error)
{
	struct waiting *heap = revchain_grow(log->heap, &log->heap_capacity, log->heap_count + 1,
					     sizeof(*heap)),
		       it;
	uint32_t at = log->heap_count;

	if (!heap)
		return revchain_fail_memory(error);
	log->heap = heap;
	log->heap_count++;
	it.date = revchain_simplify_date(&log->simplified, number);
	it.arrival = log->arrivals++;
	it.number = number;
	for (; at && goes_before(&it, &heap[(at - 1) / 2]); at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = it;
	return REVCHAIN_OK;
}

static uint32_t take_next(struct gitlog *log)
{
	struct waiting *heap = log->heap, last = heap[--log->heap_count];
	uint32_t next = heap[0].number, at = 0, child;

	for (; (child = at * 2 + 1) < log->heap_count; at = child) {
		if (child + 1 < log->heap_count && goes_before(&heap[child + 1], &heap[child]))
			child++;
		if (!goes_before(&heap[child], &last))
			break;
		heap[at] = heap[child];
	}
	heap[at] = last;
	return next;
}

/* Read a commit and let it wait, unless it did before. */
static int enter(struct gitlog *log, uint32_t number, struct revchain_error *error)
{
	bool first;
	int status = mark_seen(log, number, &first, error);

	if (!status && first)
		status = revchain_simplify_read(&log->simplified, number, error);
	return status || !first ? status : wait(log, number, error);
}

static int walk_by_date(struct gitlog *log, uint32_t tip, struct revchain_error *error)
{
	int status = enter(log, tip, error);

	while (!status && log->heap_count) {
		uint32_t number = take_next(log);
		size_t i, count = 0;

		status = revchain_simplify(&log->simplified, number, error);
		if (!status)
			revchain_simplify_parents(&log->simplified, number, &count);
		for (i = 0; !status && i < count; i++) /* asked for anew, as reading moves them */
			status = enter(
				log, revchain_simplify_parents(&log->simplified, number, &count)[i],
				error);
		if (!status)
			status = show(log, number, error);
		tell(log);
	}
	return status;
}

/* Topologically ------------------------------------------------------------------------------ */

/* Simplify all that can be reached, and count of each commit the children that it has then. */
static int count_children(struct gitlog *log, uint32_t tip, uint32_t **children,
			  struct revchain_error *error)
{
	uint32_t number;
	bool first;
	int status = mark_seen(log, tip, &first, error);

	if (!status)
		status = push(log, tip, error);
	while (!status && log->stack_count) {
		const uint32_t *parents;
		size_t i, count;

		number = log->stack[--log->stack_count];
		status = revchain_simplify(&log->simplified, number, error);
		tell(log);
		if (status)
			return status;
		parents = revchain_simplify_parents(&log->simplified, number, &count);
		for (i = 0; !status && i < count; i++) {
			status = mark_seen(log, parents[i], &first, error);
			if (!status && first)
				status = push(log, parents[i], error);
		}
	}
	if (status)
		return status;
	*children = revchain_oidmap_finish(&log->simplified.commits); /* all ids are known */
	for (number = 0; number < log->simplified.commits.count; number++) {
		size_t i, count = 0;
		const uint32_t *parents = NULL;

		if (was_seen(log, number))
			parents = revchain_simplify_parents(&log->simplified, number, &count);
		for (i = 0; i < count; i++)
			(*children)[parents[i]]++;
	}
	return REVCHAIN_OK;
}

static int walk_topologically(struct gitlog *log, uint32_t tip, struct revchain_error *error)
{
	uint32_t *children = NULL;
	int status = count_children(log, tip, &children, error);

	if (!status)
		status = push(log, tip, error);
	while (!status && log->stack_count) {
		uint32_t number = log->stack[--log->stack_count];
		const uint32_t *parents;
		size_t i, count;

		status = show(log, number, error);
		parents = revchain_simplify_parents(&log->simplified, number, &count);
		for (i = 0; !status && i < count; i++)
			if (--children[parents[i]] == 0)
				status = push(log, parents[i], error);
	}
	free(children);
	return status;
}

/* Files in and out --------------------------------------------------------------------------- */

static int by_path(const void *left, const void *right)
{
	const struct sought *a = left, *b = right;

	return strcmp(a->landing.path, b->landing.path);
}

/* The last commit that was shown is the first one of git's output. */
static int by_appearance(const void *left, const void *right)
{
	const struct sought *a = left, *b = right;

	if (a->shown != b->shown)
		return a->shown > b->shown ? -1 : 1;
	return strcmp(a->landing.path, b->landing.path);
}

static int start(struct gitlog *log, const char *directory, const struct revchain_landing *files,
		 size_t count, struct revchain_error *error)
{
	const char **paths = revchain_arena_array(log->history->arena, count, sizeof(*paths));
	size_t i;

	log->files = calloc(count, sizeof(*log->files));
	if (!paths || !log->files)
		return revchain_fail_memory(error);
	for (i = 0; i < count; i++)
		log->files[i].landing = files[i];
	qsort(log->files, count, sizeof(*log->files), by_path);
	for (i = 0; i < count; i++)
		paths[i] = log->files[i].landing.path;
	log->wanted.directory = directory;
	log->wanted.paths = paths;
	log->wanted.count = count;
	log->wanted.added = note_file;
	log->wanted.data = log;
	return revchain_simplify_init(&log->simplified, log->history->repository, directory, error);
}

/* Hand the files back in their order, with the commits that show them. */
static int finish(struct gitlog *log, struct revchain_landing *files, struct revchain_error *error)
{
	struct revchain_commit commit = {0};
	size_t i;
	int status = REVCHAIN_OK;

	qsort(log->files, log->wanted.count, sizeof(*log->files), by_appearance);
	for (i = 0; !status && i < log->wanted.count; i++) {
		const struct sought *file = &log->files[i];

		files[i] = file->landing;
		files[i].tie = 0;
		memset(&files[i].commit, 0, sizeof(files[i].commit));
		if (!file->shown)
			continue;
		if (i == 0 || file->shown != file[-1].shown)
			status = revchain_commit_read(log->history->repository,
						      &log->simplified.commits.ids[file->commit],
						      &commit, error);
		files[i].commit = commit.id;
		files[i].date = commit.date;
		files[i].zone = commit.zone;
	}
	revchain_commit_free(&commit);
	return status;
}

int revchain_gitlog_order(struct revchain_history *history, const git_oid *tip,
			  const char *directory, bool topological, struct revchain_landing *files,
			  size_t count, struct revchain_error *error)
{
	struct gitlog log = {.history = history};
	uint32_t number = 0;
	int status;

	if (!count)
		return REVCHAIN_OK;
	status = start(&log, directory, files, count, error);
	log.simplified.undated = topological;
	if (!status)
		status = revchain_simplify_number(&log.simplified, tip, &number, error);
	if (!status)
		status = topological ? walk_topologically(&log, number, error)
				     : walk_by_date(&log, number, error);
	if (!status)
		status = finish(&log, files, error);
	revchain_simplify_free(&log.simplified);
	free(log.heap);
	free(log.stack);
	free(log.seen);
	free(log.files);
	return status;
}
