#!/usr/bin/python3
"""Files that are cut short, or whose disk fails, below a mapping: that is a signal, not an error.

A pack, its index, a multi-pack index and a commit-graph are cut at each place where a page ends, as
soon as they are mapped, in the sandbox and without. With --full also on a disk that gives EIO: a
file system on a loop device whose checksums do not fit (as root, with btrfs). The program gives the
right result, or ends with 3 and a message that names the file where that is what it stumbled over;
the chain file is the old one or the right one, and no temporary file is left.
"""

import glob
import os
import re
import shutil
import subprocess
import sys

from support import FILE, LANE, Ended, Repository, Run, make_history, read, write

OLD = b'{"old": null}\n'
PAGE = os.sysconf("SC_PAGESIZE")
COMMANDS = [["build", LANE], ["log", "--order=topo", LANE], ["check", "--onto", "feature", LANE]]
CUT_SHORT = "the file was cut short, or its disk failed, while it was read"


def make_packed(run: Run) -> Repository:
    """One in which each of the files has several pages, with what is read behind the first."""
    repository = make_history(os.path.join(run.scratch, "repository"))
    for number in range(400):
        repository.write(f"notes/{number}.txt", run.random.randbytes(60).hex())
    repository.commit()
    repository.git("tag", "-f", "-a", "-m", "a tag", "v1")
    repository.git("repack", "-q", "-a", "-d", "-f")
    repository.git("commit-graph", "write", "--reachable")
    repository.git("multi-pack-index", "write")
    return repository


class Mapped:
    def __init__(self, run: Run, repository: Repository):
        self.run = run
        self.repository = repository
        self.shim = os.path.join(os.path.dirname(run.program), "tests", "faults", "mapping.so")

    def start(self, command: list[str], environment: dict[str, str] | None = None) -> Ended:
        write(self.repository.path(FILE), OLD)
        return self.run.revchain(self.repository.directory, *command, environment=environment)

    def is_in_front(self) -> bool:
        """Whether the shim is: it stops a program for which there is no file to cut."""
        missing = {"CUT_FILE": self.repository.path("none"), "CUT_AT": "1", "CUT_TO": "0"}
        return self.start(["--version"], {"LD_PRELOAD": self.shim, **missing}).status != 0

    def judge(self, right: Ended, chain: bytes, ended: Ended, path: str) -> tuple[str | None, str]:
        now = read(self.repository.path(FILE))
        left = [name for name in os.listdir(self.repository.path("db")) if "revchain." in name]
        if left:
            return f"left behind: {left}", ""
        if ended == right and now == chain:
            return None, "right"
        if now != OLD:
            return f"the chain file has become {now!r}", ""
        if ended.status != 3 or ended.output:
            return f"status {ended.status}: {ended.errors}{ended.output!r}", ""
        if "revchain: error: " not in ended.errors or "hint: " not in ended.errors:
            return f"no message: {ended.errors}", ""
        if CUT_SHORT in ended.errors:
            wrong = None if f"{path}: {CUT_SHORT}" in ended.errors else f"not named: {ended.errors}"
            return wrong, "stopped by the signal"
        return None, "refused"

    def cut(self, kind: str, path: str, command: list[str]) -> None:
        right = self.start(command)
        chain = read(self.repository.path(FILE))
        whole = read(path)
        os.chmod(path, 0o644)
        for mapping in (1, 2, 3):
            for to in range(0, len(whole), PAGE):
                for sandbox in ("on", "off") if self.run.full else ("on",):
                    ended = self.start(
                        command,
                        {
                            "LD_PRELOAD": self.shim,
                            "CUT_FILE": path,
                            "CUT_AT": str(mapping),
                            "CUT_TO": str(to),
                            "REVCHAIN_SANDBOX": sandbox,
                        },
                    )
                    write(path, whole)
                    wrong, note = self.judge(right, chain, ended, path)
                    what = f"{' '.join(command)}: mapping {mapping} cut to {to}, sandbox {sandbox}"
                    self.run.tally.count(f"{kind} cut", wrong and f"{what}: {wrong}", note)


