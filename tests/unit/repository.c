#include "repository.h"

#include "fixture.h"
#include "revchain/snapshot.h"

TestSuite(repository, .init = fixture_open, .fini = fixture_close);

static const char *inside(const char *path)
{
	return revchain_arena_printf(fixture.arena, "%s/%s", fixture.root, path);
}

/* Open what is at a path of the temporary directory: the status. */
static int open_at(const char *path, struct revchain_repository **repository)
{
	*repository = NULL;
	return revchain_repository_open(repository, inside(path), &fixture.error);
}

/* Point a reference at a commit. */
static void set_reference(const char *name, const git_oid *id)
{
	git_reference *reference;

	cr_assert_eq(git_reference_create(&reference, fixture.git, name, id, 1, NULL), 0);
	git_reference_free(reference);
}

static void check_workdir(const char *start, const char *expected)
{
	struct revchain_repository *repository;
	char real[4096] = "";

	fixture_must(open_at(start, &repository));
	if (expected)
		cr_assert_not_null(realpath(inside(expected), real));
	if (expected)
		cr_expect_str_eq(revchain_repository_workdir(repository), real, "from %s", start);
	else
		cr_expect_null(revchain_repository_workdir(repository), "from %s", start);
	revchain_repository_close(repository);
}

Test(repository, found_from_below)
{
	fixture_file("repository/sub/dir/file", "");
	fixture_link("link", "repository/sub");
	check_workdir("repository", "repository");
	check_workdir("repository/", "repository");
	check_workdir("repository/sub/dir", "repository");
	check_workdir("repository/sub/dir/file", "repository"); /* no directory: what holds it */
	check_workdir("repository/sub/not/there/yet", "repository");
	check_workdir("repository/.git", "repository");
	check_workdir("link/dir", "repository");
}

Test(repository, none)
{
	struct revchain_repository *repository;

	mkdir(inside("elsewhere"), 0777);
	cr_expect_eq(open_at("elsewhere/not/there", &repository), REVCHAIN_HISTORY);
	cr_expect_null(repository);
	cr_expect(strstr(fixture.error.message, "no git repository in"), "%s",
		  fixture.error.message);
	cr_expect(strstr(fixture.error.hints, ".dockerignore"), "%s", fixture.error.hints);
}

/* As the directory of a command is: what is not there, from where one stands, from the root. */
Test(repository, found_from_what_is_not_there)
{
	struct revchain_repository *repository;
	char real[4096];

	cr_assert_eq(chdir(fixture.path), 0);
	cr_assert_not_null(realpath(".", real));
	fixture_must(revchain_repository_open(&repository, "not-there", &fixture.error));
	cr_expect_str_eq(revchain_repository_workdir(repository), real);
	revchain_repository_close(repository);
	cr_expect_eq(revchain_repository_open(&repository, "/not-there", &fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, "no git repository in / "), "%s",
		  fixture.error.message);
}

Test(repository, close_takes_null)
{
	revchain_repository_close(NULL);
}

Test(repository, gitfile)
{
	struct revchain_repository *repository;

	fixture_file("tree/.git", "gitdir: ../repository/.git\n");
	fixture_must(open_at("tree", &repository));
	revchain_repository_close(repository);
	fixture_file("broken/.git", "gitdir: /not/there/.git/worktrees/x\n");
	cr_expect_eq(open_at("broken", &repository), REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, "/not/there/.git/worktrees/x"), "%s",
		  fixture.error.message);
	cr_expect(strstr(fixture.error.hints, "worktree"), "%s", fixture.error.hints);
	fixture_file("junk/.git", "\x1b[31m\n");
	cr_expect_eq(open_at("junk", &repository), REVCHAIN_HISTORY);
}

Test(repository, git_dir_of_the_environment)
{
	struct revchain_repository *repository;

	mkdir(inside("elsewhere"), 0777);
	setenv("GIT_DIR", inside("repository/.git"), 1);
	cr_assert_eq(chdir(fixture.path), 0);
	check_workdir("elsewhere", "repository");
	setenv("GIT_DIR", inside("not-there"), 1);
	cr_expect_eq(open_at("repository", &repository), REVCHAIN_HISTORY);
}

