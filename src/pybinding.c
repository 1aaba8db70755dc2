#include "pybinding.h"

#include <stdint.h>
#include <string.h>

/* A leaf has a binding; an inner node parts the names below it by the first bit in which they
 * differ. */
struct revchain_pybinding_node {
	struct revchain_pybinding *binding;
	size_t byte;
	uint8_t bit;
	struct revchain_pybinding_node *child[2];
};

/* A name is followed by NULs without end. */
static uint8_t byte_at(const char *name, size_t length, size_t index)
{
	return index < length ? (uint8_t)name[index] : 0;
}

static int direction(const struct revchain_pybinding_node *node, const char *name, size_t length)
{
	return (byte_at(name, length, node->byte) & node->bit) != 0;
}

/* The leaf that the name leads to, which holds it or one like it. */
static struct revchain_pybinding_node *descend(struct revchain_pybinding_node *node,
					       const char *name, size_t length)
{
	while (!node->binding)
		node = node->child[direction(node, name, length)];
	return node;
}

static bool is_named(const struct revchain_pybinding *binding, const char *name, size_t length)
{
	return binding->length == length && memcmp(binding->name, name, length) == 0;
}

struct revchain_pybinding *revchain_pybinding_find(const struct revchain_pybindings *bindings,
						   const char *name, size_t length)
{
	struct revchain_pybinding *binding;

	if (!bindings->root)
		return NULL;
	binding = descend(bindings->root, name, length)->binding;
	return is_named(binding, name, length) ? binding : NULL;
}

static struct revchain_pybinding_node *new_leaf(struct revchain_arena *arena, const char *name,
						size_t length)
{
	struct revchain_pybinding_node *leaf = revchain_arena_alloc(arena, sizeof(*leaf));
	struct revchain_pybinding *binding = revchain_arena_alloc(arena, sizeof(*binding));

	if (!leaf || !binding)
		return NULL;
	binding->name = name;
	binding->length = length;
	leaf->binding = binding;
	return leaf;
}

/* Set the node's byte and bit to the first difference between two names that do differ. */
static void find_difference(struct revchain_pybinding_node *node, const char *a, size_t a_length,
			    const char *b, size_t b_length)
{
	uint8_t bits;

	while (byte_at(a, a_length, node->byte) == byte_at(b, b_length, node->byte))
		node->byte++;
	bits = byte_at(a, a_length, node->byte) ^ byte_at(b, b_length, node->byte);
	for (node->bit = 0x80; !(bits & node->bit); node->bit >>= 1)
		;
}

static bool comes_before(const struct revchain_pybinding_node *a,
			 const struct revchain_pybinding_node *b)
{
	return a->byte < b->byte || (a->byte == b->byte && a->bit > b->bit);
}

struct revchain_pybinding *revchain_pybinding_add(struct revchain_pybindings *bindings,
						  const char *name, size_t length)
{
	struct revchain_pybinding *known = revchain_pybinding_find(bindings, name, length);
	struct revchain_pybinding_node *leaf, *inner, *near, **place;
	int side;

	if (known)
		return known;
	leaf = new_leaf(bindings->arena, name, length);
	if (!leaf)
		return NULL;
	if (!bindings->root) {
		bindings->root = leaf;
		return leaf->binding;
	}
	inner = revchain_arena_alloc(bindings->arena, sizeof(*inner));
	if (!inner)
		return NULL;
	near = descend(bindings->root, name, length);
	find_difference(inner, name, length, near->binding->name, near->binding->length);
	for (place = &bindings->root; !(*place)->binding && comes_before(*place, inner);)
		place = &(*place)->child[direction(*place, name, length)];
	side = direction(inner, name, length);
	inner->child[side] = leaf;
	inner->child[!side] = *place;
	*place = inner;
	return leaf->binding;
}

bool revchain_pybinding_set(struct revchain_pybindings *bindings, const char *name, size_t length,
			    struct revchain_pyoperand *value, int line)
{
	struct revchain_pybinding *binding = revchain_pybinding_add(bindings, name, length);

	if (!binding)
		return false;
	binding->value = value;
	binding->how = NULL;
	binding->line = line;
	return true;
}

void revchain_pybinding_spoil(struct revchain_pybindings *bindings, const char *name, size_t length,
			      const char *how, int line)
{
	struct revchain_pybinding *binding = revchain_pybinding_find(bindings, name, length);

	if (!binding || binding->how)
		return;
	binding->value = NULL;
	binding->how = how;
	binding->line = line;
}

void revchain_pybinding_change(struct revchain_pybindings *bindings, const char *name,
			       size_t length, int line)
{
	struct revchain_pybinding *binding = revchain_pybinding_find(bindings, name, length);

	if (!binding)
		return;
	if (!binding->value || !binding->value->changeable)
		revchain_pybinding_spoil(bindings, name, length, "is changed in place", line);
	else if (!binding->value->changed)
		binding->value->changed = line;
}
