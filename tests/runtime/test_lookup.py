"""The look-up, against chain files written by hand and a program that is a fake."""

from __future__ import annotations

import contextlib
import io
import json
import os
import py_compile
import subprocess
import sys
import threading
import unittest.mock

import revchain
from support import Case, FakeProgram, load


class ChainFile(Case):
    def test_beside_the_versions_directory(self) -> None:
        self.write_chain("app/revision_chain.json", {"bb": "aa"})
        module = load(self.write_dynamic("app/versions/bb_x.py", "bb"))
        self.assertEqual(module.down_revision, "aa")

    def test_the_first_migration_has_no_parent(self) -> None:
        self.write_chain("app/revision_chain.json", {"aa": None, "bb": "aa"})
        module = load(self.write_dynamic("app/versions/aa_x.py", "aa"))
        self.assertIsNone(module.down_revision)

    def test_explicit_directory(self) -> None:
        self.write_chain("app/revision_chain.json", {"bb": "aa"})
        directory = self.directory / "app/versions"
        self.assertEqual(revchain.get_down_revision("bb", directory), "aa")
        self.assertEqual(revchain.get_down_revision("bb", versions_dir=str(directory)), "aa")

    def test_relative_directory(self) -> None:
        self.write_chain("app/revision_chain.json", {"bb": "aa"})
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.directory)
        self.assertEqual(revchain.get_down_revision("bb", "app/versions"), "aa")

    def test_above_a_nested_lane(self) -> None:
        self.write_chain("app/revision_chain.json", {"bb": "aa"})
        self.write("app/env.py", "")
        module = load(self.write_dynamic("app/versions/2024/05/bb_x.py", "bb"))
        self.assertEqual(module.down_revision, "aa")

    def test_nearest_file_wins(self) -> None:
        self.write_chain("app/revision_chain.json", {"bb": "far"})
        self.write_chain("app/versions/revision_chain.json", {"bb": "near"})
        module = load(self.write_dynamic("app/versions/2024/bb_x.py", "bb"))
        self.assertEqual(module.down_revision, "near")

    def test_search_ends_where_the_project_begins(self) -> None:
        for mark in ("env.py", "alembic.ini", "pyproject.toml", ".git"):
            with self.subTest(mark):
                self.write_chain(f"{mark}.d/revision_chain.json", {"bb": "other project"})
                self.write(f"{mark}.d/app/{mark}", "")
                file = self.write_dynamic(f"{mark}.d/app/db/versions/bb_x.py", "bb")
                os.environ["PATH"] = ""
                with self.assertRaises(revchain.ChainFileMissing):
                    load(file)
                self.write_chain(f"{mark}.d/app/revision_chain.json", {"bb": "aa"})
                self.assertEqual(load(file).down_revision, "aa")

    def test_symlinked_versions_directory(self) -> None:
        """The file is beside the real directory, or beside the link, which then decides."""
        self.write_dynamic("shared/versions/bb_x.py", "bb")
        self.write_chain("shared/revision_chain.json", {"bb": "beside the target"})
        (self.directory / "app").mkdir()
        (self.directory / "app/versions").symlink_to(self.directory / "shared/versions")
        link = self.directory / "app/versions"
        self.assertEqual(load(link / "bb_x.py").down_revision, "beside the target")
        self.assertEqual(revchain.get_down_revision("bb", link), "beside the target")
        self.write_chain("app/revision_chain.json", {"bb": "aa"})
        revchain.build_chain.cache_clear()
        self.assertEqual(load(link / "bb_x.py").down_revision, "aa")
        self.assertEqual(revchain.get_down_revision("bb", link), "aa")
        self.assertEqual(revchain.build_chain(link), {"bb": "aa"})

    def test_compiled_elsewhere(self) -> None:
        """Sourceless: the code names the file it was compiled from, which is in another place."""
        built = self.write_dynamic("built/versions/bb_x.py", "bb")
        self.write_chain("built/revision_chain.json", {"bb": "where it was compiled"})
        self.write_chain("app/revision_chain.json", {"bb": "aa"})
        for place in ("app/versions/bb_x.pyc", "app/versions/__pycache__/bb_x.pyc"):
            with self.subTest(place):
                (self.directory / place).parent.mkdir(parents=True, exist_ok=True)
                py_compile.compile(str(built), cfile=str(self.directory / place))
                self.assertEqual(load(self.directory / place).down_revision, "aa")

    def test_file_decides_and_no_program_is_asked(self) -> None:
        program = FakeProgram(self.directory, '{"bb": "program"}')
        os.environ["REVCHAIN"] = str(program.path)
        self.write_chain("app/revision_chain.json", {"bb": "aa"})
        module = load(self.write_dynamic("app/versions/bb_x.py", "bb"))
        self.assertEqual(module.down_revision, "aa")
        self.assertEqual(program.calls(), [])

    def test_file_is_read_once(self) -> None:
        self.write_chain("app/revision_chain.json", {"bb": "aa", "cc": "bb"})
        self.write("app/env.py", "")
        with unittest.mock.patch("json.loads", wraps=json.loads) as reads:
            load(self.write_dynamic("app/versions/bb_x.py", "bb"))
            for place in ("app/versions/cc_x.py", "app/versions/2024/cc_x.py"):
                self.assertEqual(load(self.write_dynamic(place, "cc")).down_revision, "bb")
        self.assertEqual(reads.call_count, 1)

    def test_file_that_changes(self) -> None:
        """A process that loads the migrations anew, as tests do, gets the new chain."""
        file = self.write_chain("app/revision_chain.json", {"bb": "aa"})
        self.write("app/env.py", "")
        migrations = [
            self.write_dynamic(f"app/versions/{place}", "bb")
            for place in ("bb_x.py", "2024/bb_x.py")
        ]
        for parent in ("aa", "fa", None):
            self.write_chain("app/new", {"bb": parent}).replace(file)
            for migration in migrations:
                self.assertEqual(load(migration).down_revision, parent)
        self.write_chain("app/revision_chain.json", {"another": None})
        with self.assertRaises(revchain.StaleChainFile):
            load(migrations[0])

    def test_file_that_goes_and_comes(self) -> None:
        os.environ["REVCHAIN"] = str(FakeProgram(self.directory, '{"bb": "program"}').path)
        file = self.write_chain("app/revision_chain.json", {"bb": "aa"})
        migration = self.write_dynamic("app/versions/bb_x.py", "bb")
        self.assertEqual(load(migration).down_revision, "aa")
        file.unlink()
        self.assertEqual(load(migration).down_revision, "program")
        self.write_chain("app/revision_chain.json", {"cc": "file"})
        new = self.write_dynamic("app/versions/cc_x.py", "cc")
        self.assertEqual(load(new).down_revision, "file")

    def test_threads_while_the_file_changes(self) -> None:
        """Each look-up gives what one of the files says."""
        parents = [f"p{number}" for number in range(40)]
        file = self.write_chain("app/revision_chain.json", {"bb": parents[0]})
        versions = self.directory / "app/versions"
        found: list[str | None] = []
        ended = threading.Event()

        def look_up() -> None:
            while not ended.is_set():
                found.append(revchain.get_down_revision("bb", versions))

        threads = [threading.Thread(target=look_up) for _ in range(4)]
        for thread in threads:
            thread.start()
        for parent in parents:
            self.write_chain("app/new", {"bb": parent}).replace(file)
        self.assertEqual(revchain.get_down_revision("bb", versions), parents[-1])
        ended.set()
        for thread in threads:
            thread.join()
        self.assertEqual(set(found) - set(parents), set())

    def test_stale(self) -> None:
        """A file that does not know the revision is an error, even where the program would."""
        program = FakeProgram(self.directory, '{"bb": "aa"}')
        os.environ["REVCHAIN"] = str(program.path)
        file = self.write_chain("my app/revision_chain.json", {"aa": None})
        with self.assertRaises(revchain.StaleChainFile) as caught:
            load(self.write_dynamic("my app/versions/bb_x.py", "bb"))
        self.assert_lines(
            str(caught.exception),
            f"revision 'bb' not found in migration chain: {file} is older than the migration\n",
            f"\nhint: make it anew from the full git history:"
            f" revchain build '{self.directory}/my app/versions'",
        )
        self.assertEqual(program.calls(), [])

    def test_unusable(self) -> None:
        cases = {
            "not JSON": ('{"bb": "aa"', "not JSON: Expecting ',' delimiter: line 1 column 12"),
            "bytes": ('{"bb": "\udcff"}', "not JSON: "),
            "array": ('["bb"]', "not a JSON object of revisions"),
            "number": ('{"bb": 1}', "the parent of 'bb' is 1, not a revision or null"),
            "list": ('{"bb": ["a", "b"]}', "the parent of 'bb' is ['a', 'b'], not a revision"),
        }
        for name, (text, message) in cases.items():
            with self.subTest(name):
                file = self.directory / name / "revision_chain.json"
                file.parent.mkdir()
                file.write_bytes(text.encode("utf-8", "surrogateescape"))
                with self.assertRaises(revchain.ChainFileInvalid) as caught:
                    load(self.write_dynamic(f"{name}/versions/bb_x.py", "bb"))
                self.assert_lines(str(caught.exception), f"{file}: {message}")

    def test_unreadable(self) -> None:
        """What cannot be read must not be taken for absent: the program is not asked."""
        program = FakeProgram(self.directory, '{"bb": "program"}')
        os.environ["REVCHAIN"] = str(program.path)
        (self.directory / "directory/revision_chain.json").mkdir(parents=True)
        (self.directory / "dangling").mkdir()
        (self.directory / "dangling/revision_chain.json").symlink_to("nowhere")
        for name, reason in (("directory", "Is a directory"), ("dangling", "No such file")):
            with self.subTest(name):
                with self.assertRaises(revchain.ChainFileInvalid) as caught:
                    load(self.write_dynamic(f"{name}/versions/bb_x.py", "bb"))
                self.assert_lines(
                    str(caught.exception), f"{self.directory}/{name}/revision_chain.json: {reason}"
                )
        self.assertEqual(program.calls(), [])

    def test_several_projects_in_one_process(self) -> None:
        for name in ("one", "two"):
            self.write_chain(f"{name}/revision_chain.json", {"bb": f"before, in {name}"})
        for name in ("one", "two", "one"):
            module = load(self.write_dynamic(f"{name}/versions/bb_x.py", "bb"))
            self.assertEqual(module.down_revision, f"before, in {name}")


