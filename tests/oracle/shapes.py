#!/usr/bin/python3
"""The synthetic histories of tests/bench, small: revchain's orders against the oracle's and git's.

What makes a large one hard (a ladder of merges, merges of merges, everything in one merge, merges
that drop files and bring them back) has to be right before it is fast.
"""

import argparse
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench"))

import histories
import landing
import order
import synthetic
from history import History
from program import Program


def wrong(settings: order.Settings, name: str, seed: int, checks: list[str]):
    """The mismatches of one shape."""
    directory = os.path.join(settings.scratch, f"{name}.{seed}")
    synthetic.make(directory, name, *synthetic.SHAPES[name].small, seed)
    made = History([], synthetic.LANE.encode(), recursive=False)
    with landing.Repository(directory) as repo:
        repo.read_ahead()
        case = order.Case(settings, made, repo, "main", seed)
        if not case.oracle("main"):
            raise SystemExit(f"{name}: no migrations")
        yield from histories.mismatches(case, checks)
    shutil.rmtree(directory)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", metavar="PROGRAM", help="the revchain to test")
    parser.add_argument("--only", metavar="SHAPE", choices=synthetic.SHAPES, help="one shape")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="(%(default)s)")
    parser.add_argument("--check", action="append", choices=order.CHECKS, help="this one only")
    options = parser.parse_args()
    program = shutil.which(options.program)
    if program is None:
        parser.error(f"there is no program {options.program}")
    sys.setrecursionlimit(100_000)
    checks = options.check or order.CHECKS
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        settings = order.Settings(Program(os.path.abspath(program)), 12, 0, scratch)
        for name in synthetic.SHAPES:
            if options.only not in (None, name):
                continue
            found = list(wrong(settings, name, options.seed, checks))
            for mismatch in found:
                print(f"FAILED: {name}: {mismatch.check} at {mismatch.rev}")
                print("  expected:", *mismatch.expected, sep="\n    ")
                print("  got:", *mismatch.got, sep="\n    ")
                again = f"--only {name} --seed {options.seed} --check {mismatch.check}"
                print(f"run it again: tests/oracle/shapes.py {again} {options.program}")
            failed += len(found)
            passed += len(checks) - len(found)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
