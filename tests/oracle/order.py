#!/usr/bin/python3
"""Compare the orders that revchain prints with the oracle's and with git's, on random histories.

For each history, at its REV: landing order against landing.py, `--order=date` and `--order=topo`
against `git log`. On its first-parent line: landing order again at each step (or some of them), and
that it is append-only: what was there keeps its order, and nothing new goes in front of it. A
mismatch is shrunk to its smallest history, which is printed as commands.

One case again: order.py --seed SEED --count 1 PROGRAM
"""

import argparse
import datetime
import itertools
import json
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import NamedTuple

import handmade
import history
import landing
import random_history
import shrink
import storage
from declared import scan
from history import History
from landing import Landed, Path, Repository
from program import Program
from storage import PLAIN, Storage

BATCH = 20  # histories in one repository
TELL = 1000  # histories from one line about how far it is to the next
SHRUNK = 3  # mismatches that are shrunk in one run: it takes a while
REFUSED, STOPPED = 1, 4  # exit statuses of a build: the migrations are wrong; not append-only


class Mismatch(NamedTuple):
    check: str  # which comparison
    rev: str
    expected: list[str]
    got: list[str]


class Settings(NamedTuple):
    program: Program
    steps: int  # commits of the first-parent line at which the program runs; 0: all
    pairs: int  # steps of that line at which the oracle's order is held to be append-only; 0: all
    scratch: str


