#!/usr/bin/python3
"""Make a synthetic history: a bare repository of any size, the same for the same arguments.

    tests/bench/synthetic.py [--commits N] [--migrations N] [--seed N] SHAPE DIRECTORY

The shapes:

project  A project as they are: three commits in ten of the main line are merges, of branches with one
         to twelve commits that left it up to sixty commits before; a tenth of these merged main on
         the way. Dates run forward, but not strictly. Migrations arrive all along, by branches and
         directly, the first half static, the others dynamic; a few are edited, renamed, or (dynamic
         ones) reverted and landed again.
ladder   Two lines that merge each other again and again; no merge is like either of its parents, so
         that git's orders cannot leave out either. It is merged into main at its end: everything
         lands at one merge.
nested   A branch that merged a branch that merged a branch … A merge of merges, as deep as there are
         commits (two a level).
wide     One merge lands all migrations: half of them come in one commit, where each depends on
         another one, the others by ones and twos.
evil     A branch has all migrations, in its oldest commits. Main merges it again and again, each time
         taking two of them and dropping the others, and now and then it deletes two that it has, and
         takes them back with the next merge. So for each pair the branch has to be walked to its root.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections import deque
from typing import NamedTuple

from fastimport import Importer

VERSION = 1  # to be raised where the same arguments give another history
LANE = "app/db/migrations/versions"
START = 1_400_000_000
TEXT = """add all and api application before branch button cache call change check class column commit
config data database default delete error field file fix for form from function handle if in index into is
key line list load log make message method migration model module name new not of on option order page path
query read remove request return row run script server set settings show state status table task test that
the this time to type update use user value version view when with work write"""
WORDS = TEXT.split()


class Maker:
    """What all shapes need."""

    def __init__(self, importer: Importer, commits: int, migrations: int, seed: int):
        self.importer = importer
        self.wanted = commits
        self.migrations = migrations
        self.random = random.Random(seed)
        self.clock = START
        self.made = 0  # migrations
        self.last = ""  # the revision that was made last
        sentences = [" ".join(self.random.choices(WORDS, k=12)) for _ in range(512)]
        self.paragraphs = ["\n".join(self.random.choices(sentences, k=3)) for _ in range(512)]

    def tick(self) -> int:
        self.clock += self.random.randrange(1, 3000)
        return self.clock

    def message(self) -> str:
        """About as long as they are, and no easier to compress."""
        text = "\n\n".join(self.random.choices(self.paragraphs, k=2))
        return f"{text}\n\nChange-Id: I{self.random.getrandbits(160):040x}\n"

    def migration(self, static: bool = False, depends_on: str = "") -> tuple[str, int]:
        """A new one: its path, and its blob."""
        revision = f"{self.random.getrandbits(48):012x}"
        slug = "_".join(self.random.choices(WORDS, k=3))
        parent = repr(self.last or None) if static else "get_down_revision(revision)"
        lines = [
            f'"""{slug.replace("_", " ")}',
            "",
            f"Revision ID: {revision}",
            f"Create Date: {1990 + self.made % 40}-01-01 00:00:00",
            "",
            '"""',
            "",
            "from alembic import op",
            *([] if static else ["from revchain import get_down_revision"]),
            "",
            f'revision = "{revision}"',
            f"down_revision = {parent}",
            f"depends_on = {depends_on or None!r}",
            "",
            "",
            "def upgrade():",
            f'    op.add_column("{slug}", None)',
            "",
        ]
        self.made += 1
        self.last = revision
        return f"{LANE}/{revision}_{slug}.py", self.importer.blob("\n".join(lines))

    def source(self) -> dict[str, int]:
        """A change to some file that is no migration."""
        number = self.random.randrange(40 * 25)
        text = f"# {self.random.getrandbits(64):x}\n"
        return {f"app/package{number // 25}/module{number % 25}.py": self.importer.blob(text)}

    def commit(self, branch: str, *parents: int, **more) -> int:
        changes = more.get("changes")
        return self.importer.commit(
            branch,
            parents,
            self.source() if changes is None else changes,
            self.tick(),
            self.message(),
        )


class Step(NamedTuple):
    """A commit of main, and what it changed."""

    mark: int
    time: int
    changes: dict[str, int | None]


