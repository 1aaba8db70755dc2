"""The runbook for "Multiple head revisions are present", end to end with the real Alembic."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess

import alembic
from support import PACKAGE, PROGRAM, Case, Project


class StaticProject(Project):
    """A project whose migrations name their parents, with the template that `alembic init` makes."""

    def __init__(self, directory: pathlib.Path):
        super().__init__(directory)
        template = pathlib.Path(alembic.__file__).parent / "templates/generic/script.py.mako"
        shutil.copy(template, directory / "migrations/script.py.mako")
        self.environment = {}

    def land_static(self, revision: str, parent: str | None) -> None:
        self.write_static(revision, parent)
        self.commit(f"Add {revision}")

    def judged(self, *arguments: str) -> tuple[int, str]:
        """Return the exit status of revchain, and what it says."""
        done = subprocess.run(
            [PROGRAM, *arguments], cwd=self.directory, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr


class Runbook(Case):
    def setUp(self) -> None:
        super().setUp()
        self.project = StaticProject(self.directory)
        self.project.land_static("aaaa", None)
        self.project.git("checkout", "--quiet", "-b", "invoices")
        self.project.land_static("bbbb", "aaaa")
        self.project.git("checkout", "--quiet", "-b", "users", "main")
        self.project.land_static("cccc", "aaaa")

    def collide(self) -> None:
        """See it before the merge; merge both branches into main, and see what everyone sees then."""
        status, said = self.project.judged("check", "--strict", "--branches", "invoices")
        self.assertEqual(status, 1)
        self.assert_lines(said, "invoices", "bbbb_step.py", "cccc_step.py")
        self.project.git("checkout", "--quiet", "main")
        self.project.merge("invoices")
        self.project.merge("users")
        done = self.project.alembic_fails_or_not("upgrade", "head")
        self.assertNotEqual(done.returncode, 0)
        self.assert_lines(done.stdout + done.stderr, "Multiple head revisions are present")
        status, said = self.project.judged("check")
        self.assertEqual(status, 1)
        self.assert_lines(said, "there are 2 heads", "bbbb", "cccc")

    def assert_mended(self, *chain: str) -> None:
        """Everything is well: `check` is clean, and Alembic upgrades, as SQL and on a database.

        `chain`: the order, where there is only one.
        """
        status, said = self.project.judged("check", "--strict")
        self.assertEqual(status, 0, said)
        sql = self.project.alembic("upgrade", "head", "--sql")
        self.project.alembic("upgrade", "head")
        applied = self.project.applied()
        self.assertEqual(sorted(applied), ["aaaa", "bbbb", "cccc"])
        self.assertEqual(applied, re.findall(r"\+ 1, '(\w+)' FROM applied", sql))
        self.assertIn(chain, [(), tuple(applied)])
        self.assertEqual(len(self.project.alembic("heads").splitlines()), 1)

    def test_merge(self) -> None:
        """The command that `check` names writes what mends it."""
        self.collide()
        said = self.project.judged("check")[1]
        hint = re.search(r"revchain (merge -m) \"(merge heads)\" (\w+) (\w+)", said)
        assert hint is not None
        self.project.revchain(*hint.group(1).split(), *hint.group(2, 3, 4))
        self.project.commit("Merge heads")
        self.assert_mended()

    def test_repoint(self) -> None:
        """Before the merge, the branch that is late moves its migration, and no merge migration is needed."""
        self.project.git("checkout", "--quiet", "main")
        self.project.merge("invoices")
        self.project.git("checkout", "--quiet", "users")
        self.project.revchain("repoint", "cccc", "--onto", "main")
        self.project.commit("Move cccc")
        self.project.git("checkout", "--quiet", "main")
        self.project.merge("users")
        self.assert_mended("aaaa", "bbbb", "cccc")

    def test_adopt(self) -> None:
        """After the merge the late one goes dynamic, and so does what is new from then on."""
        self.project.git("checkout", "--quiet", "main")
        self.project.merge("invoices")
        base = self.project.git("rev-parse", "HEAD").strip()
        self.project.merge("users")
        self.project.environment = {"PYTHONPATH": str(PACKAGE)}
        self.project.revchain("adopt", "--base", base)
        self.project.commit("Adopt")
        self.project.revchain("build")
        self.assert_mended("aaaa", "bbbb", "cccc")
        self.project.chain_file.unlink()  # as in development, where the program is asked
        self.project.environment["REVCHAIN"] = PROGRAM
        self.project.alembic("revision", "-m", "one more", "--rev-id", "dddd")
        made = (self.project.versions / "dddd_one_more.py").read_text()
        self.assert_lines(
            made, "from revchain import", "down_revision = get_down_revision(revision)"
        )
