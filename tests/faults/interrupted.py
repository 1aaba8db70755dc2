#!/usr/bin/python3
"""Runs that are stopped, get in each other's way, or find no room.

SIGINT, SIGTERM, SIGHUP and SIGKILL at random moments; ten builds at the same time into one file; a
full file system. Whoever reads the chain file finds the old one or the new one, whole. No temporary
file is left, but where SIGKILL came while it was being written: its name begins with `.revchain.`, and
git and Alembic take no notice of it.
"""

import os
import signal
import subprocess
import sys
import time

from support import ENVIRONMENT, FILE, LANE, SECONDS, Repository, Run, make_history, read, write

OLD = b'{"old": null}\n'
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]
TMPFS = 64  # KiB


def leftovers(repository: Repository) -> list[str]:
    return [name for name in os.listdir(repository.path("db")) if name.startswith(".revchain.")]


def start(run: Run, repository: Repository) -> subprocess.Popen:
    return subprocess.Popen(
        [run.program, "build", "-q", LANE],
        cwd=repository.directory,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def interrupt(run: Run, repository: Repository, chain: bytes, longest: float) -> None:
    number = run.random.choice(SIGNALS)
    write(repository.path(FILE), OLD)
    process = start(run, repository)
    time.sleep(run.random.uniform(0, longest))
    process.send_signal(number)
    status = process.wait(SECONDS)
    now, left = read(repository.path(FILE)), leftovers(repository)
    for name in left:
        os.unlink(repository.path("db", name))
    wrong = None
    if now not in (OLD, chain):
        wrong = f"the chain file has become {now!r}"
    elif status == 0 and now != chain:
        wrong = "it ended well with the old file"
    elif left and number != signal.SIGKILL:
        wrong = f"left behind: {left}"
    elif status not in (0, -number):
        wrong = f"status {status}"
    note = "ended before" if status == 0 else "new file" if now == chain else "old file"
    run.tally.count(number.name, wrong, note + (", temporary file" if left else ""))


def signals(run: Run, repository: Repository, chain: bytes) -> None:
    times = []
    for _ in range(9):
        began = time.monotonic()
        start(run, repository).wait(SECONDS)
        times.append(time.monotonic() - began)
    for _ in range(500 if run.full else 60):
        interrupt(run, repository, chain, sorted(times)[4] * 1.2)


def at_once(run: Run, repository: Repository, chain: bytes) -> None:
    for _ in range(50 if run.full else 5):
        write(repository.path(FILE), OLD)
        processes = [start(run, repository) for _ in range(10)]
        wrong = None
        while any(process.poll() is None for process in processes):
            if read(repository.path(FILE)) not in (OLD, chain):
                wrong = "half a file was there to be read"
        if any(process.returncode for process in processes):
            wrong = f"statuses {[process.returncode for process in processes]}"
        elif read(repository.path(FILE)) != chain or leftovers(repository):
            wrong = "another file, or one that is left behind"
        run.tally.count("ten builds at once", wrong)


def no_room(run: Run, repository: Repository, chain: bytes) -> None:
    """A tiny tmpfs, by root or in a user namespace, with everything but a few bytes taken."""
    script = (
        'mount -t tmpfs -o size=%dk none "$1" && cp "$2" "$1/chain.json" && '
        '{ cat /dev/zero >"$1/filler" || true; } 2>/dev/null && shift 2 && '
        '"$@"; status=$?; ls -A "$0" >&2; cmp "$0/chain.json" "$0.old" || status=99; exit $status'
    ) % TMPFS
    place = os.path.join(run.scratch, "room")
    os.makedirs(place)
    write(place + ".old", OLD)
    before = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    if subprocess.run([*before, "true"], check=False, capture_output=True).returncode:
        run.tally.skip("no room", "no name space to mount a file system in")
        return
    ended = run.revchain(
        repository.directory,
        *["build", "-o", os.path.join(place, "chain.json"), LANE],
        before=[*before, "sh", "-c", script, place, place, place + ".old"],
    )
    wrong = None
    if ended.status != 5 or "No space left on device" not in ended.errors:
        wrong = f"status {ended.status}: {ended.errors}"
    elif ".revchain." in ended.errors:
        wrong = f"left behind: {ended.errors}"
    run.tally.count("no room", wrong)


def main() -> int:
    for number in SIGNALS[:3]:  # what is ignored here would be ignored by the program too
        signal.signal(number, signal.SIG_DFL)
    with Run(__doc__) as run:
        repository = make_history(os.path.join(run.scratch, "repository"))
        run.revchain(repository.directory, "build", LANE)
        chain = read(repository.path(FILE))
        signals(run, repository, chain)
        at_once(run, repository, chain)
        no_room(run, repository, chain)
        return run.tally.finish()


if __name__ == "__main__":
    sys.exit(main())
