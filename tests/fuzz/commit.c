/* The parser of raw commits. */
#include "objects.h"

#include "object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct revchain_repository *repository = objects_repository();
	static struct revchain_commit commit; /* used again, as by a walk */
	git_oid id = object_put(GIT_OBJECT_COMMIT, data, size);
	struct revchain_error error;
	char hex[REVCHAIN_OID_HEX];
	size_t i;
	int status = revchain_commit_read(repository, &id, &commit, &error);

	MUST_BE_ONE_OF(status, error, REVCHAIN_HISTORY);
	if (!status) {
		const char *line = (const char *)data + strlen("tree ") + REVCHAIN_OID_HEX + 1;

		for (i = 0; i < commit.parent_count; i++) {
			line += strlen("parent ");
			MUST(git_oid_fmt(hex, &commit.parents[i]) == 0);
			MUST(strncasecmp(line, hex, REVCHAIN_OID_HEX) == 0);
			line += REVCHAIN_OID_HEX + 1;
		}
		MUST(line <= (const char *)data + size);
		MUST(commit.date >= 0);
	}
	revchain_commit_free(&commit);
	objects_clear();
	return 0;
}
