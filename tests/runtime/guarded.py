"""A project with the guard in its env.py, and a database of each kind to run it on."""

from __future__ import annotations

import contextlib
import io
import os
import pathlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from databases import MariaDB, PostgreSQL, Server, server
from sqlalchemy.pool import NullPool
from support import PACKAGE, Case

GUARD_CONFIGURE = "on_version_apply=revchain.record, "
GUARD_VERIFY = "revchain.verify(connection, context.script)"

ENV_PY = """\
import os

import revchain
import sqlalchemy as sa
from alembic import context
from sqlalchemy.pool import NullPool

url = context.config.get_main_option("sqlalchemy.url")
options = context.config.attributes.get("options", {{}})

if context.is_offline_mode():
    context.configure(url=url, {configure}literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()
else:
    with sa.create_engine(url, poolclass=NullPool).connect() as connection:
        context.configure(connection=connection, {configure}**options)
        with context.begin_transaction():
            {verify}
            context.run_migrations()
"""

MIGRATION = """\
from alembic import op
import sqlalchemy as sa
from revchain import get_down_revision

revision = {revision!r}
down_revision = {down_revision}
branch_labels = {branch_labels!r}
depends_on = {depends_on!r}


def upgrade():
{before}    op.create_table("made_by_{revision}", sa.Column("id", sa.Integer, primary_key=True))
{after}


def downgrade():
    op.drop_table("made_by_{revision}")
"""


def run_script(url: str, script: str) -> None:
    """Run what `alembic --sql` printed, as an administrator would who stops at an error."""
    lines = [line for line in script.splitlines() if not line.startswith("--")]
    with sa.create_engine(url, poolclass=NullPool).connect() as connection:
        raw = connection.connection
        for statement in "\n".join(lines).split(";\n"):
            if statement.strip().strip(";") not in ("", "BEGIN", "COMMIT"):
                raw.cursor().execute(statement)
        raw.commit()


class Deploy(NamedTuple):
    process: int
    errors: pathlib.Path

    def wait(self) -> tuple[int, str]:
        """Return its exit status and its error."""
        status = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        return status, self.errors.read_text() if self.errors.exists() else ""


