"""Alembic migrations in the order in which git history landed them.

In a migration::

    from revchain import get_down_revision

    revision = "5c9eb899ede0"
    down_revision = get_down_revision(revision)

The order is in revision_chain.json, beside the versions directory; `revchain build` writes it from
the full git history. Serves the migrations of alembic-git-revisions too: the names are the same.
"""

from revchain.chain import CHAIN_FILENAME, build_chain, generate_chain_file, get_down_revision
from revchain.errors import (
    ChainFileInvalid,
    ChainFileMissing,
    NotAMigration,
    ProgramFailed,
    RevchainError,
    StaleChainFile,
)
from revchain.migrations import MigrationFile, parse_versions_dir

__all__ = [
    "CHAIN_FILENAME",
    "ChainFileInvalid",
    "ChainFileMissing",
    "MigrationFile",
    "NotAMigration",
    "ProgramFailed",
    "RevchainError",
    "StaleChainFile",
    "build_chain",
    "generate_chain_file",
    "get_down_revision",
    "parse_versions_dir",
]
