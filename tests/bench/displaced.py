#!/usr/bin/python3
"""How often each order puts a new migration in front of one that a database may have applied.

At each commit of the first-parent line of each real history that changed the lane, the order is
worked out anew and held against that of the commit before. The output is a markdown table with, for
each order, two figures: the migrations that were new at a step and stood in front of one that the
commit before already had (a database past that point would skip them in silence), and the steps at
which the order was not append-only, be it for such a new migration or because old ones changed
places, as they do in git's orders when a file is renamed.

The orders of git come from git itself, and to them, without rename detection, a file is its path.
Landing order comes from the oracle, or from PROGRAM, and follows renames as its definition says.
"""

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from typing import NamedTuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))

import histories
import landing
import order
from histories import BRANCH, HISTORIES, Real
from history import History
from landing import Path, Repository
from program import Program

ORDERS = ["date", "topo", "landing"]


def order_at(repo: Repository, real: Real, rev: str, kind: str, program: str | None):
    if kind != "landing":
        return landing.git_order(repo, rev, real.lane, True, kind == "topo")
    if program is None:
        return [landed.path for landed in landing.landing_order(repo, rev, [real.lane], True)]
    if not landing.migrations(repo, rev, [real.lane], True):
        return []
    command = [program, "log", "--recursive", "--format=json", "--rev", rev, os.fsdecode(real.lane)]
    return program_paths(command, repo.directory)


def program_paths(command: list[str], directory: str) -> list[Path]:
    done = subprocess.run(command, cwd=directory, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"exit status {done.returncode} from {' '.join(command)}")
    return [row["path"].encode() for row in json.loads(done.stdout)]


class Count(NamedTuple):
    real: Real
    kind: str
    steps: int  # that changed the lane
    displaced: int
    broken: int  # steps at which the order was not append-only


def count(task: tuple[str, Real, str, str | None]) -> Count:
    """One order of one history."""
    directory, real, kind, program = task
    sys.setrecursionlimit(100_000)
    displaced = broken = 0
    with Repository(directory) as repo:
        settings = order.Settings(Program(""), 0, 0, "")
        line = order.Case(settings, History([], real.lane, True), repo, BRANCH, 0).line()
        before: list[Path] = []
        for earlier, later in zip([None, *line], line):
            after = order_at(repo, real, later, kind, program)
            if earlier:
                known = {path: path for path in before}
                if kind == "landing":
                    parent = order.first_parent_towards(repo, later, earlier)
                    known = {path: landing.trace(repo, later, parent, path) for path in after}
                displaced += in_front(after, set(before), known)
                broken += bool(order.displaced(repo, earlier, before, later, after))
            before = after
    return Count(real, kind, len(line) - 1, displaced, broken)


def in_front(after: list[Path], before: set[Path], known: dict[Path, Path | None]) -> int:
    """How many files that nothing was known of stand in front of one that was there before."""
    old = [position for position, path in enumerate(after) if known.get(path) in before]
    return sum(known.get(path) is None for path in after[: old[-1] if old else 0])


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "program", nargs="?", metavar="PROGRAM", help="a revchain, for landing order"
    )
    parser.add_argument(
        "--histories", default=histories.DEFAULT, metavar="DIR", help="where the bundles are"
    )
    parser.add_argument("--only", metavar="NAME", help="one history")
    parser.add_argument("-j", type=int, default=1, metavar="N", help="processes side by side")
    options = parser.parse_args()
    program = os.path.abspath(options.program) if options.program else None
    with tempfile.TemporaryDirectory() as scratch:
        tasks = []
        for real in HISTORIES:
            if options.only in (None, real.name):
                directory = histories.clone(options.histories, real, scratch)
                if directory is None:
                    print(f"there is no {options.histories}/{real.name}.bundle", file=sys.stderr)
                    return 1
                tasks += [(directory, real, kind, program) for kind in ORDERS]
        with multiprocessing.Pool(options.j) as pool:
            results = pool.map(count, tasks, chunksize=1)
    print("| history | steps | date order | topological order | landing order |")
    print("|---|---:|---:|---:|---:|")
    for start in range(0, len(results), len(ORDERS)):
        row = results[start : start + len(ORDERS)]
        figures = " | ".join(f"{found.displaced} ({found.broken})" for found in row)
        print(f"| {row[0].real.name} | {row[0].steps} | {figures} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