class GuardedProject:
    """Dynamic migrations in an order that the test decides: it writes the chain file itself."""

    def __init__(self, directory: pathlib.Path, url: str, lane: str = "migrations"):
        self.directory = directory
        self.url = url
        self.migrations = directory / lane
        self.ini = directory / f"{lane}.ini"
        self.options: dict[str, Any] = {}
        (self.migrations / "versions").mkdir(parents=True)
        self.ini.write_text(
            f"[alembic]\nscript_location = %(here)s/{lane}\n"
            f"sqlalchemy.url = {url.replace('%', '%%')}\n"
        )
        (self.migrations / "script.py.mako").write_text(
            (PACKAGE / "revchain/templates/script.py.mako").read_text()
        )
        self.guard()

    def guard(self, configure: str = GUARD_CONFIGURE, verify: str = GUARD_VERIFY) -> None:
        """Write env.py with the guard's two lines, or what is given instead of them."""
        env_py = ENV_PY.format(configure=configure, verify=verify or "pass")
        (self.migrations / "env.py").write_text(env_py)

    def unguard(self) -> None:
        self.guard("", "")

    def chain(self, *revisions: str) -> None:
        """Put dynamic migrations in this order, and write those that are not there."""
        self.write_chain(*revisions)
        for revision in revisions:
            if not self.file(revision).exists():
                self.write(revision)

    def write_chain(self, *revisions: str) -> None:
        """Write the chain file, as `revchain build` would."""
        parents = dict(zip(revisions, (None, *revisions)))
        rows = ",\n".join(
            f'  "{revision}": ' + ("null" if parent is None else f'"{parent}"')
            for revision, parent in sorted(parents.items())
        )
        file = self.migrations / "revision_chain.json"
        file.with_suffix(".new").write_text(f"{{\n{rows}\n}}\n")
        file.with_suffix(".new").replace(file)

    def file(self, revision: str) -> pathlib.Path:
        return self.migrations / "versions" / f"{revision}_step.py"

    def write(
        self,
        revision: str,
        down_revision: str = "get_down_revision(revision)",
        *,
        branch_labels: str | None = None,
        depends_on: str | None = None,
        before: str = "",
        after: str = "",
    ) -> None:
        """Write a migration; `before` and `after` its CREATE TABLE stand further statements."""
        text = MIGRATION.format(
            revision=revision,
            down_revision=down_revision,
            branch_labels=branch_labels,
            depends_on=depends_on,
            before="".join(f"    {line}\n" for line in before.splitlines()),
            after="\n".join(f"    {line}" for line in after.splitlines()),
        )
        # Another size, as Python tells a changed module by time in seconds, and by size.
        old = self.file(revision).stat().st_size if self.file(revision).exists() else 0
        self.file(revision).write_text(text + "#" * (len(text) == old))

    def config(self, output: io.StringIO | None = None) -> Config:
        config = Config(str(self.ini), stdout=output or io.StringIO(), output_buffer=output)
        config.attributes["options"] = self.options
        return config

    def alembic(self, name: str, *arguments: Any, **options: Any) -> str:
        """Run an Alembic command in this process; return what it prints."""
        output = io.StringIO()
        run: Callable[..., Any] = getattr(command, name)
        run(self.config(output), *arguments, **options)
        return output.getvalue()

    def start(self, name: str, *arguments: str) -> Deploy:
        """Begin an Alembic command in a process of its own."""
        errors = self.directory / f"errors-{time.monotonic_ns()}"
        process = os.fork()
        if process == 0:
            status = 1
            try:
                self.alembic(name, *arguments)
                status = 0
            except Exception as error:
                errors.write_text(repr(error))
            finally:
                os._exit(status)
        return Deploy(process, errors)

    def upgrade(self, revision: str = "head") -> None:
        self.alembic("upgrade", revision)

    def scripts(self) -> ScriptDirectory:
        return ScriptDirectory.from_config(self.config())

    def python(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a Python with our package in the project's directory."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.directory,
            env={**os.environ, "PYTHONPATH": str(PACKAGE), "ALEMBIC_CONFIG": str(self.ini)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextlib.contextmanager
    def connect(self) -> Iterator[Any]:
        engine = sa.create_engine(self.url, poolclass=NullPool)
        with engine.connect() as connection:
            yield connection

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement))]

    def execute(self, *statements: str) -> None:
        with self.connect() as connection, connection.begin():
            for statement in statements:
                connection.execute(sa.text(statement))

    def run_script(self, script: str) -> None:
        run_script(self.url, script)

    def tables(self) -> set[str]:
        """Return the revisions whose table is there."""
        with self.connect() as connection:
            names = sa.inspect(connection).get_table_names()
        return {name[len("made_by_") :] for name in names if name.startswith("made_by_")}

    def recorded(self, version_table: str = "alembic_version", schema: str = "") -> dict[str, str]:
        """Return each recorded revision, and how it was."""
        rows = self.query(
            f"SELECT revision, how FROM {schema}revchain_applied"
            f" WHERE version_table = '{version_table}' AND revision <> 'base'"
        )
        return dict(rows)

    def versions(self) -> set[str]:
        return {row[0] for row in self.query("SELECT version_num FROM alembic_version")}


class GuardCase(Case):
    """A test on a database of one kind."""

    kind: type[Server] | None = None
    transactional = False
    files = 0

    def setUp(self) -> None:
        super().setUp()
        self.project = GuardedProject(self.directory, self.empty_database())

    def empty_database(self) -> str:
        if self.kind is None:
            self.files += 1
            return f"sqlite:///{self.directory}/app{self.files}.db"
        return server(self.kind).empty()

    def assert_true_record(self, **recorded: str) -> None:
        """The record is this one, and it names the migrations whose tables are there."""
        self.assertEqual(self.project.recorded(), recorded)
        self.assertEqual(self.project.tables(), set(recorded))


class OnPostgreSQL:
    kind = PostgreSQL
    transactional = True


class OnMariaDB:
    kind = MariaDB
