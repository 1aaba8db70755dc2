#include "revchain/append.h"

#include <stdint.h>
#include <string.h>

#include "revchain/graph.h"

#include "displaced.h"

#define NAMED_MOST ((size_t)20)
#define NONE SIZE_MAX

struct listing {
	const struct revchain_judged *judged;
	const struct revchain_applied *applied;
	struct revchain_findings *findings;
	bool *is_applied; /* of each migration */
	size_t *before;	  /* of each migration: the first applied one that is behind it, or NONE */
	size_t *sorted;	  /* parents first */
};

static void report_unknown(struct listing *listing, const char *names, size_t count)
{
	struct revchain_finding *finding = revchain_finding_add(
		listing->findings, REVCHAIN_FINDING_APPLIED_UNKNOWN, REVCHAIN_WARNING,
		"%s has applied what is no migration here: %s%s", listing->applied->name, names,
		count > NAMED_MOST ? " and more" : "");

	revchain_finding_hint(listing->findings, finding,
			      "deleted, renamed, or of another branch; Alembic cannot go on from a "
			      "version that it does not find");
}

static void mark_applied(struct listing *listing)
{
	const struct revchain_applied *applied = listing->applied;
	struct revchain_arena *arena = listing->judged->set->arena;
	const char *unknown = "";
	size_t i, index, count = 0;

	for (i = 0; i < applied->count; i++) {
		if (revchain_migrations_find(listing->judged->set, applied->revisions[i], &index)) {
			listing->is_applied[index] = true;
		} else if (count++ < NAMED_MOST) {
			unknown = revchain_arena_printf(arena, "%s%s%s", unknown,
							*unknown ? " " : "", applied->revisions[i]);
			if (!unknown) {
				listing->findings->out_of_memory = true;
				return;
			}
		}
	}
	if (count)
		report_unknown(listing, unknown, count);
}

/* Of each migration, children first: the applied one next behind it. */
static void find_behind(struct listing *listing)
{
	const struct revchain_links *parents = listing->judged->parents;
	size_t i, j;

	for (i = listing->judged->set->count; i-- > 0;) {
		size_t migration = listing->sorted[i];
		size_t next =
			listing->is_applied[migration] ? migration : listing->before[migration];

		for (j = 0; next != NONE && j < parents[migration].count; j++)
			listing->before[parents[migration].to[j]] = next;
	}
}

/* Whether the list has nothing of what is before what it has, though there is something. */
static bool names_versions_alone(const struct listing *listing)
{
	size_t i, missing = 0;

	for (i = 0; i < listing->judged->set->count; i++) {
		if (listing->before[i] == NONE)
			continue;
		if (listing->is_applied[i])
			return false;
		missing++;
	}
	return missing > 0;
}

static void report_versions(struct listing *listing)
{
	struct revchain_finding *finding = revchain_finding_add(
		listing->findings, REVCHAIN_FINDING_APPLIED_VERSIONS, REVCHAIN_WARNING,
		"%s names the version that the database is at, not what it has applied: what it "
		"would skip cannot be told",
		listing->applied->name);

	revchain_finding_hint(listing->findings, finding,
			      "pass what `alembic history -r :current` printed where it was "
			      "deployed, or compare with the commit that was: --since REF");
}

static void report_displaced(struct listing *listing, bool perhaps_versions)
{
	struct revchain_arena *arena = listing->judged->set->arena;
	struct revchain_displaced said = {
		.judged = listing->judged,
		.findings = listing->findings,
		.who = revchain_arena_printf(arena, "the database of %s", listing->applied->name),
		.keep = revchain_arena_printf(arena,
					      "revchain build --pin FILE%s, with the chain file "
					      "that was deployed",
					      listing->judged->arguments)};
	size_t i, count = 0;

	if (!said.who || !said.keep) {
		listing->findings->out_of_memory = true;
		return;
	}
	for (i = 0; i < listing->judged->set->count && count <= REVCHAIN_DISPLACED_MOST; i++) {
		size_t migration = listing->sorted[i], before = listing->before[migration];

		if (listing->is_applied[migration] || before == NONE)
			continue;
		if (count++ < REVCHAIN_DISPLACED_MOST)
			revchain_displaced_report(&said, migration, before);
		else
			revchain_displaced_report_more(&said);
	}
	if (count && perhaps_versions)
		revchain_finding_hint(listing->findings, listing->findings->last,
				      "if this is what `alembic current` printed: it names the "
				      "version alone; pass all that was applied");
}

int revchain_append_applied(const struct revchain_judged *judged,
			    const struct revchain_applied *applied,
			    struct revchain_findings *findings, struct revchain_error *error)
{
	const struct revchain_migrations *set = judged->set;
	struct listing listing = {.judged = judged, .applied = applied, .findings = findings};
	bool versions;
	size_t i, count;
	int status;

	listing.is_applied = revchain_arena_array(set->arena, set->count + 1, sizeof(bool));
	listing.before = revchain_arena_array(set->arena, set->count + 1, sizeof(size_t));
	listing.sorted = revchain_arena_array(set->arena, set->count + 1, sizeof(size_t));
	if (!listing.is_applied || !listing.before || !listing.sorted)
		return revchain_fail_memory(error);
	for (i = 0; i < set->count; i++)
		listing.before[i] = NONE;
	status = revchain_graph_sort(judged->parents, set->count, set->arena, listing.sorted,
				     &count, error);
	if (status)
		return status;
	mark_applied(&listing);
	find_behind(&listing);
	versions = names_versions_alone(&listing);
	if (versions && applied->annotated)
		report_versions(&listing);
	else
		report_displaced(&listing, versions);
	return REVCHAIN_OK;
}
