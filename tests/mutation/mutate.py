#!/usr/bin/env python3
"""Do the tests notice when order and chain go wrong? Changes one operator at a time, and runs the tests of that module.

mutate.py [--module NAME]... [--every N] [--jobs N] [--all] [-v] BUILD

BUILD is the build directory: its objects, library and unit tests are linked anew with the changed module, and those of the build
for the sanitizers in BUILD/sanitized. A mutant is killed by a test that fails, or by the compiler. One that survives has to be in
tests/mutation/equivalent, with the reason why no test can tell it from the program; the exit status is 1 where one is not, or
where an entry there fits no mutant any more. Those that are there are not tried again, but with --all, which says where a test
kills one of them all the same. --every N takes every Nth mutant alone, for a short look; -v says what each was killed by.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile
import typing

TOP = pathlib.Path(__file__).resolve().parents[2]
EQUIVALENT = pathlib.Path(__file__).with_name("equivalent")

# The tests of each module, the quick ones first. "sanitized" is a unit test under ASan and UBSan.
TESTS = {
    "chain": ["unit chain", "sanitized chain", "cli chain"],
    "graph": ["unit graph", "unit chain", "unit heads", "sanitized graph", "cli chain"],
    "heads": ["unit heads", "unit lineage", "sanitized heads", "cli check_findings"],
    "tie": ["unit tie", "unit order", "sanitized tie"],
    "siblings": ["unit order", "sanitized order", "cli order_ties", "cli order_moves", "landing"],
    "order": [
        "unit order",
        "sanitized order",
        "cli order",
        "cli order_ties",
        "cli gitorder",
        "cli log",
        "landing",
    ],
    "moves": ["unit moves", "unit history", "sanitized moves", "cli order_moves", "landing"],
    "history": [
        "unit history",
        "unit historywalk",
        "unit order",
        "sanitized history",
        "cli order_merges",
        "landing",
    ],
    "reorder": [
        "unit append",
        "unit reorder",
        "sanitized append",
        "sanitized reorder",
        "cli append",
    ],
}

CHANGES = [
    (r" == ", " != "),
    (r" != ", " == "),
    (r" < ", " <= "),
    (r" <= ", " < "),
    (r" > ", " >= "),
    (r" >= ", " > "),
    (r" && ", " || "),
    (r" \|\| ", " && "),
    (r"(?<=[(\s])!(?=[\w(*])", ""),
    (r" \+ 1\b", " - 1"),
    (r" - 1\b", " + 1"),
    (r"\btrue\b", "false"),
    (r"\bfalse\b", "true"),
    (r"\bcontinue;", "break;"),
]
# Seconds of each process's own time, by the kind of test: a loop that does not end takes all of it.
LIMITS = {"unit": 4, "sanitized": 12}
LIMIT = 20
SANITIZED = ["clang", "-fsanitize=fuzzer-no-link,address,undefined", "-fno-sanitize-recover=all"]
# What only memory that runs out decides is the business of other tests.
MEMORY = re.compile(r"fail_memory|out_of_memory|\bcalloc\(|\brealloc\(|\bmalloc\(")


class Mutant(typing.NamedTuple):
    module: str
    number: int  # of the line, from 0
    function: str
    old: str
    new: str
    again: int  # how many of the same function are alike and stand before this one

    def __str__(self):
        ordinal = " (%d)" % (self.again + 1) if self.again else ""
        place = "src/%s.c, %s%s" % (self.module, self.function, ordinal)
        return "%s: %s  =>  %s" % (place, self.old.strip(), self.new.strip())


def is_about_memory(lines, index):
    """Whether the statement of this line, or the one that it leads to, fails for want of memory."""
    end = index
    while end + 1 < len(lines) and not re.search(r"[;{}]$", lines[end]):
        end += 1
    if "out_of_memory = true" in lines[index - 1]:
        return True
    return MEMORY.search(" ".join(lines[index : end + 2])) is not None


def mutants_of(module):
    lines = (TOP / "src" / (module + ".c")).read_text().splitlines()
    comment, function, alike = False, "", collections.Counter()
    for index, line in enumerate(lines):
        start = re.match(r"[a-z].*?(\w+)\(|[a-z].*?(\w+) =", line)
        function = start.group(1) or start.group(2) if start else function
        starts = "/*" in line
        if comment or line.startswith(("#", "/*", " *")):
            comment = (comment or starts) and "*/" not in line
            continue
        code = line.split("/*")[0]
        comment = starts and "*/" not in line
        if is_about_memory(lines, index):
            continue
        for pattern, replacement in CHANGES:
            for match in re.finditer(pattern, code):
                if code[: match.start()].count('"') % 2 == 0:
                    new = line[: match.start()] + replacement + line[match.end() :]
                    kind = (function, line.strip(), new.strip())
                    yield Mutant(module, index, function, line, new, alike[kind])
                    alike[kind] += 1


def run(command, place, seconds=LIMIT):
    """Whether it succeeds; the first test that fails ends it. What it leaves behind stays in `place`."""

    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        os.setsid()

    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=limit,
        cwd=TOP,
        env=dict(os.environ, TMPDIR=str(place)),
    ) as process:
        for line in process.stdout:
            if line.startswith(b"FAILED"):
                os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        return process.returncode == 0


class Bench:
    """A directory in which one mutant after the other is built and tested."""

    def __init__(self, build):
        self.build = build
        libraries = ["pkg-config", "--libs", "libgit2", "libcjson"]
        self.libraries = subprocess.check_output(libraries, text=True).split()

    def compile(self, place, sanitized):
        """The changed module as an object; None where the compiler refuses it."""
        changed = str(place / ("sanitized.o" if sanitized else "mutant.o"))
        compiler = SANITIZED if sanitized else ["cc", "-fPIE"]
        flags = ["-std=c11", "-D_GNU_SOURCE", "-Iinclude", "-Isrc", "-w"]
        if os.path.exists(changed) or run(
            [*compiler, *flags, "-c", "-o", changed, str(place / "mutant.c")], place
        ):
            return changed
        return None

    def link(self, output, objects, place, sanitized, *libraries):
        build = self.build / "sanitized" if sanitized else self.build
        command = [*(SANITIZED if sanitized else ["cc", "-pie"]), "-o", output]
        inputs = [str(build / name) for name in objects]
        inputs += [self.compile(place, sanitized), str(build / "librevchain.a")]
        return run([*command, *inputs, *self.libraries, *libraries], place)

    def survives(self, test, place):
        kind, _, name = test.partition(" ")
        if kind in ("unit", "sanitized"):
            program = str(place / (kind + "-" + name))
            objects = ["tests/unit/" + name + ".o"]
            linked = self.link(program, objects, place, kind == "sanitized", "-lcriterion")
            return linked and run([program, "--fail-fast"], place, LIMITS[kind])
        program = str(place / "revchain")
        objects = [path.relative_to(self.build) for path in (self.build / "src/cli").glob("*.o")]
        if not os.path.exists(program) and not self.link(program, objects, place, False):
            return False
        if kind == "cli":
            return run(["tests/cli/run", "-j", "1", program, name], place)
        return run([sys.executable, "-u", "tests/oracle/test_landing.py", program], place)

    def judge(self, mutant):
        """The test that kills it; None: it survives."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
            place = pathlib.Path(directory)
            lines = (TOP / "src" / (mutant.module + ".c")).read_text().splitlines()
            lines[mutant.number] = mutant.new
            (place / "mutant.c").write_text("\n".join(lines) + "\n")
            if not self.compile(place, False):
                return "cc"
            for test in TESTS[mutant.module]:
                if not self.survives(test, place):
                    return test
        return None


