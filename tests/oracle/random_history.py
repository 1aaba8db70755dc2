#!/usr/bin/python3
"""Random histories of projects with migrations, each made from its seed alone.

They are weighted towards what makes an order hard: merges of every shape (criss-cross, octopus,
ladders, "Update branch", foxtrot, unrelated roots, evil ones), clocks that stand still or run
backwards, reverts and re-adds, renames, moves of the whole directory and back, copies elsewhere in
the tree, edits that change an id, squashed commits with and without dates and dependencies.
"""

import argparse
import os
import random
import sys
from collections.abc import Callable

import history
from history import EXECUTABLE, REGULAR, SUBMODULE, History, Migration, Node, Path

Tree = dict[Path, Migration]

LANES = [b"migrations/versions", b"alembic/versions", b"back end/db/versions", b"versions"]
INNER = [b"2023", b"2024", b"2024/q1", b"expand"]
SLUGS = ["init", "users", "add_index", "drop", "teams", "fix"]
ODD_SLUGS = ['quote"d', "tab\there", "back\\slash", "sp ace", "\u00fcml\u00e4ut"]
DATES = [
    "2024-01-01 00:00:00",
    "2024-01-01T01:00:00+01:00",  # the same instant as the one before
    "2024-01-01 00:00:00.000001",
    "2023-12-31 23:59",
    "2024-06-30 12:00:00.500000",
    "2022-02-28 08:15:30Z",
    "2022-02-28 03:15:30-05:00",
    "2024-01-01 00:30:00 +01:00",
]
START = 1_700_000_000


