#include "verify.h"

#include <stdlib.h>
#include <string.h>

#include <git2/object.h>

#define BLOCK REVCHAIN_SHA1_BLOCK
#define SMALLEST 256  /* bytes of a tree that is worth remembering */
#define LARGEST 65536 /* likewise */
#define ENTRY 29      /* bytes by which trees that have an entry more differ, about */

/* An object as it is hashed: the head, its first block filled up with content, then the rest. */
struct hashed {
	unsigned char first[BLOCK];
	size_t first_content; /* bytes of content in the first block */
	const unsigned char *content;
	size_t size;   /* of the content */
	size_t length; /* of head and content */
};

/* "TYPE SIZE" and a NUL; returns its length. */
static size_t make_head(unsigned char *head, git_object_t type, size_t size)
{
	const char *name = git_object_type2string(type);
	size_t used = strlen(name), digits = 1, i, left;

	memcpy(head, name, used);
	head[used++] = ' ';
	for (left = size; left >= 10; left /= 10)
		digits++;
	for (i = digits, left = size; i; left /= 10)
		head[used + --i] = (unsigned char)('0' + left % 10);
	used += digits;
	head[used++] = '\0';
	return used;
}

static void prepare(struct hashed *hashed, git_odb_object *object)
{
	size_t head;

	hashed->content = git_odb_object_data(object);
	hashed->size = git_odb_object_size(object);
	head = make_head(hashed->first, git_odb_object_type(object), hashed->size);
	hashed->length = head + hashed->size;
	hashed->first_content = hashed->size < BLOCK - head ? hashed->size : BLOCK - head;
	memcpy(hashed->first + head, hashed->content, hashed->first_content);
}

/* What is left behind the last whole block. */
static const unsigned char *rest_of(const struct hashed *hashed)
{
	return hashed->length < BLOCK ? hashed->first
				      : hashed->content + hashed->size - hashed->length % BLOCK;
}

static void hash_all(revchain_sha1_blocks *blocks, const struct hashed *hashed,
		     unsigned char sum[REVCHAIN_SHA1_SIZE])
{
	uint32_t state[REVCHAIN_SHA1_WORDS];

	revchain_sha1_start(state);
	if (hashed->length >= BLOCK) {
		blocks(state, hashed->first, 1);
		blocks(state, hashed->content + hashed->first_content, hashed->length / BLOCK - 1);
	}
	revchain_sha1_finish(blocks, state, rest_of(hashed), hashed->length, sum);
}

/* How many of the first blocks are those of a remembered tree. */
static size_t count_common(const struct revchain_verified_tree *tree, const struct hashed *hashed)
{
	const unsigned char *content = hashed->content + hashed->first_content, *before;
	size_t i, count = hashed->length / BLOCK;

	if (!tree->object || git_odb_object_size(tree->object) != hashed->size)
		return 0;
	before = git_odb_object_data(tree->object);
	if (memcmp(before, hashed->content, hashed->first_content) != 0)
		return 0;
	before += hashed->first_content;
	for (i = 1; i < count && memcmp(before, content, BLOCK) == 0; i++) {
		before += BLOCK;
		content += BLOCK;
	}
	return i;
}

static bool make_room(struct revchain_verified_tree *tree, size_t count)
{
	void *moved;

	if (count <= tree->capacity)
		return true;
	moved = realloc(tree->states, count * sizeof(*tree->states));
	if (!moved)
		return false;
	tree->states = moved;
	tree->capacity = count;
	return true;
}

/* The hash of a tree, which is remembered. False: there is no memory to remember it in. */
static bool hash_tree(struct revchain_verifier *verifier, struct revchain_verified_tree *tree,
		      git_odb_object *object, const struct hashed *hashed,
		      unsigned char sum[REVCHAIN_SHA1_SIZE])
{
	size_t count = hashed->length / BLOCK, i = count_common(tree, hashed);
	uint32_t state[REVCHAIN_SHA1_WORDS];

	if (!make_room(tree, count))
		return false;
	if (i)
		memcpy(state, tree->states[i - 1], sizeof(state));
	else
		revchain_sha1_start(state);
	for (; i < count; i++) {
		verifier->blocks(state,
				 i ? hashed->content + hashed->first_content + (i - 1) * BLOCK
				   : hashed->first,
				 1);
		memcpy(tree->states[i], state, sizeof(state));
	}
	revchain_sha1_finish(verifier->blocks, state, rest_of(hashed), hashed->length, sum);
	git_odb_object_free(tree->object);
	tree->object = NULL;
	return git_odb_object_dup(&tree->object, object) == 0;
}

bool revchain_verify(struct revchain_verifier *verifier, git_odb_object *object, const git_oid *id)
{
	struct hashed hashed;
	unsigned char sum[REVCHAIN_SHA1_SIZE];

	prepare(&hashed, object);
	if (git_odb_object_type(object) != GIT_OBJECT_TREE || hashed.size < SMALLEST ||
	    hashed.size > LARGEST ||
	    !hash_tree(verifier, &verifier->trees[hashed.size / ENTRY % REVCHAIN_VERIFY_TREES],
		       object, &hashed, sum))
		hash_all(verifier->blocks, &hashed, sum);
	return memcmp(sum, id->id, sizeof(sum)) == 0;
}

void revchain_verifier_init(struct revchain_verifier *verifier)
{
	memset(verifier, 0, sizeof(*verifier));
	verifier->blocks = revchain_sha1_choose();
}

void revchain_verifier_free(struct revchain_verifier *verifier)
{
	size_t i;

	for (i = 0; i < REVCHAIN_VERIFY_TREES; i++) {
		git_odb_object_free(verifier->trees[i].object);
		free(verifier->trees[i].states);
	}
}
