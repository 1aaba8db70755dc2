"""Random inputs for project.py: ini files, TOML files, and pairs of them that configure Alembic."""

ALPHABETS = {
    "ini": [
        "[a]",
        "[b]",
        "[DEFAULT]",
        "[",
        "]",
        "=",
        ":",
        " = ",
        "a",
        "b",
        "c",
        "A",
        "here",
        "x",
        "\n",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "\n ",
        "\n  ",
        "\n\t",
        " ",
        "\t",
        "#",
        ";",
        "%(a)s",
        "%(b)s",
        "%(C)s",
        "%(here)s",
        "%%",
        "%",
        "%(",
        ")s",
        "%(a)",
        "\xa0",
        "\u2003",
        "\x0b",
        "\x1c",
        "\x85",
        "\u3000",
        "é",
        "\ufeff",
        "1",
        "/",
        ",",
    ],
    "toml": [
        "a",
        "b",
        "c",
        "a.b",
        "a.b.c",
        "[a]",
        "[b]",
        "[a.b]",
        "[[a]]",
        "[[a.b]]",
        "[a.b.c]",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        "=",
        " = ",
        ",",
        "\n",
        "\n",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "#",
        '"',
        "'",
        '"""',
        "'''",
        "\\",
        "\\n",
        "\\u0041",
        "\\U0001f600",
        "\\ud800",
        "\\u0000",
        "\\\n",
        "\\ \n ",
        "\\e",
        "1",
        "0",
        "-1",
        "+0",
        "01",
        "1_0",
        "1__0",
        "0x1f",
        "0o17",
        "0b1",
        "0xg",
        "1.5",
        "1.",
        ".5",
        "1e5",
        "1e",
        "inf",
        "-nan",
        "true",
        "false",
        "1979-05-27",
        "1979-02-29",
        "2000-02-29",
        "1979-05-27T07:32:00Z",
        "1979-05-27 07:32:00.5-08:00",
        "07:32:00",
        "07:32",
        "24:00:00",
        "é",
        "\x7f",
        "\x01",
        "\ufeff",
        "-",
        "_",
        ".",
    ],
}


def make_ini(rng):
    if rng.random() < 0.5:
        return "".join(rng.choice(ALPHABETS["ini"]) for _ in range(rng.randrange(1, 40)))
    lines = []
    for number in range(rng.randrange(1, 4)):
        lines.append(rng.choice(["[a]", "[b]", "[c]", "[DEFAULT]", " [d]", "[a b] x"]))
        for _ in range(rng.randrange(5)):
            kind = rng.random()
            name = rng.choice(
                ["one", "two", "Three", "four", "here", "five six", "\u00fc", "n" + str(number)]
            )
            value = "".join(
                rng.choice(
                    [
                        "x",
                        "/",
                        " ",
                        "%(here)s",
                        "%(one)s",
                        "%(TWO)s",
                        "%(three)s",
                        "%%",
                        "=",
                        "#",
                        ";",
                        "\xa0",
                        "y",
                    ]
                )
                for _ in range(rng.randrange(5))
            )
            if kind < 0.1:
                lines.append(rng.choice(["# note", "  ; note", "", "   ", "\t"]))
            elif kind < 0.25:
                lines.append(" " * rng.randrange(1, 4) + value)
            else:
                lines.append(
                    rng.choice(["", "", " "]) + name + rng.choice(["=", " = ", ":", " : "]) + value
                )
    return rng.choice(["\n", "\n", "\r\n", "\r"]).join(lines) + rng.choice(["", "\n"])


