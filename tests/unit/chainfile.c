#include "revchain/chainfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "directory.h"
#include "linked.h"
#include "user.h"

static char root[64];

static void set_up(void)
{
	const char *directory = getenv("TMPDIR");

	linked_open();
	umask(022);
	snprintf(root, sizeof(root), "%.40s/revchain-XXXXXX", directory ? directory : "/tmp");
	cr_assert_not_null(mkdtemp(root));
	cr_assert_eq(chdir(root), 0);
}

static void empty(const char *directory)
{
	DIR *stream = opendir(directory);
	struct dirent *entry;

	while (stream && (entry = readdir(stream))) {
		char path[400];

		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    remove(path) != 0) {
			empty(path);
			remove(path);
		}
	}
	if (stream)
		closedir(stream);
}

static void tear_down(void)
{
	linked_close();
	empty(root);
	rmdir(root);
}

TestSuite(chainfile, .init = set_up, .fini = tear_down, .timeout = 30);

/* The file's text for a set, of the lanes that `lanes` has a '1' for. */
static void check_text(const char *lanes, const char *expected)
{
	struct revchain_ordered items[16] = {{0}};
	size_t lane_start[] = {0, 0, 0, 0}, i, lane;
	struct revchain_order order = {items, 0, lane_start};
	bool wanted[3] = {lanes[0] == '1', lanes[1] == '1', lanes[2] == '1'};
	struct revchain_chain chain;
	struct revchain_buffer text = {0};

	for (lane = 0; lane < 3; lane++) {
		lane_start[lane] = order.count;
		for (i = 0; i < linked.set.count; i++)
			if (linked.set.items[i].lane == lane)
				items[order.count++].migration = i;
	}
	lane_start[3] = order.count;
	cr_assert_eq(
		revchain_chain_build(&linked.set, &order, &chain, &linked.findings, &linked.error),
		0);
	cr_assert(chain.complete);
	cr_assert_eq(revchain_chainfile_text(&linked.set, &chain, wanted, &text, &linked.error), 0);
	cr_expect_str_eq(text.text, expected, "expected <<%s>>\ngot      <<%s>>", expected,
			 text.text);
	revchain_buffer_free(&text);
}

Test(chainfile, text)
{
	linked_set(NULL);
	check_text("111", "{}\n");
	linked_set("a", "b:a", NULL);
	check_text("111", "{}\n");
	linked_set("a*", NULL);
	check_text("111", "{\n  \"a\": null\n}\n");
	linked_set("a", "d*", "h:d", "e*", NULL);
	check_text("111", "{\n  \"d\": \"a\",\n  \"e\": \"h\"\n}\n");
}

Test(chainfile, keys_are_sorted_by_code_points)
{
	linked_set("\xf0\x9f\x98\x80*", "\xef\xbf\xbd*", "z*", "\xc3\xbc*", "Z*", "a\"\\*", "10*",
		   "9*", NULL);
	check_text(
		"100",
		"{\n  \"10\": \"a\\\"\\\\\",\n  \"9\": \"10\",\n  \"Z\": \"\\u00fc\",\n  "
		"\"a\\\"\\\\\": \"Z\",\n"
		"  \"z\": \"\\ufffd\",\n  \"\\u00fc\": \"z\",\n  \"\\ufffd\": \"\\ud83d\\ude00\",\n"
		"  \"\\ud83d\\ude00\": null\n}\n");
}

Test(chainfile, lanes)
{
	linked_set("a*", "1/b*", "c*", "1/d*", "2/e", NULL);
	check_text("111",
		   "{\n  \"a\": null,\n  \"b\": null,\n  \"c\": \"a\",\n  \"d\": \"b\"\n}\n");
	check_text("100", "{\n  \"a\": null,\n  \"c\": \"a\"\n}\n");
	check_text("010", "{\n  \"b\": null,\n  \"d\": \"b\"\n}\n");
	check_text("001", "{}\n");
	check_text("000", "{}\n");
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
}

static void check_file(const char *path, const char *expected)
{
	char text[1000] = "";
	FILE *file = fopen(path, "r");

	cr_assert_not_null(file, "%s is not there", path);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	cr_expect_str_eq(text, expected, "%s: <<%s>>", path, text);
}

static mode_t mode_of(const char *path)
{
	struct stat info;

	cr_assert_eq(lstat(path, &info), 0, "%s", path);
	return info.st_mode;
}

static void write_to(const char *path, const char *text)
{
	int status = revchain_chainfile_write(path, text, strlen(text), &linked.error);

	cr_assert_eq(status, REVCHAIN_OK, "%s: %s", path, linked.error.message);
}

