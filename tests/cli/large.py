"""Repositories that are large in one way, written as one pack: git itself would take minutes.

large.py lane COUNT       a commit on main with COUNT dynamic migrations
large.py octopus COUNT    a merge on main with COUNT parents, each a root of its own with one dynamic migration
large.py terabyte         HEAD's tree goes into a pack that says that it has a terabyte
"""

import hashlib
import os
import struct
import subprocess
import sys
import zlib

COMMIT, TREE, BLOB = 1, 2, 3
NAMES = {COMMIT: b"commit", TREE: b"tree", BLOB: b"blob"}
PERSON = b"A <a@b> 1704067200 +0000"


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
        size = len(content)
        head = bytearray([kind << 4 | size & 15])
        size >>= 4
        while size:
            head[-1] |= 128
            head.append(size & 127)
            size >>= 7
        self.write(bytes(head) + zlib.compress(content, 1))
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


def terabyte() -> None:
    name = subprocess.check_output(["git", "rev-parse", "HEAD^{tree}"], text=True).strip()
    content = subprocess.check_output(["git", "cat-file", "tree", name])
    head = bytearray([TREE << 4 | 128] + [128] * 5 + [1 << 1])
    pack = struct.pack(">4sII", b"PACK", 2, 1) + bytes(head) + zlib.compress(content)
    pack += hashlib.sha1(pack).digest()
    first = int(name[:2], 16)
    index = b"\377tOc" + struct.pack(">I", 2)
    index += struct.pack(">256I", *(int(number >= first) for number in range(256)))
    index += bytes.fromhex(name) + struct.pack(">II", 0, 12) + pack[-20:]
    index += hashlib.sha1(index).digest()
    for data, suffix in ((pack, "pack"), (index, "idx")):
        with open(f".git/objects/pack/pack-{'0' * 40}.{suffix}", "wb") as file:
            file.write(data)
    os.remove(f".git/objects/{name[:2]}/{name[2:]}")


def main() -> None:
    if sys.argv[1] == "terabyte":
        terabyte()
        return
    make = {"lane": lane, "octopus": octopus}[sys.argv[1]]
    head = make(int(sys.argv[2]))
    subprocess.run(["git", "update-ref", "refs/heads/main", head.hex()], check=True)


if __name__ == "__main__":
    main()
