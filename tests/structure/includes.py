#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Includes point one way: includes.py ROOT

Reads every #include line of the rooms and refuses an edge that the design does not have, a relative
path, a file that is not there, and a library named outside the one folder that may name it.
"""

import pathlib
import re
import sys

PLAN, EXPRESSIONS = "adapters/plan", "adapters/expressions"
HARNESS, CHECK, RUN = "adapters/harness", "adapters/check", "adapters/run"
DIALECTS = "adapters/dialects"

# Room: the rooms that it may include beside itself. "weir" is the public header, "abi" the lists
# beside it.
ROOMS = {
    "fibers": set(),
    PLAN: set(),
    EXPRESSIONS: {PLAN},
    HARNESS: {PLAN, EXPRESSIONS},
    DIALECTS: {PLAN, EXPRESSIONS, HARNESS},
    CHECK: {PLAN, EXPRESSIONS},
    RUN: {PLAN, EXPRESSIONS, CHECK, "fibers"},
    "plugin": {"fibers", PLAN, EXPRESSIONS, HARNESS, DIALECTS, CHECK, RUN, "weir", "abi"},
    "abi": {"weir"},
    "abi/cpp": {"weir"},
    "abi/cpp/examples": {"weir"},
    "examples": {"weir"},
}

# Library: what its headers are called, and the rooms that may name them.
LIBRARIES = {
    "Boost": (r"boost/", {"fibers"}),
    "nlohmann_json": (r"nlohmann/", {PLAN, "abi/cpp/examples"}),
    "spdlog": (r"spdlog/|fmt/", {"plugin"}),
    "libyaml": (r"yaml\.h$", {HARNESS}),
    "CLI11": (r"CLI/", {"examples"}),
}

HEADER_OF_THE_ABI = "abi/include/weir/weir.h"
INCLUDE = re.compile(r'^[ \t]*#[ \t]*(?:include|include_next|import)[ \t]*([<"])([^>"]+)[>"]')
SUFFIXES = {".c", ".h", ".cpp", ".hpp", ".cc", ".hh", ".cxx", ".hxx", ".ipp", ".inl", ".def"}


def room_of(path):
    """The room that a path from the root lies in, or None."""
    inside = [room for room in ROOMS if path == room or path.startswith(room + "/")]
    return max(inside, key=len, default=None)


def check_line(path, line, exists=lambda path: True):
    """What is wrong with one line of the file at `path`, or None."""
    found = INCLUDE.match(line)
    if not found:
        return None
    quoted, target = found[1] == '"', found[2]
    room = room_of(path)
    if room is None:
        return "lies in no room"
    if ".." in target.split("/") or target.startswith(("/", "./")):
        return f"{target}: a relative or absolute path"
    for library, (pattern, homes) in LIBRARIES.items():
        if re.match(pattern, target):
            named = " and ".join(sorted(homes))
            return None if room in homes else f"{target}: {library} is named in {named} only"
    if path == HEADER_OF_THE_ABI and target not in ("stdint.h", "stddef.h"):
        return f"{target}: weir.h includes <stdint.h> and <stddef.h> only"
    if target == "weir/weir.h":
        return None if "weir" in ROOMS[room] else f"{target}: {room} does not speak the ABI"
    if target.startswith("adapters/") and room_of(target) is None:
        return f"{target}: no such room"
    into = room_of(target)
    if into is None:
        return f"{target}: not written from the root" if quoted else None
    if not quoted:
        return f"{target}: our own headers are included with quotes"
    if into != room and into not in ROOMS[room]:
        return f"{target}: {room} must not include {into}"
    if not exists(target):
        return f"{target}: no such file"
    return None


def main():
    root = pathlib.Path(sys.argv[1])
    wrong, lines, files = [], 0, 0
    for top in sorted({room.split("/")[0] for room in ROOMS}):
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in SUFFIXES or not file.is_file():
                continue
            path = file.relative_to(root).as_posix()
            files += 1
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                lines += INCLUDE.match(line) is not None
                problem = check_line(path, line, lambda target: (root / target).is_file())
                if problem:
                    wrong.append(f"{path}:{number}: {problem}")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{lines} includes in {files} files point the right way")


if __name__ == "__main__":
    main()