class Program(Case):
    def setUp(self) -> None:
        super().setUp()
        self.program = FakeProgram(self.directory, '{"aa": null, "bb": "aa"}')
        os.environ["REVCHAIN"] = str(self.program.path)
        self.versions = self.directory / "app/versions"
        self.versions.mkdir(parents=True)

    def test_asked_once_a_lane(self) -> None:
        for revision, parent in (("aa", None), ("bb", "aa"), ("aa", None)):
            module = load(self.write_dynamic(f"app/versions/{revision}_x.py", revision))
            self.assertEqual(module.down_revision, parent)
        call = [str(self.versions.parent), "build", "-o", "-", str(self.versions)]
        self.assertEqual(self.program.calls(), [call])
        load(self.write_dynamic("other/versions/bb_x.py", "bb"))
        self.assertEqual(len(self.program.calls()), 2)

    def test_asked_once_by_many_threads(self) -> None:
        found: list[str | None] = []
        start = threading.Barrier(8)

        def look_up() -> None:
            start.wait()
            found.append(revchain.get_down_revision("bb", self.versions))

        threads = [threading.Thread(target=look_up) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, ["aa"] * 8)
        self.assertEqual(len(self.program.calls()), 1)

    def test_on_path(self) -> None:
        del os.environ["REVCHAIN"]
        os.environ["PATH"] = f"{self.program.path.parent}{os.pathsep}{os.environ['PATH']}"
        self.assertEqual(revchain.get_down_revision("bb", self.versions), "aa")
        self.assertEqual(len(self.program.calls()), 1)

    def test_base(self) -> None:
        os.environ["REVCHAIN_BASE"] = "origin/main"
        revchain.build_chain(self.versions)
        self.assertEqual(
            [call[1:] for call in self.program.calls()],
            [["build", "-o", "-", "--base", "origin/main", str(self.versions)]],
        )

    def test_warnings_are_passed_on(self) -> None:
        warning = "revchain: warning: not committed: caf\u00e9.py\n"
        self.program.answer('{"bb": "aa"}', warning)
        with contextlib.redirect_stderr(io.StringIO()) as stderr:
            self.assertEqual(revchain.get_down_revision("bb", self.versions), "aa")
        self.assertEqual(stderr.getvalue(), warning)

    def test_errors_are_passed_on_in_full(self) -> None:
        said = "revchain: error: this is a shallow clone\nhint: git fetch --unshallow\n"
        self.program.answer("", said, 3)
        with self.assertRaises(revchain.ProgramFailed) as caught:
            revchain.get_down_revision("bb", self.versions)
        self.assertEqual(caught.exception.status, 3)
        self.assertEqual(caught.exception.stderr, said)
        self.assertEqual(
            str(caught.exception),
            f"{self.program.path} build -o - {self.versions}: exit status 3\n{said.rstrip()}",
        )

    def test_output_of_a_failed_run_is_not_taken(self) -> None:
        self.program.answer('{"bb": "aa"}', "revchain: error: wrong\n", 1)
        with self.assertRaises(revchain.ProgramFailed):
            revchain.get_down_revision("bb", self.versions)

    def test_output_that_is_no_chain(self) -> None:
        self.program.answer("hello\n")
        with self.assertRaises(revchain.ChainFileInvalid) as caught:
            revchain.get_down_revision("bb", self.versions)
        self.assert_lines(str(caught.exception), f"{self.program.path}: not JSON")

    def test_program_that_is_not_there(self) -> None:
        os.environ["REVCHAIN"] = "/nowhere/revchain"
        with self.assertRaises(revchain.ProgramFailed) as caught:
            revchain.get_down_revision("bb", self.versions)
        self.assert_lines(
            str(caught.exception),
            f"/nowhere/revchain build -o - {self.versions}: No such file or directory"
            " (/nowhere/revchain)",
        )
        self.assertIsNone(caught.exception.status)

    def test_new_migration_is_asked_for_again(self) -> None:
        """As in `alembic revision`, which loads all migrations, writes one and loads that."""
        self.assertEqual(revchain.get_down_revision("bb", self.versions), "aa")
        self.program.answer('{"aa": null, "bb": "aa", "cc": "bb"}')
        self.assertEqual(revchain.get_down_revision("cc", self.versions), "bb")
        self.assertEqual(revchain.get_down_revision("cc", self.versions), "bb")
        self.assertEqual(len(self.program.calls()), 2)

    def test_revision_that_the_program_does_not_know(self) -> None:
        with self.assertRaises(revchain.NotAMigration) as caught:
            revchain.get_down_revision("zz", self.versions)
        self.assert_lines(
            str(caught.exception),
            "revision 'zz' not found in migration chain: revchain finds no migration in"
            f" {self.versions} that has this id",
        )

    def test_neither_file_nor_program(self) -> None:
        del os.environ["REVCHAIN"]
        os.environ["PATH"] = str(self.directory)
        self.write("alembic.ini", "")
        with self.assertRaises(revchain.ChainFileMissing) as caught:
            revchain.get_down_revision("bb", self.versions)
        self.assert_lines(
            str(caught.exception),
            f"no revision_chain.json for {self.versions}",
            f"{self.directory}/app/revision_chain.json, {self.directory}/revision_chain.json)",
            f"\nhint: where the full git history is, run: revchain build {self.versions}\n",
            "\nhint: or install revchain here",
        )


