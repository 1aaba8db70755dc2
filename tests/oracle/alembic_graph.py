#!/usr/bin/python3
"""`revchain heads` and `revchain history` against real Alembic, byte for byte.

Random graphs of real migration files (branches, merges, several bases, several lanes, labels,
depends_on, odd docstrings, chains of random ranges), each read by Alembic in this process, and the
tips of the five real histories, which are the bundles in ../shared/histories beside the project's
root; without them that comparison is skipped and counted as skipped.

What Alembic leaves to the hash of a string, or to the order in which a directory happens to be
listed (until 1.10), is pinned here: sets are printed sorted, files are loaded sorted by name, and
dependencies come as the file has them. The real histories' files are cut down to their
declarations, which name what is not there (`Union`): those alone are evaluated. Nothing else of
Alembic is changed.
"""

import argparse
import ast
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import types
import warnings
from collections.abc import Callable, Iterable
from typing import NamedTuple

import alembic
from alembic import command, util
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.script.base import Script
from alembic.script.revision import RevisionMap
from declared import UNREADABLE, bind
from histories import BRANCH, DEFAULT, HISTORIES, clone

ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
if "REVCHAIN_SANDBOX" in os.environ:
    ENVIRONMENT["REVCHAIN_SANDBOX"] = os.environ["REVCHAIN_SANDBOX"]
VERSION = tuple(int(part) for part in alembic.__version__.split(".")[:2])


def pin_alembic() -> None:
    """Take chance out of Alembic."""
    comma, listing, normalize = util.format_as_comma, Script._list_py_dir, None

    def sorted_comma(value: Iterable[str] | str | None) -> str:
        return comma(sorted(value) if isinstance(value, (set, frozenset)) else value)

    util.format_as_comma = sorted_comma
    if VERSION < (1, 10):
        Script._list_py_dir = classmethod(  # type: ignore[method-assign]
            lambda cls, directory, path: sorted(listing(directory, path))
        )
    normalize = RevisionMap._normalize_depends_on

    def ordered(self: RevisionMap, revisions: Iterable, map_: dict) -> None:
        normalize(self, revisions, map_)
        for revision in revisions:
            revision._normalized_resolved_dependencies = tuple(
                sorted(
                    revision._normalized_resolved_dependencies,
                    key=revision._resolved_dependencies.index,
                )
            )

    RevisionMap._normalize_depends_on = ordered  # type: ignore[method-assign]


def load_declared(directory: str, name: str) -> types.ModuleType:
    """A module of which only what it declares is evaluated."""
    with open(os.path.join(directory, name), encoding="utf-8") as file:
        parsed = ast.parse(file.read())
    module = types.ModuleType(name, ast.get_docstring(parsed, clean=False))
    for statement in parsed.body:
        bind(statement, module.__dict__)
    if module.__dict__.get("branch_labels") is UNREADABLE:  # neutron's: a constant of a module
        module.__dict__["branch_labels"] = None
    return module


class Migration(NamedTuple):
    lane: str
    name: str
    revision: str
    down: tuple[str, ...]
    labels: tuple[str, ...]
    depends: tuple[str, ...]
    docstring: str | None


DOCSTRINGS = [
    "{m}\n\nRevision ID: {r}\nRevises: {d}\nCreate Date: 2024-01-02 03:04:05.678901\n\n",
    "{m}\n\nRevision ID: {r}\n",
    "  \n\n{m} and\na second line\n\nRevision ID: {r}\n",
    "{m}",
    "",
    "   \n\t ",
    "{m}\n \nno empty line\n\n\n",
    "{m} \u00fcber \u4e2d\u6587 \U0001f600\n\nRevision ID: {r}\n\u00a0\u3000",
    "\ttabs\there\n\n\tRevision ID: {r}",
    "{m}\n\na \u2028 line \x0c ends\x85 in \x1c many ways\n\nRevision ID: {r}",
]


def python(values: tuple[str, ...], rng: random.Random) -> str:
    if not values:
        return rng.choice(["None", "()", "None", "None"])
    if len(values) == 1 and rng.random() < 0.7:
        return repr(values[0])
    return rng.choice([repr(values), repr(list(values))])


def source(migration: Migration, rng: random.Random) -> str:
    lines = []
    if migration.docstring is not None:
        lines.append('"""' + migration.docstring.replace("\\", "\\\\") + '"""')
    lines += [
        f"revision = {migration.revision!r}",
        f"down_revision = {python(migration.down, rng)}",
    ]
    if migration.labels or rng.random() < 0.5:
        lines.append(f"branch_labels = {python(migration.labels, rng)}")
    if migration.depends or rng.random() < 0.5:
        lines.append(f"depends_on = {python(migration.depends, rng)}")
    return "\n".join(lines) + "\n"


