"""Runs the revchain program, for development.

Where the application runs there is a chain file, and no program is needed.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence

from revchain.errors import ProgramFailed


def find() -> str | None:
    """Return the program: `$REVCHAIN` where it is set, else the one on PATH, else None."""
    return os.environ.get("REVCHAIN") or shutil.which("revchain")


def run(program: str, arguments: Sequence[str], directory: str) -> bytes:
    """Run the program in a directory and return its standard output.

    What it says on standard error is passed on. Raises ProgramFailed, with all that the program
    said, when it does not end with status 0.
    """
    command = shlex.join([program, *arguments])
    try:
        done = subprocess.run(
            [program, *arguments], cwd=directory, capture_output=True, check=False
        )
    except OSError as error:
        raise ProgramFailed(f"{command}: {error.strerror} ({error.filename})") from error
    stderr = done.stderr.decode("utf-8", "backslashreplace")
    if done.returncode != 0:
        raise ProgramFailed(
            f"{command}: exit status {done.returncode}\n{stderr.rstrip()}", done.returncode, stderr
        )
    sys.stderr.write(stderr)
    return done.stdout