class Project(Maker):
    def make(self) -> None:
        self.line: deque[Step] = deque(maxlen=64)
        self.files: deque[tuple[str, int, bool]] = deque(maxlen=50)  # of late: path, blob, static
        self.reverted: list[tuple[str, int]] = []
        self.advance({**self.source(), **self.due()})
        while self.importer.commits < self.wanted:
            if self.random.random() < 0.3 and len(self.line) > 1:
                self.merge()
            elif self.random.random() < 0.01:
                self.advance(self.upkeep())
            else:
                self.advance({**self.source(), **self.due()})
        self.importer.drop("side")

    def advance(self, changes: dict[str, int | None], *merged: int) -> None:
        """The next commit of main."""
        parents = [self.line[-1].mark] if self.line else []
        time = self.tick()
        args = ("main", [*parents, *merged], changes, time, self.message())
        self.line.append(Step(self.importer.commit(*args), time, changes))

    def due(self) -> dict[str, int | None]:
        """The migrations that should be there by now, one or, rarely, several."""
        changes: dict[str, int | None] = {}
        wanted = self.migrations * self.importer.commits // self.wanted + 1
        behind = min(wanted, self.migrations) - self.made
        for _ in range(min(behind, self.random.choice([1, 1, 1, 1, 3]))):
            static = self.made < self.migrations // 2
            path, blob = self.migration(static)
            changes[path] = blob
            self.files.append((path, blob, static))
        return changes

    def upkeep(self) -> dict[str, int | None]:
        """An edit, a rename, a revert, or the revert of a revert."""
        if self.reverted:
            return dict([self.reverted.pop()])
        if not self.files:
            return self.source()
        path, blob, static = self.files.pop()
        kind = self.random.random()
        if kind < 0.4:
            return {path: None, path.replace(".py", "_renamed.py"): blob}
        if kind < 0.6 and not static:
            self.reverted.append((path, blob))
            return {path: None}
        return self.source()

    def merge(self) -> None:
        """A branch, and main's merge of it."""
        age = min(len(self.line) - 1, int(self.random.expovariate(0.1)) + 1)
        fork = self.line[-1 - age]
        since = list(self.line)[-age:]
        tip, changes, now = fork.mark, {}, self.clock
        length = min(12, int(self.random.expovariate(0.4)) + 1)
        times = [self.random.randrange(fork.time, now + 1) for _ in range(length)]
        if self.random.random() < 0.95:
            times.sort()
        lands = self.random.randrange(length)
        updates = self.random.randrange(length) if self.random.random() < 0.1 else -1
        for number, time in enumerate(times):
            here = {**self.source(), **(self.due() if number == lands else {})}
            changes.update(here)
            tip = self.importer.commit("side", [tip], here, time, self.message())
            if number == updates:
                theirs = {path: blob for step in since for path, blob in step.changes.items()}
                parents = [tip, self.line[-1].mark]
                tip = self.importer.commit(
                    "side", parents, {**theirs, **changes}, now, self.message()
                )
        self.advance(changes, tip)


class Ladder(Maker):
    def make(self) -> None:
        root = self.commit("main")
        notes = [self.importer.blob(f"{number}\n") for number in range(4)]
        left, right = (self.commit(name, root) for name in ("left", "right"))
        rungs = self.wanted // 2
        for rung in range(rungs):
            added: dict[str, int] = {}
            while self.made < self.migrations * (rung + 1) // rungs:
                added.update([self.migration()])
            if added:
                right = self.commit("right", right, changes=added)
            note = f"{LANE}/notes.txt"
            parents, added = (left, right), {**added, note: notes[rung % 2]}
            left = self.commit("left", *parents, changes=added)
            right = self.commit("right", right, left, changes={note: notes[2 + rung % 2]})
        end = self.importer.tree(right, LANE)
        self.commit("main", self.commit("main", root), right, changes={LANE: end})
        self.importer.drop("left")
        self.importer.drop("right")


