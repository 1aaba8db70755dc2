#include "treediff.h"

#include <string.h>

#include "revchain/buffer.h"

#include "object.h"

#define DEPTH_MAX 2048	    /* directories in directories, as git's core.maxTreeDepth has it */
#define ENTERED_MOST 100000 /* trees without a difference that a comparison looks into */

struct diff {
	struct revchain_repository *repository;
	const struct revchain_wanted *wanted; /* NULL: only whether anything differs */
	struct revchain_buffer
		path; /* of the directory that is compared, with a slash; empty: the root */
	bool differs;
	unsigned long entered;
	struct revchain_error *error;
};

enum revchain_entry_kind revchain_entry_kind_of(unsigned mode)
{
	if (revchain_mode_is_tree(mode))
		return REVCHAIN_ENTRY_TREE;
	if (revchain_mode_is_link(mode))
		return REVCHAIN_ENTRY_LINK;
	if (!revchain_mode_is_file(mode))
		return REVCHAIN_ENTRY_SUBMODULE;
	return mode & 0100 ? REVCHAIN_ENTRY_EXECUTABLE : REVCHAIN_ENTRY_FILE;
}

/* The first wanted path that is not before this text. */
static size_t first_from(const struct revchain_wanted *wanted, const char *text)
{
	size_t low = 0, high = wanted->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(wanted->paths[middle], text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_wanted_below(const struct diff *diff)
{
	const struct revchain_wanted *wanted = diff->wanted;
	const char *path = diff->path.length ? diff->path.text : "";
	size_t at = first_from(wanted, path);

	return at < wanted->count && strncmp(wanted->paths[at], path, diff->path.length) == 0;
}

static void cut_path(struct diff *diff, size_t length)
{
	diff->path.length = length;
	if (diff->path.text)
		diff->path.text[length] = '\0';
}

/* A file that is on the newer side alone. */
static int add_file(struct diff *diff, const struct revchain_tree_entry *file)
{
	const struct revchain_wanted *wanted = diff->wanted;
	size_t length = diff->path.length, at;

	diff->differs = true;
	if (!wanted)
		return REVCHAIN_OK;
	revchain_buffer_add(&diff->path, file->name, file->length);
	if (diff->path.failed)
		return revchain_fail_memory(diff->error);
	at = first_from(wanted, diff->path.text);
	if (at < wanted->count && strcmp(wanted->paths[at], diff->path.text) == 0)
		wanted->added(wanted->data, at);
	cut_path(diff, length);
	return REVCHAIN_OK;
}

static int compare_trees(struct diff *diff, const git_oid *from, const git_oid *to, int depth);

/* Two trees of the same name; one may be the zero id, for none. */
static int enter(struct diff *diff, const struct revchain_tree_entry *name, const git_oid *from,
		 const git_oid *to, int depth)
{
	size_t length = diff->path.length;
	int status = REVCHAIN_OK;

	if (diff->wanted) {
		revchain_buffer_add(&diff->path, name->name, name->length);
		revchain_buffer_puts(&diff->path, "/");
		if (diff->path.failed)
			return revchain_fail_memory(diff->error);
	}
	if (!diff->wanted || is_wanted_below(diff))
		status = compare_trees(diff, from, to, depth + 1);
	cut_path(diff, length);
	return status;
}

/* Where two trees are being read. */
struct side {
	struct revchain_tree tree;
	struct revchain_tree_entry entry;
	int more; /* whether there is an entry: 1, 0, or -1 where the tree is damaged */
};

static const git_oid none;

static int compare_entries(struct diff *diff, struct side *from, struct side *to, int depth)
{
	const struct revchain_tree_entry *old = &from->entry, *new = &to->entry;
	bool old_is_tree = from->more && revchain_mode_is_tree(old->mode),
	     new_is_tree = to->more && revchain_mode_is_tree(new->mode);
	int order = from->more && to->more
			    ? revchain_tree_compare(old->name, old->length, old_is_tree, new->name,
						    new->length, new_is_tree)
			    : to->more - from->more;
	int status = REVCHAIN_OK;

	if (order < 0) {
		if (!old_is_tree)
			diff->differs = true;
		else if (!diff->wanted)
			status = enter(diff, old, &old->id, &none, depth);
	} else if (order > 0) {
		status = new_is_tree ? enter(diff, new, &none, &new->id, depth)
				     : add_file(diff, new);
	} else if (old_is_tree) {
		if (!git_oid_equal(&old->id, &new->id))
			status = enter(diff, new, &old->id, &new->id, depth);
	} else if (!git_oid_equal(&old->id, &new->id) ||
		   revchain_entry_kind_of(old->mode) != revchain_entry_kind_of(new->mode)) {
		diff->differs = true;
	}
	if (order <= 0)
		from->more = revchain_tree_next(&from->tree, &from->entry);
	if (order >= 0)
		to->more = revchain_tree_next(&to->tree, &to->entry);
	return status;
}

static int fail_tree(struct diff *diff, const git_oid *id, const char *what)
{
	char hex[REVCHAIN_OID_HEX + 1];

	return revchain_fail(diff->error, REVCHAIN_HISTORY, "%s in tree %s", what,
			     git_oid_tostr(hex, sizeof(hex), id));
}

/* It recurses with the depth of the paths. */
static int compare_trees(struct diff *diff, const git_oid *from, const git_oid *to, int depth)
{
	const git_oid *either = git_oid_is_zero(to) ? from : to;
	struct side old = {0}, new = {0};
	int status;

	if (depth > DEPTH_MAX)
		return fail_tree(diff, either, "directories are nested too deeply");
	if (!diff->wanted && ++diff->entered > ENTERED_MOST)
		return fail_tree(diff, either, "there are too many empty directories");
	status = revchain_tree_open(diff->repository, from, &old.tree, diff->error);
	if (!status)
		status = revchain_tree_open(diff->repository, to, &new.tree, diff->error);
	if (!status) {
		old.more = revchain_tree_next(&old.tree, &old.entry);
		new.more = revchain_tree_next(&new.tree, &new.entry);
	}
	while (!status && old.more >= 0 && new.more >= 0 && (old.more || new.more) &&
	       (diff->wanted || !diff->differs))
		status = compare_entries(diff, &old, &new, depth);
	if (!status && (old.more < 0 || new.more < 0))
		status = revchain_fail_damaged(diff->error, "tree", old.more < 0 ? from : to);
	revchain_tree_close(&old.tree);
	revchain_tree_close(&new.tree);
	return status;
}

static const git_oid *tree_of(const struct revchain_entry *entry)
{
	return entry->kind == REVCHAIN_ENTRY_TREE ? &entry->id : &none;
}

static bool is_file(const struct revchain_entry *entry)
{
	return entry->kind != REVCHAIN_ENTRY_TREE && entry->kind != REVCHAIN_ENTRY_NONE;
}

int revchain_treediff_same(struct revchain_repository *repository,
			   const struct revchain_entry *from, const struct revchain_entry *to,
			   bool *same, struct revchain_error *error)
{
	struct diff diff = {.repository = repository, .error = error};
	int status = REVCHAIN_OK;

	*same = from->kind == to->kind && git_oid_equal(&from->id, &to->id);
	if (*same || is_file(from) || is_file(to))
		return REVCHAIN_OK;
	status = compare_trees(&diff, tree_of(from), tree_of(to), 0);
	*same = !diff.differs;
	return status;
}

int revchain_treediff_added(struct revchain_repository *repository,
			    const struct revchain_entry *from, const struct revchain_entry *to,
			    const struct revchain_wanted *wanted, struct revchain_error *error)
{
	struct diff diff = {.repository = repository, .wanted = wanted, .error = error};
	int status = REVCHAIN_OK;

	if (to->kind != REVCHAIN_ENTRY_TREE || git_oid_equal(&from->id, &to->id))
		return REVCHAIN_OK;
	if (*wanted->directory) {
		revchain_buffer_puts(&diff.path, wanted->directory);
		revchain_buffer_puts(&diff.path, "/");
	}
	if (diff.path.failed)
		status = revchain_fail_memory(error);
	else if (is_wanted_below(&diff))
		status = compare_trees(&diff, tree_of(from), &to->id, 0);
	revchain_buffer_free(&diff.path);
	return status;
}
