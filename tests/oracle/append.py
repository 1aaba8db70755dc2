#!/usr/bin/python3
"""--since, --previous, --pin, --base and --applied against their definitions, on random histories.

The chains of two commits come from separate calls of `build`; whether the one is a prefix of the
other is judged here, list by list. On random graphs of static and dynamic migrations, what is
displaced is judged by sets of ancestors. And the promise of landing order: along the first-parent
line nothing is ever displaced.

One case again: append.py --seed SEED --count 1 PROGRAM
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import NamedTuple

import history
import landing
import random_history
from history import History, Migration, Node

PAIRS = 3  # pairs of commits that are looked at in one history
NAMED = re.compile(r"^revchain: error: .*?'([^']*)' \(", re.MULTILINE)


class Done(NamedTuple):
    status: int
    out: str
    err: str


class Wrong(Exception):
    """What the program did is not what the definition says."""


class Case:
    def __init__(self, program: str, directory: str, seed: int, lane: str, recursive: bool):
        self.program = program
        self.directory = directory
        self.random = random.Random(seed)
        self.lane = lane
        self.recursive = recursive

    def run(self, command: str, *options: str, given: str | None = None) -> Done:
        words = [self.program, command, *options, *(["--recursive"] if self.recursive else [])]
        done = subprocess.run(
            [*words, "--", self.lane],
            cwd=self.directory,
            env=landing.ENVIRONMENT,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode not in (0, 1, 4):
            raise Wrong(f"{words}: exit status {done.returncode}\n{done.stderr}")
        return Done(done.returncode, done.stdout, done.stderr)

    def order(self, rev: str, *options: str) -> list[str] | None:
        """The dynamic migrations from first to last, read off the chain; None: there is no chain."""
        done = self.run("build", "--rev", rev, "-o", "-", *options)
        if done.status:
            return None
        return in_order(json.loads(done.out))

    def expect(self, what: str, done: Done, status: int, order: list[str] | None = None) -> None:
        if done.status != status:
            raise Wrong(f"{what}: exit status {status} expected, {done.status} came\n{done.err}")
        if order is not None and in_order(json.loads(done.out)) != order:
            raise Wrong(f"{what}: expected {order}, got {in_order(json.loads(done.out))}")
        if status and done.out:
            raise Wrong(f"{what}: there is output\n{done.out}")

    def expect_named(self, what: str, done: Done, names: set[str]) -> None:
        if set(NAMED.findall(done.err)) != names:
            raise Wrong(f"{what}: expected {sorted(names)} to be displaced\n{done.err}")


def in_order(chain: dict[str, str | None]) -> list[str]:
    following = {parent: revision for revision, parent in chain.items()}
    order: list[str] = []
    while (order[-1] if order else None) in following:
        order.append(following[order[-1] if order else None])
    assert len(order) == len(chain)
    return order


def displaced_from(before: list[str], after: list[str]) -> set[str]:
    """By the definition, for two chains without branches."""
    wrong = set()
    for number, revision in enumerate(after):
        if revision in before:
            earlier = set(before[: before.index(revision)])
            wrong |= set(after[:number]) - earlier
    return wrong


# Histories ----------------------------------------------------------------------------------------


def tidy(made: History) -> History:
    """The same without what makes a chain impossible: its findings are tested elsewhere."""
    nodes = []
    for node in made.nodes:
        files, seen = {}, set()
        for path, file in sorted(node.files.items()):
            if path.endswith(b".py") and (file.raw is not None or file.mode == history.SUBMODULE):
                continue
            if file.raw is None and (file.revision is None or file.revision in seen):
                continue
            seen.add(file.revision)
            files[path] = file._replace(depends_on=())
        nodes.append(node._replace(files=files))
    return made._replace(nodes=nodes, worktree=None)


def is_stable(
    repo: landing.Repository, made: History, earlier: str, later: str, kept: set[str]
) -> bool:
    """Whether between two commits of a line no file takes another id, and none comes into the lane
    from elsewhere: such ones keep the place of a file that databases know by another name, or not.
    Nor may one of those that both have be gone for a while: it lands again when it comes back."""
    commit = later
    while commit != earlier:
        tree = repo.tree_of(commit)
        paths = landing.migrations(repo, commit, [made.lane], made.recursive)
        if not kept <= {repo.declared(repo.blob(tree, path)).revision for path in paths}:
            return False
        parent = repo.commit(commit).parents[0]
        old_tree = repo.tree_of(parent)
        inside = set(landing.migrations(repo, parent, [made.lane], made.recursive))
        for path in paths:
            before = landing.trace(repo, commit, parent, path)
            if before is None:
                continue
            if before not in inside:
                return False
            new, old = repo.blob(tree, path), repo.blob(old_tree, before)
            if repo.declared(new).revision != repo.declared(old).revision:
                return False
        commit = parent
    return True


def line_of(repo: landing.Repository) -> list[str]:
    return repo.git("rev-list", "--first-parent", "--reverse", "main").decode().split()


def check_pair(case: Case, repo: landing.Repository, made: History, earlier: str, later: str):
    for kind in ("landing", "date", "topo"):
        order = ("--order", kind)
        before, after = case.order(earlier, *order), case.order(later, *order)
        if before is None or after is None:
            continue
        kept = [revision for revision in before if revision in after]
        displaced = displaced_from(before, after)
        is_prefix = after[: len(kept)] == kept
        assert is_prefix == (not displaced)
        what = f"{kind} order, {earlier[:10]} and {later[:10]}"
        promised = kind == "landing" and is_stable(repo, made, earlier, later, set(kept))
        if promised and not is_prefix:
            raise Wrong(f"{what}: landing order is not append-only: {before}, then {after}")
        for option in ("--since", "--previous", "--pin"):
            value = earlier
            if option != "--since":
                value = os.path.join(case.directory, "old.json")
                case.run("build", "--rev", earlier, "-o", value, *order)
            done = case.run("build", "--rev", later, "-o", "-", option, value, *order)
            if option == "--pin":
                rest = [revision for revision in after if revision not in kept]
                case.expect(f"{option}, {what}", done, 0, kept + rest)
            elif is_prefix:
                case.expect(f"{option}, {what}", done, 0, after)
            else:
                case.expect(f"{option}, {what}", done, 4)
                case.expect_named(f"{option}, {what}", done, displaced)


def check_base(case: Case, rev: str, base: str) -> None:
    first, own = case.order(base), case.order(rev)
    if own is None:
        return
    if first is None:  # a lane that is not there, or nothing that makes a chain
        return
    expected = [revision for revision in first if revision in own]
    expected += [revision for revision in own if revision not in first]
    done = case.run("build", "--rev", rev, "-o", "-", "--base", base)
    case.expect(f"--base {base[:10]} at {rev[:10]}", done, 0, expected)


def check_applied(case: Case, rev: str) -> None:
    order = case.order(rev)
    if not order:
        return
    chosen = [revision for revision in order if case.random.random() < 0.7]
    last = max((order.index(revision) for revision in chosen), default=-1)
    displaced = set(order[: last + 1]) - set(chosen)
    shuffled = case.random.sample(chosen, len(chosen))
    texts = ["".join(f"{revision}\n" for revision in shuffled), json.dumps(shuffled)]
    done = case.run(
        "build", "--rev", rev, "-o", "-", "--applied", "-", given=case.random.choice(texts)
    )
    case.expect(f"--applied {shuffled} at {rev[:10]}", done, 4 if displaced else 0)
    case.expect_named(f"--applied {shuffled} at {rev[:10]}", done, displaced)


def check_history(program: str, seed: int, directory: str) -> None:
    made = tidy(random_history.make(seed))
    history.make_repository(directory, {"main": made})
    case = Case(program, directory, seed, os.fsdecode(made.lane), made.recursive)
    with landing.Repository(directory) as repo:
        line = [
            rev
            for rev in line_of(repo)
            if landing.migrations(repo, rev, [made.lane], made.recursive)
        ]
        for _ in range(PAIRS if len(line) > 1 else 0):
            early, late = sorted(case.random.sample(range(len(line)), 2))
            check_pair(case, repo, made, line[early], line[late])
        commits = repo.git("rev-list", "main").decode().split()
        there = [
            rev for rev in commits if landing.migrations(repo, rev, [made.lane], made.recursive)
        ]
        if there:
            check_base(case, case.random.choice(there), case.random.choice(there))
            check_applied(case, case.random.choice(there))


# Graphs -------------------------------------------------------------------------------------------

LANE = b"versions"


def text(revision: str, parents: tuple[str, ...] | None) -> str:
    down = "get_down_revision(revision)" if parents is None else repr(parents or None)
    return f"revision = {revision!r}\ndown_revision = {down}\n"


class Graph:
    """Migrations that hang together: each behind earlier ones, so that there is no circle."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.dynamic = self.random.random() < 0.6
        self.parents: dict[str, tuple[str, ...] | None] = {}
        for _ in range(self.random.randrange(1, 8)):
            self.add()

    def pick_parents(self, known: list[str]) -> tuple[str, ...]:
        count = self.random.choice([0, 1, 1, 1, 1, 1, 2])
        return tuple(self.random.sample(known[-3:], min(count, len(known[-3:]))))

    def add(self) -> None:
        known = list(self.parents)
        new: tuple[str, ...] | None = self.pick_parents(known) if known else ()
        if self.dynamic and self.random.random() < 0.4:
            new = None
        self.parents[f"r{len(known)}_{self.random.randrange(1000)}"] = new

    def change(self) -> None:
        """One edit: an addition at the end, another parent, one in the middle, a deletion."""
        kind = self.random.random()
        known = list(self.parents)
        if kind < 0.5 or not known:
            self.add()
        elif kind < 0.8 or len(known) == 1:
            name = self.random.choice(known)
            if self.parents[name] is not None:
                self.parents[name] = self.pick_parents(known[: known.index(name)])
        else:
            name = self.random.choice(known)
            heir = self.parents.pop(name)
            for other, parents in self.parents.items():
                if parents and name in parents:
                    left = [parent for parent in (*parents, *(heir or ())) if parent != name]
                    self.parents[other] = tuple(dict.fromkeys(left))

    def files(self) -> dict[bytes, Migration]:
        return {
            LANE + b"/" + name.encode() + b".py": Migration(raw=text(name, parents))
            for name, parents in self.parents.items()
        }