class Interface(Case):
    """What alembic-git-revisions promises its users, and what ours may catch."""

    def test_chain_is_cached_until_cleared(self) -> None:
        file = self.write_chain("app/revision_chain.json", {"bb": "aa"})
        versions = self.directory / "app/versions"
        self.assertEqual(revchain.build_chain(versions), {"bb": "aa"})
        self.assertIs(revchain.build_chain(versions), revchain.build_chain(versions))
        os.utime(file, (0, 0))
        self.assertEqual(revchain.build_chain(versions), {"bb": "aa"})
        chain = revchain.build_chain(versions)
        revchain.build_chain.cache_clear()
        self.assertIsNot(revchain.build_chain(versions), chain)
        file.write_text('{"cc": "bb"}')
        self.assertEqual(revchain.build_chain(versions), {"cc": "bb"})

    def test_errors(self) -> None:
        """alembic-git-revisions raises ValueError and RuntimeError: their users catch ours."""
        for error, base in (
            (revchain.StaleChainFile, ValueError),
            (revchain.NotAMigration, ValueError),
            (revchain.ChainFileInvalid, ValueError),
            (revchain.ChainFileMissing, RuntimeError),
            (revchain.ProgramFailed, RuntimeError),
            (revchain.GuardMisused, RuntimeError),
            (revchain.NoBaseline, LookupError),
            (revchain.NothingToMark, ValueError),
            (revchain.SkippedMigration, Exception),
        ):
            self.assertTrue(issubclass(error, base), error)
            self.assertTrue(issubclass(error, revchain.RevchainError), error)

    def test_caller_that_is_no_file(self) -> None:
        code = compile("get_down_revision('bb')", "<string>", "exec")
        with self.assertRaises(revchain.NotAMigration) as caught:
            exec(code, {"get_down_revision": revchain.get_down_revision})
        self.assert_lines(str(caught.exception), "called from <string>", "pass versions_dir")

    def test_file_name(self) -> None:
        self.assertEqual(revchain.CHAIN_FILENAME, "revision_chain.json")

    def test_standard_library_only(self) -> None:
        """The package works in an interpreter that sees nothing but the standard library."""
        self.write_chain("app/revision_chain.json", {"bb": "aa"})
        package = os.path.dirname(os.path.dirname(revchain.__file__))
        code = (
            f"import sys; sys.path.append({package!r}); import revchain;"
            f"print(revchain.get_down_revision('bb', {str(self.directory / 'app/versions')!r}))"
        )
        command = [sys.executable, "-I", "-S", "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual((done.stdout, done.stderr), ("aa\n", ""))
