#!/usr/bin/python3
"""The five real histories: revchain's orders against the oracle's and git's, and append-only.

They are the bundles in ../shared/histories beside the project's root; where that directory is not
there, or lacks one, the comparison is skipped and counted as skipped.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import NamedTuple

import landing
import order
from history import History
from program import Program

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEFAULT = os.path.join(os.path.dirname(ROOT), "shared", "histories")
BRANCH = "main"


class Real(NamedTuple):
    name: str
    lane: bytes


HISTORIES = [
    Real("redash", b"migrations/versions"),
    Real("forge", b"mcpgateway/alembic/versions"),
    Real("onyx", b"backend/alembic/versions"),
    Real("rucio", b"lib/rucio/db/sqla/migrate_repo/versions"),
    Real("neutron", b"neutron/db/migration/alembic_migrations/versions"),
]


def clone(directory: str, real: Real, scratch: str) -> str | None:
    """A bare clone whose HEAD is the branch, or None where there is no bundle."""
    bundle = os.path.join(directory, f"{real.name}.bundle")
    if not os.path.exists(bundle):
        return None
    target = os.path.join(scratch, real.name)
    command = ["git", "clone", "-q", "--bare", "-b", BRANCH, bundle, target]
    subprocess.run(command, env=landing.ENVIRONMENT, check=True)
    return target


def mismatches(case: order.Case, checks: list[str]) -> Iterator[order.Mismatch]:
    for check in checks:
        found = order.run_check(case, check)
        if found:
            yield found


def report(real: Real, mismatch: order.Mismatch, program: str) -> None:
    print(f"FAILED: {real.name}: {mismatch.check} at {mismatch.rev}")
    for number, (expected, got) in enumerate(zip(mismatch.expected, mismatch.got)):
        if expected != got:
            print(f"  first difference at position {number + 1}:")
            print(f"  expected: {expected}\n  got:      {got}")
            break
    print(f"  {len(mismatch.expected)} lines expected, {len(mismatch.got)} came")
    print(f"run it again: tests/oracle/histories.py --only {real.name} {program}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", metavar="PROGRAM", help="the revchain to test")
    parser.add_argument("--histories", default=DEFAULT, metavar="DIR", help="where the bundles are")
    parser.add_argument("--only", metavar="NAME", help="one history")
    parser.add_argument(
        "--steps",
        type=int,
        default=20,
        metavar="N",
        help="look at so many commits of the first-parent line, 0: at all (%(default)s)",
    )
    parser.add_argument("--check", action="append", choices=order.CHECKS, help="this one only")
    options = parser.parse_args()
    program = shutil.which(options.program)
    if program is None:
        parser.error(f"there is no program {options.program}")
    sys.setrecursionlimit(100_000)
    checks = options.check or order.CHECKS
    passed = failed = skipped = 0
    with tempfile.TemporaryDirectory() as scratch:
        settings = order.Settings(
            Program(os.path.abspath(program)), options.steps, options.steps, scratch
        )
        for real in HISTORIES:
            if options.only not in (None, real.name):
                continue
            directory = clone(options.histories, real, scratch)
            if directory is None:
                print(f"SKIPPED: {real.name}: there is no {options.histories}/{real.name}.bundle")
                skipped += len(checks)
                continue
            with landing.Repository(directory) as repo:
                made = History([], real.lane, recursive=True)
                case = order.Case(settings, made, repo, BRANCH, seed=0)
                wrong = list(mismatches(case, checks))
            for mismatch in wrong:
                report(real, mismatch, options.program)
            failed += len(wrong)
            passed += len(checks) - len(wrong)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
