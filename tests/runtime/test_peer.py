"""Both ways with alembic-git-revisions: its tests, its migrations, its file, its names."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import inspect
import io
import os
import pathlib
import subprocess
import sys
import types
import unittest

import revchain
from environments import environment, source
from support import PACKAGE, PROGRAM, Case, Project

VERSION = "13"
TESTS = 39
LANDED = ["aa", "bb", "cc", "dd"]


class Peer(Case):
    @classmethod
    def setUpClass(cls) -> None:
        if sys.version_info < (3, 11):
            raise unittest.SkipTest("alembic-git-revisions wants Python 3.11")
        cls.python = environment("peer", "pytest", "hatchling", "hatch-vcs", "alembic")
        cls.source = source(cls.python, "alembic-git-revisions", VERSION)

    def setUp(self) -> None:
        super().setUp()
        os.environ["REVCHAIN"] = PROGRAM

    def make(self, module: str) -> Project:
        project = Project(self.directory / module, module)
        project.write_static("aa", None)
        project.commit("Add aa")
        for revision in LANDED[1:]:
            project.land(revision)
        project.environment["PYTHONPATH"] = f"{PACKAGE}{os.pathsep}{self.source}"
        return project

    def generate(self, project: Project, module: str) -> bytes:
        """Have a package write the chain file, and leave the history behind."""
        code = f"import {module}, pathlib; {module}.generate_chain_file(pathlib.Path('migrations/versions'))"
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=project.directory,
            env={**os.environ, **project.environment},
            check=True,
            capture_output=True,
        )
        (project.directory / ".git").rename(self.directory / f"{project.module}.git")
        return project.chain_file.read_bytes()

    def test_its_own_tests(self) -> None:
        """All of them pass with landing order and revchain's chain."""
        here = pathlib.Path(__file__).parent
        done = subprocess.run(
            [
                str(self.python),
                "-m",
                "pytest",
                "-q",
                "-p",
                "peer_order",
                "-p",
                "no:cacheprovider",
                "tests",
            ],
            cwd=self.source,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(here), str(PACKAGE), str(self.source)]),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, rf"(?m)^{TESTS} passed\b")

    def test_its_migrations_with_our_file(self) -> None:
        project = self.make("alembic_git_revisions")
        self.generate(project, "revchain")
        project.alembic("upgrade", "head")
        self.assertEqual(project.applied(), LANDED)

    def test_our_migrations_with_its_file(self) -> None:
        project = self.make("revchain")
        self.generate(project, "alembic_git_revisions")
        project.alembic("upgrade", "head")
        self.assertEqual(project.applied(), LANDED)

    def test_same_bytes(self) -> None:
        files = {
            self.generate(self.make(module), module)
            for module in ("revchain", "alembic_git_revisions")
        }
        self.assertEqual(len(files), 1, files)

    def test_names(self) -> None:
        """`import revchain as alembic_git_revisions` is enough."""
        theirs = self.load()
        names = {
            name
            for name, value in vars(theirs).items()
            if not name.startswith("_") and not isinstance(value, types.ModuleType)
        } - {"annotations"}
        self.assertEqual(names - set(revchain.__all__), set())
        self.assertEqual(revchain.CHAIN_FILENAME, theirs.CHAIN_FILENAME)
        for name in ("get_down_revision", "generate_chain_file", "parse_versions_dir"):
            ours = inspect.signature(getattr(revchain, name))
            self.assertEqual(
                [str(p).partition(":")[0] for p in ours.parameters.values()],
                [
                    str(p).partition(":")[0]
                    for p in inspect.signature(getattr(theirs, name)).parameters.values()
                ],
            )
        self.assertEqual(
            [field.name for field in dataclasses.fields(revchain.MigrationFile)],
            [field.name for field in dataclasses.fields(theirs.MigrationFile)],
        )

    def test_same_answers(self) -> None:
        theirs = self.load()
        project = self.make("revchain")
        project.write_dynamic("ff")
        project.write_dynamic("ee")
        self.enterContext(contextlib.redirect_stderr(io.StringIO()))
        self.assertEqual(
            revchain.build_chain(project.versions), theirs.build_chain(project.versions)
        )
        self.assertEqual(
            [dataclasses.astuple(file) for file in revchain.parse_versions_dir(project.versions)],
            [dataclasses.astuple(file) for file in theirs.parse_versions_dir(project.versions)],
        )
        for revision in (*LANDED[1:], "ee", "ff"):
            self.assertEqual(
                revchain.get_down_revision(revision, project.versions),
                theirs.get_down_revision(revision, project.versions),
            )
        for module in (revchain, theirs):
            with self.assertRaisesRegex(ValueError, "not found in migration chain"):
                module.get_down_revision("nowhere", project.versions)

    def load(self) -> types.ModuleType:
        sys.path.insert(0, str(self.source))
        self.addCleanup(sys.path.remove, str(self.source))
        return importlib.import_module("alembic_git_revisions")
