#include "verify.h"

#include <string.h>

#include "fixture.h"

#define ENTRY 30 /* bytes */

TestSuite(verify, .init = fixture_open, .fini = fixture_close);

/* Verify an object that libgit2 has just named; and that it is no other. */
static void check(struct revchain_verifier *verifier, git_object_t type, const char *content,
		  size_t size)
{
	git_odb_object *object;
	git_oid id, other;

	cr_assert_eq(git_odb_write(&id, fixture.odb, content, size, type), 0);
	cr_assert_eq(git_odb_read(&object, fixture.odb, &id), 0);
	cr_expect(revchain_verify(verifier, object, &id), "%zu bytes", size);
	other = id;
	other.id[size % sizeof(other.id)] ^= 1;
	cr_expect_not(revchain_verify(verifier, object, &other), "%zu bytes", size);
	git_odb_object_free(object);
}

/* Every length around the ends of blocks, by the processor's instructions and without them. */
Test(verify, lengths)
{
	struct revchain_verifier verifier;
	char content[300];
	size_t size;

	memset(content, 'x', sizeof(content));
	revchain_verifier_init(&verifier);
	for (size = 0; size < sizeof(content); size++) {
		check(&verifier, GIT_OBJECT_BLOB, content, size);
		verifier.blocks = revchain_sha1_blocks_plain;
		check(&verifier, GIT_OBJECT_BLOB, content, size);
		verifier.blocks = revchain_sha1_choose();
	}
	revchain_verifier_free(&verifier);
}

/* Trees of one length that differ in a byte, anywhere, in turn: the hash goes on from there. */
Test(verify, trees_like_the_one_before)
{
	struct revchain_verifier verifier;
	char content[40 * ENTRY];
	size_t size = 0, i, entry;

	revchain_verifier_init(&verifier);
	for (i = 0; i < 40; i++) {
		size += (size_t)snprintf(content + size, 10, "40000 d%02zu", i) + 1;
		memset(content + size, 'i', 20);
		size += 20;
	}
	for (entry = 0; entry < 40; entry++) {
		content[entry * ENTRY + 10 + entry % 20]++;
		check(&verifier, GIT_OBJECT_TREE, content, size);
		check(&verifier, GIT_OBJECT_TREE, content, size);
		check(&verifier, GIT_OBJECT_TREE, content, size - ENTRY);
	}
	revchain_verifier_free(&verifier);
}
