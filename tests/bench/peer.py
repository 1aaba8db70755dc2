"""The peer itself, alembic-git-revisions, in a virtual environment of its own."""

import os
import subprocess
import sys
from typing import NamedTuple

from measure import Repository

WANTED = "alembic-git-revisions==13"


def install(directory: str) -> str | None:
    """Its command, or None where PyPI cannot be reached."""
    python = os.path.join(directory, "bin", "python")
    steps = [
        [sys.executable, "-m", "venv", directory],
        [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", WANTED],
    ]
    for step in steps:
        if subprocess.run(step, capture_output=True, check=False).returncode != 0:
            return None
    return os.path.join(directory, "bin", "alembic-git-revisions")


class Peer(NamedTuple):
    """One run of it: it asks git for the history, and reads the migrations from a work tree, which
    it gets here with nothing else in it."""

    command: list[str]
    env: dict[str, str]

    def works(self) -> bool:
        return subprocess.run(self.command, env=self.env, capture_output=True).returncode == 0


def prepare(program: str, repository: Repository, directory: str) -> Peer | None:
    """None where it cannot run on this repository."""
    worktree = os.path.join(directory, "tree")
    os.makedirs(worktree)
    archive = os.path.join(directory, "tree.tar")
    steps = [
        ["git", "-C", repository.directory, "archive", "-o", archive, "HEAD", repository.lane],
        ["tar", "-x", "-f", archive, "-C", worktree, "--exclude=__init__*"],
    ]  # it takes every .py file for a migration, and ends at an __init__.py that declares none
    for step in steps:
        if subprocess.run(step, capture_output=True, check=False).returncode != 0:
            return None
    git_dir = subprocess.run(
        ["git", "-C", repository.directory, "rev-parse", "--absolute-git-dir"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.strip()
    env = {**os.environ, "GIT_DIR": git_dir, "GIT_WORK_TREE": worktree}
    peer = Peer([program, os.path.join(worktree, repository.lane)], env)
    return peer if peer.works() else None
