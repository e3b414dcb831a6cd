# SPDX-License-Identifier: BSL-1.0
"""Documents and loops, read and checked."""

from __future__ import annotations

import json
import unittest

import weir

from .support import ONE_STEP, SCENARIO


class Plans(unittest.TestCase):
    def test_it_is_described_in_every_format(self) -> None:
        with weir.Plan.read(SCENARIO / "pipeline.yaml") as plan:
            self.assertEqual(plan.diagnostics, [])
            self.assertIn("pipeline scenario", plan.describe())
            self.assertIn("digraph", plan.describe(weir.Format.DOT))
            self.assertIn("flowchart", plan.describe(weir.Format.MERMAID))
            self.assertIsInstance(json.loads(plan.describe(weir.Format.JSON)), dict)

    def test_a_document_that_is_refused_says_why_and_where(self) -> None:
        with self.assertRaises(weir.DocumentError) as refused:
            weir.Plan(ONE_STEP.replace("type: Task", "typ: Task"), file="one.yaml")
        (first, *_) = refused.exception.diagnostics
        self.assertEqual((first["severity"], first["file"]), ("error", "one.yaml"))
        self.assertGreater(first["line"], 1)
        self.assertTrue(str(refused.exception))
        self.assertIsInstance(refused.exception, ValueError)

    def test_variables_are_a_json_object(self) -> None:
        with self.assertRaises(weir.DocumentError):
            weir.Plan(ONE_STEP, variables={"nobody": "asked"})

    def test_text_and_bytes(self) -> None:
        with weir.Plan(ONE_STEP) as text, weir.Plan(ONE_STEP.encode()) as data:
            self.assertEqual(text.describe(), data.describe())
        self.assertRaises(weir.Error, weir.Plan, b"\xff\xfe")

    def test_closed_twice_and_used_afterwards(self) -> None:
        plan = weir.Plan(ONE_STEP)
        plan.close()
        self.assertRaises(weir.StaleError, plan.close)
        self.assertRaises(weir.StaleError, plan.describe)
        with self.assertWarns(ResourceWarning):
            weir.Plan(ONE_STEP)


class Loops(unittest.TestCase):
    def test_a_matrix(self) -> None:
        strategy = {"matrix": {"os": ["linux", "mac"], "arch": ["x", "y"], "maxConcurrency": 3}}
        with weir.Loop(strategy) as loop:
            self.assertEqual((loop.count, loop.concurrency), (4, 3))
            instances = list(loop)
            self.assertEqual(list(loop), [])
        self.assertEqual([one.index for one in instances], [0, 1, 2, 3])
        self.assertEqual(len({one.suffix for one in instances}), 4)
        self.assertIn({"os": "mac", "arch": "x"}, [one.values for one in instances])

    def test_yaml_and_many_instances(self) -> None:
        with weir.Loop("parallelism: 1000") as loop:
            self.assertEqual([one.index for one in loop], list(range(1000)))

    def test_refusals(self) -> None:
        self.assertRaises(weir.DocumentError, weir.Loop, "matrix: 7")
        with weir.Loop({"withSequence": {"start": 2, "end": 1}}, dialect="argo") as loop:
            self.assertEqual([one.values for one in loop], [{"item": "2"}, {"item": "1"}])
            self.assertEqual([found["code"] for found in loop.diagnostics], ["W0404"])
        with self.assertRaises(weir.Error):
            weir.Loop("parallelism: 1000", most=10)

    def test_closed_twice_and_used_afterwards(self) -> None:
        loop = weir.Loop("parallelism: 2")
        loop.close()
        self.assertRaises(weir.StaleError, loop.close)
        self.assertRaises(weir.StaleError, list, loop)
