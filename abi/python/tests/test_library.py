# SPDX-License-Identifier: BSL-1.0
"""Where the library is found, and what is refused."""

from __future__ import annotations

import shutil
import subprocess
import unittest

import weir

from .support import COMPILER, LIBRARY, OUT, ROOT, python

SAY = "import weir; print(weir.version())"


def built(name: str, source: str) -> str:
    """A small library with that C source."""
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.c").write_text(source)
    made = OUT / f"{name}.so"
    command = [str(COMPILER), "-shared", "-fPIC", str(OUT / f"{name}.c"), "-o", str(made)]
    subprocess.run(command, check=True, timeout=60)
    return str(made)


class Found(unittest.TestCase):
    def test_by_folder_and_by_file(self) -> None:
        for told in (LIBRARY, LIBRARY / "libweir.so"):
            said = python("-c", SAY, WEIR_LIB=str(told))
            self.assertEqual((said.stdout.strip(), said.stderr), (weir.version(), ""))

    def test_by_the_systems_loader(self) -> None:
        said = python("-c", SAY, WEIR_LIB=None, LD_LIBRARY_PATH=str(LIBRARY))
        self.assertEqual((said.stdout.strip(), said.stderr), (weir.version(), ""))

    def test_inside_the_package_first(self) -> None:
        package = OUT / "inside" / "weir"
        shutil.rmtree(package, ignore_errors=True)
        shutil.copytree(ROOT / "weir", package)
        shutil.copy(LIBRARY / "libweir.so", package / "libweir.so.1")
        said = python("-c", SAY, WEIR_LIB="/nowhere", LD_LIBRARY_PATH="", PYTHONPATH=str(package.parent))
        self.assertEqual((said.stdout.strip(), said.stderr), (weir.version(), ""))

    def test_nowhere(self) -> None:
        said = python("-c", SAY, WEIR_LIB=None, LD_LIBRARY_PATH="")
        self.assertIn("libweir.so was not found inside the package, by WEIR_LIB or by the system's loader", said.stderr)

    @unittest.skipUnless(COMPILER, "there is no C compiler here")
    def test_another_major_is_refused(self) -> None:
        other = built("major", "unsigned weir_abi_version(void) { return 2u << 16 | 3; }")
        said = python("-c", SAY, WEIR_LIB=other)
        self.assertIn(f"{other} speaks ABI 2.3; this package needs 1.0 or a later 1.x", said.stderr)

    @unittest.skipUnless(COMPILER, "there is no C compiler here")
    def test_what_is_no_libweir_is_refused(self) -> None:
        other = built("other", "int nothing;")
        self.assertIn(f"{other} is not libweir", python("-c", SAY, WEIR_LIB=other).stderr)
        half = built("half", "unsigned weir_abi_version(void) { return 1u << 16; }")
        self.assertIn(f"{half} has no weir_version", python("-c", SAY, WEIR_LIB=half).stderr)


class Names(unittest.TestCase):
    def test_they_are_the_librarys(self) -> None:
        self.assertEqual(weir.abi_version(), (1, 0))
        self.assertEqual(str(weir.Status.STALE), "WEIR_E_STALE")
        self.assertEqual(f"{weir.Outcome.TIMED_OUT}", "timed_out")
        self.assertEqual(f"{weir.Reason.TIMED_OUT:>8}", " timeout")
        self.assertEqual(str(weir.EventKind.BARRIER_RELEASED), "barrier.released")
        self.assertTrue(weir.Status.BUSY.text)
        for kind in weir.EventKind:
            self.assertNotEqual(str(kind), "unknown")

    def test_a_number_of_a_later_library_is_no_error(self) -> None:
        later = weir.EventKind(4000)
        self.assertEqual((later.name, later.value, str(later)), ("UNKNOWN_4000", 4000, "unknown"))
        with self.assertRaises(ValueError):
            weir.EventKind("barrier.released")  # type: ignore[arg-type]
