#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdbool.h>

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

Test(workers, few_pieces_need_one)
{
	cr_assert_eq(revchain_workers_for(0), 1);
	cr_assert_eq(revchain_workers_for(10), 1);
	cr_assert_leq(revchain_workers_for(1000000), REVCHAIN_WORKERS_MOST);
	cr_assert_geq(revchain_workers_for(1000000), 1);
}
