"""A history as plain data: commits with whole trees, and how git gets to see it.

Random histories, hand-made ones and those that a mismatch was shrunk to are all of this kind. One
`git fast-import` makes a repository of any number of them.
"""

import os
import subprocess
from collections.abc import Iterator
from typing import NamedTuple

import landing
from storage import PLAIN, Storage

Path = bytes


REGULAR, EXECUTABLE, LINK, SUBMODULE = 0o100644, 0o100755, 0o120000, 0o160000


class Migration(NamedTuple):
    """A file, by what an order may depend on; `raw` is the text of one that is no migration."""

    revision: str | None = None
    date: str | None = None
    depends_on: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    note: int = 0  # what an edit changes
    style: int = 0  # how the revision is written
    raw: str | None = None
    mode: int = REGULAR

    def text(self) -> str:
        if self.raw is not None:
            return self.raw
        lines = []
        if self.date is not None:
            lines += ['"""Change', "", f"Create Date: {self.date}", "", '"""']
        if self.revision is not None:
            lines += [
                [f"revision = '{self.revision}'"],
                [f'revision: str = "{self.revision}"'],
                [f"ID = '{self.revision}'", "revision = ID"],
                ["revision = 'x' 'y'", f"revision = ('{self.revision}')  # the last one counts"],
            ][self.style]
            lines += ["down_revision = get_down_revision(revision)"]
        if len(self.depends_on) == 1:
            lines += [f"depends_on = '{self.depends_on[0]}'"]
        elif self.depends_on:
            lines += [f"depends_on = {self.depends_on!r}"]
        if self.labels:
            lines += [f"branch_labels = {self.labels!r}"]
        if self.note:
            lines += [f"# {self.note}"]
        return "\n".join(lines) + "\n"


class Node(NamedTuple):
    """A commit. Its parents are positions in the list of commits, always smaller than its own."""

    parents: tuple[int, ...]
    files: dict[Path, Migration]
    time: int
    zone: str = "+0000"
    author_time: int | None = None


class History(NamedTuple):
    nodes: list[Node]  # the last one is REV
    lane: Path
    recursive: bool
    worktree: dict[Path, Migration] | None = None  # the lane as it is on disk; None: as in REV


def reachable(history: History) -> History:
    """The same without the commits that REV does not see."""
    seen = {len(history.nodes) - 1}
    for number in range(len(history.nodes) - 1, -1, -1):
        if number in seen:
            seen.update(history.nodes[number].parents)
    place = {old: new for new, old in enumerate(sorted(seen))}
    nodes = [
        history.nodes[old]._replace(parents=tuple(place[p] for p in history.nodes[old].parents))
        for old in sorted(seen)
    ]
    return history._replace(nodes=nodes)


def stream(history: History, ref: str, first_mark: int = 1, older: bool = False) -> Iterator[str]:
    """The input of `git fast-import`, commit by commit, each against its first parent; with `older`
    there is a ref in the middle of them."""
    for number, node in enumerate(history.nodes):
        if not node.parents:
            yield f"reset {ref}\n\n"
        author = node.time if node.author_time is None else node.author_time
        yield f"commit {ref}\nmark :{first_mark + number}\n"
        yield f"author a <a@b.c> {author} {node.zone}\ncommitter a <a@b.c> {node.time} {node.zone}\n"
        message = f"{number}\n"
        yield f"data <<E\n{message}E\n"
        before: dict[Path, Migration] = {}
        for position, parent in enumerate(node.parents):
            yield f"{'merge' if position else 'from'} :{first_mark + parent}\n"
        if node.parents:
            before = history.nodes[node.parents[0]].files
        for path in sorted(before):
            if path not in node.files:
                yield f"D {landing.quoted(path)}\n"
        for path, file in sorted(node.files.items()):
            if before.get(path) != file:
                yield f"M {file.mode:o} {entry(path, file)}\n"
        yield "\n"
    if older:
        half = first_mark + (len(history.nodes) - 1) // 2
        yield f"reset refs/older/{os.path.basename(ref)}\nfrom :{half}\n\n"


def entry(path: Path, file: Migration) -> str:
    if file.mode == SUBMODULE:
        return f"{'1' * 40} {landing.quoted(path)}"
    if file.mode == LINK:
        return f"inline {landing.quoted(path)}\ndata {len(file.text())}\n{file.text()}"
    return f"inline {landing.quoted(path)}\ndata <<E\n{file.text()}E"


def make_repository(
    directory: str,
    histories: dict[str, History],
    bare: bool = True,
    storage: Storage = PLAIN,
) -> None:
    """A repository with one branch a history, under the keys as names; HEAD is the first."""
    git_dir = directory if bare else os.path.join(directory, ".git")
    for name in ("objects", "refs"):
        os.makedirs(os.path.join(git_dir, name))
    with open(os.path.join(git_dir, "HEAD"), "w", encoding="ascii") as head:
        head.write(f"ref: refs/heads/{next(iter(histories))}\n")
    with open(os.path.join(git_dir, "config"), "w", encoding="ascii") as config:
        config.write(f"[core]\n\trepositoryformatversion = 0\n\tbare = {str(bare).lower()}\n")
        config.write(f"[fastimport]\n\tunpackLimit = {storage.unpack_limit()}\n")
    parts, mark = [], 1
    for name, history in histories.items():
        parts += stream(history, f"refs/heads/{name}", mark, storage.needs_older())
        mark += len(history.nodes)
    environment = {**landing.ENVIRONMENT, "GIT_DIR": git_dir}
    subprocess.run(
        ["git", "fast-import", "--quiet", "--force"],
        input="".join(parts).encode(),
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    if storage.commands():
        shell = ["sh", "-e", "-c", "\n".join(storage.commands())]
        subprocess.run(shell, env=environment, check=True, stderr=subprocess.DEVNULL)


def write_worktree(directory: str, history: History) -> None:
    for path, file in history.worktree.items():
        full = os.path.join(os.fsencode(directory), path)
        if file.mode == SUBMODULE:
            os.makedirs(full)
            continue
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as out:
            out.write(file.text().encode())


def commands(history: History, storage: Storage = PLAIN) -> str:
    """Shell commands that make the repository from nothing, for a bug report."""
    lines = [
        "git init -q -b main case && cd case",
        f"git config fastimport.unpackLimit {storage.unpack_limit()}",
        "git fast-import --quiet <<'END'",
        "".join(stream(history, "refs/heads/main", older=storage.needs_older())).rstrip("\n"),
        "END",
        *storage.commands(),
    ]
    for path, file in sorted((history.worktree or {}).items()):
        name = "'" + os.fsdecode(path).replace("'", "'\\''") + "'"
        lines += [f"mkdir -p \"$(dirname {name})\" && cat >{name} <<'E'", file.text() + "E"]
    return "\n".join(lines)
