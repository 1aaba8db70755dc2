"""The look-up: which migration comes before this one.

A lane is one versions directory. Its chain is in revision_chain.json, which `revchain build` writes
from the full git history; while developing, where there is no such file, the program is asked.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Optional, Union

from revchain import program
from revchain.errors import ChainFileInvalid, ChainFileMissing, NotAMigration, StaleChainFile

CHAIN_FILENAME = "revision_chain.json"

Chain = dict[str, Optional[str]]
PathLike = Union[str, "os.PathLike[str]"]
_Version = Optional[tuple[int, int, int]]

# A project begins in a directory that holds one of these: a chain file above it is another's.
_PROJECT_MARKS = ("env.py", "alembic.ini", "pyproject.toml", ".git")


class _Lane:
    """One versions directory and its chain.

    `unread` holds the answers that nobody has had yet. A revision that is asked for again is the
    sign that the migrations are loaded once more: then the file may have changed. So there is no
    look at the file for each migration, and no load that has half of its answers from another file.
    """

    __slots__ = ("chain", "file", "unread", "version")

    def __init__(self, chain: Chain, file: str | None, version: _Version) -> None:
        self.chain = chain
        self.file = file  # where the chain was read; None: the program said it
        self.version = version  # of that file
        self.unread = dict(chain)


class _Lanes:
    """Build the chain of a versions directory: `{revision: down_revision}`, the dynamic ones alone.

    The chain file decides where there is one, and is read again when it has changed. Else the
    program is asked; its answer is kept for the life of the process, as long as it has the
    revisions that are looked up. `build_chain.cache_clear()` forgets all.

    Raises ChainFileInvalid, ChainFileMissing or ProgramFailed.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._files: dict[str, tuple[_Version, Chain]] = {}
        self.lanes: dict[str, _Lane] = {}  # by the absolute path of the directory

    def __call__(self, versions_dir: PathLike) -> Chain:
        return self.lane(os.path.abspath(versions_dir)).chain

    def cache_clear(self) -> None:
        with self._lock:
            self.lanes.clear()
            self._files.clear()

    def lane(self, directory: str, wanted: str | None = None) -> _Lane:
        """Return the lane as it is now; a wanted revision that it lacks is a reason to ask again.

        `alembic revision` has written a migration since, or there is a file now.
        """
        with self._lock:
            lane = self.lanes.get(directory)
            if (
                lane is None
                or (lane.file is not None and lane.version != _version(lane.file))
                or (lane.file is None and wanted is not None and wanted not in lane.chain)
            ):
                lane = self._load(directory)
            else:
                lane = _Lane(lane.chain, lane.file, lane.version)
            self.lanes[directory] = lane
            return lane

    def _load(self, directory: str) -> _Lane:
        for file in _chain_file_places(directory):
            if os.path.lexists(file):
                version = _version(file)
                known = self._files.get(file)
                if known is None or known[0] != version:
                    known = self._files[file] = (version, _read_chain_file(file))
                return _Lane(known[1], file, version)
        return _Lane(_ask_program(directory), None, None)


build_chain = _Lanes()


def get_down_revision(revision: str, versions_dir: PathLike | None = None) -> str | None:
    """Return the revision that comes before this one, None for the first of all.

    For use in a migration: ``down_revision = get_down_revision(revision)``. The versions directory
    is that of the calling file, as Alembic loaded it (symbolic links are not resolved), or the one
    that is given.

    Raises StaleChainFile, ChainFileInvalid, ChainFileMissing, NotAMigration or ProgramFailed, each
    of them a RevchainError.
    """
    if versions_dir is None:
        frame = sys._getframe(1)
        try:  # a thousand migrations come this way
            file = frame.f_globals["__file__"]
            return build_chain.lanes[file.rpartition(os.sep)[0]].unread.pop(revision)
        except KeyError:
            directory = _directory_of(frame)
    else:
        directory = os.path.abspath(versions_dir)
    lane = build_chain.lane(directory, revision)
    try:
        lane.unread.pop(revision, None)
        return lane.chain[revision]
    except KeyError:
        pass
    if lane.file is not None:
        raise StaleChainFile(
            f"revision {revision!r} not found in migration chain:"
            f" {lane.file} is older than the migration\n"
            f"hint: make it anew from the full git history: {_build_command(directory)}"
        )
    raise NotAMigration(
        f"revision {revision!r} not found in migration chain: revchain finds no migration"
        f" in {directory} that has this id and calls get_down_revision()"
    )


