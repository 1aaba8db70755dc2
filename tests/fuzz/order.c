/*
 * The order of a generated history: each choice that the input makes is a commit more, a parent of
 * it, a migration that it adds, removes, moves or edits. Whatever the history, each order is one of
 * the migrations that are there, by landing order each stands where it landed, and what is new on
 * the line of first parents comes behind what was there.
 */
#include "objects.h"

#include "revchain/chain.h"
#include "revchain/graph.h"
#include "revchain/order.h"

#include "object.h"

#define LANES 2
#define SLOTS 6 /* paths in each lane */
#define FILES (LANES * SLOTS)
#define COMMITS_MOST 14
#define PARENTS_MOST 3

static const struct revchain_lane lanes[LANES] = {{"v"}, {"w"}};

struct commit {
	git_oid id, files[FILES]; /* the blobs; zero: not there */
	size_t parents[PARENTS_MOST], parent_count;
};

struct past {
	struct choices choices;
	struct commit commits[COMMITS_MOST];
	size_t count;
};

/* What is at one commit, and in what order. */
struct present {
	struct revchain_arena *arena;
	struct revchain_history history;
	struct revchain_snapshot snapshot;
	struct revchain_migrations set;
	struct revchain_findings findings;
	struct revchain_order order;
};

static git_oid make_blob(struct past *past, unsigned revision)
{
	unsigned shape = choose(&past->choices, 256);
	char text[256], date[64] = "", needs[64] = "";

	if (shape & 1)
		snprintf(date, sizeof(date), "'''x\n\nCreate Date: 2024-01-0%u 0%u:00:00\n'''\n",
			 1 + (shape >> 1) % 4, (shape >> 3) % 3);
	if (shape > 200)
		snprintf(needs, sizeof(needs), "depends_on = 'r%u'\n", shape % FILES);
	snprintf(text, sizeof(text), "%srevision = 'r%u'\ndown_revision = %s\n%s", date, revision,
		 (shape & 0x30) == 0x30 ? "None" : "get_down_revision(revision)", needs);
	return object_put(GIT_OBJECT_BLOB, text, strlen(text));
}

static git_oid make_tree(const git_oid *files)
{
	char tree[1024], lane_tree[1024];
	size_t lane, i, length = 0;

	for (lane = 0; lane < LANES; lane++) {
		size_t lane_length = 0;
		git_oid id;

		for (i = 0; i < SLOTS; i++) {
			const git_oid *blob = &files[lane * SLOTS + i];

			if (git_oid_is_zero(blob))
				continue;
			lane_length += (size_t)sprintf(lane_tree + lane_length, "100644 %c.py",
						       (char)('a' + (int)i)) +
				       1;
			memcpy(lane_tree + lane_length, blob->id, REVCHAIN_OID_RAW);
			lane_length += REVCHAIN_OID_RAW;
		}
		/* a lane is there also without migrations */
		lane_length += (size_t)sprintf(lane_tree + lane_length, "100644 keep") + 1;
		memset(lane_tree + lane_length, 1, REVCHAIN_OID_RAW);
		lane_length += REVCHAIN_OID_RAW;
		id = object_put(GIT_OBJECT_TREE, lane_tree, lane_length);
		length += (size_t)sprintf(tree + length, "40000 %s", lanes[lane].directory) + 1;
		memcpy(tree + length, id.id, REVCHAIN_OID_RAW);
		length += REVCHAIN_OID_RAW;
	}
	return object_put(GIT_OBJECT_TREE, tree, length);
}

/* Take over what other parents have and the first has not. */
static void merge_files(const struct past *past, struct commit *commit)
{
	size_t i, file;

	for (i = 1; i < commit->parent_count; i++)
		for (file = 0; file < FILES; file++)
			if (git_oid_is_zero(&commit->files[file]))
				commit->files[file] = past->commits[commit->parents[i]].files[file];
}

static void change_files(struct past *past, struct commit *commit)
{
	unsigned changes = choose(&past->choices, 5);

	while (changes-- > 0) {
		unsigned what = choose(&past->choices, 8), file = choose(&past->choices, FILES);
		git_oid moved = commit->files[file];

		if (what < 5) {
			commit->files[file] = make_blob(past, file);
			continue;
		}
		memset(&commit->files[file], 0, sizeof(git_oid));
		if (what == 5 && !git_oid_is_zero(&moved))
			commit->files[choose(&past->choices, FILES)] = moved;
	}
}

