#!/usr/bin/env python3
"""Compare revchain's reading of alembic.ini and pyproject.toml with Python's and Alembic's own, on random inputs.

    project.py DUMP [--seed N] [--count N] [--only ini|toml|project] [--case N] [--python PYTHON]

DUMP is the program built from project_dump.c. --count is per kind. --python names an interpreter (of a virtual environment,
say) whose Alembic is asked besides this one's. --case shows one case alone, with what it was made of.
"""

import argparse
import configparser
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import tomllib

HERE = os.path.abspath(__file__)
ALPHABETS = {
    "ini": (
        "[a]|[b]|[DEFAULT]|[|]|=|:| = |a|b|c|A|here|x|\n|\n|\n|\r\n|\r|\n |\n  |\n\t| |\t|#|;|"
        "%(a)s|%(b)s|%(C)s|%(here)s|%%|%|%(|)s|%(a)|\xa0|\u2003|\x0b|\x1c|\x85|\u3000|\xe9|"
        "\ufeff|1|/|,"
    ).split("|"),
    "toml": (
        "a|b|c|a.b|a.b.c|[a]|[b]|[a.b]|[[a]]|[[a.b]]|[a.b.c]|[|]|[[|]]|{|}|=| = |,|\n|\n|\n|\r\n|"
        "\r| |\t|#|\"|'|\"\"\"|'''|\\|\\n|\\u0041|\\U0001f600|\\ud800|\\u0000|\\\n|\\ \n |\\e|1|"
        "0|-1|+0|01|1_0|1__0|0x1f|0o17|0b1|0xg|1.5|1.|.5|1e5|1e|inf|-nan|true|false|1979-05-27|"
        "1979-02-29|2000-02-29|1979-05-27T07:32:00Z|1979-05-27 07:32:00.5-08:00|07:32:00|07:32|"
        "24:00:00|\xe9|\x7f|\x01|\ufeff|-|_|."
    ).split("|"),
}


class Dump:
    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, *fields):
        for field in fields:
            self.process.stdin.write(b"-:" if field is None else b"%d:%s" % (len(field), field))
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"project_dump died (status {self.process.wait()}) on {fields!r}")
        return json.loads(line)


