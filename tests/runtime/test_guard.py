"""The guard in env.py, on SQLite and on a real PostgreSQL and MariaDB."""

from __future__ import annotations

import re

import revchain
import sqlalchemy as sa
from alembic.util import CommandError
from guarded import (
    GUARD_VERIFY,
    GuardCase,
    GuardedProject,
    OnMariaDB,
    OnPostgreSQL,
)

FAILS = 'raise RuntimeError("the migration fails")'
DIES = "import os\nos._exit(9)"


class Record(GuardCase):
    """What is applied is recorded, and nothing else."""

    def test_upgrade_and_downgrade(self) -> None:
        self.project.chain("aa", "bb", "cc")
        self.project.upgrade("bb")
        self.assert_true_record(aa="applied", bb="applied")
        self.project.upgrade()
        self.assert_true_record(aa="applied", bb="applied", cc="applied")
        self.project.alembic("downgrade", "aa")
        self.assert_true_record(aa="applied")
        self.project.upgrade()
        self.assert_true_record(aa="applied", bb="applied", cc="applied")
        self.project.alembic("downgrade", "base")
        self.assert_true_record()
        self.project.upgrade()
        self.assert_true_record(aa="applied", bb="applied", cc="applied")

    def test_when(self) -> None:
        """The database's own clock says when."""
        self.project.chain("aa")
        self.project.upgrade()
        rows = self.project.query(
            "SELECT COUNT(*) FROM revchain_applied WHERE recorded_at IS NOT NULL"
            " AND recorded_by IS NULL AND reason IS NULL"
        )
        self.assertEqual(rows, [(2,)])

    def test_case_of_letters(self) -> None:
        """MySQL takes aa and AA for the same, if it is let."""
        self.project.write("AA", "None", after="pass")
        self.project.write("aa", "'AA'", before="return")
        self.project.upgrade()
        self.assertEqual(self.project.recorded(), {"AA": "applied", "aa": "applied"})

    def test_branches_dependencies_and_merge(self) -> None:
        self.project.write("aa", "None")
        self.project.write("bb", "'aa'", branch_labels="one")
        self.project.write("cc", "'aa'", branch_labels="two")
        self.project.write("xx", "None", branch_labels="other", depends_on="bb")
        self.project.upgrade("other@head")
        self.assert_true_record(aa="applied", bb="applied", xx="applied")
        self.project.upgrade("heads")
        self.assert_true_record(aa="applied", bb="applied", cc="applied", xx="applied")
        self.project.write("mm", "('bb', 'cc')")
        self.project.upgrade("heads")
        every = dict.fromkeys(("aa", "bb", "cc", "mm", "xx"), "applied")
        self.assert_true_record(**every)
        self.project.alembic("downgrade", "one@bb")
        self.assertEqual(self.project.tables(), set(self.project.recorded()))
        self.project.upgrade("heads")
        self.assert_true_record(**every)

    def test_failed_migration(self) -> None:
        """Where DDL is part of the transaction, all goes; else the ones before stay."""
        self.project.write("bb", after=FAILS)
        self.project.chain("aa", "bb", "cc")
        with self.assertRaisesRegex(RuntimeError, "the migration fails"):
            self.project.upgrade()
        if self.transactional:
            self.assertEqual(self.project.tables(), set())
            with self.assertRaises(sa.exc.ProgrammingError):
                self.project.recorded()
        else:
            self.assertEqual(self.project.recorded(), {"aa": "applied"})
            self.assertEqual(self.project.versions(), {"aa"})
            self.project.execute("DROP TABLE made_by_bb")
        self.project.write("bb")
        self.project.upgrade()
        self.assert_true_record(aa="applied", bb="applied", cc="applied")

    def test_failed_migration_in_its_own_transaction(self) -> None:
        self.project.options["transaction_per_migration"] = True
        self.project.write("cc", after=FAILS)
        self.project.chain("aa", "bb", "cc")
        with self.assertRaisesRegex(RuntimeError, "the migration fails"):
            self.project.upgrade()
        self.assertEqual(self.project.recorded(), {"aa": "applied", "bb": "applied"})
        self.assertEqual(self.project.versions(), {"bb"})
        self.assertEqual("cc" in self.project.tables(), not self.transactional)

    def test_failed_downgrade(self) -> None:
        self.project.chain("aa", "bb")
        self.project.upgrade()
        self.project.execute("DROP TABLE made_by_aa")
        with self.assertRaises(sa.exc.DBAPIError):
            self.project.alembic("downgrade", "base")
        self.assertEqual(self.project.versions(), set(self.project.recorded()) - {"aa"} or {"aa"})

    def test_process_that_dies(self) -> None:
        """Wherever it ends, the record is that of the version."""
        self.project.options["transaction_per_migration"] = True
        for place, lines in (("before", {"before": DIES}), ("after", {"after": DIES})):
            with self.subTest(place):
                self.project = GuardedProject(self.directory / place, self.empty_database())
                self.project.write("bb", **lines)
                self.project.chain("aa", "bb", "cc")
                self.project.upgrade("aa")
                self.assertEqual(self.project.start("upgrade", "head").wait(), (9, ""))
                self.assertEqual(self.project.recorded(), {"aa": "applied"})
                self.assertEqual(self.project.versions(), {"aa"})

    def test_stamp(self) -> None:
        self.project.chain("aa", "bb", "cc", "dd")
        self.project.upgrade("aa")
        self.project.alembic("stamp", "cc")
        self.assertEqual(
            self.project.recorded(), {"aa": "applied", "bb": "stamped", "cc": "stamped"}
        )
        self.project.upgrade()
        self.assertEqual(self.project.recorded()["dd"], "applied")
        self.project.alembic("stamp", "bb")
        self.assertEqual(self.project.recorded(), {"aa": "applied", "bb": "stamped"})
        self.project.alembic("stamp", "base")
        self.assertEqual(self.project.recorded(), {})

    def test_stamp_of_branches(self) -> None:
        self.project.write("aa", "None")
        self.project.write("bb", "'aa'")
        self.project.write("cc", "'aa'")
        self.project.alembic("stamp", "heads")
        every = dict.fromkeys(("aa", "bb", "cc"), "stamped")
        self.assertEqual(self.project.recorded(), every)
        self.project.write("mm", "('bb', 'cc')")
        self.project.upgrade("heads")
        self.assertEqual(self.project.recorded(), {**every, "mm": "applied"})
        self.project.alembic("stamp", "bb")
        self.assertEqual(self.project.recorded(), {"aa": "stamped", "bb": "stamped"})

    def test_stamp_purge(self) -> None:
        """It is let through whatever the version is, and leaves what it says."""
        self.project.chain("aa", "bb", "cc")
        self.project.upgrade()
        self.project.execute("UPDATE alembic_version SET version_num = 'unknown'")
        with self.assertRaises(CommandError):
            self.project.upgrade()
        self.project.alembic("stamp", "bb", purge=True)
        self.assertEqual(self.project.recorded(), {"aa": "applied", "bb": "applied"})

    def test_without_verify(self) -> None:
        """`record` alone takes the baseline when it is first called."""
        self.project.chain("aa", "bb", "cc")
        self.project.unguard()
        self.project.upgrade("aa")
        self.project.guard(verify="")
        self.project.upgrade("cc")
        self.assert_true_record(aa="baseline", bb="applied", cc="applied")
        self.project.guard()
        self.project.chain("aa", "bb", "fa", "cc")
        with self.assertRaises(revchain.SkippedMigration):
            self.project.upgrade()


