# SPDX-License-Identifier: BSL-1.0
"""Child pipelines, templates, input sets and values, through a resolver of Python's."""

from __future__ import annotations

import os
import unittest
from pathlib import Path
from typing import Any

import weir

FOLDER = Path(os.environ.get("WEIR_SCENARIO") or Path(__file__).parents[3] / "examples/scenario") / "children"
RELEASE, QA = (FOLDER / "release.yaml").read_text(), (FOLDER / "qa.yaml").read_text()


def resolve(wanted: weir.Reference) -> weir.Found:
    if wanted.kind == weir.ReferenceKind.VALUE:
        return "ref:token" if wanted.identifier == 'secrets.getValue("token")' else None
    return weir.folder(FOLDER)(wanted)


class Children(unittest.IsolatedAsyncioTestCase):
    async def test_children_meet_and_find_what_they_refer_to(self) -> None:
        told: dict[str, Any] = {}

        async def tell(step: weir.Step) -> None:
            told[step.path] = (step.spec["text"], step.spec["token"])

        with weir.Plan(RELEASE, file="release.yaml", inputs=[weir.Document(QA, "qa.yaml")], resolve=resolve) as plan:
            self.assertEqual(plan.diagnostics, [])
            async with weir.Host() as host:
                self.assertEqual(await host.run(plan, {"Tell": tell}), weir.Outcome.SUCCEEDED)
        self.assertEqual(
            told,
            {
                "api/deploy/tell": ("api for qa at example", "ref:token"),
                "web/deploy/tell": ("web for qa at example", "ref:token"),
            },
        )

    def test_each_reference_is_asked_for_once_with_what_the_document_says(self) -> None:
        asked: list[weir.Reference] = []

        def record(wanted: weir.Reference) -> weir.Found:
            asked.append(wanted)
            return resolve(wanted)

        weir.Plan(RELEASE, inputs=[QA], resolve=record).close()
        kinds = weir.ReferenceKind
        self.assertEqual(len(asked), len(set(asked)))
        self.assertIn(weir.Reference(kinds.TEMPLATE, "tell", version="2"), asked)
        self.assertIn(weir.Reference(kinds.INPUT_SET, "common", pipeline="service"), asked)
        self.assertEqual({one.kind for one in asked}, {kinds.PIPELINE, kinds.TEMPLATE, kinds.INPUT_SET, kinds.VALUE})

    def test_inputs_that_come_later_win(self) -> None:
        prod = QA.replace("qa}", "prod}").encode()
        with weir.Plan(RELEASE, inputs=[QA, prod], resolve=resolve) as plan:
            self.assertIn("prod", plan.describe(weir.Format.JSON))
            self.assertNotIn("qa", plan.describe(weir.Format.JSON))

    def test_what_is_not_found_is_refused_where_it_is_referred_to(self) -> None:
        for nobody in (None, lambda wanted: None):
            with self.assertRaises(weir.DocumentError) as caught:
                weir.Plan(RELEASE, file="release.yaml", inputs=[QA], resolve=nobody)
            self.assertEqual(caught.exception.diagnostics[0]["file"], "release.yaml")
            self.assertIsNone(caught.exception.__cause__)

    def test_a_resolver_that_raises_refuses_the_document_and_is_its_cause(self) -> None:
        def fail(wanted: weir.Reference) -> weir.Found:
            raise ConnectionError("the \0 store is away")

        with self.assertRaises(weir.DocumentError) as caught:
            weir.Plan(RELEASE, inputs=[QA], resolve=fail)
        self.assertIsInstance(caught.exception.__cause__, ConnectionError)
        self.assertIn("store is away", str(caught.exception.diagnostics))

    def test_who_ends_the_program_in_a_resolver_does(self) -> None:
        def interrupted(wanted: weir.Reference) -> weir.Found:
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            weir.Plan(RELEASE, inputs=[QA], resolve=interrupted)

    def test_a_resolver_that_gives_no_text_is_refused(self) -> None:
        with self.assertRaises(weir.DocumentError) as caught:
            weir.Plan(RELEASE, inputs=[QA], resolve=lambda wanted: 5)  # type: ignore[arg-type, return-value]
        self.assertIsInstance(caught.exception.__cause__, TypeError)
        with self.assertRaises(TypeError):
            weir.Plan(RELEASE, inputs=[5])  # type: ignore[list-item]

    def test_a_resolver_may_load_plans_itself(self) -> None:
        def nested(wanted: weir.Reference) -> weir.Found:
            weir.Plan(RELEASE, inputs=[QA], resolve=resolve).close()
            return resolve(wanted)

        weir.Plan(RELEASE, inputs=[QA], resolve=nested).close()

    def test_findings_in_another_document_have_its_name(self) -> None:
        def broken(wanted: weir.Reference) -> weir.Found:
            if wanted.kind == weir.ReferenceKind.PIPELINE:
                return weir.Document("pipeline: 5", "elsewhere.yaml")
            return resolve(wanted)

        with self.assertRaises(weir.DocumentError) as caught:
            weir.Plan(RELEASE, inputs=[QA], resolve=broken)
        self.assertIn("elsewhere.yaml", {found["file"] for found in caught.exception.diagnostics})

    def test_a_name_may_hold_anything(self) -> None:
        asked: list[str] = []

        def record(wanted: weir.Reference) -> weir.Found:
            asked.append(wanted.identifier)
            return None

        step = r'{step: {type: T, name: s, identifier: s, spec: {x: "<+secrets.getValue(\"a\0é\")>"}}}'
        stage = f"{{stage: {{name: a, identifier: a, type: Custom, spec: {{execution: {{steps: [{step}]}}}}}}}}"
        weir.Plan(f"pipeline: {{name: p, identifier: p, stages: [{stage}]}}", resolve=record).close()
        self.assertEqual(asked[0], 'secrets.getValue("a\0é")')

    def test_levels_are_bounded(self) -> None:
        outer = RELEASE.replace("service", "release").replace("identifier: release", "identifier: outer", 1)
        with self.assertRaises(weir.DocumentError) as caught:
            weir.Plan(outer, resolve=resolve, most_levels=1)
        self.assertIn("E0222", {found["code"] for found in caught.exception.diagnostics})
        with self.assertRaises(weir.InvalidArgumentError):
            weir.Plan(RELEASE, inputs=[QA], resolve=resolve, most_levels=65)

    def test_a_folder_gives_nothing_from_outside(self) -> None:
        find, kind = weir.folder(FOLDER), weir.ReferenceKind.PIPELINE
        self.assertIsInstance(find(weir.Reference(kind, "service")), weir.Document)
        self.assertIsInstance(find(weir.Reference(weir.ReferenceKind.TEMPLATE, "tell", version="9")), weir.Document)
        for name in ("../pipeline", "../children/service", str(FOLDER / "service"), "", ".", "nobody", "service\0", "x" * 5000):
            self.assertIsNone(find(weir.Reference(kind, name)), name)


if __name__ == "__main__":
    unittest.main()
