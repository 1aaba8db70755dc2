#!/usr/bin/python3
"""Damaged repositories: never a wrong chain, never a hang.

Every loose object in turn is missing, cut, has a byte flipped in its file, has a byte flipped in its
content with the zlib stream made anew so that nothing but its name tells, or is another object. Every
byte of a pack, its index, a multi-pack index and a commit-graph is flipped in turn (without --full: a
few of them), and the files are cut. The program gives the right chain, or ends with 3 and a message,
which names the object where that is known.
"""

import concurrent.futures
import glob
import os
import shutil
import sys
import zlib
from typing import NamedTuple

from support import LANE, Ended, Repository, Run, Tally, make_history, read, write

# What decides the order, from the work tree and from a commit; and what finds merge bases and tags.
COMMANDS = [
    ["build", "-o", "-", LANE],
    ["log", "--rev", "HEAD", "--format=path", LANE],
    ["log", "--order=topo", "--format=path", LANE],
    ["build", "--base", "v1~1", "-o", "-", LANE],
    ["check", "--onto", "feature", "-q", LANE],
]


# What is over the limit is refused by the size that the pack says, without a look at its content.
TOO_LARGE = "the file is larger than 16 MiB, which no migration is"


class Part(NamedTuple):
    """Of several that work side by side, each in repositories of its own: which one."""

    number: int
    count: int


class Damage:
    def __init__(self, run: Run, repository: Repository, part: Part):
        self.run = run
        self.repository = repository
        self.part = part
        self.turn = 0
        self.right = {}
        for number, command in enumerate(COMMANDS):
            self.right[number] = run.revchain(repository.directory, *command)
            if self.right[number].status not in (0, 1):
                raise SystemExit(f"the undamaged one: {self.right[number]}")

    def judge(self, number: int, ended: Ended, name: str | None) -> tuple[str | None, str]:
        command = " ".join(COMMANDS[number])
        if ended == self.right[number]:
            return None, "right"
        if ended.status == 1 and TOO_LARGE in ended.errors and not ended.output:
            return None, "refused for the size that a pack says"
        if ended.status != 3:
            return f"{command}: status {ended.status}: {ended.errors}{ended.output!r}", ""
        if ended.output:
            return f"{command}: refused, and printed {ended.output!r}", ""
        if "revchain: error: " not in ended.errors:
            return f"{command}: no message: {ended.errors}", ""
        if name and name not in ended.errors:
            return f"{command}: {name} is not named: {ended.errors}", ""
        return None, "refused"

    def judge_all(self, kind: str, what: str, name: str | None = None) -> None:
        numbers = list(range(len(COMMANDS)))
        if not self.run.full:
            numbers = [0, self.run.random.choice(numbers[1:])]
        self.turn += 1  # and what is random is the same in each part
        if self.turn % self.part.count != self.part.number:
            return
        for number in numbers:
            ended = self.run.revchain(self.repository.directory, *COMMANDS[number])
            wrong, note = self.judge(number, ended, name)
            self.run.tally.count(kind, wrong and f"{what}: {wrong}", note)

    def some(self, count: int, few: int) -> list[int]:
        if self.run.full or count <= few:
            return list(range(count))
        return sorted(self.run.random.sample(range(count), few))

    def flip(self, data: bytes, at: int) -> bytes:
        byte = data[at] ^ 1 << self.run.random.randrange(8)
        return data[:at] + bytes([byte]) + data[at + 1 :]

    def loose(self) -> None:
        files = sorted(glob.glob(self.repository.path(".git/objects/??/*")))
        for path in files:
            name = os.path.basename(os.path.dirname(path)) + os.path.basename(path)
            data = read(path)
            content = zlib.decompress(data)
            os.chmod(path, 0o644)
            os.unlink(path)
            self.judge_all("missing", name, name)
            for at in self.some(len(data), 2):
                write(path, data[:at])
                self.judge_all("cut", f"{name} to {at} bytes", name)
            for at in self.some(len(data), 2):
                write(path, self.flip(data, at))
                self.judge_all("flipped in its file", f"{name} at {at}", name)
            for at in self.some(len(content), 2):
                write(path, zlib.compress(self.flip(content, at)))
                self.judge_all("flipped in its content", f"{name} at {at}", name)
            for other in files if self.run.full else self.run.random.sample(files, 1):
                if other != path:
                    write(path, read(other))
                    self.judge_all("another object", f"{name} is {other}", name)
            write(path, data)

    def file(self, kind: str, path: str, flips: int, cuts: int) -> None:
        data = read(path)
        os.chmod(path, 0o644)
        for at in self.some(len(data), flips):
            write(path, self.flip(data, at))
            self.judge_all(f"flipped in {kind}", f"at {at}")
        for at in self.some(len(data), cuts)[:: 1 if len(data) < 4096 else 16]:
            write(path, data[:at])
            self.judge_all(f"{kind} cut", f"to {at} bytes")
        write(path, data)

    def offsets(self, path: str) -> None:
        """An index that leads to another object, whole in itself."""
        data = read(path)
        os.chmod(path, 0o644)
        count = int.from_bytes(data[8 + 4 * 255 : 8 + 4 * 256], "big")
        table = 8 + 4 * 256 + 24 * count
        places = [data[table + 4 * i : table + 4 * i + 4] for i in range(count)]
        for i in range(count):
            for other in places if self.run.full else self.run.random.sample(places, 1):
                if other != places[i]:
                    at = table + 4 * i
                    write(path, data[:at] + other + data[at + 4 :])
                    self.judge_all("an index that leads to another object", f"entry {i}")
        write(path, data)


def damage_all(run: Run, part: Part) -> Tally:
    run.serve()
    run.random.seed(run.options.seed)
    scratch = os.path.join(run.scratch, str(part.number))
    repository = make_history(os.path.join(scratch, "loose"))
    Damage(run, repository, part).loose()
    packed = Repository(os.path.join(scratch, "packed"))
    shutil.rmtree(packed.directory)
    shutil.copytree(repository.directory, packed.directory)
    packed.git("repack", "-q", "-a", "-d", "-f", "--depth=50", "--window=50")
    damage = Damage(run, packed, part)
    (pack,) = glob.glob(packed.path(".git/objects/pack/*.pack"))
    index = pack[: -len("pack")] + "idx"
    damage.offsets(index)
    damage.file("a pack", pack, 100, 10)
    damage.file("an index", index, 60, 10)
    packed.git("commit-graph", "write", "--reachable")
    packed.git("multi-pack-index", "write")
    for kind, name in (
        ("a commit-graph", "info/commit-graph"),
        ("a multi-pack index", "pack/multi-pack-index"),
    ):
        damage.file(kind, packed.path(".git/objects", name), 40, 5)
    return run.tally


def main() -> int:
    with Run(__doc__) as run:
        count = len(os.sched_getaffinity(0))
        parts = [Part(number, count) for number in range(count)]
        with concurrent.futures.ProcessPoolExecutor(count) as pool:
            for tally in pool.map(damage_all, [run] * count, parts):
                run.tally.add(tally)
        return run.tally.finish()


if __name__ == "__main__":
    sys.exit(main())
