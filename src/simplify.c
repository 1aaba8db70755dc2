#include "simplify.h"

#include <stdlib.h>
#include <string.h>

#include "object.h"

/* What stands for the parents of a commit: the number of the only one, MANY and the place among the
 * edges, or one of these. */
#define MANY ((uint32_t)0x80000000)
#define NO_PARENT ((uint32_t)0xffffffff)
#define UNREAD ((uint32_t)0xfffffffe)

#define NO_ENTRY ((uint32_t)0xffffffff)
#define ENTRY_MOST ((uint32_t)0x20000000) /* so many of a kind: number and kind share 32 bits */

struct revchain_commit_record {
	uint32_t parents;
	uint32_t entry; /* number among the entries of its kind, times REVCHAIN_ENTRY_KINDS, plus
			   kind; or NO_ENTRY */
};

/*
 * One component of the path: the trees it was looked up in last, and what it was there. A tree
 * comes again and again, in the commits that changed something else, and in those of branches side
 * by side.
 */
#define MEMO_SLOTS 64

struct revchain_path_memo {
	const char *name; /* points into the path */
	size_t length;
	git_oid trees[MEMO_SLOTS]; /* zero: free */
	struct revchain_entry entries[MEMO_SLOTS];
};

static size_t count_components(const char *path)
{
	size_t count = *path ? 1 : 0;

	for (; *path; path++)
		count += *path == '/';
	return count;
}

int revchain_simplify_init(struct revchain_simplified *simplified,
			   struct revchain_repository *repository, const char *path,
			   struct revchain_error *error)
{
	size_t i, count = count_components(path);

	memset(simplified, 0, sizeof(*simplified));
	simplified->repository = repository;
	simplified->path = path;
	simplified->memos = calloc(
		count + 1,
		sizeof(*simplified->memos)); /* the last one has no name, and ends the path */
	if (!simplified->memos)
		return revchain_fail_memory(error);
	for (i = 0; i < count; i++) {
		simplified->memos[i].name = path;
		simplified->memos[i].length = strcspn(path, "/");
		path += simplified->memos[i].length + 1;
	}
	return REVCHAIN_OK;
}

void revchain_simplify_free(struct revchain_simplified *simplified)
{
	size_t i;

	for (i = 0; i < REVCHAIN_ENTRY_KINDS; i++)
		revchain_oidmap_free(&simplified->entries[i]);
	revchain_oidmap_free(&simplified->commits);
	free(simplified->records);
	free(simplified->dates);
	free(simplified->edges);
	free(simplified->memos);
	memset(simplified, 0, sizeof(*simplified));
}

int revchain_simplify_number(struct revchain_simplified *simplified, const git_oid *id,
			     uint32_t *number, struct revchain_error *error)
{
	struct revchain_commit_record *records;
	uint64_t *dates;
	uint32_t before = simplified->commits.count;
	int status = revchain_oidmap_add(&simplified->commits, id, number, error);

	if (status || simplified->commits.count == before)
		return status;
	records = revchain_grow(simplified->records, &simplified->record_capacity,
				simplified->commits.count, sizeof(*records));
	if (!records)
		return revchain_fail_memory(error);
	simplified->records = records;
	records[*number].parents = UNREAD;
	if (simplified->undated)
		return REVCHAIN_OK;
	dates = revchain_grow(simplified->dates, &simplified->date_capacity,
			      simplified->commits.count, sizeof(*dates));
	if (!dates)
		return revchain_fail_memory(error);
	simplified->dates = dates;
	return REVCHAIN_OK;
}

/* What a name is in a tree. */
static int look_up(struct revchain_simplified *simplified, struct revchain_path_memo *memo,
		   const git_oid *tree, struct revchain_entry *entry, struct revchain_error *error)
{
	size_t slot = tree->id[0] % MEMO_SLOTS;
	unsigned mode;
	bool found;
	int status;

	if (git_oid_equal(&memo->trees[slot], tree)) {
		*entry = memo->entries[slot];
		return REVCHAIN_OK;
	}
	memset(entry, 0, sizeof(*entry));
	status = revchain_tree_find(simplified->repository, tree, memo->name, memo->length, &mode,
				    &entry->id, &found, error);
	if (status)
		return status;
	entry->kind = found ? revchain_entry_kind_of(mode) : REVCHAIN_ENTRY_NONE;
	memo->trees[slot] = *tree;
	memo->entries[slot] = *entry;
	return REVCHAIN_OK;
}

/* Find what a commit has at the path, and number it. */
static int find_entry(struct revchain_simplified *simplified, const git_oid *root, uint32_t *number,
		      struct revchain_error *error)
{
	struct revchain_entry entry = {REVCHAIN_ENTRY_TREE, *root};
	struct revchain_path_memo *memo = simplified->memos;
	int status = REVCHAIN_OK;

