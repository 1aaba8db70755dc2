"""random_ids.py SEED FORM DIR FILE: writes dynamic migrations with random revision ids into DIR and, to FILE, the chain that they
make when all of them land in one commit (by path), as CPython's json module writes it.

FORM: ascii (the sources escape everything beyond ASCII) or raw (the sources hold the characters)."""

import json
import pathlib
import random
import sys

COUNT = 200
POOLS = [
    [chr(code) for code in range(0x20, 0x7F)],
    list('"\\/\b\f\n\r\t'),
    [chr(code) for code in range(1, 0x20)] + [chr(code) for code in range(0x7F, 0xA0)],
    [chr(code) for code in range(0xA0, 0x250)],
    [chr(code) for code in range(0x2000, 0x2070)]
    + ["\ufeff", "\uffff", "\ufffd", "\ue000", "\ud7ff"],
    [chr(code) for code in range(0x1F600, 0x1F650)] + ["\U00010000", "\U0010ffff"],
]
NOT_ALLOWED_BY_ALEMBIC = set("@-+")


def random_id(rng):
    text = ""
    while not text:
        size = rng.choice([1, 2, 3, 12, 40])
        text = "".join(rng.choice(rng.choice(POOLS)) for _ in range(size))
        text = "".join(char for char in text if char not in NOT_ALLOWED_BY_ALEMBIC)
    return text


def literal(text, form):
    if form == "ascii":
        return ascii(text)
    escaped = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
    return '"' + "".join(escaped.get(char, char) for char in text) + '"'


def main():
    seed, form, directory, file = sys.argv[1:]
    rng = random.Random(int(seed))
    ids = sorted({random_id(rng) for _ in range(COUNT)})
    rng.shuffle(ids)
    for number, revision in enumerate(ids):
        source = (
            f"revision = {literal(revision, form)}\ndown_revision = get_down_revision(revision)\n"
        )
        names = {}
        exec(
            source, {"get_down_revision": lambda revision: None}, names
        )  # what CPython makes of it
        assert names["revision"] == revision
        pathlib.Path(directory, f"{number:04}.py").write_bytes(source.encode())
    chain = dict(zip(ids, [None, *ids]))
    with open(file, "w", encoding="ascii") as output:
        json.dump(chain, output, indent=2, sort_keys=True)
        output.write("\n")


if __name__ == "__main__":
    main()
