/*
 * Whether the content of an object is what its name stands for: git's names are hashes. An object
 * whose bytes were flipped, an index of a pack that leads to another object, a delta on another
 * base: all end here, and in no chain.
 *
 * The trees of a walk are for the most part like the one before, of the same length and with one
 * entry changed. The hash of a tree goes on from where it first differs from the last one of its
 * length, which halves the work.
 */
#ifndef VERIFY_H
#define VERIFY_H

#include <stdbool.h>

#include <git2/odb.h>

#include "sha1.h"

#define REVCHAIN_VERIFY_TREES 64 /* trees that are remembered, by their lengths */

struct revchain_verified_tree {
	git_odb_object *object;			 /* owned; NULL: none yet */
	uint32_t (*states)[REVCHAIN_SHA1_WORDS]; /* owned; of the hash, after each block */
	size_t capacity;			 /* of states */
};

struct revchain_verifier {
	revchain_sha1_blocks *blocks;
	struct revchain_verified_tree trees[REVCHAIN_VERIFY_TREES];
};

void revchain_verifier_init(struct revchain_verifier *verifier);
void revchain_verifier_free(struct revchain_verifier *verifier);

/* Whether an object is the one of its name, `id`. */
bool revchain_verify(struct revchain_verifier *verifier, git_odb_object *object, const git_oid *id);

#endif
