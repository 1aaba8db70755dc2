#!/usr/bin/python3
"""A repository that changes while it is read: pushes, gc, repack, prune, in a loop beside the program.

Each run ends with the chain of a commit that was the branch's tip meanwhile, or with 3 and a message.
"""

import os
import subprocess
import sys
import threading

from support import LANE, Repository, Run, make_history

CHANGES = [
    ["gc", "-q", "--prune=now"],
    ["repack", "-q", "-a", "-d", "-f"],
    ["repack", "-q", "-d"],
    ["multi-pack-index", "write"],
    ["pack-refs", "--all"],
    ["commit-graph", "write", "--reachable"],
]


class Changing(threading.Thread):
    """Lands a migration, makes some rubbish, tidies up, and begins again."""

    def __init__(self, run: Run, repository: Repository):
        super().__init__(daemon=True)
        self.run_of = run
        self.repository = repository
        self.rounds = 0
        self.ended = threading.Event()
        self.error = ""

    def run(self) -> None:
        try:
            while not self.ended.is_set():
                self.change()
        except (RuntimeError, subprocess.SubprocessError) as error:
            self.error = str(error)

    def change(self) -> None:
        self.rounds += 1
        git = self.repository.git
        blob = git("hash-object", "-w", "--stdin", text=b"%d\n" % self.rounds)
        git("update-index", "--add", "--cacheinfo", f"100644,{blob},notes/{self.rounds}.txt")
        tree = git("write-tree")
        commit = git("commit-tree", "-p", "HEAD", "-m", "a push", tree)
        git("update-ref", "refs/heads/main", commit)
        git("update-index", "--force-remove", f"notes/{self.rounds}.txt")
        git(*CHANGES[self.rounds % len(CHANGES)])


def main() -> int:
    with Run(__doc__) as run:
        repository = make_history(os.path.join(run.scratch, "repository"))
        commands = [
            ["build", "-o", "-", LANE],
            ["build", "--rev", "HEAD", "-o", "-", LANE],
            ["log", "--format=path", "--order=topo", LANE],
        ]
        right = [run.revchain(repository.directory, *command) for command in commands]
        changing = Changing(run, repository)
        changing.start()
        for number in range(3000 if run.full else 90):
            which = number % len(commands)
            ended = run.revchain(repository.directory, *commands[which])
            wrong = None
            if ended.status == 3 and "revchain: error: " in ended.errors and not ended.output:
                note = "refused"
            elif (ended.status, ended.output) == (right[which].status, right[which].output):
                note = "right"
            else:
                note, wrong = "", f"{' '.join(commands[which])}: {ended}"
            run.tally.count("runs beside changes", wrong, note)
        changing.ended.set()
        changing.join()
        wrong = changing.error or (None if changing.rounds > len(CHANGES) else "it did not change")
        run.tally.count("changes", wrong, f"{changing.rounds} rounds")
        return run.tally.finish()


if __name__ == "__main__":
    sys.exit(main())