class Verify(GuardCase):
    def skip_one(self) -> None:
        """Production is at bb when fa comes to stand before it."""
        self.project.chain("aa", "bb")
        self.project.upgrade()
        self.project.chain("aa", "fa", "bb", "cc")

    def test_plain_alembic_says_nothing(self) -> None:
        self.project.unguard()
        self.skip_one()
        self.project.upgrade()
        self.assertEqual(self.project.tables(), {"aa", "bb", "cc"})

    def test_skipped(self) -> None:
        self.skip_one()
        for name, arguments in (
            ("upgrade", ["head"]),
            ("downgrade", ["aa"]),
            ("stamp", ["head"]),
            ("current", []),
        ):
            with self.subTest(name), self.assertRaises(revchain.SkippedMigration) as caught:
                self.project.alembic(name, *arguments)
            self.assertEqual(caught.exception.heads, ("bb",))
            self.assertEqual(caught.exception.skipped, ("fa",))
        self.assert_lines(
            str(caught.exception),
            "this database is at bb and never had what the chain puts before that: fa;"
            " Alembic skips it and says nothing\n",
            "alembic upgrade aa:fa --sql\n",
            "python -m revchain mark fa --reason TEXT\n",
        )
        self.assert_true_record(aa="applied", bb="applied")

    def test_several_are_named_in_order(self) -> None:
        self.project.chain("aa", "bb")
        self.project.upgrade()
        self.project.chain("zz", "aa", "ff", "dd", "bb", "cc")
        with self.assertRaises(revchain.SkippedMigration) as caught:
            self.project.upgrade()
        self.assertEqual(caught.exception.skipped, ("zz", "ff", "dd"))

    def test_later_ones_are_not_skipped(self) -> None:
        self.project.chain("aa", "bb")
        self.project.upgrade()
        self.project.chain("aa", "bb", "fa")
        self.project.upgrade()
        self.assert_true_record(aa="applied", bb="applied", fa="applied")

    def test_way_out_by_script(self) -> None:
        """What the hint prints applies the migration and records it."""
        self.skip_one()
        script = self.project.alembic("upgrade", "aa:fa", sql=True)
        self.project.run_script(script)
        self.assertEqual(self.project.versions(), {"bb"})
        self.project.upgrade()
        self.assert_true_record(aa="applied", bb="applied", cc="applied", fa="applied")

    def test_way_out_by_the_order(self) -> None:
        self.skip_one()
        self.project.chain("aa", "bb", "fa", "cc")
        self.project.upgrade()
        self.assert_true_record(aa="applied", bb="applied", cc="applied", fa="applied")

    def test_skip_on_a_branch(self) -> None:
        self.project.write("aa", "None")
        self.project.write("xx", "None")
        self.project.upgrade("heads")
        self.project.write("pp", "None")
        self.project.write("xx", "'pp'")
        with self.assertRaises(revchain.SkippedMigration) as caught:
            self.project.upgrade("heads")
        self.assertEqual(caught.exception.heads, ("aa", "xx"))
        self.assertEqual(caught.exception.skipped, ("pp",))

    def test_skipped_dependency(self) -> None:
        self.project.write("aa", "None")
        self.project.write("xx", "None")
        self.project.upgrade("xx")
        self.project.write("xx", "None", depends_on="aa")
        with self.assertRaises(revchain.SkippedMigration) as caught:
            self.project.upgrade("heads")
        self.assertEqual(caught.exception.skipped, ("aa",))

    def test_baseline(self) -> None:
        """What the database had before the guard is taken for applied; after that, nothing is."""
        self.project.unguard()
        self.project.chain("aa", "bb")
        self.project.upgrade()
        self.project.guard()
        self.project.upgrade()
        self.assert_true_record(aa="baseline", bb="baseline")
        self.project.chain("aa", "fa", "bb", "cc")
        with self.assertRaises(revchain.SkippedMigration) as caught:
            self.project.upgrade()
        self.assertEqual(caught.exception.skipped, ("fa",))

    def test_baseline_is_taken_with_the_upgrade(self) -> None:
        self.project.unguard()
        self.project.chain("aa", "bb", "cc")
        self.project.upgrade("bb")
        self.project.guard()
        self.project.upgrade()
        self.assert_true_record(aa="baseline", bb="baseline", cc="applied")

    def test_unrecorded_upgrade(self) -> None:
        """A deploy with an env.py that lacks the guard is noticed by the next that has it."""
        for baseline in ("base", "aa"):
            with self.subTest(baseline):
                self.project = GuardedProject(self.directory / baseline, self.empty_database())
                self.project.chain("aa", "bb", "cc")
                self.project.upgrade(baseline)
                self.project.alembic("downgrade", baseline)
                self.project.unguard()
                self.project.upgrade("bb")
                self.project.guard()
                with self.assertRaises(revchain.SkippedMigration) as caught:
                    self.project.upgrade()
                self.assertEqual(caught.exception.skipped[-1], "bb")
                self.assert_lines(
                    str(caught.exception), "this database came to bb without revchain.record"
                )

    def test_current_writes_nothing(self) -> None:
        self.project.unguard()
        self.project.chain("aa")
        self.project.upgrade()
        self.project.guard()
        self.assertEqual(self.project.alembic("current"), "aa (head)\n")
        with self.project.connect() as connection:
            self.assertNotIn("revchain_applied", sa.inspect(connection).get_table_names())

    def test_autogenerate_leaves_the_table_alone(self) -> None:
        self.project.write("aa", before="return")
        self.project.write_chain("aa", "bb")
        self.project.upgrade()
        self.project.execute("CREATE TABLE unknown_to_the_models (id INTEGER PRIMARY KEY)")
        seen = []
        self.project.options["target_metadata"] = sa.MetaData()
        self.project.options["include_name"] = lambda name, *_: seen.append(name) or True
        self.project.alembic("revision", message="new", autogenerate=True, rev_id="bb")
        text = (self.project.migrations / "versions/bb_new.py").read_text()
        self.assertEqual(re.findall(r"drop_table\(['\"](\w+)", text), ["unknown_to_the_models"])
        self.assertIn("unknown_to_the_models", seen)

    def test_two_projects_in_one_database(self) -> None:
        """They have the same ids, and version tables of their own."""
        other = GuardedProject(self.directory, self.project.url, "other")
        other.options["version_table"] = "other_version"
        for project in (self.project, other):
            project.write("aa", "None", before="return")
            project.write("bb", "'aa'", before="return")
        self.project.upgrade()
        other.upgrade("aa")
        self.assertEqual(self.project.recorded(), {"aa": "applied", "bb": "applied"})
        self.assertEqual(self.project.recorded("other_version"), {"aa": "applied"})
        other.unguard()
        other.upgrade()
        other.guard()
        with self.assertRaises(revchain.SkippedMigration):
            other.upgrade()
        self.project.upgrade()

    def test_too_early(self) -> None:
        self.project.chain("aa")
        text = (self.project.migrations / "env.py").read_text()
        configure = "        context.configure(connection"
        self.assertIn(configure, text)
        text = text.replace(configure, f"        {GUARD_VERIFY}\n{configure}")
        (self.project.migrations / "env.py").write_text(text)
        with self.assertRaisesRegex(revchain.GuardMisused, r"before context\.configure\(\)"):
            self.project.upgrade()
        self.assertEqual(self.project.tables(), set())

    def test_without_record(self) -> None:
        self.project.chain("aa")
        self.project.guard(configure="")
        with self.assertRaisesRegex(revchain.GuardMisused, "on_version_apply=revchain.record"):
            self.project.upgrade()
        self.assertEqual(self.project.tables(), set())

    def test_outside_of_the_transaction(self) -> None:
        """The connection is left as it was: Alembic commits what it would have."""
        env_py = self.project.migrations / "env.py"
        lines = env_py.read_text().splitlines()
        verify = next(line for line in lines if GUARD_VERIFY in line)
        lines.remove(verify)
        lines.insert(lines.index("        with context.begin_transaction():"), verify[4:])
        env_py.write_text("\n".join(lines) + "\n")
        self.project.chain("aa", "bb")
        self.project.upgrade()
        self.assert_true_record(aa="applied", bb="applied")
        self.project.chain("fa", "aa", "bb")
        with self.assertRaises(revchain.SkippedMigration):
            self.project.upgrade()

    def test_transaction_of_env_py(self) -> None:
        """As in Alembic's multidb template, env.py has begun one itself, and commits."""
        env_py = self.project.migrations / "env.py"
        text = env_py.read_text()
        text = text.replace(".connect() as connection", ".begin() as connection")
        env_py.write_text(text)
        self.project.chain("aa", "bb")
        self.project.upgrade()
        self.assert_true_record(aa="applied", bb="applied")
        self.project.chain("fa", "aa", "bb")
        with self.assertRaises(revchain.SkippedMigration):
            self.project.upgrade()

    def test_two_deploys_at_once(self) -> None:
        """One of them may fail; the record is that of the version, whatever happens."""
        for start in ("nothing", "the version table", "the record"):
            with self.subTest(start):
                self.project = GuardedProject(self.directory / start, self.empty_database())
                self.project.chain("aa", "bb", "cc", "dd")
                if start == "the version table":
                    self.project.unguard()
                if start != "nothing":
                    self.project.upgrade("aa")
                self.project.guard()
                deploys = [self.project.start("upgrade", "head") for _ in range(2)]
                ends = [deploy.wait() for deploy in deploys]
                self.assertNotIn("SkippedMigration", str(ends))
                if any(status for status, _ in ends):
                    # Both met the first migration, and neither got further.
                    for revision in self.project.tables() - set(self.project.recorded()):
                        self.project.execute(f"DROP TABLE made_by_{revision}")
                    self.project.upgrade()
                first = "baseline" if start == "the version table" else "applied"
                self.assert_true_record(aa=first, bb="applied", cc="applied", dd="applied")


