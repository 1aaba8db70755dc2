"""Repositories that are large in one way, written as one pack: git itself would take minutes.

large.py lane COUNT       a commit on main with COUNT dynamic migrations
large.py octopus COUNT    a merge on main with COUNT parents, each a root of its own with one dynamic migration
large.py claim SIZE OBJECT [DELTA]
                          OBJECT goes into a pack that says that it has SIZE bytes, and DELTA as a difference to it
"""

import hashlib
import os
import struct
import subprocess
import sys
import zlib

COMMIT, TREE, BLOB, REF_DELTA = 1, 2, 3, 7
NAMES = {COMMIT: b"commit", TREE: b"tree", BLOB: b"blob"}
KINDS = {name: kind for kind, name in NAMES.items()}
PERSON = b"A <a@b> 1704067200 +0000"


def entry_head(kind: int, size: int) -> bytes:
    head = bytearray([kind << 4 | size & 15])
    size >>= 4
    while size:
        head[-1] |= 128
        head.append(size & 127)
        size >>= 7
    return bytes(head)


class Pack:
    """Given to `git index-pack`, which makes the index."""

    def __init__(self, count: int):
        command = ["git", "index-pack", "--stdin"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.hash = hashlib.sha1()
        self.write(struct.pack(">4sII", b"PACK", 2, count))

    def write(self, data: bytes) -> None:
        self.hash.update(data)
        self.process.stdin.write(data)

    def add(self, kind: int, content: bytes) -> bytes:
        """The id of the object, raw."""
        self.write(entry_head(kind, len(content)) + zlib.compress(content, 1))
        return hashlib.sha1(b"%s %d\0%s" % (NAMES[kind], len(content), content)).digest()

    def finish(self) -> None:
        self.process.stdin.write(self.hash.digest())
        self.process.stdin.close()
        if self.process.wait():
            sys.exit("git index-pack failed")


def commit(tree: bytes, parents: list[bytes], message: bytes) -> bytes:
    lines = [b"tree " + tree.hex().encode()]
    lines += [b"parent " + parent.hex().encode() for parent in parents]
    return b"\n".join([*lines, b"author " + PERSON, b"committer " + PERSON, b"", message])


def migration(pack: Pack, number: int) -> bytes:
    """The entry of a tree."""
    text = b'revision = "%07x"\ndown_revision = get_down_revision(revision)\n' % number
    return b"100644 %07x.py\0%s" % (number, pack.add(BLOB, text))


def lane_tree(pack: Pack, entries: list[bytes]) -> bytes:
    tree = pack.add(TREE, b"".join(entries))
    for name in (b"versions", b"db"):
        tree = pack.add(TREE, b"40000 %s\0%s" % (name, tree))
    return tree


def lane(count: int) -> bytes:
    pack = Pack(count + 4)
    tree = lane_tree(pack, [migration(pack, number) for number in range(count)])
    head = pack.add(COMMIT, commit(tree, [], b"many\n"))
    pack.finish()
    return head


def octopus(count: int) -> bytes:
    pack = Pack(5 * count + 4)
    entries = [migration(pack, number) for number in range(count)]
    trees = [lane_tree(pack, [entry]) for entry in entries]
    parents = [pack.add(COMMIT, commit(tree, [], b"one\n")) for tree in trees]
    head = pack.add(COMMIT, commit(lane_tree(pack, entries), parents, b"octopus\n"))
    pack.finish()
    return head


def git(*arguments: str) -> bytes:
    return subprocess.check_output(["git", *arguments]).strip()


def read(name: str) -> tuple[int, bytes]:
    kind = git("cat-file", "-t", name)
    return KINDS[kind], subprocess.check_output(["git", "cat-file", kind.decode(), name])


def varint(number: int) -> bytes:
    more = bytearray()
    while number > 127:
        more.append(number & 127 | 128)
        number >>= 7
    return bytes([*more, number])


def delta_entry(base: str, base_size: int, content: bytes) -> bytes:
    """All of it is new: what the base has does not count."""
    delta = varint(base_size) + varint(len(content))
    for start in range(0, len(content), 127):
        piece = content[start : start + 127]
        delta += bytes([len(piece)]) + piece
    return entry_head(REF_DELTA, len(delta)) + bytes.fromhex(base) + zlib.compress(delta)


def claim(size: int, base: str, *deltas: str) -> None:
    """git index-pack would not make this index."""
    kind, content = read(base)
    entries = {base: entry_head(kind, size) + zlib.compress(content)}
    for name in deltas:
        entries[name] = delta_entry(base, size, read(name)[1])
    pack = struct.pack(">4sII", b"PACK", 2, len(entries))
    offsets = {}
    for name, entry in entries.items():
        offsets[name] = len(pack)
        pack += entry
    pack += hashlib.sha1(pack).digest()
    names = sorted(entries)
    index = b"\377tOc" + struct.pack(">I", 2)
    for first in range(256):
        index += struct.pack(">I", sum(int(name[:2], 16) <= first for name in names))
    index += b"".join(bytes.fromhex(name) for name in names)
    index += bytes(4 * len(names))  # checksums, which readers do not ask for
    index += b"".join(struct.pack(">I", offsets[name]) for name in names)
    index += pack[-20:]
    index += hashlib.sha1(index).digest()
    for data, suffix in ((pack, "pack"), (index, "idx")):
        with open(f".git/objects/pack/pack-{'0' * 40}.{suffix}", "wb") as file:
            file.write(data)
    for name in names:
        os.remove(f".git/objects/{name[:2]}/{name[2:]}")


def main() -> None:
    if sys.argv[1] == "claim":
        claim(int(sys.argv[2]), *(git("rev-parse", name).decode() for name in sys.argv[3:]))
        return
    make = {"lane": lane, "octopus": octopus}[sys.argv[1]]
    head = make(int(sys.argv[2]))
    subprocess.run(["git", "update-ref", "refs/heads/main", head.hex()], check=True)


if __name__ == "__main__":
    main()
