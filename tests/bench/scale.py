#!/usr/bin/python3
"""How time and memory grow with the history, on synthetic ones (synthetic.py).

The first table has a project of each size, with a migration for every 200 commits, but 100 at least
and 5,000 at most: the medians of whole processes that take turns, and the slope on logarithmic axes
(1: twice the commits take twice the time). Memory is measured in a run of its own; how, is said in
measure.py: the heap is what the process has beside the files that libgit2 maps. The second table has
the shapes that are hard for a walk, each once with half of its commits and migrations and once with
all of them. Before anything is timed, date and topological order are compared with git's.

    tests/bench/scale.py [--sizes N,N,...] [--rounds N] [--svg FILE] PROGRAM
"""

import argparse
import os
import statistics
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))

import measure
import plot
import synthetic
import walk
from measure import Memory, Repository

SIZES = "10000,31623,100000,316228,1000000"
OURS = ["landing", "date", "topo"]
GIT = ["git log", "git log --topo-order"]
MIB = 1 << 20

Row = tuple[int, dict[str, list[float]], dict[str, Memory]]  # commits, times, memory of ours


def migrations_of(commits: int) -> int:
    return min(5_000, max(100, commits // 200))


def take(program: str, directory: str, rounds: int) -> Row:
    repository = Repository(os.path.basename(directory), directory, synthetic.LANE)
    walk.check(program, repository)
    commands = measure.orders(program, repository.lane)
    times = measure.processes(commands, directory, rounds)
    memory = {kind: measure.memory(commands[kind], directory) for kind in OURS}
    return measure.count_commits(directory), times, memory


def shown(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else f"{seconds:,.1f} s"


def median(times: dict[str, list[float]], name: str) -> float:
    return statistics.median(times[name])


def heaps(memory: dict[str, Memory]) -> list[str]:
    return [f"{memory[kind].heap / MIB:.1f} MiB" for kind in OURS]


def by_size(program: str, options) -> list[Row]:
    print("Times of whole processes; memory at its peak\n")
    titles = [walk.TITLES[name] for name in OURS + GIT]
    heads = [f"heap, {kind}" for kind in OURS]
    measure.print_head(
        ["commits", "migrations", *titles, "landing, a commit", *heads, "resident, landing"]
    )
    rows = []
    for size in options.sizes:
        migrations = options.migrations or migrations_of(size)
        directory = synthetic.cached(options.cache, "project", size, migrations)
        commits, times, memory = row = take(program, directory, options.rounds)
        rows.append(row)
        each = f"{median(times, 'landing') / commits * 1e6:.1f} µs"
        resident = f"{memory['landing'].resident / MIB:.0f} MiB"
        cells = [shown(median(times, name)) for name in OURS + GIT]
        measure.print_row(
            [f"{commits:,}", f"{migrations:,}", *cells, each, *heaps(memory), resident]
        )
    if len(rows) > 1:
        slopes = [
            f"{measure.exponent([(row[0], median(row[1], name)) for row in rows]):.2f}"
            for name in OURS + GIT
        ]
        heap = [
            f"{measure.exponent([(row[0], row[2][kind].heap) for row in rows]):.2f}"
            for kind in OURS
        ]
        measure.print_row(["slope", "", *slopes, "", *heap, ""])
    print()
    return rows


def by_shape(program: str, options) -> None:
    print("Hard shapes; in brackets: how many times the time of half the size\n")
    titles = [walk.TITLES[name] for name in OURS + GIT]
    measure.print_head(
        ["shape", "commits", "migrations", *titles, *[f"heap, {kind}" for kind in OURS]]
    )
    for name, shape in synthetic.SHAPES.items():
        if name == "project" or options.only not in (None, "shapes", name):
            continue
        sizes = [
            (shape.commits // 2, shape.migrations // 2),
            (shape.commits, shape.migrations),
        ]
        half, full = (
            take(program, synthetic.cached(options.cache, name, *size), min(3, options.rounds))
            for size in sizes
        )
        commits, times, memory = full
        cells = []
        for kind in OURS + GIT:
            grown = median(times, kind) / median(half[1], kind)
            cells.append(f"{shown(median(times, kind))} ({grown:.1f}×)")
        measure.print_row([name, f"{commits:,}", f"{shape.migrations:,}", *cells, *heaps(memory)])


def draw(rows: list[Row], path: str) -> None:
    time_lines = [
        plot.Line(
            walk.TITLES[name].replace("`", ""),
            [(commits, median(times, name)) for commits, times, _ in rows],
            dashed=name in GIT,
        )
        for name in OURS + GIT
    ]
    heap_lines = [
        plot.Line(
            walk.TITLES[kind].replace("`", ""),
            [(commits, memory[kind].heap / MIB) for commits, _, memory in rows],
        )
        for kind in OURS
    ]
    panels = [
        ("Time of the whole process", "commits", "seconds", time_lines),
        ("Heap at its peak", "commits", "MiB", heap_lines),
    ]
    with open(path, "w", encoding="utf-8") as file:
        file.write(plot.svg(panels))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", metavar="PROGRAM")
    parser.add_argument("--sizes", default=SIZES, metavar="N,N,…", help="commits (%(default)s)")
    parser.add_argument("--migrations", type=int, metavar="N", help="the same number at each size")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="(%(default)s)")
    parser.add_argument("--svg", metavar="FILE", help="draws the first table")
    parser.add_argument(
        "--only",
        metavar="PART",
        help="project, shapes, or one shape: " + ", ".join(synthetic.SHAPES),
    )
    parser.add_argument(
        "--cache",
        default=measure.CACHE,
        metavar="DIR",
        help="keeps the histories, for the next run",
    )
    options = parser.parse_args()
    if options.only not in (None, "shapes", *synthetic.SHAPES):
        parser.error(f"there is no part {options.only}")
    options.sizes = [int(size) for size in options.sizes.split(",")]
    program = os.path.abspath(options.program)
    print(f"{measure.machine()}; medians of {options.rounds} rounds\n")
    if options.only in (None, "project"):
        rows = by_size(program, options)
        if options.svg:
            draw(rows, options.svg)
    if options.only != "project":
        by_shape(program, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
