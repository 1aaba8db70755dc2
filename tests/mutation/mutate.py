#!/usr/bin/env python3
"""Do the tests notice when order and chain go wrong? Changes one operator at a time, and runs the tests of that module.

mutate.py [--module NAME]... [--every N] [--jobs N] BUILD

BUILD is the build directory: its objects, library and unit tests are linked anew with the changed module. A mutant is killed by
a test that fails, or by the compiler. One that survives has to be in tests/mutation/equivalent, with the reason why no test can
tell it from the program; the exit status is 1 where one is not, or where an entry there fits no mutant any more. --every N takes
every Nth mutant alone, for a short look.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
EQUIVALENT = pathlib.Path(__file__).with_name("equivalent")

# The tests of each module, the quick ones first.
TESTS = {
    "chain": ["unit chain", "cli chain", "cli check_findings"],
    "graph": ["unit graph", "unit chain", "unit heads", "cli check_findings", "cli chain"],
    "heads": ["unit heads", "unit lineage", "cli check_findings"],
    "tie": ["unit tie", "unit order"],
    "siblings": ["unit order", "cli order_ties", "cli order_moves", "landing"],
    "order": ["unit order", "cli order", "cli order_ties", "cli gitorder", "cli log", "landing"],
    "moves": ["unit moves", "unit history", "cli order_moves", "landing"],
    "history": ["unit history", "unit order", "cli order_merges", "cli order_moves", "landing"],
    "reorder": ["cli append"],
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
# What only memory that runs out decides is the business of other tests.
MEMORY = re.compile(r"fail_memory|out_of_memory|\bcalloc\(|\brealloc\(|\bmalloc\(")


class Mutant:
    def __init__(self, module, number, old, new):
        self.module, self.number, self.old, self.new = module, number, old, new

    def __str__(self):
        return "src/%s.c: %s  =>  %s" % (self.module, self.old.strip(), self.new.strip())


def is_about_memory(lines, index):
    """Whether the statement of this line, or the one that it leads to, fails for want of memory."""
    end = index
    while end + 1 < len(lines) and not re.search(r"[;{}]$", lines[end]):
        end += 1
    return MEMORY.search(" ".join(lines[index : end + 2])) is not None


def mutants_of(module):
    lines = (TOP / "src" / (module + ".c")).read_text().splitlines()
    comment = False
    for index, line in enumerate(lines):
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
                    yield Mutant(module, index, line, new)


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))


def run(command, **more):
    """Whether it succeeds, within 20 seconds of each process's own time."""
    return (
        subprocess.run(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=limit,
            cwd=TOP,
            check=False,
            **more,
        ).returncode
        == 0
    )


class Bench:
    """A directory in which one mutant after the other is built and tested."""

    def __init__(self, build):
        self.build = build
        libraries = ["pkg-config", "--libs", "libgit2", "libcjson"]
        self.libraries = subprocess.check_output(libraries, text=True).split()

    def link(self, output, objects, changed, *libraries):
        library = str(self.build / "librevchain.a")
        command = ["cc", "-pie", "-o", output, *objects, changed, library]
        return run([*command, *self.libraries, *libraries])

    def survives(self, test, changed, place):
        kind, _, name = test.partition(" ")
        if kind == "unit":
            program = str(place / name)
            objects = [str(self.build / "tests/unit" / (name + ".o"))]
            return self.link(program, objects, changed, "-lcriterion") and run([program])
        program = str(place / "revchain")
        objects = [str(path) for path in (self.build / "src/cli").glob("*.o")]
        if not os.path.exists(program) and not self.link(program, objects, changed):
            return False
        if kind == "cli":
            return run(["tests/cli/run", "-j", "1", program, name])
        return run([sys.executable, "tests/oracle/test_landing.py", program])

    def judge(self, mutant):
        """The test that kills it; None: it survives."""
        with tempfile.TemporaryDirectory() as directory:
            place = pathlib.Path(directory)
            lines = (TOP / "src" / (mutant.module + ".c")).read_text().splitlines()
            lines[mutant.number] = mutant.new
            (place / "mutant.c").write_text("\n".join(lines) + "\n")
            flags = ["-std=c11", "-D_GNU_SOURCE", "-Iinclude", "-Isrc", "-fPIE", "-w"]
            changed = str(place / "mutant.o")
            if not run(["cc", *flags, "-c", "-o", changed, str(place / "mutant.c")]):
                return "cc"
            for test in TESTS[mutant.module]:
                if not self.survives(test, changed, place):
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
    parser.add_argument("build", type=pathlib.Path)
    arguments = parser.parse_args()
    modules = arguments.module or list(TESTS)
    bench = Bench(arguments.build.resolve())
    known, met = read_equivalent(), set()
    unexplained = 0
    for module in modules:
        all_mutants = list(mutants_of(module))
        met.update(str(mutant) for mutant in all_mutants)
        mutants = all_mutants[:: arguments.every]
        counts = {"killed": 0, "equivalent": 0, "survived": 0}
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            for mutant, killer in zip(mutants, pool.map(bench.judge, mutants)):
                if killer:
                    counts["killed"] += 1
                elif str(mutant) in known:
                    counts["equivalent"] += 1
                else:
                    counts["survived"] += 1
                    print("SURVIVED %d: %s" % (mutant.number + 1, mutant), flush=True)
        unexplained += counts["survived"]
        print("%-10s %4d mutants: %s" % (module, len(mutants), counts), flush=True)
    stale = [line for line in known if line.split(":")[0][4:-2] in modules and line not in met]
    for line in stale:
        print("NO LONGER A MUTANT: %s" % line)
    print("%d passed, %d failed, 0 skipped" % (len(modules), unexplained + len(stale)))
    return unexplained + len(stale) > 0


if __name__ == "__main__":
    sys.exit(main())
