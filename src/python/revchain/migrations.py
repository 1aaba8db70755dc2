"""The migrations of a versions directory as the revchain program sees them, for other tools."""

from __future__ import annotations

import dataclasses
import json
import os
from typing import Any

from revchain import program
from revchain.chain import PathLike
from revchain.errors import ProgramFailed


@dataclasses.dataclass(frozen=True)
class MigrationFile:
    """One migration, as in alembic-git-revisions."""

    revision: str
    filename: str
    git_sequence: int  # position in landing order; those not committed share the one after the last
    is_dynamic: bool
    static_down_revisions: tuple[
        str, ...
    ]  # the parents that the file itself names; empty for a dynamic one


def parse_versions_dir(versions_dir: PathLike) -> list[MigrationFile]:
    """Return the migrations in landing order.

    That is not the chain's order where a static migration hangs on a dynamic one. It needs the
    program and the git history: the chain file has neither kind nor order. Raises ProgramFailed.
    """
    directory = os.path.abspath(versions_dir)
    path = program.find()
    if path is None:
        raise ProgramFailed("Cannot read git history: no revchain program on PATH or in $REVCHAIN")
    output = program.run(path, ["log", "--format=json", directory], os.path.dirname(directory))
    entries: list[dict[str, Any]] = json.loads(output)
    committed = sum(entry["commit"] is not None for entry in entries)
    migrations = [_migration(entry, min(index, committed)) for index, entry in enumerate(entries)]
    return sorted(migrations, key=lambda migration: (migration.git_sequence, migration.filename))


def _migration(entry: dict[str, Any], sequence: int) -> MigrationFile:
    parents = entry["down_revision"]
    dynamic = entry["kind"] == "dynamic"
    if dynamic or parents is None:
        parents = []
    elif isinstance(parents, str):
        parents = [parents]
    return MigrationFile(
        revision=entry["revision"],
        filename=os.path.basename(entry["path"]),
        git_sequence=sequence,
        is_dynamic=dynamic,
        static_down_revisions=tuple(parents),
    )
