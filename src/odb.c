#include "odb.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

#include "revchain/arena.h"
#include "revchain/repository.h"

#include "loose.h"
#include "packindex.h"
#include "readall.h"
#include "refusal.h"

#define ALTERNATES_DEPTH 5		 /* as git and libgit2 have it */
#define ALTERNATES_MAX ((size_t)1 << 20) /* bytes of such a file */
#define PACKS_FIRST 2			 /* the order in which a database asks */
#define THEN_LOOSE 1

static int fail_directory(struct revchain_error *error, const char *directory, const char *reason)
{
	return revchain_fail(error, REVCHAIN_HISTORY,
			     "the directory of objects %s cannot be opened: %s", directory, reason);
}

static int add_backend(struct revchain_odb *odb, git_odb_backend *backend, int priority,
		       const char *directory, struct revchain_error *error)
{
	if (backend && git_odb_add_backend(odb->database, backend, priority) == 0)
		return REVCHAIN_OK;
	if (backend)
		backend->free(backend);
	return fail_directory(error, directory,
			      backend ? revchain_refusal_reason() : "memory ran out");
}

static bool is_known(const struct revchain_odb *odb, const struct stat *info)
{
	size_t i;

	for (i = 0; i < odb->directory_count; i++)
		if (odb->directories[i].device == info->st_dev &&
		    odb->directories[i].inode == info->st_ino)
			return true;
	return false;
}

static int add_directory(struct revchain_odb *odb, const char *directory, const struct stat *info,
			 struct revchain_error *error)
{
	git_odb_backend *packs = NULL;
	int status;

	if (odb->directory_count == REVCHAIN_ODB_DIRECTORIES)
		return revchain_fail(
			error, REVCHAIN_HISTORY,
			"this repository borrows objects from more than %d directories",
			REVCHAIN_ODB_DIRECTORIES);
	odb->directories[odb->directory_count].device = info->st_dev;
	odb->directories[odb->directory_count++].inode = info->st_ino;
	status = revchain_packindex_check(directory, error);
	if (status)
		return status;
	if (git_odb_backend_pack(&packs, directory) < 0)
		return fail_directory(error, directory, revchain_refusal_reason());
	status = add_backend(odb, packs, PACKS_FIRST, directory, error);
	return status ? status
		      : add_backend(odb, revchain_loose_backend(directory), THEN_LOOSE, directory,
				    error);
}

/* The text of the file that names the directories which `directory` borrows from; NULL: there is
 * none. */
static int read_alternates(const char *directory, struct revchain_arena *arena, const char **text,
			   struct revchain_error *error)
{
	const char *path = revchain_arena_printf(arena, "%s/info/alternates", directory);
	int status = REVCHAIN_OK, fd;
	struct stat info;
	size_t length;

	*text = NULL;
	if (!path)
		return revchain_fail_memory(error);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return REVCHAIN_OK;
	if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) ||
	    revchain_read_all(fd, (size_t)info.st_size, ALTERNATES_MAX, arena, text, &length) !=
		    REVCHAIN_READ_DONE)
		status = revchain_fail(error, REVCHAIN_HISTORY, "%s cannot be read", path);
	close(fd);
	return status;
}

/* Take C's quotes and escapes, as git writes them, off the start of a text: the end of that. NULL:
 * it is not so quoted. */
static const char *unquote(const char *text, char *out)
{
	static const char letters[] = "abfnrtv\"\\", meant[] = "\a\b\f\n\r\t\v\"\\";

	if (*text++ != '"')
		return NULL;
	for (; *text && *text != '"'; text++) {
		const char *letter;

		if (*text != '\\') {
			*out++ = *text;
			continue;
		}
		text++;
		letter = *text ? strchr(letters, *text) : NULL;
		if (letter) {
			*out++ = meant[letter - letters];
		} else if (*text >= '0' && *text <= '3' && strspn(text, "01234567") >= 3) {
			*out++ = (char)((text[0] - '0') << 6 | (text[1] - '0') << 3 |
					(text[2] - '0'));
			text += 2;
		} else {
			return NULL;
		}
	}
	*out = '\0';
	return *text ? text + 1 : NULL;
}

static int add_with_alternates(struct revchain_odb *odb, const char *directory, int depth,
			       struct revchain_error *error);

/* The directories of a list; `base` is where relative ones begin, NULL: here. */
static int add_list(struct revchain_odb *odb, const char *list, const char *separators,
		    const char *base, struct revchain_arena *arena, int depth,
		    struct revchain_error *error)
{
	char *entry = revchain_arena_alloc(arena, strlen(list) + 1);
	int status = entry ? REVCHAIN_OK : revchain_fail_memory(error);

	while (!status && *list) {
		const char *directory = entry, *end = unquote(list, entry);

		if (!end) {
			end = list + strcspn(list, separators);
			memcpy(entry, list, (size_t)(end - list));
			entry[end - list] = '\0';
		}
		if (base && *entry != '/')
			directory = revchain_arena_printf(arena, "%s/%s", base, entry);
		if (!directory)
			return revchain_fail_memory(error);
		if (*entry && *list != '#')
			status = add_with_alternates(odb, directory, depth, error);
		list = end + (*end != '\0');
	}
	return status;
}

