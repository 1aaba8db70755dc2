#include "looserefs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ownership.h"

struct walk {
	const char *git_directory;
	struct revchain_arena *arena;
	struct revchain_looserefs *refs;
	struct revchain_error *error;
};

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* A link is what it leads to; to nowhere, it is no file, which git passes over too. */
static mode_t type_of(DIR *stream, const struct dirent *entry)
{
	struct stat info;

	if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
		return DTTOIF((mode_t)entry->d_type);
	return fstatat(dirfd(stream), entry->d_name, &info, 0) == 0 ? info.st_mode & S_IFMT : 0;
}

static int list_directory(const struct walk *walk, const char *name);

static int take(const struct walk *walk, const char *name, mode_t type)
{
	struct revchain_looserefs *refs = walk->refs;
	const char **grown;

	if (!name)
		return revchain_fail_memory(walk->error);
	if (type == S_IFDIR)
		return list_directory(walk, name);
	if (type != S_IFREG)
		return REVCHAIN_OK;
	grown = revchain_arena_grow(walk->arena, refs->names, refs->count, &refs->capacity,
				    sizeof(*refs->names));
	if (!grown)
		return revchain_fail_memory(walk->error);
	refs->names = grown;
	refs->names[refs->count++] = name;
	return REVCHAIN_OK;
}

/* As deep as the longest path that can be opened; `name` begins with refs. */
static int list_directory(const struct walk *walk, const char *name)
{
	const char *path = revchain_arena_join(walk->arena, walk->git_directory, name);
	struct dirent *entry;
	int status = REVCHAIN_OK;
	DIR *stream;

	if (!path)
		return revchain_fail_memory(walk->error);
	stream = opendir(path);
	if (!stream) /* git takes away what has become empty */
		return errno == ENOENT ? REVCHAIN_OK
				       : revchain_ownership_fail(walk->error, path, path);
	while (!status && (errno = 0, entry = readdir(stream)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			status = take(walk, revchain_arena_join(walk->arena, name, entry->d_name),
				      type_of(stream, entry));
	if (!status && errno)
		status = revchain_ownership_fail(walk->error, path, path);
	closedir(stream);
	return status;
}

int revchain_looserefs_list(const char *git_directory, struct revchain_arena *arena,
			    struct revchain_looserefs *refs, struct revchain_error *error)
{
	size_t length = strlen(git_directory);
	const struct walk walk = {
		.git_directory = revchain_arena_copy(
			arena, git_directory,
			length - (length > 1 && git_directory[length - 1] == '/')),
		.arena = arena,
		.refs = refs,
		.error = error,
	};
	int status;

	*refs = (struct revchain_looserefs){0};
	if (!walk.git_directory)
		return revchain_fail_memory(error);
	status = list_directory(&walk, "refs");
	if (refs->count)
		qsort(refs->names, refs->count, sizeof(*refs->names), compare_names);
	return status;
}

bool revchain_looserefs_have(const struct revchain_looserefs *refs, const char *name)
{
	return refs->count &&
	       bsearch(&name, refs->names, refs->count, sizeof(*refs->names), compare_names);
}