class Worker:
    """Alembic, in an interpreter of its own."""

    def __init__(self, python):
        self.process = subprocess.Popen(
            [python, "-W", "ignore", HERE, "--worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.version = json.loads(self.process.stdout.readline())

    def ask(self, request):
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def work():
    """Answer questions about projects with Alembic."""
    import importlib

    import alembic
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    os.access = lambda *_: True  # the directories need not exist
    sys_path, modules = list(sys.path), set(sys.modules)
    version = [int(part) for part in alembic.__version__.split(".")[:2]]
    print(json.dumps(version), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        os.chdir(request["directory"])
        sys.path[:] = [request["directory"], request["directory"] + "/src", *sys_path]
        for name in set(sys.modules) - modules:
            if name.split(".")[0] in ("pkg", "other", "plain"):
                del sys.modules[name]
        sys.path_importer_cache.clear()
        importlib.invalidate_caches()
        arguments = {"file_": "alembic.ini", "ini_section": request["section"]}
        if version >= [1, 16]:
            arguments["toml_file"] = "pyproject.toml"
        try:
            config = Config(**arguments)
            script = ScriptDirectory.from_config(config)
            if script.version_locations:  # an empty one is left out by revchain: see settings.h
                script.version_locations = [item for item in script.version_locations if item]
                locations = (
                    [str(item) for item in script._version_locations]
                    if script.version_locations
                    else None
                )
            else:
                locations = [str(item) for item in script._version_locations]
            answer = {
                "script_location": os.path.abspath(str(script.dir)),
                "locations": locations,
                "file_template": script.file_template,
                "recursive": getattr(script, "recursive_version_locations", None),
            }
        except Exception as error:  # anything that Alembic dies of
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


# --- ini


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
                rng.choice(("x|/| |%(here)s|%(one)s|%(TWO)s|%(three)s|%%|=|#|;|\xa0|y").split("|"))
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


def read_ini(data):
    parser = configparser.ConfigParser({"here": "HERE"})
    try:
        parser.read_file(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
    except (configparser.Error, UnicodeDecodeError) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    result = {}
    for section in parser.sections():
        options = result[section] = {}
        for option in parser.options(section):
            try:
                options[option] = parser.get(section, option)
            except configparser.Error as error:
                options[option] = {"error": f"{type(error).__name__}: {error}"}
    return result


def without_errors(value):
    """The same with errors reduced to being there."""
    if isinstance(value, dict):
        return (
            "error"
            if "error" in value and not isinstance(value["error"], list)
            else {k: without_errors(v) for k, v in value.items()}
        )
    return value


def check_ini(rng, dump):
    data = lower(damage(rng, make_ini(rng).encode()))
    ours, theirs = dump.ask(data), read_ini(data)
    return without_errors(ours) == without_errors(theirs), data, ours, theirs


def lower(data):
    """Letters beyond ASCII in lower case: revchain folds ASCII alone (see ini.h)."""
    text = data.decode("utf-8", "surrogateescape")
    text = "".join(letter if letter.isascii() else letter.lower() for letter in text)
    return text.encode("utf-8", "surrogateescape")


def damage(rng, data):
    """Now and then a byte that is no UTF-8."""
    if rng.random() < 0.02 and data:
        place = rng.randrange(len(data))
        return data[:place] + bytes([rng.randrange(128, 256)]) + data[place + 1 :]
    return data


# --- toml


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
        (
            "1|0|+5|-17|1_000|0xDEAD_beef|0o755|0b1101|3.14|-0.01|5e+22|1e06|6.626e-34|inf|+inf|"
            "nan|-nan|true|false|1979-05-27T07:32:00Z|1979-05-27T00:32:00-07:00|"
            "1979-05-27 07:32:00.999999|1979-05-27|07:32:00|00:32:00.999999|2023-02-30|"
            "0000-01-01|9999-12-31t23:59:59.9999999z|1900-02-29|2000-02-29"
        ).split("|")
    )


def toml_key(rng):
    part = lambda: rng.choice(["a", "b", "c", "a-b", "1", '"a"', "'b'", '"x y"', "d_"])
    return rng.choice([".", ".", " . "]).join(part() for _ in range(rng.choice([1, 1, 1, 2, 3])))


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


def read_toml(data):
    try:
        return tomllib.loads(data.decode())
    except ValueError as error:
        return {"error": f"{type(error).__name__}: {error}"}


def same_toml(ours, theirs):
    """Whether `ours`, as project_dump prints it, is `theirs`."""
    kind, value = ours
    if kind == 0:
        return (
            isinstance(theirs, dict)
            and list(value) == list(theirs)
            and all(same_toml(value[key], theirs[key]) for key in value)
        )
    if kind == 1:
        return (
            isinstance(theirs, list)
            and len(value) == len(theirs)
            and all(map(same_toml, value, theirs))
        )
    if kind == 2 or kind == 3:
        return type(value) is type(theirs) and value == theirs
    if kind == 4:
        return type(theirs) is int and int(value, 0) == theirs
    if kind == 5:
        return type(theirs) is float and repr(float(value)) == repr(theirs)
    return type(theirs).__name__ == {6: "datetime", 7: "date", 8: "time"}[kind]


def check_toml(rng, dump):
    data = damage(rng, make_toml(rng).encode())
    ours, theirs = dump.ask(data), read_toml(data)
    ours_failed, theirs_failed = (
        isinstance(ours.get("error"), str),
        isinstance(theirs.get("error"), str),
    )
    same = ours_failed == theirs_failed and (ours_failed or same_toml([0, ours], theirs))
    return same, data, ours, theirs


# --- projects

DIRECTORIES = ["", "app", "app/inner"]
NAMES = (
    "migrations|db/versions|./alembic|../shared|a b|\xe9|x/../y|.|%(here)s/m|%(here)s/db/v|"
    "%(here)s|%(here)s/../up|%(here)s/a%%b|%(here)ssibling|pkg:m|pkg.sub:m/v|other:versions|"
    "plain:m|pkg:a:b|../../../out|/srv/m|%(loop)s|%(missing)s|%|%(base)s/v|%(HERE)s/up|"
    "tmp/%(here)s"
).split("|")
SEPARATORS = {"os": ":", ":": ":", ";": ";", "space": " ", "newline": "\n"}


def make_ini_project(rng):
    """The text, and whether an Alembic before 1.16 reads it as the newest one does."""
    lines, old = [rng.choice(["[alembic]"] * 8 + ["[other]", "# nothing"])], True
    if rng.random() < 0.1:
        lines.insert(0, "[DEFAULT]\nbase = " + rng.choice(["root", "%(here)s/root"]))
    if rng.random() < 0.8:
        lines.append("script_location = " + rng.choice(NAMES))
    separator = None
    if rng.random() < 0.5:
        name = rng.choice(["path_separator", "version_path_separator", "version_path_separator"])
        separator = rng.choice([*SEPARATORS, *SEPARATORS, "comma", ""])
        old = name == "version_path_separator" and separator != "newline"
        lines.append(f"{name} = {separator}")
    if rng.random() < 0.6:
        character = SEPARATORS.get(separator, rng.choice([" ", ",", ", ", "  "]))
        items = [rng.choice(NAMES) for _ in range(rng.randrange(5))]
        if rng.random() < 0.1:
            items.insert(rng.randrange(len(items) + 1), rng.choice(["", "  "]))
        if separator and rng.random() < 0.2:
            character += " "
            old = False
        old = (
            old
            and character != "\n"
            and (separator is None or all(item.strip() == item for item in items))
        )
        indent = "\n    " if character.strip(" ") == "\n" else character
        lines.append(
            "version_locations = " + (indent if character == "\n" else "") + indent.join(items)
        )
    if rng.random() < 0.3:
        lines.append(
            "prepend_sys_path = "
            + rng.choice(
                (".|src|lib|lib:src|lib, src|. lib|%(here)s/lib|%(here)s/../lib").split("|")
            )
        )
    if rng.random() < 0.3:
        lines.append(
            "recursive_version_locations = "
            + rng.choice(["true", "false", "True", "1", "", "%(here)s"])
        )
    if rng.random() < 0.3:
        lines.append(
            "file_template = "
            + rng.choice(["%%(rev)s_%%(slug)s", "%(rev)s", "%%(year)d-%%(rev)s", ""])
        )
    if rng.random() < 0.2:
        lines.append(
            rng.choice(
                ("loop = %(loop)s|base = b|base = %(here)s|broken|  more|[alembic]|base: x").split(
                    "|"
                )
            )
        )
    return "\n".join(lines) + "\n", old


def toml_text(rng, names):
    return rng.choice(["'", '"']).join(["", rng.choice(names), ""])


def make_toml_project(rng):
    names = [
        name for name in NAMES if not name.lower().startswith(("%(loop", "%(missing", "%(base"))
    ] + ["%(rev)s"]
    lines = [
        rng.choice(
            ["[tool.alembic]"] * 8
            + ["[tool.black]", "[[tool.alembic]]", "[project]", "tool = {alembic = {}}"]
        )
    ]
    if rng.random() < 0.8:
        lines.append("script_location = " + rng.choice([toml_text(rng, names)] * 9 + ["1", "[]"]))
    if rng.random() < 0.5:
        items = ", ".join(toml_text(rng, names) for _ in range(rng.randrange(4)))
        lines.append(
            "version_locations = "
            + rng.choice([f"[{items}]"] * 9 + ["[1]", "[['a']]", "true", "1"])
        )
    if rng.random() < 0.3:
        lines.append(
            "prepend_sys_path = " + rng.choice(["['.']", "['lib', 'src']", '["%(here)s/lib"]'])
        )
    if rng.random() < 0.3:
        lines.append(
            "recursive_version_locations = " + rng.choice(["true", "false", "'true'", "1"])
        )
    if rng.random() < 0.3:
        lines.append(
            "file_template = " + toml_text(rng, ["%%(rev)s_%%(slug)s", "%(rev)s", "%%(year)d"])
        )
    if rng.random() < 0.1:
        lines.append(
            rng.choice(["broken", "[tool.other]\nscript_location = 'no'", "post_write_hooks = []"])
        )
    return "\n".join(lines) + "\n"


def make_tree(root):
    """A repository with packages to be found: pkg regular in lib, merely a directory beside; other in src; plain merely a directory."""
    subprocess.run(["git", "init", "-q", root], check=True)
    for base in DIRECTORIES:
        for name in ("lib/pkg/sub", "src/other", "plain/m", "lib/other"):
            os.makedirs(os.path.join(root, base, name))
        for name in ("lib/pkg/__init__.py", "lib/pkg/sub/__init__.py", "src/other/__init__.py"):
            open(os.path.join(root, base, name), "w").close()


def write(path, text):
    if text is None:
        if os.path.exists(path):
            os.remove(path)
    else:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def expected(root, theirs):
    """Alembic's answer in the form of ours: None where revchain must refuse it."""
    if "error" in theirs or theirs["locations"] is None:
        return None
    if any(
        "tmp" + os.path.realpath(root) in path
        for path in [theirs["script_location"], *theirs["locations"]]
    ):
        return None  # %(here)s in the middle of a path
    relative = []
    for path in [theirs["script_location"], *theirs["locations"]]:
        path = os.path.relpath(os.path.normpath(path), root)
        if path == ".." or path.startswith("../"):
            return None
        relative.append("" if path == "." else path)
    template = None if theirs["file_template"] == "%(rev)s_%(slug)s" else theirs["file_template"]
    return {
        "script_location": relative[0],
        "locations": list(dict.fromkeys(relative[1:])),
        "file_template": template,
        "recursive": theirs["recursive"],
    }


def same_project(ours, theirs, root):
    wanted = expected(root, theirs)
    if wanted is None or "error" in ours:
        return wanted is None and "error" in ours and ours["status"] == 2
    if wanted["recursive"] is None:  # an Alembic that does not know it
        wanted["recursive"] = ours["recursive"]
    if ours["file_template"] == "%(rev)s_%(slug)s":
        ours = {**ours, "file_template": None}
    return all(ours[key] == value for key, value in wanted.items())


def check_project(rng, dump, root, workers):
    directory = rng.choice(DIRECTORIES)
    base = os.path.join(root, directory) if directory else root
    which = rng.random()
    ini, old = make_ini_project(rng) if which < 0.8 else (None, False)
    toml = make_toml_project(rng) if which > 0.4 else None
    write(os.path.join(base, "alembic.ini"), ini)
    write(os.path.join(base, "pyproject.toml"), toml)
    config = "alembic.ini" if ini else "pyproject.toml"
    ours = dump.ask(directory.encode(), os.path.join(directory, config).encode(), None)
    answers = []
    for worker in workers:
        newest = worker.version >= [1, 16]
        if newest or (old and toml is None):
            answers.append((worker.version, worker.ask({"directory": base, "section": "alembic"})))
    same = all(same_project(ours, theirs, root) for _, theirs in answers)
    return (
        same,
        f"--- {directory}/alembic.ini\n{ini}--- pyproject.toml\n{toml}".encode(),
        ours,
        answers,
    )


def run(options, kind, check):
    failed = refused = 0
    numbers = range(options.count) if options.case is None else [options.case]
    for number in numbers:
        same, data, ours, theirs = check(random.Random(f"{options.seed} {kind} {number}"))
        if not same or options.case is not None:
            print(f"{'same' if same else 'DIFFERENT'}: {kind} case {number} of seed {options.seed}")
            print(f"input:    {data!r}" if kind != "project" else data.decode())
            print(f"expected: {theirs!r}\nrevchain: {ours!r}")
            print(
                f"again:    {HERE} {options.dump} --seed {options.seed} --only {kind} --case {number}\n"
            )
        failed += not same
        refused += isinstance(ours.get("error"), str)
        if failed >= 10:
            print("ten failures are enough")
            break
    print(f"{kind}: {len(numbers) - failed} agree, {failed} differ; {refused} are refused")
    return len(numbers) - failed, failed


def main():
    if sys.argv[1:] == ["--worker"]:
        return work()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dump")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--only", choices=["ini", "toml", "project"])
    parser.add_argument("--case", type=int)
    parser.add_argument("--python", action="append", default=[])
    options = parser.parse_args()
    print(f"seed {options.seed}")
    passed = failed = 0
    with tempfile.TemporaryDirectory() as root:
        root = os.path.realpath(root)
        make_tree(root)
        checks = {"ini": check_ini, "toml": check_toml}
        for kind in ["ini", "toml", "project"]:
            if options.only not in (None, kind):
                continue
            if kind == "project":
                dump = Dump(options.dump, "project", root)
                workers = [Worker(python) for python in [sys.executable, *options.python]]
                print(
                    "Alembic", ", ".join(".".join(map(str, worker.version)) for worker in workers)
                )
                counts = run(options, kind, lambda rng: check_project(rng, dump, root, workers))
            else:
                dump = Dump(options.dump, kind)
                counts = run(options, kind, lambda rng: checks[kind](rng, dump))
            passed, failed = passed + counts[0], failed + counts[1]
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
