#include "revchain/atomicfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>

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
