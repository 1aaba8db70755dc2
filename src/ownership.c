#include "ownership.h"

#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void revchain_ownership_hint(struct revchain_error *error, const char *path)
{
	unsigned int user = (unsigned int)geteuid(), owner;
	char seen[PATH_MAX];
	struct stat info;
	char *slash;

	snprintf(seen, sizeof(seen), "%s", path);
	while (stat(seen, &info) != 0) { /* below a directory that may not be entered */
		slash = strrchr(seen, '/');
		if (!slash || slash == seen)
			return;
		*slash = '\0';
	}
	owner = (unsigned int)info.st_uid;
	if (owner == user)
		revchain_error_hint(error, "chmod u+rwX %s", seen);
	else
		revchain_error_hint(error,
				    "%s belongs to user %u, and this is user %u: docker run "
				    "--user %u:%u, or in a Dockerfile COPY --chown=%u:%u",
				    seen, owner, user, owner, (unsigned int)info.st_gid, user,
				    (unsigned int)getegid());
}

int revchain_ownership_fail(struct revchain_error *error, const char *path, const char *full)
{
	bool refused = errno == EACCES;
	int status = revchain_fail_at(error, REVCHAIN_IO, path, 0, strerror(errno));

	if (refused)
		revchain_ownership_hint(error, full);
	return status;
}

static bool is_refused(const FTSENT *entry)
{
	switch (entry->fts_info) {
	case FTS_DNR:
	case FTS_NS:
		return entry->fts_errno == EACCES;
	case FTS_D:
		return access(entry->fts_accpath, R_OK | X_OK) != 0 && errno == EACCES;
	case FTS_F:
		return access(entry->fts_accpath, R_OK) != 0 && errno == EACCES;
	default:
		return false;
	}
}

bool revchain_ownership_unreadable(const char *git_directory, char *path, size_t size)
{
	static const char *const names[] = {"", "HEAD", "packed-refs", "refs", "objects"};
	size_t length = strlen(git_directory), i;
	bool found = false;

	length -= length > 1 && git_directory[length - 1] == '/';
	for (i = 0; !found && i < sizeof(names) / sizeof(*names); i++) {
		char root[PATH_MAX];
		char *roots[] = {root, NULL};
		FTSENT *entry;
		FTS *files;

		snprintf(root, sizeof(root), "%.*s%s%s", (int)length, git_directory,
			 *names[i] ? "/" : "", names[i]);
		files = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
		while (!found && files && (entry = fts_read(files))) {
			found = is_refused(entry);
			if (found)
				snprintf(path, size, "%s", entry->fts_path);
			if (!*names[i]) /* only the directory itself */
				break;
		}
		if (files)
			fts_close(files);
	}
	return found;
}
