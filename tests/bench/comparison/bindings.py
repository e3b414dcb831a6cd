# SPDX-License-Identifier: BSL-1.0
"""Builds the benches of the bindings against a library; what cannot be built is left out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable

from .anchors import Missing

ROOT = Path(__file__).resolve().parents[3]


class Bindings:
    """One program for each language, built below `out`, of the library in the folder `library`."""

    def __init__(self, library: Path, out: Path) -> None:
        self.library, self.out = library.resolve(), out.resolve()
        self.commands: dict[str, list[str]] = {}
        self.left_out: dict[str, str] = {}
        self._flags = {"WEIR_LIB": str(self.library), "WEIR_INCLUDE": str(ROOT / "abi/include")}

    def build(self) -> None:
        self.out.mkdir(parents=True, exist_ok=True)
        parts: dict[str, Callable[[], None]] = {
            "C++": self._cpp, "Go": self._go, "Rust": self._rust, "Python": self._python,
        }
        for name, part in parts.items():
            print(f"building: Weir for {name}", file=sys.stderr)
            try:
                part()
            except Missing as why:
                self.left_out[f"Weir for {name}"] = str(why)

    def environment(self) -> dict[str, str]:
        """What the programs need to find the library."""
        paths = [str(self.library), *filter(None, [os.environ.get("LD_LIBRARY_PATH")])]
        return {**os.environ, "LD_LIBRARY_PATH": ":".join(paths), "WEIR_LIB": str(self.library),
                "PYTHONPATH": str(ROOT / "abi/python"), "PYTHONDONTWRITEBYTECODE": "1"}

    def _cpp(self) -> None:
        compiler, program = os.environ.get("CXX", "c++"), self.out / "cpp"
        self._run([compiler, "-std=c++17", "-O2", f"-I{ROOT}", f"-I{ROOT / 'abi/cpp/include'}",
                   f"-I{ROOT / 'abi/include'}", str(ROOT / "abi/cpp/bench/bench.cpp"), "-o",
                   str(program), f"-L{self.library}", "-lweir", "-pthread"])
        self.commands["weir C++"] = [str(program)]

    def _go(self) -> None:
        program = self.out / "go"
        header = (ROOT / "abi/include/weir/weir.h").stat().st_mtime_ns
        self._run(["go", "build", "-o", str(program), "./bench"], ROOT / "abi/go", {
            "CGO_ENABLED": "1", "CGO_LDFLAGS": f"-L{self.library}",
            "CGO_CFLAGS": f"-O2 -I{ROOT / 'abi/include'} -DWEIR_HEADER_SUM={header}",
            "GOCACHE": str(self.out / "gocache"), "GOPROXY": "off", "GOTOOLCHAIN": "local",
            "GOFLAGS": "-mod=mod"})
        self.commands["weir Go"] = [str(program)]

    def _rust(self) -> None:
        crate, target = self.out / "rust", self.out / "target"
        shutil.rmtree(crate, ignore_errors=True)  # cargo writes its lock file beside the manifest
        shutil.copytree(ROOT / "abi/rust", crate)
        manifest = crate / "weir/Cargo.toml"  # measured without tokio, which need not be there
        lines = manifest.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line.replace('["dep:tokio"]', "[]") for line in lines
                if not line.startswith("tokio = {")]
        manifest.write_text("".join(kept), encoding="utf-8")
        self._run(["cargo", "build", "-q", "--release", "--offline", "-p", "weir", "--example",
                   "bench"], crate, {"CARGO_TARGET_DIR": str(target)})
        self.commands["weir Rust"] = [str(target / "release/examples/bench")]

    def _python(self) -> None:
        if sys.version_info < (3, 9):
            raise Missing("no Python 3.9 or later")
        self.commands["weir Python"] = [sys.executable, str(ROOT / "abi/python/bench/arrive.py")]

    def _run(self, command: list[str], place: Path | None = None,
             environment: dict[str, str] | None = None) -> None:
        if not shutil.which(command[0]):
            raise Missing(f"no {command[0]}")
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=900,
                              check=False, env={**self.environment(), **self._flags,
                                                **(environment or {})})
        if done.returncode != 0:
            said = [line for line in done.stderr.splitlines() if line.strip()] or ["failed"]
            first = next((line for line in said if "error" in line), said[0])
            raise Missing(f"{command[0]}: {first[:200]}")
