/*
 * Stands for the program where tests/cli runs under valgrind: asks server.c for the run, and ends
 * as it ended, or with 99 and what valgrind says on standard error.
 *
 * usage: client SOCKET LOGS ARGUMENT...    LOGS: where valgrind writes, before the number of the
 * process
 */
#include "request.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMPLAINS 99

extern char **environ;

static void fail(const char *what)
{
	perror(what);
	exit(COMPLAINS);
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int connection = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (connection < 0 ||
	    connect(connection, (struct sockaddr *)&address, sizeof(address)) != 0)
		fail(path);
	return connection;
}

static size_t add(char **words, int *count)
{
	size_t length = 0;

	for (*count = 0; words[*count]; (*count)++)
		length += strlen(words[*count]) + 1;
	return length;
}

static void send_texts(int connection, char **words)
{
	for (; *words; words++)
		if (send(connection, *words, strlen(*words) + 1, MSG_NOSIGNAL) < 0)
			fail("send");
}

static void ask(int connection, char **arguments)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(4 * sizeof(int))];
	} control = {0};
	struct request request = {0};
	struct iovec part = {&request, sizeof(request)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space};
	int descriptors[4], count = 1, i;

	descriptors[0] = open(".", O_RDONLY | O_DIRECTORY);
	if (descriptors[0] < 0)
		fail(".");
	for (i = 0; i < 3; i++) {
		request.open[i] = fcntl(i, F_GETFD) >= 0;
		if (request.open[i])
			descriptors[count++] = i;
	}
	request.mask = umask(0);
	request.length = add(arguments, &request.argument_count);
	request.length += add(environ, &request.variable_count);
	message.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int));
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
	memcpy(CMSG_DATA(&control.head), descriptors, (size_t)count * sizeof(int));
	if (sendmsg(connection, &message, MSG_NOSIGNAL) != sizeof(request))
		fail("sendmsg");
	send_texts(connection, arguments);
	send_texts(connection, environ);
}

/* Whether valgrind complained of that process, which then is on standard error. */
static bool show_complaints(const char *logs, pid_t process)
{
	char path[4096], text[4096];
	bool complained = false;
	ssize_t length;
	int log;

	snprintf(path, sizeof(path), "%s%ld", logs, (long)process);
	log = open(path, O_RDONLY);
	if (log < 0)
		fail(path);
	while ((length = read(log, text, sizeof(text))) > 0) {
		complained = true;
		fwrite(text, 1, (size_t)length, stderr);
	}
	unlink(path);
	return complained;
}

int main(int argc, char **argv)
{
	struct answer answer;
	const char *logs;
	int connection;

	if (argc < 3)
		return COMPLAINS;
	connection = connect_to(argv[1]);
	logs = argv[2];
	argv[2] = (char[]){"revchain"};
	ask(connection, argv + 2);
	if (recv(connection, &answer, sizeof(answer), MSG_WAITALL) != sizeof(answer))
		fail("the server has not answered");
	if (show_complaints(logs, answer.process))
		return COMPLAINS;
	if (WIFSIGNALED(answer.status)) {
		signal(WTERMSIG(answer.status), SIG_DFL);
		raise(WTERMSIG(answer.status));
	}
	return WEXITSTATUS(answer.status);
}