class Script(GuardCase):
    """--sql: what the guard writes is part of the script."""

    def sql(self, name: str, revisions: str) -> str:
        return self.project.alembic(name, revisions, sql=True)

    def test_from_the_base(self) -> None:
        self.project.chain("aa", "bb")
        self.project.run_script(self.sql("upgrade", "head"))
        self.assert_true_record(aa="applied", bb="applied")
        self.project.upgrade()
        self.project.chain("aa", "fa", "bb")
        with self.assertRaises(revchain.SkippedMigration):
            self.project.upgrade()

    def test_further_on(self) -> None:
        self.project.chain("aa", "bb", "cc")
        self.project.upgrade("aa")
        self.project.run_script(self.sql("upgrade", "aa:cc"))
        self.assert_true_record(aa="applied", bb="applied", cc="applied")
        self.project.upgrade()

    def test_before_the_first_verify(self) -> None:
        """The script records; what comes before it becomes the baseline when verify first runs."""
        self.project.unguard()
        self.project.chain("aa", "bb", "cc")
        self.project.upgrade("aa")
        self.project.guard()
        self.project.run_script(self.sql("upgrade", "aa:bb"))
        self.project.upgrade()
        self.assert_true_record(aa="baseline", bb="applied", cc="applied")

    def test_skip_before_the_first_verify(self) -> None:
        self.project.unguard()
        self.project.chain("aa", "bb", "cc")
        self.project.upgrade("aa")
        self.project.guard()
        self.project.run_script(self.sql("upgrade", "aa:bb"))
        self.project.run_script(self.sql("upgrade", "bb:cc"))
        self.project.chain("aa", "bb", "fa", "cc")
        with self.assertRaises(revchain.SkippedMigration) as caught:
            self.project.upgrade()
        self.assertEqual(caught.exception.skipped, ("fa",))

    def test_downgrade(self) -> None:
        self.project.chain("aa", "bb", "cc")
        self.project.upgrade()
        self.project.run_script(self.sql("downgrade", "cc:aa"))
        self.assert_true_record(aa="applied")
        self.project.upgrade()
        self.assert_true_record(aa="applied", bb="applied", cc="applied")

    def test_stamp(self) -> None:
        self.project.chain("aa", "bb", "cc")
        self.project.upgrade("aa")
        self.project.run_script(self.sql("stamp", "aa:bb"))
        self.assertEqual(self.project.recorded(), {"aa": "stamped", "bb": "stamped"})
        self.assertEqual(self.project.versions(), {"bb"})


