#!/usr/bin/env python3
"""Hold revchain's Python scanner against CPython: on the modules of this machine, on random ones and on mutations of both.

pyscan.py [--seed N] [--count N] [--no-files] DUMP_PROGRAM      all of it; N random modules and as many mutations
pyscan.py --case N [--seed N] DUMP_PROGRAM         one case again, with its text
pyscan.py --file PATH... DUMP_PROGRAM              these files
"""

import argparse
import ast
import collections
import itertools
import json
import pathlib
import random
import re
import subprocess
import sys
import sysconfig

from pyscan_generate import Grammar, mutate, soup
from pyscan_reference import WANTED, create_date, judge

NOWHERE = 2**64 - 1  # SIZE_MAX
SHOWN = 5  # failures that are printed in full


class Scanner:
    """The program that prints scans, asked over a pipe."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def scan(self, data):
        try:
            self.process.stdin.write(b"%d\n" % len(data) + data)
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            return None
        return json.loads(line)


def text_of(string):
    return None if string is None else string.encode("latin-1").decode("utf-8", "surrogatepass")


def expected_value(module, name):
    """(kind, strings, line, ranges of lines in which a problem may lie)."""
    if name in module.globals:
        return "unreadable", [], None, module.globals[name]
    binding = module.names.get(name)
    if binding is None:
        return "missing", [], 0, []
    value = binding.value
    if value is None:
        return "unreadable", [], None, binding.lines
    lines = binding.lines + value.lines
    unreadable = ("unreadable", [], binding.line, lines)
    items = {"string": [value], "sequence": value.payload, "call": [value.payload]}.get(
        value.kind, []
    )
    for item in items if value.kind in ("sequence", "call") else []:
        lines += item.lines
    allowed = {"revision": ("string",), "down_revision": ("none", "string", "sequence", "call")}
    if value.kind not in allowed.get(name, ("none", "string", "sequence")) or value.changed:
        return unreadable
    if any(item.kind != "string" for item in items):
        return unreadable
    return value.kind, [item.payload for item in items], binding.line, []


def check_name(scan, module, name):
    value = scan[name]
    kind, strings, line, ranges = expected_value(module, name)
    found = [text_of(string) for string in value["strings"]]
    if value["kind"] != kind or found != strings:
        return "%s: expected %s %r, got %s %r" % (name, kind, strings, value["kind"], found)
    if line is not None and value["line"] != line:
        return "%s: expected line %d, got %d" % (name, line, value["line"])
    problems = [
        p for p in scan["problems"] if p["name"] == name and p["message"].startswith(name + " ")
    ]
    if len(problems) != (kind == "unreadable"):
        return "%s: expected %s problem, got %r" % (
            name,
            "a" if kind == "unreadable" else "no",
            scan["problems"],
        )
    if problems and not any(first <= problems[0]["line"] <= last for first, last in ranges):
        return "%s: expected a problem in lines %r, got %r" % (name, ranges, problems[0])
    return None


def check_docstring(scan, module):
    if not module.docstring_exact:
        return None
    found = text_of(scan["docstring"])
    if found != module.docstring:
        return "docstring: expected %r, got %r" % (module.docstring, found)
    date = create_date(module.docstring) if module.docstring is not None else None
    if scan["create_date"] != date:
        return "create date: expected %r, got %r" % (date, scan["create_date"])
    return None


def is_refused(scan):
    """Whether the scan found the whole file to be wrong."""
    unread = all(scan[name]["kind"] == "unreadable" and scan[name]["line"] == 0 for name in WANTED)
    return unread and [problem["name"] for problem in scan["problems"]] == [None]


def check_shape(scan):
    """What holds for every scan."""
    lines = [problem["line"] for problem in scan["problems"]]
    if lines != sorted(lines):
        return "the problems are not in the order of their lines: %r" % lines
    for problem in scan["problems"]:
        if "\n" in problem["message"] or not problem["message"] or problem["line"] < 1:
            return "a problem is not one line with a place: %r" % problem
    return None


def is_same_place(problem, verdict):
    """Whether the scanner's problem is the one that CPython reports."""
    message, line = problem["message"], problem["line"]
    if line == verdict.line or re.search(
        "is not valid|encoding", message
    ):  # CPython decodes line by line
        return True
    # What CPython's parser finds gives way to what its tokenizer finds further down, in some versions; and where CPython
    # has stumbled over its grammar, which the scanner does not, it only looks for an open bracket.
    late = "indentation is unexpected|indented block is missing|inside a replacement field|the character '"
    if re.search(late, message) and line < verdict.line:
        return True
    return "was never closed" in verdict.message and re.search("backslash|the character '", message)


def check(scan, verdict):
    """None, or what is wrong."""
    wrong = check_shape(scan)
    if wrong or verdict.kind == "either":
        return wrong
    if verdict.kind == "refused":
        if not is_refused(scan):
            return "expected a problem: CPython says %r, got %r" % (verdict.message, scan)
        if verdict.line is not None and not is_same_place(scan["problems"][0], verdict):
            return "expected a problem on line %d (%s), got %r" % (
                verdict.line,
                verdict.message,
                scan["problems"],
            )
        return None
    if is_refused(scan):
        return "CPython reads it, got %r" % scan["problems"]
    for name in WANTED:
        wrong = check_name(scan, verdict.module, name)
        if wrong:
            return wrong
    return check_docstring(scan, verdict.module)