static void make_commit(struct past *past)
{
	struct commit *commit = &past->commits[past->count];
	char text[1024], hex[REVCHAIN_OID_HEX + 1];
	unsigned shape = choose(&past->choices, 256), date = choose(&past->choices, 32);
	size_t i, length;
	git_oid tree;

	if (past->count > 0 && shape < 250)
		commit->parent_count = shape < 150 ? 1 : 1 + shape % PARENTS_MOST;
	for (i = 0; i < commit->parent_count; i++) {
		unsigned back = i == 0 && shape < 100 ? 0 : choose(&past->choices, 16);

		commit->parents[i] = past->count - 1 - back % past->count;
	}
	if (commit->parent_count > 0)
		memcpy(commit->files, past->commits[commit->parents[0]].files,
		       sizeof(commit->files));
	merge_files(past, commit);
	change_files(past, commit);
	tree = make_tree(commit->files);
	length = (size_t)sprintf(text, "tree %s\n", git_oid_tostr(hex, sizeof(hex), &tree));
	for (i = 0; i < commit->parent_count; i++)
		length += (size_t)sprintf(
			text + length, "parent %s\n",
			git_oid_tostr(hex, sizeof(hex), &past->commits[commit->parents[i]].id));
	length += (size_t)sprintf(text + length,
				  "author A <a@b> 1 +0000\ncommitter C <c@d> %u +0000\n\n%zu\n",
				  1700000000 + 60 * date, past->count);
	commit->id = object_put(GIT_OBJECT_COMMIT, text, length);
	past->count++;
}

static void look(struct present *present, enum revchain_order_kind kind, const git_oid *tip,
		 bool dynamic_only)
{
	struct revchain_error error;

	*present = (struct present){.arena = revchain_arena_new()};
	present->history = (struct revchain_history){.repository = objects_repository(),
						     .revision_of = revchain_order_revision_of,
						     .arena = present->arena};
	revchain_findings_init(&present->findings, present->arena);
	MUST(revchain_snapshot_commit(&present->snapshot, objects_repository(), tip, &error) ==
	     REVCHAIN_OK);
	MUST(revchain_migrations_load(&present->set, &present->snapshot, lanes, LANES, false,
				      present->arena, &present->findings, &error) == REVCHAIN_OK);
	MUST(revchain_graph_link(&present->set, &present->findings, &error) == REVCHAIN_OK);
	MUST(revchain_order(kind, &present->history, &present->snapshot, &present->set, tip,
			    dynamic_only, &present->order, &present->findings,
			    &error) == REVCHAIN_OK);
}

/* Each migration once, in its lane. */
static void must_be_permutation(const struct present *present)
{
	bool seen[FILES] = {false};
	size_t lane, i;

	MUST(present->order.count == present->set.count);
	MUST(present->order.lane_start[LANES] == present->order.count);
	for (lane = 0; lane < LANES; lane++)
		for (i = present->order.lane_start[lane]; i < present->order.lane_start[lane + 1];
		     i++) {
			size_t migration = present->order.items[i].migration;

			MUST(!seen[migration]);
			MUST(present->set.items[migration].lane == lane);
			MUST(present->order.items[i].committed);
			seen[migration] = true;
		}
}

/* The commit on the line of first parents from `at` by which a migration landed; its place there.
 */
static size_t place_on_line(const struct past *past, size_t at, const git_oid *landed)
{
	size_t place = COMMITS_MOST;

	for (;; place--, at = past->commits[at].parents[0]) {
		if (git_oid_equal(&past->commits[at].id, landed))
			return place;
		MUST(past->commits[at].parent_count > 0);
	}
}

static size_t file_of(const struct revchain_migration *migration)
{
	return migration->lane * SLOTS + (size_t)(migration->path[2] - 'a');
}

