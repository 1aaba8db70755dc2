#!/usr/bin/env python3
"""What the tests reach of each module: lines, branches, and branches outside of error paths of libgit2 and of memory.

table.py [--missing] [--least PERCENT] BUILD [SOURCE...]

BUILD is a directory in which everything was compiled with gcc --coverage, and the tests run. --missing names the lines and
branches that nothing reaches. With --least, all modules together are one test, which fails below that share of branches.

The rule for error paths: of a condition, one side is left out, if no test took it, for each of its operands that is nothing but
the failure of something: a status that is handed on, a call of libgit2 that fails, a buffer that memory ran out for, a pointer that
an allocation has just given, or anything where the other side is the message that memory ran out. All other operands beside them
count with both sides, and so does whatever a status or an allocation is the consequence of.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
ALLOCATION = (
    r"(?:\b(?:m|c|re)alloc|\brevchain_arena_\w+|\bstrn?dup|\brevchain_grow|\brevchain_arena_new)\("
)
FAILURE = re.compile(
    r"^!?\(?(?:status|\*?\w*failed|[\w.>\[\]-]+(?:\.|->)(?:failed|out_of_memory)|good|code < 0|status == REVCHAIN_OK)\)?$"
    r"|\bgit_(?!oid_|object_type|object_id|repository_is_|commit_parentcount|tree_entrycount)\w+\("
    r"|\brevchain_(?:map_put|names_add)\(|" + ALLOCATION
)
MEMORY = re.compile(r"fail_memory|ran out|out_of_memory")
POINTER = re.compile(r"^!?\*?([a-z]\w*(?:(?:->|\.)\w+)*)(?:\[\w+\])?$")
# What ends a process at once, or keeps it from writing the counts: shown, and left out of the sum.
UNCOUNTED = {
    "src/cli/lastwords.c": "tests/faults/memory.py and mapped.py",
    "src/cli/sandbox.c": "tests/cli/sandbox.sh",
}
BACK = 16  # lines above a condition in which a pointer may have been allocated


class Source:
    """The statements of a file, by the lines of their conditions."""

    def __init__(self, path):
        self.lines = path.read_text().splitlines()

    def statement(self, number):
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

    def allocated(self, number, operand):
        """Whether the operand is a pointer that is tested for what an allocation above it has given."""
        pointer = POINTER.match(operand)
        if not pointer:
            return False
        above = " ".join(self.lines[max(0, number - 1 - BACK) : number])
        above = above[above.rfind(" { ") + 1 :] if " { " in above else above
        return (
            re.search(r"(?<![\w.>])%s\s*=\s*[^;]*?%s" % (re.escape(pointer[1]), ALLOCATION), above)
            is not None
        )

    def operands(self, number):
        """Those of the condition that are on this line, each without what it is written in."""
        text = re.sub(r"/\*.*?\*/|//.*", "", self.lines[number - 1])
        text = re.sub(r"^\s*(?:\}?\s*else\s+)?(?:if|while|return|for)\b", "", text)
        for part in re.split(r"&&|\|\||\?|;", text):
            part = re.sub(r"^.*[^=!<>]=\s*(?=[!\w.>\[\]-]+\s*$)", "", part).strip(" \t{")
            while part.startswith("(") and (
                part.endswith(")") or part.count("(") > part.count(")")
            ):
                part = part[1:-1] if part.count("(") == part.count(")") else part[1:]
                part = part.strip()
            while part.count(")") > part.count("("):
                part = part[: part.rindex(")")].strip()
            if part:
                yield part

    def failures(self, number):
        """How many sides of the condition on this line may be left out."""
        operands = list(self.operands(number))
        if MEMORY.search(self.statement(number)):
            return len(operands)
        return sum(
            FAILURE.search(operand) is not None or self.allocated(number, operand)
            for operand in operands
        )


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
        failures = source.failures(number)
        outside = len(taken) - min(failures, len(taken) - reached)
        figures[0].add(count > 0, 1)
        figures[1].add(reached, len(taken))
        figures[2].add(reached, outside)
        if missing and (reached < outside or (count == 0 and not taken and not failures)):
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
            if name not in UNCOUNTED:
                count.add(figure.reached, figure.all)
    print("%-28s %8s %8s %8s" % ("", "lines", "branches", "outside error paths"))
    for name, figures in [*table, ("all", total)]:
        note = "  without a count: " + UNCOUNTED[name] if name in UNCOUNTED else ""
        print("%-28s %8s %8s %8s%s" % (name, *figures, note))
    enough = 100 * total[2].reached >= arguments.least * total[2].all
    print("%d passed, %d failed, 0 skipped" % (enough, not enough))
    return not enough


if __name__ == "__main__":
    sys.exit(main())
