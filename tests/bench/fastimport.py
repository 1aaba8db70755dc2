"""A bare repository made commit by commit, by one `git fast-import`."""

import os
import subprocess
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

AUTHOR = "A Developer <developer@example.org>"


class Tree(NamedTuple):
    """A directory as another commit has it."""

    id: str


# What a commit changes against its first parent: a blob's mark, a whole directory, or None: removed.
Changes = Mapping[str, "int | Tree | None"]


class Importer:
    """Commits and blobs are known by their marks, which only grow."""

    def __init__(self, directory: str):
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", directory], check=True)
        answers, writing = os.pipe()
        options = ["--quiet", "--force", "--done", f"--cat-blob-fd={writing}"]
        self.process = subprocess.Popen(
            ["git", "-C", directory, "-c", "fastimport.unpackLimit=1", "fast-import", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[writing],
        )
        os.close(writing)
        self.answers = os.fdopen(answers, "rb")
        self.marks = 0
        self.commits = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind, *_) -> None:
        if kind is None:
            self.write("done\n")
        self.process.stdin.close()
        self.answers.close()
        if self.process.wait() != 0 and kind is None:
            raise SystemExit(f"git fast-import: exit status {self.process.returncode}")

    def write(self, text: str) -> None:
        self.process.stdin.write(text.encode())

    def blob(self, text: str) -> int:
        self.marks += 1
        self.write(f"blob\nmark :{self.marks}\ndata {len(text.encode())}\n{text}\n")
        return self.marks

    def commit(
        self,
        branch: str,
        parents: Iterable[int],
        changes: Changes,
        time: int,
        message: str = "",
    ) -> int:
        self.marks += 1
        self.commits += 1
        parts = [f"commit refs/heads/{branch}\nmark :{self.marks}\n"]
        parts.append(f"committer {AUTHOR} {time} +0000\ndata {len(message.encode())}\n{message}\n")
        for position, parent in enumerate(parents):
            parts.append(f"{'merge' if position else 'from'} :{parent}\n")
        for path, entry in changes.items():
            if entry is None:
                parts.append(f"D {path}\n")
            elif isinstance(entry, Tree):
                parts.append(f"M 040000 {entry.id} {path}\n")
            else:
                parts.append(f"M 100644 :{entry} {path}\n")
        self.write("".join(parts) + "\n")
        return self.marks

    def tree(self, commit: int, path: str) -> Tree:
        """A directory of a commit, to be put into another one."""
        self.write(f"ls :{commit} {path}\n")
        self.process.stdin.flush()
        return Tree(self.answers.readline().split()[2].decode())

    def drop(self, branch: str) -> None:
        """A branch that was needed on the way alone."""
        self.write(f"reset refs/heads/{branch}\nfrom {'0' * 40}\n\n")
