#!/usr/bin/env python3
"""Hold `revchain merge` against `alembic merge`: the same file, byte for byte, under the same name.

merge.py [-k WORD] PROGRAM       all cases, or those whose name has WORD in it

Alembic is given the date that revchain wrote, since both take the time of day.
"""

import argparse
import contextlib
import datetime
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import alembic
from alembic.config import Config
from alembic.script import ScriptDirectory
from merge_templates import BROKEN, FILE_TEMPLATES, GENERIC, MESSAGES, MULTIDB, REFUSED, UNDERSTOOD

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
REVISION = "f00d1234abcd"
DATE = re.compile(r"Create Date: (\d\S* \S+)")
MIGRATION = "revision = {!r}\ndown_revision = {!r}\n"


class Project:
    """Two heads, and a third on demand, in a git repository."""

    def __init__(self, directory, template, settings=(), heads=("bb", "cc")):
        self.directory = directory
        self.versions = directory / "db/versions"
        self.heads = heads
        self.versions.mkdir(parents=True)
        subprocess.run(["git", "init", "-q", str(directory)], check=True)
        (directory / "db/script.py.mako").write_bytes(template.encode())
        (directory / "db/env.py").write_text("")
        lines = ["[alembic]", "script_location = %(here)s/db", "databases = one, two,three"]
        (directory / "alembic.ini").write_text("\n".join([*lines, *settings]) + "\n")
        (self.versions / "aa.py").write_text(MIGRATION.format("aa", None))
        for head in heads:
            (self.versions / f"{head}.py").write_text(MIGRATION.format(head, "aa"))
        self.known = self.files()

    def files(self):
        return {path.relative_to(self.versions) for path in self.versions.rglob("*.py")}

    def taken(self):
        """The file that is new, with its bytes; it is removed."""
        (path,) = self.files() - self.known
        data = (self.versions / path).read_bytes()
        (self.versions / path).unlink()
        return str(path), data

    def revchain(self, program, *arguments):
        return subprocess.run(
            [program, "merge", *arguments],
            cwd=self.directory,
            capture_output=True,
            text=True,
            check=False,
        )

    def alembic(self, message, created, revisions):
        config = Config(str(self.directory / "alembic.ini"))
        script = ScriptDirectory.from_config(config)
        script._generate_create_date = lambda: created
        with contextlib.redirect_stdout(io.StringIO()):
            # command.merge of older versions gives the template the text "config" for its configuration
            script.generate_revision(REVISION, message, head=revisions, config=config)


def compare(program, template, message="merge heads", settings=(), heads=("bb", "cc")):
    """None, or what differs."""
    with tempfile.TemporaryDirectory(prefix="revchain-merge-") as directory:
        project = Project(pathlib.Path(directory), template, settings, heads)
        done = project.revchain(program, "-m", message, "--rev-id", REVISION, *heads)
        if done.returncode:
            return "exit status %d: %s" % (done.returncode, done.stderr)
        name, data = project.taken()
        found = DATE.search(data.decode())
        created = datetime.datetime.fromisoformat(found.group(1))
        if created.tzinfo:  # what is local to a zone
            created = created.astimezone(created.tzinfo)
        project.alembic(message, created, heads)
        expected_name, expected = project.taken()
    if name != expected_name:
        return "expected the name %r, got %r" % (expected_name, name)
    if data != expected:
        return "expected\n%s\ngot\n%s" % (expected.decode(), data.decode())
    age = abs((datetime.datetime.now(created.tzinfo) - created).total_seconds())
    return None if age < 600 else "the date %s is not now" % created


def refused(program, template, hint="alembic merge -m 'merge heads' bb cc"):
    """None, or what is wrong: it must be refused, with a place and another way, and nothing written."""
    with tempfile.TemporaryDirectory(prefix="revchain-merge-") as directory:
        project = Project(pathlib.Path(directory), template)
        done = project.revchain(program, "-m", "merge heads", "--rev-id", REVISION)
        if done.returncode != 2:
            return "expected exit status 2, got %d: %s" % (done.returncode, done.stderr)
        if project.files() != project.known:
            return "a file was written"
        if not re.match(r"revchain: error: db/\S+(:\d+)?: ", done.stderr):
            return "no place is named: %s" % done.stderr
        if hint not in done.stderr:
            return "no other way is named: %s" % done.stderr
    return None


def installed(name):
    path = pathlib.Path(alembic.__file__).parent / "templates" / name / "script.py.mako"
    return path.read_text()


def cases(program):
    for name in ("generic", "async", "multidb"):
        yield "alembic's " + name, lambda name=name: compare(program, installed(name))
    own = TOP / "src/python/revchain/templates/script.py.mako"
    yield "revchain's own", lambda: compare(program, own.read_text())
    for name, template in UNDERSTOOD.items():
        yield "template " + name, lambda template=template: compare(program, template)
    for name, template in REFUSED.items():
        yield "refused: " + name, lambda template=template: refused(program, template)
    for name, template in BROKEN.items():
        yield (
            "broken: " + name,
            lambda template=template: refused(program, template, "db/script.py.mako"),
        )
    for file_template in FILE_TEMPLATES:
        settings = ["file_template = " + file_template]
        yield (
            "file_template " + file_template,
            lambda settings=settings: compare(program, GENERIC, settings=settings),
        )
    for message in MESSAGES:
        yield "message " + message, lambda message=message: compare(program, GENERIC, message)
    for length in (1, 5, 10, 40, 0):
        settings = ["truncate_slug_length = %d" % length]
        yield (
            "truncate_slug_length %d" % length,
            lambda settings=settings: compare(program, GENERIC, "one two_three four", settings),
        )
    for zone in ("UTC", "utc", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"):
        settings = ["timezone = " + zone, "file_template = %%(day)d-%%(hour)d-%%(epoch)d"]
        yield (
            "timezone " + zone,
            lambda settings=settings: compare(program, GENERIC, settings=settings),
        )
    for heads in (("cc", "bb"), ("dd", "bb", "cc"), ("it's", 'x"y', "é")):
        yield (
            "heads " + " ".join(heads),
            lambda heads=heads: compare(program, GENERIC, heads=heads),
        )
    yield "three databases and heads", lambda: compare(program, MULTIDB, heads=("b", "c", "d"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-k", default="")
    parser.add_argument("program")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    passed = failed = 0
    print("Alembic %s, Python %s" % (alembic.__version__, sys.version.split()[0]))
    for name, run in cases(program):
        if arguments.k not in name:
            continue
        wrong = run()
        passed += not wrong
        failed += bool(wrong)
        if wrong:
            print("FAILED %s: %s" % (name, wrong))
            print("  again: %s -k %r %s" % (sys.argv[0], name, arguments.program))
    print("%d passed, %d failed, 0 skipped" % (passed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