def make_graph(rng: random.Random) -> list[Migration]:
    lanes = ["versions", "expand", "contract"][: rng.choice([1, 1, 1, 2, 3])]
    count = rng.choice([0, 1, 2, 5, 10, 20, 40])
    width = rng.choice([1, 1, 2, 4, 50])  # how far back a parent may be
    merges, bases, labelled, dependent = (
        rng.choice([0, 0.1, 0.3]),
        rng.choice([0, 0.05, 0.2]),
        rng.choice([0, 0.05, 0.2]),
        rng.choice([0, 0, 0.1, 0.3]),
    )
    made: list[Migration] = []
    labels: list[str] = []
    for number in range(count):
        revision = f"{rng.getrandbits(48):012x}"
        if rng.random() < 0.1:
            revision = f"rev_{number}"
        recent = [m.revision for m in made[-width:]]
        down: tuple[str, ...] = ()
        if recent and rng.random() >= bases:
            wanted = rng.choice([2, 2, 3]) if rng.random() < merges else 1
            down = tuple(rng.sample(recent, min(wanted, len(recent))))
        depends: tuple[str, ...] = ()
        if made and rng.random() < dependent:
            names = [m.revision for m in made] + labels
            depends = tuple(rng.sample(names, min(rng.choice([1, 1, 2, 3]), len(names))))
        own: tuple[str, ...] = ()
        if rng.random() < labelled:
            own = tuple(f"label{len(labels) + n}" for n in range(rng.choice([1, 1, 2])))
            labels += own
        text = rng.choice(DOCSTRINGS)
        docstring = text.format(m=f"Message {number}", r=revision, d=", ".join(down))
        made.append(
            Migration(
                rng.choice(lanes),
                f"{rng.getrandbits(16):04x}_{number}.py",
                revision,
                down,
                own,
                depends,
                docstring if rng.random() < 0.95 else None,
            )
        )
    return made


def write_graph(directory: str, migrations: list[Migration], rng: random.Random) -> list[str]:
    """The files, and the lanes in the order in which they are configured."""
    lanes = sorted({migration.lane for migration in migrations}) or ["versions"]
    rng.shuffle(lanes)
    for lane in lanes:
        os.makedirs(os.path.join(directory, lane))
    for migration in migrations:
        path = os.path.join(directory, migration.lane, migration.name)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(source(migration, rng))
    return lanes


def random_range(migrations: list[Migration], rng: random.Random) -> str:
    labels = [label for migration in migrations for label in migration.labels]
    names = [migration.revision for migration in migrations] or ["nothing"]

    def end(upper: bool) -> str:
        name = rng.choice(names)
        forms = [name, name, name[:4], name[:3], "head", "heads", "base", "unknown"]
        if labels:
            label = rng.choice(labels)
            forms += [label, f"{label}@head", f"{label}@heads", f"{label}@base", f"{label}@{name}"]
            forms += [f"{label}@-1", f"{label}@-9", f"{label}@+1"]
            forms += [f"{label}@{name}-1", f"{label}@{name}+2"]
        forms += [f"{name}@head", f"{name}@base", "-1", "-3", "-100", "-0", f"{name}-1", "head-2"]
        forms += [f"{name}+1", f"{name}+2", "+1", "+3", f"{name}+100", f"{name}-100", ""]
        return rng.choice(forms) if rng.random() < 0.6 else rng.choice([name, "", name[:5]])

    return f"{end(False)}:{end(True)}"


class Mismatch(NamedTuple):
    what: str
    expected: str
    got: str


def run_alembic(config: Config, function: Callable[..., None], **options: object) -> str | None:
    """What it prints; None: it ends with an error."""
    config.stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            function(config, **options)
    except (util.CommandError, AssertionError, KeyError, ValueError, RecursionError):
        return None
    config.stdout.flush()
    return config.stdout.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def run_revchain(program: str, directory: str, arguments: list[str]) -> tuple[int, str, str]:
    result = subprocess.run(
        [program, *arguments], cwd=directory, env=ENVIRONMENT, capture_output=True, check=False
    )
    return result.returncode, result.stdout.decode("utf-8", "replace"), result.stderr.decode()


def make_config(directory: str, script_location: str, lanes: list[str]) -> Config:
    config = Config()
    config.set_main_option("script_location", os.path.join(directory, script_location))
    locations = " ".join(os.path.join(directory, lane) for lane in lanes)
    config.set_main_option("version_locations", locations)
    config.set_main_option("version_path_separator", "space")
    config.set_main_option("path_separator", "space")
    return config


def compare(
    program: str, directory: str, config: Config, lanes: list[str], ranges: list[str]
) -> Iterable[Mismatch | None]:
    """One comparison each: None where the two agree."""
    cache: dict[str, ScriptDirectory] = {}
    make = ScriptDirectory.from_config

    def once(given: Config) -> ScriptDirectory:
        return cache.setdefault("it", make(given))

    checks: list[tuple[list[str], Callable[..., None], dict[str, object]]] = [
        (["heads"], command.heads, {}),
        (["heads", "--verbose"], command.heads, {"verbose": True}),
        (["history"], command.history, {}),
        (["history", "--verbose"], command.history, {"verbose": True}),
    ]
    for text in ranges:
        checks.append((["history", "-r", text], command.history, {"rev_range": text}))
    ScriptDirectory.from_config = once  # type: ignore[method-assign, assignment]
    try:
        for arguments, function, options in checks:
            expected = run_alembic(config, function, **options)
            status, got, messages = run_revchain(program, directory, [*arguments, *lanes])
            agree = status in (1, 2) and not got if expected is None else status == 0
            if agree and (expected or "") == got:
                yield None
            else:
                error = "(an error)" if expected is None else expected
                yield Mismatch(" ".join(arguments), error, f"{got}status {status}\n{messages}")
    finally:
        ScriptDirectory.from_config = make  # type: ignore[method-assign]