def check_places(scan, verdict, data):
    """Where values are written, and where an import can be put: by changing the text there."""
    for name in WANTED:
        value = scan[name]
        for string, (begin, end) in zip(value["strings"], value["literals"]):
            if begin < end and not verdict.module.opaque:
                literal = literal_of(data[begin:end], verdict)
                if literal != text_of(string):
                    return "%s: literal %r, not %r" % (name, literal, text_of(string))
        begin, end = value["written"]
        if begin == end or value["kind"] in ("missing", "unreadable"):
            continue
        changed = judge(data[:begin] + b'"zz"' + data[end:])
        if changed.kind == "module" and expected_value(changed.module, name)[:2] != (
            "string",
            ["zz"],
        ):
            return "%s is not written at %r" % (name, data[begin:end])
    return check_import(scan, verdict, data)


def literal_of(source, verdict):
    return ast.literal_eval("(" + source.decode(verdict.codec) + ")")


def check_import(scan, verdict, data):
    at = scan["import_at"]
    if at == NOWHERE:
        line = data[: scan["down_revision"]["written"][0] or len(data)]
        # one line has it all, or a __future__ stands where CPython's compiler does not want it
        return None if b";" in line or b"__future__" in data else "there is no place for an import"
    if at and not data[:at].endswith((b"\n", b"\r", b"\f", b"\xef\xbb\xbf")) and at < len(data):
        return "an import at %d is within a line" % at
    end_of_line = b"\n" if at == len(data) else b""
    changed = judge(data[:at] + end_of_line + b"import probe\n" + data[at:])
    if changed.kind != "module":
        return "an import at %d makes it unreadable: %s" % (at, changed.message)
    body = changed.module.tree.body
    probes = [i for i, node in enumerate(body) if is_import_of(node, "probe")]
    rest = [node for node in body[1:] if not is_import_of(node, "probe")]  # behind the docstring
    futures = itertools.takewhile(lambda node: is_import_of(node, "__future__"), rest)
    if len(probes) != 1 or probes[0] < max((body.index(node) for node in futures), default=-1):
        return "an import at %d stands in front of a __future__, or in a block" % at
    if check_docstring(scan, changed.module):
        return "an import at %d takes the docstring away" % at
    return None


def is_import_of(node, name):
    if isinstance(node, ast.Import):
        return node.names[0].name == name != "__future__"
    return isinstance(node, ast.ImportFrom) and node.module == name and node.level == 0


def compare(scan, verdict, data):
    """None, or what is wrong with a scan of this text."""
    wrong = check(scan, verdict)
    if not wrong and verdict.kind == "module":
        wrong = check_places(scan, verdict, data)
    return wrong


class Run:
    def __init__(self, program, seed):
        self.program, self.seed = program, seed
        self.scanner = Scanner(program)
        self.verdicts = collections.Counter()
        self.passed = self.failed = 0

    def case(self, label, data):
        verdict = judge(data)
        self.verdicts[verdict.kind] += 1
        scan = self.scanner.scan(data)
        wrong = (
            compare(scan, verdict, data)
            if scan
            else "the program ended with %r" % self.scanner.process.wait()
        )
        if not wrong:
            self.passed += 1
            return
        self.failed += 1
        if self.failed <= SHOWN:
            print("FAILED %s: %s" % (label, wrong))
            print("  text: %r" % (data if len(data) < 3000 else data[:3000] + b"..."))
            if label.startswith("case"):
                print(
                    "  again: %s --seed %d --case %s %s"
                    % (sys.argv[0], self.seed, label.split()[1], self.program)
                )
        if not scan:
            self.scanner = Scanner(self.program)


def files_of_this_machine():
    paths = sysconfig.get_paths()
    roots = {paths["stdlib"], paths["purelib"], "/usr/lib/python3/dist-packages"}
    found = {path for root in roots for path in pathlib.Path(root).rglob("*.py")}
    return sorted(path for path in found if path.is_file())


HEADER = b'''"""add users

Revision ID: 1a2b
Create Date: 2024-05-06 07:08:09.101112

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision: str = "1a2b"
down_revision = ("3c4d",
                 \'5e6f\')
branch_labels = None
depends_on = get_down_revision(revision)

'''


def random_case(seed, number, corpus):
    """Case `number`: even ones are made from the grammar, odd ones are mutations or no modules at all."""
    chooser = random.Random("%d/%d" % (seed, number))
    if number % 2 == 0:
        return Grammar(chooser).module()
    kind = chooser.randrange(5)
    if kind == 4:
        return soup(chooser)
    if kind == 0 or not corpus:
        return mutate(chooser, Grammar(chooser).module())
    data = chooser.choice(corpus)
    return mutate(chooser, HEADER + data if kind < 3 else data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--case", type=int)
    parser.add_argument(
        "--no-files", action="store_true", help="leave out the modules of this machine"
    )
    parser.add_argument("--file", nargs="*")
    parser.add_argument("program")
    arguments = parser.parse_args()
    run = Run(arguments.program, arguments.seed)
    print("seed %d, CPython %s" % (arguments.seed, sys.version.split()[0]))
    files = (
        [pathlib.Path(path) for path in arguments.file]
        if arguments.file
        else files_of_this_machine()
    )
    corpus = (
        [data for data in (path.read_bytes() for path in files) if len(data) < 4000]
        if not arguments.file
        else []
    )
    if arguments.case is not None:
        data = random_case(arguments.seed, arguments.case, corpus)
        sys.stdout.buffer.write(data + b"\n")
        run.case("case %d" % arguments.case, data)
    else:
        for path in [] if arguments.no_files else files:
            run.case(str(path), path.read_bytes())
        for number in range(0 if arguments.file else 2 * arguments.count):
            run.case("case %d" % number, random_case(arguments.seed, number, corpus))
    print("by CPython: " + ", ".join("%s %d" % item for item in sorted(run.verdicts.items())))
    print("%d passed, %d failed, 0 skipped" % (run.passed, run.failed))
    return run.failed > 0


if __name__ == "__main__":
    sys.exit(main())
