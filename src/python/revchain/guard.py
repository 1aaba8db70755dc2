"""The guard: notices that Alembic skipped a migration, which Alembic itself does not.

Alembic keeps no more than the revisions that a database has reached, and takes all that the chain
puts before them for applied. `record` writes down what was applied in truth, `verify` compares.
In env.py::

    context.configure(..., on_version_apply=revchain.record)
    with context.begin_transaction():
        revchain.verify(connection, context.script)
        context.run_migrations()
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from alembic import context as environment
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionMap
from sqlalchemy.engine import Connection

from revchain.applied import APPLIED, MARKED, STAMPED, TABLE_NAME, AppliedTable
from revchain.errors import GuardMisused, NoBaseline, NothingToMark, SkippedMigration

VERSION_TABLE = "alembic_version"

# The contexts of `--sql` whose script has the table already.
_scripts_begun: weakref.WeakSet[MigrationContext] = weakref.WeakSet()


def record(
    *,
    ctx: MigrationContext,
    step: MigrationInfo,
    heads: Collection[Any],
    run_args: Mapping[str, Any],
    **_: Any,
) -> None:
    """Record a migration that was applied, taken back or stamped: for `on_version_apply`.

    Alembic calls it in the transaction in which it moves the version, so that both are there or
    neither is; with --sql the statements become part of the script. Where the guard has no record
    of this database yet, what lies before this migration is the baseline.

    Raises what the database raises: the migration then fails as a whole.
    """
    applied = AppliedTable(ctx.version_table, ctx.version_table_schema)
    if ctx.as_sql:
        if ctx not in _scripts_begun:
            applied.script_begin(ctx, from_base=not ctx.get_current_heads())
            _scripts_begun.add(ctx)
    else:
        assert ctx.connection is not None
        if not applied.begun(ctx.connection):
            applied.begin(ctx.connection, ancestry(step.revision_map, heads))
    if step.is_stamp:
        _stamp(ctx, applied, ancestry(step.revision_map, heads))
    elif step.is_upgrade:
        for revision in step.up_revision_ids:
            applied.put(ctx.execute, revision, APPLIED)
    else:
        applied.remove(ctx.execute, step.up_revision_ids)


def _stamp(ctx: MigrationContext, applied: AppliedTable, has_had: Collection[str]) -> None:
    """After `alembic stamp` a database has what lies before its versions, and nothing besides."""
    recorded: Collection[str] = ()
    if ctx.as_sql:
        applied.remove_all(ctx.execute)
    else:
        assert ctx.connection is not None
        recorded = applied.revisions(ctx.connection)
        applied.remove(ctx.execute, set(recorded).difference(has_had))
    for revision in has_had:
        if revision not in recorded:
            applied.put(ctx.execute, revision, STAMPED)


def verify(
    connection: Connection,
    script_directory: ScriptDirectory,
    *,
    version_table: str | None = None,
    version_table_schema: str | None = None,
) -> None:
    """Raise SkippedMigration where the chain puts before this database's version what it never had.

    In env.py it is called after context.configure(), which tells the version table, and before
    context.run_migrations(). On the first run it takes what the database has as the baseline, in
    the transaction that is open, else in one of its own; the connection is left as it was. It also
    hides the table of the guard from autogenerate. `alembic stamp --purge` is let through: it is
    about to say anew what the database has.

    Outside of env.py the names of the version table and its schema can be given.

    Raises SkippedMigration; GuardMisused where it is called too early, or without `record`;
    alembic.util.CommandError where the project does not know the database's version.
    """
    ctx = _configured_context()
    writes = True
    if ctx is not None:
        if not ctx.on_version_apply_callbacks:
            raise GuardMisused(
                "revchain.verify() without revchain.record: what is applied would go unrecorded\n"
                "hint: context.configure(..., on_version_apply=revchain.record)"
            )
        ctx.opts["include_name"] = _HideTable.around(ctx.opts.get("include_name"))
        if ctx.purge:
            return
        writes = not ctx.opts.get("dont_mutate", False)
        version_table = version_table or ctx.version_table
        version_table_schema = version_table_schema or ctx.version_table_schema
    applied = AppliedTable(version_table or VERSION_TABLE, version_table_schema)
    with _transaction(connection):
        if applied.begun(connection):
            _judge(connection, script_directory, applied)
        elif writes:
            take_baseline(connection, script_directory, applied)
            _judge(connection, script_directory, applied)


def _configured_context() -> MigrationContext | None:
    """Return the context of the env.py that is running, None where none is."""
    try:
        return environment.get_context()
    except NameError:  # no env.py is running
        return None
    except Exception as error:
        raise GuardMisused(
            "revchain.verify() was called before context.configure(), which tells the version table"
        ) from error


def take_baseline(
    connection: Connection, script_directory: ScriptDirectory, applied: AppliedTable
) -> None:
    """Record what the database has, as the chain of today tells it.

    A script of `alembic upgrade --sql` may have recorded migrations already: what the chain puts
    behind one of these is no baseline.
    """
    revision_map = script_directory.revision_map
    has_had = ancestry(revision_map, _heads(connection, script_directory, applied))
    recorded = set(applied.revisions(connection)) if applied.exists(connection) else set()
    behind: set[str] = set()
    for revision, parents in has_had.items():
        if not behind.union(recorded).isdisjoint(parents):
            behind.add(revision)
    applied.begin(connection, [r for r in has_had if r not in recorded and r not in behind])


def _judge(
    connection: Connection, script_directory: ScriptDirectory, applied: AppliedTable
) -> dict[str, tuple[str, ...]]:
    """Return what the database has had; raise SkippedMigration where that is not all of it."""
    heads = None
    # Another deploy may be on its way: both tables must be those of one moment.
    while heads != (heads := _heads(connection, script_directory, applied)):
        recorded = applied.revisions(connection)
    has_had = ancestry(script_directory.revision_map, heads)
    skipped = {revision: has_had[revision] for revision in has_had if revision not in set(recorded)}
    if skipped:
        raise SkippedMigration(_explain(heads, skipped), heads, tuple(skipped))
    return has_had


def _explain(heads: tuple[str, ...], skipped: Mapping[str, tuple[str, ...]]) -> str:
    before = [revision for revision in skipped if revision not in heads]
    lines = []
    if before:
        lines.append(
            f"this database is at {', '.join(heads)} and never had what the chain puts before that:"
            f" {', '.join(before)}; Alembic skips it and says nothing"
        )
    if len(before) < len(skipped):
        came = ", ".join(revision for revision in skipped if revision in heads)
        lines.append(
            f"this database came to {came} without revchain.record"
            " (an env.py that lacks it, MigrationContext.stamp() …)"
        )
    for revision in before:
        if len(skipped[revision]) == 1:
            lines.append(
                f"hint: its statements, to be run by hand, with those that record it:"
                f" alembic upgrade {skipped[revision][0]}:{revision} --sql"
            )
    lines.append(
        f"hint: where the database has its changes all the same:"
        f" python -m revchain mark {' '.join(skipped)} --reason TEXT"
    )
    if before:
        lines.append(
            "hint: where the order is what changed, keep the one that the database knows:"
            " revchain build --pin FILE"
        )
    return "\n".join(lines)


def mark(
    connection: Connection,
    script_directory: ScriptDirectory,
    applied: AppliedTable,
    revisions: Iterable[str],
    recorded_by: str,
    reason: str,
) -> list[str]:
    """Record revisions as applied on somebody's word; return their full ids.

    Raises NothingToMark, and records nothing, where one of them is recorded already or is not
    before the database's version, so that Alembic will apply it; NoBaseline where the guard has no
    record of this database; alembic.util.CommandError for one that the project does not know.
    """
    with _transaction(connection):
        _require_baseline(connection, applied)
        heads = _heads(connection, script_directory, applied)
        has_had = ancestry(script_directory.revision_map, heads)
        recorded = set(applied.revisions(connection))
        ids = [script.revision for script in script_directory.get_revisions(tuple(revisions))]
        for revision in ids:
            if revision in recorded:
                raise NothingToMark(f"{revision} is recorded as applied already")
            if revision not in has_had:
                at = ", ".join(heads) or "the base"
                raise NothingToMark(
                    f"{revision} is not before this database's version ({at}):"
                    " alembic upgrade will apply it"
                )
        for revision in ids:
            applied.put(connection.execute, revision, MARKED, recorded_by, reason)
    return ids


def inspect(
    connection: Connection,
    script_directory: ScriptDirectory,
    applied: AppliedTable,
    baseline: bool = False,
) -> tuple[tuple[str, ...], int]:
    """Verify without env.py; return the database's versions and how many revisions led to them.

    Writes nothing, unless `baseline` allows it to take one where there is none. Raises
    SkippedMigration, NoBaseline.
    """
    with _transaction(connection):
        if applied.versions(connection) is None:
            raise NoBaseline(
                f"there is no table {applied.version_table} here: no migration was ever applied,"
                " or it is elsewhere: --version-table, --version-table-schema"
            )
        if baseline and not applied.begun(connection):
            take_baseline(connection, script_directory, applied)
        _require_baseline(connection, applied)
        has_had = _judge(connection, script_directory, applied)
        return _heads(connection, script_directory, applied), len(has_had)


def applied_revisions(connection: Connection, applied: AppliedTable) -> list[str]:
    """Return the revisions that a database has had, oldest record first. Raises NoBaseline."""
    with _transaction(connection):
        _require_baseline(connection, applied)
        return applied.revisions(connection)


def _require_baseline(connection: Connection, applied: AppliedTable) -> None:
    if not applied.begun(connection):
        raise NoBaseline(
            f"the guard has no record of this database (table {TABLE_NAME})\n"
            "hint: take what it has now as the baseline: python -m revchain verify --baseline"
        )


def ancestry(revision_map: RevisionMap, heads: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the heads and all before them, parents and dependencies first, each with its own.

    Raises alembic.script.revision.ResolutionError for a head that is not in the map.
    """
    found: dict[str, tuple[str, ...]] = {}
    stack = sorted(heads, reverse=True)
    while stack:
        revision = stack[-1]
        if revision in found:
            stack.pop()
            continue
        script = revision_map.get_revision(revision)
        assert script is not None
        # down_revision names no dependencies, and dependencies are not resolved
        parents = script._all_down_revisions
        missing = [parent for parent in parents if parent not in found]
        if missing:
            stack.extend(reversed(missing))
        else:
            found[revision] = parents
    return found


def _heads(
    connection: Connection, script_directory: ScriptDirectory, applied: AppliedTable
) -> tuple[str, ...]:
    """Return the database's versions. Raises CommandError for one that the project lacks."""
    heads = applied.versions(connection)
    script_directory.get_revisions(heads or ())
    return heads or ()


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    """The transaction that is open, else one that is over before Alembic looks for its own."""
    if connection.in_transaction():
        yield
    else:
        with connection.begin():
            yield


class _HideTable:
    """Hides our table from autogenerate, which would drop what the models do not have."""

    def __init__(self, include_name: Callable[..., bool] | None) -> None:
        self._include_name = include_name

    @classmethod
    def around(cls, include_name: Callable[..., bool] | None) -> _HideTable:
        return include_name if isinstance(include_name, cls) else cls(include_name)

    def __call__(self, name: str | None, type_: str, parent_names: Mapping[str, Any]) -> bool:
        if type_ == "table" and name == TABLE_NAME:
            return False
        return self._include_name is None or self._include_name(name, type_, parent_names)