/* Each landed at a commit of the line, and none in front of one that landed before. */
static void must_stand_where_landed(const struct past *past, const struct present *present,
				    size_t tip)
{
	size_t lane, i;

	for (lane = 0; lane < LANES; lane++) {
		size_t before = 0;

		for (i = present->order.lane_start[lane]; i < present->order.lane_start[lane + 1];
		     i++) {
			const struct revchain_ordered *ordered = &present->order.items[i];
			size_t place;

			MUST(ordered->has_commit);
			place = place_on_line(past, tip, &ordered->commit);
			MUST(place >= before);
			before = place;
		}
	}
}

/* Whether all revision ids are told apart, and each path that both have keeps its own. */
static bool are_comparable(const struct present *now, const struct present *before)
{
	const char *at_path[FILES] = {NULL};
	size_t i;

	if (now->findings.errors > 0 || before->findings.errors > 0)
		return false;
	for (i = 0; i < before->set.count; i++)
		at_path[file_of(&before->set.items[i])] = before->set.items[i].revision;
	for (i = 0; i < now->set.count; i++) {
		const char *then = at_path[file_of(&now->set.items[i])];

		if (then && strcmp(then, now->set.items[i].revision) != 0)
			return false;
	}
	return true;
}

/* What the first parent of a commit had and it kept, in its lane, is in the order that it had
 * there, and in front of what the commit brought. */
static void must_be_append_only(const struct present *now, const struct present *before,
				const git_oid *tip)
{
	size_t lane, i, index, at;

	if (!are_comparable(now, before))
		return;
	for (lane = 0; lane < LANES; lane++) {
		at = before->order.lane_start[lane];
		for (i = now->order.lane_start[lane]; i < now->order.lane_start[lane + 1]; i++) {
			const struct revchain_ordered *ordered = &now->order.items[i];
			const char *revision = now->set.items[ordered->migration].revision;

			if (git_oid_equal(&ordered->commit, tip) ||
			    !revchain_migrations_find(&before->set, revision, &index) ||
			    before->set.items[index].lane != lane)
				continue;
			while (at < before->order.lane_start[lane + 1] &&
			       before->order.items[at].migration != index)
				at++;
			MUST(at < before->order.lane_start[lane + 1]);
		}
	}
}

/* The order of the dynamic migrations alone is that which they have among all. */
static void must_be_same_alone(const struct present *all, const git_oid *tip)
{
	struct present dynamic;
	size_t i, at = 0;

	look(&dynamic, REVCHAIN_ORDER_LANDING, tip, true);
	for (i = 0; i < all->order.count; i++)
		if (all->set.items[all->order.items[i].migration].kind == REVCHAIN_DYNAMIC) {
			MUST(at < dynamic.order.count);
			MUST(dynamic.order.items[at++].migration == all->order.items[i].migration);
		}
	MUST(at == dynamic.order.count);
	revchain_arena_free(dynamic.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct past past = {.choices = {data, data + size}};
	struct revchain_error error;
	struct revchain_chain chain;
	struct present now, before;
	const struct commit *tip;

	objects_repository();
	do {
		make_commit(&past);
	} while (past.choices.at < past.choices.end && past.count < COMMITS_MOST);
	tip = &past.commits[past.count - 1];
	look(&now, REVCHAIN_ORDER_DATE, &tip->id, false);
	must_be_permutation(&now);
	revchain_arena_free(now.arena);
	look(&now, REVCHAIN_ORDER_TOPO, &tip->id, false);
	must_be_permutation(&now);
	revchain_arena_free(now.arena);
	look(&now, REVCHAIN_ORDER_LANDING, &tip->id, false);
	must_be_permutation(&now);
	must_stand_where_landed(&past, &now, past.count - 1);
	must_be_same_alone(&now, &tip->id);
	if (tip->parent_count > 0) {
		look(&before, REVCHAIN_ORDER_LANDING, &past.commits[tip->parents[0]].id, false);
		must_be_append_only(&now, &before, &tip->id);
		revchain_arena_free(before.arena);
	}
	MUST(revchain_chain_build(&now.set, &now.order, &chain, &now.findings, &error) ==
	     REVCHAIN_OK);
	MUST(chain.complete == (now.findings.errors == 0));
	revchain_arena_free(now.arena);
	objects_clear();
	return 0;
}