def read_equivalent():
    """Mutants that are known, with their reasons: a line each, and the reason in the next, indented."""
    known = {}
    lines = [line for line in EQUIVALENT.read_text().splitlines() if not line.startswith("#")]
    for line, reason in zip(lines, lines[1:]):
        if line and not line.startswith(" ") and reason.startswith("    "):
            known[line] = reason.strip()
    return known


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--module", action="append", choices=TESTS)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--all", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("build", type=pathlib.Path)
    arguments = parser.parse_args()
    modules = arguments.module or list(TESTS)
    bench = Bench(arguments.build.resolve())
    known, met = read_equivalent(), set()
    bad = 0
    for module in modules:
        all_mutants = list(mutants_of(module))
        met.update(str(mutant) for mutant in all_mutants)
        mutants = all_mutants[:: arguments.every]
        tried = [mutant for mutant in mutants if arguments.all or str(mutant) not in known]
        counts = {"killed": 0, "equivalent": len(mutants) - len(tried), "survived": 0}
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            for mutant, killer in zip(tried, pool.map(bench.judge, tried)):
                where = "%d: %s" % (mutant.number + 1, mutant)
                if killer and str(mutant) in known:
                    bad += 1
                    print("KILLED ALL THE SAME, by %s: %s" % (killer, where), flush=True)
                elif killer:
                    counts["killed"] += 1
                    if arguments.verbose:
                        print("killed by %s: %s" % (killer, where), flush=True)
                elif str(mutant) in known:
                    counts["equivalent"] += 1
                else:
                    counts["survived"] += 1
                    print("SURVIVED %s" % where, flush=True)
        bad += counts["survived"]
        print("%-10s %4d mutants: %s" % (module, len(mutants), counts), flush=True)
    stale = [line for line in known if line.split(".")[0][4:] in modules and line not in met]
    for line in stale:
        print("NO LONGER A MUTANT: %s" % line)
    print("%d passed, %d failed, 0 skipped" % (len(modules), bad + len(stale)))
    return bad + len(stale) > 0


if __name__ == "__main__":
    sys.exit(main())
