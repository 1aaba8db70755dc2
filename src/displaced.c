#include "displaced.h"

#include <stdint.h>
#include <string.h>

#include "revchain/text.h"

#define NONE REVCHAIN_DISPLACED_NEW

/* "behind 'aa'"; NULL when memory ran out. */
static const char *name_parents(struct revchain_arena *arena, const struct revchain_links *parents,
				const char *(*revision_of)(const void *data, size_t index),
				const void *data)
{
	const char *text = parents->count ? "behind " : "behind none";
	size_t i;

	for (i = 0; text && i < parents->count; i++)
		text = revchain_arena_printf(arena, "%s%s'%s'", text, i ? " and " : "",
					     revision_of(data, parents->to[i]));
	return text;
}

static const char *revision_now(const void *data, size_t index)
{
	const struct revchain_migrations *set = data;

	return set->items[index].revision;
}

static const char *revision_then(const void *data, size_t index)
{
	const struct revchain_earlier *earlier = data;

	return earlier->revisions[index];
}

/* Where a migration stands, and where it stood: "new, behind 'aa'", "behind 'aa' now, behind 'bb'
 * at main". */
static const char *describe(const struct revchain_displaced *displaced, size_t migration)
{
	const struct revchain_migrations *set = displaced->judged->set;
	const struct revchain_earlier *earlier = displaced->earlier;
	size_t node = earlier ? displaced->node[migration] : NONE;
	const char *now = name_parents(set->arena, &displaced->judged->parents[migration],
				       revision_now, set),
		   *then;

	if (!now || !earlier)
		return now;
	if (node == NONE || !earlier->judged[node])
		return revchain_arena_printf(set->arena, "new, %s", now);
	then = earlier->open[node]
		       ? "somewhere"
		       : name_parents(set->arena, &earlier->parents[node], revision_then, earlier);
	if (!then || strcmp(now, then) == 0)
		return then;
	return revchain_arena_printf(set->arena, "%s now, %s %s%s", now, then, earlier->before,
				     earlier->name);
}

/* The ways out. */
static void advise(const struct revchain_displaced *displaced, struct revchain_finding *finding,
		   const struct revchain_migration *skipped,
		   const struct revchain_migration *behind)
{
	struct revchain_findings *findings = displaced->findings;
	const char *word =
		revchain_text_shell_word(displaced->judged->set->arena, skipped->revision);

	if (!displaced->judged->landing_order && skipped->kind == REVCHAIN_DYNAMIC)
		revchain_finding_hint(findings, finding,
				      "leave --order out: landing order puts nothing in front of "
				      "what landed before");
	if (skipped->kind == REVCHAIN_DYNAMIC && behind->kind == REVCHAIN_DYNAMIC)
		revchain_finding_hint(findings, finding, "keep the order: %s", displaced->keep);
	if (skipped->kind == REVCHAIN_DYNAMIC)
		revchain_finding_hint(findings, finding,
				      "or land '%s' again, behind the others: remove its file in "
				      "one commit, add it in the next",
				      skipped->revision);
	else
		revchain_finding_hint(
			findings, finding, "put '%s' behind the head: revchain repoint %s%s",
			skipped->revision, word ? word : "", displaced->judged->arguments);
	if (behind->kind != REVCHAIN_DYNAMIC)
		revchain_finding_hint(findings, finding, "or give '%s' the parent back that it had",
				      behind->revision);
}

void revchain_displaced_report(const struct revchain_displaced *displaced, size_t migration,
			       size_t before)
{
	const struct revchain_migrations *set = displaced->judged->set;
	const struct revchain_migration *skipped = &set->items[migration],
					*behind = &set->items[before];
	const char *where = describe(displaced, migration), *its = describe(displaced, before),
		   *note;
	struct revchain_finding *finding;

	note = its ? revchain_arena_printf(set->arena, "'%s', %s", behind->revision, its) : NULL;
	if (!where || !note) {
		displaced->findings->out_of_memory = true;
		return;
	}
	finding = revchain_finding_add(
		displaced->findings, REVCHAIN_FINDING_DISPLACED, REVCHAIN_ERROR,
		"'%s' (%s) comes before '%s', which %s has without it: it would be skipped there, "
		"and nobody would know",
		skipped->revision, where, behind->revision, displaced->who);
	revchain_finding_at(displaced->findings, finding, skipped->path,
			    skipped->scan.down_revision.line, NULL);
	revchain_finding_at(displaced->findings, finding, behind->path,
			    behind->scan.down_revision.line, note);
	advise(displaced, finding, skipped, behind);
}

void revchain_displaced_report_more(const struct revchain_displaced *displaced)
{
	revchain_finding_add(
		displaced->findings, REVCHAIN_FINDING_DISPLACED, REVCHAIN_ERROR,
		"more than %zu migrations come before what %s has without them; only these "
		"are named",
		REVCHAIN_DISPLACED_MOST, displaced->who);
}
