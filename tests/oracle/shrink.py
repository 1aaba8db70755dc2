"""Make a history that shows a mismatch as small as it gets."""

from collections.abc import Callable, Iterator

import history
from history import REGULAR, History, Migration, Node, Path

START = 1_700_000_000

Judge = Callable[[History], bool]


def shrink(failing: History, still_fails: Judge, tries: int = 4000) -> History:
    """Greedy: take every smaller history that still fails, until none does or the tries are over."""
    found = True
    while found:
        found = False
        for candidate in candidates(failing):
            if tries == 0:
                return failing
            tries -= 1
            if weight(candidate) < weight(failing) and still_fails(candidate):
                failing, found = candidate, True
                break
    return failing


def weight(made: History) -> tuple[int, int, int, int]:
    """What is smaller: fewer commits, fewer parents, fewer changes, plainer files and clocks."""
    changes = 0
    plain = int(made.recursive)
    for number, node in enumerate(made.nodes):
        before = made.nodes[node.parents[0]].files if node.parents else {}
        changes += sum(before.get(path) != file for path, file in node.files.items())
        changes += sum(path not in node.files for path in before)
        plain += (node.time != START + 60 * number) + (node.zone != "+0000")
        plain += node.author_time is not None
        plain += sum(ornaments(file) for file in node.files.values())
    if made.worktree is not None:
        changes += 1 + len(made.worktree)
        plain += sum(ornaments(file) for file in made.worktree.values())
    return len(made.nodes), sum(len(node.parents) for node in made.nodes), changes, plain


def ornaments(file: Migration) -> int:
    simple = [file.date is None, not file.depends_on, not file.labels, file.note == 0]
    return 5 - sum(simple) - (file.style == 0) + (file.raw is not None) + (file.mode != REGULAR)


def candidates(made: History) -> Iterator[History]:
    nodes = made.nodes
    for last in range(1, len(nodes)):  # an earlier REV
        yield rebuilt(made, nodes[:last])
    if made.worktree is not None:
        yield made._replace(worktree=None)
    for number in range(len(nodes) - 2, -1, -1):
        for keep in (1, len(nodes[number].parents)):
            yield rebuilt(made, without_node(nodes, number, keep))
    for number, node in enumerate(nodes):
        for position in range(len(node.parents) if len(node.parents) > 1 else 0):
            parents = node.parents[:position] + node.parents[position + 1 :]
            yield rebuilt(made, replaced(nodes, number, node._replace(parents=parents)))
    paths = sorted({path for node in nodes for path in node.files} | set(made.worktree or {}))
    for path in paths:
        yield everywhere(made, lambda at, file, path=path: None if at == path else file)
    yield from fewer_changes(made)
    yield from plainer(made, paths)


def fewer_changes(made: History) -> Iterator[History]:
    for number, node in enumerate(made.nodes):
        before = made.nodes[node.parents[0]].files if node.parents else {}
        yield rebuilt(made, replaced(made.nodes, number, node._replace(files=dict(before))))
        for path in sorted({*before, *node.files}):
            if before.get(path) != node.files.get(path):
                files = {**node.files, path: before.get(path)}
                files = {at: file for at, file in files.items() if file is not None}
                yield rebuilt(made, replaced(made.nodes, number, node._replace(files=files)))
    for path in sorted(made.worktree or {}):
        files = {at: file for at, file in made.worktree.items() if at != path}
        yield made._replace(worktree=files)


def plainer(made: History, paths: list[Path]) -> Iterator[History]:
    yield made._replace(recursive=False)
    plain = [
        node._replace(time=START + 60 * number, zone="+0000", author_time=None)
        for number, node in enumerate(made.nodes)
    ]
    yield made._replace(nodes=plain)
    utc = [node._replace(zone="+0000", author_time=None) for node in made.nodes]
    yield made._replace(nodes=utc)
    for number, node in enumerate(plain):
        yield made._replace(nodes=replaced(made.nodes, number, node))
    for change in (
        {"date": None},
        {"depends_on": ()},
        {"labels": ()},
        {"note": 0},
        {"style": 0},
        {"mode": REGULAR},
    ):
        yield everywhere(made, lambda at, file, change=change: file._replace(**change))
        for path in paths:
            yield everywhere(
                made,
                lambda at, file, change=change, path=path: (
                    file._replace(**change) if at == path else file
                ),
            )


def everywhere(made: History, change: Callable[[Path, Migration], Migration | None]) -> History:
    def changed(files: dict[Path, Migration]) -> dict[Path, Migration]:
        pairs = ((path, change(path, file)) for path, file in files.items())
        return {path: file for path, file in pairs if file is not None}

    nodes = [node._replace(files=changed(node.files)) for node in made.nodes]
    worktree = None if made.worktree is None else changed(made.worktree)
    return made._replace(nodes=nodes, worktree=worktree)


def replaced(nodes: list[Node], number: int, node: Node) -> list[Node]:
    return [*nodes[:number], node, *nodes[number + 1 :]]


def rebuilt(made: History, nodes: list[Node]) -> History:
    return history.reachable(made._replace(nodes=nodes))


def without_node(nodes: list[Node], number: int, keep: int) -> list[Node]:
    """Its children get the first so many of its parents instead."""
    heirs = nodes[number].parents[:keep]
    result = []
    for node in nodes[:number] + nodes[number + 1 :]:
        parents: list[int] = []
        for parent in node.parents:
            for heir in heirs if parent == number else (parent,):
                heir -= heir > number
                if heir not in parents:
                    parents.append(heir)
        result.append(node._replace(parents=tuple(parents)))
    return result
