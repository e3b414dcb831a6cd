# SPDX-License-Identifier: BSL-1.0
"""The example host carries out the scenario, and says what every binding's does."""

from __future__ import annotations

import unittest

from .support import ROOT, SCENARIO, python

HOST = str(ROOT / "examples" / "host.py")


class Scenario(unittest.TestCase):
    def test_the_trace_is_the_same_byte_for_byte(self) -> None:
        said = python("-X", "dev", HOST, str(SCENARIO))
        self.assertEqual((said.stderr, said.returncode), ("", 0))
        self.assertEqual(said.stdout, (SCENARIO / "trace.txt").read_text())
