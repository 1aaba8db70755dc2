#!/usr/bin/env python3
"""Hold `revchain repoint` and `adopt` against CPython and Alembic, on migrations in every form that Python takes.

mend.py [--seed N] [--count N] PROGRAM        N random migrations
mend.py --seed N --case N PROGRAM             one of them again, with its text

Each migration is moved behind another head, and made dynamic. What Python and Alembic then read is what was wanted; no
line changes but those that must; the diff of --dry-run is the change.
"""

import argparse
import ast
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import warnings

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "src/python"))

import revchain  # noqa: E402
from alembic.config import Config  # noqa: E402
from alembic.script import ScriptDirectory  # noqa: E402

sys.dont_write_bytecode = True
SHOWN = 5
MARK = b"\xef\xbb\xbf"
ENCODINGS = {
    "": "é表",
    "utf-8": "é表",
    "latin-1": "é",
    "cp1252": "é€",
    "koi8-r": "жЯ",
    "ascii": "e",
}
ENVIRONMENT = {
    **{
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("GIT_", "REVCHAIN_")) or k == "REVCHAIN_SANDBOX"
    },
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}
PARENTS = [
    '"aa"',
    "'aa'",
    "r'aa'",
    '"""aa"""',
    "('aa')",
    "((\n    'aa'  # the parent\n))",
    "\\\n    'aa'",
    "'a' 'a'",
    "('a'\n    \"a\")",
    "('aa',)",
    "['aa']",
    "(\n    'aa',\n)",
    "'aa',",
    "'\\x61a'",
    "u'aa'",
    "_parent",
    "(_parent)",
    "(_parent,)",
    "None",
]
MEANINGLESS = [
    "",
    "import os",
    "x = {'down_revision': 'zz'}",
    "def f():\n    down_revision = 'zz'\n    return down_revision",
    "if True:\n    from os import path\nelse:\n    path = None",
    "y = '''\ndown_revision = 'zz'\n'''",
    "# down_revision = 'zz'",
    "z = [\n  1,\n  2 ]; w = 1",
]


class Case:
    """A migration `f1`; `data` are its bytes, `lines` how many its down_revision takes."""

    def __init__(self, seed, number):
        self.chooser = random.Random("%d/%d" % (seed, number))
        pick = self.chooser.choice
        self.encoding = pick(list(ENCODINGS))
        end = pick(["\n", "\n", "\n", "\r\n", "\r\n", "\r"])
        bom = self.encoding in ("", "utf-8") and self.chooser.random() < 0.2
        self.parent = pick(PARENTS)
        self.docstring = self.chooser.random() < 0.8
        text = end.join("\n".join(self.parts()).split("\n"))
        if self.chooser.random() < 0.1:  # line ends of both kinds
            text = re.sub("\r\n|\n", lambda _: pick(["\n", "\r\n"]), text)
        if self.chooser.random() < 0.7:
            text += end
        self.data = (MARK if bom else b"") + text.encode(self.encoding or "utf-8")

    def parts(self):
        """The statements, in an order that Python takes."""
        chance, pick = self.chooser.random, self.chooser.choice
        letters = ENCODINGS[self.encoding]
        if chance() < 0.2:
            yield "#!/usr/bin/env python3"
        if self.encoding:
            yield "# -*- coding: %s -*-" % self.encoding
        if chance() < 0.3:
            yield "# %s" % letters
        if self.docstring:
            yield '"""%s\n\nRevision ID: f1\nRevises: aa\nCreate Date: 2024-01-02\n\n"""' % letters
        if chance() < 0.2:
            yield "from __future__ import annotations"
        yield pick(MEANINGLESS)
        yield pick(
            ["from alembic import op", "import alembic", "from alembic import (\n    op,\n)", ""]
        )
        yield pick(MEANINGLESS)
        if "_parent" in self.parent:
            yield "_parent = 'aa'"
        note = pick(["", "", " : 'str'", ": object"])
        comment = pick(["", "", "  # %s" % letters, "; branch_labels = None", " ;"])
        revision = "revision%s = %s" % (note, pick(["'f1'", '"f1"', "'f' '1'"]))
        down = "down_revision%s %s %s%s" % (note, pick(["=", " ="]), self.parent, comment)
        self.lines = down.count("\n") + 1
        yield from self.chooser.sample([revision, down], 2) if chance() < 0.2 else [revision, down]
        yield "label = %r" % letters
        yield pick(MEANINGLESS)
        yield "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass"