	for (; !status && memo->name && entry.kind == REVCHAIN_ENTRY_TREE; memo++) {
		git_oid tree = entry.id;

		status = look_up(simplified, memo, &tree, &entry, error);
	}
	*number = NO_ENTRY;
	if (status || memo->name || entry.kind == REVCHAIN_ENTRY_NONE)
		return status;
	status = revchain_oidmap_add(&simplified->entries[entry.kind], &entry.id, number, error);
	if (!status && *number >= ENTRY_MOST)
		status =
			revchain_fail(error, REVCHAIN_IO, "%s changed too often", simplified->path);
	*number = *number * REVCHAIN_ENTRY_KINDS + (uint32_t)entry.kind;
	return status;
}

/* Number the parents of a commit and note them down. */
static int add_parents(struct revchain_simplified *simplified, const struct revchain_commit *commit,
		       uint32_t *parents, struct revchain_error *error)
{
	uint32_t place = simplified->edge_count, *edges;
	size_t i, count = commit->parent_count;
	int status = REVCHAIN_OK;

	*parents = NO_PARENT;
	if (count == 1)
		return revchain_simplify_number(simplified, &commit->parents[0], parents, error);
	if (count == 0)
		return REVCHAIN_OK;
	if (count >= MANY - 2 - place)
		return revchain_fail(error, REVCHAIN_IO, "the history has too many merges");
	edges = revchain_grow(simplified->edges, &simplified->edge_capacity,
			      place + 1 + (uint32_t)count, sizeof(*edges));
	if (!edges)
		return revchain_fail_memory(error);
	simplified->edges = edges;
	edges[place] = (uint32_t)count;
	for (i = 0; !status && i < count; i++)
		status = revchain_simplify_number(simplified, &commit->parents[i],
						  &edges[place + 1 + i], error);
	simplified->edge_count = place + 1 + (uint32_t)count;
	*parents = MANY | place;
	return status;
}

int revchain_simplify_read(struct revchain_simplified *simplified, uint32_t number,
			   struct revchain_error *error)
{
	struct revchain_commit commit = {0};
	struct revchain_commit_record record = {0};
	int status;

	if (simplified->records[number].parents != UNREAD)
		return REVCHAIN_OK;
	status = revchain_commit_read(simplified->repository, &simplified->commits.ids[number],
				      &commit, error);
	if (!status)
		status = find_entry(simplified, &commit.tree, &record.entry, error);
	if (!status)
		status = add_parents(simplified, &commit, &record.parents, error);
	if (!status) {
		simplified->records[number] = record;
		if (!simplified->undated)
			simplified->dates[number] = commit.sort_date;
		simplified->read++;
	}
	revchain_commit_free(&commit);
	return status;
}

int revchain_simplify(struct revchain_simplified *simplified, uint32_t number,
		      struct revchain_error *error)
{
	struct revchain_entry here, there;
	uint32_t parents;
	size_t i, count;
	bool same = false;
	int status = revchain_simplify_read(simplified, number, error);

	if (status)
		return status;
	parents = simplified->records[number].parents;
	if (parents == NO_PARENT || !(parents & MANY))
		return REVCHAIN_OK;
	revchain_simplify_entry(simplified, number, &here);
	revchain_simplify_parents(simplified, number, &count);
	for (i = 0; i < count; i++) {
		uint32_t parent = simplified->edges[(parents & ~MANY) + 1 + i];

		if (i == REVCHAIN_PARENTS_MAX)
			return revchain_fail_parents(error, &simplified->commits.ids[number]);
		status = revchain_simplify_read(simplified, parent, error);
		if (!status) {
			revchain_simplify_entry(simplified, parent, &there);
			status = revchain_treediff_same(simplified->repository, &there, &here,
							&same, error);
		}
		if (same)
			simplified->records[number].parents = parent;
		if (status || same)
			return status;
	}
	return REVCHAIN_OK;
}

const uint32_t *revchain_simplify_parents(const struct revchain_simplified *simplified,
					  uint32_t number, size_t *count)
{
	const uint32_t *parents = &simplified->records[number].parents;

	*count = *parents != NO_PARENT;
	if (*count && *parents & MANY) {
		parents = &simplified->edges[*parents & ~MANY];
		*count = *parents++;
	}
	return parents;
}

uint64_t revchain_simplify_date(const struct revchain_simplified *simplified, uint32_t number)
{
	return simplified->dates[number];
}

void revchain_simplify_entry(const struct revchain_simplified *simplified, uint32_t number,
			     struct revchain_entry *entry)
{
	uint32_t at = simplified->records[number].entry;

	memset(entry, 0, sizeof(*entry));
	entry->kind = at == NO_ENTRY ? REVCHAIN_ENTRY_NONE : at % REVCHAIN_ENTRY_KINDS;
	if (at != NO_ENTRY)
		entry->id = simplified->entries[entry->kind].ids[at / REVCHAIN_ENTRY_KINDS];
}