def generate_chain_file(versions_dir: PathLike) -> None:
    """Write the chain file beside a versions directory, from git history, with the program.

    REVCHAIN_BASE is for the look-up alone: a file must not depend on who writes it.
    """
    directory = os.path.abspath(versions_dir)
    file = os.path.join(os.path.dirname(directory), CHAIN_FILENAME)
    program.run(
        _find_program(directory), ["build", "-o", file, directory], os.path.dirname(directory)
    )
    build_chain.cache_clear()
    print(f"Generated {file} with {len(build_chain(directory))} revisions")


def _directory_of(frame: FrameType) -> str:
    # __file__ is where the module was found; its code may have been compiled in another place.
    file = frame.f_globals.get("__file__") or frame.f_code.co_filename
    if file.startswith("<"):
        raise NotAMigration(
            f"get_down_revision() was called from {file}, not from a migration: pass versions_dir"
        )
    directory = os.path.dirname(file)
    if os.path.basename(directory) == "__pycache__":
        directory = os.path.dirname(directory)
    return directory if os.path.isabs(directory) else os.path.abspath(directory)


def _chain_file_places(directory: str) -> Iterator[str]:
    """Beside the versions directory first, then upwards until the project ends: lanes may nest.

    Where the directory is a symbolic link, some versions of Alembic load migrations by the link and
    some by what it leads to: the program writes beside the latter, others may have written beside
    the link, and both are looked at.
    """
    ways = [_upwards(place) for place in dict.fromkeys((directory, os.path.realpath(directory)))]
    yield from (next(way) for way in ways)
    for way in ways:
        yield from way


def _upwards(directory: str) -> Iterator[str]:
    while True:
        directory = os.path.dirname(directory)
        yield os.path.join(directory, CHAIN_FILENAME)
        if directory == os.path.dirname(directory):
            return
        if any(os.path.exists(os.path.join(directory, mark)) for mark in _PROJECT_MARKS):
            return


def _version(file: str) -> _Version:
    """What changes with the file, which `revchain build` replaces as a whole."""
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _read_chain_file(file: str) -> Chain:
    try:
        with open(file, "rb") as stream:
            return _parse_chain(stream.read(), file)
    except OSError as error:
        raise ChainFileInvalid(f"{file}: {error.strerror}") from error


def _parse_chain(text: bytes, origin: str) -> Chain:
    try:
        chain = json.loads(text)
    except ValueError as error:
        raise ChainFileInvalid(f"{origin}: not JSON: {error}") from error
    if not isinstance(chain, dict):
        raise ChainFileInvalid(f"{origin}: not a JSON object of revisions")
    for revision, parent in chain.items():
        if parent is not None and not isinstance(parent, str):
            raise ChainFileInvalid(
                f"{origin}: the parent of {revision!r} is {parent!r}, not a revision or null"
            )
    return chain


def _ask_program(directory: str) -> Chain:
    path = _find_program(directory)
    base = os.environ.get("REVCHAIN_BASE")
    arguments = ["build", "-o", "-", *(["--base", base] if base else []), directory]
    return _parse_chain(program.run(path, arguments, os.path.dirname(directory)), path)


def _build_command(directory: str) -> str:
    return shlex.join(["revchain", "build", directory])


def _find_program(directory: str) -> str:
    path = program.find()
    if path is None:
        places = ", ".join(_chain_file_places(directory))
        raise ChainFileMissing(
            f"no {CHAIN_FILENAME} for {directory} (looked for {places}),"
            f" and no revchain program on PATH or in $REVCHAIN\n"
            f"hint: where the full git history is, run: {_build_command(directory)}\n"
            f"hint: or install revchain here, if the git history is here: no file is needed then"
        )
    return path
