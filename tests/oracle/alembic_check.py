#!/usr/bin/python3
"""Hold `revchain check` on static projects against Alembic's own judgement.

    alembic_check.py [--seed N] [--count N] [--case N] PROGRAM      random graphs
    alembic_check.py --histories [DIR] [--every N] PROGRAM          the real histories

Heads, bases, branch points, missing parents, duplicates, cycles and labels are those that Alembic
finds when it loads the project. One thing is decided here: Alembic looks for cycles from the heads
down and from the bases up, and does not see one that lies between the two; revchain names every
cycle, and what it names is looked up in the graph.
"""

import argparse
import graphlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import warnings
from typing import NamedTuple

from alembic.script.base import ScriptDirectory
from alembic.script.revision import (
    CycleDetected,
    DependencyCycleDetected,
    Revision,
    RevisionError,
    RevisionMap,
)
from alembic.util.exc import CommandError
from histories import DEFAULT, HISTORIES, clone
from landing import ENVIRONMENT

PLANTS = ["missing-parent", "missing-dependency", "cycle", "depends-on-later", "duplicate-revision"]
PLANTS += ["duplicate-label", "bad-revision", "no-revision", "itself", "depends-on-itself"]


UNREADABLE = {"cycle", "no-revision", "bad-revision"}


class File(NamedTuple):
    name: str
    revision: str | None
    down: tuple[str, ...]
    depends: tuple[str, ...]
    labels: tuple[str, ...]


class Judgement(NamedTuple):
    """What Alembic says: what stops it (None: nothing), or what the graph is."""

    stopped: str | None
    heads: frozenset[str] = frozenset()
    bases: frozenset[str] = frozenset()
    branch_points: frozenset[str] = frozenset()
    unlabelled: frozenset[str] = frozenset()  # the heads that no label stands for alone