class Schema(OnPostgreSQL, GuardCase):
    def test_version_table_schema(self) -> None:
        self.project.execute("CREATE SCHEMA other")
        self.project.options["version_table_schema"] = "other"
        self.project.chain("aa", "bb")
        self.project.upgrade()
        self.assertEqual(self.project.recorded(schema="other."), {"aa": "applied", "bb": "applied"})
        self.assertEqual(self.project.tables(), {"aa", "bb"})
        self.project.run_script(self.project.alembic("downgrade", "bb:aa", sql=True))
        self.assertEqual(self.project.recorded(schema="other."), {"aa": "applied"})
        self.project.upgrade()
        self.project.chain("aa", "fa", "bb")
        with self.assertRaises(revchain.SkippedMigration):
            self.project.upgrade()

    def test_autocommit_block(self) -> None:
        """It commits what came before it, record and version alike."""
        self.project.write("bb", before="with op.get_context().autocommit_block():\n    pass")
        self.project.write("cc", after=FAILS)
        self.project.chain("aa", "bb", "cc")
        with self.assertRaisesRegex(RuntimeError, "the migration fails"):
            self.project.upgrade()
        self.assertEqual(self.project.recorded(), {"aa": "applied"})
        self.assertEqual(self.project.versions(), {"aa"})


class RecordOnPostgreSQL(OnPostgreSQL, Record):
    pass


class VerifyOnPostgreSQL(OnPostgreSQL, Verify):
    pass


class ScriptOnPostgreSQL(OnPostgreSQL, Script):
    pass


class RecordOnMariaDB(OnMariaDB, Record):
    pass


class VerifyOnMariaDB(OnMariaDB, Verify):
    pass


class ScriptOnMariaDB(OnMariaDB, Script):
    pass