class Case:
    """One history in a repository, looked at by the program and by the oracle."""

    def __init__(self, settings: Settings, made: History, repo: Repository, ref: str, seed: int):
        self.settings = settings
        self.made = made
        self.repo = repo
        self.ref = ref
        self.random = random.Random(seed)
        self.orders: dict[str, tuple[list[Landed], bool]] = {}  # the oracle's, by commit

    def program(self, rev: str | None, *options: str) -> tuple[list[str], str]:
        """The lines it prints, and what is wrong with how it ended."""
        command = ["log", *options]
        if rev is not None:
            command += ["--rev", rev]
        if self.made.recursive:
            command.append("--recursive")
        command += ["--", os.fsdecode(self.made.lane) or "."]
        ended = self.settings.program.run(command, self.repo.directory)
        if ended.status not in (0, 1):
            errors = ended.errors.decode("utf-8", "replace").splitlines()[:20]
            return [], "\n".join([f"exit status {ended.status}", *errors])
        return ended.output.decode("utf-8", "surrogateescape").splitlines(), ""

    def compare(self, check: str, rev: str | None, paths: Sequence[Path], *options: str):
        lines, trouble = self.program(rev, "--format=path", *options)
        expected = [landing.quoted(path) for path in paths]
        if trouble:
            lines = trouble.splitlines()
        if lines != expected:
            yield Mismatch(check, rev or "the work tree", expected, lines)

    def oracle(self, rev: str) -> list[Landed]:
        return self.judged(rev)[0]

    def judged(self, rev: str) -> tuple[list[Landed], bool]:
        """The oracle's order, and whether it had to choose between copies of one id."""
        commit = self.repo.resolve(rev)
        if commit not in self.orders:
            order = landing.Order(self.repo, [self.made.lane], self.made.recursive)
            self.orders[commit] = order.of_lanes(commit), order.ambiguous
        return self.orders[commit]

    def line(self) -> list[str]:
        """The first-parent line, oldest first, where the tree changed."""
        commit = self.repo.resolve(self.ref)
        line = [commit]
        while self.repo.commit(commit).parents:
            parent = self.repo.commit(commit).parents[0]
            if self.repo.tree_of(parent) == self.repo.tree_of(commit):
                line[-1] = parent
            else:
                line.append(parent)
            commit = parent
        return line[::-1]

    # The checks --------------------------------------------------------------------------------

    def check_landing(self):
        contents = worktree_contents(self.made)
        if contents is None:
            order = self.oracle(self.ref)
            rev: str | None = self.ref
        else:
            order = oracle_order(self.repo, self.ref, self.made)
            rev = None
        paths = [landed.path for landed in order]
        yield from self.compare("landing", rev, paths)
        yield from self.compare_json(rev, order, contents)

    def compare_json(self, rev, order: list[Landed], contents):
        lines, trouble = self.program(rev, "--format=json")
        try:
            rows = json.loads("\n".join(lines).encode("utf-8", "surrogateescape"))
            got = [json.dumps(self.json_row(row), ensure_ascii=False) for row in rows]
        except (ValueError, KeyError, TypeError) as wrong:
            got = (trouble or f"not the JSON it should be: {wrong!r}").splitlines()
        if any(not is_utf8(landed.path) for landed in order):
            return
        tree = self.repo.tree_of(self.repo.resolve(self.ref))
        expected = []
        for landed in order:
            when = None
            if landed.commit:
                when = self.repo.commit(landed.commit).time
            if contents is None:
                declared = self.repo.declared(self.repo.blob(tree, landed.path))
            else:
                declared = scan(contents[landed.path])
            row = [landed.path.decode(), declared.revision, landed.commit, when]
            expected.append(json.dumps(row, ensure_ascii=False))
        if got != expected:
            yield Mismatch("json", rev or "the work tree", expected, got)

    @staticmethod
    def json_row(row: dict[str, object]) -> list[object]:
        when = row["date"]
        if when is not None:
            parsed = datetime.datetime.fromisoformat(when)
            if parsed.tzinfo is None:
                raise ValueError(f"a date without a zone: {when}")
            when = int(parsed.timestamp())
        return [row["path"], row["revision"], row["commit"], when]

    def check_date(self):
        paths = landing.git_order(self.repo, self.ref, self.made.lane, self.made.recursive, False)
        yield from self.compare("date", self.ref, paths, "--order=date")

    def check_topo(self):
        paths = landing.git_order(self.repo, self.ref, self.made.lane, self.made.recursive, True)
        yield from self.compare("topo", self.ref, paths, "--order=topo")

    def steps(self) -> list[str]:
        """Where on the line there is a lane at all, and of those as many as are wanted."""
        lanes, recursive = [self.made.lane], self.made.recursive
        revs = [r for r in self.line() if landing.migrations(self.repo, r, lanes, recursive)]
        if self.settings.steps and len(revs) > self.settings.steps:
            chosen = set(self.random.sample(range(len(revs)), self.settings.steps))
            revs = [rev for number, rev in enumerate(revs) if number in chosen]
        return revs

    def check_steps(self):
        for rev in self.steps():
            paths = [landed.path for landed in self.oracle(rev)]
            yield from self.compare("steps", rev, paths)

    def build(self, rev: str, *options: str) -> int:
        """The exit status of a build that writes nothing."""
        command = ["build", "-o", "-", "--rev", rev, *options]
        if self.made.recursive:
            command.append("--recursive")
        command += ["--", os.fsdecode(self.made.lane) or "."]
        return self.settings.program.run(command, self.repo.directory).status

    def moved_in(self, earlier: str, before: list[Path], later: str, after: list[Path]) -> bool:
        """
        Whether a file came from outside of the lane. It takes the place that it would have there
        (rule 2), and those with which it landed are judged with it from then on.
        """
        parent = first_parent_towards(self.repo, later, earlier)
        paths = (landing.trace(self.repo, later, parent, path) for path in after)
        return any(path is not None and path not in before for path in paths)

    def is_excused(self, earlier: str, before: list[Path], later: str, after: list[Path]) -> bool:
        """
        Whether nobody can be harmed: no chain comes from the earlier commit, as its build is
        refused, or a file moved in, and the build at the later one stops (exit status 4).
        """
        if self.build(earlier) == REFUSED:
            return True
        moved = self.moved_in(earlier, before, later, after)
        return moved and self.build(later, "--since", earlier) == STOPPED

    def check_append(self):
        """The definition's own promise, on the oracle's order at every step."""
        line = self.line()
        pairs = list(itertools.pairwise(line))
        if self.settings.pairs and len(pairs) > self.settings.pairs:
            pairs = self.random.sample(pairs, self.settings.pairs)
        for earlier, later in pairs:
            before = [landed.path for landed in self.oracle(earlier)]
            order, ambiguous = self.judged(later)
            after = [landed.path for landed in order]
            if ambiguous:
                continue
            if displaced(self.repo, earlier, before, later, after) and not self.is_excused(
                earlier, before, later, after
            ):
                expected = [landing.quoted(path) for path in before]
                got = [landing.quoted(path) for path in after]
                yield Mismatch("append", f"{earlier}..{later}", expected, got)


CHECKS = ["landing", "date", "topo", "steps", "append"]


