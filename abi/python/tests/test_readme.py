# SPDX-License-Identifier: BSL-1.0
"""What the README shows is run as it stands there."""

from __future__ import annotations

import re
import unittest

from .support import ROOT, python

EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
BUILT = "goes on with ['weir-linux.tar.gz', 'weir-mac.tar.gz']"


class Readme(unittest.TestCase):
    def test_every_example_does_what_it_says(self) -> None:
        says = [
            f"linux {BUILT}\nmac {BUILT}\n",
            "one/hi says good morning\nsucceeded\n",
            "",
            "barrier.released 0 None\nbarrier.done 0 succeeded\nbarrier.done 1 succeeded\n",
        ]
        self.assertEqual(len(EXAMPLES), len(says))
        for example, expected in zip(EXAMPLES, says):
            said = python("-X", "dev", "-c", example)
            self.assertEqual((said.stdout, said.stderr), (expected, ""))