class Maker:
    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.nodes: list[Node] = []
        self.ancestors: list[set[int]] = []
        self.heads: list[int] = []  # the first is the main branch
        self.size = int(self.random.triangular(3, 60, 8))
        self.clock = self.random.choice(["forward", "equal", "coarse", "jitter", "back", "wild"])
        self.dated = self.random.choice([0.0, 0.5, 0.9, 1.0, 1.0])
        self.odd = self.random.random() < 0.1
        self.inner = self.random.random() < 0.4
        self.moves = self.random.random() < 0.4
        self.lane = self.random.choice(LANES)
        self.known: list[str] = []  # every revision id ever made
        self.labels: list[str] = []

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def new_id(self) -> str:
        return f"{self.random.randrange(0x10000):04x}"

    # Commits ---------------------------------------------------------------------------------------

    def time(self) -> int:
        number = len(self.nodes)
        return (
            START
            + {
                "forward": 60 * number,
                "equal": 0,
                "coarse": number // 4,
                "jitter": 60 * number + self.random.randrange(-300, 300),
                "back": -60 * number,
                "wild": self.random.randrange(0, 5),
            }[self.clock]
        )

    def commit(self, parents: tuple[int, ...], tree: Tree) -> int:
        number = len(self.nodes)
        zone = self.random.choice(["+0000", "+0200", "-0730"])
        author = START + self.random.randrange(-1000, 1000)
        self.nodes.append(Node(parents, tree, self.time(), zone, author))
        self.ancestors.append({number}.union(*(self.ancestors[parent] for parent in parents)))
        return number

    def tree(self, number: int) -> Tree:
        return dict(self.nodes[number].files)

    def advance(self, branch: int, changes: int | None = None) -> None:
        """One ordinary commit on a branch."""
        tree = self.tree(self.heads[branch])
        for _ in range(changes or self.random.choice([1, 1, 1, 2, 3])):
            self.change(tree)
        self.heads[branch] = self.commit((self.heads[branch],), tree)

    # Changes to a tree -----------------------------------------------------------------------------

    def change(self, tree: Tree) -> None:
        kinds: list[tuple[int, Callable[[Tree], None]]] = [
            (10, self.add),
            (3, self.squash),
            (2, self.edit),
            (2, self.delete),
            (3, self.bring_back),
            (3, self.rename),
            (2, self.touch_other),
            (1, self.change_id),
            (1, self.copy),
            (1, self.swap),
            (1, self.add_plain),
            (1, self.change_mode),
            (2 if self.moves else 0, self.move_directory),
            (2 if self.moves else 0, self.move_file),
        ]
        weights = [weight for weight, _ in kinds]
        self.random.choices([kind for _, kind in kinds], weights)[0](tree)

    def new_name(self, revision: str | None) -> bytes:
        slug = self.random.choice(ODD_SLUGS if self.odd and self.chance(0.4) else SLUGS)
        if self.odd and self.chance(0.1):
            return b"\xff\xfe" + slug.encode() + b".py"
        if revision is None or self.chance(0.1):
            return slug.encode() + b".py"
        return f"{revision}_{slug}.py".encode()

    def directory(self, tree: Tree) -> Path:
        """Where most of the migrations are now, or below it."""
        counts: dict[Path, int] = {self.lane: 0}
        for path in sorted(tree):
            for lane in LANES:
                if path.startswith(lane + b"/"):
                    counts[lane] = counts.get(lane, 0) + 1
        lane = max(counts, key=lambda name: (counts[name], name))
        if self.inner and self.chance(0.5):
            return lane + b"/" + self.random.choice(INNER)
        return lane

    def add(self, tree: Tree, directory: Path | None = None) -> None:
        revision = self.new_id()
        depends_on: tuple[str, ...] = ()
        if self.known and self.chance(0.2):
            names = self.known[-6:] + self.labels[-2:]
            depends_on = tuple(self.random.choices(names, k=self.random.choice([1, 1, 2])))
        labels: tuple[str, ...] = ()
        if self.chance(0.08):
            labels = (f"label{len(self.labels)}",)
            self.labels += labels
        date = self.random.choice(DATES) if self.chance(self.dated) else None
        if date and self.chance(0.04):
            date = "2024-13-01 00:00:00"
        style = self.random.choice([0, 0, 0, 1, 2, 3])
        file = Migration(revision, date, depends_on, labels, 0, style)
        self.known.append(revision)
        path = (directory or self.directory(tree)) + b"/" + self.new_name(revision)
        tree[path] = file

    def squash(self, tree: Tree) -> None:
        """Several at once, that may depend on each other in any direction."""
        directory = self.directory(tree)
        before = set(tree)
        for _ in range(self.random.randrange(2, 7)):
            self.add(tree, directory if self.chance(0.8) else None)
        if self.chance(0.4):
            added = sorted(set(tree) - before)
            path = self.random.choice(added or sorted(tree))
            other = self.random.choice(added or sorted(tree))
            if tree[other].revision:
                tree[path] = tree[path]._replace(depends_on=(tree[other].revision,))

    def pick(self, tree: Tree) -> Path | None:
        paths = sorted(path for path in tree if tree[path].raw is None)
        return self.random.choice(paths) if paths else None

    def edit(self, tree: Tree) -> None:
        path = self.pick(tree)
        if path is None:
            return
        file = tree[path]._replace(note=len(self.nodes) + 1)
        if self.chance(0.3):
            file = file._replace(date=self.random.choice([None, *DATES]))
        if self.chance(0.2):
            file = file._replace(depends_on=())
        tree[path] = file

    def change_id(self, tree: Tree) -> None:
        path = self.pick(tree)
        if path is not None:
            revision = self.new_id()
            if self.chance(0.2) and self.known:
                revision = self.random.choice(self.known)
            self.known.append(revision)
            tree[path] = tree[path]._replace(revision=None if self.chance(0.1) else revision)

    def delete(self, tree: Tree) -> None:
        for _ in range(self.random.choice([1, 1, 2])):
            path = self.pick(tree)
            if path is not None:
                del tree[path]

    def bring_back(self, tree: Tree) -> None:
        """A file of some earlier commit, as it was, perhaps elsewhere in history for the first time."""
        if not self.nodes:
            return
        older = self.random.choice(self.nodes).files
        paths = sorted(path for path in older if path not in tree)
        if paths:
            path = self.random.choice(paths)
            self.put(tree, path, older[path])

    def put(self, tree: Tree, path: Path, file: Migration) -> None:
        """No file where another path needs a directory."""
        for other in [other for other in tree if other.startswith(path + b"/")]:
            del tree[other]
        tree[path] = file

    def rename(self, tree: Tree) -> None:
        path = self.pick(tree)
        if path is None:
            return
        file = tree.pop(path)
        if self.chance(0.4):
            file = file._replace(note=len(self.nodes) + 1)
        if self.chance(0.1):
            file = file._replace(revision=self.new_id())
        self.put(tree, path.rsplit(b"/", 1)[0] + b"/" + self.new_name(file.revision), file)
        if self.chance(0.1):  # and a copy under yet another name
            self.put(tree, path.rsplit(b"/", 1)[0] + b"/" + self.new_name(file.revision), file)

    def move_file(self, tree: Tree) -> None:
        path = self.pick(tree)
        if path is None:
            return
        file = tree.pop(path)
        base = self.random.choice([self.directory(tree), b"attic", self.random.choice(LANES)])
        self.put(tree, base + b"/" + path.rsplit(b"/", 1)[-1], file)

    def move_directory(self, tree: Tree) -> None:
        path = self.pick(tree)
        if path is None:
            return
        source = next((lane for lane in LANES if path.startswith(lane + b"/")), None)
        if source is None or (self.inner and self.chance(0.4)):
            source = path.rsplit(b"/", 1)[0]
        target = self.random.choice(LANES)
        if self.inner and self.chance(0.4):
            target += b"/" + self.random.choice(INNER)
        if target.startswith(source + b"/") or source == target:
            return
        for old in sorted(tree):
            if old.startswith(source + b"/") and not self.chance(0.03):
                file = tree.pop(old)
                if self.chance(0.1):
                    file = file._replace(note=len(self.nodes) + 1)
                self.put(tree, target + old[len(source) :], file)

    def copy(self, tree: Tree) -> None:
        """The same name, and often the same id, elsewhere: another service of a monorepo."""
        path = self.pick(tree)
        if path is None:
            return
        base = self.random.choice([b"attic", b"other/versions", self.directory(tree)])
        file = tree[path]
        if self.chance(0.4):
            file = file._replace(revision=self.new_id())
        self.put(tree, base + b"/" + path.rsplit(b"/", 1)[-1], file)

    def swap(self, tree: Tree) -> None:
        one, other = self.pick(tree), self.pick(tree)
        if one is not None and other is not None:
            tree[one], tree[other] = tree[other], tree[one]

    def add_plain(self, tree: Tree) -> None:
        """Files that are no migrations, or cannot be told which."""
        name, raw = self.random.choice(
            [
                (b"__init__.py", ""),
                (b"__init__old.py", "revision = 'aaaa'\n"),
                (b".#lock.py", "revision = 'aaaa'\n"),
                (b"notes.txt", "text\n"),
                (b"empty.py", ""),
                (b"call.py", "revision = make()\n"),
                (b"inside.py", "if True:\n    revision = 'aaaa'\n"),
                (b"local.py", "def f():\n    revision = 'aaaa'\n"),
            ]
        )
        self.put(tree, self.directory(tree) + b"/" + name, Migration(raw=raw))

    def change_mode(self, tree: Tree) -> None:
        """An executable bit set or taken, or a submodule of a migration's name."""
        path = self.pick(tree)
        if path is None:
            return
        mode = REGULAR if tree[path].mode != REGULAR else EXECUTABLE
        tree[path] = tree[path]._replace(mode=mode)
        if self.chance(0.3):
            tree[path] = Migration(raw="", mode=SUBMODULE)

    def touch_other(self, tree: Tree) -> None:
        self.put(tree, b"src/app.py", Migration(raw=f"# {len(self.nodes)}\n"))

    # Merges ----------------------------------------------------------------------------------------

    def merged_tree(self, ours: int, theirs: int) -> Tree:
        """A three-way merge, file by file; a conflict goes to either side."""
        common = self.ancestors[ours] & self.ancestors[theirs]
        base = self.nodes[max(common)].files if common else {}
        mine, other = self.nodes[ours].files, self.nodes[theirs].files
        tree: Tree = {}
        for path in sorted({*mine, *other}):
            old, left, right = base.get(path), mine.get(path), other.get(path)
            if left in (old, right):
                chosen = right
            elif right == old:
                chosen = left
            else:
                chosen = self.random.choice([left, right])
            if chosen is not None:
                self.put(tree, path, chosen)
        return tree

    def merge(self, branch: int, others: list[int], swapped: bool = False) -> None:
        """Merge the tips of other branches into a branch; swapped: as a foxtrot merge does."""
        parents = [self.heads[branch]]
        tree = self.tree(parents[0])
        for other in others:
            tip = self.heads[other]
            if all(tip not in self.ancestors[parent] for parent in parents) or self.chance(0.05):
                if tip in parents:
                    continue
                tree = self.combine(parents, tip, tree)
                parents.append(tip)
        if len(parents) == 1:
            return self.advance(branch)
        kind = self.random.random()
        if kind < 0.06:
            tree = self.tree(parents[0])  # -s ours
        elif kind < 0.10:
            tree = self.tree(parents[1])
        elif kind < 0.25:
            self.change(tree)  # an evil merge
        if swapped:
            parents.reverse()
        self.heads[branch] = self.commit(tuple(parents), tree)
        return None

    def combine(self, parents: list[int], tip: int, tree: Tree) -> Tree:
        if len(parents) == 1:
            return self.merged_tree(parents[0], tip)
        for path, file in sorted(self.nodes[tip].files.items()):
            if path not in tree and not any(path in self.nodes[p].files for p in parents):
                self.put(tree, path, file)
        return tree

    # Shapes ----------------------------------------------------------------------------------------

    def other_branch(self, branch: int) -> int:
        """Another branch, made where there is none."""
        others = [number for number in range(len(self.heads)) if number != branch]
        if not others or self.chance(0.3):
            near = self.random.choice(
                [self.heads[branch], self.random.choice(range(len(self.nodes)))]
            )
            self.heads.append(near)
            self.advance(len(self.heads) - 1)
            return len(self.heads) - 1
        return self.random.choice(others)

    def update_branch(self) -> None:
        """A branch that merges main, once or more, before main merges it."""
        other = self.other_branch(0)
        for _ in range(self.random.choice([1, 1, 2, 3])):
            self.advance(0)
            if self.chance(0.7):
                self.advance(other)
            self.merge(other, [0])
        if self.chance(0.5):
            self.advance(other)
        if self.chance(0.5):
            self.advance(0)
        self.merge(0, [other])

    def ladder(self) -> None:
        other = self.other_branch(0)
        for _ in range(self.random.randrange(2, 6)):
            self.advance(other)
            self.merge(0, [other])
            if self.chance(0.8):
                self.advance(0)
            self.merge(other, [0])

    def criss_cross(self) -> None:
        other = self.other_branch(0)
        self.advance(0)
        self.advance(other)
        one, two = self.heads[0], self.heads[other]
        if one in self.ancestors[two] or two in self.ancestors[one]:
            return
        left = self.commit((one, two), self.merged_tree(one, two))
        right = self.commit((two, one), self.merged_tree(two, one))
        self.heads[0], self.heads[other] = left, right
        self.advance(self.random.choice([0, other]))
        self.merge(0, [other])

    def foxtrot(self) -> None:
        other = self.other_branch(0)
        self.advance(other)
        self.merge(0, [other], swapped=True)

    def octopus(self) -> None:
        others = list({self.other_branch(0) for _ in range(self.random.randrange(2, 5))})
        for other in others:
            if self.chance(0.5):
                self.advance(other)
        self.merge(0, others)

    def new_root(self) -> None:
        tree: Tree = {}
        for _ in range(self.random.choice([1, 1, 2])):
            self.change(tree)
        self.heads.append(self.commit((), tree))

    def squash_merge(self) -> None:
        """The changes of a branch as one commit, or some of its files as a cherry-pick."""
        other = self.other_branch(0)
        tree = self.merged_tree(self.heads[0], self.heads[other])
        if self.chance(0.3):
            tree = self.tree(self.heads[0])
            theirs = self.nodes[self.heads[other]].files
            new = sorted(path for path in theirs if path not in tree)
            if new:
                path = self.random.choice(new)
                self.put(tree, path, theirs[path])
        self.heads[0] = self.commit((self.heads[0],), tree)

    def step(self) -> None:
        branch = self.random.choice([0, 0, 0, *range(len(self.heads))])
        kind = self.random.choices(range(9), [12, 6, 3, 1, 1, 1, 1, 1, 1])[0]
        if kind == 0:
            self.advance(branch)
        elif kind == 1:
            self.merge(branch, [self.other_branch(branch)])
        elif kind == 2:
            self.update_branch()
        else:
            shapes = [self.ladder, self.criss_cross, self.foxtrot, self.octopus]
            shapes += [self.new_root, self.squash_merge]
            shapes[kind - 3]()

    def finish(self) -> History:
        if len(self.heads) > 1 and self.chance(0.6):
            others = [number for number in range(1, len(self.heads))]
            if self.chance(0.3):
                self.merge(0, others[-4:])
            else:
                for other in others[-3:]:
                    self.merge(0, [other])
        tip = self.heads[0] if self.chance(0.85) else self.random.choice(self.heads)
        tree = self.tree(tip)
        if len([path for path in tree if tree[path].raw is None]) < 2:
            self.squash(tree)
            tip = self.commit((tip,), tree)
        nodes = self.nodes[: tip + 1]
        directory = self.pick(tree).rsplit(b"/", 1)[0]
        lane = self.directory(tree)
        if not any(path.startswith(lane + b"/") for path in tree) or self.chance(0.1):
            lane = directory
        recursive = self.chance(0.5)
        if not recursive and not any(path.rsplit(b"/", 1)[0] == lane for path in tree):
            lane = directory
        if recursive and self.chance(0.1):
            lane = lane.rpartition(b"/")[0] or lane
        worktree = self.worktree(tree, lane) if self.chance(0.15) else None
        return history.reachable(History(nodes, lane, recursive, worktree))

    def worktree(self, tree: Tree, lane: Path) -> Tree:
        files = dict(tree)
        for _ in range(self.random.randrange(0, 5)):
            self.change(files)
        if self.chance(0.5):
            self.add(files, lane)
        return {path: file for path, file in files.items() if path.startswith(lane + b"/")}


def make(seed: int) -> History:
    maker = Maker(seed)
    maker.new_root()
    while len(maker.nodes) < maker.size:
        maker.step()
    return maker.finish()


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the repository of one random history.")
    parser.add_argument("seed", type=int, help="decides everything")
    parser.add_argument("directory", nargs="?", help="where to make it; else commands are printed")
    options = parser.parse_args()
    made = make(options.seed)
    if options.directory:
        history.make_repository(options.directory, {"main": made}, made.worktree is None)
        if made.worktree is not None:
            history.write_worktree(options.directory, made)
    else:
        print(history.commands(made))
    recursive = " --recursive" if made.recursive else ""
    print(f"# lane: {os.fsdecode(made.lane)}{recursive}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
