#!/usr/bin/env python3
"""Compare revchain's reading of alembic.ini and pyproject.toml with Python's and Alembic's own.

    project.py DUMP [--seed N] [--count N] [--only ini|toml|project] [--case N] [--python PYTHON]

The inputs are random: see project_cases.py. DUMP is the program built from project_dump.c. --count
is per kind. --python names an interpreter (of a virtual environment, say) whose Alembic is asked
besides this one's. --case shows one case alone.
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
from project_cases import DIRECTORIES, make_ini, make_ini_project, make_toml, make_toml_project

HERE = os.path.abspath(__file__)


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


def failed(answer):
    """Whether it is an error (and not a table with a key of that name)."""
    return isinstance(answer, dict) and isinstance(answer.get("error"), str)


def without_errors(value):
    """The same with errors reduced to being there."""
    if failed(value):
        return None
    return {k: without_errors(v) for k, v in value.items()} if isinstance(value, dict) else value


def check_ini(rng, dump):
    data = lower(damage(rng, make_ini(rng).encode()))
    ours, theirs = dump.ask(data), read_ini(data)
    return without_errors(ours) == without_errors(theirs), data, ours, theirs


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
    if failed(ours) or failed(theirs):
        return failed(ours) == failed(theirs), data, ours, theirs
    same = same_toml([0, ours], theirs)
    return same, data, ours, theirs


def make_tree(root):
    """A repository with packages: pkg and other have an __init__.py somewhere, plain has none."""
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
    data = f"--- {directory}/alembic.ini\n{ini}--- pyproject.toml\n{toml}".encode()
    return same, data, ours, answers


def run(options, kind, check, *arguments):
    """Check `count` cases; returns how many agree and how many do not."""
    different = refused = 0
    numbers = range(options.count) if options.case is None else [options.case]
    for number in numbers:
        rng = random.Random(f"{options.seed} {kind} {number}")
        same, data, ours, theirs = check(rng, *arguments)
        if not same or options.case is not None:
            print(f"{'same' if same else 'DIFFERENT'}: {kind} case {number} of seed {options.seed}")
            print(f"input:    {data!r}" if kind != "project" else data.decode())
            print(f"expected: {theirs!r}\nrevchain: {ours!r}")
            again = f"--seed {options.seed} --only {kind} --case {number}"
            print(f"again:    {HERE} {options.dump} {again}\n")
        different += not same
        refused += failed(ours)
        if different >= 10:
            print("ten failures are enough")
            break
    print(f"{kind}: {len(numbers) - different} agree, {different} differ; {refused} are refused")
    return len(numbers) - different, different


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
    counts = []
    for kind, check in (("ini", check_ini), ("toml", check_toml)):
        if options.only in (None, kind):
            counts.append(run(options, kind, check, Dump(options.dump, kind)))
    if options.only in (None, "project"):
        with tempfile.TemporaryDirectory() as root:
            root = os.path.realpath(root)
            make_tree(root)
            workers = [Worker(python) for python in [sys.executable, *options.python]]
            print("Alembic", *(".".join(map(str, worker.version)) for worker in workers))
            dump = Dump(options.dump, "project", root)
            counts.append(run(options, "project", check_project, dump, root, workers))
    passed, different = (sum(numbers) for numbers in zip(*counts, strict=True))
    print(f"{passed} passed, {different} failed, 0 skipped")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
