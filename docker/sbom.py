"""Says in SPDX 2.3 what the static program holds: from the linker's map, with Debian's versions.

usage: docker/sbom.py DIRECTORY VERSION    DIRECTORY is that of docker/build-static, VERSION revchain's
Prints the document. $SOURCE_DATE_EPOCH is its date.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import urllib.parse
import uuid

# The bytes of a file that are in the program: section, address, size, file. A long name of a section
# is on a line of its own.
PLACED = re.compile(r"^(?: \S+)?\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S.*)$")


def linked_files(text: str) -> set[str]:
    """Return the objects and archives of which bytes are in the program."""
    files = set()
    for line in text.partition("\nLinker script and memory map\n")[2].splitlines():
        found = PLACED.match(line)
        if found and int(found[1], 16) and int(found[2], 16):
            files.add(re.sub(r"\([^()]*\)$", "", found[3]))
    return files


def built_source(directory: pathlib.Path, name: str) -> tuple[str, str]:
    """Return name and version of a source that docker/build-static fetched."""
    (description,) = (directory / "source").glob(f"{name}_*.dsc")
    found = re.search(r"^Version: (.+)$", description.read_text(), re.MULTILINE)
    assert found is not None
    return name, found[1]


def installed_source(file: str) -> tuple[str, str]:
    """Return name and version of the source of the package that an installed file belongs to."""
    path = os.path.realpath(file)
    # where /lib is a link to /usr/lib, dpkg may know a file by either name
    for name in (path, path.removeprefix("/usr")):
        query = ["dpkg-query", "-S", name]
        done = subprocess.run(query, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            package = done.stdout.partition(": ")[0]
            form = "${source:Package} ${source:Version}"
            query = ["dpkg-query", "-W", "-f", form, package]
            source, version = subprocess.check_output(query, text=True).split()
            return source, version
    sys.exit(f"docker/sbom.py: {file} was linked, and is of no installed package")


def components(directory: pathlib.Path) -> list[tuple[str, str]]:
    """Return name and version of each source that the program has bytes of, but for revchain."""
    libraries = {str(directory / f"lib/lib{name}.a"): name for name in ("git2", "cjson")}
    sources = {"git2": "libgit2", "cjson": "cjson"}
    found = set()
    for file in linked_files((directory / "map").read_text()):
        if file in libraries:
            found.add(built_source(directory, sources[libraries[file]]))
        elif not file.startswith(f"{directory}/"):
            found.add(installed_source(file))
    return sorted(found)


def package(name: str, version: str, **more: object) -> dict[str, object]:
    return {
        "SPDXID": f"SPDXRef-{re.sub('[^A-Za-z0-9.-]', '-', name)}",
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        **more,
    }


def distribution_package(name: str, version: str) -> dict[str, object]:
    system = platform.freedesktop_os_release()["ID"]
    locator = f"pkg:deb/{system}/{name}@{urllib.parse.quote(version, safe='')}?arch=source"
    reference = {
        "referenceCategory": "PACKAGE-MANAGER",
        "referenceType": "purl",
        "referenceLocator": locator,
    }
    return package(
        name,
        version,
        supplier=f"Organization: {system.capitalize()}",
        primaryPackagePurpose="LIBRARY",
        externalRefs=[reference],
    )


def document(directory: pathlib.Path, version: str) -> dict[str, object]:
    digest = hashlib.sha256((directory / "revchain").read_bytes()).hexdigest()
    created = datetime.datetime.fromtimestamp(
        int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc
    )
    program = package(
        "revchain",
        version,
        primaryPackagePurpose="APPLICATION",
        checksums=[{"algorithm": "SHA256", "checksumValue": digest}],
    )
    linked = [distribution_package(*component) for component in components(directory)]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", program["SPDXID"])]
    relations += [(program["SPDXID"], "STATIC_LINK", item["SPDXID"]) for item in linked]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"revchain-{version}",
        "documentNamespace": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "creationInfo": {
            "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Organization: revchain", f"Tool: sbom.py-{version}"],
        },
        "packages": [program, *linked],
        "relationships": [
            {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
            for one, kind, other in relations
        ],
    }


if __name__ == "__main__":
    json.dump(document(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]), sys.stdout, indent=2)
    print()
