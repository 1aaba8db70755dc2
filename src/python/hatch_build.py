"""Puts the revchain program into the wheel, where $REVCHAIN_PROGRAM names one: `make wheel` does.

What lies beside it in a folder `licences`, those of all that is linked into it, goes along. Without it
the wheel has the module alone, and serves every system.
"""

from __future__ import annotations

import os
import struct
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MACHINES = {62: "x86_64", 183: "aarch64"}  # e_machine, elf(5)
PT_DYNAMIC, PT_INTERP, DT_NEEDED = 2, 3, 1


def machine(program: bytes) -> str:
    """Return the machine that a static ELF program is for, as the tags of wheels name it.

    Raises ValueError where it is no such program: a tag promises that it runs on systems older than
    the one it was built on, which only one that needs nothing of the system does.
    """
    if program[:6] != b"\x7fELF\x02\x01":
        raise ValueError("is no 64-bit little-endian ELF program")
    code = struct.unpack_from("<H", program, 18)[0]
    if code not in MACHINES:
        raise ValueError(f"is for a machine without a name here, number {code}")
    offset = struct.unpack_from("<Q", program, 32)[0]
    size, count = struct.unpack_from("<HH", program, 54)
    for header in range(offset, offset + size * count, size):
        kind, _, start, _, _, length = struct.unpack_from("<IIQQQQ", program, header)
        entries = program[start : start + length] if kind == PT_DYNAMIC else b""
        needed = any(tag == DT_NEEDED for tag, _ in struct.iter_unpack("<QQ", entries))
        if kind == PT_INTERP or needed:
            raise ValueError("needs shared libraries; docker/build-static makes one that does not")
    return MACHINES[code]


class ProgramHook(BuildHookInterface):
    """Called by hatchling for each wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        program = os.environ.get("REVCHAIN_PROGRAM")
        if not program:
            return
        with open(program, "rb") as file:
            try:
                name = machine(file.read())
            except ValueError as error:
                raise SystemExit(f"{program}: {error}") from None
        # a static program asks for no C library, neither glibc, which manylinux is about, nor musl
        platforms = (f"manylinux_2_17_{name}", f"manylinux2014_{name}", f"musllinux_1_1_{name}")
        scripts = f"revchain-{self.metadata.version}.data/scripts"
        information = f"revchain-{self.metadata.version}.dist-info"
        build_data["tag"] = f"py3-none-{'.'.join(platforms)}"
        build_data["pure_python"] = False
        build_data["force_include"][program] = f"{scripts}/revchain"
        licences = os.path.join(os.path.dirname(program), "licences")
        if os.path.isdir(licences):
            build_data["force_include"][licences] = f"{information}/licenses"
