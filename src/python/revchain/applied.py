"""The table revchain_applied: which revisions a database has had, and how it came by them.

It stands in the schema of Alembic's version table. A row is there as long as its revision is
applied, by the version table that led to it:

- `baseline`: the database had it when the guard first saw it
- `applied`: its upgrade() ran
- `stamped`: somebody ran `alembic stamp`
- `marked`: somebody ran `python -m revchain mark`; `recorded_by` and `reason` say who and why

One row more, of a revision `base`, says that the guard has begun: without it there is no telling a
database that lost its way from one that the guard has never seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from alembic.ddl.impl import DefaultImpl
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

TABLE_NAME = "revchain_applied"
BASELINE, APPLIED, STAMPED, MARKED = "baseline", "applied", "stamped", "marked"

# No revision has this id: it is a word of Alembic's.
_BEGUN = "base"

# Runs one statement, or writes it out: Connection.execute, or MigrationContext.execute.
Execute = Callable[[Any], Any]


class AppliedTable:
    """The rows that one version table is responsible for.

    What the database answers otherwise than expected comes through as SQLAlchemy's own error. No
    method ends a transaction, but MySQL and Oracle do so themselves where a table is created.
    """

    def __init__(self, version_table: str, schema: str | None) -> None:
        self.version_table = version_table
        self.table = sa.Table(
            TABLE_NAME,
            sa.MetaData(),
            sa.Column("version_table", _name(128), nullable=False),
            sa.Column("revision", _name(255), nullable=False),
            sa.Column("how", sa.String(16), nullable=False),
            sa.Column(
                "recorded_at",
                sa.DateTime(timezone=True),
                server_default=sa.func.current_timestamp(),
                nullable=False,
            ),
            sa.Column("recorded_by", sa.String(255)),
            sa.Column("reason", sa.Text),
            sa.PrimaryKeyConstraint("version_table", "revision", name=f"{TABLE_NAME}_pkc"),
            schema=schema,
        )
        self._versions = sa.Table(
            version_table, sa.MetaData(), sa.Column("version_num", sa.String), schema=schema
        )

    def begun(self, connection: Connection) -> bool:
        """Has the guard taken a baseline?"""
        return self.exists(connection) and bool(
            connection.execute(self._rows().where(self.table.c.revision == _BEGUN)).fetchall()
        )

    def exists(self, connection: Connection) -> bool:
        return _exists(connection, self.table)

    def versions(self, connection: Connection) -> tuple[str, ...] | None:
        """Return the heads that Alembic keeps, in order; None where its table is not there."""
        if not _exists(connection, self._versions):
            return None
        return tuple(sorted(row[0] for row in connection.execute(self._versions.select())))

    def revisions(self, connection: Connection) -> list[str]:
        """Return what is recorded, oldest record first."""
        rows = connection.execute(
            self._rows()
            .where(self.table.c.revision != _BEGUN)
            .order_by(self.table.c.recorded_at, self.table.c.revision)
        )
        return [row.revision for row in rows]

    def begin(self, connection: Connection, baseline: Iterable[str]) -> None:
        """Create the table where it lacks, and record the baseline. A transaction must be open.

        Where another deploy does the same at this moment, its baseline is the one that stands.
        """
        transactional = DefaultImpl.get_by_dialect(connection.dialect).transactional_ddl
        rows = [
            {"version_table": self.version_table, "revision": revision, "how": BASELINE}
            for revision in (_BEGUN, *baseline)
        ]
        try:
            if not transactional:
                self.table.create(connection, checkfirst=True)
            with connection.begin_nested():
                if transactional:
                    self.table.create(connection, checkfirst=True)
                connection.execute(self.table.insert(), rows)
        except DBAPIError:
            if not self.begun(connection):
                raise

    def script_begin(self, context: Any, from_base: bool) -> None:
        """Write out, for --sql, what creates the table if it lacks.

        A script that starts at the base begins the record as well; one that starts further on
        leaves the baseline to the first `verify`, which sees the database.
        """
        create = str(CreateTable(self.table).compile(dialect=context.dialect)).strip()
        if context.dialect.name in ("postgresql", "mysql", "mariadb", "sqlite"):
            create = create.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1)
        elif not from_base:
            return
        context.impl.static_output(create + context.impl.command_terminator)
        if from_base:
            self.put(context.execute, _BEGUN, BASELINE)

    def put(
        self,
        execute: Execute,
        revision: str,
        how: str,
        recorded_by: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Record a revision, in the place of an earlier record of it."""
        self.remove(execute, [revision])
        values: dict[str, Any] = {
            "version_table": _literal(self.version_table),
            "revision": _literal(revision),
            "how": _literal(how),
        }
        if how == MARKED:
            values.update(recorded_by=recorded_by, reason=reason)
        execute(self.table.insert().values(**values))

    def remove(self, execute: Execute, revisions: Iterable[str]) -> None:
        for revision in revisions:
            execute(
                self.table.delete()
                .where(self.table.c.version_table == _literal(self.version_table))
                .where(self.table.c.revision == _literal(revision))
            )

    def remove_all(self, execute: Execute) -> None:
        execute(
            self.table.delete()
            .where(self.table.c.version_table == _literal(self.version_table))
            .where(self.table.c.revision != _literal(_BEGUN))
        )

    def _rows(self) -> Any:
        return self.table.select().where(self.table.c.version_table == self.version_table)


def _exists(connection: Connection, table: sa.Table) -> bool:
    schema = connection.schema_for_object(table)
    return bool(connection.dialect.has_table(connection, table.name, schema=schema))


def _name(length: int) -> sa.types.TypeEngine[str]:
    """A string of which MySQL, too, tells AB and ab apart; a key may have 3,072 bytes there."""
    exact = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return sa.String(length).with_variant(exact, "mysql").with_variant(exact, "mariadb")


def _literal(text: str) -> sa.ColumnElement[Any]:
    """As Alembic writes a revision: --sql has no parameters."""
    return sa.literal_column("'" + text.replace("'", "''") + "'")
