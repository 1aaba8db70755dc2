"""`python -m revchain`: the guard for whoever has the database's URL, and no env.py."""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import subprocess

from alembic.config import Config
from guarded import GuardCase, OnMariaDB, OnPostgreSQL
from revchain.__main__ import main
from support import PROGRAM


class CommandCase(GuardCase):
    def run_command(self, *arguments: str) -> tuple[int, str, str]:
        """Return exit status, standard output and standard error."""
        os.environ["ALEMBIC_CONFIG"] = str(self.project.ini)
        stdout, stderr = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            try:
                status = main(arguments)
            except SystemExit as end:  # of argparse
                status = end.code
        return status, stdout.getvalue(), stderr.getvalue()


class Command(CommandCase):
    def skip_one(self) -> None:
        self.project.chain("aa", "bb")
        self.project.upgrade()
        self.project.chain("aa", "fa", "bb", "cc")

    def test_verify(self) -> None:
        self.project.chain("aa", "bb")
        self.project.upgrade()
        self.assertEqual(self.run_command("verify"), (0, "bb: 2 applied, none skipped\n", ""))

    def test_skipped_and_marked(self) -> None:
        self.skip_one()
        status, stdout, stderr = self.run_command("verify")
        self.assertEqual((status, stdout), (4, ""))
        self.assert_lines(
            stderr,
            "revchain: error: this database is at bb and never had what",
            " before that: fa; Alembic",
            "\nhint: ",
        )
        mark = ("mark", "fa", "--by", "ada", "--reason", "it's there")
        self.assertEqual(
            self.run_command(*mark), (0, "fa: marked as applied by ada: it's there\n", "")
        )
        rows = self.project.query(
            "SELECT how, recorded_by, reason FROM revchain_applied WHERE revision = 'fa'"
        )
        self.assertEqual(rows, [("marked", "ada", "it's there")])
        self.project.upgrade()
        self.assertEqual(
            self.project.recorded(),
            {"aa": "applied", "bb": "applied", "cc": "applied", "fa": "marked"},
        )
        self.assertEqual(
            self.run_command(*mark),
            (1, "", "revchain: error: fa is recorded as applied already\n"),
        )

    def test_mark_of_what_is_to_come(self) -> None:
        self.skip_one()
        status, stdout, stderr = self.run_command("mark", "fa", "cc", "--reason", "x")
        self.assertEqual((status, stdout), (1, ""))
        self.assert_lines(stderr, "cc is not before this database's version (bb)")
        self.assertEqual(self.project.recorded(), {"aa": "applied", "bb": "applied"})
        status, _, stderr = self.run_command("mark", "nowhere", "--reason", "x")
        self.assertEqual(status, 1)
        self.assert_lines(stderr, "revchain: error: ", "nowhere")
        self.assertEqual(self.run_command("mark", "fa")[0], 2)

    def test_no_baseline(self) -> None:
        """Nothing is written unless it is asked for."""
        self.project.unguard()
        self.project.chain("aa", "bb")
        self.project.upgrade()
        for arguments in (["verify"], ["applied"], ["mark", "aa", "--reason", "x"]):
            with self.subTest(arguments[0]):
                status, stdout, stderr = self.run_command(*arguments)
                self.assertEqual((status, stdout), (3, ""))
                self.assert_lines(stderr, "no record of this database", "verify --baseline\n")
        self.assertEqual(
            self.run_command("verify", "--baseline"), (0, "bb: 2 applied, none skipped\n", "")
        )
        self.assertEqual(self.run_command("applied"), (0, "aa\nbb\n", ""))
        self.assertEqual(self.project.recorded(), {"aa": "baseline", "bb": "baseline"})

    def test_another_version_table(self) -> None:
        """A version table that is not there is not taken for an empty database."""
        self.project.options["version_table"] = "elsewhere"
        self.project.chain("aa")
        self.project.upgrade()
        status, _, stderr = self.run_command("verify")
        self.assertEqual(status, 3)
        self.assert_lines(stderr, "there is no table alembic_version here", "--version-table")
        self.assertEqual(
            self.run_command("verify", "--version-table", "elsewhere"),
            (0, "aa: 1 applied, none skipped\n", ""),
        )

    def test_applied_for_the_program(self) -> None:
        """What it prints is what `revchain build --applied` reads."""
        self.skip_one()
        status, applied, _ = self.run_command("applied")
        self.assertEqual((status, applied), (0, "aa\nbb\n"))
        help_text = subprocess.run([PROGRAM, "build", "--help"], capture_output=True, check=True)
        if b"--applied" not in help_text.stdout:
            self.skipTest("this revchain has no --applied")
        self.commit_in_order("aa", "fa", "bb", "cc")
        self.assertEqual(self.build_applied(applied), 4)
        self.assertEqual(self.build_applied("aa\nfa\n"), 0)

    def commit_in_order(self, *revisions: str) -> None:
        git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        subprocess.run([*git, "init", "--quiet"], cwd=self.directory, check=True)
        for revision in revisions:
            file = str(self.project.file(revision))
            subprocess.run([*git, "add", file], cwd=self.directory, check=True)
            command = [*git, "commit", "--quiet", "--message", revision]
            subprocess.run(command, cwd=self.directory, check=True)

    def build_applied(self, applied: str) -> int:
        command = [PROGRAM, "build", "--applied", "-", "-o", "-", "migrations/versions"]
        done = subprocess.run(
            command, cwd=self.directory, input=applied, capture_output=True, text=True, check=False
        )
        return done.returncode


