"""Real Alembic on SQLite, with chains that the real program makes from real git histories."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pathlib
import re

import revchain
from support import PROGRAM, Case, Project, load

# What the history of `grow` must give. In date order ff would be second and gg before cc, though a
# database that followed main had bb and cc before either.
LANDED = ["aa", "bb", "cc", "gg", "ff", "dd"]


def grow(project: Project) -> None:
    """Land migrations on main, two of them through merges: a late one, one that had main merged."""
    project.land("aa")
    project.git("switch", "--quiet", "--create", "late")
    project.land("ff")
    project.git("switch", "--quiet", "main")
    project.land("bb")
    project.git("switch", "--quiet", "--create", "updated", "main~1")
    project.land("gg")
    project.merge("main")
    project.git("switch", "--quiet", "main")
    project.land("cc")
    project.merge("updated")
    project.merge("late")
    project.land("dd")


class RealCase(Case):
    def setUp(self) -> None:
        super().setUp()
        if not os.access(PROGRAM, os.X_OK):
            self.fail(f"{PROGRAM} is not there: make")
        self.project = self.make("app")

    def make(self, name: str, module: str = "revchain") -> Project:
        return Project(self.directory / name, module)

    def ship(self, project: Project) -> None:
        """Make the chain file and leave git history behind, as a container build does."""
        project.revchain("build", str(project.versions))
        (project.directory / ".git").rename(self.directory / f"{project.directory.name}.git")

    def log_calls(self, project: Project) -> pathlib.Path:
        """Put a program that logs its calls before the real one; return the log."""
        log = self.directory / "calls"
        program = self.directory / "revchain-logged"
        program.write_text(f'#!/bin/sh\necho "$*" >> {log}\nexec {PROGRAM} "$@"\n')
        program.chmod(0o755)
        project.environment["REVCHAIN"] = str(program)
        return log


class WithChainFile(RealCase):
    def setUp(self) -> None:
        super().setUp()
        grow(self.project)
        self.ship(self.project)

    def test_file(self) -> None:
        """The first parent is null, and the bytes are those of json.dump."""
        chain = dict(zip(LANDED, [None, *LANDED]))
        self.assertEqual(
            self.project.chain_file.read_text(), json.dumps(chain, indent=2, sort_keys=True) + "\n"
        )

    def test_upgrade(self) -> None:
        self.project.alembic("upgrade", "head")
        self.assertEqual(self.project.applied(), LANDED)
        self.assertEqual(self.project.tables(), set(LANDED))
        self.assertEqual(self.project.alembic("current"), "dd (head)\n")

    def test_upgrade_of_a_database_on_the_way(self) -> None:
        """It was at cc before the two merges: nothing is skipped, nothing comes before."""
        self.project.alembic("upgrade", "cc")
        self.assertEqual(self.project.applied(), ["aa", "bb", "cc"])
        self.project.alembic("upgrade", "head")
        self.assertEqual(self.project.applied(), LANDED)

    def test_history_and_heads(self) -> None:
        history = re.findall(r"^(\S+) -> (\w+)", self.project.alembic("history"), re.MULTILINE)
        self.assertEqual(history, list(zip(["<base>", *LANDED], LANDED))[::-1])
        self.assertEqual(self.project.alembic("heads"), "dd (head)\n")

    def test_downgrade(self) -> None:
        self.project.alembic("upgrade", "head")
        self.project.alembic("downgrade", "-2")
        self.assertEqual(self.project.applied(), LANDED[:-2])
        self.assertEqual(self.project.alembic("current"), "gg\n")
        self.project.alembic("downgrade", "base")
        self.assertEqual(self.project.tables(), set())

    def test_offline(self) -> None:
        script = self.project.alembic("upgrade", "head", "--sql")
        self.assertEqual(re.findall(r"CREATE TABLE made_by_(\w+)", script), LANDED)

    def test_stale(self) -> None:
        self.project.write_dynamic("ee")
        done = self.project.alembic_fails_or_not("upgrade", "head")
        self.assertNotEqual(done.returncode, 0)
        self.assert_lines(
            done.stderr,
            f"revchain.errors.StaleChainFile: revision 'ee' not found in migration chain:"
            f" {self.project.chain_file} is older than the migration\n",
            f"hint: make it anew from the full git history:"
            f" revchain build {self.project.versions}\n",
        )
        self.assertEqual(self.project.tables(), set())

    def test_absent(self) -> None:
        self.project.chain_file.unlink()
        done = self.project.alembic_fails_or_not("upgrade", "head")
        self.assertNotEqual(done.returncode, 0)
        self.assert_lines(done.stderr, "revchain.errors.ChainFileMissing: no revision_chain.json")


class WithProgram(RealCase):
    def test_upgrade_asks_once(self) -> None:
        grow(self.project)
        log = self.log_calls(self.project)
        self.project.alembic("upgrade", "head")
        self.assertEqual(self.project.applied(), LANDED)
        self.assertEqual(log.read_text(), f"build -o - {self.project.versions}\n")
        self.assertFalse(self.project.chain_file.exists())

    def test_new_migration(self) -> None:
        """`alembic revision` with our template writes a dynamic migration that comes last."""
        grow(self.project)
        self.project.environment["REVCHAIN"] = PROGRAM
        self.project.alembic("revision", "--rev-id", "ee", "-m", "new")
        text = (self.project.versions / "ee_new.py").read_text()
        self.assert_lines(text, "= get_down_revision(revision)\n", "\nCreate Date: ")
        done = self.project.alembic_fails_or_not("upgrade", "head")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_lines(done.stderr, "revchain: warning: ", "ee_new.py")
        self.assertEqual(self.project.alembic("current"), "ee (head)\n")
        self.assertEqual(self.project.applied(), LANDED)

    def test_merge_of_heads(self) -> None:
        """A merge migration keeps its parents: they are not for git to decide."""
        self.project.write_static("aa", None)
        self.project.write_static("bb", "aa")
        self.project.write_static("cc", "aa")
        self.project.alembic("merge", "heads", "--rev-id", "mm", "-m", "join")
        module = load(self.project.versions / "mm_join.py")
        self.assertEqual(sorted(module.down_revision), ["bb", "cc"])
        self.assertFalse(hasattr(module, "get_down_revision"))
        self.project.land("dd")
        self.project.environment["REVCHAIN"] = PROGRAM
        self.assertEqual(self.project.alembic("heads"), "dd (head)\n")

    def test_base(self) -> None:
        """REVCHAIN_BASE puts first what main has: the order once this branch is merged."""
        if "--base" not in self.project.revchain("build", "--help"):
            self.skipTest("this revchain has no --base")
        self.project.land("aa")
        self.project.git("switch", "--quiet", "--create", "feature")
        self.project.land("bb")
        self.project.git("switch", "--quiet", "main")
        self.project.land("cc")
        self.project.git("switch", "--quiet", "feature")
        self.project.merge("main")
        self.project.environment["REVCHAIN"] = PROGRAM
        self.assertEqual(self.project.alembic("heads"), "cc (head)\n")
        self.project.environment["REVCHAIN_BASE"] = "main"
        self.assertEqual(self.project.alembic("heads"), "bb (head)\n")

    def test_shallow_clone_is_refused(self) -> None:
        grow(self.project)
        clone = self.directory / "clone"
        self.project.git(
            "clone", "--quiet", "--depth=1", f"file://{self.project.directory}", str(clone)
        )
        self.project.directory = clone
        self.project.environment["REVCHAIN"] = PROGRAM
        done = self.project.alembic_fails_or_not("upgrade", "head")
        self.assertNotEqual(done.returncode, 0)
        self.assert_lines(
            done.stderr,
            f"{PROGRAM} build -o - {clone}/migrations/versions: exit status 3\n"
            "revchain: error: this is a shallow clone",
            "\nhint: git fetch --unshallow\n",
        )
        self.assertEqual(self.project.tables(), set())


class Replacement(RealCase):
    """In the place of alembic-git-revisions."""

    def setUp(self) -> None:
        super().setUp()
        os.environ["REVCHAIN"] = PROGRAM

    def test_its_migrations(self) -> None:
        """They stay as they are: a module of that name gives them ours."""
        project = self.make("other", "alembic_git_revisions")
        grow(project)
        self.ship(project)
        (project.directory / "alembic_git_revisions.py").write_text(
            "import sys\n\nimport revchain\n\nsys.modules[__name__] = revchain\n"
        )
        project.environment["PYTHONPATH"] += f"{os.pathsep}{project.directory}"
        project.alembic("upgrade", "head")
        self.assertEqual(project.applied(), LANDED)

    def test_generate_chain_file(self) -> None:
        grow(self.project)
        os.environ["REVCHAIN_BASE"] = "late"
        stdout, stderr = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            revchain.generate_chain_file(self.project.versions)
        file = self.project.chain_file
        self.assertEqual(stdout.getvalue(), f"Generated {file} with {len(LANDED)} revisions\n")
        chain = dict(zip(LANDED, [None, *LANDED]))
        self.assertEqual(json.loads(file.read_text()), chain)
        self.assertEqual(revchain.build_chain(self.project.versions), chain)

    def test_parse_versions_dir(self) -> None:
        self.project.write_static("aa", None)
        self.project.commit("Add aa")
        self.project.land("bb")
        self.project.write_static("cc", "bb")
        self.project.commit("Add cc")
        (self.project.versions / "mm_step.py").write_text(
            "revision = 'mm'\ndown_revision = ('cc', 'bb')\n"
        )
        self.project.write_dynamic("nn")
        with contextlib.redirect_stderr(io.StringIO()):
            migrations = revchain.parse_versions_dir(self.project.versions)
        self.assertEqual(
            migrations,
            [
                revchain.MigrationFile("aa", "aa_step.py", 0, False, ()),
                revchain.MigrationFile("bb", "bb_step.py", 1, True, ()),
                revchain.MigrationFile("cc", "cc_step.py", 2, False, ("bb",)),
                revchain.MigrationFile("mm", "mm_step.py", 3, False, ("cc", "bb")),
                revchain.MigrationFile("nn", "nn_step.py", 3, True, ()),
            ],
        )
