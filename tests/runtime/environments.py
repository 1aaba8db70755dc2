"""Virtual environments with packages from PyPI, made once and kept under the build directory."""

from __future__ import annotations

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import unittest

from support import TOP

BUILD = TOP / os.environ.get("B", "build")
PIP = ("pip", "--quiet", "--disable-pip-version-check")


def environment(name: str, *requirements: str) -> pathlib.Path:
    """Return the Python of an environment with these packages; skip the test without PyPI."""
    directory = BUILD / "venv" / name
    wanted = hashlib.sha256("\n".join([sys.version, *requirements]).encode()).hexdigest()
    stamp = directory / "made-of"
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(directory, ignore_errors=True)
        _run(sys.executable, "-m", "venv", str(directory))
        _run(str(directory / "bin/python"), "-m", *PIP, "install", *requirements)
        stamp.write_text(wanted)
    return directory / "bin/python"


def source(python: pathlib.Path, name: str, version: str) -> pathlib.Path:
    """Return the unpacked source package of a project on PyPI."""
    directory = BUILD / "source" / f"{name}-{version}"
    if not directory.is_dir():
        download = directory.with_suffix(".download")
        shutil.rmtree(download, ignore_errors=True)
        options = [
            "--no-deps",
            "--no-binary",
            ":all:",
            "--no-build-isolation",
            "--dest",
            str(download),
        ]
        _run(str(python), "-m", *PIP, "download", *options, f"{name}=={version}")
        (archive,) = download.glob("*.tar.gz")
        with tarfile.open(archive) as opened:
            opened.extractall(download)
        (unpacked,) = (path for path in download.iterdir() if path.is_dir())
        unpacked.rename(directory)
        shutil.rmtree(download)
    return directory


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise unittest.SkipTest(
            f"{' '.join(command)}: {(done.stderr or done.stdout).strip().splitlines()[-1:]}"
        )