class Maker:
    """A random graph: mostly one line, with forks, merges, roots, labels, dependencies and at times a fault."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.files: list[File] = []
        self.ends: list[str] = []
        self.labels: list[str] = []

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def some(self, items: list[str], most: int) -> tuple[str, ...]:
        return tuple(self.random.sample(items, min(len(items), self.random.randint(1, most))))

    def parents(self, known: list[str]) -> tuple[str, ...]:
        if not known or self.chance(0.06):
            return ()
        if len(self.ends) > 1 and self.chance(0.4):
            return self.some(self.ends, 3)
        if self.chance(0.25):
            return self.some(known, 2)
        return (self.random.choice(self.ends),)

    def add(self) -> None:
        known = [file.revision for file in self.files if file.revision]
        revision = f"{self.random.getrandbits(48):012x}"
        down = self.parents(known)
        labels = (f"label{len(self.labels)}",) if self.chance(0.12) else ()
        self.labels += labels
        targets = known + self.labels
        depends = self.some(targets, 2) if targets and self.chance(0.12) else ()
        if set(depends) & set(labels):
            depends = ()
        self.files.append(File(f"{revision}_x.py", revision, down, depends, labels))
        self.ends = [end for end in self.ends if end not in down] + [revision]

    def plant(self) -> None:
        fault = self.random.choice(PLANTS)
        at = self.random.randrange(len(self.files))
        file = self.files[at]
        later = self.random.choice(self.files[at:]).revision or "none"
        twin = self.random.choice(self.files)
        self.files[at] = {
            "missing-parent": file._replace(down=(*file.down, "gone")),
            "missing-dependency": file._replace(depends=(*file.depends, "gone")),
            "cycle": file._replace(down=(*file.down, later)),
            "depends-on-later": file._replace(depends=(*file.depends, later)),
            "duplicate-revision": file._replace(revision=twin.revision),
            "duplicate-label": file._replace(labels=("label0", twin.revision or "label0")),
            "bad-revision": file._replace(revision=f"{file.revision}-x"),
            "no-revision": file._replace(revision=None),
            "itself": file._replace(down=(file.revision or "none",)),
            "depends-on-itself": file._replace(depends=(file.revision or "none",)),
        }[fault]

    def make(self) -> list[File]:
        for _ in range(int(self.random.triangular(1, 24, 6))):
            self.add()
        while self.chance(0.3):
            self.plant()
        return self.files


def shown(rng: random.Random, names: tuple[str, ...], nothing: list[str]) -> str:
    """The names as Python that Alembic takes."""
    if not names:
        return rng.choice(nothing)
    if len(names) == 1 and rng.random() < 0.7:
        return repr(names[0])
    return repr(names if rng.random() < 0.5 else list(names))


def write(rng: random.Random, directory: str, files: list[File]) -> None:
    nothing = ["None", "None", "()", "[]"]
    os.makedirs(directory)
    for file in files:
        lines = [f"revision = {file.revision!r}\n"] if file.revision is not None else []
        lines.append(f"down_revision = {shown(rng, file.down, [*nothing, repr('')])}\n")
        lines.append(f"depends_on = {shown(rng, file.depends, nothing)}\n")
        lines.append(f"branch_labels = {shown(rng, file.labels, nothing)}\n")
        with open(os.path.join(directory, file.name), "w") as out:
            out.writelines(lines)


def judge(revision_map: RevisionMap) -> Judgement:
    """Let Alembic load a map; what it warns of stops it here too."""
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                heads = revision_map.heads
            except KeyError:
                if any("is not present" in str(warning.message) for warning in caught):
                    return Judgement("missing-parent")
                if any("more than once" in str(warning.message) for warning in caught):
                    return Judgement("duplicate-revision")
                return Judgement("missing-dependency")
        if any("more than once" in str(warning.message) for warning in caught):
            return Judgement("duplicate-revision")
    except DependencyCycleDetected:
        return Judgement("depends-on-later")
    except CycleDetected:
        return Judgement("cycle")
    except RevisionError as error:
        return Judgement("duplicate-label" if "Branch name" in str(error) else "bad-revision")
    except CommandError:
        return Judgement("no-revision")
    revisions = {r.revision: r for r in revision_map._revision_map.values() if r is not None}
    own: set[str] = set()
    for label in {label for r in revisions.values() for label in r._orig_branch_labels}:
        theirs = [r.revision for r in revision_map.get_revisions(f"{label}@heads")]
        own.update(theirs if len(theirs) == 1 else ())
    return Judgement(
        None,
        frozenset(heads),
        frozenset(revision_map.bases),
        frozenset(r.revision for r in revisions.values() if r.is_branch_point),
        frozenset(heads) - own,
    )


def has_cycle(files: list[File], with_dependencies: bool) -> bool:
    labels = {label: file.revision for file in files for label in file.labels}
    graph = {}
    for file in files:
        depends = [labels.get(name, name) for name in file.depends] if with_dependencies else []
        graph[file.revision] = [*file.down, *depends]
    try:
        list(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError:
        return True
    return False


def differences(files: list[File], alembic: Judgement, report: dict) -> list[str]:
    """What revchain says that Alembic does not, or the other way round."""
    errors = {f["id"] for f in report["findings"] if f["severity"] == "error"}
    stopping = errors - {"multiple-heads"}
    wrong = []
    if alembic.stopped and "duplicate-revision" in errors:
        return wrong  # which of the two Alembic goes on with is left to the order of the files
    if alembic.stopped == "depends-on-later" and errors & UNREADABLE:
        return wrong  # dependencies are looked at once the rest can be read
    if alembic.stopped and alembic.stopped not in errors:
        wrong.append(f"Alembic stops at {alembic.stopped}, revchain has {sorted(errors)}")
    if not alembic.stopped and stopping:
        if stopping == {"cycle"} and has_cycle(files, False):
            return wrong
        if stopping == {"depends-on-later"} and has_cycle(files, True):
            return wrong
        wrong.append(f"Alembic loads it, revchain has {sorted(stopping)}")
    if alembic.stopped or stopping:
        return wrong
    for name in ["heads", "bases", "branch_points"]:
        expected, got = sorted(getattr(alembic, name)), sorted(report["summary"][name])
        if expected != got:
            wrong.append(f"{name}: Alembic {expected}, revchain {got}")
    named = len(alembic.unlabelled) > 1
    if named != ("multiple-heads" in errors):
        wrong.append(f"heads without a label: {sorted(alembic.unlabelled)}, found: {not named}")
    return wrong


def run_check(program: str, directory: str, *arguments: str) -> dict | None:
    """What `check` reports; None: there is no such directory."""
    command = [program, "check", "--format=json", *arguments]
    done = subprocess.run(command, cwd=directory, env=ENVIRONMENT, capture_output=True)
    if done.returncode == 2:
        return None
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command} in {directory}: {done.returncode} {done.stderr!r}")
    report = json.loads(done.stdout)
    if done.returncode != (1 if report["summary"]["errors"] else 0):
        raise SystemExit(f"{command} in {directory} ended with {done.returncode}: {report}")
    return report


def random_graphs(program: str, seed: int, numbers: list[int]) -> tuple[int, int]:
    passed = failed = 0
    kinds: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["git", "init", "-q", scratch], env=ENVIRONMENT, check=True)
        for number in numbers:
            maker = Maker(seed + number)
            files = maker.make()
            directory = os.path.join(scratch, f"g{number}")
            write(maker.random, os.path.join(directory, "versions"), files)
            alembic = judge(ScriptDirectory(directory).revision_map)
            kinds[str(alembic.stopped)] = kinds.get(str(alembic.stopped), 0) + 1
            report = run_check(program, scratch, f"g{number}/versions")
            assert report is not None
            strict = run_check(program, scratch, "--allow-heads=1", f"g{number}/versions")
            assert strict is not None
            wrong = differences(files, alembic, report)
            many = any(f["id"] == "multiple-heads" for f in strict["findings"])
            known = report["summary"]["heads"] is not None
            if not alembic.stopped and known and many != (len(alembic.heads) > 1):
                wrong.append("--allow-heads=1 is not `alembic upgrade head`")
            passed, failed = passed + (not wrong), failed + bool(wrong)
            if wrong:
                print(f"FAILED: graph {number}: " + "; ".join(wrong))
                print("\n".join(f"    {file}" for file in files))
                print(f"again: tests/oracle/alembic_check.py --seed {seed} --case {number} PROGRAM")
            shutil.rmtree(directory)
    print(f"seed {seed}; Alembic: {kinds}")
    return passed, failed


class Stub:
    """What a real migration imports: `cli.EXPAND_BRANCH` is the label EXPAND_BRANCH."""

    def __getattr__(self, name: str) -> str:
        return name

    def __setitem__(self, *_: object) -> None:
        pass

    def __getitem__(self, _: object) -> "Stub":
        return self  # in annotations, as `|` is

    __or__ = __ror__ = __getitem__


class Names(dict):
    def __missing__(self, name: str) -> Stub:
        return Stub()


def as_names(value: object) -> tuple[str, ...]:
    return () if not value else (value,) if isinstance(value, str) else tuple(value)


class Blobs:
    """The migrations of a repository, each blob read once."""

    def __init__(self, repository: str):
        self.repository = repository
        self.files: dict[str, File] = {}

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", self.repository, *arguments]
        return subprocess.run(
            command, env=ENVIRONMENT, check=True, capture_output=True, text=True
        ).stdout

    def read(self, blob: str, name: str) -> File:
        if blob not in self.files:
            names = Names()
            exec(self.git("cat-file", "blob", blob), names)
            self.files[blob] = File(
                name,
                names.get("revision"),
                as_names(names.get("down_revision")),
                as_names(names.get("depends_on")),
                as_names(names.get("branch_labels")),
            )
        return self.files[blob]

    def tree(self, tree: str) -> list[File]:
        files = []
        for line in self.git("ls-tree", "-r", tree).splitlines():
            (_, _, blob), path = line.split("\t")[0].split(), line.split("\t")[1]
            name = path.rsplit("/", 1)[-1]
            if name.endswith(".py") and not name.startswith("__init__"):
                files.append(self.read(blob, name))
        return files


def trees(blobs: Blobs, lane: str, every: int) -> dict[str, str]:
    """The different states of a directory at every so many-th commit: tree and a commit that has it."""
    commits = blobs.git("rev-list", "HEAD").split()[::every]
    asked = "".join(f"{commit}:{lane}\n" for commit in commits)
    answers = subprocess.run(
        ["git", "-C", blobs.repository, "cat-file", "--batch-check=%(objectname)"],
        input=asked,
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    found: dict[str, str] = {}
    for commit, answer in zip(commits, answers):
        if not answer.endswith("missing"):
            found.setdefault(answer, commit)
    return found


def real_histories(program: str, directory: str, every: int) -> tuple[int, int, int]:
    passed = failed = skipped = 0
    with tempfile.TemporaryDirectory() as scratch:
        for real in HISTORIES:
            repository = clone(directory, real, scratch)
            if repository is None:
                print(f"SKIPPED: {real.name}: there is no {directory}/{real.name}.bundle")
                skipped += 1
                continue
            blobs, lane = Blobs(repository), real.lane.decode()
            found = trees(blobs, lane, every)
            bad = 0
            for tree, commit in found.items():
                files = blobs.tree(tree)
                made = [Revision(f.revision, f.down, f.depends, f.labels) for f in files]
                alembic = judge(RevisionMap(lambda made=made: made))
                report = run_check(program, repository, "--recursive", "--rev", commit, lane)
                wrong = ["no such directory"] if report is None else []
                wrong = wrong or differences(files, alembic, report or {})
                if wrong:
                    print(f"FAILED: {real.name} at {commit}: " + "; ".join(wrong))
                    print(f"again: {sys.argv[0]} --histories {directory} --every {every} {program}")
                bad += bool(wrong)
            print(f"{real.name}: {len(found)} states, {bad} wrong")
            passed, failed = passed + len(found) - bad, failed + bad
    return passed, failed, skipped


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", metavar="PROGRAM", help="the revchain to test")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(30))
    parser.add_argument("--count", type=int, default=150, help="so many graphs (%(default)s)")
    parser.add_argument("--case", type=int, help="this graph alone")
    parser.add_argument("--histories", nargs="?", const=DEFAULT, metavar="DIR")
    parser.add_argument("--every", type=int, default=10, metavar="N", help="commits (%(default)s)")
    options = parser.parse_args()
    found = shutil.which(options.program)
    if found is None:
        parser.error(f"there is no program {options.program}")
    program = os.path.abspath(found)
    skipped = 0
    if options.histories:
        passed, failed, skipped = real_histories(program, options.histories, options.every)
    else:
        one = options.case is not None
        numbers = [options.case] if one else list(range(options.count))
        passed, failed = random_graphs(program, options.seed, numbers)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
