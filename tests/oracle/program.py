"""Running revchain: as a process of its own, or by order_server, in a fifth of the time."""

import os
import subprocess
from typing import NamedTuple

import landing

SECONDS = 60  # then it is held to hang

servers: dict[str, subprocess.Popen] = {}  # of this process


class Ended(NamedTuple):
    status: int  # above 128: a signal
    output: bytes
    errors: bytes


class Program(NamedTuple):
    path: str
    server: str | None = None  # order_server, built from the same sources

    def run(self, arguments: list[str], directory: str) -> Ended:
        command = [self.path, *arguments]
        if self.server is not None:
            return ask(self.server, [directory, *command])
        try:
            done = subprocess.run(
                command,
                cwd=directory,
                env=landing.ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Ended(124, b"", b"did not end within a minute\n")
        return Ended(done.returncode, done.stdout, done.stderr)


def ask(path: str, request: list[str]) -> Ended:
    if path not in servers:
        servers[path] = subprocess.Popen(
            [path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=landing.ENVIRONMENT,
        )
    server = servers[path]
    fields = [os.fsencode(field) for field in request]
    packed = b"%d\n" % len(fields) + b"".join(b"%d:%b" % (len(field), field) for field in fields)
    server.stdin.write(packed)
    server.stdin.flush()
    head = server.stdout.readline().split()
    if len(head) != 3:
        raise RuntimeError(f"{path} ended with status {server.wait()}")
    status, output, errors = (int(number) for number in head)
    return Ended(status, server.stdout.read(output), server.stdout.read(errors))
