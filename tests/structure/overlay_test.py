#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The overlay script itself: overlay_test.py SCRIPT TREE

It applies to the Boost at hand, leaves that alone, repeats itself exactly, and refuses a Boost in
which any of its patterns is missing or doubled, writing nothing.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TOUCHED = [
    "libs/fiber/src/context.cpp",
    "libs/fiber/src/scheduler.cpp",
    "include/boost/fiber/context.hpp",
    "include/boost/fiber/scheduler.hpp",
    "include/boost/fiber/algo/algorithm.hpp",
    "include/boost/fiber/detail/fss.hpp",
    "include/boost/fiber/detail/spinlock_ttas.hpp",
    "include/boost/fiber/future/detail/shared_state.hpp",
    "include/boost/context/fiber_fcontext.hpp",
]
# File: lines that must be there as often as the script expects.
MARKS = {
    "libs/fiber/src/context.cpp": [
        "// schwarz counter",
        "thread_local static context_initializer",
        "#include <new>",
    ],
    "include/boost/fiber/context.hpp": ["fetch_sub( 1, std::memory_order_release)"],
    "include/boost/fiber/detail/fss.hpp": ["fetch_sub( 1, std::memory_order_release)"],
    "include/boost/fiber/detail/spinlock_ttas.hpp": [
        "static thread_local std::minstd_rand",
        "distribution( generator)",
    ],
}


def read(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def main():
    script, boost = sys.argv[1:]
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        tree = place / "tree"
        for path in TOUCHED:
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(pathlib.Path(boost) / path, tree / path)
        before = read(tree)

        def apply(out):
            command = [sys.executable, script, tree, out]
            return subprocess.run(command, capture_output=True, text=True)

        done = apply(place / "first")
        assert done.returncode == 0, done.stderr
        first = read(place / "first")
        assert read(tree) == before, "the tree was changed"
        assert apply(place / "second").returncode == 0
        assert read(place / "second") == first, "not repeatable"

        context = first["src/context.cpp"]
        assert "context_initializer" not in context, "something still plants schedulers in threads"
        assert context.count("thread_local") == 1, "one thread-local is meant to be left"
        lock = first["include/boost/fiber/detail/spinlock_ttas.hpp"]
        assert not re.search(r"\bthread_local\b", lock), "a lock still has a thread-local"

        for path, marks in MARKS.items():
            whole = (tree / path).read_text()
            for mark in marks:
                line = next(line for line in whole.splitlines(keepends=True) if mark in line)
                for what, times in ("missing", 0), ("trebled", 3):
                    text = whole.replace(line, line * times)
                    (tree / path).write_text(text)
                    refused = apply(place / "refused")
                    assert refused.returncode != 0, f"{path}: {mark!r} {what} and nobody noticed"
                    assert path in refused.stderr, refused.stderr
                    assert not (place / "refused").exists(), "a mismatch, and still it wrote"
            (tree / path).write_text(whole)
    print("the overlays fit, and a Boost that they do not fit is refused")


if __name__ == "__main__":
    main()
