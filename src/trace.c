#include "trace.h"

#include <string.h>

#include "moves.h"
#include "object.h"

/* A name in a directory that leads to files in question: a directory, or such a file. */
struct revchain_trace_node {
	const char *name; /* points into a path */
	size_t length;	  /* of name */
	bool is_directory;

	/* of a directory */
	bool known; /* whether id is the one in the commit where the trace is */
	git_oid id;
	struct revchain_trace_node **children; /* in the order of a tree's entries */
	size_t count, capacity;		       /* of children; a directory without any is dropped */

	/* of a file */
	const char *path;
	size_t file;
	struct revchain_trace_node
		*twin; /* another file in question that has the same path; NULL: none */
};

int revchain_trace_init(struct revchain_trace *trace, struct revchain_history *history,
			struct revchain_error *error)
{
	memset(trace, 0, sizeof(*trace));
	trace->history = history;
	trace->arena = revchain_arena_new();
	if (trace->arena)
		trace->root = revchain_arena_alloc(trace->arena, sizeof(*trace->root));
	if (!trace->root)
		return revchain_fail_memory(error);
	trace->root->is_directory = true;
	return REVCHAIN_OK;
}

void revchain_trace_free(struct revchain_trace *trace)
{
	revchain_arena_free(trace->arena);
	memset(trace, 0, sizeof(*trace));
}

