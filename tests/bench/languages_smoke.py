#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""One scenario in each language runs, small, through `compare`'s own parts:
languages_smoke.py LANES LIBRARY OUT

Times are nobody's business here; threads are: while lanes wait, the library has those of its runtime
and one for a queue at most, whatever the language.
"""

import json
import math
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
from comparison import languages, questions  # noqa: E402
from comparison.bindings import Bindings  # noqa: E402

FIGURES = {"ns_per_arrival", "cpu_ns_per_arrival", "parked_bytes", "threads", "library_threads"}


def main() -> None:
    lanes, library, out = sys.argv[1:]
    bindings = Bindings(pathlib.Path(library), pathlib.Path(out))
    bindings.build()
    programs = {**bindings.commands, "weir C": [lanes]}
    rows = []
    for each in questions.languages(16):
        if each.program in programs:
            arguments = [*each.arguments.split()[:-1], "r=3"]
            done = subprocess.run([*programs[each.program], *arguments], capture_output=True,
                                  text=True, timeout=100, env=bindings.environment())
            assert done.returncode == 0, f"{each}: {done.stderr}"
            rows += [check(json.loads(line)) for line in done.stdout.splitlines()]
    print(languages.table(rows))
    for name, why in bindings.left_out.items():
        print(f"left out: {name}: {why}")
    if shorter := {row["lang"] for row in rows} ^ {"c", "c++", "go", "rust", "python"}:
        assert len(shorter) == len(bindings.left_out), shorter


def check(row: dict) -> dict:
    assert FIGURES <= row.keys(), row
    assert all(math.isfinite(row[figure]) for figure in FIGURES), row
    most = 2 if row["impl"].startswith("weir ") else 0  # one worker
    assert row["library_threads"] <= most, row
    return row


if __name__ == "__main__":
    main()
