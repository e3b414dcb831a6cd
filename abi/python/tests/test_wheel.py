# SPDX-License-Identifier: BSL-1.0
"""The wheel: what is in it, and that pip installs it where there is nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import unittest
import zipfile
from pathlib import Path

import weir

from .support import LIBRARY, OUT, ROOT, SCENARIO, python

try:
    import ensurepip
    import venv  # noqa: F401
except ImportError:
    ensurepip = None  # type: ignore[assignment]


def wheel(*arguments: str) -> Path:
    said = python(str(ROOT / "wheel"), *arguments)
    if said.returncode:
        raise AssertionError(said.stderr)
    return Path(said.stdout.strip())


class Wheel(unittest.TestCase):
    def test_the_same_input_makes_the_same_bytes(self) -> None:
        first = wheel(str(LIBRARY), str(OUT / "wheel")).read_bytes()
        self.assertEqual(wheel(str(LIBRARY / "libweir.so"), str(OUT / "wheel")).read_bytes(), first)

    def test_it_says_for_which_platform_it_is(self) -> None:
        made = wheel(str(LIBRARY), str(OUT / "wheel"))
        self.assertRegex(made.name, r"^weir-[\d.]+-py3-none-\w+\.whl$")
        self.assertNotIn("any", made.name)
        with zipfile.ZipFile(made) as archive:
            self.assertIsNone(archive.testzip())
            names = archive.namelist()
            self.assertEqual(archive.read("weir/libweir.so.1"), (LIBRARY / "libweir.so").read_bytes())
        for name in ("weir/__init__.py", "weir/py.typed", f"weir-{weir.version()}.dist-info/LICENSE"):
            self.assertIn(name, names)

    def test_a_folder_without_the_library_is_refused(self) -> None:
        said = python(str(ROOT / "wheel"), str(SCENARIO), str(OUT / "wheel"))
        self.assertIn("no libweir.so there", said.stderr)

    @unittest.skipUnless(ensurepip, "this Python has no venv")
    def test_pip_installs_it_offline_and_it_carries_the_library(self) -> None:
        made = wheel(str(LIBRARY), str(OUT / "wheel"))
        fresh = OUT / "venv"
        shutil.rmtree(fresh, ignore_errors=True)
        run(sys.executable, "-m", "venv", str(fresh))
        run(str(fresh / "bin" / "pip"), "install", "--quiet", "--no-index", str(made))
        said = run(str(fresh / "bin" / "python"), "-c", "import weir; print(weir.version(), weir.__file__)")
        self.assertEqual(said.split()[0], weir.version())
        self.assertIn(str(fresh), said)
        trace = run(str(fresh / "bin" / "python"), str(ROOT / "examples" / "host.py"), str(SCENARIO))
        self.assertEqual(trace, (SCENARIO / "trace.txt").read_text())


def run(*command: str) -> str:
    """Without anything of this test's environment that could find the package or the library."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(OUT), "PYTHONDONTWRITEBYTECODE": "1"}
    made = subprocess.run(command, env=environment, cwd=OUT, capture_output=True, timeout=120)
    if made.returncode:
        raise AssertionError(made.stderr.decode())
    return made.stdout.decode()
