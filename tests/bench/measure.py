"""Times and memory of whole processes, and the figures made of them."""

import math
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CACHE = os.path.join(ROOT, "build", "bench")

LOG = ["git", "log", "--reverse", "--diff-filter=A", "--no-renames", "--format=", "--name-only"]


class Repository(NamedTuple):
    name: str
    directory: str
    lane: str


def ours(program: str, lane: str, *options: str) -> list[str]:
    """One of our orders, as `git log` would print it."""
    return [program, "log", "-q", "--recursive", "--format=path", *options, "--rev", "HEAD", lane]


def orders(program: str, lane: str) -> dict[str, list[str]]:
    """Each of our orders, and git's own two."""
    return {
        "landing": ours(program, lane),
        "date": ours(program, lane, "--order=date"),
        "topo": ours(program, lane, "--order=topo"),
        "git log": [*LOG, "--", lane],
        "git log --topo-order": [*LOG, "--topo-order", "--", lane],
    }


def seconds(command: Sequence[str], directory: str, env: Mapping[str, str] | None = None) -> float:
    """How long a process takes that prints to nowhere, from its start to its end, without what
    Python's subprocess does around it. One that fails is no measure."""
    nowhere = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in range(3)]
    here = os.getcwd()
    os.chdir(directory)
    started = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, env or os.environ, file_actions=nowhere)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    took = time.perf_counter() - started
    os.chdir(here)
    if status not in (0, 1):  # 1: revchain found something wrong with the migrations
        raise SystemExit(f"exit status {status} from {' '.join(command)}")
    return took


def in_turn(todo: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """The times of each, taken in turns, so that a machine whose speed drifts slows all of them. One
    round before them warms the caches."""
    times: dict[str, list[float]] = {name: [] for name in todo}
    for turn in range(rounds + 1):
        for name, measure in todo.items():
            took = measure()
            if turn:
                times[name].append(took)
    return times


def processes(commands: Mapping[str, Sequence[str]], directory: str, rounds: int):
    """The same for processes."""
    todo = {
        name: lambda command=command: seconds(command, directory)
        for name, command in commands.items()
    }
    return in_turn(todo, rounds)


def ratio(theirs: Sequence[float], our: Sequence[float]) -> float:
    """The median of the rounds' own ratios: what slowed a round slowed both of them."""
    return statistics.median(a / b for a, b in zip(theirs, our))


def geometric(ratios: Sequence[float]) -> str:
    """Geometric mean, smallest and largest."""
    mean = statistics.geometric_mean(ratios)
    return f"{mean:.1f}× ({min(ratios):.1f} to {max(ratios):.1f})"


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """The slope of a straight line through the points on logarithmic axes, by least squares: 1 is
    linear growth."""
    xs, ys = ([math.log(point[axis]) for point in points] for axis in (0, 1))
    return statistics.linear_regression(xs, ys).slope


class Memory(NamedTuple):
    resident: int  # bytes, at the most
    heap: int


def memory(command: Sequence[str], directory: str) -> Memory:
    """
    The most memory that a process had, and how much of it was its own: heap, stack, and what the
    dynamic linker wrote to. That is RssAnon of /proc/PID/status; the packs that libgit2 maps, and
    programs and libraries, are RssFile. The kernel keeps the highest value of the sum alone (VmHWM),
    and that minus RssFile is no peak of anything; so RssAnon is read every millisecond, and the
    largest is taken (the kernel's own counts lag by up to 128 KiB a processor). A peak that comes and goes between two looks is missed; what grows with the
    history does not go before the end.
    """
    process = subprocess.Popen(
        command,
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    resident = heap = 0
    with open(f"/proc/{process.pid}/status", "rb") as status:
        while process.poll() is None:
            status.seek(0)
            fields = dict(line.split(b":", 1) for line in status.read().splitlines())
            if b"VmHWM" in fields:  # it has not ended yet
                resident = max(resident, kibibytes(fields[b"VmHWM"]))
                heap = max(heap, kibibytes(fields[b"RssAnon"]))
            time.sleep(0.001)
    if process.returncode not in (0, 1):
        raise SystemExit(f"exit status {process.returncode} from {' '.join(command)}")
    return Memory(resident, heap)


def kibibytes(field: bytes) -> int:
    return int(field.split()[0]) * 1024


def count_commits(directory: str) -> int:
    command = ["git", "rev-list", "--count", "HEAD"]
    return int(subprocess.run(command, cwd=directory, stdout=subprocess.PIPE, check=True).stdout)


def machine() -> str:
    model = platform.processor() or platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    git = subprocess.run(["git", "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, {git.strip()}"


def print_row(cells: Sequence[str]) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


def print_head(cells: Sequence[str]) -> None:
    print_row(cells)
    print("|---|" + "---:|" * (len(cells) - 1))


def skipped(what: str) -> None:
    """Loudly, since a table without it looks complete."""
    print(f"SKIPPED: {what}", file=sys.stderr, flush=True)
