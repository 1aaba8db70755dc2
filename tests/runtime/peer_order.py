"""A plugin for pytest: alembic-git-revisions with order and chain from revchain.

Its own tests then judge revchain's landing order, its classes and its chain. Many of them give the
order themselves, for files in no repository: these are committed one by one in that order first.
"""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
from unittest import mock

import revchain
from alembic_git_revisions import _chain

PROGRAM = os.environ["REVCHAIN"]
GIT = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com")


def run(*command: str, directory: pathlib.Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


def landing_order(versions_dir: pathlib.Path) -> list[str] | None:
    directory = versions_dir.absolute()
    done = run(PROGRAM, "log", "--format=json", str(directory), directory=directory.parent)
    if done.returncode not in (0, 1):  # 1: a file has no revision, and its place all the same
        return None
    return [os.path.basename(entry["path"]) for entry in json.loads(done.stdout) if entry["commit"]]


def commit_in_order(versions_dir: pathlib.Path, order: list[str]) -> pathlib.Path:
    repository = pathlib.Path(tempfile.mkdtemp(prefix="order-", dir=versions_dir.parent))
    copy = repository / "versions"
    shutil.copytree(versions_dir, copy)
    run(*GIT, "init", "--quiet", directory=repository)
    for name in order:
        run(*GIT, "add", f"versions/{name}", directory=repository)
        done = run(*GIT, "commit", "--quiet", "--message", name, directory=repository)
        assert done.returncode == 0, done.stderr
    return copy


def chain(versions_dir: pathlib.Path) -> dict[str, str] | None:
    order = _chain._get_git_commit_order(versions_dir)
    if order is None:
        return None
    directory = versions_dir.absolute()
    if isinstance(_chain._get_git_commit_order, mock.Mock):
        directory = commit_in_order(versions_dir, order)
    done = run(PROGRAM, "build", "-o", "-", str(directory), directory=directory.parent)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def migration_files(versions_dir: pathlib.Path, order: list[str]) -> list[revchain.MigrationFile]:
    return revchain.parse_versions_dir(commit_in_order(versions_dir, order))


_chain._get_git_commit_order = landing_order
_chain._build_chain_from_git = chain
_chain._parse_migration_files = migration_files
