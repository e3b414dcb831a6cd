#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""A spin lock costs no thread-local storage and a small frame (overlay A): lock.py OBJECT"""

import pathlib
import re
import subprocess
import sys

FRAME = 512  # bytes; stock, it is over 5,000: a second page for every parked fiber


def main():
    obj = pathlib.Path(sys.argv[1])
    symbols = subprocess.run(
        ["readelf", "-sW", obj], capture_output=True, text=True, check=True
    ).stdout
    wrong = []
    if re.search(r"\bTLS\b|__tls_get_addr|__tls_guard", symbols):
        wrong.append("lock() touches thread-local storage")
    if "random_device" in symbols:
        wrong.append("lock() makes a random device")
    usage = obj.with_suffix(".su")
    if not usage.exists():
        usage = obj.with_name(obj.name.removesuffix(".o") + ".su")
    frames = [int(line.split("\t")[1]) for line in usage.read_text().splitlines()]
    if not frames or max(frames) > FRAME:
        wrong.append(f"frames of {frames} bytes; at most {FRAME} are allowed")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"lock(): no thread-local, largest frame {max(frames)} bytes")


if __name__ == "__main__":
    main()
