"""What `revchain check --format=json` printed, a line a finding: severity, id, places; the keys and types are held to the manual.

With --summary the line of the summary instead.
"""

import json
import sys

FINDING = {
    "id": str,
    "severity": str,
    "allowed": bool,
    "message": str,
    "places": list,
    "hints": list,
}
PLACE = {"path": str, "line": (int, type(None)), "note": (str, type(None))}
REVISIONS = (list, type(None))
SUMMARY = {"errors": int, "warnings": int, "notes": int, "migrations": int}
SUMMARY |= {"heads": REVISIONS, "bases": REVISIONS, "branch_points": REVISIONS}
TOP = {"version": int, "revchain": str, "findings": list, "summary": dict}


def check(value, keys):
    assert list(value) == list(keys), list(value)
    for name, types in keys.items():
        assert isinstance(value[name], types), (name, value[name])


def main():
    sys.stdin.reconfigure(encoding="ascii")
    sys.stdout.reconfigure(errors="backslashreplace")
    report = json.load(sys.stdin)
    check(report, TOP)
    assert report["version"] == 1
    summary = report["summary"]
    check(summary, SUMMARY)
    counts = {"error": 0, "warning": 0, "note": 0}
    for finding in report["findings"]:
        check(finding, FINDING)
        counts[finding["severity"]] += 1
        assert all(isinstance(hint, str) and hint for hint in finding["hints"])
        places = []
        for number, place in enumerate(finding["places"]):
            check(place, PLACE)
            assert (place["note"] is None) == (number == 0), place
            places.append(place["path"] + (f":{place['line']}" if place["line"] else ""))
        severity = finding["severity"] + ("(allowed)" if finding["allowed"] else "")
        if "--summary" not in sys.argv:
            print(" ".join([severity, finding["id"], *places]))
    assert summary["errors"] == counts["error"], summary
    if "--summary" in sys.argv:
        print(" ".join(f"{name}={value}" for name, value in summary.items()))


if __name__ == "__main__":
    main()