def toml_value(rng, depth=0):
    kind = rng.random()
    if kind < 0.15 and depth < 4:
        end = rng.choice(["", ",", " # c\n", "\n"])
        return (
            "["
            + rng.choice(["", "\n", " "])
            + ",".join(toml_value(rng, depth + 1) for _ in range(rng.randrange(4)))
            + end
            + "]"
        )
    if kind < 0.3 and depth < 4:
        items = (
            toml_key(rng) + " = " + toml_value(rng, depth + 1) for _ in range(rng.randrange(4))
        )
        return "{" + rng.choice(["", " "]) + ", ".join(items) + rng.choice(["", " ", ""]) + "}"
    if kind < 0.6:
        text = "".join(
            rng.choice(["x", " ", "\u00e9", "\\\\", "\\t", "\\u00e9", "#", "'", '\\"', "%(here)s"])
            for _ in range(rng.randrange(5))
        )
        quote = rng.choice(['"', '"', "'", '"""', "'''"])
        if len(quote) == 3 and rng.random() < 0.5:
            text = (
                rng.choice(["\n", "", "\r\n"])
                + text
                + rng.choice(["\n", quote[0], quote[:2], "\\\n  ", ""])
            )
        return quote + text + quote
    return rng.choice(
        [
            "1",
            "0",
            "+5",
            "-17",
            "1_000",
            "0xDEAD_beef",
            "0o755",
            "0b1101",
            "3.14",
            "-0.01",
            "5e+22",
            "1e06",
            "6.626e-34",
            "inf",
            "+inf",
            "nan",
            "-nan",
            "true",
            "false",
            "1979-05-27T07:32:00Z",
            "1979-05-27T00:32:00-07:00",
            "1979-05-27 07:32:00.999999",
            "1979-05-27",
            "07:32:00",
            "00:32:00.999999",
            "2023-02-30",
            "0000-01-01",
            "9999-12-31t23:59:59.9999999z",
            "1900-02-29",
            "2000-02-29",
        ]
    )


def toml_key(rng):
    parts = ["a", "b", "c", "a-b", "1", '"a"', "'b'", '"x y"', "d_"]
    count = rng.choice([1, 1, 1, 2, 3])
    return rng.choice([".", ".", " . "]).join(rng.choice(parts) for _ in range(count))


def make_toml(rng):
    kind = rng.random()
    if kind < 0.35:
        return "".join(rng.choice(ALPHABETS["toml"]) for _ in range(rng.randrange(1, 25)))
    lines = []
    for _ in range(rng.randrange(1, 9)):
        what = rng.random()
        if what < 0.2:
            lines.append("[" + toml_key(rng) + "]" + rng.choice(["", " # c"]))
        elif what < 0.35:
            lines.append("[[" + toml_key(rng) + "]]")
        elif what < 0.4:
            lines.append(rng.choice(["", "# note", "  ", "\t# \u00e9"]))
        else:
            lines.append(
                toml_key(rng)
                + rng.choice(["=", " = "])
                + toml_value(rng)
                + rng.choice(["", " # c", " "])
            )
    text = rng.choice(["\n", "\n", "\r\n"]).join(lines) + rng.choice(["", "\n"])
    if kind < 0.6 and text:
        place = rng.randrange(len(text))
        text = text[:place] + rng.choice(ALPHABETS["toml"]) + text[place + rng.randrange(3) :]
    return text


DIRECTORIES = ["", "app", "app/inner"]
GOOD = [
    "migrations",
    "db/versions",
    "./alembic",
    "../shared",
    "a b",
    "é",
    "x/../y",
    ".",
    "%(here)s/m",
    "%(here)s/db/v",
    "%(here)s",
    "%(HERE)s/../up",
    "%(here)s/a%%b",
    "%(here)ssibling",
    "pkg:m",
    "pkg.sub:m/v",
    "other:versions",
    "plain:m",
    "pkg:a:b",
]
BAD = [
    "../../../out",
    "/srv/m",
    "%(loop)s",
    "%(missing)s",
    "%",
    "%(base)s/v",
    "tmp/%(here)s",
    "pkg.no:m",
    "no:m",
]
SEPARATORS = {"os": ":", ":": ":", ";": ";", "space": " ", "newline": "\n"}


def location(rng):
    return rng.choice(BAD if rng.random() < 0.04 else GOOD)


