"""The guard at the command line: did this database get all that the chain says it has?"""

from __future__ import annotations

import argparse
import getpass
import inspect as introspection
import os
import socket
import sys
from collections.abc import Callable, Sequence

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from revchain import guard
from revchain.applied import AppliedTable
from revchain.errors import NoBaseline, RevchainError, SkippedMigration

# As those of the revchain program.
WRONG, USAGE, UNUSABLE, NOT_APPEND_ONLY, IO = 1, 2, 3, 4, 5

EXIT_STATUS = """\
exit status: 0 nothing is skipped, or it is done; 1 the migrations cannot be loaded, or there is
nothing to mark; 2 the command line is wrong; 3 there is no record of this database; 4 migrations
were skipped, which are named; 5 the database cannot be read or written
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status. What is wrong goes to standard error."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace, Connection, AppliedTable], None] = options.run
    try:
        engine = sa.create_engine(_url(options))
        with engine.connect() as connection:
            run(options, connection, AppliedTable(options.version_table, options.schema))
    except SkippedMigration as error:
        return _fail(error, NOT_APPEND_ONLY)
    except NoBaseline as error:
        return _fail(error, UNUSABLE)
    except (SQLAlchemyError, ImportError) as error:
        return _fail(error, IO)
    except (RevchainError, CommandError) as error:
        return _fail(error, WRONG)
    return 0


def _verify(options: argparse.Namespace, connection: Connection, applied: AppliedTable) -> None:
    heads, count = guard.inspect(connection, _scripts(options), applied, options.baseline)
    print(f"{', '.join(heads) or 'base'}: {count} applied, none skipped")


def _applied(options: argparse.Namespace, connection: Connection, applied: AppliedTable) -> None:
    for revision in guard.applied_revisions(connection, applied):
        print(revision)


def _mark(options: argparse.Namespace, connection: Connection, applied: AppliedTable) -> None:
    marked = guard.mark(
        connection, _scripts(options), applied, options.revisions, options.by, options.reason
    )
    for revision in marked:
        print(f"{revision}: marked as applied by {options.by}: {options.reason}")


def _scripts(options: argparse.Namespace) -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(options))


def _url(options: argparse.Namespace) -> str:
    url = options.url or os.environ.get("REVCHAIN_URL")
    if not url:
        url = _config(options).get_main_option("sqlalchemy.url")
    if not url:
        raise CommandError(
            "no database: pass --url, set REVCHAIN_URL, or give alembic.ini a sqlalchemy.url"
        )
    return str(url)


def _config(options: argparse.Namespace) -> Config:
    file = options.config
    if os.path.basename(file) == "pyproject.toml":
        return Config(toml_file=file, ini_section=options.name)
    beside = os.path.join(os.path.dirname(file), "pyproject.toml")
    # Alembic 1.16 reads pyproject.toml too
    if "toml_file" in introspection.signature(Config).parameters and os.path.exists(beside):
        return Config(file, toml_file=beside, ini_section=options.name)
    return Config(file, ini_section=options.name)


def _fail(error: Exception, status: int) -> int:
    print(f"revchain: error: {error}", file=sys.stderr)
    return status


def _who() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--url",
        help="the database, as SQLAlchemy writes it (else REVCHAIN_URL, else alembic.ini)",
    )
    common.add_argument(
        "-c",
        "--config",
        metavar="FILE",
        default=os.environ.get("ALEMBIC_CONFIG", "alembic.ini"),
        help="alembic.ini, which finds the migrations",
    )
    common.add_argument("-n", "--name", metavar="SECTION", default="alembic", help="its section")
    common.add_argument("--version-table", metavar="NAME", default=guard.VERSION_TABLE)
    common.add_argument("--version-table-schema", metavar="NAME", dest="schema")

    parser = argparse.ArgumentParser(
        prog="python -m revchain",
        description=__doc__,
        epilog=EXIT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    verify = commands.add_parser(
        "verify",
        parents=[common],
        help="name what the chain puts before the database's version that it never had",
    )
    verify.add_argument(
        "--baseline",
        action="store_true",
        help="where there is no record yet, take what the database has now for applied",
    )
    verify.set_defaults(run=_verify)

    applied = commands.add_parser(
        "applied",
        parents=[common],
        help="print the revisions that the database has had, for revchain check --applied -",
    )
    applied.set_defaults(run=_applied)

    mark = commands.add_parser(
        "mark", parents=[common], help="record revisions as applied, on your word"
    )
    mark.add_argument("revisions", nargs="+", metavar="REV")
    mark.add_argument("--reason", required=True, help="kept in the record")
    mark.add_argument(
        "--by",
        metavar="NAME",
        default=_who(),
        help="kept in the record (default: %(default)s)",
    )
    mark.set_defaults(run=_mark)
    return parser


if __name__ == "__main__":
    sys.exit(main())
