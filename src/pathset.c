#include "pathset.h"

#include <string.h>

#include "object.h"

/* A name in a directory that leads to files in question: a directory, or such a file. */
struct revchain_pathset_node {
	const char *name; /* points into a path */
	size_t length;	  /* of name */
	bool is_directory;
	git_oid id; /* of the tree or blob, where it was looked at */

	/* of a directory */
	bool known; /* whether id is that of the tree that was looked at last */
	struct revchain_pathset_node **children; /* in the order of a tree's entries */
	size_t count, capacity; /* of children; a directory without any is dropped */

	/* of a file */
	const char *path;
	size_t file;
	/* other files in question that have the same path, as they were added; NULL: no more */
	struct revchain_pathset_node *twin;
	struct revchain_pathset_node *last; /* of them; NULL: there are none */
};

int revchain_pathset_init(struct revchain_pathset *set, struct revchain_repository *repository,
			  struct revchain_error *error)
{
	memset(set, 0, sizeof(*set));
	set->repository = repository;
	set->arena = revchain_arena_new();
	if (set->arena)
		set->root = revchain_arena_alloc(set->arena, sizeof(*set->root));
	if (!set->root)
		return revchain_fail_memory(error);
	set->root->is_directory = true;
	return REVCHAIN_OK;
}

void revchain_pathset_free(struct revchain_pathset *set)
{
	revchain_arena_free(set->arena);
	memset(set, 0, sizeof(*set));
}

/* The place of a name among the children of a directory; whether it is there. */
static bool find_child(const struct revchain_pathset_node *directory, const char *name,
		       size_t length, bool is_directory, size_t *at)
{
	size_t low = 0, high = directory->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct revchain_pathset_node *child = directory->children[middle];
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

static struct revchain_pathset_node *insert_child(struct revchain_pathset *set,
						  struct revchain_pathset_node *directory,
						  size_t at, const char *name, size_t length,
						  bool is_directory)
{
	struct revchain_pathset_node *child = revchain_arena_alloc(set->arena, sizeof(*child));
	struct revchain_pathset_node **grown =
		revchain_arena_grow(set->arena, directory->children, directory->count,
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

int revchain_pathset_add(struct revchain_pathset *set, const char *path, size_t file,
			 struct revchain_error *error)
{
	struct revchain_pathset_node *node = set->root, *leaf;
	const char *name = path;
	size_t at;

	for (;;) {
		size_t length = strcspn(name, "/");
		bool is_directory = name[length] == '/';

		if (find_child(node, name, length, is_directory, &at))
			leaf = node->children[at];
		else
			leaf = insert_child(set, node, at, name, length, is_directory);
		if (!leaf)
			return revchain_fail_memory(error);
		if (!is_directory)
			break;
		node = leaf;
		name += length + 1;
	}
	if (leaf->path) {
		struct revchain_pathset_node *twin =
			revchain_arena_alloc(set->arena, sizeof(*twin));

		if (!twin)
			return revchain_fail_memory(error);
		(leaf->last ? leaf->last : leaf)->twin = twin;
		leaf->last = twin;
		leaf = twin;
	}
	leaf->path = path;
	leaf->file = file;
	set->count++;
	return REVCHAIN_OK;
}

/* Everything at and below a node is not in the tree. */
static int lose(struct revchain_pathset *set, const struct revchain_pathset_node *node,
		struct revchain_error *error)
{
	size_t i;
	int status = REVCHAIN_OK;

	for (i = 0; !status && i < node->count; i++)
		status = lose(set, node->children[i], error);
	for (; node && !node->is_directory; node = node->twin) {
		struct revchain_lost *grown =
			revchain_arena_grow(set->arena, set->lost, set->lost_count,
					    &set->lost_capacity, sizeof(*grown));
		if (!grown)
			return revchain_fail_memory(error);
		set->lost = grown;
		grown[set->lost_count].path = node->path;
		grown[set->lost_count++].file = node->file;
		set->count--;
	}
	return status;
}

/*
 * Bring a directory up to the tree that it is now, and drop from it what is not there. It recurses
 * with the depth of the paths.
 */
static int visit(struct revchain_pathset *set, struct revchain_pathset_node *directory,
		 const git_oid *id, struct revchain_error *error)
{
	struct revchain_tree tree;
	struct revchain_tree_entry entry;
	int status, more = 0;
	size_t i, kept = 0;

	if (directory->known && git_oid_equal(&directory->id, id))
		return REVCHAIN_OK;
	status = revchain_tree_open(set->repository, id, &tree, error);
	if (!status)
		more = revchain_tree_next(&tree, &entry);
	for (i = 0; !status && more >= 0 && i < directory->count; i++) {
		struct revchain_pathset_node *child = directory->children[i];
		int order = 1;

		for (; more > 0; more = revchain_tree_next(&tree, &entry)) {
			order = revchain_tree_compare(
				entry.name, entry.length, revchain_mode_is_tree(entry.mode),
				child->name, child->length, child->is_directory);
			if (order >= 0)
				break;
		}
		if (more < 0)
			break;
		if (!more || order || !(child->is_directory || revchain_mode_is_file(entry.mode))) {
			status = lose(set, child, error);
			continue;
		}
		if (child->is_directory)
			status = visit(set, child, &entry.id, error);
		else
			child->id = entry.id;
		if (child->count || !child->is_directory)
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

int revchain_pathset_look(struct revchain_pathset *set, const git_oid *tree,
			  struct revchain_error *error)
{
	set->lost_count = 0;
	return visit(set, set->root, tree, error);
}

git_oid revchain_pathset_directory(const struct revchain_pathset *set, const char *directory)
{
	static const git_oid nothing;
	const struct revchain_pathset_node *node = set->root;
	const char *name = directory;
	size_t at;

	while (*name) {
		size_t length = strcspn(name, "/");

		if (node->count != 1 || !find_child(node, name, length, true, &at))
			return nothing;
		node = node->children[at];
		name += length + (name[length] == '/');
	}
	return node->known ? node->id : nothing;
}

static void each(const struct revchain_pathset_node *node, revchain_pathset_visit *visit_file,
		 void *data)
{
	const git_oid *blob = &node->id;
	size_t i;

	for (i = 0; i < node->count; i++)
		each(node->children[i], visit_file, data);
	for (; node && !node->is_directory; node = node->twin)
		visit_file(data, node->path, node->file, blob);
}

void revchain_pathset_each(const struct revchain_pathset *set, revchain_pathset_visit *visit_file,
			   void *data)
{
	each(set->root, visit_file, data);
}
