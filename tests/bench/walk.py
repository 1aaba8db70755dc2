#!/usr/bin/python3
"""How long whole processes take: revchain against git and against what alembic-git-revisions runs.

The commands take turns in one run, so that a machine whose speed drifts slows all of them; each
figure is the median of the rounds, and the ratios are medians of the rounds' own. What the commands
print is compared first: revchain's --order=date and --order=topo against git's, as a bench of a
wrong answer is worth nothing. The output is a markdown table.

    tests/bench/walk.py [--rounds N] PROGRAM [NAME=DIRECTORY:LANE...]

Without a NAME it takes the real histories of ../shared/histories, where they are.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))

import histories
import landing

LOG = ["git", "log", "--reverse", "--diff-filter=A", "--no-renames", "--format=", "--name-only"]


class Repository(NamedTuple):
    name: str
    directory: str
    lane: str


def commands(program: str, lane: str) -> dict[str, list[str]]:
    """What is timed. The last one is the peer's own command: topological, the whole repository."""
    ours = [program, "log", "--recursive", "--format=path", "--rev", "HEAD", lane]
    return {
        "revchain": ours,
        "git log": [*LOG, "--", lane],
        "git log --topo-order": [*LOG, "--topo-order", "--", lane],
        "peer's git log": [*LOG, "--topo-order"],
    }


def check(program: str, repository: Repository) -> None:
    """Both of git's orders are git's."""
    repo = landing.Repository(repository.directory)
    for kind in ("date", "topo"):
        command = [program, "log", "-q", "--recursive", "--format=path", f"--order={kind}"]
        done = subprocess.run(
            [*command, "--rev", "HEAD", repository.lane],
            cwd=repository.directory,
            stdout=subprocess.PIPE,
            check=False,
        )
        if done.returncode not in (0, 1):
            raise SystemExit(f"{repository.name}: exit status {done.returncode}")
        expected = landing.git_order(
            repo, "HEAD", os.fsencode(repository.lane), True, kind == "topo"
        )
        got = done.stdout.splitlines()
        if got != [landing.quoted(path).encode() for path in expected]:
            raise SystemExit(f"{repository.name}: --order={kind} is not what git prints")


def seconds(command: list[str], directory: str) -> float:
    started = time.perf_counter()
    subprocess.run(
        command,
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return time.perf_counter() - started


def count_commits(directory: str) -> int:
    command = ["git", "rev-list", "--count", "HEAD"]
    return int(subprocess.run(command, cwd=directory, stdout=subprocess.PIPE, check=True).stdout)


def measure(program: str, repository: Repository, rounds: int) -> dict[str, list[float]]:
    todo = commands(program, repository.lane)
    times: dict[str, list[float]] = {name: [] for name in todo}
    for turn in range(rounds + 1):
        for name, command in todo.items():
            took = seconds(command, repository.directory)
            if turn:  # the first round warms the caches
                times[name].append(took)
    return times


def row(repository: Repository, times: dict[str, list[float]]) -> str:
    ours = times["revchain"]
    cells = [repository.name, f"{count_commits(repository.directory):,}"]
    cells.append(f"{statistics.median(ours) * 1000:.0f} ms")
    for name, theirs in times.items():
        if name != "revchain":
            ratios = [their / our for our, their in zip(ours, theirs)]
            cells.append(
                f"{statistics.median(theirs) * 1000:.0f} ms ({statistics.median(ratios):.1f}×)"
            )
    return "| " + " | ".join(cells) + " |"


def machine() -> str:
    model = platform.processor() or platform.machine()
    with open("/proc/cpuinfo") as stream:
        for line in stream:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    git = subprocess.run(["git", "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, {git.strip()}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("repositories", nargs="*", metavar="NAME=DIRECTORY:LANE")
    parser.add_argument("--rounds", type=int, default=15, metavar="N")
    parser.add_argument("--histories", default=histories.DEFAULT, metavar="DIR")
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    with tempfile.TemporaryDirectory() as scratch:
        repositories = []
        for given in options.repositories:
            name, _, rest = given.partition("=")
            directory, _, lane = rest.rpartition(":")
            repositories.append(Repository(name, directory, lane))
        for real in histories.HISTORIES if not repositories else []:
            clone = histories.clone(options.histories, real, scratch)
            if clone is None:
                print(f"SKIPPED: {real.name}: no bundle in {options.histories}", file=sys.stderr)
            else:
                repositories.append(Repository(real.name, clone, os.fsdecode(real.lane)))
        print(f"{machine()}; medians of {options.rounds} rounds\n")
        print("| history | commits | revchain | git log | git log --topo-order | peer's git log |")
        print("|---|---:|---:|---:|---:|---:|")
        for repository in repositories:
            check(program, repository)
            print(row(repository, measure(program, repository, options.rounds)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