/* What extensions a repository may have: format version 1 names them. */
Test(repository, extensions)
{
	static const struct {
		const char *config, *message; /* NULL: it opens */
	} cases[] = {
		{"[core]\nrepositoryformatversion = 0\n", NULL},
		{"[core]\nrepositoryformatversion = 1\n", NULL},
		{"[core]\nrepositoryformatversion = 1\n[extensions]\nworktreeConfig = true\n",
		 NULL},
		{"[core]\nrepositoryformatversion = 1\n[extensions]\npartialClone = origin\n",
		 NULL},
		{"[core]\nrepositoryformatversion = 1\n[extensions]\npreciousObjects = true\n",
		 NULL},
		{"[core]\nrepositoryformatversion = 1\n[extensions]\nrelativeWorktrees = true\n",
		 NULL},
		{"[core]\nrepositoryformatversion = 1\n[extensions]\nobjectFormat = sha256\n",
		 "SHA-256"},
		{"[core]\nrepositoryformatversion = 1\n[extensions]\nrefStorage = reftable\n",
		 "extension"},
		{"[core]\nrepositoryformatversion = 1\n[extensions]\nnobodyKnows = 1\n",
		 "nobodyknows"},
		{"[core]\nrepositoryformatversion = 99\n", "99"},
		{"[core\n", "cannot be opened"},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct revchain_repository *repository;
		int status;

		fixture_file("repository/.git/config", cases[i].config);
		status = open_at("repository", &repository);
		if (cases[i].message)
			cr_expect(status == REVCHAIN_HISTORY &&
					  strstr(fixture.error.message, cases[i].message),
				  "status %d for\n%s%s", status, cases[i].config,
				  fixture.error.message);
		else
			cr_expect_eq(status, REVCHAIN_OK, "%s%s", cases[i].config,
				     fixture.error.message);
		revchain_repository_close(repository);
	}
}