static void write_fails(const char *path)
{
	int status = revchain_chainfile_write(path, "new", 3, &linked.error);

	cr_expect_eq(status, REVCHAIN_IO, "%.50s: status %d", path, status);
	cr_expect_arr_eq(linked.error.path, path, strlen(path) < 4000 ? strlen(path) : 4000);
	cr_expect(*linked.error.message);
}

Test(chainfile, new_and_old_files)
{
	write_to("new.json", "first\n");
	check_file("new.json", "first\n");
	write_to("new.json", "2");
	check_file("new.json", "2");
	write_to("new.json", "");
	check_file("new.json", "");
	cr_expect_eq(directory_entries("."), 1);
}

Test(chainfile, paths)
{
	const char *full = revchain_arena_printf(linked.arena, "%s/full.json", root);

	mkdir("dir", 0777);
	write_to("dir/a.json", "a");
	write_to("./dir/../b \n\xff.json", "b");
	write_to(full, "c");
	check_file("dir/a.json", "a");
	check_file("b \n\xff.json", "b");
	check_file("full.json", "c");
	cr_expect_eq(directory_entries("dir"), 1);
	cr_expect_eq(directory_entries("."), 3);
}

Test(chainfile, large_text)
{
	size_t length = (size_t)8 << 20;
	char *text = malloc(length);
	struct stat info;

	memset(text, 'x', length);
	cr_assert_eq(revchain_chainfile_write("large", text, length, &linked.error), 0);
	cr_assert_eq(stat("large", &info), 0);
	cr_expect_eq((size_t)info.st_size, length);
	free(text);
}

Test(chainfile, modes)
{
	static const mode_t modes[] = {0600, 0640, 0644, 0755, 0444, 0666, 0400};
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		put("old.json", "old");
		chmod("old.json", modes[i]);
		write_to("old.json", "new");
		cr_expect_eq(mode_of("old.json") & 07777, modes[i], "%o became %o", modes[i],
			     mode_of("old.json") & 07777);
		unlink("old.json");
	}
	umask(027);
	write_to("new.json", "new");
	cr_expect_eq(mode_of("new.json") & 07777, 0640,
		     "a new file has the mode that open(2) gives");
	umask(0);
	write_to("newer.json", "new");
	cr_expect_eq(mode_of("newer.json") & 07777, 0666);
	cr_expect_eq(umask(0), 0, "the mask is as it was");
}

/* Whoever had the old file open goes on reading it whole. */
Test(chainfile, readers_keep_the_old_file)
{
	char text[10] = "";
	FILE *reader;

	put("a.json", "old");
	reader = fopen("a.json", "r");
	cr_assert_eq(link("a.json", "other.json"), 0);
	write_to("a.json", "new text");
	cr_expect_eq(fread(text, 1, sizeof(text), reader), 3);
	cr_expect_str_eq(text, "old");
	fclose(reader);
	check_file("other.json", "old");
}

Test(chainfile, symbolic_links)
{
	mkdir("dir", 0777);
	mkdir("dir/sub", 0777);
	put("dir/real.json", "old");
	cr_assert_eq(symlink("dir/real.json", "link"), 0);
	cr_assert_eq(symlink("link", "again"), 0);
	cr_assert_eq(symlink("../dir/fresh.json", "dir/dangling"), 0);
	cr_assert_eq(symlink("dir/dangling", "twice"), 0);
	cr_assert_eq(symlink(revchain_arena_printf(linked.arena, "%s/absolute.json", root),
			     "dir/sub/absolute"),
		     0);
	write_to("again", "one");
	check_file("dir/real.json", "one");
	write_to("twice", "two");
	check_file("dir/fresh.json", "two");
	write_to("dir/sub/absolute", "three");
	check_file("absolute.json", "three");
	cr_expect(S_ISLNK(mode_of("link")) && S_ISLNK(mode_of("again")) &&
		  S_ISLNK(mode_of("twice")) && S_ISLNK(mode_of("dir/dangling")) &&
		  S_ISLNK(mode_of("dir/sub/absolute")));
	cr_expect_eq(directory_entries("."), 5);
	cr_expect_eq(directory_entries("dir"), 4);
}

Test(chainfile, links_that_lead_nowhere)
{
	int status;

	cr_assert_eq(symlink("loop", "loop"), 0);
	cr_assert_eq(symlink("pong", "ping"), 0);
	cr_assert_eq(symlink("ping", "pong"), 0);
	cr_assert_eq(symlink("not/there/a.json", "nowhere"), 0);
	write_fails("loop");
	write_fails("ping");
	status = revchain_chainfile_write("nowhere", "new", 3, &linked.error);
	cr_expect_eq(status, REVCHAIN_IO);
	cr_expect_str_eq(linked.error.path, "not/there/a.json", "the path that cannot be written");
	cr_expect_eq(directory_entries("."), 4);
}

