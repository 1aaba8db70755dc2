#!/usr/bin/env python3
"""Write what the fuzz targets start from, taken from real files of this tree and from the oracles' own cases.

seeds.py DIRECTORY REPOSITORY     DIRECTORY/TARGET/seeds/… and DIRECTORY/TARGET/words, the dictionary

REPOSITORY is that of docker/example/make-repository: its commits and trees are seeds, too.
"""

import pathlib
import random
import subprocess
import sys
import zlib

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "oracle"))

import merge_templates  # noqa: E402
import project_cases  # noqa: E402
import pyscan_generate  # noqa: E402

LONGEST = 2048  # bytes of an input: of what is longer the fuzzer would take no more than that
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
ZLIB = [b"\x78\x9c", b"\x78\x01", b"\1\0\0\xff\xff", b"\3\0", b"\0\0\0\1", b"\4\xc1", b"\x63\0\1\0"]
LOOSE = [
    "commit ",
    "tree ",
    "blob ",
    "tag ",
    b"0\0",
    b"536870912\0",
    "536870913",
    "18446744073709551616",
]
PACK_INDEX = [
    b"\xfftOc\0\0\0\2",
    b"MIDX\1\1\4\0\0\0\0\2",
    "PNAM",
    "OIDF",
    "OIDL",
    "OOFF",
    "LOFF",
    b"pack-a.idx\0",
    b"pack-b.idx\0",
    b"pack-c.idx\0",
    b"\x80\0\0\0",
    b"\0\0\0\1",
    b"\0\0\4\0",
    b"\0\0\0\1\x3f\xff\xff\xff",
]
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
    "inflate": ZLIB,
    "loose": [*LOOSE, *ZLIB],
    "packindex": PACK_INDEX,
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


def loose_files(repository):
    """The files of loose objects."""
    paths = sorted(pathlib.Path(repository, ".git/objects").glob("??/*"))
    return [path.read_bytes() for path in paths]


def with_heads(repository):
    """The objects as they are packed: each with its head."""
    return [
        b"%s %d\0" % (kind.encode(), len(content)) + content
        for kind in ("commit", "tree", "blob")
        for content in objects(repository, kind)
    ]


def packed(text, level, strategy=zlib.Z_DEFAULT_STRATEGY):
    packer = zlib.compressobj(level, zlib.DEFLATED, 15, 8, strategy)
    return packer.compress(text) + packer.flush()


def indexes(repository, store):
    """Indexes as git makes them, of the packs that the target knows by these names; the first byte is the pack, or 3."""

    def git(directory, *words, text=None):
        return subprocess.run(
            ["git", "-C", directory, *words], input=text, check=True, stdout=subprocess.PIPE
        ).stdout

    git(repository, "init", "-q", "--bare", store)
    listed = git(repository, "rev-list", "--all", "--objects", "--no-object-names").splitlines()
    made = []
    for number, name in enumerate(("pack-a", "pack-b")):
        pack, index = (store / "objects/pack" / (name + end) for end in (".pack", ".idx"))
        few = b"\n".join(listed[8 * number : 8 * number + 8 + number])
        pack.write_bytes(git(repository, "pack-objects", "-q", "--stdout", text=few))
        for version in ("1", "2,0x20", "2"):
            git(store, "index-pack", f"--index-version={version}", "-o", index, pack)
            made.append(b"\1" + index.read_bytes())
    git(store, "multi-pack-index", "write")
    made.append(b"\3" + (store / "objects/pack/multi-pack-index").read_bytes())
    return made


def seeds(repository, store):
    """The seeds of each target; `store` is a directory to work in."""
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
    headed = with_heads(repository)
    streams = loose_files(repository)
    streams += [packed(text, level) for text in headed[::3] for level in (0, 1, 9)]
    streams += [
        packed(text, 6, kind)
        for text in headed[::5]
        for kind in (zlib.Z_FIXED, zlib.Z_RLE, zlib.Z_HUFFMAN_ONLY)
    ]
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
        "inflate": streams,
        "loose": [
            b"%c" % choice + text
            for choice, texts in enumerate((headed, headed, streams))
            for text in texts
        ],
        "packindex": indexes(repository, store),
        "chain": [chooser.randbytes(chooser.randrange(10, 120)) for _ in range(60)],
        "order": [chooser.randbytes(chooser.randrange(10, 150)) for _ in range(60)],
    }


def as_bytes(word):
    if isinstance(word, bytes):
        return word
    return word.replace("~", " ").encode("utf-8", "surrogatepass")


def quoted(word):
    """A word as a libFuzzer dictionary has it."""
    return '"%s"\n' % "".join("\\x%02x" % byte for byte in word)


def main():
    directory, repository = pathlib.Path(sys.argv[1]), sys.argv[2]
    for target, texts in seeds(repository, directory / "store").items():
        place = directory / target / "seeds"
        place.mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(text for text in texts if len(text) <= LONGEST):
            (place / ("%03d" % number)).write_bytes(text)
        words = [as_bytes(word) for word in WORDS.get(target, [])]
        (directory / target / "words").write_text("".join(quoted(word) for word in words if word))


if __name__ == "__main__":
    main()
