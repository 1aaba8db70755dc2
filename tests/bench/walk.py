#!/usr/bin/python3
"""How long whole processes take: revchain against git, and against alembic-git-revisions.

The commands take turns in one run, so that a machine whose speed drifts slows all of them; each
figure is the median of the rounds, and each ratio the median of the rounds' own. What the commands
print is compared first: revchain's --order=date and --order=topo with git's, as a bench of a wrong
answer is worth nothing. The output is two markdown tables.

    tests/bench/walk.py [--rounds N] PROGRAM [NAME=DIRECTORY:LANE...]

The repositories: the real histories of ../shared/histories, where they are, a synthetic one, and
those that are named. The peer's command is the `git log` that alembic-git-revisions runs
(topological, over the whole repository), and the peer is that package, from PyPI. The limit is what
inflating the commits of the first-parent line takes, and nothing else (limit.py).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import NamedTuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))

import histories
import landing
import measure
import peer
import synthetic
from limit import Commits
from measure import LOG, Repository, ratio

SYNTHETIC = (100_000, 500)  # commits and migrations

# The columns of each table: what was timed, and what its ratio is to. The limit's is the other way
# round: how far landing order is from it.
LANDING = {
    "landing": "",
    "git log --topo-order": "landing",
    "peer's git log": "landing",
    "peer": "landing",
    "limit": "of",
    "build": "",
}
GIT = {
    "date": "",
    "git log": "date",
    "topo": "",
    "git log --topo-order": "topo",
}
TITLES = {
    "landing": "`revchain log`",
    "date": "`revchain log --order=date`",
    "topo": "`revchain log --order=topo`",
    "build": "`revchain build`",
    "git log": "`git log -- DIR`",
    "git log --topo-order": "`git log --topo-order -- DIR`",
    "peer's git log": "the peer's `git log`",
    "peer": "the peer",
    "limit": "the limit",
}

Times = dict[str, list[float]]


class Result(NamedTuple):
    repository: Repository
    commits: int
    times: Times


def check(program: str, repository: Repository) -> None:
    """Both of git's orders are git's."""
    with landing.Repository(repository.directory) as repo:
        for kind in ("date", "topo"):
            done = subprocess.run(
                measure.ours(program, repository.lane, f"--order={kind}"),
                cwd=repository.directory,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=False,
            )
            if done.returncode not in (0, 1):
                raise SystemExit(f"{repository.name}: exit status {done.returncode}")
            lane = os.fsencode(repository.lane)
            expected = landing.git_order(repo, "HEAD", lane, True, kind == "topo")
            if done.stdout.splitlines() != [landing.quoted(path).encode() for path in expected]:
                raise SystemExit(f"{repository.name}: --order={kind} is not what git prints")


def oldest_landing(program: str, repository: Repository) -> str:
    """The commit at which the first migration landed: there the walk ends."""
    command = [program, "log", "-q", "--recursive", "--format=json", "--rev", "HEAD"]
    printed = subprocess.run(
        [*command, repository.lane],
        cwd=repository.directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    ).stdout
    return json.loads(printed)[0]["commit"]


def todo(
    program: str, repository: Repository, peer_program: str | None, scratch: str
) -> dict[str, Callable[[], float]]:
    """What is timed."""
    directory, lane = repository.directory, repository.lane
    commands = measure.orders(program, lane)
    commands["peer's git log"] = [*LOG, "--topo-order"]
    build = [program, "build", "-q", "--recursive", "-o", "-", "--rev", "HEAD", lane]
    if subprocess.run(build, cwd=directory, capture_output=True, check=False).returncode == 0:
        commands["build"] = build
    measures: dict[str, Callable[[], float]] = {
        name: lambda command=command: measure.seconds(command, directory)
        for name, command in commands.items()
    }
    measures["limit"] = Commits(directory, oldest_landing(program, repository)).seconds
    run = None
    if peer_program:
        os.mkdir(scratch)
        run = peer.prepare(peer_program, repository, scratch)
        if run is None:
            measure.skipped(f"the peer itself on {repository.name}: it fails there")
    if run:
        measures["peer"] = lambda: measure.seconds(run.command, scratch, run.env)
    return measures


def cell(name: str, to: str, times: Times) -> str:
    if name not in times:
        return "–"
    median = f"{statistics.median(times[name]) * 1000:.0f} ms"
    if to == "of":
        return f"{median} ({ratio(times['landing'], times[name]):.1f}× that)"
    return f"{median} ({ratio(times[name], times[to]):.1f}×)" if to else median


def print_table(results: list[Result], columns: dict[str, str]) -> None:
    measure.print_head(["history", "commits", *(TITLES[name] for name in columns)])
    for result in results:
        cells = [cell(name, to, result.times) for name, to in columns.items()]
        measure.print_row([result.repository.name, f"{result.commits:,}", *cells])
    cells = []
    for name, to in columns.items():
        timed = [result.times for result in results if to and name in result.times]
        pairs = [("landing", name) if to == "of" else (name, to)] * len(timed)
        ratios = [ratio(times[a], times[b]) for times, (a, b) in zip(timed, pairs)]
        cells.append(measure.geometric(ratios) if ratios else "")
    measure.print_row(["geometric mean (smallest to largest)", "", *cells])


def repositories(options, scratch: str) -> list[Repository]:
    found = []
    for real in histories.HISTORIES:
        if options.only in (None, real.name):
            clone = histories.clone(options.histories, real, scratch)
            if clone is None:
                measure.skipped(f"{real.name}: no bundle in {options.histories}")
            else:
                found.append(Repository(real.name, clone, os.fsdecode(real.lane)))
    if options.only in (None, "synthetic"):
        directory = synthetic.cached(options.cache, "project", *SYNTHETIC)
        found.append(Repository("synthetic", directory, synthetic.LANE))
    for given in options.repositories:
        name, _, rest = given.partition("=")
        directory, _, lane = rest.rpartition(":")
        if options.only in (None, name):
            found.append(Repository(name, os.path.abspath(directory), lane))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("repositories", nargs="*", metavar="NAME=DIRECTORY:LANE")
    parser.add_argument("--rounds", type=int, default=15, metavar="N", help="(%(default)s)")
    parser.add_argument("--only", metavar="NAME", help="one repository; synthetic is one, too")
    parser.add_argument("--histories", default=histories.DEFAULT, metavar="DIR")
    parser.add_argument(
        "--cache", default=measure.CACHE, metavar="DIR", help="keeps synthetic histories"
    )
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    with tempfile.TemporaryDirectory() as scratch:
        peer_program = peer.install(os.path.join(scratch, "peer"))
        if peer_program is None:
            measure.skipped(f"the peer itself: {peer.WANTED} could not be installed from PyPI")
        results = []
        for number, repository in enumerate(repositories(options, scratch)):
            check(program, repository)
            work = os.path.join(scratch, f"peer.{number}")
            measures = todo(program, repository, peer_program, work)
            times = measure.in_turn(measures, options.rounds)
            commits = measure.count_commits(repository.directory)
            results.append(Result(repository, commits, times))
    if not results:
        parser.error("there is nothing to measure")
    print(f"{measure.machine()}; medians of {options.rounds} rounds, whole processes\n")
    print_table(results, LANDING)
    print()
    print_table(results, GIT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
