# SPDX-License-Identifier: BSL-1.0
"""Numbers and lengths that weir.h has no room for are refused, not cut to those that it has."""

from __future__ import annotations

import unittest
from typing import Any, Callable

import weir

from .support import ONE_STEP, until

ABOVE = 1 << 32


class Long(str):
    """A text of more than 4 GiB, as far as anybody asks; without the memory."""

    def encode(self, *_: Any) -> bytes:
        return Bytes(b"gate")


class Bytes(bytes):
    def __len__(self) -> int:
        return ABOVE + 4


class Lengths(unittest.TestCase):
    def setUp(self) -> None:
        self.runtime = weir.Runtime(workers=1)
        self.queue = weir.Queue()
        self.addCleanup(self.runtime.close)
        self.addCleanup(self.queue.close)

    def refused(self, *calls: Callable[[], Any]) -> None:
        for at, call in enumerate(calls):
            with self.subTest(at), self.assertRaises(ValueError):
                call()

    def test_of_scopes(self) -> None:
        with weir.Scope(self.runtime, self.queue) as scope:
            gate, lane, slots = scope.barrier("gate", parties=2), scope.lane(), scope.gate("slots", 1)
            self.refused(
                lambda: scope.scope(Long()),
                lambda: scope.lane(Long()),
                lambda: scope.barrier(Long()),
                lambda: scope.gate(Long(), 1),
                lambda: scope.find(Long()),
                lambda: scope.barrier("many", parties=ABOVE + 1),
                lambda: scope.barrier("many", quorum=ABOVE + 1),
                lambda: scope.gate("many", ABOVE + 1),
                lambda: slots.set_slots(ABOVE + 1),
                lambda: gate.reserve(ABOVE + 1),
                lambda: gate.reserve(-1),
                lambda: gate.settle(ABOVE),
                lambda: gate.complete(ABOVE + 1),
            )
            lane.finish()
            gate.break_()

    def test_of_plans_and_runs(self) -> None:
        with weir.Plan(ONE_STEP) as plan:
            self.refused(
                lambda: weir.Plan(ONE_STEP, file=Long()),
                lambda: weir.Plan(ONE_STEP, adapter=Long()),
                lambda: weir.Plan(ONE_STEP, most_levels=ABOVE),
                lambda: weir.Plan(Bytes(b"pipeline:")),
                lambda: weir.Plan(ONE_STEP, inputs=[weir.Document(ONE_STEP, Long())]),
                lambda: weir.Plan(ONE_STEP, inputs=[Bytes(b"pipeline:")]),
                lambda: weir.Loop(Long()),
                lambda: weir.Run(self.runtime, plan, self.queue, id=Long()),
            )
            run = weir.Run(self.runtime, plan, self.queue)
            self.refused(
                lambda: run.cancel(Long()),
                lambda: run.pause(Long()),
                lambda: run.resume(Long()),
                lambda: run.break_barrier(Long()),
                lambda: run.release_barrier("x", Long()),
                lambda: run.set_concurrency("x", ABOVE + 1),
                lambda: run.set_concurrency(Long(), 1),
                lambda: run.intervene(Long(), "abort"),
                lambda: run.intervene("x", Long()),
                lambda: run.intervene("x", "abort", ABOVE + 1),
            )
            for event in until(self.queue, lambda event: event.kind == weir.EventKind.STEP_STARTED):
                if event.step:
                    weir.Step(event).finish(weir.Outcome.CANCELLED)
            until(self.queue, lambda event: event.kind == weir.EventKind.RUN_FINISHED)

    def test_of_runtimes(self) -> None:
        self.refused(
            lambda: weir.Runtime(workers=ABOVE + 1),
            lambda: weir.Runtime(stack_size=ABOVE + 65536),
            lambda: weir.Runtime(seed=1 << 64),
        )
        with weir.Runtime(polled=True) as polled:
            self.refused(lambda: polled.poll(ABOVE + 1))


if __name__ == "__main__":
    unittest.main()
