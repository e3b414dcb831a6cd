# SPDX-License-Identifier: BSL-1.0
"""Doing it again takes no more memory."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import tracemalloc
import unittest
from typing import Callable

import weir
from weir._calls import taken
from weir._library import lib

from .support import ONE_STEP, descriptors, threads, turns


class Leaks(unittest.TestCase):
    def grown(self, work: Callable[[], None]) -> int:
        """How many bytes of Python's are left by the last rounds of many."""
        for _ in range(3):
            work()
        gc.collect()
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            for _ in range(10):
                work()
            gc.collect()
            return tracemalloc.get_traced_memory()[0] - before
        finally:
            tracemalloc.stop()

    def test_all_of_it_under_asyncio(self) -> None:
        held = threads(), descriptors()
        self.assertLess(self.grown(lambda: asyncio.run(everything(), debug=False)), 20_000)
        self.assertEqual((threads(), descriptors()), held)

    def test_arrivals_in_one_scope_leave_nothing(self) -> None:
        asyncio.run(self.arrivals(), debug=False)

    async def arrivals(self) -> None:
        async with weir.Host() as host, host.scope() as scope:
            gate = scope.barrier("gate", parties=100, cyclic=True)
            lanes = [scope.lane() for _ in range(100)]

            async def round() -> None:
                await asyncio.gather(*(lane.arrive(gate, value=1) for lane in lanes))
                waiting = asyncio.ensure_future(lanes[0].arrive(gate))
                await turns()
                waiting.cancel()
                await asyncio.wait([waiting])

            for _ in range(3):
                await round()
            gc.collect()
            tracemalloc.start()
            before = tracemalloc.get_traced_memory()[0]
            for _ in range(20):
                await round()
            gc.collect()
            left = tracemalloc.get_traced_memory()[0] - before
            tracemalloc.stop()
            self.assertLess(left, 10_000)  # of 2,020 arrivals

    def test_a_text_of_the_librarys_is_released_once_it_is_read(self) -> None:
        text = ctypes.c_uint64()
        with weir.Plan(ONE_STEP) as plan:
            lib.weir_plan_describe(plan.handle, weir.Format.TREE, ctypes.byref(text))
        self.assertIn("pipeline one", taken(text.value))
        self.assertRaises(weir.StaleError, taken, text.value)

    def test_refusals(self) -> None:
        def refused() -> None:
            for _ in range(100):
                with self.assertRaises(weir.DocumentError):
                    weir.Plan("pipeline: 7")
                with self.assertRaises(weir.InvalidArgumentError):
                    weir.Runtime(workers=5000)

        self.assertLess(self.grown(refused), 20_000)


async def everything() -> None:
    async def task(step: weir.Step) -> dict[str, int]:
        return {"x": 1}

    async with weir.Host(on_event=lambda event: None) as host:
        with weir.Plan(ONE_STEP) as plan:
            await host.run(plan, task)
            plan.describe()
        async with host.scope("s") as scope:
            gate, slots = scope.barrier("gate", parties=3), scope.gate("slots", 1)
            lanes = [scope.lane(name) for name in "abc"]
            waiting = asyncio.ensure_future(lanes[2].arrive(gate))
            await turns()
            waiting.cancel()
            await asyncio.wait([waiting])
            async with lanes[0].slot(slots):
                await asyncio.gather(*(lane.arrive(gate, value="v") for lane in lanes))