def ancestors(parents: dict[str, list[str]]) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}

    def of(name: str) -> set[str]:
        if name not in known:
            known[name] = set()
            for parent in parents.get(name, []):
                known[name] |= {parent} | of(parent)
        return known[name]

    for name in parents:
        of(name)
    return known


def parents_at(case: Case, rev: str) -> dict[str, list[str]] | None:
    done = case.run("log", "--rev", rev, "--format=json")
    if done.status:
        return None
    down = {row["revision"]: row["down_revision"] for row in json.loads(done.out)}
    return {
        name: parent if isinstance(parent, list) else [parent] if parent else []
        for name, parent in down.items()
    }


def check_graph(program: str, seed: int, directory: str) -> bool:
    """Two states of a graph, one behind the other. False: one of them has no chain."""
    graph = Graph(seed)
    nodes = [Node((), graph.files(), 1_700_000_000)]
    for number in range(1, graph.random.randrange(2, 5)):
        graph.change()
        nodes.append(Node((number - 1,), graph.files(), 1_700_000_000 + number))
    history.make_repository(directory, {"main": History(nodes, LANE, False)})
    case = Case(program, directory, seed, os.fsdecode(LANE), False)
    earlier = f"main~{len(nodes) - 1}"
    before, after = parents_at(case, earlier), parents_at(case, "main")
    if before is None or after is None:
        return False
    old, new = ancestors(before), ancestors(after)
    displaced = {name for behind in new if behind in old for name in new[behind] - old[behind]}
    done = case.run("build", "--rev", "main", "--since", earlier, "-o", "-")
    case.expect(f"--since {earlier} of {graph.parents}", done, 4 if displaced else 0)
    case.expect_named(f"--since {earlier} of {graph.parents}", done, displaced)
    return True