def displaced(
    repo: Repository, earlier: str, before: list[Path], later: str, after: list[Path]
) -> list[Path]:
    """What stands in `after`, the order at a commit, before something of `before`, its first parent's,
    without having stood there already. A file keeps its place when it moves (rule 2); one that the
    parent had outside the lane has no place to keep."""
    place = {path: number for number, path in enumerate(before)}
    wrong = []
    reached = len(before)
    parent = first_parent_towards(repo, later, earlier)
    for path in reversed(after):
        old = landing.trace(repo, later, parent, path)
        if old in place:
            if place[old] > reached:
                wrong.append(path)
            reached = min(reached, place[old])
        elif old is None and reached < len(before):
            wrong.append(path)
    return wrong[::-1]


def first_parent_towards(repo: Repository, later: str, earlier: str) -> str:
    """The first parent of `later`; `earlier` has the same tree, for only such are left out."""
    parent = repo.commit(later).parents[0]
    assert repo.tree_of(parent) == repo.tree_of(earlier)
    return parent


def is_utf8(path: Path) -> bool:
    try:
        path.decode()
    except UnicodeDecodeError:
        return False
    return True


def worktree_contents(made: History) -> dict[Path, bytes] | None:
    """The files of the lane on disk, if they are not those of REV."""
    if made.worktree is None:
        return None
    return {
        path: file.text().encode()
        for path, file in made.worktree.items()
        if file.mode != history.SUBMODULE and (made.recursive or landing.dirname(path) == made.lane)
    }


def oracle_order(repo: Repository, ref: str, made: History) -> list[Landed]:
    contents = worktree_contents(made)
    lanes = [made.lane]
    if contents is None:
        return landing.landing_order(repo, ref, lanes, made.recursive)
    return landing.worktree_order(repo, lanes, made.recursive, contents)


# Running -------------------------------------------------------------------------------------------


def run_check(case: Case, check: str) -> Mismatch | None:
    return next(getattr(case, f"check_{check}")(), None)


def alone(
    settings: Settings, made: History, kept: Storage, check: str, seed: int
) -> Mismatch | None:
    """One check on one history in a repository of its own."""
    directory = tempfile.mkdtemp(dir=settings.scratch)
    try:
        bare = made.worktree is None
        history.make_repository(directory, {"main": made}, bare, kept)
        if not bare:
            history.write_worktree(directory, made)
        with Repository(directory) as repo:
            return run_check(Case(settings, made, repo, "main", seed), check)
    finally:
        shutil.rmtree(directory)


def is_usable(made: History) -> bool:
    """Whether there is a lane to ask for."""
    files = made.nodes[-1].files if made.worktree is None else made.worktree
    return any(
        path.startswith(made.lane + b"/")
        and landing.is_migration(path)
        and files[path].mode != history.SUBMODULE
        and (made.recursive or landing.dirname(path) == made.lane)
        for path in files
    )


def smallest(settings: Settings, made: History, mismatch: Mismatch, check: str, seed: int):
    """The smallest history that shows it, in the plainest storage, and what is seen there."""
    settings = settings._replace(steps=0)
    kept = storage.of_seed(seed)

    def shows_it(candidate: History, kept: Storage) -> bool:
        found = is_usable(candidate) and alone(settings, candidate, kept, check, seed)
        return bool(found) and found.check == mismatch.check

    for plainer in (PLAIN, Storage(graph=kept.graph), Storage(objects=kept.objects)):
        if shows_it(made, plainer):
            kept = plainer
            break
    made = shrink.shrink(made, lambda candidate: shows_it(candidate, kept))
    return made, kept, alone(settings, made, kept, check, seed) or mismatch


def run_batch(task: tuple[Settings, Storage, list[int], list[str]]):
    """The seeds that were skipped, and (seed, check, mismatch) for all that failed."""
    settings, kept, seeds, checks = task
    skipped, failures = [], []
    histories = {}
    for seed in seeds:
        made = random_history.make(seed)
        if is_usable(made):
            histories[f"h{seed}"] = made
        else:
            skipped.append(seed)
    if not histories:
        return len(seeds), skipped, failures
    directory = tempfile.mkdtemp(dir=settings.scratch)
    try:
        history.make_repository(directory, histories, storage=kept)
        with Repository(directory) as repo:
            repo.read_ahead()
            for ref, made in histories.items():
                seed = int(ref[1:])
                case = Case(settings, made, repo, ref, seed)
                for check in checks:
                    if check == "landing" and made.worktree is not None:
                        mismatch = alone(settings, made, kept, check, seed)
                    else:
                        mismatch = run_check(case, check)
                    if mismatch:
                        failures.append((seed, check, mismatch))
    finally:
        shutil.rmtree(directory)
    return len(seeds), skipped, failures


