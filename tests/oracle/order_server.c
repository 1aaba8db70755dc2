/*
 * The revchain program for order.py: each request runs its main() in a fork of a process in which
 * the libraries are loaded and set up already, which is most of what a run on a small history
 * costs.
 *
 * A request on standard input is a number of fields: first that number and a newline, then each
 * field as its length in decimal, a colon and its bytes. The first field is the directory to run
 * in, the others are the arguments. The answer is a line of three numbers (the exit status, or 128
 * and the signal; the lengths of standard output and standard error), then both outputs.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <git2.h>

#define RUN_SECONDS 60 /* then it is held to hang */

/* That of src/cli/main.o, renamed by the Makefile. */
int program_main(int argc, char **argv);

/* Read a decimal number and the byte behind it. */
static size_t read_number(int end)
{
	size_t number = 0;
	int byte = getchar();

	if (byte == EOF)
		exit(0);
	for (; byte >= '0' && byte <= '9'; byte = getchar())
		number = number * 10 + (size_t)(byte - '0');
	if (byte != end)
		exit(2);
	return number;
}

static void *allocate(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory)
		exit(2);
	return memory;
}

static char *read_field(void)
{
	size_t length = read_number(':');
	char *field = allocate(length + 1);

	if (fread(field, 1, length, stdin) != length)
		exit(2);
	return field;
}

/* Run the program with both outputs in files. Returns its exit status. */
static int run(const char *directory, int argc, char **argv, const int *outputs)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		alarm(RUN_SECONDS);
		if (chdir(directory) != 0 || dup2(outputs[0], 1) < 0 || dup2(outputs[1], 2) < 0)
			_exit(126);
		_exit(program_main(argc, argv)); /* it has flushed its output */
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		exit(2);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void print_file(int file, size_t length)
{
	char part[4096];
	ssize_t count = 0;
	size_t done = 0;

	for (; done < length; done += (size_t)count) {
		count = pread(file, part, sizeof(part), (off_t)done);
		if (count <= 0)
			exit(2);
		fwrite(part, 1, (size_t)count, stdout);
	}
}

static void answer(const int *outputs)
{
	size_t count = read_number('\n'), i;
	char **fields = allocate((count + 1) * sizeof(*fields));
	struct stat info[2];
	int status;

	for (i = 0; i < count; i++)
		fields[i] = read_field();
	if (count < 2)
		exit(2);
	for (i = 0; i < 2; i++)
		if (ftruncate(outputs[i], 0) != 0 || lseek(outputs[i], 0, SEEK_SET) != 0)
			exit(2);
	status = run(fields[0], (int)count - 1, fields + 1, outputs);
	if (fstat(outputs[0], &info[0]) != 0 || fstat(outputs[1], &info[1]) != 0)
		exit(2);
	printf("%d %zu %zu\n", status, (size_t)info[0].st_size, (size_t)info[1].st_size);
	for (i = 0; i < 2; i++)
		print_file(outputs[i], (size_t)info[i].st_size);
	fflush(stdout);
	for (i = 0; i < count; i++)
		free(fields[i]);
	free(fields);
}

int main(void)
{
	const int outputs[2] = {memfd_create("stdout", 0), memfd_create("stderr", 0)};

	if (outputs[0] < 0 || outputs[1] < 0 || git_libgit2_init() < 0)
		return 2;
	for (;;)
		answer(outputs);
}
