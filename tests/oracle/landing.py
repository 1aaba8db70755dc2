#!/usr/bin/python3
"""Landing order, worked out slowly and straight from its definition.

This is the second opinion on the order that revchain computes: it asks git's command line for
objects, CPython's own parser for what a migration declares, and shares no code with the program.
It follows DESIGN.md, "Landing order"; the points that the definition leaves to the reader are
settled where they occur, marked "settled:".

The two orders of git are here too: `--order=date` and `--order=topo` run `git log` itself.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable
from typing import NamedTuple, Self

from declared import Declared, scan

Path = bytes
Files = dict[Path, Path]  # the path at REV, which names the file in every answer -> its path here

# A repository is read as it was committed, and no one's configuration has a say in it.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_NO_REPLACE_OBJECTS": "1",
    "LC_ALL": "C",
}


class Commit(NamedTuple):
    tree: str
    parents: tuple[str, ...]
    time: int  # the committer's, in seconds
    zone: str  # as git writes it: +0130


class Landed(NamedTuple):
    path: Path
    commit: str | None  # on the first-parent line of REV; None: not committed


class Repository:
    """Objects by `git cat-file --batch`, each read once."""

    def __init__(self, directory: str):
        self.directory = directory
        self.process = subprocess.Popen(
            ["git", "-C", directory, "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=ENVIRONMENT,
        )
        self.objects: dict[str, tuple[str, bytes]] = {}  # read ahead, by id
        self.resolved: dict[str, str] = {}  # names to commits; no ref moves meanwhile
        self.commits: dict[str, Commit] = {}
        self.trees: dict[str, dict[bytes, tuple[int, str]]] = {}
        self.scans: dict[str, Declared] = {}
        self.vanished_files: dict[tuple[str, str], list[tuple[Path, str]]] = {}

    def close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def git(self, *arguments) -> bytes:
        command = ["git", "--literal-pathspecs", "-C", self.directory, *arguments]
        return subprocess.run(command, env=ENVIRONMENT, check=True, stdout=subprocess.PIPE).stdout

    def read_ahead(self) -> None:
        """Every object that the repository has, in one go: for small ones that are asked for much."""
        output = self.git("cat-file", "--batch-all-objects", "--unordered", "--buffer", "--batch")
        at = 0
        while at < len(output):
            end = output.index(b"\n", at)
            name, kind, size = output[at:end].decode().split()
            at = end + 1 + int(size)
            self.objects[name] = (kind, output[end + 1 : at])
            at += 1

    def read(self, name: str) -> tuple[str, str, bytes]:
        if name in self.objects:
            return name, *self.objects[name]
        self.process.stdin.write(name.encode() + b"\n")
        self.process.stdin.flush()
        header = self.process.stdout.readline().decode().split()
        if len(header) != 3:
            raise LookupError(f"{self.directory}: {' '.join(header)}")
        data = self.process.stdout.read(int(header[2]))
        self.process.stdout.read(1)
        return header[0], header[1], data

    def resolve(self, rev: str) -> str:
        if rev in self.objects:
            return rev
        if rev not in self.resolved:
            self.resolved[rev] = self.read(rev + "^{commit}")[0]
        return self.resolved[rev]

    def commit(self, name: str) -> Commit:
        if name not in self.commits:
            header = self.read(name)[2].split(b"\n\n", 1)[0].decode("utf-8", "replace")
            lines = [line.split(" ", 1) for line in header.split("\n") if " " in line]
            committer = next(rest for key, rest in lines if key == "committer").split(" ")
            self.commits[name] = Commit(
                next(rest for key, rest in lines if key == "tree"),
                tuple(rest for key, rest in lines if key == "parent"),
                int(committer[-2]),
                committer[-1],
            )
        return self.commits[name]

    def tree(self, name: str) -> dict[bytes, tuple[int, str]]:
        if name not in self.trees:
            data, entries, at = self.read(name)[2], {}, 0
            while at < len(data):
                space, nul = data.index(b" ", at), data.index(b"\0", at)
                mode = int(data[at:space], 8)
                entries[data[space + 1 : nul]] = (mode, data[nul + 1 : nul + 21].hex())
                at = nul + 21
            self.trees[name] = entries
        return self.trees[name]

    def tree_of(self, commit: str) -> str:
        return self.commit(commit).tree

    def entry(self, tree: str, path: Path) -> tuple[int, str] | None:
        found = (0o040000, tree)
        for name in path.split(b"/") if path else []:
            if not is_tree(found[0]):
                return None
            found = self.tree(found[1]).get(name)
            if found is None:
                return None
        return found

    def blob(self, tree: str, path: Path) -> str | None:
        """The file at a path: a blob or a symbolic link, no directory and no submodule."""
        found = self.entry(tree, path)
        return found[1] if found and is_file(found[0]) else None

    def files_below(self, tree: str, directory: Path, recursive: bool) -> list[Path]:
        found = self.entry(tree, directory)
        if not found or not is_tree(found[0]):
            return []
        paths = []
        for name, (mode, _) in self.tree(found[1]).items():
            path = directory + b"/" + name if directory else name
            if is_file(mode):
                paths.append(path)
            elif is_tree(mode) and recursive:
                paths += self.files_below(tree, path, True)
        return paths

    def vanished(self, before: str, after: str) -> list[tuple[Path, str]]:
        """The `.py` files that the first tree has and the second has not, anywhere, and their blobs."""
        key = (before, after)
        if key not in self.vanished_files:
            self.vanished_files[key] = list(self.compare(before, after, b""))
        return self.vanished_files[key]

    def compare(self, before: str, after: str | None, prefix: Path):
        if before == after:
            return
        others = self.tree(after) if after else {}
        for name, (mode, oid) in self.tree(before).items():
            other_mode, other_oid = others.get(name, (0, ""))
            if is_tree(mode):
                other = other_oid if is_tree(other_mode) else None
                yield from self.compare(oid, other, prefix + name + b"/")
            elif is_file(mode) and not is_file(other_mode) and name.endswith(b".py"):
                yield prefix + name, oid

    def declared(self, blob: str) -> Declared:
        if blob not in self.scans:
            self.scans[blob] = scan(self.read(blob)[2])
        return self.scans[blob]


def is_tree(mode: int) -> bool:
    return mode & 0o170000 == 0o040000


def is_file(mode: int) -> bool:
    return mode & 0o170000 in (0o100000, 0o120000)


def is_migration(path: Path) -> bool:
    """Alembic's (?!\\.\\#|__init__)(.*\\.py)$, in which the dot matches no newline."""
    name = path.rsplit(b"/", 1)[-1]
    return name.endswith(b".py") and not name.startswith((b"__init__", b".#")) and b"\n" not in name


