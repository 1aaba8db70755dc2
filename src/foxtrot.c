#include "revchain/foxtrot.h"

#include <string.h>

#include "revchain/text.h"

#include "object.h"
#include "oidmap.h"
#include "repository.h"

#define SUBJECT_MAX 256
/* How far a clock may be off before an ancestor is not found: a month. */
#define CLOCK_SLACK ((int64_t)30 * 24 * 60 * 60)

struct looking {
	struct revchain_repository *repository;
	const struct revchain_migrations *set;
	const struct revchain_order *order;
	const char *branch;
	struct revchain_findings *findings;
};

/* A part of a text. */
struct part {
	const char *text;
	size_t length;
};

static bool equal(struct part a, struct part b)
{
	return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

static struct part part_of(const char *text)
{
	return (struct part){text, strlen(text)};
}

/* What is behind a text at the start of another; NULL: it does not start so. */
static const char *behind(const char *text, const char *start)
{
	size_t length = strlen(start);

	return strncmp(text, start, length) == 0 ? text + length : NULL;
}

/* Whether a branch is the one that is looked at: by its name, whatever remote it is read from. */
static bool is_looked_at(const struct looking *looking, struct part name)
{
	size_t length;

	if (!looking->branch)
		return false;
	length = strlen(looking->branch);
	return length >= name.length && name.length &&
	       memcmp(looking->branch + length - name.length, name.text, name.length) == 0 &&
	       (length == name.length || looking->branch[length - name.length - 1] == '/');
}

/*
 * Whether a subject says that a branch was merged into itself. git writes "Merge branch 'X' of URL
 * into Y" or "Merge remote-tracking branch 'REMOTE/X' into Y", and leaves out " into Y" for main
 * and master.
 */
static bool says_swapped(const struct looking *looking, const char *subject)
{
	const char *at = behind(subject, "Merge branch '"), *end, *into;
	bool remote = false;
	struct part from;

	if (!at) {
		at = behind(subject, "Merge remote-tracking branch '");
		remote = at != NULL;
	}
	end = at ? strchr(at, '\'') : NULL;
	if (!end)
		return false;
	if (remote && memchr(at, '/', (size_t)(end - at)))
		at = (const char *)memchr(at, '/', (size_t)(end - at)) + 1;
	from = (struct part){at, (size_t)(end - at)};
	if (is_looked_at(looking, from))
		return true;
	into = strstr(end, " into ");
	if (into)
		return equal(from, part_of(into + strlen(" into ")));
	return equal(from, part_of("main")) || equal(from, part_of("master"));
}

/* The first line of a commit's message. */
static int read_subject(struct looking *looking, const git_oid *id, char *subject, size_t size,
			struct revchain_error *error)
{
	git_odb_object *object;
	const char *text, *message;
	size_t length;
	int status = revchain_repository_read_object(looking->repository, id, GIT_OBJECT_COMMIT,
						     &object, error);

	if (status)
		return status;
	text = git_odb_object_data(object);
	length = git_odb_object_size(object);
	message = memmem(text, length, "\n\n", 2);
	length = message ? length - (size_t)(message + 2 - text) : 0;
	text = message ? message + 2 : text;
	if (length && memchr(text, '\n', length))
		length = (size_t)((const char *)memchr(text, '\n', length) - text);
	if (length >= size)
		length = size - 1;
	memcpy(subject, text, length);
	subject[length] = '\0';
	git_odb_object_free(object);
	return REVCHAIN_OK;
}

/* Whether a commit of this date is an ancestor of another one, or the same. */
static int is_ancestor(struct looking *looking, const git_oid *ancestor, int64_t date,
		       const git_oid *tip, bool *found, struct revchain_error *error)
{
	struct revchain_oidmap seen = {0};
	struct revchain_commit commit = {0};
	uint32_t next, number;
	int status = revchain_oidmap_add(&seen, tip, &number, error);
	size_t i;

	*found = false;
	for (next = 0; !status && !*found && next < seen.count; next++) {
		git_oid id = seen.ids[next];

		*found = git_oid_equal(&id, ancestor);
		if (*found)
			break;
		status = revchain_commit_read(looking->repository, &id, &commit, error);
		for (i = 0; !status && commit.date >= date - CLOCK_SLACK && i < commit.parent_count;
		     i++)
			status = revchain_oidmap_add(&seen, &commit.parents[i], &number, error);
	}
	revchain_commit_free(&commit);
	revchain_oidmap_free(&seen);
	return status;
}

static void report(struct looking *looking, const char *subject, size_t before, size_t start,
		   size_t end)
{
	const struct revchain_ordered *items = looking->order->items;
	const struct revchain_migration *own = &looking->set->items[items[before].migration];
	struct revchain_findings *findings = looking->findings;
	char hex[REVCHAIN_OID_HEX + 1];
	struct revchain_finding *finding;
	size_t i;

	git_oid_tostr(hex, 11, &items[start].commit);
	finding = revchain_finding_add(
		findings, REVCHAIN_FINDING_FOXTROT, REVCHAIN_NOTE,
		"this migration comes behind '%s', which may have landed after it: the merge %s "
		"(%s) looks as if it swapped the branch with what was merged into it",
		own->revision, hex, subject);
	for (i = start; i < end; i++)
		revchain_finding_at(findings, finding, looking->set->items[items[i].migration].path,
				    0, i == start ? NULL : "likewise");
	revchain_finding_at(findings, finding, own->path, 0,
			    "landed on the other side of the merge");
	revchain_finding_hint(
		findings, finding,
		"git log --first-parent --oneline %s^2 shows the other side: if that "
		"was the line that databases followed, --base %s^2 puts its migrations "
		"first",
		hex, hex);
	revchain_finding_hint(findings, finding,
			      "git pull --rebase, or a merge of the topic into the branch, keeps "
			      "the line of first parents");
}

/* Look at the migrations of one commit, those from `start` to `end` of the order, which are not the
 * first of their lane. */
static int look(struct looking *looking, size_t start, size_t end, struct revchain_error *error)
{
	const struct revchain_ordered *first = &looking->order->items[start], *before = first - 1;
	struct revchain_commit merge = {0};
	char subject[SUBJECT_MAX];
	bool shared = true;
	int status = revchain_commit_read(looking->repository, &first->commit, &merge, error);

	if (!status && merge.parent_count == 2) {
		status = read_subject(looking, &first->commit, subject, sizeof(subject), error);
		if (!status && says_swapped(looking, subject))
			status = is_ancestor(looking, &before->commit, before->date,
					     &merge.parents[1], &shared, error);
	}
	revchain_commit_free(&merge);
	if (!status && !shared)
		report(looking, subject, start - 1, start, end);
	return status;
}

int revchain_foxtrot_find(struct revchain_repository *repository,
			  const struct revchain_migrations *set, const struct revchain_order *order,
			  const char *branch, struct revchain_findings *findings,
			  struct revchain_error *error)
{
	struct looking looking = {repository, set, order, branch, findings};
	size_t lane, start, end;
	int status = REVCHAIN_OK;

	for (lane = 0; lane < set->lane_count; lane++)
		for (start = order->lane_start[lane];
		     !status && start < order->lane_start[lane + 1]; start = end) {
			for (end = start + 1;
			     end < order->lane_start[lane + 1] && order->items[end].has_commit &&
			     git_oid_equal(&order->items[end].commit, &order->items[start].commit);)
				end++;
			if (order->items[start].has_commit && start > order->lane_start[lane])
				status = look(&looking, start, end, error);
		}
	return status;
}
