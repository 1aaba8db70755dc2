"""The incident that revchain exists for, on a real PostgreSQL, from the commits to the tables.

Production is at bb. Somebody's fa was written before bb and arrives after it. Where the chain puts
fa before bb, Alembic takes it for applied, says nothing, and the table is never made.
"""

from __future__ import annotations

import subprocess
import unittest

import sqlalchemy as sa
from databases import PostgreSQL, server
from guarded import ENV_PY, GUARD_CONFIGURE, GUARD_VERIFY, run_script
from sqlalchemy.pool import NullPool
from support import PROGRAM, TOP, Case, Project

SKIPPED = "revchain.errors.SkippedMigration: "


class Incident(Case):
    def setUp(self) -> None:
        super().setUp()
        try:
            self.url = server(PostgreSQL).empty()
        except unittest.SkipTest as reason:
            print(f"SKIP  {self.id()}: on SQLite instead of PostgreSQL: {reason}")
            self.url = f"sqlite:///{self.directory}/production.db"
        self.project = Project(self.directory / "app")
        ini = self.project.directory / "alembic.ini"
        ini.write_text(ini.read_text() + f"sqlalchemy.url = {self.url}\n")
        self.guard()
        with open(self.project.directory / ".gitignore", "a") as ignored:
            ignored.write("revision_chain.json\n")

    def guard(self, guarded: bool = True) -> None:
        """Write env.py with the guard's two lines or without."""
        configure, verify = (GUARD_CONFIGURE, GUARD_VERIFY) if guarded else ("", "pass")
        env_py = ENV_PY.format(configure=configure, verify=verify)
        (self.project.directory / "migrations/env.py").write_text(env_py)

    def deploy(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Build the chain as a pipeline does, and upgrade production with it."""
        self.project.revchain("build", *options, str(self.project.versions))
        return self.project.alembic_fails_or_not("upgrade", "head")

    def assert_deployed(self, deploy: subprocess.CompletedProcess[str], *revisions: str) -> None:
        """It succeeded, and these are the tables of production now."""
        self.assertEqual(deploy.returncode, 0, deploy.stderr)
        with sa.create_engine(self.url, poolclass=NullPool).connect() as connection:
            tables = sa.inspect(connection).get_table_names()
        made = {table[len("made_by_") :] for table in tables if table.startswith("made_by_")}
        self.assertEqual(made, set(revisions))

    def assert_stopped(self, deploy: subprocess.CompletedProcess[str]) -> None:
        """The guard ended it, and said what was skipped."""
        self.assertNotEqual(deploy.returncode, 0)
        self.assert_lines(deploy.stderr, f"{SKIPPED}this database is at bb ", " before that: fa; ")

    def go_to_production_at_bb(self) -> str:
        """Land aa and bb on main and deploy them; fa is on a branch since aa. Return main."""
        self.project.land("aa")
        self.project.git("switch", "--quiet", "--create", "feature")
        self.project.land("fa")
        self.project.git("switch", "--quiet", "main")
        self.project.land("bb")
        self.assert_deployed(self.deploy(), "aa", "bb")
        return self.project.git("rev-parse", "HEAD").strip()

    def merge_late(self) -> None:
        self.project.merge("feature")

    def update_branch_and_merge(self) -> None:
        self.project.git("switch", "--quiet", "feature")
        self.project.merge("main")
        self.project.git("switch", "--quiet", "main")
        self.project.merge("feature")

    def pull_foxtrot(self) -> None:
        """Pull main into a local main that has fa, and push: main's own line is another now."""
        self.project.git("switch", "--quiet", "feature")
        self.project.merge("main")
        self.project.git("branch", "--force", "main", "feature")
        self.project.git("switch", "--quiet", "main")

    def test_plain_alembic_skips_in_silence(self) -> None:
        """In the order of either git command, without the guard."""
        self.guard(False)
        self.go_to_production_at_bb()
        self.update_branch_and_merge()
        for order in ("--order=date", "--order=topo"):
            deploy = self.deploy(order)
            self.assert_deployed(deploy, "aa", "bb")
            self.assertNotIn("fa", deploy.stderr + deploy.stdout)
            self.assertEqual(self.project.alembic("current"), "bb (head)\n")

    def test_date_order_and_a_late_merge(self) -> None:
        self.go_to_production_at_bb()
        self.merge_late()
        self.assert_stopped(self.deploy("--order=date"))
        self.assert_deployed(self.deploy(), "aa", "bb", "fa")

    def test_topological_order_and_update_branch(self) -> None:
        self.go_to_production_at_bb()
        self.update_branch_and_merge()
        self.assert_stopped(self.deploy("--order=topo"))
        self.assert_deployed(self.deploy(), "aa", "bb", "fa")

    def test_foxtrot_merge(self) -> None:
        """Landing order is another after it: the gate stops the build, else the guard the deploy."""
        released = self.go_to_production_at_bb()
        self.pull_foxtrot()
        deploy = self.deploy()
        self.assert_stopped(deploy)
        self.assert_in_readme(deploy.stderr[deploy.stderr.index(SKIPPED) :])
        self.assert_deployed(self.finish_by_script(), "aa", "bb", "fa")

        help_text = subprocess.run([PROGRAM, "check", "--help"], capture_output=True, check=False)
        if b"--since" not in help_text.stdout:
            self.skipTest("this revchain has no check --since")
        self.project.git("tag", "v1", released)
        check = subprocess.run(
            [PROGRAM, "check", "--since", "v1", "migrations/versions"],
            cwd=self.project.directory,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(check.returncode, 4, check.stderr)
        self.assert_in_readme(check.stderr.partition("\n\n")[0])

    def assert_in_readme(self, output: str) -> None:
        readme = (TOP / "README.md").read_text().splitlines()
        for line in output.splitlines():
            self.assertIn(line, readme)

    def finish_by_script(self) -> subprocess.CompletedProcess[str]:
        """Do what the guard's first hint says, and deploy again."""
        run_script(self.url, self.project.alembic("upgrade", "aa:fa", "--sql"))
        return self.project.alembic_fails_or_not("upgrade", "head")