/* The place of a name among the children of a directory; whether it is there. */
static bool find_child(const struct revchain_trace_node *directory, const char *name, size_t length,
		       bool is_directory, size_t *at)
{
	size_t low = 0, high = directory->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct revchain_trace_node *child = directory->children[middle];
		int order = revchain_tree_compare(child->name, child->length, child->is_directory,
						  name, length, is_directory);

		if (order == 0) {
			*at = middle;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*at = low;
	return false;
}

static struct revchain_trace_node *insert_child(struct revchain_trace *trace,
						struct revchain_trace_node *directory, size_t at,
						const char *name, size_t length, bool is_directory)
{
	struct revchain_trace_node *child = revchain_arena_alloc(trace->arena, sizeof(*child));
	struct revchain_trace_node **grown =
		revchain_arena_grow(trace->arena, directory->children, directory->count,
				    &directory->capacity, sizeof(*grown));

	if (!child || !grown)
		return NULL;
	directory->children = grown;
	memmove(grown + at + 1, grown + at, (directory->count - at) * sizeof(*grown));
	directory->count++;
	grown[at] = child;
	child->name = name;
	child->length = length;
	child->is_directory = is_directory;
	return child;
}

int revchain_trace_add(struct revchain_trace *trace, const char *path, size_t file,
		       struct revchain_error *error)
{
	struct revchain_trace_node *node = trace->root, *leaf;
	const char *name = path;
	size_t at;

	for (;;) {
		size_t length = strcspn(name, "/");
		bool is_directory = name[length] == '/';

		if (find_child(node, name, length, is_directory, &at))
			leaf = node->children[at];
		else
			leaf = insert_child(trace, node, at, name, length, is_directory);
		if (!leaf)
			return revchain_fail_memory(error);
		if (!is_directory)
			break;
		node = leaf;
		name += length + 1;
	}
	if (leaf->path) {
		struct revchain_trace_node *twin =
			revchain_arena_alloc(trace->arena, sizeof(*twin));

		if (!twin)
			return revchain_fail_memory(error);
		twin->twin = leaf->twin;
		leaf->twin = twin;
		leaf = twin;
	}
	leaf->path = path;
	leaf->file = file;
	trace->count++;
	return REVCHAIN_OK;
}

/* Everything at and below a node is not in the parent. */
static int lose(struct revchain_trace *trace, const struct revchain_trace_node *node,
		struct revchain_error *error)
{
	size_t i;
	int status = REVCHAIN_OK;

	for (i = 0; !status && i < node->count; i++)
		status = lose(trace, node->children[i], error);
	for (; node && !node->is_directory; node = node->twin) {
		struct revchain_lost *grown =
			revchain_arena_grow(trace->arena, trace->lost, trace->lost_count,
					    &trace->lost_capacity, sizeof(*grown));
		if (!grown)
			return revchain_fail_memory(error);
		trace->lost = grown;
		grown[trace->lost_count].path = node->path;
		grown[trace->lost_count++].file = node->file;
		trace->count--;
	}
	return status;
}

/*
 * Bring a directory up to the tree that it is in the parent, and drop from it what is not there. It
 * recurses with the depth of the paths in question.
 */
static int visit(struct revchain_trace *trace, struct revchain_trace_node *directory,
		 const git_oid *id, struct revchain_error *error)
{
	struct revchain_tree tree;
	struct revchain_tree_entry entry;
	int status, more = 0;
	size_t i, kept = 0;

	if (directory->known && git_oid_equal(&directory->id, id))
		return REVCHAIN_OK;
	status = revchain_tree_open(trace->history->repository, id, &tree, error);
	if (!status)
		more = revchain_tree_next(&tree, &entry);
	for (i = 0; !status && more >= 0 && i < directory->count; i++) {
		struct revchain_trace_node *child = directory->children[i];
		int order = 1;

		for (; more > 0; more = revchain_tree_next(&tree, &entry)) {
			order = revchain_tree_compare(
				entry.name, entry.length, revchain_mode_is_tree(entry.mode),
				child->name, child->length, child->is_directory);
			if (order >= 0)
				break;
		}
		if (more > 0 && order == 0 &&
		    (child->is_directory || revchain_mode_is_file(entry.mode)))
			status = child->is_directory ? visit(trace, child, &entry.id, error)
						     : REVCHAIN_OK;
		else if (more >= 0) {
			status = lose(trace, child, error);
			child = NULL;
		}
		if (child && (child->count || !child->is_directory))
			directory->children[kept++] = child;
	}
	if (!status && more < 0)
		status = revchain_fail_damaged(error, "tree", id);
	revchain_tree_close(&tree);
	if (!status) {
		directory->count = kept;
		directory->id = *id;
		directory->known = true;
	}
	return status;
}

/* Follow those of the lost files further that were moved, and keep the others. */
static int follow_moves(struct revchain_trace *trace, const git_oid *here, const git_oid *parent,
			struct revchain_error *error)
{
	size_t i, count = trace->lost_count;
	struct revchain_arena *scratch = revchain_arena_new();
	const char **paths, **old_paths;
	int status;

	if (!scratch)
		return revchain_fail_memory(error);
	paths = revchain_arena_array(scratch, count, sizeof(*paths));
	old_paths = revchain_arena_array(scratch, count, sizeof(*old_paths));
	if (!paths || !old_paths) {
		revchain_arena_free(scratch);
		return revchain_fail_memory(error);
	}
	for (i = 0; i < count; i++)
		paths[i] = trace->lost[i].path;
	status = revchain_moves_find(trace->history, parent, here, paths, count, old_paths, error);
	trace->lost_count = 0;
	for (i = 0; !status && i < count; i++) {
		if (old_paths[i])
			status =
				revchain_trace_add(trace, old_paths[i], trace->lost[i].file, error);
		else
			trace->lost[trace->lost_count++] = trace->lost[i];
	}
	revchain_arena_free(scratch);
	return status;
}

int revchain_trace_step(struct revchain_trace *trace, const git_oid *here, const git_oid *parent,
			struct revchain_error *error)
{
	int status;

	trace->lost_count = 0;
	status = visit(trace, trace->root, parent, error);
	return status || !trace->lost_count ? status : follow_moves(trace, here, parent, error);
}

static void each(const struct revchain_trace_node *node,
		 void (*visit_file)(void *data, const char *path, size_t file), void *data)
{
	size_t i;

	for (i = 0; i < node->count; i++)
		each(node->children[i], visit_file, data);
	for (; node && !node->is_directory; node = node->twin)
		visit_file(data, node->path, node->file);
}

void revchain_trace_each(const struct revchain_trace *trace,
			 void (*visit_file)(void *data, const char *path, size_t file), void *data)
{
	each(trace->root, visit_file, data);
}
