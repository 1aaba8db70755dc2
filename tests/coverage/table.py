#!/usr/bin/env python3
"""What the tests reach of each module: lines, branches, and branches outside of error paths of libgit2 and of memory.

table.py [--missing] [--least PERCENT] BUILD [SOURCE...]

BUILD is a directory in which everything was compiled with gcc --coverage, and the tests run. --missing names the lines and
branches that nothing reaches. With --least, the exit status is 1 where all modules together are below that share of branches.

The rule for error paths: a side of a branch that was never taken is left out where the condition, or what it leads to in the
next statement, is about memory that ran out, about a call of libgit2, or about a status that only hands on what another
function has failed with. So a condition counts whole as soon as it decides anything else, and one that tests have taken both
ways always counts.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
ERROR_PATH = re.compile(
    r"\bstatus\b|\bgit_\w+\(|\b(m|c|re)alloc\(|\brevchain_arena_\w+\(|\bstrn?dup\(|fail_memory|ran out"
    r"|out_of_memory|\bfailed\b|\brevchain_(map_put|names_add)\(|\bcode < 0|\breturn NULL;"
)


class Source:
    """The statements of a file, by the lines of their conditions."""

    def __init__(self, path):
        self.lines = path.read_text().splitlines()

    def condition(self, number):
        """The lines of the condition that this line is part of, and of the statement behind it."""
        start = end = number - 1
        while start > 0 and not re.search(r"[;{}]\s*$|^\s*$|\*/\s*$|:\s*$", self.lines[start - 1]):
            start -= 1
        while end + 1 < len(self.lines) and not re.search(r"[;{}]\s*$", self.lines[end]):
            end += 1
        text = " ".join(self.lines[start : end + 1])
        if text.rstrip().endswith("{") and end + 1 < len(self.lines):
            text += self.lines[end + 1]
        return text


def measure(build):
    """For each source the lines, and the branches of each line, with how often they were taken."""
    lines = collections.defaultdict(lambda: collections.Counter())
    branches = collections.defaultdict(lambda: collections.defaultdict(list))
    objects = sorted(pathlib.Path(build).glob("src/**/*.gcno"))
    for notes in objects:
        command = ["gcov", "--json-format", "--branch-probabilities", "--stdout", str(notes)]
        shown = subprocess.run(command, capture_output=True, text=True, cwd=TOP, check=True).stdout
        for file in json.loads(shown)["files"]:
            if not file["file"].startswith("src/"):
                continue
            for line in file["lines"]:
                lines[file["file"]][line["line_number"]] += line["count"]
                taken = [branch["count"] for branch in line["branches"]]
                if taken:
                    branches[file["file"]][line["line_number"]] = taken
    return lines, branches


class Count:
    def __init__(self):
        self.reached = self.all = 0

    def add(self, reached, total):
        self.reached += reached
        self.all += total

    def __str__(self):
        return "%5.1f %%" % (100 * self.reached / self.all) if self.all else "      –"


def judge(name, lines, branches, missing):
    """The three figures of one source."""
    source = Source(TOP / name)
    figures = [Count(), Count(), Count()]
    for number, count in sorted(lines.items()):
        taken = branches.get(number, [])
        reached = sum(count > 0 for count in taken)
        error_path = ERROR_PATH.search(source.condition(number)) is not None
        outside = reached if error_path else len(taken)
        figures[0].add(count > 0, 1)
        figures[1].add(reached, len(taken))
        figures[2].add(reached, outside)
        if missing and (reached < outside or (count == 0 and not taken and not error_path)):
            text = source.lines[number - 1].strip()
            print("%s:%d: %d of %d: %s" % (name, number, reached, len(taken), text))
    return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("--least", type=float, default=0)
    parser.add_argument("build")
    parser.add_argument("sources", nargs="*")
    arguments = parser.parse_args()
    lines, branches = measure(arguments.build)
    total = [Count(), Count(), Count()]
    table = []
    for name in sorted(arguments.sources or lines):
        figures = judge(name, lines[name], branches[name], arguments.missing)
        table.append((name, figures))
        for count, figure in zip(total, figures):
            count.add(figure.reached, figure.all)
    print("%-28s %8s %8s %8s" % ("", "lines", "branches", "outside error paths"))
    for name, figures in [*table, ("all", total)]:
        print("%-28s %8s %8s %8s" % (name, *figures))
    return 100 * total[2].reached < arguments.least * total[2].all


if __name__ == "__main__":
    sys.exit(main())