def report(mismatch: Mismatch, again: str) -> None:
    print(f"FAILED: revchain {mismatch.what}")
    expected, got = mismatch.expected.splitlines(), mismatch.got.splitlines()
    place = next((i for i, pair in enumerate(zip(expected, got)) if pair[0] != pair[1]), -1)
    place = min(len(expected), len(got)) if place < 0 else place
    for line in expected[max(place - 2, 0) : place + 3]:
        print(f"  alembic:  {line}")
    for line in got[max(place - 2, 0) : place + 6]:
        print(f"  revchain: {line}")
    print(f"run it again: {again}")


def random_graphs(options: argparse.Namespace, program: str, scratch: str) -> tuple[int, int]:
    passed = failed = 0
    print(f"random graphs: Alembic {alembic.__version__}, seeds from {options.seed}")
    for seed in range(options.seed, options.seed + options.count):
        rng = random.Random(seed)
        directory = os.path.join(scratch, f"graph{seed}")
        os.mkdir(directory)
        migrations = make_graph(rng)
        lanes = write_graph(directory, migrations, rng)
        subprocess.run(["git", "init", "-q"], cwd=directory, env=ENVIRONMENT, check=True)
        ranges = [random_range(migrations, rng) for _ in range(options.ranges)]
        config = make_config(directory, ".", lanes)
        for mismatch in compare(program, directory, config, lanes, ranges):
            if mismatch:
                again = f"tests/oracle/alembic_graph.py --seed {seed} --count 1 {options.program}"
                report(mismatch, again)
                failed += 1
            else:
                passed += 1
        if not options.keep:
            shutil.rmtree(directory)
    return passed, failed


def real_histories(options: argparse.Namespace, program: str, scratch: str) -> tuple[int, int, int]:
    passed = failed = skipped = 0
    util.load_python_file = load_declared
    for real in HISTORIES:
        if options.only not in (None, real.name):
            continue
        bare = clone(options.histories, real, scratch)
        if bare is None:
            print(f"SKIPPED: {real.name}: there is no {options.histories}/{real.name}.bundle")
            skipped += 1
            continue
        tree = os.path.join(scratch, f"{real.name}.tree")
        lane = os.fsdecode(real.lane)
        subprocess.run(["git", "clone", "-q", "-n", bare, tree], env=ENVIRONMENT, check=True)
        git = ["git", "-C", tree, "checkout", "-q", BRANCH, "--", lane]
        subprocess.run(git, env=ENVIRONMENT, check=True)
        lanes = sorted(
            os.path.relpath(where, tree)
            for where, _, files in os.walk(os.path.join(tree, lane))
            if any(name.endswith(".py") and not name.startswith("__init__") for name in files)
        )
        config = make_config(tree, lane, lanes)
        for mismatch in compare(program, tree, config, lanes, ["-3:", ":head"]):
            if mismatch:
                again = f"tests/oracle/alembic_graph.py --only {real.name} {options.program}"
                report(mismatch, again)
                failed += 1
            else:
                passed += 1
    return passed, failed, skipped


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", metavar="PROGRAM", help="the revchain to test")
    parser.add_argument("--count", type=int, default=100, metavar="N", help="so many graphs")
    parser.add_argument("--seed", type=int, metavar="N", help="the first one's (default: chance)")
    parser.add_argument("--ranges", type=int, default=6, metavar="N", help="of -r on each graph")
    parser.add_argument("--keep", action="store_true", help="keep the files")
    parser.add_argument("--histories", default=DEFAULT, metavar="DIR", help="where the bundles are")
    parser.add_argument("--only", metavar="NAME", help="one history, and no random graphs")
    options = parser.parse_args()
    program = shutil.which(options.program)
    if program is None:
        parser.error(f"there is no program {options.program}")
    program = os.path.abspath(program)
    again = options.seed is not None
    if options.seed is None:
        options.seed = random.randrange(10**9)
    pin_alembic()
    sys.dont_write_bytecode = True
    scratch = tempfile.mkdtemp()
    passed = failed = skipped = 0
    try:
        if options.only is None:
            passed, failed = random_graphs(options, program, scratch)
        if not again:
            more = real_histories(options, program, scratch)
            passed, failed, skipped = passed + more[0], failed + more[1], more[2]
    finally:
        if options.keep:
            print(f"kept in {scratch}")
        else:
            shutil.rmtree(scratch)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