# The order ----------------------------------------------------------------------------------------


def trace(repo: Repository, commit: str, parent: str, path: Path) -> Path | None:
    """Where a file of the commit was in one of its parents: there or, by rule 2, elsewhere."""
    after, before = repo.tree_of(commit), repo.tree_of(parent)
    if repo.blob(before, path):
        return path
    revision = repo.declared(repo.blob(after, path)).revision
    if revision is None:
        return None
    candidates = [
        (old.rsplit(b"/", 1)[-1] != path.rsplit(b"/", 1)[-1], old)
        for old, blob in repo.vanished(before, after)
        if repo.declared(blob).revision == revision
    ]
    # settled: of several, one of the same name, then the smallest path.
    return min(candidates)[1] if candidates else None


class Order:
    """The landing order for one lane, or for several taken together."""

    def __init__(self, repo: Repository, lanes: list[Path], recursive: bool):
        self.repo = repo
        self.lanes = lanes
        self.recursive = recursive
        self.ambiguous = False  # two files were found to go back to one path: copies of one id

    def of_lanes(self, rev: str) -> list[Landed]:
        return self.of(rev, migrations(self.repo, rev, self.lanes, self.recursive))

    def of(self, rev: str, paths: Iterable[Path]) -> list[Landed]:
        return self.at(self.repo.resolve(rev), {path: path for path in paths})

    def at(self, commit: str, files: Files) -> list[Landed]:
        """Rules 1 and 3: walk the first-parent line, oldest landing first."""
        groups: list[tuple[str, Files]] = []
        while files:
            parents = self.repo.commit(commit).parents
            if not parents:
                groups.append((commit, files))
                break
            if self.repo.tree_of(commit) != self.repo.tree_of(parents[0]):
                older, landed = self.split(commit, parents[0], files)
                if landed:
                    groups.append((commit, landed))
                files = older
            commit = parents[0]
        return [
            Landed(path, landing)
            for landing, group in reversed(groups)
            for path in self.tied(landing, group)
        ]

    def split(self, commit: str, parent: str, files: Files) -> tuple[Files, Files]:
        """Those that the parent has, under their paths there, and the others.

        settled: of files that go back to one path (copies of a moved one) that comes first which had
        the first path when they went apart: they are kept in that order from here on.
        """
        old, new = {}, {}
        for file, path in sorted(files.items(), key=lambda item: item[1]):
            before = trace(self.repo, commit, parent, path)
            if before is None:
                new[file] = path
            else:
                old[file] = before
        return old, new

    def tied(self, commit: str, files: Files) -> list[Path]:
        """Rule 4: what the merged parents have, parent by parent, then the rest."""
        result: list[Path] = []
        for parent in self.repo.commit(commit).parents[1:]:
            merged, files = self.split(commit, parent, files)
            result += [landed.path for landed in self.at(parent, merged)]
        return result + (self.arrange(commit, files) if files else [])

    def arrange(self, commit: str, files: Files) -> list[Path]:
        """The end of rule 4, judged among all that landed there, whatever became of it since."""
        tree = self.repo.tree_of(commit)
        arrivals = set(files.values())
        roots = {self.root_then(tree, path) for path in files.values()}
        # settled: where files of several lanes have come together, all lanes of the commit decide.
        merging = len(roots) > 1 and not self.recursive
        for root in [b""] if merging else roots:
            for path in self.repo.files_below(tree, root, self.recursive or merging):
                if is_migration(path) and self.is_arrival(commit, path):
                    arrivals.add(path)
        declared = {path: self.repo.declared(self.repo.blob(tree, path)) for path in arrivals}
        # settled: what declares no revision is no migration, unless it is in question itself.
        for path in arrivals - set(files.values()):
            if declared[path].revision is None:
                del declared[path]
        order = merge_lanes(declared) if merging else sort_together(declared)
        place = {path: number for number, path in enumerate(order)}
        self.ambiguous |= len(set(files.values())) < len(files)
        return sorted(files, key=lambda file: place[files[file]])

    def is_arrival(self, commit: str, path: Path) -> bool:
        parents = self.repo.commit(commit).parents
        return all(trace(self.repo, commit, parent, path) is None for parent in parents)

    def root_then(self, tree: str, path: Path) -> Path:
        """settled: the lane's directory then, by that tree alone: upwards while all are migrations."""
        root = dirname(path)
        while self.recursive and root and self.only_migrations(tree, dirname(root)):
            root = dirname(root)
        return root

    def only_migrations(self, tree: str, directory: Path) -> bool:
        return all(
            self.repo.declared(self.repo.blob(tree, path)).revision is not None
            for path in self.repo.files_below(tree, directory, False)
            if is_migration(path)
        )