class Connecting(CommandCase):
    """What it connects to; one kind of database is enough."""

    def test_url(self) -> None:
        self.project.chain("aa")
        self.project.upgrade()
        self.project.ini.write_text("[alembic]\nscript_location = %(here)s/migrations\n")
        status, _, stderr = self.run_command("verify")
        self.assertEqual(status, 1)
        self.assert_lines(stderr, "revchain: error: no database: pass --url, set REVCHAIN_URL")
        expected = (0, "aa: 1 applied, none skipped\n", "")
        self.assertEqual(self.run_command("verify", "--url", self.project.url), expected)
        os.environ["REVCHAIN_URL"] = self.project.url
        self.assertEqual(self.run_command("verify"), expected)

    def test_database_that_is_not_there(self) -> None:
        self.project.chain("aa")
        for url in ("sqlite:////nowhere/app.db", "postgresql://localhost:1/x", "nosuch://x"):
            with self.subTest(url):
                status, stdout, stderr = self.run_command("verify", "--url", url)
                self.assertEqual((status, stdout), (5, ""))
                self.assert_lines(stderr, "revchain: error: ")
                self.assertNotIn("Traceback", stderr)

    def test_migrations_that_cannot_be_loaded(self) -> None:
        self.project.chain("aa")
        self.project.upgrade()
        self.project.write("bb")
        status, stdout, stderr = self.run_command("verify")
        self.assertEqual((status, stdout), (1, ""))
        self.assert_lines(stderr, "revchain: error: revision 'bb' not found in migration chain")

    def test_pyproject(self) -> None:
        """Alembic since 1.16 looks there as well."""
        if "toml_file" not in inspect.signature(Config).parameters:
            self.skipTest("this Alembic does not read pyproject.toml")
        self.project.chain("aa")
        self.project.upgrade()
        self.project.ini.unlink()
        (self.directory / "pyproject.toml").write_text(
            '[tool.alembic]\nscript_location = "%(here)s/migrations"\n'
        )
        for config in ([], ["-c", str(self.directory / "pyproject.toml")]):
            self.assertEqual(
                self.run_command("verify", "--url", self.project.url, *config),
                (0, "aa: 1 applied, none skipped\n", ""),
            )

    def test_usage(self) -> None:
        self.assertEqual(self.run_command()[0], 2)
        self.assertEqual(self.run_command("nothing")[0], 2)
        process = self.project.python("-m", "revchain", "--help")
        stdout, stderr = process.communicate()
        self.assertEqual((process.returncode, stderr), (0, ""))
        self.assert_lines(stdout, "verify", "applied", "mark", "exit status: ")


class CommandOnPostgreSQL(OnPostgreSQL, Command):
    pass


class CommandOnMariaDB(OnMariaDB, Command):
    pass
