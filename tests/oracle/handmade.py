"""A history made by hand, commit by commit, and the order that it should give."""

import os
from collections.abc import Callable, Sequence

import landing
from history import History, Migration, Node
from storage import PLAIN, Storage

LANE = "v"
START = 1_700_000_000

Changes = dict[str, Migration | None]
NOTHING: Changes = {}


class Scenario:
    """Builds a history commit by commit; the last commit is REV."""

    def __init__(self):
        self.nodes: list[Node] = []
        self.recursive = False
        self.lane = LANE
        self.worktree: dict[bytes, Migration] | None = None
        self.storage = PLAIN

    def commit(self, parents: Sequence[int], changes: Changes = NOTHING, time: int = -1) -> int:
        """Changes are against the first parent; None removes a file."""
        files = dict(self.nodes[parents[0]].files) if parents else {}
        for path, file in changes.items():
            files.pop(os.fsencode(path), None)
            if file is not None:
                files[os.fsencode(path)] = file
        when = START + 60 * len(self.nodes) if time < 0 else time
        self.nodes.append(Node(tuple(parents), files, when))
        return len(self.nodes) - 1

    def merge(self, *parents: int, changes: Changes = NOTHING) -> int:
        """Everything that any parent has, and changes of the merge's own."""
        number = self.commit(parents)
        for parent in parents[1:]:
            for path, file in self.nodes[parent].files.items():
                self.nodes[number].files.setdefault(path, file)
        for path, file in changes.items():
            self.nodes[number].files.pop(path.encode(), None)
            if file is not None:
                self.nodes[number].files[path.encode()] = file
        return number

    def history(self) -> History:
        return History(self.nodes, os.fsencode(self.lane), self.recursive, self.worktree)


def new(*names: str, **more) -> Changes:
    """Migrations v/NAME.py whose revision id is the name."""
    return {f"v/{name}.py": Migration(name, **more) for name in names}


def gone(*names: str) -> Changes:
    return {f"v/{name}.py": None for name in names}


# Builds a history and returns the paths in order: in one string with `v/` and `.py` left off, or as a
# list, whole and quoted as git does.
Make = Callable[[Scenario], str | list[str]]


def build(make: Make) -> tuple[Scenario, list[str]]:
    """The history, and the paths in order."""
    built = Scenario()
    order = make(built)
    if isinstance(order, str):
        order = [full_path(short) for short in order.split()]
    return built, order


def full_path(short: str) -> str:
    return short[1:] + ".py" if short.startswith("/") else f"{LANE}/{short}.py"


def source(name: str, made: History, storage: Storage, order: Sequence[bytes]) -> str:
    """A history as a scenario of scenarios.py, to be kept. Time zones and authors are left out."""
    lines = ["@scenario", f"def {name}(s):"]
    if made.lane != LANE.encode():
        lines.append(f"    s.lane = {os.fsdecode(made.lane)!r}")
    if made.recursive:
        lines.append("    s.recursive = True")
    if storage != PLAIN:
        lines.append(f"    s.storage = {storage!r}")
    for number, node in enumerate(made.nodes):
        before = made.nodes[node.parents[0]].files if node.parents else {}
        paths = sorted({*before, *node.files})
        changes = ", ".join(
            f"{os.fsdecode(path)!r}: {literal(node.files.get(path))}"
            for path in paths
            if before.get(path) != node.files.get(path)
        )
        when = "" if node.time == START + 60 * number else f", time={node.time}"
        lines.append(f"    s.commit({list(node.parents)}, {{{changes}}}{when})")
    if made.worktree is not None:
        files = ", ".join(f"{path!r}: {literal(made.worktree[path])}" for path in made.worktree)
        lines.append(f"    s.worktree = {{{files}}}")
    lines.append(f"    return {[landing.quoted(path) for path in order]!r}")
    return "\n".join(lines)


def literal(file: Migration | None) -> str:
    """What makes it, defaults left out."""
    if file is None:
        return "None"
    plain = Migration()
    fields = [
        f"{name}={value!r}"
        for name, value in file._asdict().items()
        if value != getattr(plain, name)
    ]
    return f"Migration({', '.join(fields)})"