Test(chainfile, what_cannot_be_written)
{
	char *name = malloc(5001);
	struct stat info;

	mkdir("dir", 0777);
	put("file", "old");
	write_fails("dir");
	write_fails("dir/");
	write_fails("not/there.json");
	write_fails("file/a.json");
	write_fails("");
	memset(name, 'n', 5000);
	name[5000] = '\0';
	write_fails(name);
	free(name);
	check_file("file", "old");
	cr_expect_eq(stat("dir", &info), 0);
	cr_expect(S_ISDIR(info.st_mode));
	cr_expect_eq(directory_entries("."), 2);
	cr_expect_eq(directory_entries("dir"), 0);
}

/* The name of the temporary file is none that fails where the file's own fits. */
Test(chainfile, longest_name)
{
	char name[256];
	size_t length;
	int fd = -1;

	memset(name, 'n', sizeof(name));
	for (length = 255; fd < 0 && length; length--) { /* file systems differ */
		name[length] = '\0';
		fd = open(name, O_WRONLY | O_CREAT, 0666);
	}
	cr_assert_geq(fd, 0);
	close(fd);
	cr_expect_eq(revchain_chainfile_write(name, "new", 3, &linked.error), REVCHAIN_OK);
	check_file(name, "new");
	cr_expect_eq(directory_entries("."), 1);
}

Test(chainfile, directory_without_permission)
{
	mkdir("dir", 0777);
	put("dir/a.json", "old");
	chmod("dir", 0555);
	cr_assert_eq(chmod(".", 0755), 0);
	become(NOBODY);
	write_fails("dir/a.json");
	become(0);
	cr_expect(strstr(linked.error.hints, "-o -"), "%s", linked.error.hints);
	check_file("dir/a.json", "old");
	cr_expect_eq(directory_entries("dir"), 1);
	chmod("dir", 0777);
}

Test(chainfile, devices_and_pipes)
{
	char text[10] = "";
	int pipe_end;

	write_to("/dev/null", "text");
	cr_expect(S_ISCHR(mode_of("/dev/null")));
	cr_assert_eq(symlink("/dev/null", "null"), 0);
	write_to("null", "text");
	cr_expect(S_ISLNK(mode_of("null")));
	write_fails("/dev/full");
	cr_expect(strstr(linked.error.message, strerror(ENOSPC)), "%s", linked.error.message);
	cr_assert_eq(mkfifo("pipe", 0666), 0);
	pipe_end = open("pipe", O_RDWR);
	write_to("pipe", "text");
	cr_expect_eq(read(pipe_end, text, sizeof(text)), 4);
	cr_expect_str_eq(text, "text");
	close(pipe_end);
	cr_expect(S_ISFIFO(mode_of("pipe")));
	cr_expect_eq(directory_entries("."), 2);
}

/* The signals that were blocked for the time of writing are as they were before. */
Test(chainfile, signals)
{
	sigset_t mask, before;

	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	write_to("a.json", "1");
	write_fails("not/there.json");
	sigprocmask(SIG_SETMASK, NULL, &before);
	cr_expect_eq(sigismember(&before, SIGUSR1), 1);
	cr_expect_eq(sigismember(&before, SIGINT), 0);
	cr_expect_eq(sigismember(&before, SIGTERM), 0);
}

/* Many at the same time: each time one of the texts as a whole, and nothing left. */
Test(chainfile, writers_at_the_same_time)
{
	enum { writers = 8, rounds = 50 };
	char text[20000];
	pid_t children[writers];
	int i, j, status;

	write_to("a.json", "first");
	for (i = 0; i < writers; i++) {
		children[i] = fork();
		cr_assert_geq(children[i], 0);
		if (children[i])
			continue;
		memset(text, 'a' + i, sizeof(text));
		for (j = 0; j < rounds; j++)
			if (revchain_chainfile_write("a.json", text, sizeof(text), &linked.error))
				_exit(1);
		_exit(0);
	}
	for (i = 0; i < writers; i++) {
		cr_assert_eq(waitpid(children[i], &status, 0), children[i]);
		cr_expect_eq(status, 0);
	}
	{
		FILE *file = fopen("a.json", "r");
		size_t got = fread(text, 1, sizeof(text), file);

		fclose(file);
		cr_expect_eq(got, sizeof(text));
		for (i = 1; i < (int)got; i++)
			cr_assert_eq(text[i], text[0], "two texts mixed");
	}
	cr_expect_eq(directory_entries("."), 1);
}
