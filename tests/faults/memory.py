#!/usr/bin/python3
"""Memory that runs out: each allocation in turn fails, alone, and with all that follow it.

The program ends with 5 or 3 and a message, or with the right result where it could do without; the
chain file is the old one or the right one, and nothing else is left behind. Nothing crashes, libgit2
neither: its allocator is the program's, which ends it.
"""

import os
import sys

from support import FILE, LANE, Ended, Repository, Run, make_history, read, write

OLD = b'{"old": null}\n'
COMMANDS = [
    ["build", LANE],
    ["build", "--pin", "pin.json", "--since", "v1~2", "-o", "-", LANE],
    ["check", "--format=json"],
    ["check", "--onto", "feature", "--format=sarif"],
    ["check", "--branches", "*", "--format=github"],
    ["log", "--format=json"],
    ["log", "--order=topo", "--rev", "v1"],
    ["log", "--order=date"],
    ["heads"],
    ["history", "--format=graph"],
    ["history", "--format=mermaid", "--rev", "HEAD"],
    ["where", "d9"],
    ["merge", "-m", "nothing", "--dry-run"],
    ["adopt", "--all", "--dry-run"],
]


class Memory:
    def __init__(self, run: Run, repository: Repository):
        self.run = run
        self.repository = repository
        self.shim = os.path.join(os.path.dirname(run.program), "tests", "faults", "allocation.so")
        self.before = self.files()

    def files(self) -> dict[str, tuple[int, int]]:
        """All but the chain file, with what shows that one was written to."""
        found = {}
        for directory, _, names in os.walk(self.repository.directory):
            for name in names:
                info = os.lstat(os.path.join(directory, name))
                found[os.path.join(directory, name)] = (info.st_size, info.st_mtime_ns)
        del found[self.repository.path(FILE)]
        return found

    def start(self, command: list[str], environment: dict[str, str]) -> Ended:
        write(self.repository.path(FILE), OLD)
        return self.run.revchain(
            self.repository.directory,
            *command,
            environment={"LD_PRELOAD": self.shim, "REVCHAIN_SANDBOX": "off", **environment},
        )

    def judge(self, right: Ended, chain: bytes, ended: Ended) -> tuple[str | None, str]:
        now = read(self.repository.path(FILE))
        if now not in (OLD, chain):
            return f"the chain file has become {now!r}", ""
        if self.files() != self.before:
            return "another file is written, or left behind", ""
        if ended.status == right.status:
            if ended.output == right.output and now == chain:
                return None, "did without"
            return f"ended well, with {ended.output!r}", ""
        if ended.status not in (3, 5):
            return f"status {ended.status}: {ended.errors}", ""
        if "revchain: error: " not in ended.errors:
            return f"status {ended.status} without a message: {ended.errors}", ""
        return None, f"ended with {ended.status}"

    def fail_each(self, kind: str, command: list[str], of: dict[str, str]) -> None:
        counts = os.path.join(self.run.scratch, "count")
        right = self.start(command, {"COUNT_TO": counts, **of})
        chain = read(self.repository.path(FILE))
        count = int(read(counts))
        numbers = range(1, count + 1)
        if not self.run.full or of:
            numbers = sorted(
                self.run.random.sample(numbers, min(count, 400 if self.run.full else 4))
            )
        for every in ({}, {"FAIL_ALL": "1"}):
            for number in numbers:
                ended = self.start(command, {"FAIL_FROM": str(number), **every, **of})
                wrong, note = self.judge(right, chain, ended)
                where = f"{' '.join(command)}: {number} of {count}{' and on' if every else ''}"
                self.run.tally.count(kind, wrong and f"{where}: {wrong}", note)


def main() -> int:
    with Run(__doc__) as run:
        repository = make_history(os.path.join(run.scratch, "repository"))
        write(
            repository.path("pin.json"),
            run.revchain(repository.directory, "build", "-o", "-", LANE).output,
        )
        write(repository.path(FILE), OLD)
        memory = Memory(run, repository)
        memory.start(["--version"], {"COUNT_TO": repository.path("count")})
        if not os.path.exists(repository.path("count")):
            run.tally.skip("allocations", "a static program takes no LD_PRELOAD")
            return run.tally.finish()
        os.unlink(repository.path("count"))
        for command in COMMANDS:
            memory.fail_each("allocations of the program", command, {})
            memory.fail_each("allocations of libgit2", command, {"FAIL_OF": "libgit2"})
        return run.tally.finish()


if __name__ == "__main__":
    sys.exit(main())
