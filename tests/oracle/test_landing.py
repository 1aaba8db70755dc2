#!/usr/bin/python3
"""The oracle itself on hand-made histories, each with the order that the definition demands.

With a program named on the command line, that program is held to the same orders, and to git's own,
also where the repository has been repacked and has a commit-graph file.
"""

import argparse
import os
import shutil
import sys
import tempfile

import handmade
import history
import landing
import order
import random_history
import storage
from handmade import START, Make, Scenario
from history import History, Migration, Node
from program import Program
from scenarios import SCENARIOS
from storage import Storage

OTHER = Storage("deltas", "chain")  # the most that git does to a repository


def oracle_order(directory: str, made: History) -> list[str]:
    lanes = [made.lane]
    with landing.Repository(directory) as repo:
        if made.worktree is None:
            order = landing.landing_order(repo, "main", lanes, made.recursive)
        else:
            contents = {path: file.text().encode() for path, file in made.worktree.items()}
            order = landing.worktree_order(repo, lanes, made.recursive, contents)
    return [landing.quoted(landed.path) for landed in order]


def answers(
    program: Program | None, directory: str, made: History, expected: list[str]
) -> dict[str, tuple[list[str], list[str]]]:
    """Who was asked, what it should have said, and what it said."""
    given = {"the oracle": (expected, oracle_order(directory, made))}
    if program is None:
        return given
    with landing.Repository(directory) as repo:
        settings = order.Settings(program, 0, 0, directory)
        case = order.Case(settings, made, repo, "main", seed=0)
        rev = None if made.worktree is not None else "main"
        lines, trouble = case.program(rev, "--format=path")
        given["revchain"] = (expected, trouble.splitlines() if trouble else lines)
        for check in ("date", "topo"):
            found = order.run_check(case, check)
            if found:
                given[f"revchain, {check}"] = (found.expected, found.got)
    return given


def run(name: str, make: Make, program: str | None) -> bool:
    built, expected = handmade.build(make)
    made = built.history()
    wrong = {}
    for kept in (built.storage, OTHER):
        directory = tempfile.mkdtemp()
        try:
            history.make_repository(directory, {"main": made}, made.worktree is None, kept)
            if made.worktree is not None:
                history.write_worktree(directory, made)
            asked = answers(Program(program) if program else None, directory, made, expected)
        finally:
            shutil.rmtree(directory)
        for who, (should, got) in asked.items():
            if got != should:
                wrong[who] = (should, got, kept)
    for who, (should, got, kept) in wrong.items():
        print(f"FAILED: {name} ({who})\n  expected: {should}\n  got:      {got}")
        print(f"run it again: {sys.argv[0]} --only {name} {program or ''}")
        print(history.commands(made, kept))
    return not wrong


def test_source() -> bool:
    """What order.py prints of a history to be kept here is that history."""
    for seed in range(40):
        made = random_history.make(seed)
        kept = storage.of_seed(seed)
        text = handmade.source("found", made, kept, sorted(made.nodes[-1].files))
        names = {"scenario": lambda make: make, "Migration": Migration, "Storage": Storage}
        exec(text, names)
        built = Scenario()
        names["found"](built)
        plain = [node._replace(zone="+0000", author_time=None) for node in made.nodes]
        if built.history() != made._replace(nodes=plain) or built.storage != kept:
            print(f"FAILED: the source of seed {seed} is another history:\n{text}")
            return False
    return True


def test_quoting() -> bool:
    """`quoted` against git itself, for every byte."""
    names = [bytes([byte]) for byte in range(1, 256) if byte not in (0x2E, 0x2F)]
    names += [name + b"x" for name in names]
    files = {b"d/" + name: Migration("a") for name in names}
    made = History([Node((), files, START)], b"d", False)
    directory = tempfile.mkdtemp()
    try:
        history.make_repository(directory, {"main": made})
        with landing.Repository(directory) as repo:
            printed = repo.git("ls-tree", "-r", "--name-only", "main").decode().splitlines()
    finally:
        shutil.rmtree(directory)
    expected = sorted(landing.quoted(path) for path in files)
    if sorted(printed) != expected:
        print("FAILED: quoting", set(printed) ^ set(expected))
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", nargs="?", metavar="PROGRAM", help="a revchain to test as well")
    parser.add_argument("--only", metavar="NAME", help="one scenario")
    options = parser.parse_args()
    program = shutil.which(options.program) if options.program else None
    if options.program and not program:
        parser.error(f"there is no program {options.program}")
    if program:
        program = os.path.abspath(program)
    results = [run(name, make, program) for name, make in SCENARIOS if options.only in (None, name)]
    if options.only is None:
        results += [test_quoting(), test_source()]
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
