"""Reads what `revchain log --format=json` prints, holds it against the contract and prints a line a migration, tab separated:
position, revision, down_revision, kind, path, commit, date (in UTC). Python's None stands for null; what is not plain ASCII is
escaped."""

import datetime
import json
import sys

KEYS = ["position", "revision", "down_revision", "kind", "path", "commit", "date"]


def utc(date):
    if date is None:
        return None
    moment = datetime.datetime.fromisoformat(date.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError(f"a date without a zone: {date}")
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def shown(value):
    if isinstance(value, list):
        return ",".join(shown(one) for one in value)
    return (
        str(value)
        .encode("ascii", "backslashreplace")
        .decode()
        .replace("\n", "\\n")
        .replace("\t", "\\t")
    )


def main():
    text = sys.stdin.buffer.read()
    if any(byte < 0x20 and byte != 0x0A for byte in text):
        raise SystemExit("a raw control character")
    migrations = json.loads(text.decode("utf-8"))
    if not isinstance(migrations, list):
        raise SystemExit("not an array")
    for migration in migrations:
        if sorted(migration) != sorted(KEYS):
            raise SystemExit(f"expected the keys {sorted(KEYS)}, got {sorted(migration)}")
        if migration["kind"] not in ("static", "dynamic", "hybrid", None):
            raise SystemExit(f"what kind is {migration['kind']!r}?")
        migration["date"] = utc(migration["date"])
        print("\t".join(shown(migration[key]) for key in KEYS))


if __name__ == "__main__":
    main()
