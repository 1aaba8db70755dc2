"""Alembic migrations in the order in which git history landed them.

In a migration::

    from revchain import get_down_revision

    revision = "5c9eb899ede0"
    down_revision = get_down_revision(revision)

The order is in revision_chain.json, beside the versions directory; `revchain build` writes it from
the full git history. Serves the migrations of alembic-git-revisions too: the names are the same.

In env.py `record` and `verify` notice that Alembic skipped a migration: see revchain.guard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revchain.chain import CHAIN_FILENAME, build_chain, generate_chain_file, get_down_revision
from revchain.errors import (
    ChainFileInvalid,
    ChainFileMissing,
    GuardMisused,
    NoBaseline,
    NotAMigration,
    NothingToMark,
    ProgramFailed,
    RevchainError,
    SkippedMigration,
    StaleChainFile,
)

if TYPE_CHECKING:
    from revchain.guard import record, verify
    from revchain.migrations import MigrationFile, parse_versions_dir

__all__ = [
    "CHAIN_FILENAME",
    "ChainFileInvalid",
    "ChainFileMissing",
    "GuardMisused",
    "MigrationFile",
    "NoBaseline",
    "NotAMigration",
    "NothingToMark",
    "ProgramFailed",
    "RevchainError",
    "SkippedMigration",
    "StaleChainFile",
    "build_chain",
    "generate_chain_file",
    "get_down_revision",
    "parse_versions_dir",
    "record",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import what the migrations have no use for when it is wanted: the guard needs Alembic."""
    if name in ("record", "verify"):
        from revchain import guard

        return getattr(guard, name)
    if name in ("MigrationFile", "parse_versions_dir"):
        from revchain import migrations

        return getattr(migrations, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