def version_locations(rng, separator):
    """The line, and whether an Alembic before 1.16, which strips nothing, reads it alike."""
    character = SEPARATORS.get(separator, rng.choice([" ", ",", ", ", "  "]))
    items = [location(rng) for _ in range(rng.randrange(5))]
    old = character != "\n"
    if rng.random() < 0.1:
        items.insert(rng.randrange(len(items) + 1), rng.choice(["", "  "]))
        old = separator is None
    if separator and rng.random() < 0.2:
        character += " "
        old = False
    if character == "\n":
        character = "\n    "
        items.insert(0, "")
    return "version_locations = " + character.join(items), old


def make_ini_project(rng):
    """The text, and whether an Alembic before 1.16 reads it as the newest one does."""
    lines, old, separator = [rng.choice(["[alembic]"] * 18 + ["[other]", "# nothing"])], True, None

    def add(probability, text):
        if rng.random() < probability:
            lines.append(text)

    if rng.random() < 0.1:
        lines.insert(0, "[DEFAULT]\nbase = " + rng.choice(["root", "%(here)s/root"]))
    add(0.9, "script_location = " + location(rng))
    if rng.random() < 0.5:
        name = rng.choice(["path_separator", "version_path_separator", "version_path_separator"])
        separator = rng.choice([*SEPARATORS, *SEPARATORS, *SEPARATORS, "comma"])
        old = name == "version_path_separator" and separator != "newline"
        lines.append(f"{name} = {separator}")
    if rng.random() < 0.6:
        line, same = version_locations(rng, separator)
        old = old and same
        lines.append(line)
    paths = [".", "src", "lib", "lib:src", "lib, src", ". lib", "%(here)s/lib", "%(here)s/../lib"]
    add(0.3, "prepend_sys_path = " + rng.choice(paths))
    booleans = ["true", "false", "True", "1", "", "%(here)s"]
    add(0.3, "recursive_version_locations = " + rng.choice(booleans))
    templates = ["%%(rev)s_%%(slug)s", "%%(year)d-%%(rev)s", ""] * 4 + ["%(rev)s"]
    add(0.3, "file_template = " + rng.choice(templates))
    rest = [
        "loop = %(loop)s",
        "base = b",
        "base = %(here)s",
        "broken",
        "  more",
        "[alembic]",
        "base: x",
    ]
    add(0.15, rng.choice(rest))
    old = old and lines[-1] != "  more"
    return "\n".join(lines) + "\n", old


def toml_text(rng):
    """A location as a string; references other than %(here)s are unknown to Alembic there."""
    text = rng.choice(["%(rev)s", "../../../out"]) if rng.random() < 0.04 else rng.choice(GOOD)
    return rng.choice(["'", '"']).join(["", text.replace("HERE", "here"), ""])


def make_toml_project(rng):
    headers = ["[tool.black]", "[[tool.alembic]]", "[project]", "tool = {alembic = {}}"]
    lines = [rng.choice(["[tool.alembic]"] * 30 + headers)]

    def add(probability, text):
        if rng.random() < probability:
            lines.append(text)

    add(0.9, "script_location = " + rng.choice([toml_text(rng)] * 20 + ["1", "[]"]))
    items = "[" + ", ".join(toml_text(rng) for _ in range(rng.randrange(4))) + "]"
    add(0.5, "version_locations = " + rng.choice([items] * 20 + ["[1]", "[['a']]", "true", "1"]))
    paths = ["['.']", "['lib', 'src']", '["%(here)s/lib"]']
    add(0.3, "prepend_sys_path = " + rng.choice(paths))
    booleans = ["true", "false"] * 5 + ["'true'", "1"]
    add(0.3, "recursive_version_locations = " + rng.choice(booleans))
    templates = ["'%%(rev)s_%%(slug)s'", "'%%(year)d'"] * 5 + ["'%(rev)s'"]
    add(0.3, "file_template = " + rng.choice(templates))
    rest = ["broken", "[tool.other]\nscript_location = 'no'", "post_write_hooks = []"]
    add(0.1, rng.choice(rest))
    return "\n".join(lines) + "\n"
