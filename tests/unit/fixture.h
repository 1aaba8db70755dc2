/*
 * A repository for a test, in a temporary directory, made with libgit2 from short descriptions.
 *
 * A tree is described by its entries, with `|` between them: `dir/a.py=text` is a file,
 * `dir/b.py@target` a symbolic link, `sub#` a submodule. A commit has a name of one character, and
 * names its parents by theirs.
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <criterion/criterion.h>
#include <fcntl.h>
#include <ftw.h>
#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "revchain/arena.h"
#include "revchain/error.h"
#include "revchain/repository.h"

static struct fixture {
	char root[64]; /* the temporary directory */
	char path[80]; /* of the repository in it */
	git_repository *git;
	struct revchain_repository *repository;
	struct revchain_arena *arena;
	struct revchain_error error;
	git_oid commits[128]; /* by their names */
	int64_t date;	      /* of the next commit, seconds */
	git_odb *odb;	      /* where objects are written */
} fixture;

static inline int fixture_remove(const char *path, const struct stat *info, int kind,
				 struct FTW *place)
{
	(void)info, (void)kind, (void)place;
	return remove(path);
}

static inline void fixture_close(void)
{
	revchain_repository_close(fixture.repository);
	git_odb_free(fixture.odb);
	git_repository_free(fixture.git);
	revchain_arena_free(fixture.arena);
	git_libgit2_shutdown();
	nftw(fixture.root, fixture_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void fixture_must(int status)
{
	cr_assert_eq(status, REVCHAIN_OK, "status %d: %s%s%s", status, fixture.error.path,
		     *fixture.error.path ? ": " : "", fixture.error.message);
}

static inline void fixture_open_as(bool bare)
{
	const char *directory = getenv("TMPDIR");

	memset(&fixture, 0, sizeof(fixture));
	fixture.date = 1700000000;
	unsetenv("GIT_DIR");
	unsetenv("GIT_WORK_TREE");
	git_libgit2_init();
	snprintf(fixture.root, sizeof(fixture.root), "%.40s/revchain-XXXXXX",
		 directory ? directory : "/tmp");
	cr_assert_not_null(mkdtemp(fixture.root));
	snprintf(fixture.path, sizeof(fixture.path), "%s/repository", fixture.root);
	cr_assert_eq(git_repository_init(&fixture.git, fixture.path, bare), 0);
	cr_assert_eq(git_repository_odb(&fixture.odb, fixture.git), 0);
	fixture.arena = revchain_arena_new();
	fixture_must(revchain_repository_open(&fixture.repository, fixture.path, &fixture.error));
}

static inline void fixture_open(void)
{
	fixture_open_as(false);
}

static inline git_oid fixture_write(git_object_t type, const void *bytes, size_t length)
{
	git_oid id;

	cr_assert_eq(git_odb_write(&id, fixture.odb, bytes, length, type), 0);
	return id;
}

/* Keep what is written from now on in memory, until it goes into one pack: for many thousands of
 * commits. */
static inline git_odb_backend *fixture_start_pack(void)
{
	git_odb_backend *memory;

	cr_assert_eq(git_mempack_new(&memory), 0);
	cr_assert_eq(git_odb_add_backend(fixture.odb, memory, 999), 0);
	return memory;
}

static inline void fixture_finish_pack(git_odb_backend *memory)
{
	git_indexer_progress progress;
	git_odb_writepack *pack;
	git_buf bytes = {0};

	cr_assert_eq(git_mempack_dump(&bytes, fixture.git, memory), 0, "%s",
		     git_error_last()->message);
	cr_assert_eq(git_mempack_reset(memory), 0);
	cr_assert_eq(git_odb_write_pack(&pack, fixture.odb, NULL, NULL), 0);
	cr_assert_eq(pack->append(pack, bytes.ptr, bytes.size, &progress), 0);
	cr_assert_eq(pack->commit(pack, &progress), 0, "%s", git_error_last()->message);
	pack->free(pack);
	git_buf_dispose(&bytes);
}

static inline git_oid fixture_blob(const char *text)
{
	return fixture_write(GIT_OBJECT_BLOB, text, strlen(text));
}

static inline git_oid fixture_tree(const char *description)
{
	git_index *index;
	git_oid id;

	cr_assert_eq(git_index_new(&index), 0);
	while (*description) {
		size_t length = strcspn(description, "|"), name = strcspn(description, "=@#|");
		git_index_entry entry = {.mode = 0100644};
		char path[256], text[4096];

		snprintf(path, sizeof(path), "%.*s", (int)name, description);
		snprintf(text, sizeof(text), "%.*s", (int)(length - name) - 1,
			 description + name + 1);
		entry.path = path;
		if (description[name] == '#')
			entry.mode = 0160000;
		else if (description[name] == '@')
			entry.mode = 0120000;
		entry.id = fixture_blob(text);
		cr_assert_eq(git_index_add(index, &entry), 0, "%s", path);
		description += length + (description[length] == '|');
	}
	cr_assert_eq(git_index_write_tree_to(&id, index, fixture.git), 0, "%s",
		     git_error_last()->message);
	git_index_free(index);
	return id;
}

static inline git_oid fixture_commit_of(const git_oid *tree, const git_oid *parents, size_t count)
{
	struct revchain_arena *arena = revchain_arena_new();
	char hex[REVCHAIN_OID_HEX + 1];
	const char *text =
		revchain_arena_printf(arena, "tree %s\n", git_oid_tostr(hex, sizeof(hex), tree));
	git_oid id;
	size_t i;

	for (i = 0; i < count; i++)
		text = revchain_arena_printf(arena, "%sparent %s\n", text,
					     git_oid_tostr(hex, sizeof(hex), &parents[i]));
	text = revchain_arena_printf(
		arena, "%sauthor A <a@b.c> 1 +0000\ncommitter C <c@d.e> %lld +0100\n\nm\n", text,
		(long long)fixture.date);
	fixture.date += fixture.date < INT64_MAX - 60 ? 60 : 0;
	id = fixture_write(GIT_OBJECT_COMMIT, text, strlen(text));
	revchain_arena_free(arena);
	return id;
}

/* A commit: its name, its parents' names, what is in it. */
static inline void fixture_commit(char name, const char *parents, const char *description)
{
	git_oid ids[64], tree = fixture_tree(description);
	size_t i;

	for (i = 0; parents[i]; i++)
		ids[i] = fixture.commits[(int)parents[i]];
	fixture.commits[(int)name] = fixture_commit_of(&tree, ids, i);
}

static inline const git_oid *fixture_id(char name)
{
	return &fixture.commits[(int)name];
}

/* The name of a commit; '?' where it is none of them. */
static inline char fixture_name(const git_oid *id)
{
	int i;

	for (i = 1; i < 128; i++)
		if (git_oid_equal(&fixture.commits[i], id))
			return (char)i;
	return '?';
}

/* A file in the temporary directory; what leads to it is made. */
static inline void fixture_file(const char *path, const char *text)
{
	char full[400];
	FILE *file;
	char *slash;

	snprintf(full, sizeof(full), "%s/%s", fixture.root, path);
	for (slash = strchr(full + strlen(fixture.root) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0777);
		*slash = '/';
	}
	file = fopen(full, "w");
	cr_assert_not_null(file, "%s", full);
	fputs(text, file);
	fclose(file);
}

static inline void fixture_link(const char *path, const char *target)
{
	char full[400];

	snprintf(full, sizeof(full), "%s/%s", fixture.root, path);
	cr_assert_eq(symlink(target, full), 0, "%s", full);
}

/* As a revchain_revision_of: what stands before the colon, as in "id:more"; a text that starts with
 * '-' has none. */
static inline int fixture_revision_of(const char *text, size_t length, struct revchain_arena *arena,
				      const char **revision, struct revchain_error *error)
{
	(void)error;
	*revision = length && *text != '-' ? revchain_arena_copy(arena, text, strcspn(text, ":"))
					   : NULL;
	return REVCHAIN_OK;
}

#endif
