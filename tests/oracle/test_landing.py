#!/usr/bin/python3
"""The oracle itself on hand-made histories, each with the order that the definition demands.

With a program named on the command line, that program is held to the same orders.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable

import history
import landing
from history import History, Migration, Node
from scenarios import LANE, SCENARIOS, START, Scenario


def full_path(short: str) -> str:
    return short[1:] + ".py" if short.startswith("/") else f"{LANE}/{short}.py"


def oracle_order(directory: str, made: History) -> list[str]:
    lanes = [made.lane]
    with landing.Repository(directory) as repo:
        if made.worktree is None:
            order = landing.landing_order(repo, "main", lanes, made.recursive)
        else:
            contents = {path: file.text().encode() for path, file in made.worktree.items()}
            order = landing.worktree_order(repo, lanes, made.recursive, contents)
    return [landing.quoted(landed.path) for landed in order]


def program_order(program: str, directory: str, made: History) -> list[str]:
    command = [program, "log", "--format=path"]
    command += ["--rev", "main"] if made.worktree is None else []
    command += ["--recursive"] if made.recursive else []
    command += ["--", made.lane.decode() or "."]
    done = subprocess.run(
        command, cwd=directory, env=landing.ENVIRONMENT, capture_output=True, check=False
    )
    if done.returncode not in (0, 1):
        return [f"exit status {done.returncode}", *done.stderr.decode().splitlines()]
    return done.stdout.decode().splitlines()


def run(name: str, make: Callable[[Scenario], str], program: str | None) -> bool:
    built = Scenario()
    expected = [full_path(short) for short in make(built).split()]
    made = built.history()
    directory = tempfile.mkdtemp()
    try:
        history.make_repository(directory, {"main": made}, bare=made.worktree is None)
        if made.worktree is not None:
            history.write_worktree(directory, made)
        answers = {"oracle": oracle_order(directory, made)}
        if program:
            answers[program] = program_order(program, directory, made)
    finally:
        shutil.rmtree(directory)
    wrong = {who: got for who, got in answers.items() if got != expected}
    for who, got in wrong.items():
        print(f"FAILED: {name} ({who})\n  expected: {expected}\n  got:      {got}")
        print(f"run it again: {sys.argv[0]} --only {name} {program or ''}")
        print(history.commands(made))
    return not wrong


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
        results.append(test_quoting())
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
