#include "revchain/atomicfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>

#include "directory.h"
#include "fixture.h"

TestSuite(atomicfile, .init = fixture_open, .fini = fixture_close);

static const char *full(const char *path)
{
	return revchain_arena_printf(fixture.arena, "%s/%s", fixture.root, path);
}

static void must_write(const char *path, const char *text)
{
	fixture_must(revchain_atomicfile_write(full(path), text, strlen(text), &fixture.error));
}

static const char *content(const char *path)
{
	char *text = revchain_arena_alloc(fixture.arena, 64);
	FILE *file = fopen(full(path), "r");

	cr_assert_not_null(file, "%s", path);
	text[fread(text, 1, 63, file)] = '\0';
	fclose(file);
	return text;
}

Test(atomicfile, makes_and_replaces)
{
	struct stat info;
	mode_t before = umask(027);

	fixture_file("d/other", "x");
	must_write("d/a", "one");
	cr_expect_str_eq(content("d/a"), "one");
	cr_expect_eq(stat(full("d/a"), &info), 0);
	cr_expect_eq(info.st_mode & 07777, 0640);
	cr_expect_eq(chmod(full("d/a"), 0604), 0);
	must_write("d/a", "");
	cr_expect_str_eq(content("d/a"), "");
	cr_expect_eq(stat(full("d/a"), &info), 0);
	cr_expect_eq(info.st_mode & 07777, 0604);
	cr_expect_eq(directory_entries(full("d")), 2);
	umask(before);
}

Test(atomicfile, follows_links)
{
	struct stat info;

	fixture_file("d/a", "old");
	fixture_link("relative", "d/a");
	fixture_link("twice", full("relative"));
	fixture_link("d/new", "made");
	must_write("twice", "new");
	must_write("d/new", "also");
	cr_expect_str_eq(content("d/a"), "new");
	cr_expect_str_eq(content("d/made"), "also");
	cr_expect_eq(lstat(full("twice"), &info), 0);
	cr_expect(S_ISLNK(info.st_mode));
}

Test(atomicfile, in_the_current_directory)
{
	char before[PATH_MAX];

	cr_assert_not_null(getcwd(before, sizeof(before)));
	cr_assert_eq(chdir(fixture.root), 0);
	fixture_must(revchain_atomicfile_write("here", "x", 1, &fixture.error));
	cr_expect_str_eq(content("here"), "x");
	cr_expect_eq(chdir(before), 0);
}

Test(atomicfile, what_is_no_file_is_written_to)
{
	char text[8] = "";
	int fd;

	cr_assert_eq(mkfifo(full("pipe"), 0600), 0);
	fd = open(full("pipe"), O_RDONLY | O_NONBLOCK);
	must_write("pipe", "piped");
	cr_expect_eq(read(fd, text, sizeof(text)), 5);
	cr_expect_str_eq(text, "piped");
	close(fd);
}

/* A failure names the path and the reason. */
static void must_fail(const char *path, int code)
{
	cr_expect_eq(revchain_atomicfile_write(full(path), "x", 1, &fixture.error), REVCHAIN_IO);
	cr_expect_str_eq(fixture.error.path, full(path));
	cr_expect_not_null(strstr(fixture.error.message, strerror(code)), "%s: %s", path,
			   fixture.error.message);
}

Test(atomicfile, failures)
{
	char *name = revchain_arena_alloc(fixture.arena, PATH_MAX + 8);

	fixture_file("d/a", "old");
	fixture_link("loop", "loop");
	memset(name, 'n', PATH_MAX + 1);
	must_fail("none/a", ENOENT);
	must_fail("d", EISDIR);
	must_fail("d/a/b", ENOTDIR);
	must_fail("loop", ELOOP);
	cr_expect_eq(revchain_atomicfile_write(name, "x", 1, &fixture.error), REVCHAIN_IO);
	cr_expect_eq(directory_entries(full("d")), 1);
}

/* A path of this length, without its end, in a directory. */
static const char *padded(const char *directory, size_t length, const char *end)
{
	size_t room = PATH_MAX + 64, used;
	char *path = revchain_arena_alloc(fixture.arena, room);

	used = (size_t)snprintf(path, room, "%s/", full(directory));
	for (; used + 2 <= length; used += 2)
		snprintf(path + used, room - used, "./");
	snprintf(path + used, room - used, "%s", end);
	return path;
}

static void must_fail_at(const char *path, int code)
{
	cr_expect_eq(revchain_atomicfile_write(path, "x", 1, &fixture.error), REVCHAIN_IO);
	cr_expect_not_null(strstr(fixture.error.message, strerror(code)), "%s",
			   fixture.error.message);
}

Test(atomicfile, names_that_are_too_long)
{
	char target[4];
	const char *link;

	fixture_file("d/a", "old");
	must_fail_at(padded("d", PATH_MAX - 4, "a"), ENAMETOOLONG); /* of the temporary file */
	link = padded("d", PATH_MAX - 40, "l");
	fixture_link("d/l", "a-name-with-more-letters-than-the-forty-that-are-left");
	must_fail_at(link, ENAMETOOLONG);
	cr_expect_eq(
		revchain_atomicfile_target("/dev/null", target, sizeof(target), &fixture.error),
		REVCHAIN_IO);
	cr_expect_not_null(strstr(fixture.error.message, strerror(ENAMETOOLONG)), "%s",
			   fixture.error.message);
	cr_expect_str_eq(content("d/a"), "old");
	cr_expect_eq(directory_entries(full("d")), 2);
}

Test(atomicfile, more_links_than_anybody_follows)
{
	int i;

	fixture_file("d/link40", "end");
	for (i = 39; i >= 0; i--)
		fixture_link(revchain_arena_printf(fixture.arena, "d/link%d", i),
			     revchain_arena_printf(fixture.arena, "link%d", i + 1));
	must_write("d/link1", "reached");
	cr_expect_str_eq(content("d/link40"), "reached");
	must_fail("d/link0", ELOOP);
	cr_expect_str_eq(content("d/link40"), "reached");
}

Test(atomicfile, devices)
{
	fixture_must(revchain_atomicfile_write("/dev/null", "x", 1, &fixture.error));
	must_fail_at("/dev", EISDIR);
	if (access("/dev/full", W_OK) == 0)
		must_fail_at("/dev/full", ENOSPC);
}

/* As on a full disk: the old file is whole, and nothing is left beside it. */
Test(atomicfile, no_room)
{
	struct rlimit before, none = {0};

	fixture_file("d/a", "old");
	cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	none.rlim_max = before.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	must_fail("d/a", EFBIG);
	must_fail("d/new", EFBIG);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	cr_expect_str_eq(content("d/a"), "old");
	cr_expect_eq(directory_entries(full("d")), 1);
}
