#include "revchain/state.h"

#include "fixture.h"

TestSuite(state, .init = fixture_open, .fini = fixture_close);

static const struct revchain_lane lanes[] = {{"v"}, {"w"}};

static struct revchain_scope make_scope(bool discover)
{
	return (struct revchain_scope){
		.repository = fixture.repository,
		.discover = discover,
		.directory = "",
		.lanes = lanes,
		.lane_count = 2,
	};
}

/* The ids of the findings, with commas behind them. */
static const char *ids_of(const struct revchain_findings *findings)
{
	const struct revchain_finding *finding;
	const char *text = "";

	for (finding = findings->first; finding; finding = finding->next)
		text = revchain_arena_printf(fixture.arena, "%s%s,", text, finding->id);
	return text;
}

static struct revchain_state read_state(const struct revchain_scope *scope, char commit,
					const char **ids)
{
	struct revchain_findings findings;
	struct revchain_state state;

	revchain_findings_init(&findings, fixture.arena);
	fixture_must(revchain_state_read(scope, "it", fixture_id(commit), fixture.arena, &state,
					 &findings, &fixture.error));
	*ids = ids_of(&findings);
	return state;
}

#define A "revision='a'\ndown_revision=None"
#define B "revision='b'\ndown_revision=get_down_revision(revision)"
#define C "revision='c'\ndown_revision=get_down_revision(revision)"

Test(state, lanes_of_today)
{
	struct revchain_scope scope = make_scope(false);
	struct revchain_state state;
	const char *ids;

	fixture_commit('1', "", "v/a.py=" A "|w/b.py=" B);
	fixture_commit('2', "1", "v/a.py=" A);
	state = read_state(&scope, '1', &ids);
	cr_expect_str_eq(ids, "");
	cr_expect_eq(state.lane_count, 2);
	cr_expect_eq(state.set.count, 2);
	cr_expect_str_eq(state.name, "it");
	state = read_state(&scope, '2', &ids);
	cr_expect_str_eq(ids, "absent-lane,");
	cr_expect_eq(state.lane_count, 1);
	cr_expect_eq(state.set.count, 1);
}

Test(state, lanes_of_the_configuration_then)
{
	struct revchain_scope scope = make_scope(true);
	struct revchain_state state;
	const char *ids;

	fixture_commit('1', "",
		       "alembic.ini=[alembic]\nscript_location = old\n|old/versions/a.py=" A);
	fixture_commit('2', "1", "v/a.py=" A "|w/b.py=" B);
	state = read_state(&scope, '1', &ids);
	cr_expect_str_eq(ids, "");
	cr_assert_eq(state.lane_count, 1);
	cr_expect_str_eq(state.lanes[0].directory, "old/versions");
	cr_expect_eq(state.set.count, 1);
	state = read_state(&scope, '2', &ids);
	cr_expect_str_eq(ids, "absent-configuration,");
	cr_expect_eq(state.lane_count, 2);
}

/* What is wrong with a configuration is said with its name; nobody need listen. */
Test(state, configuration_without_lanes)
{
	struct revchain_scope scope = make_scope(true);
	struct revchain_findings findings;
	struct revchain_state state;

	revchain_findings_init(&findings, fixture.arena);
	fixture_commit('1', "", "alembic.ini=[alembic]\n|v/a.py=" A);
	fixture_must(revchain_state_read(&scope, "it", fixture_id('1'), fixture.arena, &state,
					 &findings, &fixture.error));
	cr_assert_not_null(findings.first);
	cr_expect(strstr(findings.first->message, "those of today: alembic.ini: "), "%s",
		  findings.first->message);
	cr_expect_eq(state.lane_count, 1);
	fixture_must(revchain_state_read(&scope, "it", fixture_id('1'), fixture.arena, &state, NULL,
					 &fixture.error));
	cr_expect_eq(state.lane_count, 1);
}

/* By two names a lane is still one. */
Test(state, lane_by_two_names)
{
	struct revchain_scope scope = make_scope(true);
	struct revchain_state state;
	const char *ids;

	fixture_commit('1', "",
		       "alembic.ini=[alembic]\nscript_location = x\nversion_locations = v also\n"
		       "|v/a.py=" A "|also@v");
	state = read_state(&scope, '1', &ids);
	cr_expect_str_eq(ids, "");
	cr_assert_eq(state.lane_count, 1);
	cr_expect_str_eq(state.lanes[0].directory, "v");
	cr_expect_eq(state.set.count, 1);
}

#define NESTED "alembic.ini=[alembic]\nscript_location = x\nversion_locations = v\n"

/* As the configuration has it, or as it is asked for. */
Test(state, directories_in_lanes)
{
	struct revchain_scope scope = make_scope(true);
	const char *ids;

	fixture_commit('1', "", NESTED "|v/a.py=" A "|v/2024/b.py=" B);
	fixture_commit('2', "",
		       NESTED "recursive_version_locations = true|v/a.py=" A "|v/2024/b.py=" B);
	cr_expect_eq(read_state(&scope, '1', &ids).set.count, 1);
	cr_expect_eq(read_state(&scope, '2', &ids).set.count, 2);
	scope.recursive_anywhere = true;
	cr_expect_eq(read_state(&scope, '1', &ids).set.count, 2);
}

/* A configuration that is missing from the objects is no reason to take another. */
Test(state, configuration_that_cannot_be_read)
{
	struct revchain_scope scope = make_scope(true);
	git_oid blob = fixture_blob("[alembic]\n");
	char hex[REVCHAIN_OID_HEX + 1];
	struct revchain_state state;

	fixture_commit('1', "", "alembic.ini=[alembic]\n|v/a.py=" A);
	git_oid_tostr(hex, sizeof(hex), &blob);
	cr_assert_eq(unlink(revchain_arena_printf(fixture.arena, "%s/.git/objects/%.2s/%s",
						  fixture.path, hex, hex + 2)),
		     0);
	cr_expect_eq(revchain_state_read(&scope, "it", fixture_id('1'), fixture.arena, &state, NULL,
					 &fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, hex), "%s", fixture.error.message);
}

Test(state, is_ordered_as_of_its_commit)
{
	struct revchain_scope scope = make_scope(false);
	struct revchain_history history = {.repository = fixture.repository,
					   .revision_of = revchain_order_revision_of,
					   .arena = fixture.arena};
	struct revchain_state state;
	const char *ids;

	fixture_commit('1', "", "v/b.py=" B "|w/x.py=" A);
	fixture_commit('2', "1", "v/a.py=" C "|v/b.py=" B "|w/x.py=" A);
	state = read_state(&scope, '2', &ids);
	fixture_must(revchain_state_order(&state, REVCHAIN_ORDER_LANDING, &history, true,
					  &fixture.error));
	cr_assert_eq(state.order.count, 2);
	cr_expect_str_eq(state.set.items[state.order.items[0].migration].revision, "b");
	cr_expect_str_eq(state.set.items[state.order.items[1].migration].revision, "c");
	cr_expect(state.chain.complete);
	cr_expect_eq(state.chain.parents[state.order.items[1].migration].to[0],
		     state.order.items[0].migration);
}

Test(state, commit_that_is_not_there)
{
	struct revchain_scope scope = make_scope(false);
	git_oid none = {{1}};
	struct revchain_state state;

	cr_expect_eq(revchain_state_read(&scope, "it", &none, fixture.arena, &state, NULL,
					 &fixture.error),
		     REVCHAIN_HISTORY);
}
