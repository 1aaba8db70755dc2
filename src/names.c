#include "names.h"

#include <string.h>

struct revchain_name {
	struct revchain_name *child[2]; /* both NULL for a leaf */
	size_t index;			/* of the byte in which the keys below differ first */
	unsigned bit;			/* of that byte: the highest one in which they differ */
	const char *key;		/* a leaf's; else that of any leaf below */
	size_t length;
	void *item; /* a leaf's */
};

static unsigned symbol(const char *key, size_t length, size_t index)
{
	return index < length ? 0x100u | (unsigned char)key[index] : 0;
}

static int side(const struct revchain_name *name, const char *key, size_t length)
{
	return (symbol(key, length, name->index) & name->bit) != 0;
}

/* The leaf that the key would be, or a node all of whose leaves differ from the key in the same
 * place. */
static struct revchain_name *nearest(const struct revchain_names *names, const char *key,
				     size_t length)
{
	struct revchain_name *name = names->root;

	while (name && name->child[0] && name->index <= length)
		name = name->child[side(name, key, length)];
	return name;
}

void *revchain_names_find(const struct revchain_names *names, const char *key, size_t length)
{
	const struct revchain_name *name = nearest(names, key, length);

	if (!name || name->child[0] || name->length != length ||
	    (length && memcmp(name->key, key, length) != 0))
		return NULL;
	return name->item;
}

bool revchain_names_add(struct revchain_names *names, struct revchain_arena *arena, const char *key,
			size_t length, void *item)
{
	const struct revchain_name *near = nearest(names, key, length);
	struct revchain_name **slot = &names->root;
	struct revchain_name *leaf = revchain_arena_alloc(arena, sizeof(*leaf));
	struct revchain_name *fork = near ? revchain_arena_alloc(arena, sizeof(*fork)) : NULL;
	unsigned differ;

	if (!leaf || (near && !fork))
		return false;
	leaf->key = key;
	leaf->length = length;
	leaf->item = item;
	if (!near) {
		*slot = leaf;
		return true;
	}
	while (symbol(key, length, fork->index) == symbol(near->key, near->length, fork->index))
		fork->index++;
	differ = symbol(key, length, fork->index) ^ symbol(near->key, near->length, fork->index);
	for (fork->bit = 0x100; !(fork->bit & differ);)
		fork->bit >>= 1;
	while ((*slot)->child[0] && ((*slot)->index < fork->index ||
				     ((*slot)->index == fork->index && (*slot)->bit > fork->bit)))
		slot = &(*slot)->child[side(*slot, key, length)];
	fork->child[side(fork, key, length)] = leaf;
	fork->child[!side(fork, key, length)] = *slot;
	fork->key = key;
	fork->length = length;
	*slot = fork;
	return true;
}
