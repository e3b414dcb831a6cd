#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The programs that are compared run, small, and print figures that make sense: smoke.py FOLDER

How large a figure is, is nobody's business here.
"""

import json
import math
import pathlib
import subprocess
import sys

RUNS = {
    "meet n=2 r=3": {"ns_per_arrival", "cpu_ns_per_arrival", "parked_bytes"},
    "meet n=7 r=2 workers=2 deadline=1": {"ns_per_arrival", "cpu_ns_per_arrival"},
    "meet n=50 r=2 shuffle=1": {"ns_per_arrival"},
    "wake n=3": {"p10_ns", "p50_ns", "p99_ns", "cpu_ns"},
    "wake n=3 busy=1": {"p50_ns"},
    "wake n=10 mode=flood": {"ns_per_completion", "cpu_ns"},
    "parked n=10 gens=2": {"parked_bytes", "virtual_bytes", "create_ns", "resume_destroy_ns"},
    "records n=5 r=3 batch=2": {"ns_per_arrival", "parked_bytes"},
}


def check(folder: pathlib.Path, command: str, keys: set[str]) -> None:
    program, *arguments = command.split()
    done = subprocess.run(
        [folder / program, *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines, f"{command}: printed nothing"
    assert {"bench", "lang", "impl", "n"} <= lines[0].keys(), lines[0]
    assert keys <= lines[0].keys(), f"{command}: {keys - lines[0].keys()} missing"
    assert all(math.isfinite(lines[0][key]) for key in keys), lines[0]


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    for command, keys in RUNS.items():
        if (folder / command.split()[0]).exists() or not command.startswith("records"):
            check(folder, command, keys)
    print("every program prints its figures")


if __name__ == "__main__":
    main()
