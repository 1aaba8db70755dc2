"""The limit: how long it takes to inflate the commits of the first-parent line, and nothing else.

Whatever walks that line has to get at the parent of each commit, and in a pack that means inflating
it (where there is no commit-graph file). So the very bytes of these commits are taken out of the
pack beforehand (and of what they are deltas of, each once), and only zlib is timed on them, in this
process: no look-up in an index, no parsing, no trees, no start of a program. It is the zlib that
libgit2 uses too; the call from Python adds some tenths of a microsecond a commit. Nothing built on
that zlib gets below it; a faster inflate would.
"""

import bisect
import mmap
import os
import subprocess
import time
import zlib
from collections.abc import Iterable
from typing import NamedTuple

OID = 20  # bytes of a name
OFFSET_DELTA, NAME_DELTA = 6, 7  # types of entries of a pack: gitformat-pack(5)


def mapped(path: str) -> mmap.mmap:
    with open(path, "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class Pack:
    """A pack by its index of version 2: gitformat-pack(5)."""

    def __init__(self, path: str):
        self.data = mapped(path)
        self.index = mapped(path.removesuffix(".pack") + ".idx")
        self.count = self.word(8 + 255 * 4)
        self.names = 8 + 256 * 4
        self.offsets = self.names + self.count * (OID + 4)

    def word(self, at: int, size: int = 4) -> int:
        return int.from_bytes(self.index[at : at + size], "big")

    def name(self, place: int) -> bytes:
        at = self.names + place * OID
        return self.index[at : at + OID]

    def find(self, name: bytes) -> int | None:
        """Where its entry is."""
        place = bisect.bisect_left(range(self.count), name, key=self.name)
        if place == self.count or self.name(place) != name:
            return None
        offset = self.word(self.offsets + place * 4)
        if offset >> 31:
            large = self.offsets + self.count * 4
            offset = self.word(large + (offset & 0x7FFFFFFF) * 8, 8)
        return offset

    def compressed(self, offset: int) -> tuple[int, int | bytes | None]:
        """Where the deflated bytes of an entry start, and what it is a delta of."""
        at, byte = offset + 1, self.data[offset]
        kind = byte >> 4 & 7
        while byte & 0x80:
            byte = self.data[at]
            at += 1
        if kind == NAME_DELTA:
            return at + OID, self.data[at : at + OID]
        if kind != OFFSET_DELTA:
            return at, None
        back = -1
        while True:
            byte = self.data[at]
            at += 1
            back = back + 1 << 7 | byte & 0x7F
            if not byte & 0x80:
                return at, offset - back


class Deflated(NamedTuple):
    data: bytes
    size: int  # inflated


def deflated(data: bytes) -> Deflated:
    """One stream, what follows it cut off."""
    inflater = zlib.decompressobj()
    size = len(inflater.decompress(data))
    return Deflated(data[: len(data) - len(inflater.unused_data)], size)


def git(directory: str, *arguments: str) -> str:
    command = ["git", "-C", directory, *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.strip()


class Commits:
    """The deflated bytes of the commits of a first-parent line, from HEAD to `oldest`, which is the
    last one that has to be looked at, and its parent, to see that it is."""

    def __init__(self, directory: str, oldest: str):
        line = git(directory, "rev-list", "--first-parent", "HEAD").split()
        self.names = line[: line.index(oldest) + 2]
        objects = git(directory, "rev-parse", "--path-format=absolute", "--git-path", "objects")
        self.objects = objects
        folder = os.path.join(objects, "pack")
        found = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        self.packs = [Pack(os.path.join(folder, name)) for name in found if name.endswith(".pack")]
        self.streams: dict[tuple[int, int] | str, Deflated] = {}
        for name in self.names:
            self.take(bytes.fromhex(name))

    def take(self, name: bytes) -> None:
        for number, pack in enumerate(self.packs):
            offset = pack.find(name)
            if offset is not None:
                return self.take_entry(number, offset)
        path = os.path.join(self.objects, name.hex()[:2], name.hex()[2:])
        with open(path, "rb") as file:
            self.streams[name.hex()] = deflated(file.read())
        return None

    def take_entry(self, number: int, offset: int) -> None:
        pack = self.packs[number]
        while (number, offset) not in self.streams:
            start, base = pack.compressed(offset)
            longest = 1 << 16
            stream = deflated(pack.data[start : start + longest])
            while len(stream.data) == longest:  # a longer one
                longest *= 4
                stream = deflated(pack.data[start : start + longest])
            self.streams[number, offset] = stream
            if base is None:
                return
            if isinstance(base, bytes):
                base = pack.find(base)
            offset = base

    def seconds(self) -> float:
        streams: Iterable[Deflated] = list(self.streams.values())
        decompress = zlib.decompress
        started = time.perf_counter()
        for data, size in streams:
            decompress(data, zlib.MAX_WBITS, size)
        return time.perf_counter() - started
