#include <criterion/criterion.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "workers.h"

#define PIECES 1000

struct work {
	unsigned char done[PIECES];
	atomic_bool busy[REVCHAIN_WORKERS_MOST];
	atomic_bool wrong;
	size_t workers;
};

static void do_piece(void *data, size_t worker, size_t piece)
{
	struct work *work = data;

	if (worker >= work->workers || piece >= PIECES ||
	    atomic_exchange(&work->busy[worker], true)) {
		atomic_store(&work->wrong, true);
		return;
	}
	work->done[piece]++;
	atomic_store(&work->busy[worker], false);
}

/* Each piece is done once, and no worker has two at a time. */
Test(workers, every_piece_once)
{
	size_t workers, pieces, i;

	for (workers = 1; workers <= REVCHAIN_WORKERS_MOST; workers++)
		for (pieces = 0; pieces <= PIECES; pieces = pieces * 3 + 1) {
			struct work work = {.workers = workers};

			revchain_workers_run(workers, pieces, do_piece, &work);
			cr_assert_not(atomic_load(&work.wrong), "%zu workers, %zu pieces", workers,
				      pieces);
			for (i = 0; i < PIECES; i++)
				cr_assert_eq(work.done[i], i < pieces, "piece %zu of %zu: %d times",
					     i, pieces, work.done[i]);
		}
}

/* With one processor, or any of them, for all: there may be no other one to start on. */
Test(workers, on_each_processor)
{
	cpu_set_t allowed, one;
	size_t cpu, tried = 0;

	cr_assert_eq(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
	for (cpu = 0; cpu < CPU_SETSIZE && tried < 4; cpu++) {
		struct work work = {.workers = REVCHAIN_WORKERS_MOST};

		if (!CPU_ISSET(cpu, &allowed))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		cr_assert_eq(sched_setaffinity(0, sizeof(one), &one), 0);
		cr_expect_eq(revchain_workers_for(PIECES), 1);
		revchain_workers_run(work.workers, PIECES, do_piece, &work);
		cr_expect_not(atomic_load(&work.wrong));
		cr_expect_eq(work.done[PIECES - 1], 1);
		tried++;
	}
	cr_assert_gt(tried, 0);
}

/* Who calls may still run where it could before. */
Test(workers, affinity_stays)
{
	cpu_set_t before, after;
	struct work work = {.workers = REVCHAIN_WORKERS_MOST};

	cr_assert_eq(sched_getaffinity(0, sizeof(before), &before), 0);
	revchain_workers_run(work.workers, PIECES, do_piece, &work);
	cr_assert_eq(sched_getaffinity(0, sizeof(after), &after), 0);
	cr_expect(CPU_EQUAL(&before, &after));
}

Test(workers, few_pieces_need_one)
{
	cr_assert_eq(revchain_workers_for(0), 1);
	cr_assert_eq(revchain_workers_for(10), 1);
	cr_assert_leq(revchain_workers_for(1000000), REVCHAIN_WORKERS_MOST);
	cr_assert_geq(revchain_workers_for(1000000), 1);
}

/* Where no thread can be had, who calls does it all. */
Test(workers, no_room_for_a_thread)
{
	struct work work = {.workers = REVCHAIN_WORKERS_MOST};
	struct rlimit before, little;
	size_t i;

	if (getenv("ASAN_OPTIONS"))
		cr_skip_test("sanitizers need memory of their own");
	cr_assert_eq(getrlimit(RLIMIT_AS, &before), 0);
	little = (struct rlimit){1 << 20, before.rlim_max};
	cr_assert_eq(setrlimit(RLIMIT_AS, &little), 0);
	revchain_workers_run(work.workers, PIECES, do_piece, &work);
	cr_assert_eq(setrlimit(RLIMIT_AS, &before), 0);
	cr_expect_not(atomic_load(&work.wrong));
	for (i = 0; i < PIECES; i++)
		cr_assert_eq(work.done[i], 1, "piece %zu: %d times", i, work.done[i]);
}
