#include "stretch.h"

#include <criterion/criterion.h>
#include <string.h>

static struct revchain_stretches stretches;

static void set_up(void)
{
	memset(&stretches, 0, sizeof(stretches));
}

static void tear_down(void)
{
	revchain_stretches_free(&stretches);
}

TestSuite(stretch, .init = set_up, .fini = tear_down, .timeout = 60);

/* Commit number n; one in 64 is of the sample. */
static git_oid commit(unsigned n)
{
	git_oid id;

	memset(&id, 0, sizeof(id));
	id.id[0] = (unsigned char)n;
	id.id[1] = (unsigned char)(n >> 8);
	return id;
}

/* Visit a commit: the number of the one where the walk may go on. */
static unsigned visit(unsigned n, bool is_first)
{
	git_oid id = commit(n), end;
	struct revchain_error error = {0};

	cr_assert_eq(revchain_stretches_visit(&stretches, &id, is_first, &end, &error), REVCHAIN_OK,
		     "%s", error.message);
	return end.id[0] + 256u * end.id[1];
}

static void close_at(unsigned n)
{
	git_oid id = commit(n);

	revchain_stretches_close(&stretches, &id);
}

Test(stretch, first_commit_leads_to_the_end)
{
	cr_expect_eq(visit(1, true), 1);
	cr_expect_eq(visit(2, false), 2);
	cr_expect_eq(visit(3, false), 3);
	close_at(3);
	cr_expect_eq(visit(1, true), 3);
}

Test(stretch, a_sample_leads_to_the_end)
{
	unsigned n;

	for (n = 1; n <= 200; n++)
		cr_expect_eq(visit(n, n == 1), n);
	close_at(200);
	for (n = 2; n < 64; n++)
		cr_expect_eq(visit(n, false), n, "%u is not of the sample", n);
	cr_expect_eq(visit(64, false), 200);
}

Test(stretch, end_is_put_off)
{
	visit(1, true);
	close_at(5); /* the walk ended here, the stretch did not */
	cr_expect_eq(visit(1, true), 5);
	cr_expect_eq(visit(6, false), 6);
	close_at(9);
	cr_expect_eq(visit(1, true), 9);
}

Test(stretch, one_commit_alone)
{
	visit(1, true);
	close_at(1);
	cr_expect_eq(visit(1, true), 1);
	close_at(1);
	visit(2, true);
	close_at(2);
	cr_expect_eq(visit(1, true), 1);
}
