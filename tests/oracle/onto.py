#!/usr/bin/python3
"""`check --onto` against the merge itself, and `check --branches` against the definition, on random
graphs.

Two branches of one graph are merged file by file; what `check` finds wrong with the merge commit,
`check --onto` must have found on the branch, and nothing else. Of several branches, which migrations
hang on the same parent, which on one that is no head any more and which have the same id is worked
out here from their files.

One case again: onto.py --seed SEED --count 1 PROGRAM
"""

import argparse
import copy
import itertools
import json
import os
import re
import shutil
import sys
import time

import append
import history
from append import LANE, Case, Graph, Wrong
from history import History, Migration, Node

START = 1_700_000_000
Files = dict[bytes, Migration]


def findings(case: Case, *options: str) -> list[dict]:
    done = case.run("check", "--format=json", *options)
    return json.loads(done.out)["findings"]


def errors(found: list[dict]) -> set[str]:
    return {
        finding["message"]
        for finding in found
        if finding["severity"] == "error" and finding["id"] not in ("stale-parent", "displaced")
    }


def merge(base: Files, ours: Files, theirs: Files) -> Files | None:
    """By whole files, as git does where no file is changed on both sides; None: one is."""
    merged = {}
    for path in sorted({*base, *ours, *theirs}):
        old, left, right = base.get(path), ours.get(path), theirs.get(path)
        if left != old and right != old and left != right:
            return None
        chosen = right if left == old else left
        if chosen is not None:
            merged[path] = chosen
    return merged


def branch_off(graph: Graph, seed: int, changes: int) -> Graph:
    other = copy.deepcopy(graph)
    other.random.seed(seed)
    for _ in range(changes):
        other.change()
    return other


def make_branches(directory: str, nodes: dict[str, tuple[str, Files]]) -> None:
    """A branch each: its name, the one that it comes from (empty: none), its files."""
    numbers: dict[str, int] = {}
    commits: list[Node] = []
    histories = {}
    for name, (parent, files) in nodes.items():
        parents = (numbers[parent],) if parent else ()
        numbers[name] = len(commits)
        commits.append(Node(parents, files, START + len(commits)))
    for name in nodes:
        histories[name] = history.reachable(
            History(commits[: numbers[name] + 1], LANE, recursive=False)
        )
    history.make_repository(directory, histories)


def check_onto(program: str, seed: int, directory: str) -> bool:
    base = Graph(seed)
    base.dynamic = False
    base.parents = {name: parents or () for name, parents in base.parents.items()}
    ours = branch_off(base, seed + 1, base.random.randrange(1, 4))
    theirs = branch_off(base, seed + 2, base.random.randrange(0, 4))
    merged = merge(base.files(), ours.files(), theirs.files())
    if merged is None or not merged or not ours.parents or not theirs.parents:
        return False
    make_branches(
        directory,
        {
            "base": ("", base.files()),
            "ours": ("base", ours.files()),
            "main": ("base", theirs.files()),
            "merged": ("main", merged),
        },
    )
    case = Case(program, directory, seed, os.fsdecode(LANE), False)
    own = findings(case, "--rev", "ours")
    if {finding["id"] for finding in own} & {"cycle", "missing-parent", "duplicate-revision"}:
        return False
    prefix = "merged into main: "
    after = errors(findings(case, "--rev", "ours", "--onto", "main"))
    got = {message.removeprefix(prefix) for message in after if message.startswith(prefix)}
    expected = errors(findings(case, "--rev", "merged")) - errors(own)
    if got != expected:
        raise Wrong(f"--onto: expected {sorted(expected)}, got {sorted(got)}")
    return True


def parents_of(graph: Graph) -> dict[str, tuple[str, ...]]:
    return {name: parents or () for name, parents in graph.parents.items()}


def check_branches(program: str, seed: int, directory: str) -> bool:
    base = Graph(seed)
    base.dynamic = False
    base.parents = {name: parents or () for name, parents in base.parents.items()}
    main = branch_off(base, seed + 1, base.random.randrange(0, 3))
    branches = {
        f"b{number}": branch_off(base, seed + 2 + number // 2, base.random.randrange(1, 4))
        for number in range(base.random.randrange(1, 5))
    }
    graphs = {"main": main, **branches}
    if not all(graph.parents for graph in graphs.values()):
        return False
    nodes = {"base": ("", base.files())}
    nodes |= {name: ("base", graph.files()) for name, graph in graphs.items()}
    make_branches(directory, nodes)
    case = Case(program, directory, seed, os.fsdecode(LANE), False)
    if {finding["id"] for finding in findings(case, "--rev", "main")} & {"cycle", "missing-parent"}:
        return False
    there = parents_of(main)
    added = {
        name: {
            one: parents
            for one, parents in parents_of(graph).items()
            if one not in there and one not in base.parents
        }
        for name, graph in branches.items()
    }
    collisions: dict[str, set[str]] = {}
    for left, right in itertools.combinations(added, 2):
        for (one, of_one), (other, of_other) in itertools.product(
            added[left].items(), added[right].items()
        ):
            known = other in branches[left].parents or one in branches[right].parents
            for parent in set(of_one) & set(of_other):
                if one != other and not known:
                    collisions.setdefault(parent, set()).update((one, other))
    stale = {
        (one, parent)
        for name in added
        for one, parents in added[name].items()
        for parent in parents
        if parent in there and any(parent in of_child for of_child in there.values())
        if not any(parent in there[child] for child in there if child in branches[name].parents)
    }
    found = findings(case, "--rev", "main", "--branches", "b?")
    got: dict[str, set[str]] = {}
    got_stale = set()
    for finding in found:
        if finding["id"] == "branch-collision":
            parent = re.search("the same parent '([^']*)'", finding["message"])[1]
            paths = {place["path"] for place in finding["places"]}
            got[parent] = {os.path.basename(path)[:-3] for path in paths}
        elif finding["id"] == "stale-parent":
            one, parent = re.match("'([^']*)' .* hangs on '([^']*)'", finding["message"]).groups()
            got_stale.add((one, parent))
    if got != collisions:
        raise Wrong(f"--branches: expected collisions {collisions}, got {got}")
    if got_stale - stale or {one for one, _ in stale} - {one for one, _ in got_stale}:
        raise Wrong(f"--branches: expected stale {stale}, got {got_stale}")
    return bool(collisions or stale)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", metavar="PROGRAM", help="the revchain to test")
    parser.add_argument("--seed", type=int, help="of the first graph (default: the clock)")
    parser.add_argument("--count", type=int, default=100, help="how many (%(default)s)")
    options = parser.parse_args()
    seed = int(time.time()) % 1_000_000_000 if options.seed is None else options.seed
    program = shutil.which(options.program)
    if program is None:
        parser.error(f"there is no program {options.program}")
    print(f"onto.py: {options.count} graphs, --seed {seed}", flush=True)
    checks = (check_onto, check_branches)
    passed = failed = empty = 0
    for number, wrong, looked in append.attempts(
        os.path.abspath(program), seed, options.count, checks
    ):
        if wrong:
            print(f"\nFAILED: seed {number}, {wrong}")
            print(f"run it again: tests/oracle/onto.py --seed {number} --count 1 {program}")
        failed += bool(wrong)
        empty += not looked
        passed += not wrong and looked
    if options.count >= 50 and empty > 1.6 * options.count:
        print(f"FAILED: {empty} of {2 * options.count} graphs have nothing to look at")
        failed += 1
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
