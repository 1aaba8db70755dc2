#!/usr/bin/env python3
"""Write what the fuzz targets start from, taken from real files of this tree and from the oracles' own cases.

seeds.py DIRECTORY REPOSITORY     DIRECTORY/TARGET/seeds/… and DIRECTORY/TARGET/words, the dictionary

REPOSITORY is that of docker/example/make-repository: its commits and trees are seeds, too.
"""

import pathlib
import random
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "oracle"))

import merge_templates  # noqa: E402
import project_cases  # noqa: E402
import pyscan_generate  # noqa: E402

MIGRATIONS = sorted((TOP / "docker/example/migrations/versions").glob("*.py"))
TEMPLATES = sorted((TOP / "src/python/revchain/templates").rglob("*.mako"))

CHAIN_FILES = [
    '{\n  "1a2b": null,\n  "3c4d": "1a2b",\n  "\\u00e9": "3c4d"\n}\n',
    "{}\n",
    '{"a": "b", "b": "a"}',
    '{"a": null, "a": null}',
    '{"a": {"b": []}}',
    '{"a": 1e5, "b": true}',
    '{"a": "\\u0000"}',
    '["a"]',
]
APPLIED = [
    "1a2b\n3c4d\n",
    '["1a2b", "3c4d"]\n',
    "1a2b (head)\n3c4d (mergepoint)\n",
    "<base> -> 1a2b (head), create users\n1a2b -> 3c4d, more\n",
    "# revchain applied\n1a2b\r\n\r\n",
]

# Pieces of each language, for the dictionaries.
PYTHON = [
    "revision",
    "down_revision",
    "branch_labels",
    "depends_on",
    "get_down_revision(",
    "revision=",
    "down_revision=",
    "get_down_revision(revision)",
    "Create~Date:~2024-05-06~07:08:09",
    "'''",
    '"""',
    "r'",
    "b'",
    "f'",
    'rb"',
    "u'",
    "\\N{",
    "\\x41",
    "\\u0041",
    "\\U00000041",
    "\\101",
    "if~",
    "else:",
    "elif~",
    "try:",
    "except:",
    "finally:",
    "with~",
    "for~",
    "while~",
    "def~f():",
    "class~C:",
    "lambda:",
    "global~revision",
    "del~revision",
    "import~",
    "from~",
    "~import~*",
    "~as~",
    "__future__",
    "#",
    "-*-~coding:~",
    "latin-1",
    "utf-8",
    "cp1252",
    "\ufeff",
    "None",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":=",
    "+=",
    ":",
    ";",
    ",",
    ".",
    "~~~~",
    "\\",
    "match~",
    "case~",
    "async~",
    "await~",
    "@",
    "->",
    "**",
    "f'{",
    "!r}",
    ":=>",
    "print~",
    "é",
    "µ",
    "Ω",
    "\x00",
]
JSON = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    '"',
    "null",
    "true",
    "\\u0000",
    "\\ud83d\\ude00",
    "\\n",
    "1e9",
]
MAKO = [
    "${",
    "}",
    "%",
    "~if~",
    "~for~",
    "~in~",
    "~else:",
    "elif",
    "endif",
    "endfor",
    "<%",
    "%>",
    "<%!",
    "<%doc>",
    "</%doc>",
    "##",
    "|",
    ",n",
    "comma",
    "trim",
    "str",
    "repr(",
    "message",
    "up_revision",
    "down_revision",
    "create_date",
    ".year",
    "config.get_main_option('",
    "context.get('",
    "re.split(",
    ".split(',')",
    "',",
    "'.join(",
    ".strip()",
    "isinstance(",
    "len(",
    "bool(",
    "~+~",
    "~%~",
    "==",
    "!=",
    "~is~None",
    "~not~",
    "~and~",
    "~or~",
    "import~re",
    "'''\\",
    "\\",
    "~%~",
]
COMMIT = [
    "tree ",
    "parent ",
    "author ",
    "committer ",
    "encoding ",
    "gpgsig ",
    "mergetag ",
    "> 1700000000 +0100\n",
    "\n",
]
TREE = ["100644 ", "100755 ", "120000 ", "160000 ", "40000 ", "040000 ", "\0", "v\0", "/"]
FILE_TEMPLATE = [
    "%(rev)s",
    "%(slug)s",
    "%(year)d",
    "%(month).2d",
    "%(day)02d",
    "%(epoch)s",
    "%",
    "%%",
    "(",
    ")",
    "/",
    "..",
    "-",
    "0",
    "+",
    "#",
    ".5",
    "255",
    "\n",
]
WORDS = {
    "pyscan": PYTHON,
    "pyscan_ast": PYTHON,
    "mend": [*PYTHON, *MAKO],
    "chainfile": JSON,
    "applied": [*JSON, " -> ", "<base>", " (head)", "#"],
    "ini": project_cases.ALPHABETS["ini"] + ["[alembic]", "script_location", "version_locations", "path_separator"],
    "toml": project_cases.ALPHABETS["toml"] + ["[tool.alembic]", "script_location", "version_locations"],
    "mako": MAKO,
    "filetemplate": FILE_TEMPLATE,
    "commit": COMMIT,
    "tree": TREE,
}  # fmt: skip


