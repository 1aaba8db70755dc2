/*
 * The program for the black-box suite under valgrind: each run is a fork of this process, which
 * valgrind has started and in which the usual commands have been run once, so that their code is
 * translated. That takes a quarter of the time that starting valgrind for each run takes.
 *
 * usage: valgrind ... server SOCKET DIRECTORY    DIRECTORY: a repository to run the usual commands
 * in
 */
#include "request.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <git2.h>

#define RUNS_MOST 64	/* at the same time */
#define RUN_SECONDS 180 /* then it is held to hang */

extern char **environ;

/* That of src/cli/main.o, renamed by the Makefile. */
int program_main(int argc, char **argv);

static struct run {
	pid_t process; /* 0: this place is free */
	int connection;
} runs[RUNS_MOST];

/* Of the request that is being read, where valgrind finds them in the run. */
static char *texts;
static char **arguments, **variables;

static void fail(const char *what)
{
	perror(what);
	exit(2);
}

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		fail("calloc");
	return memory;
}

/* With outputs that nobody reads. */
static void run_once(char **words)
{
	int argc = 0, out = dup(1), err = dup(2), nowhere = open("/dev/null", O_WRONLY);

	if (out < 0 || err < 0 || nowhere < 0 || dup2(nowhere, 1) < 0 || dup2(nowhere, 2) < 0)
		fail("/dev/null");
	while (words[argc])
		argc++;
	optind = 0;
	program_main(argc, words);
	if (dup2(out, 1) < 0 || dup2(err, 2) < 0)
		fail("dup2");
	close(out);
	close(err);
	close(nowhere);
}

static void run_the_usual(const char *directory)
{
	static char *commands[][8] = {
		{"revchain", "check", "--format=json"},
		{"revchain", "check", "--onto", "HEAD~1", "--branches", "*"},
		{"revchain", "build", "-o", "/dev/null"},
		{"revchain", "log", "--format=json"},
		{"revchain", "history", "--format=graph"},
		{"revchain", "where", "0"},
		{"revchain", "no-command"},
	};
	size_t i;

	if (chdir(directory) != 0)
		fail(directory);
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		run_once(commands[i]);
	optind = 0;
	/* libgit2 sets up networks as well, which takes a third of a run: once is enough */
	if (git_libgit2_init() < 0)
		fail("libgit2");
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(listener, RUNS_MOST) != 0)
		fail(path);
	return listener;
}

/* The head, and the descriptors that came with it: the directory, then the open streams. */
static bool receive_head(int connection, struct request *request, int *descriptors)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(4 * sizeof(int))];
	} control = {0};
	struct iovec part = {request, sizeof(*request)};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control.space,
				 .msg_controllen = sizeof(control.space)};
	struct cmsghdr *head;

	if (recvmsg(connection, &message, MSG_WAITALL) != sizeof(*request))
		return false;
	head = CMSG_FIRSTHDR(&message);
	if (!head || head->cmsg_type != SCM_RIGHTS)
		return false;
	memcpy(descriptors, CMSG_DATA(head), head->cmsg_len - CMSG_LEN(0));
	return true;
}

static char **split(int count, char **text)
{
	char **words = allocate((size_t)count + 1, sizeof(*words));
	int i;

	for (i = 0; i < count; i++) {
		words[i] = *text;
		*text += strlen(*text) + 1;
	}
	return words;
}

static bool receive_texts(int connection, const struct request *request)
{
	char *text;

	texts = allocate(request->length + 1, 1);
	if (recv(connection, texts, request->length, MSG_WAITALL) != (ssize_t)request->length)
		return false;
	text = texts;
	arguments = split(request->argument_count, &text);
	variables = split(request->variable_count, &text);
	return true;
}

static void run(const struct request *request, const int *descriptors, const sigset_t *before)
{
	int i, next = 1;

	if (fchdir(descriptors[0]) != 0)
		_exit(126);
	for (i = 0; i < 3; i++)
		if (!request->open[i])
			close(i);
		else if (dup2(descriptors[next++], i) < 0)
			_exit(126);
	for (i = 0; i < next; i++)
		close(descriptors[i]);
	for (i = 0; i < RUNS_MOST; i++)
		if (runs[i].process)
			close(runs[i].connection);
	umask(request->mask);
	environ = variables;
	alarm(RUN_SECONDS);
	sigprocmask(SIG_SETMASK, before, NULL);
	_exit(program_main(request->argument_count, arguments)); /* it has flushed its output */
}

static void start(int connection, const sigset_t *before)
{
	int descriptors[4] = {-1, -1, -1, -1}, i;
	struct request request;
	struct run *free_run = runs;

	while (free_run < runs + RUNS_MOST && free_run->process)
		free_run++;
	if (free_run < runs + RUNS_MOST && receive_head(connection, &request, descriptors) &&
	    receive_texts(connection, &request)) {
		free_run->process = fork();
		if (free_run->process == 0)
			run(&request, descriptors, before);
		free_run->connection = connection;
	} else {
		close(connection);
	}
	for (i = 0; i < 4; i++)
		if (descriptors[i] >= 0)
			close(descriptors[i]);
	free(texts);
	free(arguments);
	free(variables);
	texts = NULL;
	arguments = variables = NULL;
}

static void answer_ended(void)
{
	struct answer answer;

	while ((answer.process = waitpid(-1, &answer.status, WNOHANG)) > 0) {
		struct run *ended = runs;

		while (ended->process != answer.process)
			ended++;
		/* who asked may be gone */
		send(ended->connection, &answer, sizeof(answer), MSG_NOSIGNAL);
		close(ended->connection);
		ended->process = 0;
	}
}

static void ignore(int number)
{
	(void)number;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = ignore};
	sigset_t blocked, before;
	struct pollfd listener;

	if (argc != 3)
		return 2;
	run_the_usual(argv[2]);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &blocked, &before) != 0 ||
	    sigaction(SIGCHLD, &action, NULL) != 0)
		fail("SIGCHLD");
	listener = (struct pollfd){.fd = listen_at(argv[1]), .events = POLLIN};
	for (;;) {
		if (ppoll(&listener, 1, NULL, &before) > 0) {
			int connection = accept4(listener.fd, NULL, NULL, SOCK_CLOEXEC);

			if (connection >= 0)
				start(connection, &before);
		}
		answer_ended();
	}
}