def batches(seeds: Sequence[int]) -> list[tuple[Storage, list[int]]]:
    """Histories that are stored alike share a repository."""
    alike: dict[Storage, list[int]] = {}
    for seed in seeds:
        alike.setdefault(storage.of_seed(seed), []).append(seed)
    return [
        (kept, group[start : start + BATCH])
        for kept, group in alike.items()
        for start in range(0, len(group), BATCH)
    ]


def report(settings: Settings, seed: int, check: str, mismatch: Mismatch, shrinking: bool) -> None:
    made = random_history.make(seed)
    print(f"\nFAILED: {mismatch.check}, seed {seed}, at {mismatch.rev}")
    if shrinking:
        made, kept, mismatch = smallest(settings, made, mismatch, check, seed)
        print(f"the smallest history that shows it ({len(made.nodes)} commits), as commands:\n")
        print(history.commands(made, kept))
        recursive = "--recursive " if made.recursive else ""
        order = f"--order={check} " if check in ("date", "topo") else ""
        rev = "" if made.worktree is not None and check == "landing" else "--rev main "
        print(f"revchain log {rev}{recursive}{order}'{os.fsdecode(made.lane)}'\n")
        print("to keep it, in scenarios.py (the order is what the oracle says: work it out):\n")
        print(handmade.source(f"seed_{seed}", made, kept, oracle_paths(settings, made)))
        print(f"\nat {mismatch.rev}:")
    print("expected:", *mismatch.expected, sep="\n  ")
    print("got:", *mismatch.got, sep="\n  ")
    print(f"run it again: tests/oracle/order.py --seed {seed} --count 1 {settings.program.path}")
    sys.stdout.flush()


def oracle_paths(settings: Settings, made: History) -> list[Path]:
    """The landing order of a history by the oracle alone."""
    directory = tempfile.mkdtemp(dir=settings.scratch)
    try:
        history.make_repository(directory, {"main": made}, bare=False)
        with Repository(directory) as repo:
            return [landed.path for landed in oracle_order(repo, "main", made)]
    finally:
        shutil.rmtree(directory)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", metavar="PROGRAM", help="the revchain to test")
    parser.add_argument("--seed", type=int, help="of the first history (default: the clock)")
    parser.add_argument("--count", type=int, default=300, help="how many histories (%(default)s)")
    parser.add_argument("-j", type=int, default=1, metavar="N", help="processes side by side")
    parser.add_argument(
        "--steps",
        type=int,
        metavar="N",
        help="run the program at so many commits of each first-parent line, 0: at all"
        " (default: at all of up to 100 histories, else at 3)",
    )
    parser.add_argument(
        "--check", action="append", choices=CHECKS, help="this comparison only; may be repeated"
    )
    parser.add_argument(
        "--server", metavar="SERVER", help="order_server, to run PROGRAM's code with less ado"
    )
    parser.add_argument("--no-shrink", action="store_true", help="print mismatches as they are")
    options = parser.parse_args()
    seed = int(time.time()) % 1_000_000_000 if options.seed is None else options.seed
    steps = options.steps
    if steps is None:
        steps = 0 if options.count <= 100 else 3
    program, server = shutil.which(options.program), options.server
    if program is None:
        parser.error(f"there is no program {options.program}")
    runs = Program(os.path.abspath(program), os.path.abspath(server) if server else None)
    sys.setrecursionlimit(100_000)
    print(f"order.py: {options.count} histories, --seed {seed}", flush=True)
    fast = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=fast) as scratch:
        return run_all(Settings(runs, steps, 0, scratch), seed, options)


def run_all(settings: Settings, seed: int, options) -> int:
    checks = options.check or CHECKS
    tasks = [
        (settings, kept, group, checks)
        for kept, group in batches(range(seed, seed + options.count))
    ]
    failed, done, skipped, reported = set(), 0, 0, 0
    started = time.monotonic()
    with multiprocessing.Pool(options.j) as pool:
        for count, missing, failures in pool.imap_unordered(run_batch, tasks):
            if (done + count) // TELL > done // TELL:
                print(f"  {done + count} in {time.monotonic() - started:.0f} s", flush=True)
            done += count
            skipped += len(missing)
            for number, check, mismatch in failures:
                failed.add(number)
                if reported < 20:
                    shrinking = reported < SHRUNK and not options.no_shrink
                    report(settings, number, check, mismatch, shrinking)
                reported += 1
    if reported > 20:
        print(f"\n… and {reported - 20} more mismatches")
    passed = options.count - len(failed) - skipped
    print(f"{passed} passed, {len(failed)} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
