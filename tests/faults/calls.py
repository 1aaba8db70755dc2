#!/usr/bin/python3
"""System calls that fail: each in turn, with EIO, ENOSPC, EACCES and ENOMEM (strace does it).

The program ends with 5 or 3 and a message, or with the right result where it could do without; the
chain file is the old one or the right one, never half of one; no temporary file is left, but where
removing it is what failed.
"""

import os
import re
import shutil
import sys

from support import FILE, LANE, Ended, Repository, Run, make_history, read, write

OLD = b'{"old": null}\n'
CALLS = [
    "openat",
    "read",
    "pread64",
    "write",
    "fsync",
    "rename",
    "close",
    "mmap",
    "newfstatat",
    "readlink",
    "getdents64",
    "lseek",
    "fchmod",
    "munmap",
]
ERRORS = ["EIO", "ENOSPC", "EACCES", "ENOMEM"]
COMMANDS = [["build", LANE], ["log", LANE], ["check", "--onto", "feature"]]


class Calls:
    def __init__(self, run: Run, repository: Repository):
        self.run = run
        self.repository = repository
        self.trace = os.path.join(run.scratch, "trace")

    def start(self, command: list[str], call: str, inject: list[str]) -> Ended:
        write(self.repository.path(FILE), OLD)
        return self.run.revchain(
            self.repository.directory,
            *command,
            before=["strace", "-qq", "-o", self.trace, "-e", f"trace={call}", *inject],
        )

    def count(self, command: list[str], call: str) -> int:
        self.start(command, call, [])
        return len(re.findall(rb"^%s\(" % call.encode(), read(self.trace), re.MULTILINE))

    def judge(self, right: Ended, chain: bytes, ended: Ended) -> tuple[str | None, str]:
        now = read(self.repository.path(FILE))
        left = [name for name in os.listdir(self.repository.path("db")) if "revchain." in name]
        for name in left:
            os.unlink(self.repository.path("db", name))
        if now not in (OLD, chain):
            return f"the chain file has become {now!r}", ""
        if left:
            return f"left behind: {left}", ""
        if ended.status == right.status and ended.output == right.output and now == chain:
            return None, "did without"
        if ended.status not in (3, 5):
            return f"status {ended.status}: {ended.errors}{ended.output!r}", ""
        if ended.output and ended.status != 5:
            return f"printed {ended.output!r}", ""
        if "revchain: error: " not in ended.errors:
            return f"status {ended.status} without a message: {ended.errors}", ""
        return None, f"ended with {ended.status}"

    def fail_each(self, command: list[str], call: str) -> None:
        """What `--version` does too is the loader's."""
        first = self.count(["--version"], call) - (call == "write") + 1
        last = self.count(command, call)
        right = self.start(command, call, [])
        chain = read(self.repository.path(FILE))
        chances = [(n, error) for n in range(first, last + 1) for error in ERRORS]
        if not self.run.full:
            chances = self.run.random.sample(chances, min(5, len(chances)))
        for number, error in chances:
            inject = ["-e", f"inject={call}:error={error}:when={number}"]
            ended = self.start(command, call, inject)
            if call == "write" and b"write(2," in read(self.trace).splitlines()[number - 1]:
                continue  # the message itself
            wrong, note = self.judge(right, chain, ended)
            where = f"{' '.join(command)}: {call} {number} with {error}"
            self.run.tally.count(call, wrong and f"{where}: {wrong}", note)


def main() -> int:
    with Run(__doc__) as run:
        if shutil.which("strace") is None:
            run.tally.skip("system calls", "there is no strace")
            return run.tally.finish()
        repository = make_history(os.path.join(run.scratch, "repository"))
        calls = Calls(run, repository)
        if calls.start(["--version"], "write", []).status:
            run.tally.skip("system calls", "strace may not trace here")
            return run.tally.finish()
        for command in COMMANDS:
            for call in CALLS:
                calls.fail_each(command, call)
        return run.tally.finish()


if __name__ == "__main__":
    sys.exit(main())
