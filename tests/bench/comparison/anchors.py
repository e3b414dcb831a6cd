# SPDX-License-Identifier: BSL-1.0
"""Builds the programs of others out of their tree; what cannot be built is left out, and why."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable

BOOST_SOURCES = (
    "fiber/src/{algo/algorithm,algo/round_robin,algo/shared_work,algo/work_stealing,barrier,"
    "condition_variable,context,fiber,future,mutex,properties,recursive_mutex,"
    "recursive_timed_mutex,scheduler,timed_mutex,waker}.cpp"
)


class Missing(Exception):
    """Why something is left out."""


class Anchors:
    """The programs of the folder `source`, built below `out`; `boosts` may hold Boost's sources."""

    def __init__(self, source: Path, out: Path, boosts: Path) -> None:
        self.source, self.out, self.boosts = source.resolve(), out.resolve(), boosts.resolve()
        self.commands: dict[str, list[str]] = {}
        self.versions: dict[str, str] = {}
        self.left_out: dict[str, str] = {}

    def build(self) -> None:
        if not self.source.is_dir():
            self.left_out["everything"] = "WEIR_ANCHORS names no folder with anchors"
            return
        self.out.mkdir(parents=True, exist_ok=True)
        parts: dict[str, Callable[[], None]] = {
            "Boost.Fiber": self._boost, "OS threads": self._threads, "Go": self._go,
            "tokio": self._tokio, "asyncio": self._asyncio, "Java": self._java,
        }
        for name, part in parts.items():
            print(f"building: {name}", file=sys.stderr)
            try:
                part()
            except Missing as why:
                self.left_out[name] = str(why)

    # Each of these fills `commands` and `versions`, or raises Missing.

    def _boost(self) -> None:
        self._need("make", "g++")
        programs = ["barrier", "parkresume", "parkmem"]
        try:  # linked in and without assertions: measured a third faster than Debian's library
            include, libraries = self._boost_from_source()
            self._make("boost-static", programs, include, f"{libraries} -pthread")
            self.versions["Boost"] = self._boost_version(include) + ", from source"
        except Missing:
            self._make("boost", programs, [], "-lboost_fiber -lboost_context -pthread")
            self.versions["Boost"] = self._boost_version([])

    def _threads(self) -> None:
        self._need("make", "g++")
        self._make("threads", ["threads"], [], "-pthread")
        self.versions["g++"] = self._run(["g++", "-dumpfullversion"]).strip()

    def _go(self) -> None:
        self._need("go")
        program = self.out / "go" / "anchors"
        here = {"GOCACHE": str(self.out / "gocache")}
        self._run(["go", "build", "-o", str(program), "."], self.source / "go", here)
        self.commands["go"] = [str(program)]
        self.versions["Go"] = self._run(["go", "env", "GOVERSION"]).strip()

    def _tokio(self) -> None:
        self._need("cargo", "gcc")
        if not (self.source / "rust").is_dir():
            raise Missing("no folder rust")
        crate = self.out / "rust"  # cargo writes its lock file beside the manifest
        shutil.rmtree(crate, ignore_errors=True)
        shutil.copytree(self.source / "rust", crate, ignore=shutil.ignore_patterns(".cargo"))
        library = self.out / "ffi"
        library.mkdir(exist_ok=True)
        self._run(["gcc", "-O2", "-fPIC", "-shared", str(self.source / "ffi/trivial.c"),
                   "-o", str(library / "libtrivial.so")])
        flags = {"RUSTFLAGS": f"-L {library} -C link-arg=-Wl,-rpath,{library}",
                 "CARGO_TARGET_DIR": str(self.out / "target")}
        self._cargo(["cargo", "build", "-q", "--release"], crate, flags)
        self.commands["tokio"] = [str(self.out / "target/release/anchors")]
        lock = (crate / "Cargo.lock").read_text()
        found = re.search(r'name = "tokio"\nversion = "([^"]+)"', lock)
        self.versions["tokio"] = found[1] if found else "unknown"

    def _asyncio(self) -> None:
        if sys.version_info < (3, 11):
            raise Missing("asyncio has barriers since Python 3.11")
        self.commands["asyncio"] = [sys.executable, "-B", str(self.source / "python/anchors.py")]
        self.versions["Python"] = sys.version.split()[0]

    def _java(self) -> None:
        self._need("java", "javac")
        classes = self.out / "java"
        self._run(["javac", "-d", str(classes), str(self.source / "java/Bench.java")])
        self.commands["java"] = ["java", "-Xss256k", "-cp", str(classes), "Bench"]
        self.versions["Java"] = self._run(["javac", "-version"]).split()[-1]

    def _cargo(self, command: list[str], crate: Path, flags: dict[str, str]) -> None:
        """As configured, without a network if that will do; or from Debian's librust-*-dev."""
        debian = ["--offline", "--config", "source.crates-io.replace-with='debian'",
                  "--config", "source.debian.directory='/usr/share/cargo/registry'"]
        reasons = []
        for way in (["--offline"], [], debian):
            try:
                self._run([*command, *way], crate, flags)
                return
            except Missing as why:
                reasons.append(why)
        raise Missing(f"{reasons[1]} (or Debian's librust-tokio-dev)")

    def _make(self, folder: str, programs: list[str], include: list[str], libraries: str) -> None:
        place = self.out / folder
        flags = " ".join(["-O2 -DNDEBUG -std=c++20", *include])
        self._run(["make", "-s", "-C", str(self.source / "cpp"), f"BINDIR={place}",
                   f"CXXFLAGS={flags}", f"BOOST={libraries}",
                   *(str(place / program) for program in programs)])
        for program in programs:
            self.commands[program] = [str(place / program)]

    def _boost_from_source(self) -> tuple[list[str], str]:
        """Flags for the Boost that Weir itself is built from, as it came; libraries of it."""
        trees = sorted(self.boosts.glob("boost-*/include"))
        if not trees:
            raise Missing("no sources of Boost")
        tree = trees[-1].parent
        library = self.out / "libboost.a"
        include = [f"-isystem {tree / 'include'}", "-DBOOST_ALL_NO_LIB",
                   "-DBOOST_FIBERS_STATIC_LINK", "-DBOOST_CONTEXT_STATIC_LINK"]
        abi = {"x86_64": "x86_64_sysv", "aarch64": "arm64_aapcs"}.get(os.uname().machine)
        script = f"""set -e; shopt -s nullglob; rm -rf boost.o {library}; mkdir boost.o; cd boost.o
            n=0; for s in {tree}/libs/{BOOST_SOURCES} {tree}/libs/context/src/fcontext.cpp \
                {tree}/libs/context/src/posix/stack_traits.cpp \
                {tree}/libs/context/src/asm/{{jump,make,ontop}}_{abi}_elf_gas.S
            do [ -f $s ] && g++ -c -O2 -DNDEBUG -std=c++20 -w -DBOOST_FIBERS_SOURCE \
                -DBOOST_CONTEXT_SOURCE {' '.join(include)} $s -o $((n += 1)).o
            done; ar rcs {library} *.o"""
        if not library.exists():
            self._run(["bash", "-c", script], self.out)
        return include, str(library)

    def _boost_version(self, include: list[str]) -> str:
        probe = "echo '#include <boost/version.hpp>' | g++ -E -dM -x c++ - " + " ".join(include)
        found = re.search(r'BOOST_LIB_VERSION "([^"]+)"', self._run(["sh", "-c", probe]))
        return found[1].replace("_", ".") if found else "unknown"

    @staticmethod
    def _need(*tools: str) -> None:
        missing = [tool for tool in tools if not shutil.which(tool)]
        if missing:
            raise Missing(f"no {' and no '.join(missing)}")

    @staticmethod
    def _run(command: list[str], place: Path | None = None,
             environment: dict[str, str] | None = None) -> str:
        try:
            done = subprocess.run(command, cwd=place, env={**os.environ, **(environment or {})},
                                  capture_output=True, text=True, timeout=900, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Missing(f"{command[0]}: {error}") from error
        if done.returncode != 0:
            said = [line.strip() for line in done.stderr.splitlines() if line.strip()] or ["failed"]
            first = next((line for line in said if "error" in line), said[0])
            raise Missing(f"{command[0]}: {first[:200]}, {said[-1][:200]}")
        return done.stdout or done.stderr
