#!/usr/bin/python3
"""The gate against what it replaces: `revchain check` and `alembic heads` on one project.

A project of static migrations, as Alembic's generic template writes them, committed to a repository.
Whole processes, in turn in one run; the output is a markdown table: the medians, and how many times
as long `alembic heads` takes.

    tests/bench/gate.py [--rounds N] [--migrations N] [--python PYTHON] PROGRAM...

PYTHON is one that has Alembic (default: the one that runs this).
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile

import lookup
import measure


def commit(directory: pathlib.Path) -> None:
    """Put all of a project into a new repository."""
    for arguments in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=bench", "-c", "user.email=bench@example", "commit", "-qm", "all"],
    ):
        subprocess.run(["git", *arguments], cwd=directory, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--migrations", type=int, default=1000)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("program", nargs="+")
    options = parser.parse_args()
    programs = [str(pathlib.Path(program).resolve()) for program in options.program]
    with tempfile.TemporaryDirectory(prefix="revchain-bench-") as scratch:
        directory = pathlib.Path(scratch)
        head = lookup.write(directory, options.migrations, dynamic=False)
        commit(directory)
        theirs = [options.python, "-m", "alembic", "heads"]
        for command in (theirs, *([program, "heads"] for program in programs)):
            printed = subprocess.check_output(command, cwd=directory, text=True)
            if printed != f"{head} (head)\n":
                raise SystemExit(f"{command[0]}: not the head that was written")
        commands = {program: [program, "check"] for program in programs}
        times = measure.processes({"alembic": theirs, **commands}, scratch, options.rounds)
    print(f"`check`, {options.migrations} static migrations, {options.rounds} rounds")
    print(f"on {measure.machine()}\n")
    print("| program | time | `alembic heads` takes | times as long |")
    print("|---|---:|---:|---:|")
    for program in programs:
        ours, other = (statistics.median(times[name]) * 1000 for name in (program, "alembic"))
        faster = measure.ratio(times["alembic"], times[program])
        shown = pathlib.Path(program).name
        print(f"| {shown} | {ours:.1f} ms | {other:.0f} ms | {faster:.0f} |")


if __name__ == "__main__":
    main()
