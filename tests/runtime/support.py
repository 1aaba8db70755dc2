"""What the tests share: migrations, git repositories with fixed dates, a program that is a fake."""

from __future__ import annotations

import importlib.util
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import types
import unittest

import revchain

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
PACKAGE = TOP / "src/python"
PROGRAM = os.environ["REVCHAIN"]

DYNAMIC = """\
from {module} import get_down_revision
revision = {revision!r}
down_revision = get_down_revision(revision)
"""
STATIC = """\
revision = {revision!r}
down_revision = {parent!r}
"""
# The table tells afterwards which migrations were applied, and in which order.
STEPS = """\
from alembic import op


def upgrade():
    op.execute("CREATE TABLE IF NOT EXISTS applied (position INTEGER PRIMARY KEY, revision TEXT)")
    op.execute(
        "INSERT INTO applied (position, revision)"
        " SELECT COALESCE(MAX(position), 0) + 1, '{revision}' FROM applied"
    )
    op.execute("CREATE TABLE made_by_{revision} (id INTEGER PRIMARY KEY)")


def downgrade():
    op.execute("DELETE FROM applied WHERE revision = '{revision}'")
    op.execute("DROP TABLE made_by_{revision}")
"""
ENV_PY = """\
from alembic import context
from sqlalchemy import create_engine

if context.is_offline_mode():
    context.configure(url="sqlite://", literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine("sqlite:///app.db").connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
"""


class Case(unittest.TestCase):
    """A test in a directory of its own, with no chain known and no program but its own."""

    maxDiff = None

    def setUp(self) -> None:
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="revchain-test-")).resolve()
        self.addCleanup(shutil.rmtree, self.directory)
        environment = dict(os.environ)
        self.addCleanup(os.environ.update, environment)
        self.addCleanup(os.environ.clear)
        for name in list(os.environ):
            if name.startswith(("REVCHAIN", "GIT_")):
                del os.environ[name]
        revchain.build_chain.cache_clear()

    def write(self, path: str, text: str) -> pathlib.Path:
        file = self.directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def write_chain(self, path: str, chain: object) -> pathlib.Path:
        return self.write(path, json.dumps(chain, indent=2, sort_keys=True) + "\n")

    def write_dynamic(self, path: str, revision: str) -> pathlib.Path:
        return self.write(path, DYNAMIC.format(module="revchain", revision=revision))

    def assert_lines(self, text: str, *expected: str) -> None:
        """Each expected string occurs in the text."""
        for line in expected:
            self.assertIn(line, text)


def load(file: pathlib.Path) -> types.ModuleType:
    """Load a migration as Alembic does (alembic/util/pyfiles.py)."""
    spec = importlib.util.spec_from_file_location("migration_of_a_test", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class FakeProgram:
    """A program in place of revchain that writes its arguments down and says what it is told to."""

    def __init__(
        self, directory: pathlib.Path, stdout: str = "{}", stderr: str = "", status: int = 0
    ):
        self.path = directory / "fake" / "revchain"
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(
            f"#!{sys.executable}\n"
            "import json, os, sys\n"
            "here = os.path.dirname(os.path.abspath(__file__))\n"
            "with open(here + '/calls', 'a') as calls:\n"
            "    calls.write(json.dumps([os.getcwd(), *sys.argv[1:]]) + '\\n')\n"
            "sys.stdout.write(open(here + '/stdout').read())\n"
            "sys.stderr.write(open(here + '/stderr').read())\n"
            "sys.exit(int(open(here + '/status').read()))\n"
        )
        self.path.chmod(0o755)
        self.answer(stdout, stderr, status)

    def answer(self, stdout: str, stderr: str = "", status: int = 0) -> None:
        for name, text in (("stdout", stdout), ("stderr", stderr), ("status", str(status))):
            (self.path.parent / name).write_text(text)

    def calls(self) -> list[list[str]]:
        """Return the working directory and the arguments of each call so far."""
        file = self.path.parent / "calls"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


class Repository:
    """A git repository with commits an hour apart."""

    def __init__(self, directory: pathlib.Path):
        self.directory = directory
        self.hours = 0
        directory.mkdir(exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        self.hours += 1
        date = f"{1700000000 + 3600 * self.hours} +0000"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@example.com",
            "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.com",
            "GIT_COMMITTER_DATE": date,
        }
        command = ["git", *arguments]
        done = subprocess.run(
            command,
            cwd=self.directory,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def merge(self, *branches: str) -> None:
        self.git("merge", "--quiet", "--no-ff", "--message", f"Merge {branches}", *branches)


class Project(Repository):
    """An application with Alembic on SQLite."""

    def __init__(self, directory: pathlib.Path, module: str = "revchain"):
        super().__init__(directory)
        self.module = module
        self.versions = directory / "migrations" / "versions"
        self.chain_file = directory / "migrations" / revchain.CHAIN_FILENAME
        self.environment: dict[str, str] = {"PYTHONPATH": str(PACKAGE)}
        self.versions.mkdir(parents=True)
        (directory / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
        (directory / "migrations/env.py").write_text(ENV_PY)
        template = PACKAGE / "revchain/templates/script.py.mako"
        shutil.copy(template, directory / "migrations/script.py.mako")
        (directory / ".gitignore").write_text("app.db\n__pycache__/\n*.pyc\n")

    def write_dynamic(self, revision: str) -> pathlib.Path:
        file = self.versions / f"{revision}_step.py"
        file.write_text(
            DYNAMIC.format(module=self.module, revision=revision) + STEPS.format(revision=revision)
        )
        return file

    def write_static(self, revision: str, parent: str | None) -> pathlib.Path:
        file = self.versions / f"{revision}_step.py"
        file.write_text(
            STATIC.format(revision=revision, parent=parent) + STEPS.format(revision=revision)
        )
        return file

    def land(self, revision: str) -> None:
        """Commit a dynamic migration on the current branch."""
        self.write_dynamic(revision)
        self.commit(f"Add {revision}")

    def revchain(self, *arguments: str) -> str:
        """Run the real program, which must succeed; return its standard output."""
        done = subprocess.run(
            [PROGRAM, *arguments], cwd=self.directory, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise AssertionError(f"{PROGRAM} {arguments}: {done.returncode}\n{done.stderr}")
        return done.stdout

    def alembic_fails_or_not(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "alembic", *arguments],
            cwd=self.directory,
            env={"PATH": "/usr/bin:/bin", **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def alembic(self, *arguments: str) -> str:
        """Run Alembic, which must succeed; return its standard output."""
        done = self.alembic_fails_or_not(*arguments)
        if done.returncode != 0:
            raise AssertionError(f"alembic {arguments}: {done.returncode}\n{done.stderr}")
        return done.stdout

    def applied(self) -> list[str]:
        """Return the revisions in the order in which the database met them."""
        with sqlite3.connect(self.directory / "app.db") as database:
            rows = database.execute("SELECT revision FROM applied ORDER BY position").fetchall()
        return [revision for (revision,) in rows]

    def tables(self) -> set[str]:
        """Return the revisions whose tables are there."""
        with sqlite3.connect(self.directory / "app.db") as database:
            rows = database.execute("SELECT name FROM sqlite_master WHERE name LIKE 'made_by_%'")
            return {name[len("made_by_") :] for (name,) in rows}