def dirname(path: Path) -> Path:
    return path.rpartition(b"/")[0]


def is_below(path: Path, directory: Path) -> bool:
    return not directory or path == directory or path.startswith(directory + b"/")


def sort_keys(declared: dict[Path, Declared]) -> dict[Path, tuple]:
    """Create Date where all have one, then the path."""
    if all(scanned.create_date for scanned in declared.values()):
        return {path: (scanned.create_date, path) for path, scanned in declared.items()}
    return {path: (path,) for path in declared}


def dependencies(declared: dict[Path, Declared]) -> dict[Path, set[Path]]:
    left = sorted(declared, key=sort_keys(declared).get)
    # settled: where copies declare one name, it stands for the first of them, by id before by label.
    giver: dict[str, Path] = {}
    for path in left:
        giver.setdefault(declared[path].revision, path)
    for path in left:
        for label in declared[path].labels:
            giver.setdefault(label, path)
    # settled: what a file says of itself, by its id or by its own label, says nothing of an order.
    return {
        path: {giver[name] for name in scanned.depends_on if name in giver} - {path}
        for path, scanned in declared.items()
    }


def sort_together(declared: dict[Path, Declared]) -> list[Path]:
    """depends_on, then Create Date where all have one, then the path."""
    left = sorted(declared, key=sort_keys(declared).get)
    waits = dependencies(declared)
    result: list[Path] = []
    while left:
        ready = (path for path in left if waits[path] <= set(result))
        # settled: a cycle is entered at its first by date and path, whatever that depends on.
        chosen = next(ready, left[0])
        left.remove(chosen)
        result.append(chosen)
    return result


def merge_lanes(declared: dict[Path, Declared]) -> list[Path]:
    """Each directory in its own order; and of those that are next in theirs the first that waits for
    nothing in another, or, where each does, the first."""
    lanes: dict[Path, dict[Path, Declared]] = {}
    for path, scanned in declared.items():
        lanes.setdefault(dirname(path), {})[path] = scanned
    queues = [sort_together(lane) for lane in lanes.values()]
    keys = sort_keys(declared)
    waits = dependencies(declared)
    result: list[Path] = []
    while any(queues):
        heads = sorted((queue[0] for queue in queues if queue), key=keys.get)
        ready = (
            head
            for head in heads
            if all(path in result for path in waits[head] if dirname(path) != dirname(head))
        )
        chosen = next(ready, heads[0])
        result.append(chosen)
        next(queue for queue in queues if chosen in queue).remove(chosen)
    return result


