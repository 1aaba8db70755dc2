#include "workers.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

/* A thread takes as long to start as this many pieces take to be done. */
#define PIECES_WORTH_A_THREAD 64

struct job {
	void (*work)(void *data, size_t worker, size_t piece);
	void *data;
	size_t pieces;
	atomic_size_t next; /* the first piece that nobody has taken */
};

struct worker {
	struct job *job;
	size_t number;
	pthread_t thread;
};

size_t revchain_workers_for(size_t pieces)
{
	size_t workers = pieces / PIECES_WORTH_A_THREAD + 1, processors;
	cpu_set_t allowed;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		return 1;
	processors = (size_t)CPU_COUNT(&allowed);
	if (workers > processors)
		workers = processors;
	return workers < REVCHAIN_WORKERS_MOST ? workers : REVCHAIN_WORKERS_MOST;
}

static void *take_pieces(void *argument)
{
	struct worker *worker = argument;
	struct job *job = worker->job;
	size_t piece;

	while ((piece = atomic_fetch_add(&job->next, 1)) < job->pieces)
		job->work(job->data, worker->number, piece);
	return NULL;
}

/*
 * Keep new threads off the processor that this one runs on. Left to itself Linux often starts a
 * thread behind the one that made it, and moves it after some milliseconds, when all is done.
 */
static void start_elsewhere(pthread_attr_t *attributes)
{
	int here = sched_getcpu();
	cpu_set_t others;

	if (here < 0 || sched_getaffinity(0, sizeof(others), &others) != 0)
		return;
	CPU_CLR((size_t)here, &others);
	if (CPU_COUNT(&others) > 0)
		pthread_attr_setaffinity_np(attributes, sizeof(others), &others);
}

void revchain_workers_run(size_t workers, size_t pieces,
			  void (*work)(void *data, size_t worker, size_t piece), void *data)
{
	struct worker others[REVCHAIN_WORKERS_MOST], own;
	struct job job = {.work = work, .data = data, .pieces = pieces};
	pthread_attr_t attributes;
	size_t i, started = 0;

	atomic_init(&job.next, 0);
	pthread_attr_init(&attributes);
	start_elsewhere(&attributes);
	for (i = 1; i < workers && i < REVCHAIN_WORKERS_MOST; i++) {
		struct worker *other = &others[started];

		*other = (struct worker){.job = &job, .number = i};
		/* where nobody may choose the processor, Linux does */
		if (pthread_create(&other->thread, &attributes, take_pieces, other) != 0 &&
		    pthread_create(&other->thread, NULL, take_pieces, other) != 0)
			break;
		started++;
	}
	pthread_attr_destroy(&attributes);
	own = (struct worker){.job = &job, .number = 0};
	take_pieces(&own);
	for (i = 0; i < started; i++)
		pthread_join(others[i].thread, NULL);
}
