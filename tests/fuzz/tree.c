/* The parser of raw trees, alone and with two of them side by side. */
#include "objects.h"

#include "object.h"
#include "treediff.h"

/* Every entry is found under its name, or another of that name before it. */
static void must_find(struct revchain_repository *repository, const git_oid *id,
		      const struct revchain_tree_entry *entry)
{
	struct revchain_error error;
	unsigned mode;
	git_oid found_id;
	bool found;

	MUST(entry->length > 0 && strlen(entry->name) == entry->length);
	MUST(revchain_tree_find(repository, id, entry->name, entry->length, &mode, &found_id,
				&found, &error) == REVCHAIN_OK);
	MUST(found);
}

static void read_entries(struct revchain_repository *repository, const git_oid *id, size_t size)
{
	struct revchain_tree tree;
	struct revchain_tree_entry entry;
	struct revchain_error error;
	size_t count = 0;
	int more;

	MUST(revchain_tree_open(repository, id, &tree, &error) == REVCHAIN_OK);
	while ((more = revchain_tree_next(&tree, &entry)) > 0) {
		MUST(++count * (REVCHAIN_OID_RAW + 4) <= size);
		if (count < 32)
			must_find(repository, id, &entry);
	}
	MUST(more < 0 || tree.cursor == tree.end);
	revchain_tree_close(&tree);
}

/* What two trees begin with in common is left out, and nothing else. */
static void skip_common(struct revchain_repository *repository, const git_oid *a, const git_oid *b)
{
	struct revchain_tree left, right;
	struct revchain_error error;
	const char *left_start, *right_start;
	size_t skipped;

	MUST(revchain_tree_open(repository, a, &left, &error) == REVCHAIN_OK);
	MUST(revchain_tree_open(repository, b, &right, &error) == REVCHAIN_OK);
	left_start = left.cursor;
	right_start = right.cursor;
	revchain_tree_skip_common(&left, &right);
	skipped = (size_t)(left.cursor - left_start);
	MUST(left.cursor <= left.end && right.cursor <= right.end);
	MUST((size_t)(right.cursor - right_start) == skipped);
	MUST(skipped == 0 || memcmp(left_start, right_start, skipped) == 0);
	revchain_tree_close(&left);
	revchain_tree_close(&right);
}

static void compare(struct revchain_repository *repository, const git_oid *a, const git_oid *b)
{
	const struct revchain_entry from = {REVCHAIN_ENTRY_TREE, *a},
				    to = {REVCHAIN_ENTRY_TREE, *b};
	struct revchain_error error;
	bool same;
	int status = revchain_treediff_same(repository, &from, &to, &same, &error);

	MUST_BE_ONE_OF(status, error, REVCHAIN_HISTORY);
	MUST(status || same || !git_oid_equal(a, b));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct revchain_repository *repository = objects_repository();
	git_oid id = object_put(GIT_OBJECT_TREE, data, size), other;
	uint8_t *changed = malloc(size + 1);

	MUST(changed);
	memcpy(changed, data, size);
	if (size > 0)
		changed[size * 2 / 3] ^= 1;
	other = object_put(GIT_OBJECT_TREE, changed, size);
	free(changed);
	read_entries(repository, &id, size);
	skip_common(repository, &id, &other);
	compare(repository, &id, &other);
	compare(repository, &id, &id);
	objects_clear();
	return 0;
}