class Project:
    """main has aa <- bb; the work tree has f1 behind aa besides."""

    def __init__(self, program, directory):
        self.program, self.directory = program, directory
        self.versions = directory / "db/versions"
        self.versions.mkdir(parents=True)
        (directory / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/db\n")
        shutil.copy(TOP / "src/python/revchain/templates/script.py.mako", directory / "db")
        for name, parent in (("aa", None), ("bb", "aa")):
            text = "revision = %r\ndown_revision = %r\n" % (name, parent)
            (self.versions / f"{name}.py").write_text(text)
        self.file = self.versions / "f1.py"
        for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
            self.git(*command)

    def git(self, *arguments):
        subprocess.run(["git", *arguments], cwd=self.directory, env=ENVIRONMENT, check=True)

    def revchain(self, *arguments):
        done = subprocess.run(
            [self.program, *arguments],
            cwd=self.directory,
            env=ENVIRONMENT,
            capture_output=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")

    def alembic(self):
        """The parent that Alembic finds."""
        config = Config(str(self.directory / "alembic.ini"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            script = ScriptDirectory.from_config(config).get_revision("f1")
        down = script.down_revision
        return (down,) if isinstance(down, str) else tuple(down)


def lines_of(data):
    return re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", data)


def ends_of(data):
    return set(re.findall(rb"\r\n|\r|\n", data))


def changed(old, new):
    """How many lines of the old text are gone, and how many of the new one came, between the first and the last change."""
    old, new = lines_of(old), lines_of(new)
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return len(old) - start - end, len(new) - start - end


def assigned(data):
    """The last value of down_revision at the module's level, as a tree."""
    value = None
    for node in ast.parse(data).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "down_revision" for target in targets):
            value = node.value
    return value


def others(data):
    """All that the module does but for down_revision and the import."""
    tree = ast.parse(data)
    kept = []
    for node in tree.body:
        text = ast.dump(node)
        if "get_down_revision" not in text and "id='down_revision'" not in text:
            kept.append(text)
    return kept


def apply_diff(project, diff, old):
    """The file after `git apply`."""
    project.file.write_bytes(old)
    done = subprocess.run(
        ["git", "apply", "--whitespace=nowarn"],
        input=diff,
        cwd=project.directory,
        env=ENVIRONMENT,
        capture_output=True,
        check=False,
    )
    return project.file.read_bytes() if done.returncode == 0 else done.stderr


def run(project, old, *arguments):
    """(what is wrong, the new bytes) of a command: its dry run must give what it does, and touch nothing."""
    project.file.write_bytes(old)
    mode = random.Random(len(old)).choice([0o644, 0o755, 0o600])
    project.file.chmod(mode)
    status, diff, err = project.revchain(*arguments, "--dry-run")
    if status or project.file.read_bytes() != old:
        return "the dry run: status %d, %s" % (status, err), None
    status, _, err = project.revchain(*arguments)
    new = project.file.read_bytes()
    if status:
        return "status %d: %s" % (status, err), None
    if project.file.stat().st_mode & 0o777 != mode:
        return "the mode was %o" % mode, None
    project.file.chmod(0o644)
    applied = apply_diff(project, diff, old)
    project.file.write_bytes(new)
    if applied != new:
        return "git apply of the diff gives %r" % applied, None
    return None, new


def check_repoint(project, case):
    wrong, new = run(project, case.data, "repoint", "f1", "--onto", "main")
    if wrong:
        return wrong
    value = ast.literal_eval(assigned(new))
    if value not in ("bb", ("bb",), ["bb"]):
        return "Python reads %r" % (value,)
    if project.alembic() != ("bb",):
        return "Alembic reads %r" % (project.alembic(),)
    if others(new) != others(case.data):
        return "the module does something else now"
    gone, came = changed(case.data, new)
    if came > case.lines or gone > case.lines:
        return "%d lines went and %d came, where %d hold it" % (gone, came, case.lines)
    return None


def check_adopt(project, case):
    wrong, new = run(project, case.data, "adopt", "--base", "main")
    if wrong:
        return wrong
    value = assigned(new)
    if not isinstance(value, ast.Call) or value.func.id != "get_down_revision":
        return "Python reads %s" % ast.dump(value)
    if project.revchain("build", "-q")[0]:
        return "the build fails: %s" % project.revchain("build")[2]
    revchain.build_chain.cache_clear()
    if project.alembic() != ("bb",):
        return "Alembic reads %r" % (project.alembic(),)
    if others(new) != others(case.data):
        return "the module does something else now"
    if ast.get_docstring(ast.parse(new)) != ast.get_docstring(ast.parse(case.data)):
        return "the docstring is another"
    if new.startswith(MARK) != case.data.startswith(MARK):
        return "the byte order mark came or went"
    if not ends_of(new) <= (ends_of(case.data) or {b"\n"}):
        return "lines end in %r now, in %r before" % (ends_of(new), ends_of(case.data))
    old_lines, new_lines = (lines_of(data.removeprefix(MARK)) for data in (case.data, new))
    imports = [line for line in new_lines if line.startswith(b"from revchain import")]
    new_lines = [line for line in new_lines if line not in imports]
    gone, came = changed(b"".join(old_lines), b"".join(new_lines))
    if len(imports) != 1 or gone > case.lines or came > case.lines:
        return "%d imports came, %d lines went and %d came" % (len(imports), gone, came)
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--case", type=int)
    parser.add_argument("program")
    arguments = parser.parse_args()
    passed = failed = 0
    print("seed %d" % arguments.seed)
    with tempfile.TemporaryDirectory(prefix="revchain-mend-") as directory:
        project = Project(os.path.abspath(arguments.program), pathlib.Path(directory))
        numbers = range(arguments.count) if arguments.case is None else [arguments.case]
        for number in numbers:
            case = Case(arguments.seed, number)
            if arguments.case is not None:
                sys.stdout.buffer.write(case.data + b"\n")
            wrong = check_repoint(project, case) or check_adopt(project, case)
            passed += not wrong
            failed += bool(wrong)
            if wrong and failed <= SHOWN:
                print("FAILED case %d: %s" % (number, wrong))
                print("  text: %r" % case.data)
                print(
                    "  again: %s --seed %d --case %d %s"
                    % (sys.argv[0], arguments.seed, number, arguments.program)
                )
    print("%d passed, %d failed, 0 skipped" % (passed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