def files_of(repository: Repository) -> dict[str, str]:
    objects = repository.path(".git/objects")
    (pack,) = glob.glob(os.path.join(objects, "pack", "*.pack"))
    return {
        "a pack": pack,
        "an index": pack[: -len("pack")] + "idx",
        "a multi-pack index": os.path.join(objects, "pack", "multi-pack-index"),
        "a commit-graph": os.path.join(objects, "info", "commit-graph"),
    }


class Disk:
    """A file system in a file, with the repository in it, mounted for each run alone."""

    MOUNT = 'mount -o "$1" "$2" "$3" && shift 3 && exec "$@"'

    def __init__(self, run: Run, repository: Repository):
        self.run = run
        self.image = os.path.join(run.scratch, "image")
        self.place = os.path.join(run.scratch, "disk")
        self.chain = os.path.join(run.scratch, "chain.json")
        self.directory = os.path.join(self.place, "repository")
        self.names = {
            kind: os.path.join(self.directory, os.path.relpath(path, repository.directory))
            for kind, path in files_of(repository).items()
        }
        os.makedirs(self.place)
        with open(self.image, "wb") as file:
            file.truncate(128 << 20)
        subprocess.run(["mkfs.btrfs", "-q", self.image], check=True, capture_output=True)
        copy = [*self.mount("loop"), "cp", "-a", repository.directory, self.directory]
        subprocess.run(copy, check=True)

    def mount(self, options: str) -> list[str]:
        return ["unshare", "-m", "sh", "-c", self.MOUNT, "sh", options, self.image, self.place]

    def start(self) -> Ended:
        write(self.chain, OLD)
        return self.run.revchain(
            self.run.scratch,
            *["build", "-o", self.chain, os.path.join(self.directory, LANE)],
            before=self.mount("loop,ro"),
        )

    def judge(
        self, right: Ended, chain: bytes, ended: Ended, paths: list[str]
    ) -> tuple[str | None, str]:
        now = read(self.chain)
        if ended == right and now == chain:
            return None, "right"
        if now != OLD:
            return f"the chain file has become {now!r}", ""
        if ended.status != 3 or "hint: " not in ended.errors:
            return f"status {ended.status}: {ended.errors}", ""
        if CUT_SHORT not in ended.errors:
            return None, "refused"
        if not any(f"{path}: {CUT_SHORT}" in ended.errors for path in paths):
            return f"not named: {ended.errors}", ""
        return None, "stopped by the signal"

    def damage(self, places: list[int], byte: int) -> None:
        with open(self.image, "r+b") as file:
            for place in places:
                file.seek(place)
                file.write(bytes([byte]))

    def fail_each_page(self, kind: str, files: dict[str, bytes]) -> None:
        """A byte that is not what the file system's checksum of its page says: EIO. A page that
        two files have alike fails in both."""
        right = self.start()
        chain = read(self.chain)
        image = read(self.image)
        for at in range(0, len(files[kind]), PAGE):
            page = files[kind][at : at + PAGE]
            places = [match.start() for match in re.finditer(re.escape(page), image)]
            self.damage(places, page[0] ^ 1)
            paths = [self.names[other] for other, data in files.items() if page in data]
            wrong, note = self.judge(right, chain, self.start(), paths)
            self.run.tally.count(f"{kind} on a failing disk", wrong and f"{at}: {wrong}", note)
            self.damage(places, page[0])


def failing_disk(run: Run, repository: Repository) -> None:
    if os.geteuid() != 0 or shutil.which("mkfs.btrfs") is None:
        run.tally.skip("a failing disk", "it takes root and mkfs.btrfs")
        return
    try:
        disk = Disk(run, repository)
    except subprocess.CalledProcessError as error:
        run.tally.skip("a failing disk", f"no file system can be mounted here: {error}")
        return
    files = {kind: read(path) for kind, path in files_of(repository).items()}
    for kind in files:
        disk.fail_each_page(kind, files)


def main() -> int:
    with Run(__doc__) as run:
        repository = make_packed(run)
        mapped = Mapped(run, repository)
        if not mapped.is_in_front():
            run.tally.skip("mapped files", "a static program takes no LD_PRELOAD")
            return run.tally.finish()
        for kind, path in files_of(repository).items():
            for command in COMMANDS if run.full else COMMANDS[:1]:
                mapped.cut(kind, path, command)
        if run.full:
            failing_disk(run, repository)
        return run.tally.finish()


if __name__ == "__main__":
    sys.exit(main())
