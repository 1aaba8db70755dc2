#include "worktree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ownership.h"
#include "readall.h"

/* O_NONBLOCK: a named pipe must not keep us waiting for its writer. */
#define READ_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

static const char *absolute(const struct revchain_repository *repository,
			    struct revchain_arena *arena, const char *path)
{
	return revchain_arena_join(arena, revchain_repository_workdir(repository), path);
}

/* Whether a path that cannot be followed says something of the path, and not of memory or a disk.
 */
static bool says_what_is_there(int number)
{
	return number == ENOENT || number == ENOTDIR || number == ELOOP || number == ENAMETOOLONG;
}

int revchain_worktree_stat(const struct revchain_repository *repository, const char *path,
			   struct revchain_arena *arena, enum revchain_file_type *type,
			   const char **resolved, struct revchain_error *error)
{
	const char *full = absolute(repository, arena, path), *below;
	struct stat info;
	char *real;

	if (!full)
		return revchain_fail_memory(error);
	real = realpath(full, NULL);
	if (!real && errno == EACCES)
		return revchain_ownership_fail(error, path, full);
	if (!real || stat(real, &info) != 0) {
		if (!says_what_is_there(errno)) {
			free(real);
			return revchain_ownership_fail(error, path, full);
		}
		*type = lstat(full, &info) == 0 ? REVCHAIN_FILE_OTHER : REVCHAIN_FILE_NONE;
		free(real);
		return REVCHAIN_OK;
	}
	below = revchain_repository_below(repository, real);
	if (!below)
		*type = REVCHAIN_FILE_OTHER;
	else if (S_ISDIR(info.st_mode))
		*type = REVCHAIN_FILE_DIRECTORY;
	else
		*type = S_ISREG(info.st_mode) ? REVCHAIN_FILE_REGULAR : REVCHAIN_FILE_OTHER;
	if (below && resolved)
		*resolved = revchain_arena_copy(arena, below, strlen(below));
	free(real);
	return below && resolved && !*resolved ? revchain_fail_memory(error) : REVCHAIN_OK;
}

/* Read a file that is open, up to the limit: what it says of its own size may change under us. */
static int read_all(int fd, const char *path, struct revchain_arena *arena, const char **data,
		    size_t *length, struct revchain_error *error)
{
	struct stat info;

	if (fstat(fd, &info) != 0)
		return revchain_fail_at(error, REVCHAIN_IO, path, 0, strerror(errno));
	if (!S_ISREG(info.st_mode))
		return revchain_fail_at(error, REVCHAIN_MIGRATIONS, path, 0,
					"this is not a file that can be read");
	switch (revchain_read_all(fd, info.st_size > 0 ? (size_t)info.st_size : 0,
				  REVCHAIN_FILE_MAX, arena, data, length)) {
	case REVCHAIN_READ_FAILED:
		return revchain_fail_at(error, REVCHAIN_IO, path, 0, strerror(errno));
	case REVCHAIN_READ_TOO_LARGE:
		return revchain_fail_at(error, REVCHAIN_MIGRATIONS, path, 0,
					"the file is larger than 16 MiB, which no migration is");
	case REVCHAIN_READ_NO_MEMORY:
		return revchain_fail_memory(error);
	default:
		return REVCHAIN_OK;
	}
}

int revchain_worktree_read(const struct revchain_repository *repository, const char *path,
			   struct revchain_arena *arena, const char **data, size_t *length,
			   struct revchain_error *error)
{
	const char *full = absolute(repository, arena, path);
	int fd, status;

	if (!full)
		return revchain_fail_memory(error);
	fd = open(full, READ_FLAGS);
	if (fd < 0)
		return revchain_ownership_fail(error, path, full);
	status = read_all(fd, path, arena, data, length, error);
	close(fd);
	return status;
}

int revchain_worktree_read_listed(const struct revchain_repository *repository, const char *path,
				  struct revchain_arena *arena, const char **data, size_t *length,
				  bool *read, struct revchain_error *error)
{
	const char *full = absolute(repository, arena, path);
	int status, fd = full ? open(full, READ_FLAGS | O_NOFOLLOW) : -1;

	*read = fd >= 0;
	if (fd < 0)
		return REVCHAIN_OK;
	status = read_all(fd, path, arena, data, length, error);
	close(fd);
	return status;
}

static int list_directory(const struct revchain_repository *repository, const char *directory,
			  bool recursive, int depth, struct revchain_listing *list,
			  struct revchain_error *error)
{
	const char *full = absolute(repository, list->arena, directory);
	struct dirent *entry;
	int status = revchain_listing_enter(list, directory, depth, error);
	DIR *stream;

	if (status)
		return status;
	if (!full)
		return revchain_fail_memory(error);
	stream = opendir(full);
	if (!stream)
		return revchain_ownership_fail(error, directory, full);
	while (!status && (errno = 0, entry = readdir(stream))) {
		bool is_directory = entry->d_type == DT_DIR;
		struct stat info;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (entry->d_type == DT_UNKNOWN &&
		    fstatat(dirfd(stream), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0)
			is_directory = S_ISDIR(info.st_mode);
		if (!is_directory) {
			if (!revchain_listing_add(list, directory, entry->d_name, NULL))
				status = revchain_fail_memory(error);
		} else if (recursive) {
			const char *inner =
				revchain_arena_join(list->arena, directory, entry->d_name);

			status = inner ? list_directory(repository, inner, true, depth + 1, list,
							error)
				       : revchain_fail_memory(error);
		}
	}
	if (!status && errno)
		status = revchain_fail_at(error, REVCHAIN_IO, directory, 0, strerror(errno));
	closedir(stream);
	return status;
}

int revchain_worktree_list(const struct revchain_repository *repository, const char *directory,
			   bool recursive, struct revchain_listing *list,
			   struct revchain_error *error)
{
	return list_directory(repository, directory, recursive, 0, list, error);
}