/* A directory of objects, if it is there and not known yet, and those that it borrows from. */
static int add_with_alternates(struct revchain_odb *odb, const char *directory, int depth,
			       struct revchain_error *error)
{
	struct revchain_arena *arena;
	const char *list = NULL;
	struct stat info;
	int status;

	if (stat(directory, &info) != 0 || is_known(odb, &info))
		return REVCHAIN_OK;
	arena = revchain_arena_new();
	if (!arena)
		return revchain_fail_memory(error);
	status = add_directory(odb, directory, &info, error);
	if (!status && depth <= ALTERNATES_DEPTH)
		status = read_alternates(directory, arena, &list, error);
	if (!status && list)
		status = add_list(odb, list, "\r\n", directory, arena, depth + 1, error);
	revchain_arena_free(arena);
	return status;
}

/* The directories that git sets while it runs a hook: what is being pushed is there. */
static int add_from_environment(struct revchain_odb *odb, struct revchain_error *error)
{
	const char *own = getenv("GIT_OBJECT_DIRECTORY"),
		   *list = getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES");
	struct revchain_arena *arena = revchain_arena_new();
	int status = arena ? REVCHAIN_OK : revchain_fail_memory(error);

	if (!status && own && *own)
		status = add_with_alternates(odb, own, 0, error);
	if (!status && list)
		status = add_list(odb, list, ":", NULL, arena, 0, error);
	revchain_arena_free(arena);
	return status;
}

int revchain_odb_open(struct revchain_odb *odb, git_repository *git, struct revchain_error *error)
{
	char directory[PATH_MAX];
	int status;

	odb->git = git;
	revchain_verifier_init(&odb->verifier);
	if (git_odb_new(&odb->database) < 0)
		return revchain_fail(error, REVCHAIN_IO, "%s", revchain_refusal_reason());
	snprintf(directory, sizeof(directory), "%sobjects", git_repository_commondir(git));
	status = add_with_alternates(odb, directory, 0, error);
	if (!status)
		status = add_from_environment(odb, error);
	if (!status && git_repository_set_odb(git, odb->database) < 0)
		status = revchain_fail(error, REVCHAIN_IO, "%s", revchain_refusal_reason());
	return status;
}

void revchain_odb_close(struct revchain_odb *odb)
{
	revchain_verifier_free(&odb->verifier);
	git_odb_free(odb->database);
}

static void fail_content(const git_oid *id, git_object_t type, git_object_t found, bool verified,
			 struct revchain_error *error)
{
	char hex[REVCHAIN_OID_HEX + 1];

	git_oid_tostr(hex, sizeof(hex), id);
	if (verified)
		revchain_fail(error, REVCHAIN_HISTORY,
			      "the repository is damaged: %s should be a %s and is a %s", hex,
			      git_object_type2string(type), git_object_type2string(found));
	else
		revchain_fail(error, REVCHAIN_HISTORY,
			      "the repository is damaged: the content of %s %s is not what its "
			      "name stands for",
			      git_object_type2string(type), hex);
	revchain_error_hint(error, "git fsck");
}

/* libgit2 compares what it reads for itself (to find a merge base, to peel a tag) with its own
 * hash, which is slow; what is read here is compared by revchain_verify. */
static int read_unverified(git_odb_object **object, git_odb *database, const git_oid *id)
{
	int code;

	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	code = git_odb_read(object, database, id);
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
	return code;
}

/* Whether memory ran out for libgit2, and not because there is little. */
static bool asked_too_much(void)
{
	void *volatile plenty; /* volatile: tried, whatever the compiler thinks of it */

	if (!git_error_last() || git_error_last()->klass != GIT_ERROR_NOMEMORY)
		return false;
	plenty = malloc(REVCHAIN_LOOSE_MAX);
	free(plenty);
	return plenty != NULL;
}

int revchain_odb_read(struct revchain_odb *odb, const git_oid *id, git_object_t type,
		      git_odb_object **object, struct revchain_error *error)
{
	int code = read_unverified(object, odb->database, id);
	bool verified;

	if (code < 0 && asked_too_much()) { /* once may be by chance */
		code = read_unverified(object, odb->database, id);
		if (code < 0 && asked_too_much()) {
			*object = NULL;
			return revchain_refuse_size(odb->git, id, type, error);
		}
	}
	if (code < 0) {
		*object = NULL;
		return revchain_refuse_object(odb->git, id, type, code, error);
	}
	verified = revchain_verify(&odb->verifier, *object, id);
	if (verified && git_odb_object_type(*object) == type)
		return REVCHAIN_OK;
	fail_content(id, type, git_odb_object_type(*object), verified, error);
	git_odb_object_free(*object);
	*object = NULL;
	return REVCHAIN_HISTORY;
}

int revchain_odb_size(struct revchain_odb *odb, const git_oid *id, git_object_t type, size_t *size,
		      struct revchain_error *error)
{
	git_object_t found;
	int code = git_odb_read_header(size, &found, odb->database, id);

	return code < 0 ? revchain_refuse_object(odb->git, id, type, code, error) : REVCHAIN_OK;
}
