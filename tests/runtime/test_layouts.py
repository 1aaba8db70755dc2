"""The templates, in projects as `alembic init` makes them, with the guard's two lines in env.py."""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import io
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys

import alembic
from alembic import command
from alembic.config import main as alembic_main
from support import PACKAGE, PROGRAM, Case, Repository, load

TEMPLATES = PACKAGE / "revchain/templates"

# Where the templates run migrations on a connection, which is behind where they write a script.
ONLINE = ("run_migrations_online", "do_run_migrations")


class Layout(Case):
    def setUp(self) -> None:
        super().setUp()
        self.repository = Repository(self.directory)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.directory)
        os.environ["REVCHAIN"] = PROGRAM

    def alembic(self, *arguments: str) -> None:
        """Run the alembic command in this process, which is faster."""
        stdout, stderr = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            try:
                alembic_main(arguments)
            except SystemExit as error:
                self.fail(f"alembic {arguments}: {error}\n{stdout.getvalue()}{stderr.getvalue()}")

    def init(self, layout: str, driver: str = "sqlite") -> None:
        if not (pathlib.Path(alembic.__file__).parent / "templates" / layout).is_dir():
            self.skipTest(f"Alembic {alembic.__version__} has no template {layout}")
        self.alembic("init", "--template", layout, "migrations")
        template = TEMPLATES / layout / "script.py.mako"
        if not template.exists():
            template = TEMPLATES / "script.py.mako"
        shutil.copy(template, "migrations/script.py.mako")
        ini = pathlib.Path("alembic.ini")
        text = ini.read_text()
        for name in ("dbname2", "dbname"):
            url = f"{driver}:///{self.directory}/{name}"
            text = text.replace(f"driver://user:pass@localhost/{name}", url)
        ini.write_text(text)
        pathlib.Path(".gitignore").write_text("dbname*\n__pycache__/\n")
        self.guard()

    def guard(self) -> None:
        """Put in what README says."""
        env_py = pathlib.Path("migrations/env.py")
        text = env_py.read_text()
        connection = 'rec["connection"]' if 'rec["connection"]' in text else "connection"
        text = text.replace(
            "context.configure(", "context.configure(on_version_apply=revchain.record, "
        )
        at = min(text.find(f"\ndef {name}") % len(text) for name in ONLINE)
        online = re.sub(
            r"\n( +)(context\.run_migrations\()",
            rf"\n\1revchain.verify({connection}, context.script)\n\1\2",
            text[at:],
        )
        env_py.write_text("import revchain\n" + text[:at] + online)

    def recorded(self, database: str) -> list[tuple[str, str]]:
        with contextlib.closing(sqlite3.connect(database)) as connection:
            return connection.execute(
                "SELECT revision, how FROM revchain_applied WHERE revision <> 'base' ORDER BY 1"
            ).fetchall()

    def try_layout(self, layout: str, *databases: str, driver: str = "sqlite") -> None:
        """Two migrations on main, one on a branch that lands between them, a merge of two heads."""
        self.init(layout, driver)
        self.alembic("revision", "--message", "first", "--rev-id", "bb")
        self.repository.commit("First")
        self.repository.git("switch", "--quiet", "--create", "branch")
        self.alembic("revision", "--message", "of the branch", "--rev-id", "aa")
        self.repository.commit("Of the branch")
        self.repository.git("switch", "--quiet", "main")
        self.alembic("revision", "--message", "second", "--rev-id", "cc")
        self.alembic("upgrade", "head")
        self.repository.commit("Second")
        self.repository.merge("branch")
        heads = subprocess.run(
            [sys.executable, "-m", "alembic", "heads"],
            env={**os.environ, "PYTHONPATH": str(PACKAGE)},
            capture_output=True,
            text=True,
            check=True,
        )
        self.assertEqual(heads.stdout, "aa (head)\n")
        self.alembic("upgrade", "head")
        for database in databases:
            self.assertEqual(
                self.recorded(database), [(revision, "applied") for revision in ("aa", "bb", "cc")]
            )
        self.alembic("downgrade", "base")
        for database in databases:
            self.assertEqual(self.recorded(database), [])
        if layout != "multidb" or '"config": "config"' not in inspect.getsource(command.merge):
            # in that Alembic its own template for multidb cannot merge either
            self.merge_heads()

    def merge_heads(self) -> None:
        """A merge migration keeps its parents: they are not for git to decide."""
        for name, parent in (("x1", "aa"), ("x2", "aa")):
            pathlib.Path(f"migrations/versions/{name}.py").write_text(
                f"revision = {name!r}\ndown_revision = {parent!r}\n"
                "def upgrade(*_): pass\ndef downgrade(*_): pass\n"
            )
        self.alembic("merge", "heads", "--message", "join", "--rev-id", "mm")
        module = load(self.directory / "migrations/versions/mm_join.py")
        self.assertEqual(sorted(module.down_revision), ["x1", "x2"])
        self.assertFalse(hasattr(module, "get_down_revision"))

    def test_generic(self) -> None:
        self.try_layout("generic", "dbname")

    def test_multidb(self) -> None:
        self.try_layout("multidb", "dbname", "dbname2")

    def test_pyproject(self) -> None:
        self.try_layout("pyproject", "dbname")

    def test_async(self) -> None:
        self.try_async("async")

    def test_pyproject_async(self) -> None:
        self.try_async("pyproject_async")

    def try_async(self, layout: str) -> None:
        if importlib.util.find_spec("aiosqlite") is None:
            self.skipTest("no aiosqlite: apt-get install python3-aiosqlite")
        self.try_layout(layout, "dbname", driver="sqlite+aiosqlite")
