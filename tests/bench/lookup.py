#!/usr/bin/python3
"""What the look-up costs: `alembic heads` with dynamic migrations, against literal parents.

Two projects with the same migrations, as Alembic's generic template writes them: in one each calls
get_down_revision(), and there is a chain file; in the other each names its parent. The commands
take turns in one run, and what is timed is the processor's time, which other processes on the
machine disturb less. The package is compiled, as pip installs it, and the migrations are from the
second run on, as Python does. The output is a markdown table: the medians, and the median of the
rounds' own ratios.

    tests/bench/lookup.py [--rounds N] [--migrations N] [PYTHON...]

Each PYTHON is one that has Alembic (default: the one that runs this).
"""

import argparse
import hashlib
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import measure

PACKAGE = pathlib.Path(measure.ROOT) / "src/python"

MIGRATION = '''\
"""Step {number} of the project

Revision ID: {revision}
Create Date: 2024-01-01 00:00:00.{number:06}

"""
from typing import Sequence, Union

from alembic import op
{imported}import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = {revision!r}
down_revision: Union[str, Sequence[str], None] = {parent}
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table("table_{number}", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("table_{number}")
'''


def write(directory: pathlib.Path, migrations: int, dynamic: bool) -> str:
    """Write a project; return its head."""
    versions = directory / "migrations/versions"
    versions.mkdir(parents=True)
    (directory / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    (directory / "migrations/env.py").touch()
    chain: dict[str, str | None] = {}
    revision = None
    for number in range(migrations):
        parent = revision
        revision = hashlib.sha256(str(number).encode()).hexdigest()[:12]
        chain[revision] = parent
        text = MIGRATION.format(
            number=number,
            revision=revision,
            parent="get_down_revision(revision)" if dynamic else repr(parent),
            imported="from revchain import get_down_revision\n" if dynamic else "",
        )
        (versions / f"{revision}_step.py").write_text(text)
    if dynamic:
        (directory / "migrations/revision_chain.json").write_text(json.dumps(chain))
    return str(revision)


def install(python: str, directory: pathlib.Path) -> None:
    """Put the package into a directory, compiled, as pip does."""
    shutil.copytree(PACKAGE / "revchain", directory / "revchain")
    subprocess.run([python, "-m", "compileall", "-q", directory], check=True)


def heads(python: str, package: pathlib.Path, directory: pathlib.Path) -> tuple[float, str]:
    """Run `alembic heads`; return the processor's seconds, and what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(package), "PYTHONHASHSEED": "0"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(
        [python, "-m", "alembic", "heads"],
        cwd=directory,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"exit status {process.returncode} from alembic heads")
    return usage.ru_utime + usage.ru_stime, printed


def versions(python: str) -> str:
    code = "import platform, alembic; print(platform.python_version(), alembic.__version__)"
    return subprocess.check_output([python, "-c", code], text=True).strip().replace(" ", " | ")


def compare(python: str, migrations: int, rounds: int) -> dict[str, list[float]]:
    """Time both projects in turn."""
    with tempfile.TemporaryDirectory(prefix="revchain-bench-") as scratch:
        todo = {}
        package = pathlib.Path(scratch, "package")
        install(python, package)
        for kind in ("literal", "dynamic"):
            directory = pathlib.Path(scratch, kind)
            head = write(directory, migrations, kind == "dynamic")
            if heads(python, package, directory)[1] != f"{head} (head)\n":
                raise SystemExit(f"{kind}: not the head that was written")
            todo[kind] = lambda directory=directory: heads(python, package, directory)[0]
        return measure.in_turn(todo, rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--migrations", type=int, default=1000)
    parser.add_argument("python", nargs="*", default=[sys.executable])
    options = parser.parse_args()
    print(f"`alembic heads`, {options.migrations} migrations, {options.rounds} rounds")
    print(f"on {measure.machine()}\n")
    print("| Python | Alembic | literal parents | get_down_revision() | ratio |")
    print("|---|---|---:|---:|---:|")
    for python in options.python:
        times = compare(python, options.migrations, options.rounds)
        literal, dynamic = (
            f"{statistics.median(times[kind]) * 1000:.0f} ms" for kind in ("literal", "dynamic")
        )
        cost = measure.ratio(times["dynamic"], times["literal"])
        print(f"| {versions(python)} | {literal} | {dynamic} | {cost:.3f} |", flush=True)


if __name__ == "__main__":
    main()
