"""Real databases for the tests: a PostgreSQL and a MariaDB, started on a temporary directory.

Each starts when the first test asks for it, listens on a socket in that directory alone, and goes
with the test process. As root it runs as `nobody`: neither server wants root.
"""

from __future__ import annotations

import atexit
import glob
import importlib.util
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

WAIT_SECONDS = 60


class Server:
    """One server process. `url` is where a test may make its own databases."""

    packages: str
    driver: str
    programs: tuple[str, ...]
    places: tuple[str, ...] = ("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")

    def __init__(self) -> None:
        self.paths = [self._find(program) for program in self.programs]
        if importlib.util.find_spec(self.driver) is None:
            raise unittest.SkipTest(f"no {self.driver}: apt-get install {self.packages}")
        # A short one: the path of a socket has a hundred bytes.
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="rc-", dir="/tmp"))
        atexit.register(shutil.rmtree, self.directory, ignore_errors=True)
        self.user = "nobody" if os.getuid() == 0 else None
        if self.user:
            shutil.chown(self.directory, self.user)
        self.log = self.directory / "log"
        self.prepare()
        self.process = self._start(self.command())
        atexit.register(self._stop)
        self._wait()

    def _find(self, program: str) -> str:
        for place in self.places:
            for path in sorted(glob.glob(f"{place}/{program}"), reverse=True):
                return path
        raise unittest.SkipTest(f"no {program}: apt-get install {self.packages}")

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                command, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                user=self.user, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
            )  # fmt: skip

    def run(self, command: list[str]) -> None:
        if self._start(command).wait() != 0:
            raise AssertionError(f"{command}:\n{self.log.read_text(errors='replace')}")

    def _wait(self) -> None:
        engine = sa.create_engine(self.url, poolclass=NullPool)
        until = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                engine.connect().close()
                return
            except sa.exc.OperationalError as error:
                if self.process.poll() is not None or time.monotonic() > until:
                    log = self.log.read_text(errors="replace")
                    raise AssertionError(f"{self.process.args}: {error}\n{log}") from error
                time.sleep(0.05)

    def _stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def execute(self, url: str, *statements: str) -> None:
        engine = sa.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    def prepare(self) -> None:
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    @property
    def url(self) -> str:
        raise NotImplementedError

    def database_url(self, name: str) -> str:
        raise NotImplementedError

    def empty(self) -> str:
        """Return the URL of a database with nothing in it."""
        raise NotImplementedError


class PostgreSQL(Server):
    packages = "postgresql python3-psycopg2"
    driver = "psycopg2"
    programs = ("initdb", "postgres")
    places = ("/usr/lib/postgresql/*/bin", *Server.places)
    made = False

    def prepare(self) -> None:
        data = str(self.directory / "data")
        options = ["--username=tests", "--auth=trust", "--encoding=UTF8", "--no-locale"]
        self.run([self.paths[0], "--pgdata", data, "--no-sync", *options])

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.directory),
            "fsync": "off",
            "full_page_writes": "off",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [self.paths[1], "-D", str(self.directory / "data"), *options]

    def database_url(self, name: str) -> str:
        return f"postgresql+psycopg2://tests@/{name}?host={self.directory}"

    @property
    def url(self) -> str:
        return self.database_url("postgres")

    def empty(self) -> str:
        """The same one each time, emptied: CREATE DATABASE takes half a second."""
        url = self.database_url("tests")
        if not self.made:
            self.execute(self.url, "CREATE DATABASE tests")
            self.made = True
        self.execute(
            url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = 'tests' AND pid <> pg_backend_pid()",
            "DROP SCHEMA IF EXISTS public, other CASCADE",
            "CREATE SCHEMA public",
        )
        return url


class MariaDB(Server):
    packages = "mariadb-server-core mariadb-client-core python3-pymysql"
    driver = "pymysql"
    programs = ("mariadb-install-db", "mariadbd")
    count = 0

    def prepare(self) -> None:
        # A server that starts removes what others have in a directory for temporary tables that they share.
        (self.directory / "server.cnf").write_text(f"[mysqld]\ntmpdir = {self.directory}\n")
        options = [
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--skip-name-resolve",
        ]
        self.run([self.paths[0], *self._places(), *options])

    def command(self) -> list[str]:
        return [
            self.paths[1], *self._places(), "--skip-networking", f"--socket={self.directory}/sock",
            "--skip-grant-tables", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin",
        ]  # fmt: skip

    def _places(self) -> list[str]:
        return [f"--defaults-file={self.directory}/server.cnf", f"--datadir={self.directory}/data"]

    def database_url(self, name: str) -> str:
        return f"mysql+pymysql://root@localhost/{name}?unix_socket={self.directory}/sock"

    @property
    def url(self) -> str:
        return self.database_url("mysql")

    def empty(self) -> str:
        self.count += 1
        self.execute(self.url, f"CREATE DATABASE tests{self.count}")
        return self.database_url(f"tests{self.count}")


_servers: dict[type[Server], Server | unittest.SkipTest] = {}


def server(kind: type[Server]) -> Server:
    """Return the one server of a kind; skip the test where it is not installed."""
    if kind not in _servers:
        try:
            _servers[kind] = kind()
        except unittest.SkipTest as reason:
            _servers[kind] = reason
    found = _servers[kind]
    if isinstance(found, unittest.SkipTest):
        raise found
    return found