def migrations(repo: Repository, rev: str, lanes: list[Path], recursive: bool) -> list[Path]:
    tree = repo.tree_of(repo.resolve(rev))
    paths = {path for lane in lanes for path in repo.files_below(tree, lane, recursive)}
    return sorted(path for path in paths if is_migration(path))


def landing_order(repo: Repository, rev: str, lanes: list[Path], recursive: bool) -> list[Landed]:
    """What is in the lanes as of a commit, in the order of landing."""
    return Order(repo, lanes, recursive).of_lanes(rev)


def worktree_order(
    repo: Repository, lanes: list[Path], recursive: bool, contents: dict[Path, bytes]
) -> list[Landed]:
    """The same for the files of a work tree: those that HEAD does not have come last (rule 5)."""
    head = repo.resolve("HEAD")
    tree = repo.tree_of(head)
    paths = sorted(path for path in contents if is_migration(path))
    committed = [path for path in paths if repo.blob(tree, path)]
    others = {path: scan(contents[path]) for path in paths if path not in set(committed)}
    order = Order(repo, lanes, recursive).of(head, committed)
    return order + [Landed(path, None) for path in sort_together(others)]


def git_order(repo: Repository, rev: str, lane: Path, recursive: bool, topo: bool) -> list[Path]:
    """The very command that DESIGN.md names; what it leaves out follows by path."""
    arguments = ["log", "-z", "--reverse", *(["--topo-order"] if topo else [])]
    arguments += ["--diff-filter=A", "--no-renames", "--format=", "--name-only", rev, "--"]
    output = repo.git(*arguments, lane or b".")
    wanted = migrations(repo, rev, [lane], recursive)
    left = set(wanted)
    order = []
    for path in output.split(b"\0"):
        if path in left:
            left.remove(path)
            order.append(path)
    return order + sorted(left)


def quoted(path: Path) -> str:
    """A path as git prints it while core.quotePath is on, its default."""
    short = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}
    if all(32 <= byte < 127 and byte not in short for byte in path):
        return path.decode()
    shown = (
        "\\" + short[byte] if byte in short else chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
        for byte in path
    )
    return '"' + "".join(shown) + '"'


def worktree_contents(top: bytes, lanes: list[Path], recursive: bool) -> dict[Path, bytes]:
    contents = {}
    for lane in lanes:
        for directory, _, names in os.walk(os.path.join(top, lane)):
            for name in names:
                full = os.path.join(directory, name)
                if os.path.isfile(full):
                    with open(full, "rb") as file:
                        contents[os.path.relpath(full, top)] = file.read()
            if not recursive:
                break
    return contents


def main() -> int:
    parser = argparse.ArgumentParser(description="Print migrations in landing order, slowly.")
    parser.add_argument("lane", nargs="+", help="directory, from the repository's root ('.': root)")
    parser.add_argument("-C", dest="directory", default=".", metavar="DIR", help="the repository")
    parser.add_argument("--rev", help="a commit; the default is the work tree on top of HEAD")
    parser.add_argument("--recursive", action="store_true", help="with directories below the lane")
    parser.add_argument("--order", choices=["landing", "date", "topo"], default="landing")
    parser.add_argument("--commits", action="store_true", help="print the landing commit as well")
    options = parser.parse_args()
    sys.setrecursionlimit(100_000)
    lanes = [os.fsencode(os.path.normpath(lane)) for lane in options.lane]
    lanes = [b"" if lane == b"." else lane for lane in lanes]
    with Repository(options.directory) as repo:
        if options.order != "landing":
            if len(lanes) > 1:
                parser.error("git's orders are for one lane")
            topo = options.order == "topo"
            paths = git_order(repo, options.rev or "HEAD", lanes[0], options.recursive, topo)
            order = [Landed(path, None) for path in paths]
        elif options.rev:
            order = landing_order(repo, options.rev, lanes, options.recursive)
        else:
            top = repo.git("rev-parse", "--show-toplevel").rstrip(b"\n")
            contents = worktree_contents(top, lanes, options.recursive)
            order = worktree_order(repo, lanes, options.recursive, contents)
    for landed in order:
        commit = f"{landed.commit or '-':40} " if options.commits else ""
        print(commit + quoted(landed.path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
