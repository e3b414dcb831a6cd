#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""libweir.so exports its functions and nothing else: exports.py LIBRARY LIST portable|system

LIST is functions.def. Also: what it needs at run time, how much static thread-local storage it
takes, that it is hardened, and that nothing in it is a process-wide unique symbol.
"""

import re
import subprocess
import sys

NODE = "WEIR_1.0"
SONAME = "libweir.so.1"
ALWAYS = {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
SYSTEM = {"libstdc++.so.6", "libgcc_s.so.1"}
TLS = 128  # bytes: it comes out of the little that the loader keeps for late libraries


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def check(symbols, dynamic, headers, functions, portable):
    """Texts of nm -D --with-symbol-versions, readelf -d and readelf -lW; returns what is wrong."""
    wrong = []
    exported = set()
    for line in symbols.splitlines():
        kind, name = line.split()[-2:]
        if kind in "uV":
            wrong.append(f"{name} is unique or weak in the whole process")
        if kind == "A" and name.split("@")[0] == NODE:
            continue
        if not name.endswith(f"@@{NODE}"):
            wrong.append(f"{name} is exported without the version {NODE}")
        exported.add(name.split("@")[0])
    for name in sorted(exported - functions):
        wrong.append(f"{name} is exported but not in functions.def")
    for name in sorted(functions - exported):
        wrong.append(f"{name} is in functions.def but not exported")

    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic))
    for name in sorted(needed - ALWAYS - (set() if portable else SYSTEM)):
        wrong.append(f"{name} is needed at run time")
    if f"[{SONAME}]" not in dynamic:
        wrong.append(f"the soname is not {SONAME}")
    for flag in ("NODELETE", "NOW"):
        if not re.search(rf"\b{flag}\b", dynamic):
            wrong.append(f"not linked with -z {flag.lower()}")
    if re.search(r"\(TEXTREL\)|\(RPATH\)|\(RUNPATH\)", dynamic):
        wrong.append("has text relocations or a run path")

    if "GNU_RELRO" not in headers:
        wrong.append("not linked with -z relro")
    stack = re.search(r"GNU_STACK.*", headers)
    if stack is None or "RWE" in stack[0]:
        wrong.append("wants an executable stack")
    tls = re.search(r"^\s*TLS\s+\S+\s+\S+\s+\S+\s+\S+\s+(0x[0-9a-f]+)", headers, re.M)
    size = int(tls[1], 16) if tls else 0
    if size > TLS:
        wrong.append(f"takes {size} bytes of static TLS; at most {TLS} are allowed")
    return wrong, needed, size


def main():
    library, listed, kind = sys.argv[1:]
    with open(listed, encoding="utf-8") as lines:
        functions = set(re.findall(r"(?m)^WEIR_FUNCTION\((\w+),", lines.read()))
    wrong, needed, size = check(
        run("nm", "-D", "--defined-only", "--with-symbol-versions", library),
        run("readelf", "-dW", library),
        run("readelf", "-lW", library),
        functions,
        kind == "portable",
    )
    if not functions:
        wrong.append(f"{listed} lists no function")
    if wrong:
        sys.exit("\n".join(wrong))
    needs = ", ".join(sorted(needed))
    print(f"{len(functions)} functions; needs {needs}; {size} bytes of static TLS")


if __name__ == "__main__":
    main()