def encoded(texts):
    return [text.encode("utf-8", "surrogatepass") for text in texts]


def objects(repository, kind):
    """The raw objects of a kind."""
    git = ["git", "-C", repository]
    every = "--batch-check=%(objecttype) %(objectname)"
    listed = subprocess.check_output([*git, "cat-file", "--batch-all-objects", every], text=True)
    names = [line.split()[1] for line in listed.splitlines() if line.startswith(kind + " ")]
    return [subprocess.check_output([*git, "cat-file", kind, name]) for name in names]


def seeds(repository):
    """The seeds of each target."""
    chooser = random.Random(1)
    modules = [path.read_bytes() for path in MIGRATIONS]
    modules += [pyscan_generate.Grammar(chooser).module() for _ in range(60)]
    templates = [path.read_bytes() for path in TEMPLATES]
    for kind in (merge_templates.UNDERSTOOD, merge_templates.REFUSED, merge_templates.BROKEN):
        templates += encoded(kind.values())
    ini = [project_cases.make_ini(chooser) for _ in range(60)]
    ini += [project_cases.make_ini_project(chooser)[0] for _ in range(30)]
    toml = [project_cases.make_toml(chooser) for _ in range(60)]
    toml += [project_cases.make_toml_project(chooser) for _ in range(30)]
    names = merge_templates.FILE_TEMPLATES
    messages = merge_templates.MESSAGES
    return {
        "pyscan": modules,
        "pyscan_ast": modules,
        "mend": modules + [path.read_bytes() for path in TEMPLATES],
        "chainfile": encoded(CHAIN_FILES),
        "applied": encoded(APPLIED),
        "ini": encoded(ini) + [(TOP / "docker/example/alembic.ini").read_bytes()],
        "toml": encoded(toml) + [(TOP / "src/python/pyproject.toml").read_bytes()],
        "mako": templates,
        "filetemplate": encoded(
            "2" + name.replace("%%", "%") + "\n" + message for name in names for message in messages
        ),
        "commit": objects(repository, "commit"),
        "tree": objects(repository, "tree"),
        "chain": [chooser.randbytes(chooser.randrange(10, 120)) for _ in range(60)],
        "order": [chooser.randbytes(chooser.randrange(10, 150)) for _ in range(60)],
    }


def quoted(word):
    """A word as a libFuzzer dictionary has it."""
    return '"%s"\n' % "".join("\\x%02x" % byte for byte in word.encode("utf-8", "surrogatepass"))


def main():
    directory, repository = pathlib.Path(sys.argv[1]), sys.argv[2]
    for target, texts in seeds(repository).items():
        place = directory / target / "seeds"
        place.mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(texts):
            (place / ("%03d" % number)).write_bytes(text)
        words = [word.replace("~", " ") for word in WORDS.get(target, [])]
        (directory / target / "words").write_text("".join(quoted(word) for word in words if word))


if __name__ == "__main__":
    main()
