#include <criterion/criterion.h>
#include <ftw.h>
#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "revchain/project.h"

static struct revchain_arena *arena;
static struct revchain_repository *repository;
static struct revchain_snapshot snapshot;
static char root[4096];

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *where)
{
	(void)info;
	(void)type;
	(void)where;
	return remove(path);
}

static void set_up(void)
{
	struct revchain_error error;
	git_repository *made = NULL;

	arena = revchain_arena_new();
	snprintf(root, sizeof(root), "%s/revchain-project-XXXXXX",
		 getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	cr_assert_not_null(mkdtemp(root));
	git_libgit2_init();
	cr_assert_eq(git_repository_init(&made, root, 0), 0);
	git_repository_free(made);
	cr_assert_eq(revchain_repository_open(&repository, root, &error), 0, "%s", error.message);
	cr_assert_eq(revchain_snapshot_worktree(&snapshot, repository, &error), 0, "%s",
		     error.message);
}

static void tear_down(void)
{
	revchain_repository_close(repository);
	nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	git_libgit2_shutdown();
	revchain_arena_free(arena);
}

TestSuite(project, .init = set_up, .fini = tear_down);

/* Write a file of the work tree, or with a path that ends in a slash make a directory. */
static void write_file(const char *path, const char *text)
{
	char *full = revchain_arena_printf(arena, "%s/%s", root, path);
	FILE *file;

	for (char *slash = strchr(full + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0777);
		*slash = '/';
	}
	if (full[strlen(full) - 1] == '/')
		return;
	file = fopen(full, "w");
	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
}

/* "CONFIG: SCRIPT: LOCATION, LOCATION", and what else is set; or "error PATH:LINE: MESSAGE". */
static const char *read_project(const char *directory, const char *config, const char *section)
{
	struct revchain_project project;
	struct revchain_error error;
	const char *text;
	int status = revchain_project_read(&snapshot, directory, config, section, arena, &project,
					   &error);

	if (status) {
		cr_expect_eq(status, REVCHAIN_USAGE);
		return revchain_arena_printf(arena, "error %s:%d: %s", error.path, error.line,
					     error.message);
	}
	text = revchain_arena_printf(arena, "%s: %s: ", project.config, project.script_location);
	for (size_t i = 0; i < project.count; i++)
		text = revchain_arena_printf(arena, "%s%s%s", text, i ? ", " : "",
					     project.locations[i]);
	return revchain_arena_printf(arena, "%s%s%s%s", text, project.recursive ? " recursive" : "",
				     project.file_template ? " template " : "",
				     project.file_template ? project.file_template : "");
}

static void check(const char *directory, const char *config, const char *section,
		  const char *expected)
{
	const char *got = read_project(directory, config, section);

	cr_expect_str_eq(got, expected, "in <%s>, -c %s -n %s\nexpected %s\ngot      %s", directory,
			 config ? config : "none", section ? section : "none", expected, got);
}

/* One alembic.ini in app/ at a time: what is below [alembic], and what comes of it. */
Test(project, ini)
{
	static const char *const cases[][2] = {
		{"script_location=m", "m: app/m/versions"},
		{"script_location=%(here)s/m", "m: app/m/versions"},
		{"script_location=%(here)s", ": app/versions"},
		{"script_location=", ": app/versions"},
		{"script_location=.//x/../m/.", "m: app/m/versions"},
		{"script_location=m\nversion_locations=", "m: app/m/versions"},
		{"script_location=m\nversion_locations=a", "m: app/a"},
		{"script_location=m\nversion_locations=a b,c,  d", "m: app/a, app/b, app/c, app/d"},
		{"script_location=m\nversion_locations=a , b,", "m: app/a, app/b"},
		{"script_location=m\nversion_locations=a:b\nversion_path_separator=os",
		 "m: app/a, app/b"},
		{"script_location=m\nversion_locations=a: b ::\npath_separator=:",
		 "m: app/a, app/b"},
		{"script_location=m\nversion_locations=a;b c\npath_separator=;",
		 "m: app/a, app/b c"},
		{"script_location=m\nversion_locations=a  b\npath_separator=space",
		 "m: app/a, app/b"},
		{"script_location=m\nversion_locations=\n a\n b c\npath_separator=newline",
		 "m: app/a, app/b c"},
		{"script_location=m\nversion_locations=a:b\npath_separator=os\nversion_path_"
		 "separator=;",
		 "m: app/a, app/b"},
		{"script_location=m\nversion_locations=a a ./a %(here)s/a b", "m: app/a, app/b"},
		{"script_location=m\nversion_locations=%(here)s/../up/v", "m: up/v"},
		{"script_location=m\nrecursive_version_locations=true",
		 "m: app/m/versions recursive"},
		{"script_location=m\nrecursive_version_locations=True", "m: app/m/versions"},
		{"script_location=m\nfile_template=%%(rev)s", "m: app/m/versions template %(rev)s"},
		{"script_location=%(here)sx", "x: appx/versions"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *colon = strchr(cases[i][1], ':');
		const char *script =
			revchain_arena_copy(arena, cases[i][1], (size_t)(colon - cases[i][1]));

		write_file("app/alembic.ini",
			   revchain_arena_printf(arena, "[alembic]\n%s\n", cases[i][0]));
		if (strstr(cases[i][0], "here)sx"))
			script = "appx";
		else
			script = *script ? revchain_arena_printf(arena, "app/%s", script) : "app";
		check("app", NULL, NULL,
		      revchain_arena_printf(arena, "app/alembic.ini: %s%s", script, colon));
	}
}

Test(project, ini_refused)
{
	static const char *const cases[][2] = {
		{"x=1", "1: no script_location in section [alembic]"},
		{"x", "2: neither a section nor an option: no `=` or `:`"},
		{"script_location=%(x)s",
		 "2: script_location: %(x)s refers to an option that is not there"},
		{"script_location=m\nversion_locations=a\npath_separator=,",
		 "4: path_separator: , is none of its values"},
		{"script_location=m\nversion_locations=,",
		 "3: version_locations names no directory"},
		{"script_location=../../m", "2: ../../m leads out of the repository"},
		{"script_location=m\nversion_locations=a %(here)s/../../b",
		 "3: %(here)s/../../b leads out of the repository"},
		{"script_location=/srv/m", "2: /srv/m leads out of the repository"},
		{"script_location=x%(here)s",
		 "2: %(here)s is an absolute path: it can only stand at the start"},
		{"script_location=p:m",
		 "2: the package of p:m is not found without running Python"},
		{"script_location=m\nfile_template=%(rev)s",
		 "3: file_template: %(rev)s refers to an option that is not there"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		write_file("app/alembic.ini",
			   revchain_arena_printf(arena, "[alembic]\n%s\n", cases[i][0]));
		check("app", NULL, NULL,
		      revchain_arena_printf(arena, "error app/alembic.ini:%s", cases[i][1]));
	}
}

Test(project, toml)
{
	static const char *const cases[][2] = {
		{"script_location='m'", "pyproject.toml: m: m/versions"},
		{"script_location='%(here)s/50%%'", "pyproject.toml: 50%: 50%/versions"},
		{"script_location='m'\nversion_locations=['a b', "
		 "'%(here)s/c']\nrecursive_version_locations=true\n"
		 "file_template='%%(rev)s'",
		 "pyproject.toml: m: a b, c recursive template %(rev)s"},
		{"script_location='m'\nversion_locations=[]", "pyproject.toml: m: m/versions"},
		{"x=1", "error pyproject.toml:0: no script_location in [tool.alembic]"},
		{"script_location=1", "error pyproject.toml:2: script_location: an integer where "
				      "Alembic needs a string"},
		{"script_location='%'", "error pyproject.toml:2: script_location: a `%` that "
					"neither `%` nor `(here)s` follows"},
		{"script_location=\"\\u0000\"",
		 "error pyproject.toml:2: script_location: a NUL character"},
		{"script_location='m'\nversion_locations='a'",
		 "error pyproject.toml:3: version_locations: a string where Alembic needs an array "
		 "of strings"},
		{"script_location='m'\nversion_locations=[\n'a',\ntrue]",
		 "error pyproject.toml:5: version_locations: a boolean where Alembic needs a "
		 "string"},
		{"script_location='m'\nversion_locations=['']",
		 "error pyproject.toml:3: version_locations names no directory"},
		{"script_location='m'\nrecursive_version_locations='true'",
		 "error pyproject.toml:3: recursive_version_locations: a string where Alembic "
		 "needs a boolean"},
		{"script_location='m'\n[tool.alembic]",
		 "error pyproject.toml:3: alembic is there twice, first at line 1"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		write_file("pyproject.toml",
			   revchain_arena_printf(arena, "[tool.alembic]\n%s\n", cases[i][0]));
		check("", NULL, NULL, cases[i][1]);
	}
	write_file("pyproject.toml", "[tool]\nalembic=1\n");
	check("", NULL, NULL,
	      "error pyproject.toml:2: tool.alembic: an integer where Alembic needs a table");
}

/* alembic.ini has the last word on what it sets, pyproject.toml fills in. */
Test(project, both)
{
	write_file("pyproject.toml",
		   "[tool.alembic]\nscript_location='t'\nversion_locations=['tv']\n"
		   "recursive_version_locations=true\n");
	write_file("alembic.ini", "[loggers]\nkeys=root\n");
	check("", NULL, NULL, "pyproject.toml: t: tv recursive");
	check("", "alembic.ini", NULL, "pyproject.toml: t: tv recursive");
	write_file("alembic.ini", "[alembic]\nversion_locations=\n");
	check("", NULL, NULL, "pyproject.toml: t: tv recursive");
	write_file("alembic.ini", "[alembic]\nx=1\n");
	check("", NULL, NULL, "pyproject.toml: t: tv recursive");
	write_file("alembic.ini",
		   "[alembic]\nscript_location=i\nrecursive_version_locations=false\n");
	check("", NULL, NULL, "alembic.ini: i: tv");
	check("", "pyproject.toml", NULL, "alembic.ini: i: tv");
	write_file("alembic.ini",
		   "[alembic]\nscript_location=i\nversion_locations=iv\n[x]\nscript_location=x\n");
	check("", NULL, NULL, "alembic.ini: i: iv recursive");
	check("", NULL, "x", "alembic.ini: x: tv recursive");
	check("", NULL, "missing", "pyproject.toml: t: tv recursive");
	write_file("pyproject.toml", "broken\n");
	check("", NULL, NULL, "error pyproject.toml:1: no `=` behind the key");
}

Test(project, search)
{
	struct revchain_project project;
	struct revchain_error error;

	check("a/b", NULL, NULL,
	      "error :0: no alembic.ini or pyproject.toml with [tool.alembic] here or above");
	write_file("alembic.ini", "[alembic]\nscript_location=root\n");
	write_file("a/pyproject.toml", "[tool.black]\n");
	write_file("a/b/alembic.ini", "[other]\nscript_location=ab\n");
	check("", NULL, NULL, "alembic.ini: root: root/versions");
	check("a/b/gone/away", NULL, NULL, "alembic.ini: root: root/versions");
	check("a/b", NULL, "other", "a/b/alembic.ini: a/b/ab: a/b/ab/versions");
	write_file("a/pyproject.toml", "[tool.alembic]\nscript_location='a'\n");
	check("a/b", NULL, NULL, "a/pyproject.toml: a/a: a/a/versions");
	check("", "a/b/alembic.ini", NULL, "error a/b/alembic.ini:0: no section [alembic]");
	check("", "a/none.ini", NULL, "error a/none.ini:0: no such file");
	check("", "a", NULL, "error a:0: no such file");
	write_file("x/pyproject.toml", "");
	check("", "x/pyproject.toml", NULL, "error x/pyproject.toml:0: no table [tool.alembic]");
	check("", NULL, "nowhere",
	      "error :0: no alembic.ini or pyproject.toml with [tool.alembic] here or above");
	revchain_project_read(&snapshot, "", NULL, "nowhere", arena, &project, &error);
	cr_expect_str_eq(error.hints,
			 "alembic.ini has no section [nowhere]: -n SECTION names another\n"
			 "name the versions directories: revchain COMMAND DIR...\n"
			 "or the configuration: -c FILE");
}

/* The name of the root's own directory is nobody's business. */
Test(project, sibling_of_the_root)
{
	write_file("alembic.ini", "[alembic]\nscript_location=%(here)sx\n");
	check("", NULL, NULL, "error alembic.ini:2: %(here)sx leads out of the repository");
}

/* `alembic -c deploy/db.ini` at the root, with locations that are meant from there. */
Test(project, started_elsewhere)
{
	write_file("deploy/db.ini", "[alembic]\nscript_location=m\nversion_locations=v w\n");
	check("", "deploy/db.ini", NULL, "deploy/db.ini: deploy/m: deploy/v, deploy/w");
	write_file("m/", "");
	write_file("w/", "");
	check("", "deploy/db.ini", NULL, "deploy/db.ini: m: deploy/v, w");
	check("deploy", "deploy/db.ini", NULL, "deploy/db.ini: deploy/m: deploy/v, deploy/w");
	write_file("deploy/m/", "");
	check("", "deploy/db.ini", NULL, "deploy/db.ini: deploy/m: deploy/v, w");
}

Test(project, packages)
{
	write_file("alembic.ini",
		   "[alembic]\nscript_location=p.q:m/n:o\nprepend_sys_path=lib:../out\n");
	check("", NULL, NULL,
	      "error alembic.ini:2: the package of p.q:m/n:o is not found without running Python");
	write_file("src/p/q/", "");
	check("", NULL, NULL, "alembic.ini: src/p/q/m/n/o: src/p/q/m/n/o/versions");
	write_file("p/q/", "");
	check("", NULL, NULL, "alembic.ini: p/q/m/n/o: p/q/m/n/o/versions");
	write_file("lib/p/q/", "");
	check("", NULL, NULL, "alembic.ini: lib/p/q/m/n/o: lib/p/q/m/n/o/versions");
	write_file("src/p/__init__.py", ""); /* a regular package goes first */
	check("", NULL, NULL, "alembic.ini: src/p/q/m/n/o: src/p/q/m/n/o/versions");
	for (size_t i = 0; i < 6; i++) {
		static const char *const names[] = {":m",     ".p:m",  "p.:m",
						    "p..q:m", "p/q:m", "p:/m"};

		write_file("alembic.ini",
			   revchain_arena_printf(arena, "[alembic]\nscript_location = %s\n",
						 names[i]));
		check("", NULL, NULL,
		      revchain_arena_printf(arena,
					    "error alembic.ini:2: the package of %s is not found "
					    "without running Python",
					    names[i]));
	}
}

Test(project, absolute_inside_the_work_tree)
{
	const char *workdir = revchain_repository_workdir(repository);

	write_file("alembic.ini",
		   revchain_arena_printf(arena, "[alembic]\nscript_location=%s/x//m\n", workdir));
	check("", NULL, NULL, "alembic.ini: x/m: x/m/versions");
	write_file("alembic.ini",
		   revchain_arena_printf(arena, "[alembic]\nscript_location=%sx\n", workdir));
	check("", NULL, NULL,
	      revchain_arena_printf(arena, "error alembic.ini:2: %sx leads out of the repository",
				    workdir));
}

/* From a commit, whatever the work tree has by then. */
Test(project, commit)
{
	struct revchain_error error;
	git_signature *signature;
	git_repository *git;
	git_index *index;
	git_tree *tree;
	git_oid id;

	write_file("app/alembic.ini", "[alembic]\nscript_location=p:m\n");
	write_file("app/src/p/__init__.py", "");
	cr_assert_eq(git_repository_open(&git, root), 0);
	cr_assert_eq(git_repository_index(&index, git), 0);
	cr_assert_eq(git_index_add_bypath(index, "app/alembic.ini"), 0);
	cr_assert_eq(git_index_add_bypath(index, "app/src/p/__init__.py"), 0);
	cr_assert_eq(git_index_write_tree(&id, index), 0);
	cr_assert_eq(git_tree_lookup(&tree, git, &id), 0);
	cr_assert_eq(git_signature_new(&signature, "n", "e", 0, 0), 0);
	cr_assert_eq(
		git_commit_create(&id, git, "HEAD", signature, signature, NULL, "m", tree, 0, NULL),
		0);
	git_signature_free(signature);
	git_tree_free(tree);
	git_index_free(index);
	git_repository_free(git);

	write_file("app/alembic.ini", "[alembic]\nscript_location=later\n");
	check("app", NULL, NULL, "app/alembic.ini: app/later: app/later/versions");
	cr_assert_eq(revchain_snapshot_commit(&snapshot, repository, &id, &error), 0, "%s",
		     error.message);
	check("app/src", NULL, NULL, "app/alembic.ini: app/src/p/m: app/src/p/m/versions");
}

Test(project, limits)
{
	char *text = revchain_arena_alloc(arena, 8192), *end = text;

	end += sprintf(end, "[alembic]\nscript_location=m\nversion_locations=");
	for (int i = 0; i < 257; i++)
		end += sprintf(end, "%d ", i);
	write_file("alembic.ini", text);
	check("", NULL, NULL, "error alembic.ini:3: more than 256 directories");
}