Test(repository, shallow)
{
	fixture_must(revchain_repository_require_full_history(fixture.repository, &fixture.error));
	fixture_file("repository/.git/shallow", "");
	fixture_must(revchain_repository_require_full_history(fixture.repository, &fixture.error));
	fixture_file("repository/.git/shallow", "4b825dc642cb6eb9a060e54bf8d69288fbee4904\n");
	cr_expect_eq(revchain_repository_require_full_history(fixture.repository, &fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect_str_eq(fixture.error.message,
			 "this is a shallow clone: its history is cut off, and any "
			 "order read from it would be wrong");
	cr_expect(strstr(fixture.error.hints, "git fetch --unshallow\n"), "%s",
		  fixture.error.hints);
}

/* What is no list of commits, and what cannot be told. */
Test(repository, shallow_that_is_no_file)
{
	char *path = revchain_arena_printf(fixture.arena, "%s/.git/shallow", fixture.path);

	cr_assert_eq(mkdir(path, 0777), 0);
	fixture_must(revchain_repository_require_full_history(fixture.repository, &fixture.error));
	cr_assert_eq(rmdir(path), 0);
	cr_assert_eq(symlink("shallow", path), 0);
	cr_expect(revchain_repository_is_shallow(fixture.repository), "held to be shallow");
	cr_expect_eq(revchain_repository_require_full_history(fixture.repository, &fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, "whether this is a shallow clone cannot be told"),
		  "%s", fixture.error.message);
}

Test(repository, shallow_main_repository_of_a_worktree)
{
	struct revchain_repository *repository;

	fixture_file("repository/.git/shallow", "4b825dc642cb6eb9a060e54bf8d69288fbee4904\n");
	fixture_file("repository/.git/worktrees/w/HEAD", "ref: refs/heads/w\n");
	fixture_file("repository/.git/worktrees/w/commondir", "../..\n");
	fixture_file("repository/.git/worktrees/w/gitdir", inside("w/.git\n"));
	fixture_file("w/.git", revchain_arena_printf(fixture.arena, "gitdir: %s/.git/worktrees/w\n",
						     fixture.path));
	fixture_must(open_at("w", &repository));
	cr_expect_eq(revchain_repository_require_full_history(repository, &fixture.error),
		     REVCHAIN_HISTORY);
	revchain_repository_close(repository);
}

Test(repository, paths_below_the_work_tree)
{
	const char *top = revchain_repository_workdir(fixture.repository);
	const char *inside = revchain_arena_printf(fixture.arena, "%s/a/b", top);
	const char *beside = revchain_arena_printf(fixture.arena, "%sx/a", top);

	cr_expect_str_eq(revchain_repository_below(fixture.repository, inside), "a/b");
	cr_expect_str_eq(revchain_repository_below(fixture.repository, top), "");
	cr_expect_null(revchain_repository_below(fixture.repository, beside));
	cr_expect_null(revchain_repository_below(fixture.repository, "/"));
}

Test(repository, grafts_and_replace_refs)
{
	fixture_commit('a', "", "a=1");
	cr_expect_not(revchain_repository_has_grafts(fixture.repository));
	cr_expect_not(revchain_repository_has_replace_refs(fixture.repository));
	fixture_file("repository/.git/info/grafts", "4b825dc642cb6eb9a060e54bf8d69288fbee4904\n");
	cr_expect(revchain_repository_has_grafts(fixture.repository));
	set_reference("refs/replace/4b825dc642cb6eb9a060e54bf8d69288fbee4904", fixture_id('a'));
	cr_expect(revchain_repository_has_replace_refs(fixture.repository));
}

/* In the file of packed ones, lines of which may have one word. */
Test(repository, packed_replace_refs)
{
	static const char id[] = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

	fixture_file("repository/.git/packed-refs",
		     revchain_arena_printf(fixture.arena,
					   "# pack-refs with: peeled\n%s refs/tags/v1\n^%s\n", id,
					   id));
	cr_expect_not(revchain_repository_has_replace_refs(fixture.repository));
	fixture_file("repository/.git/packed-refs",
		     revchain_arena_printf(fixture.arena, "%s refs/replace/%s\n", id, id));
	cr_expect(revchain_repository_has_replace_refs(fixture.repository));
}

Test(repository, branch)
{
	fixture_file("repository/.git/HEAD", "ref: refs/heads/a/b\n");
	cr_expect_str_eq(revchain_repository_branch(fixture.repository, fixture.arena), "a/b");
	fixture_file("repository/.git/HEAD", "ref: refs/remotes/origin/main\n");
	cr_expect_null(revchain_repository_branch(fixture.repository, fixture.arena));
	fixture_file("repository/.git/HEAD", "4b825dc642cb6eb9a060e54bf8d69288fbee4904\n");
	cr_expect_null(revchain_repository_branch(fixture.repository, fixture.arena), "detached");
	unlink(inside("repository/.git/HEAD"));
	cr_expect_null(revchain_repository_branch(fixture.repository, fixture.arena));
}

/* The history is read as it was committed: a replace ref changes nothing. */
Test(repository, replaced_objects_are_read_as_they_were)
{
	git_oid a = fixture_blob("a"), b = fixture_blob("b");
	char name[100] = "refs/replace/";
	const char *data;
	size_t length;

	git_oid_tostr(name + strlen(name), REVCHAIN_OID_HEX + 1, &a);
	set_reference(name, &b);
	fixture_must(revchain_repository_read_blob(fixture.repository, &a, "p", fixture.arena,
						   &data, &length, &fixture.error));
	cr_expect_str_eq(data, "a");
}

static void check_resolve(const char *revision, char expected)
{
	git_oid id;
	int status = revchain_repository_resolve(fixture.repository, revision, &id, NULL,
						 &fixture.error);

	if (expected)
		cr_expect(!status && fixture_name(&id) == expected,
			  "%s: expected %c, got %c, status %d", revision, expected,
			  status ? '-' : fixture_name(&id), status);
	else
		cr_expect(status == REVCHAIN_USAGE && strstr(fixture.error.message, revision),
			  "%s: status %d, %s", revision, status, fixture.error.message);
}

Test(repository, resolve)
{
	git_oid blob = fixture_blob("x");
	git_object *target;
	git_oid tag;
	git_signature *tagger;
	char hex[REVCHAIN_OID_HEX + 1];

	fixture_commit('a', "", "a=1");
	fixture_commit('b', "a", "a=2");
	fixture_commit('c', "a", "a=3");
	fixture_commit('m', "bc", "a=4");
	set_reference("refs/heads/topic", fixture_id('m'));
	set_reference("refs/remotes/origin/main", fixture_id('c'));
	set_reference("refs/tags/blob", &blob);
	cr_assert_eq(git_signature_new(&tagger, "T", "t@t", 1, 0), 0);
	cr_assert_eq(git_object_lookup(&target, fixture.git, fixture_id('b'), GIT_OBJECT_COMMIT),
		     0);
	cr_assert_eq(git_tag_create(&tag, fixture.git, "v1", target, tagger, "m", 0), 0);
	git_object_free(target);
	git_signature_free(tagger);

	check_resolve("topic", 'm');
	check_resolve("topic~", 'b');
	check_resolve("topic^2", 'c');
	check_resolve("topic~2", 'a');
	check_resolve("origin/main", 'c');
	check_resolve("v1", 'b'); /* through the tag */
	check_resolve("v1^{commit}", 'b');
	check_resolve(git_oid_tostr(hex, sizeof(hex), fixture_id('a')), 'a');
	check_resolve(git_oid_tostr(hex, 13, fixture_id('a')), 'a');
	check_resolve("nobody", 0);
	check_resolve("", 0);
	check_resolve("topic^{tree}", 0);
	check_resolve("blob", 0);
	check_resolve("topic~9", 0);
	check_resolve("topic^9", 0);
	check_resolve("-h", 0);
	check_resolve("topic:a", 0);
	check_resolve("0000000000000000000000000000000000000000", 0);
	fixture_blob("142");
	fixture_blob("784");
	check_resolve("8324", 0); /* as either begins */
}

/* A name that is there, of what is not: damage, and nothing that was typed wrong. */
Test(repository, resolve_what_is_missing)
{
	git_oid id;

	fixture_commit('a', "", "a=1");
	fixture_file("repository/.git/refs/heads/gone",
		     "1111111111111111111111111111111111111111\n");
	cr_expect_eq(
		revchain_repository_resolve(fixture.repository, "gone", &id, NULL, &fixture.error),
		REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, "damaged: what 'gone' names"), "%s",
		  fixture.error.message);
	cr_expect_str_eq(fixture.error.hints, "git fsck");
}

Test(repository, resolve_head)
{
	bool unborn = false;
	git_oid id;

	fixture_must(revchain_repository_resolve(fixture.repository, NULL, &id, &unborn,
						 &fixture.error));
	cr_expect(unborn);
	cr_expect_neq(
		revchain_repository_resolve(fixture.repository, NULL, &id, NULL, &fixture.error),
		REVCHAIN_OK, "an unborn HEAD names no commit for one who does not ask about it");
	cr_expect_neq(revchain_repository_resolve(fixture.repository, "HEAD", &id, &unborn,
						  &fixture.error),
		      REVCHAIN_OK);

	fixture_commit('a', "", "a=1");
	set_reference("refs/heads/topic", fixture_id('a'));
	cr_assert_eq(git_repository_set_head(fixture.git, "refs/heads/topic"), 0);
	unborn = true;
	fixture_must(revchain_repository_resolve(fixture.repository, NULL, &id, &unborn,
						 &fixture.error));
	cr_expect_not(unborn);
	cr_expect_eq(fixture_name(&id), 'a');

	fixture_commit('b', "a", "a=2");
	cr_assert_eq(git_repository_set_head_detached(fixture.git, fixture_id('b')), 0);
	fixture_must(revchain_repository_resolve(fixture.repository, NULL, &id, &unborn,
						 &fixture.error));
	cr_expect_eq(fixture_name(&id), 'b');
}

static int read_blob(const git_oid *id, const char **data, size_t *length)
{
	return revchain_repository_read_blob(fixture.repository, id, "dir/p.py", fixture.arena,
					     data, length, &fixture.error);
}

Test(repository, blobs)
{
	static const char bytes[] = "a\0b\r\n\xff";
	git_oid empty = fixture_blob(""),
		binary = fixture_write(GIT_OBJECT_BLOB, bytes, sizeof(bytes) - 1);
	const char *data;
	size_t length;

	fixture_must(read_blob(&empty, &data, &length));
	cr_expect_eq(length, 0);
	cr_expect_str_eq(data, "");
	fixture_must(read_blob(&binary, &data, &length));
	cr_expect_eq(length, sizeof(bytes) - 1);
	cr_expect_arr_eq(data, bytes, sizeof(bytes));
}

Test(repository, blob_at_the_limit)
{
	char *large = calloc(1, REVCHAIN_FILE_MAX + 1);
	git_oid fits = fixture_write(GIT_OBJECT_BLOB, large, REVCHAIN_FILE_MAX),
		larger = fixture_write(GIT_OBJECT_BLOB, large, REVCHAIN_FILE_MAX + 1);
	const char *data;
	size_t length;

	free(large);
	fixture_must(read_blob(&fits, &data, &length));
	cr_expect_eq(length, REVCHAIN_FILE_MAX);
	cr_expect_eq(read_blob(&larger, &data, &length), REVCHAIN_MIGRATIONS);
	cr_expect_str_eq(fixture.error.path, "dir/p.py");
}

Test(repository, missing_blob)
{
	const char *data;
	size_t length;
	git_oid id;

	cr_assert_eq(git_oid_fromstr(&id, "1111111111111111111111111111111111111111"), 0);
	cr_expect_eq(read_blob(&id, &data, &length), REVCHAIN_HISTORY);
	cr_expect_str_eq(fixture.error.path, "dir/p.py");
	cr_expect(strstr(fixture.error.message, "1111111111111111111111111111111111111111"), "%s",
		  fixture.error.message);
	cr_expect_str_eq(fixture.error.hints, "git fsck");
}

static void check_partial(const char *config, bool partial)
{
	struct revchain_repository *repository;
	git_odb_object *object;
	git_oid id;

	fixture_file("repository/.git/config", config);
	fixture_must(open_at("repository", &repository));
	cr_assert_eq(git_oid_fromstr(&id, "1111111111111111111111111111111111111111"), 0);
	cr_expect_eq(revchain_repository_read_object(repository, &id, GIT_OBJECT_TREE, &object,
						     &fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect_eq(strstr(fixture.error.hints, "git fetch --refetch") != NULL, partial, "%s%s",
		     config, fixture.error.hints);
	revchain_repository_close(repository);
}

/* What a partial clone left out is a matter of fetching, not of damage. */
Test(repository, partial_clones)
{
	check_partial("[core]\nrepositoryformatversion = 1\n[extensions]\npartialClone = origin\n",
		      true);
	check_partial(
		"[core]\nrepositoryformatversion = 0\n[remote \"o\"]\nurl = x\npromisor = true\n",
		true);
	check_partial("[core]\nrepositoryformatversion = 0\n[remote \"o\"]\nurl = x\n", false);
}

static void damage(const git_oid *id, const char *content)
{
	char hex[REVCHAIN_OID_HEX + 1];
	const char *path;

	git_oid_tostr(hex, sizeof(hex), id);
	path = revchain_arena_printf(fixture.arena, "repository/.git/objects/%.2s/%s", hex,
				     hex + 2);
	unlink(inside(path));
	fixture_file(path, content);
}

Test(repository, damaged_objects)
{
	git_oid junk = fixture_blob("one"), empty = fixture_blob("two"), tree = fixture_tree("a=1");
	const char *data;
	git_odb_object *object;
	size_t length;

	damage(&junk, "this is not zlib");
	damage(&empty, "");
	cr_expect_eq(read_blob(&junk, &data, &length), REVCHAIN_HISTORY);
	cr_expect_eq(read_blob(&empty, &data, &length), REVCHAIN_HISTORY);
	cr_expect_eq(read_blob(&tree, &data, &length), REVCHAIN_HISTORY, "a tree is no blob");
	cr_expect_eq(revchain_repository_read_object(fixture.repository, &tree, GIT_OBJECT_COMMIT,
						     &object, &fixture.error),
		     REVCHAIN_HISTORY);
	cr_expect_null(object);
	cr_expect(strstr(fixture.error.message, "should be a commit and is a tree"), "%s",
		  fixture.error.message);
}

static void open_bare(void)
{
	fixture_open_as(true);
}

TestSuite(repository_bare, .init = open_bare, .fini = fixture_close);

Test(repository_bare, has_no_work_tree)
{
	check_workdir("repository", NULL);
	check_workdir("repository/objects", NULL);
}

Test(repository, git_work_tree_of_the_environment)
{
	mkdir(inside("elsewhere"), 0777);
	setenv("GIT_DIR", inside("repository/.git"), 1);
	setenv("GIT_WORK_TREE", inside("elsewhere"), 1);
	check_workdir("elsewhere", "elsewhere");
}

Test(repository, git_work_tree_that_is_not_there)
{
	struct revchain_repository *repository;

	setenv("GIT_DIR", inside("repository/.git"), 1);
	setenv("GIT_WORK_TREE", inside("not-there"), 1);
	cr_expect_eq(open_at("repository", &repository), REVCHAIN_HISTORY);
}

/* core.worktree says where it is, with GIT_DIR and without. */
Test(repository, configured_work_tree)
{
	struct revchain_repository *repository;

	mkdir(inside("elsewhere"), 0777);
	mkdir(inside("third"), 0777);
	fixture_file("repository/.git/config",
		     revchain_arena_printf(fixture.arena, "[core]\nworktree = %s\n",
					   inside("elsewhere")));
	check_workdir("repository", "elsewhere");
	setenv("GIT_DIR", inside("repository/.git"), 1);
	cr_assert_eq(chdir(inside("third")), 0);
	check_workdir("third", "elsewhere");
	setenv("GIT_WORK_TREE", inside("third"), 1);
	check_workdir("third", "third");
	unsetenv("GIT_WORK_TREE");
	unsetenv("GIT_DIR");
	cr_assert_eq(rmdir(inside("elsewhere")), 0);
	cr_expect_eq(open_at("repository", &repository), REVCHAIN_HISTORY);
	cr_expect(strstr(fixture.error.message, "work tree is not there"), "%s",
		  fixture.error.message);
	cr_expect(strstr(fixture.error.message, inside("elsewhere")), "%s", fixture.error.message);
}

Test(repository_bare, git_dir_of_the_environment)
{
	setenv("GIT_DIR", fixture.path, 1);
	check_workdir("repository", NULL);
	mkdir(inside("elsewhere"), 0777);
	setenv("GIT_WORK_TREE", inside("elsewhere"), 1);
	check_workdir("repository", "elsewhere");
}

/* As git has it: with GIT_DIR alone, the work tree is where one stands. */
Test(repository, git_dir_alone)
{
	mkdir(inside("elsewhere"), 0777);
	setenv("GIT_DIR", inside("repository/.git"), 1);
	cr_assert_eq(chdir(inside("elsewhere")), 0);
	check_workdir("elsewhere", "elsewhere");
}