# Running ------------------------------------------------------------------------------------------


def attempts(program: str, seed: int, count: int, checks) -> Iterator[tuple[int, str, bool]]:
    """Seed, what is wrong (empty: nothing), whether there was anything to look at."""
    fast = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    for number in range(seed, seed + count):
        for check in checks:
            directory = tempfile.mkdtemp(dir=fast)
            wrong, looked = "", True
            try:
                looked = check(program, number, directory) is not False
            except (Wrong, subprocess.TimeoutExpired) as error:
                wrong = f"{check.__name__}: {error}"
            finally:
                shutil.rmtree(directory)
            yield number, wrong, looked


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", metavar="PROGRAM", help="the revchain to test")
    parser.add_argument("--seed", type=int, help="of the first history (default: the clock)")
    parser.add_argument("--count", type=int, default=100, help="how many (%(default)s)")
    options = parser.parse_args()
    seed = int(time.time()) % 1_000_000_000 if options.seed is None else options.seed
    program = shutil.which(options.program)
    if program is None:
        parser.error(f"there is no program {options.program}")
    sys.setrecursionlimit(100_000)
    print(f"append.py: {options.count} histories and graphs, --seed {seed}", flush=True)
    passed = failed = empty = 0
    for number, wrong, looked in attempts(
        os.path.abspath(program), seed, options.count, (check_history, check_graph)
    ):
        if wrong:
            print(f"\nFAILED: seed {number}, {wrong}")
            print(f"run it again: tests/oracle/append.py --seed {number} --count 1 {program}")
        failed += bool(wrong)
        empty += not looked
        passed += not wrong and looked
    if options.count >= 50 and empty > options.count * 0.6:
        print(f"FAILED: {empty} of {options.count} random graphs have no chain: this tests nothing")
        failed += 1
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
