"""What can go wrong at run time: the text says what is wrong, then what to do about it."""

from __future__ import annotations


class RevchainError(Exception):
    """The base of all errors of this package."""


class ChainFileMissing(RevchainError, RuntimeError):
    """There is no chain file, and no revchain program to ask instead."""


class ChainFileInvalid(RevchainError, ValueError):
    """The chain file cannot be read, or is not what `revchain build` writes."""


class StaleChainFile(RevchainError, ValueError):
    """The chain file does not know the revision: it was made before the migration."""


class NotAMigration(RevchainError, ValueError):
    """No migration here has this id and calls get_down_revision(), or the caller is no file."""


class ProgramFailed(RevchainError, RuntimeError):
    """The revchain program could not be run, or refused.

    `status` is its exit status (None: it did not start), `stderr` all that it said.
    """

    def __init__(self, message: str, status: int | None = None, stderr: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.stderr = stderr


class SkippedMigration(RevchainError):
    """The chain puts a migration before this database's version that was never applied to it.

    `heads` are the database's versions, `skipped` the revisions that it lacks, in the chain's order.
    """

    def __init__(self, message: str, heads: tuple[str, ...], skipped: tuple[str, ...]) -> None:
        super().__init__(message)
        self.heads = heads
        self.skipped = skipped


class GuardMisused(RevchainError, RuntimeError):
    """The guard is called in a way in which it would notice nothing."""


class NoBaseline(RevchainError, LookupError):
    """The guard has no record of this database, so that nothing can be said of it."""


class NothingToMark(RevchainError, ValueError):
    """A revision is recorded already, or Alembic has yet to apply it."""
