#!/usr/bin/python3
"""What the stage that makes the chain adds to a user's `docker build`.

The example application is built again and again, one changed line of its source in a commit each time, so
that the layers below are kept; in turns with the stage, and without it (--target application, from a
context with the chain and without .git). The figures are medians, and the median of the
rounds' own differences. $DOCKER_BUILDKIT chooses the builder, as always.

    tests/bench/dockerbuild.py [--rounds N] [--client DOCKER] [--revchain IMAGE]

The images debian:bookworm-slim and revchain are needed (`make bench-docker` makes both).
"""

import argparse
import pathlib
import statistics
import subprocess
import tempfile
import time

import measure

EXAMPLE = pathlib.Path(measure.ROOT, "docker", "example")
TAG = "revchain-bench"


def run(*command: object, directory: pathlib.Path | None = None) -> str:
    return subprocess.run(
        [str(word) for word in command],
        cwd=directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    ).stdout.strip()


def make_repository(directory: pathlib.Path) -> pathlib.Path:
    run(EXAMPLE / "make-repository", directory)
    run("git", "config", "user.name", "Bench", directory=directory)
    run("git", "config", "user.email", "bench@bookshop.example", directory=directory)
    return directory


def make_chain(directory: pathlib.Path, client: str, revchain: str) -> None:
    """Put the chain file into the context, and take the history out of it."""
    mount = [f"--volume={directory}:/app", "--workdir=/app"]
    chain = run(client, "run", "--rm", *mount, revchain, "build", "--output=-")
    (directory / "migrations" / "revision_chain.json").write_text(chain + "\n")
    with open(directory / ".dockerignore", "a", encoding="utf-8") as ignored:
        ignored.write(".git\n")


class Builds:
    def __init__(self, directory: pathlib.Path, tag: str, client: str, *options: str) -> None:
        self.directory, self.tag, self.client = directory, tag, client
        self.command = [client, "build", "-q", *options, "-t", tag, "."]
        self.changes = 0

    def __call__(self) -> float:
        """Change a line, commit it, build: the time of the build."""
        self.changes += 1
        with open(self.directory / "bookshop" / "service.py", "a", encoding="utf-8") as service:
            service.write(f"# change {self.changes}\n")
        run("git", "commit", "-q", "-a", "-m", f"Change {self.changes}", directory=self.directory)
        before = run(self.client, "images", "-q", self.tag)
        started = time.perf_counter()
        run(*self.command, directory=self.directory)
        took = time.perf_counter() - started
        if before:
            run(self.client, "rmi", before)
        return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--client", default="docker", help="the docker program")
    parser.add_argument("--revchain", default="revchain", help="revchain's image")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        todo = {}
        for name in ("with", "without"):
            directory = make_repository(pathlib.Path(temporary, name))
            options = [f"--build-arg=REVCHAIN={given.revchain}"]
            if name == "without":
                make_chain(directory, given.client, given.revchain)
                options = ["--target=application"]
            todo[name] = Builds(directory, f"{TAG}-{name}", given.client, *options)
        times = measure.in_turn(todo, given.rounds)
        for build in todo.values():
            run(given.client, "rmi", build.tag)
    for name, seconds in times.items():
        print(
            f"{name:8}the stage: {statistics.median(seconds):.2f} s"
            f" ({min(seconds):.2f} to {max(seconds):.2f}, {len(seconds)} builds)"
        )
    added = [a - b for a, b in zip(times["with"], times["without"])]
    print(f"it adds {statistics.median(added):.2f} s ({min(added):.2f} to {max(added):.2f})")


if __name__ == "__main__":
    main()
