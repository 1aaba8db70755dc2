#include "object.h"

#include <stdlib.h>
#include <string.h>

#include <git2/errors.h>
#include <git2/repository.h>

#include "repository.h"

#define HEX REVCHAIN_OID_HEX

int revchain_fail_damaged(struct revchain_error *error, const char *type, const git_oid *id)
{
	char hex[HEX + 1];

	revchain_fail(error, REVCHAIN_HISTORY, "the repository is damaged: %s %s cannot be read",
		      type, git_oid_tostr(hex, sizeof(hex), id));
	revchain_error_hint(error, "git fsck");
	return REVCHAIN_HISTORY;
}

int revchain_fail_parents(struct revchain_error *error, const git_oid *merge)
{
	char hex[HEX + 1];

	return revchain_fail(error, REVCHAIN_HISTORY,
			     "the merge %s has more than 256 parents: too many to compare each "
			     "with it",
			     git_oid_tostr(hex, sizeof(hex), merge));
}

/* The value of each byte as a hexadecimal digit: 1 + it, 0 for none. */
static const unsigned char digits[256] = {
	['0'] = 1,  ['1'] = 2,	['2'] = 3,  ['3'] = 4,	['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,	['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

/* git_oid_fromstr in a fraction of its time: each commit has two or three ids. */
static bool read_id(const char *hex, git_oid *id)
{
	const unsigned char *at = (const unsigned char *)hex;
	unsigned wrong = 0;
	size_t i;

	for (i = 0; i < REVCHAIN_OID_RAW; i++) {
		unsigned high = digits[at[2 * i]] - 1U, low = digits[at[2 * i + 1]] - 1U;

		wrong |= high | low; /* without a digit all bits are set */
		id->id[i] = (unsigned char)(high << 4 | low);
	}
	return wrong < 16;
}

/* "KEY HEX\n" at the cursor: take it in, or leave the cursor where it is. */
static bool take_id(const char **cursor, const char *end, const char *key, git_oid *id)
{
	size_t length = strlen(key);
	const char *at = *cursor;

	if ((size_t)(end - at) < length + HEX + 1 || memcmp(at, key, length) != 0 ||
	    at[length + HEX] != '\n' || !read_id(at + length, id))
		return false;
	*cursor = at + length + HEX + 1;
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * The date behind the last `>` of the committer's line, read as leniently as git does
 * (parse_commit_date): what is not a number is 0.
 */
static void take_date(const char *line, const char *end, struct revchain_commit *commit)
{
	const char *at = end;
	int64_t date = 0;
	int zone = 0, sign;

	while (at > line && at[-1] != '>')
		at--;
	while (at < end && *at == ' ')
		at++;
	for (; at < end && is_digit(*at) && date < INT64_MAX / 10 - 1; at++)
		date = date * 10 + (*at - '0');
	commit->date = date;
	commit->zone = 0;
	if (end - at < 6 || at[0] != ' ' || (at[1] != '+' && at[1] != '-'))
		return;
	sign = at[1] == '-' ? -1 : 1;
	for (at += 2; at < end && is_digit(*at) && zone < 100000; at++)
		zone = zone * 10 + (*at - '0');
	commit->zone = sign * (zone / 100 * 60 + zone % 100);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* A number as strtoumax reads it: a minus goes round, and too large a number is the largest. */
static uint64_t take_number(const char *at, const char *end)
{
	bool negative = at < end && *at == '-';
	uint64_t number = 0;

	for (at += negative; at < end && is_digit(*at); at++) {
		uint64_t digit = (uint64_t)(*at - '0');

		if (number > (UINT64_MAX - digit) / 10)
			return UINT64_MAX;
		number = number * 10 + digit;
	}
	return negative ? 0 - number : number;
}

/*
 * The date that git sorts by, from what follows the parents. Source: parse_commit_date in git's
 * commit.c, which takes 0 for whatever is not as it should be.
 */
static uint64_t take_sort_date(const char *at, const char *end)
{
	const char *line_end;

	if (end - at <= 6 || memcmp(at, "author", 6) != 0)
		return 0;
	at = memchr(at, '\n', (size_t)(end - at));
	if (!at || end - ++at <= 9 || memcmp(at, "committer", 9) != 0)
		return 0;
	line_end = memchr(at, '\n', (size_t)(end - at));
	if (!line_end)
		return 0;
	for (end = line_end; end > at && end[-1] != '>';)
		end--;
	if (end == at)
		return 0;
	for (at = end; at < line_end && is_blank(*at);)
		at++;
	return take_number(at, line_end);
}

static int add_parent(struct revchain_commit *commit, const git_oid *parent,
		      struct revchain_error *error)
{
	if (commit->parent_count == commit->parent_capacity) {
		size_t larger = commit->parent_capacity ? commit->parent_capacity * 2 : 4;
		git_oid *moved = realloc(commit->parents, larger * sizeof(*moved));

		if (!moved)
			return revchain_fail_memory(error);
		commit->parents = moved;
		commit->parent_capacity = larger;
	}
	commit->parents[commit->parent_count++] = *parent;
	return REVCHAIN_OK;
}

/* A parent line that is no parent: to read on would be to lose history without a word. */
static bool is_cut_parent(const char *at, const char *end)
{
	size_t length = (size_t)(end - at);

	return length && memcmp(at, "parent", length < 6 ? length : 6) == 0;
}

static int parse_commit(const char *data, size_t size, struct revchain_commit *commit,
			struct revchain_error *error)
{
	const char *cursor = data, *end = data + size, *line_end;
	git_oid parent;

	commit->parent_count = 0;
	commit->date = 0;
	commit->zone = 0;
	if (!take_id(&cursor, end, "tree ", &commit->tree))
		return revchain_fail_damaged(error, "commit", &commit->id);
	while (take_id(&cursor, end, "parent ", &parent)) {
		int status = add_parent(commit, &parent, error);
		if (status)
			return status;
	}
	commit->sort_date = take_sort_date(cursor, end);
	if (is_cut_parent(cursor, end))
		return revchain_fail_damaged(error, "commit", &commit->id);
	for (; cursor < end && *cursor != '\n'; cursor = line_end + 1) {
		line_end = memchr(cursor, '\n', (size_t)(end - cursor));
		if (!line_end)
			break;
		if (end - cursor > 10 && memcmp(cursor, "committer ", 10) == 0) {
			take_date(cursor, line_end, commit);
			break;
		}
	}
	return REVCHAIN_OK;
}

int revchain_commit_read(struct revchain_repository *repository, const git_oid *id,
			 struct revchain_commit *commit, struct revchain_error *error)
{
	git_odb_object *object;
	int status;

	status = revchain_repository_read_object(repository, id, GIT_OBJECT_COMMIT, &object, error);
	if (status)
		return status;
	commit->id = *id;
	status = parse_commit(git_odb_object_data(object), git_odb_object_size(object), commit,
			      error);
	git_odb_object_free(object);
	return status;
}

void revchain_commit_free(struct revchain_commit *commit)
{
	free(commit->parents);
	memset(commit, 0, sizeof(*commit));
}

int revchain_tree_open(struct revchain_repository *repository, const git_oid *id,
		       struct revchain_tree *tree, struct revchain_error *error)
{
	int status;

	memset(tree, 0, sizeof(*tree));
	if (git_oid_is_zero(id))
		return REVCHAIN_OK;
	status = revchain_repository_read_object(repository, id, GIT_OBJECT_TREE, &tree->object,
						 error);
	if (status)
		return status;
	tree->cursor = git_odb_object_data(tree->object);
	tree->end = tree->cursor + git_odb_object_size(tree->object);
	return REVCHAIN_OK;
}

void revchain_tree_close(struct revchain_tree *tree)
{
	if (tree->object)
		git_odb_object_free(tree->object);
	memset(tree, 0, sizeof(*tree));
}

int revchain_tree_next(struct revchain_tree *tree, struct revchain_tree_entry *entry)
{
	const char *at = tree->cursor, *name_end;
	unsigned digit;

	if (at == tree->end)
		return 0;
	entry->mode = 0;
	/* a NUL is behind the end */
	while ((digit = (unsigned char)*at - (unsigned)'0') < 8 && entry->mode < 01000000) {
		entry->mode = entry->mode * 8 + digit;
		at++;
	}
	if (at == tree->cursor || *at != ' ')
		return -1;
	entry->name = ++at;
	name_end = memchr(at, '\0', (size_t)(tree->end - at));
	if (!name_end || name_end == at || tree->end - name_end < 1 + REVCHAIN_OID_RAW)
		return -1;
	entry->length = (size_t)(name_end - at);
	memcpy(entry->id.id, name_end + 1, REVCHAIN_OID_RAW);
	tree->cursor = name_end + 1 + REVCHAIN_OID_RAW;
	return 1;
}

void revchain_tree_skip_common(struct revchain_tree *a, struct revchain_tree *b)
{
	for (;;) {
		size_t left = (size_t)(a->end - a->cursor), length;
		const char *name_end = left ? memchr(a->cursor, '\0', left) : NULL;

		if (!name_end || a->end - name_end < 1 + REVCHAIN_OID_RAW)
			return;
		length = (size_t)(name_end - a->cursor) + 1 + REVCHAIN_OID_RAW;
		if ((size_t)(b->end - b->cursor) < length ||
		    memcmp(a->cursor, b->cursor, length) != 0)
			return;
		a->cursor += length;
		b->cursor += length;
	}
}

bool revchain_mode_is_tree(unsigned mode)
{
	return (mode & 0170000) == 0040000;
}

bool revchain_mode_is_link(unsigned mode)
{
	return (mode & 0170000) == 0120000;
}

bool revchain_mode_is_file(unsigned mode)
{
	return (mode & 0170000) == 0100000 || revchain_mode_is_link(mode);
}

int revchain_tree_compare(const char *a, size_t a_length, bool a_is_tree, const char *b,
			  size_t b_length, bool b_is_tree)
{
	size_t shorter = a_length < b_length ? a_length : b_length;
	int difference = memcmp(a, b, shorter);
	int a_next, b_next;

	if (difference)
		return difference;
	a_next = a_length > shorter ? (unsigned char)a[shorter] : (a_is_tree ? '/' : 0);
	b_next = b_length > shorter ? (unsigned char)b[shorter] : (b_is_tree ? '/' : 0);
	return a_next - b_next;
}

int revchain_tree_find(struct revchain_repository *repository, const git_oid *tree,
		       const char *name, size_t length, unsigned *mode, git_oid *id, bool *found,
		       struct revchain_error *error)
{
	struct revchain_tree reader;
	struct revchain_tree_entry entry;
	int status, more = 1;

	*found = false;
	status = revchain_tree_open(repository, tree, &reader, error);
	while (!status && !*found && (more = revchain_tree_next(&reader, &entry)) > 0) {
		if (entry.length != length || memcmp(entry.name, name, length) != 0)
			continue;
		*mode = entry.mode;
		*id = entry.id;
		*found = true;
	}
	if (!status && more < 0)
		status = revchain_fail_damaged(error, "tree", tree);
	revchain_tree_close(&reader);
	return status;
}

int revchain_tree_find_path(struct revchain_repository *repository, const git_oid *tree,
			    const char *path, unsigned *mode, git_oid *id, bool *found,
			    struct revchain_error *error)
{
	git_oid at = *tree;

	for (;;) {
		size_t length = strcspn(path, "/");
		int status =
			revchain_tree_find(repository, &at, path, length, mode, id, found, error);

		if (status || !*found || path[length] == '\0')
			return status;
		if (!revchain_mode_is_tree(*mode)) {
			*found = false;
			return REVCHAIN_OK;
		}
		at = *id;
		path += length + 1;
	}
}
