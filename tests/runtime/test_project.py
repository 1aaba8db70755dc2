"""A project of fifty dynamic migrations that landed through merges, from end to end.

All that Alembic does with it is what it does with the same migrations with literal parents.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import subprocess

import sqlalchemy as sa
from guarded import GuardCase, GuardedProject, OnPostgreSQL
from support import PROGRAM, Repository

MIGRATIONS = 50
SEED = 20240

TABLE = 'op.create_table("{table}", sa.Column("id", sa.Integer, primary_key=True))'
COLUMN = 'op.add_column("{table}", sa.Column("{column}", sa.Integer))'
BODY = '''\
"""{revision}

Revision ID: {revision}
Create Date: 2024-01-01 00:00:00.{number:06}
"""
from alembic import op
import sqlalchemy as sa
from revchain import get_down_revision

revision = "{revision}"
down_revision = {parent}


def upgrade():
    {up}


def downgrade():
    {down}
'''


class Fifty(GuardCase):
    def setUp(self) -> None:
        super().setUp()
        self.repository = Repository(self.directory)
        (self.directory / ".gitignore").write_text("*.db\n__pycache__/\nrevision_chain.json\n")
        self.random = random.Random(SEED)
        self.written = 0
        self.bodies: dict[str, tuple[str, str]] = {}

    def write_next(self, tables: list[str]) -> None:
        """A new table, or a column of one that the branch has: their order is in the schema."""
        self.written += 1
        revision = f"{self.random.getrandbits(48):012x}"
        if not tables or self.random.random() < 0.3:
            table = f"table_{revision}"
            body = (TABLE.format(table=table), f'op.drop_table("{table}")')
            tables.append(table)
        else:
            table, column = self.random.choice(tables), f"column_{revision}"
            body = (
                COLUMN.format(table=table, column=column),
                f'op.execute("ALTER TABLE {table} DROP COLUMN {column}")',
            )
        self.bodies[revision] = body
        self.write_body(self.project, revision, "get_down_revision(revision)")

    def write_body(self, project: GuardedProject, revision: str, parent: str) -> None:
        up, down = self.bodies[revision]
        project.file(revision).write_text(
            BODY.format(revision=revision, number=self.written, parent=parent, up=up, down=down)
        )

    def grow(self) -> None:
        """Land them on main: some at once, some by merges, some of branches that had main merged."""
        self.write_next(main_tables := [])
        self.repository.commit("First")
        branches: list[tuple[str, list[str]]] = []
        while self.written < MIGRATIONS:
            step = self.random.random()
            if step < 0.4 and len(branches) < 4:
                name = f"branch{self.written}"
                self.repository.git("switch", "--quiet", "--create", name, "main")
                tables = list(main_tables)
                self.write_next(tables)
                self.repository.commit(name)
                branches.append((name, tables))
            elif step < 0.6 and branches:
                name, tables = self.random.choice(branches)
                self.repository.git("switch", "--quiet", name)
                if self.random.random() < 0.4:
                    self.repository.merge("main")
                    tables += [table for table in main_tables if table not in tables]
                self.write_next(tables)
                self.repository.commit(name)
            elif step < 0.8 and branches:
                name, tables = branches.pop(self.random.randrange(len(branches)))
                self.repository.git("switch", "--quiet", "main")
                self.repository.merge(name)
                main_tables += [table for table in tables if table not in main_tables]
            else:
                self.repository.git("switch", "--quiet", "main")
                self.write_next(main_tables)
                self.repository.commit("On main")
        self.repository.git("switch", "--quiet", "main")
        for name, _ in branches:
            self.repository.merge(name)

    def build(self) -> list[str]:
        """Build the chain file; return the order."""
        versions = str(self.project.migrations / "versions")
        subprocess.run([PROGRAM, "build", "--quiet", versions], cwd=self.directory, check=True)
        chain = json.loads((self.project.migrations / "revision_chain.json").read_text())
        children = {parent: revision for revision, parent in chain.items()}
        order = []
        while (revision := children.get(order[-1] if order else None)) is not None:
            order.append(revision)
        self.assertEqual(len(order), MIGRATIONS, f"seed {SEED}")
        return order

    def literal(self, order: list[str]) -> GuardedProject:
        """The same migrations, with literal parents, and a database of its own."""
        project = GuardedProject(self.directory / "literal", self.project.url, "migrations")
        for parent, revision in zip((None, *order), order):
            self.write_body(project, revision, repr(parent))
        return project

    def schema(self) -> dict[str, list[str]]:
        """Return all tables with their columns, in order."""
        with self.project.connect() as connection:
            inspector = sa.inspect(connection)
            return {
                table: [column["name"] for column in inspector.get_columns(table)]
                for table in inspector.get_table_names()
            }

    def journey(self, project: GuardedProject, order: list[str]) -> list[object]:
        """What Alembic says and does on the way up, down and up again."""
        seen: list[object] = []
        for name, arguments, options in (
            ("upgrade", ["head"], {"sql": True}),
            ("upgrade", [order[20]], {}),
            ("current", [], {}),
            ("upgrade", ["+5"], {}),
            ("upgrade", ["head"], {}),
            ("current", [], {}),
            ("heads", [], {}),
            ("history", [], {}),
            ("history", [f"{order[10]}:current"], {"indicate_current": True}),
            ("downgrade", [f"{order[-1]}:{order[-4]}"], {"sql": True}),
            ("downgrade", ["-20"], {}),
            ("current", [], {}),
            ("upgrade", ["head"], {}),
            ("stamp", [order[30]], {}),
            ("stamp", ["head"], {}),
        ):
            seen.append((name, arguments, project.alembic(name, *arguments, **options)))
            if name in ("upgrade", "downgrade") and not options:
                seen.append(self.schema())
        seen.append(sorted(project.recorded()))
        project.alembic("downgrade", "base")
        seen.append(self.schema())
        return seen

    def test_as_with_literal_parents(self) -> None:
        self.grow()
        order = self.build()
        self.assertNotEqual(order, list(self.bodies), "landing is the order of writing: no test")
        dynamic = self.journey(self.project, order)
        self.project.execute("DROP TABLE revchain_applied", "DROP TABLE alembic_version")
        self.assertEqual(dynamic, self.journey(self.literal(order), order), f"seed {SEED}")

    def test_autogenerate_with_uncommitted_migrations(self) -> None:
        """In development there is no file: each new migration comes behind the ones before."""
        os.environ["REVCHAIN"] = PROGRAM
        self.grow()
        metadata = sa.MetaData()
        self.project.options["target_metadata"] = metadata
        with contextlib.redirect_stderr(io.StringIO()):
            self.project.upgrade()
            with self.project.connect() as connection:
                metadata.reflect(connection)
            for name in ("alembic_version", "revchain_applied"):
                metadata.remove(metadata.tables[name])
            (head,) = self.project.versions()
            for revision in ("ff", "ee", "dd"):
                sa.Table(f"new_{revision}", metadata, sa.Column("id", sa.Integer, primary_key=True))
                with contextlib.redirect_stdout(io.StringIO()):
                    self.project.alembic("revision", "new", autogenerate=True, rev_id=revision)
                text = (self.project.migrations / f"versions/{revision}_new.py").read_text()
                self.assertIn("= get_down_revision(revision)\n", text)
                self.assertEqual(re.findall(r"op\.(\w+)\(", text), ["create_table", "drop_table"])
                history = self.project.alembic("history")
                self.assertEqual(history.split(",")[0], f"{head} -> {revision} (head)")
                self.project.upgrade()
                self.assertEqual(self.project.versions(), {revision})
                head = revision
        self.assertFalse((self.project.migrations / "revision_chain.json").exists())


class FiftyOnPostgreSQL(OnPostgreSQL, Fifty):
    pass
