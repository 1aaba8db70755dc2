"""What a migration declares, as CPython's own parser reads it: nothing is imported or executed."""

import ast
import datetime
import re
import warnings
from collections.abc import Iterable
from typing import NamedTuple

UNREADABLE = object()


class Declared(NamedTuple):
    """What a module declares, as far as an order needs it; None: not there or not to be read."""

    revision: str | None
    labels: tuple[str, ...]
    depends_on: tuple[str, ...]
    create_date: datetime.datetime | None


def scan(text: bytes) -> Declared:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Declared(None, (), (), None)
    bound: dict[str, object] = {}
    for statement in module.body:
        bind(statement, bound)
    revision = bound.get("revision")
    docstring = ast.get_docstring(module, clean=False)
    return Declared(
        revision if isinstance(revision, str) else None,
        as_strings(bound.get("branch_labels")),
        as_strings(bound.get("depends_on")),
        create_date(docstring) if docstring else None,
    )


def bind(statement: ast.stmt, bound: dict[str, object]) -> None:
    """What a statement at module level does to the names: the last binding counts."""
    if isinstance(statement, ast.Assign) and all(
        isinstance(t, ast.Name) for t in statement.targets
    ):
        value = evaluate(statement.value, bound)
        for target in statement.targets:
            bound[target.id] = value
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        if statement.value is not None:
            bound[statement.target.id] = evaluate(statement.value, bound)
    else:
        for name in names_set(statement):
            bound[name] = UNREADABLE


def names_set(node: ast.AST) -> Iterable[str]:
    """The names that anything else than a plain assignment may bind or unbind in this scope."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
        yield node.id
    if isinstance(node, ast.alias):
        yield (node.asname or node.name).split(".")[0]
    if isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name
    for child in ast.iter_child_nodes(node):
        yield from names_set(child)


def evaluate(node: ast.expr, bound: dict[str, object]) -> object:
    if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, str)):
        return node.value
    if isinstance(node, ast.Name):
        return bound.get(node.id, UNREADABLE)
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        values = tuple(evaluate(element, bound) for element in node.elts)
        return values if all(isinstance(value, str) for value in values) else UNREADABLE
    return UNREADABLE


def as_strings(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()


DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?"
    r" ?(?:(Z)|([+-])(\d\d):?(\d\d)(?::?(\d\d))?)?\Z",
    re.ASCII,
)


def create_date(docstring: str) -> datetime.datetime | None:
    """The first `Create Date:` line; one that cannot be read is none. Without a zone it is UTC."""
    for line in docstring.split("\n"):
        label, colon, rest = line.strip().partition(":")
        if label == "Create Date" and colon:
            return parse_date(rest.strip())
    return None


def parse_date(text: str) -> datetime.datetime | None:
    match = DATE.match(text)
    if not match:
        return None
    part = match.groups()
    offset = datetime.timedelta(0)
    if part[8]:
        hours, minutes, seconds = int(part[9]), int(part[10]), int(part[11] or 0)
        offset = datetime.timedelta(hours=hours, minutes=minutes, seconds=seconds)
        if part[8] == "-":
            offset = -offset
    try:
        return datetime.datetime(
            *(int(number) for number in part[:5]),
            int(part[5] or 0),
            int((part[6] or "0").ljust(6, "0")),
            tzinfo=datetime.timezone(offset),
        )
    except ValueError:
        return None
