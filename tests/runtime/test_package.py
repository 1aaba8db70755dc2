"""The package as pip makes it: built by the same backend, in this process, with no registry."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import unittest
import zipfile

from environments import environment
from support import PACKAGE, TOP, Case

try:
    import hatchling.build
except ImportError:
    hatchling = None


@unittest.skipIf(hatchling is None, "hatchling is missing: apt-get install python3-hatchling")
class Package(Case):
    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(PACKAGE)
        found = re.search(r"^VERSION = (.+)$", (TOP / "Makefile").read_text(), re.MULTILINE)
        assert found is not None
        self.version = found.group(1)

    def test_wheel(self) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            name = hatchling.build.build_wheel(str(self.directory))
        with zipfile.ZipFile(self.directory / name) as wheel:
            wheel.extractall(self.directory / "site")
            names = wheel.namelist()
        metadata = (self.directory / f"site/revchain-{self.version}.dist-info/METADATA").read_text()
        self.assert_lines(metadata, f"Version: {self.version}\n", "Requires-Python: >=3.9\n")
        self.assertNotIn("Requires-Dist", metadata)
        templates = ("templates/script.py.mako", "templates/multidb/script.py.mako")
        for name in ("py.typed", "__init__.py", "__main__.py", "guard.py", *templates):
            self.assertIn(f"revchain/{name}", names)
        code = "import revchain; print(revchain.__file__)"
        environment = {"PYTHONPATH": str(self.directory / "site")}
        command = [sys.executable, "-c", code]
        output = subprocess.check_output(command, cwd=self.directory, env=environment, text=True)
        self.assertEqual(output, f"{self.directory}/site/revchain/__init__.py\n")

    def test_pip_install(self) -> None:
        """As README says, with pip, from the tree."""
        python = environment("package", "hatchling")
        options = ["--quiet", "--no-deps", "--no-build-isolation", "--target", str(self.directory)]
        subprocess.run([str(python), "-m", "pip", "install", *options, str(PACKAGE)], check=True)
        file = self.write("app/versions/bb_x.py", "")
        self.write_chain("app/revision_chain.json", {"bb": "aa"})
        code = f"import revchain; print(revchain.get_down_revision('bb', {str(file.parent)!r}))"
        output = subprocess.check_output([str(python), "-c", code], cwd=self.directory, text=True)
        self.assertEqual(output, "aa\n")