class Nested(Maker):
    def make(self) -> None:
        root = self.commit("main")
        levels = self.wanted // 2
        inner = self.commit("side", root, changes=dict([self.migration(), self.migration()]))
        for level in range(levels):
            added = dict(
                self.migration() for _ in range(self.made, self.migrations * (level + 1) // levels)
            )
            below = self.importer.tree(inner, LANE)
            outer = self.commit("side", root, changes=added or None)
            inner = self.commit("side", outer, inner, changes={LANE: below, **added})
        end = self.importer.tree(inner, LANE)
        self.commit("main", self.commit("main", root), inner, changes={LANE: end})
        self.importer.drop("side")


class Wide(Maker):
    def make(self) -> None:
        root = self.commit("main")
        together = dict([self.migration()])
        while self.made < self.migrations // 2:
            together.update([self.migration(depends_on=self.last)])
        side = self.commit("side", root, changes=together)
        left, first = max(1, self.wanted), self.made
        for number in range(left):
            added: dict[str, int] = {}
            while self.made < first + (self.migrations - first) * (number + 1) // left:
                added.update([self.migration()])
            side = self.commit("side", side, changes=added or None)
        end = self.importer.tree(side, LANE)
        self.commit("main", self.commit("main", root), side, changes={LANE: end})
        self.importer.drop("side")


class Evil(Maker):
    def make(self) -> None:
        main = side = self.commit("main")
        files: list[tuple[str, int]] = []
        while self.made < self.migrations:
            files.append(self.migration())
            side = self.commit("side", side, changes=dict(files[-1:]))
        pairs = [dict(files[start : start + 2]) for start in range(0, len(files), 2)]
        self.random.shuffle(pairs)
        each = max(1, (self.wanted - len(files)) // len(pairs))
        back: dict[str, int] = {}
        for number, pair in enumerate(pairs):
            for _ in range(each):
                side = self.commit("side", side)
            main = self.commit("main", main, side, changes={**pair, **back})
            back = {}
            if number % 8 == 7:
                back = self.random.choice(pairs[:number])
                main = self.commit("main", main, changes=dict.fromkeys(back))
        if back:
            self.commit("main", main, side, changes=back)
        self.importer.drop("side")


class Shape(NamedTuple):
    maker: type[Maker]
    commits: int  # about so many
    migrations: int
    small: tuple[int, int]  # commits and migrations of a history that a slow oracle can judge


SHAPES = {
    "project": Shape(Project, 100_000, 500, (300, 40)),
    "ladder": Shape(Ladder, 100_000, 1_000, (60, 12)),
    "nested": Shape(Nested, 20_000, 1_000, (24, 9)),
    "wide": Shape(Wide, 1_000, 10_000, (20, 40)),
    "evil": Shape(Evil, 20_000, 400, (80, 24)),
}


def make(directory: str, name: str, commits: int = 0, migrations: int = 0, seed: int = 1) -> None:
    """0: as many as the shape has by default. Packed as a clone is."""
    shape = SHAPES[name]
    with Importer(directory) as importer:
        given = (commits or shape.commits, migrations or shape.migrations)
        shape.maker(importer, *given, seed).make()
    subprocess.run(["git", "-C", directory, "repack", "-q", "-a", "-d"], check=True)


def cached(cache: str, name: str, commits: int = 0, migrations: int = 0, seed: int = 1) -> str:
    """The directory of a history that is made once."""
    shape = SHAPES[name]
    commits, migrations = commits or shape.commits, migrations or shape.migrations
    directory = os.path.join(cache, f"{name}-{commits}-{migrations}-{seed}-v{VERSION}")
    if not os.path.isdir(directory):
        os.makedirs(cache, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            made = os.path.join(scratch, "made")
            make(made, name, commits, migrations, seed)
            os.rename(made, directory)
    return directory


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shape", metavar="SHAPE", choices=SHAPES, help=", ".join(SHAPES))
    parser.add_argument("directory", metavar="DIRECTORY", help="of the repository to be made")
    parser.add_argument("--commits", type=int, default=0, metavar="N", help="about so many")
    parser.add_argument("--migrations", type=int, default=0, metavar="N", help="about so many")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="(%(default)s)")
    options = parser.parse_args()
    if os.path.exists(options.directory):
        parser.error(f"{options.directory} is there already")
    make(options.directory, options.shape, options.commits, options.migrations, options.seed)
    print(f"the lane is {LANE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
