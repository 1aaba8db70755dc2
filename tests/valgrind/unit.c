/*
 * The unit tests under valgrind, all in one program: each is run by a fork of this process.
 * criterion starts a program anew for each, and valgrind takes a second to start. What tests call
 * of criterion is in criterion/internal/test.h and criterion/internal/assert.h; what has to do with
 * the process that they are in is here instead.
 *
 * usage: valgrind ... unit OUTPUTS [SUITE [TEST]]    OUTPUTS: a directory for what tests print
 */
#include <criterion/criterion.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEST_SECONDS 180 /* then it is held to hang */
#define SKIPPED 77

/* What the linker has gathered of the macros Test and TestSuite. */
extern struct criterion_test *__start_cr_tst[], *__stop_cr_tst[];
extern struct criterion_suite *__start_cr_sts[], *__stop_cr_sts[];

/* In the process of a test. */
static struct criterion_test *current;
static jmp_buf end_of_part;
static bool failed;

/* By the process that waits: how many ended how. */
static unsigned running, passed, wrong, skipped;
static struct run {
	pid_t process;
	struct criterion_test *test;
} * runs; /* as many as there are tests */

static struct criterion_test_extra_data *suite_data(void)
{
	struct criterion_suite **suite;

	for (suite = __start_cr_sts; suite < __stop_cr_sts; suite++)
		if (strcmp((*suite)->name, current->category) == 0)
			return (*suite)->data;
	return NULL;
}

static void run_part(void (*part)(void))
{
	if (part && !setjmp(end_of_part))
		part();
}

void criterion_internal_test_setup(void)
{
	struct criterion_test_extra_data *suite = suite_data();

	run_part(suite ? suite->init : NULL);
	run_part(current->data->init);
}

void criterion_internal_test_main(void (*test)(void))
{
	if (!failed)
		run_part(test);
}

void criterion_internal_test_teardown(void)
{
	struct criterion_test_extra_data *suite = suite_data();

	run_part(current->data->fini);
	run_part(suite ? suite->fini : NULL);
}

void cri_asserts_passed_incr(void)
{
}

void criterion_send_assert(struct criterion_assert_stats *stats)
{
	if (stats->passed)
		return;
	fprintf(stderr, "%s:%u: %s\n", stats->file, stats->line, stats->message);
	failed = true;
}

void criterion_continue_test(void)
{
}

CR_NORETURN void criterion_abort_test(void)
{
	longjmp(end_of_part, 1);
}

CR_NORETURN void criterion_skip_test(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	exit(SKIPPED);
}

static char *output_of(const char *outputs, pid_t process)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%ld", outputs, (long)process);
	return path;
}

static void start(struct criterion_test *test, const char *outputs)
{
	struct run *run = runs;

	while (run->process)
		run++;
	fflush(stdout);
	run->test = test;
	run->process = fork();
	if (run->process < 0) {
		perror("fork");
		exit(2);
	}
	running++;
	if (run->process > 0)
		return;
	if (!freopen(output_of(outputs, getpid()), "w", stdout) || dup2(1, 2) < 0)
		_exit(2);
	alarm(TEST_SECONDS);
	current = test;
	test->test();
	exit(failed);
}

static void show(const char *path)
{
	FILE *file = fopen(path, "r");
	int c;

	while (file && (c = getc(file)) != EOF)
		putchar(c);
	if (file)
		fclose(file);
}

static void wait_for_one(const char *outputs)
{
	int status;
	pid_t process = wait(&status);
	struct run *run = runs;

	while (run->process != process)
		run++;
	run->process = 0;
	running--;
	if (WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED) {
		skipped++;
		printf("SKIPPED  %s/%s: ", run->test->category, run->test->name);
		show(output_of(outputs, process));
		putchar('\n');
	} else if (status) {
		wrong++;
		show(output_of(outputs, process));
		printf("FAILED   %s/%s: process %ld, status %#x\n", run->test->category,
		       run->test->name, (long)process, (unsigned)status);
	} else {
		passed++;
	}
}

int main(int argc, char **argv)
{
	unsigned at_once = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	struct criterion_test **test;

	if (argc < 2 || argc > 4)
		return 2;
	runs = calloc((size_t)(__stop_cr_tst - __start_cr_tst), sizeof(*runs));
	if (!runs)
		return 2;
	for (test = __start_cr_tst; test < __stop_cr_tst; test++) {
		if ((argc > 2 && strcmp((*test)->category, argv[2]) != 0) ||
		    (argc > 3 && strcmp((*test)->name, argv[3]) != 0))
			continue;
		if (running == at_once)
			wait_for_one(argv[1]);
		start(*test, argv[1]);
	}
	while (running)
		wait_for_one(argv[1]);
	free(runs);
	if (!passed && !wrong && !skipped) {
		fprintf(stderr, "no such test\n");
		return 2;
	}
	printf("%u passed, %u failed, %u skipped\n", passed, wrong, skipped);
	return wrong != 0;
}
