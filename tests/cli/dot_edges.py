"""Read a graph in the DOT language from standard input, strictly, and print what it says.

A line each, tab separated: `node LABEL STYLE` and `edge LABEL LABEL STYLE`, sorted. Only what revchain
writes of the language is understood: one digraph of node, edge and attribute statements, each
ended by a semicolon, with plain or quoted identifiers. Anything else ends it with an error.
"""

import re
import sys

TOKEN = re.compile(
    r'\s*(?:("(?:[^"\\]|\\.)*")|([A-Za-z_][A-Za-z0-9_]*)|(->|[{}\[\]=,;])|$)', re.DOTALL
)


def tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if not match or match.end() == at:
            sys.exit(f"not DOT: {text[at : at + 40]!r}")
        found.append(match.group(match.lastindex or 0))
        at = match.end()
    return found


def plain(token: str) -> str:
    if not token.startswith('"'):
        return token
    return re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), token[1:-1], flags=re.DOTALL)


def attributes(words: list[str]) -> dict[str, str]:
    found = {}
    if words:
        assert words[0] == "[" and words[-1] == "]", words
        for start in range(1, len(words) - 1, 4):
            assert words[start + 1] == "=" and words[start + 3] in (",", "]"), words
            found[words[start]] = plain(words[start + 2])
    return found


def main() -> None:
    words = tokens(sys.stdin.buffer.read().decode("utf-8"))
    assert words[0] == "digraph" and words[2] == "{" and words[-1] == "}", words
    nodes: dict[str, tuple[str, str]] = {}
    edges = []
    statement: list[str] = []
    for word in words[3:-1]:
        if word != ";":
            statement.append(word)
            continue
        if len(statement) > 2 and statement[1] == "->":
            style = attributes(statement[3:]).get("style", "solid")
            edges.append((statement[0], statement[2], style))
        elif statement[0] not in ("node", "rankdir"):
            given = attributes(statement[1:])
            nodes[statement[0]] = (given["label"], given.get("style", "plain"))
        statement = []
    assert not statement, statement
    lines = [f"node\t{label!r}\t{style}" for label, style in nodes.values()]
    lines += [f"edge\t{nodes[a][0]!r}\t{nodes[b][0]!r}\t{style}" for a, b, style in edges]
    print("\n".join(sorted(lines)))


if __name__ == "__main__":
    main()
