"""What the scripts of this folder share: a repository, the program, and a tally of what was tried."""

import argparse
import collections
import os
import random
import shutil
import subprocess
import sys
import tempfile
from typing import NamedTuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))

from program import ask

SECONDS = 60  # then a run is held to hang
EPOCH = 1704067200  # seconds since 1970 of the first commit
LANE = "db/versions"
FILE = "db/revision_chain.json"

# Nothing of the user's or the machine's configuration counts.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("GIT_", "REVCHAIN_", "XDG_"))
}
ENVIRONMENT.update(
    LC_ALL="C.UTF-8",
    TZ="UTC0",
    GIT_CONFIG_NOSYSTEM="1",
    GIT_CONFIG_GLOBAL=os.devnull,
    GIT_AUTHOR_NAME="A U Thor",
    GIT_AUTHOR_EMAIL="author@example.com",
    GIT_COMMITTER_NAME="C O Mitter",
    GIT_COMMITTER_EMAIL="committer@example.com",
)


class Ended(NamedTuple):
    status: int  # below 0: the signal
    output: bytes
    errors: str


class Repository:
    """A work tree on branch main, made commit by commit with fixed dates."""

    def __init__(self, directory: str):
        self.directory = directory
        self.clock = EPOCH
        os.makedirs(directory)
        self.git("init", "-q", "-b", "main")
        self.git("config", "gc.auto", "0")

    def path(self, *parts: str) -> str:
        return os.path.join(self.directory, *parts)

    def git(self, *arguments: str, text: bytes | None = None) -> str:
        date = f"@{self.clock} +0000"
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.directory,
            env={**ENVIRONMENT, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date},
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"git {' '.join(arguments)}: {done.stderr.decode()}")
        return done.stdout.decode().strip()

    def write(self, path: str, text: str) -> None:
        full = self.path(path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)

    def migration(self, revision: str, parent: str = "get_down_revision(revision)") -> None:
        self.write(
            f"{LANE}/{revision}.py",
            f'"""migration {revision}"""\n\nrevision = "{revision}"\ndown_revision = {parent}\n',
        )

    def commit(self) -> None:
        self.clock += 3600
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "a change")

    def land(self, *revisions: str) -> None:
        for revision in revisions:
            self.migration(revision)
        self.commit()

    def merge(self, branch: str) -> None:
        self.clock += 3600
        self.git("merge", "-q", "--no-ff", "-m", f"Merge {branch}", branch)


def make_history(directory: str) -> Repository:
    """A bit of everything: branches, a merge, a rename, a removal that was taken back, a tag."""
    repository = Repository(directory)
    repository.write("alembic.ini", "[alembic]\nscript_location = db\n")
    repository.write(".gitignore", "revision_chain.json\n")
    repository.migration("s1", "None")
    repository.commit()
    repository.land("d9")
    repository.land("d5")
    repository.git("checkout", "-q", "-b", "feature")
    repository.land("d7")
    repository.land("d3", "d2")
    repository.git("checkout", "-q", "main")
    repository.git("rm", "-q", f"{LANE}/d5.py")
    repository.land("d8")
    repository.land("d5")
    repository.merge("feature")
    repository.git("mv", f"{LANE}/d9.py", f"{LANE}/d0.py")
    repository.commit()
    repository.write("src/deep/er/file.txt", "nothing to do with it\n")
    repository.land("d1")
    repository.git("tag", "-a", "-m", "a tag", "v1")
    return repository


class Tally:
    """Counts what was tried by kind, and prints the first failures of each."""

    SHOWN = 5

    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.tried: collections.Counter[str] = collections.Counter()
        self.failures: collections.Counter[str] = collections.Counter()
        self.notes: dict[str, collections.Counter[str]] = collections.defaultdict(
            collections.Counter
        )
        self.skipped = 0

    def count(self, kind: str, wrong: str | None, note: str = "") -> None:
        self.tried[kind] += 1
        self.notes[kind][note] += 1
        if wrong is None:
            return
        self.failures[kind] += 1
        if self.failures[kind] <= self.SHOWN:
            print(f"FAILED  {kind}: {wrong}")
            print(f"        again: {' '.join(sys.argv)} (seed {self.options.seed})", flush=True)

    def add(self, other: "Tally") -> None:
        """What another process has counted."""
        self.tried += other.tried
        self.failures += other.failures
        for kind, notes in other.notes.items():
            self.notes[kind] += notes

    def skip(self, what: str, why: str) -> None:
        print(f"SKIP  {what}: {why}")
        self.skipped += 1

    def finish(self) -> int:
        for kind, tried in self.tried.items():
            notes = ", ".join(f"{count} {note}" for note, count in self.notes[kind].items() if note)
            print(
                f"{kind}: {tried} tried, {self.failures[kind]} failed{'; ' if notes else ''}{notes}"
            )
        failed = sum(1 for kind in self.tried if self.failures[kind])
        print(f"{len(self.tried) - failed} passed, {failed} failed, {self.skipped} skipped")
        return 1 if failed else 0


class Run:
    """The options of a script, its random numbers, its scratch directory and its tally."""

    def __init__(self, description: str):
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("--full", action="store_true", help="everything: minutes, not seconds")
        parser.add_argument("--seed", type=int, default=None)
        parser.add_argument("program")
        self.options = parser.parse_args()
        if self.options.seed is None:
            self.options.seed = random.randrange(1 << 32) if self.options.full else 1
        self.full = self.options.full
        self.random = random.Random(self.options.seed)
        self.program = os.path.abspath(self.options.program)
        self.counts = b"__gcov_" in read(self.program)
        if self.counts:  # which is written at the end of a process, where the sandbox forbids it
            ENVIRONMENT["REVCHAIN_SANDBOX"] = "off"
        self.tally = Tally(self.options)
        self.scratch = ""
        self.server = ""

    def serve(self) -> None:
        """From here on the plain runs are by order_server, where it is built: in a third of the time."""
        path = os.path.join(os.path.dirname(self.program), "tests", "oracle", "order_server")
        if os.path.exists(path) and not self.counts:
            self.server = path

    def __enter__(self) -> "Run":
        print(f"seed {self.options.seed}", flush=True)
        self.scratch = os.path.realpath(tempfile.mkdtemp(prefix="revchain-faults."))
        return self

    def __exit__(self, *_) -> None:
        shutil.rmtree(self.scratch, ignore_errors=True)

    def revchain(
        self,
        directory: str,
        *arguments: str,
        before: list[str] | None = None,
        environment: dict[str, str] | None = None,
    ) -> Ended:
        """`before`: a command that starts the program."""
        if self.server and not before and not environment:
            status, output, errors = ask(self.server, [directory, self.program, *arguments])
            return Ended(
                128 - status if status > 128 else status, output, errors.decode(errors="replace")
            )
        try:
            done = subprocess.run(
                [*(before or []), self.program, *arguments],
                cwd=directory,
                env={**ENVIRONMENT, **(environment or {})},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Ended(124, b"", f"did not end within {SECONDS} s\n")
        return Ended(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
