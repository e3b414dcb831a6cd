# SPDX-License-Identifier: BSL-1.0
"""Arrivals under asyncio: who waits, how each is told, and cancellation at every moment."""

from __future__ import annotations

import asyncio
import random
import unittest
from typing import Any

import weir

from .support import descriptors, threads, turns

HOUR = 3600.0


class HostTest(unittest.IsolatedAsyncioTestCase):
    """One host, and one scope of it."""

    async def asyncSetUp(self) -> None:
        self.events: list[weir.Event] = []
        self.runtime = weir.Runtime(workers=1)
        self.host = await weir.Host(runtime=self.runtime, on_event=self.events.append).__aenter__()
        self.scope = self.host.scope("build")

    async def asyncTearDown(self) -> None:
        await self.host.close()
        self.assertEqual(self.host._waits, {})
        self.assertEqual(self.host.barriers, {})
        self.runtime.close()

    def done(self) -> list[weir.Event]:
        return [event for event in self.events if event.kind == weir.EventKind.BARRIER_DONE]


class Arrivals(HostTest):
    async def test_all_go_on_together_with_the_values_of_all(self) -> None:
        gate = self.scope.barrier("gate", parties=3)
        tasks = [asyncio.ensure_future(self.scope.lane(n).arrive(gate, value={"from": n})) for n in "abc"]
        decisions = await asyncio.gather(*tasks)
        self.assertEqual(decisions[0].values, {f"build/{n}": {"from": n} for n in "abc"})
        self.assertIs(decisions[0], decisions[2])
        self.assertEqual((decisions[0].generation, decisions[0].arrived, decisions[0].late), (1, 3, False))

    async def test_a_break_is_an_exception_with_its_story(self) -> None:
        gate = self.scope.barrier("gate")
        a, b, c = (self.scope.lane(name) for name in "abc")
        for lane in (a, b, c):
            lane.expect(gate)
        gate.open()
        waiting = asyncio.ensure_future(a.arrive(gate))
        await turns()
        b.finish(weir.Outcome.FAILED)
        with self.assertRaises(weir.BarrierBroken) as broken:
            await waiting
        story = broken.exception
        self.assertEqual((story.reason, story.culprit, story.missing), (weir.Reason.FAILED, "build/b", ["build/c"]))
        self.assertEqual(str(story), "barrier 'gate' broken by build/b: failed")
        with self.assertRaises(weir.BarrierBroken) as late:
            await c.arrive(gate)
        self.assertEqual((late.exception.decision.late, late.exception.culprit), (True, "build/b"))

    async def test_a_lanes_own_patience(self) -> None:
        gate = self.scope.barrier("gate", parties=2)
        with self.assertRaises(weir.BarrierBroken) as broken:
            await self.scope.lane("a").arrive(gate, timeout=0.001)
        self.assertEqual((broken.exception.reason, broken.exception.culprit), (weir.Reason.TIMED_OUT, "build/a"))

    async def test_a_patience_that_a_quorum_does_without(self) -> None:
        gate = self.scope.barrier("gate", parties=3, quorum=2)
        with self.assertRaises(weir.ArrivalTimedOut) as timed_out:
            await self.scope.lane("a").arrive(gate, timeout=0.001)
        self.assertIsInstance(timed_out.exception, TimeoutError)
        await gate.arrive([self.scope.lane(), self.scope.lane()])

    async def test_a_lane_that_ends_while_it_waits(self) -> None:
        gate = self.scope.barrier("gate")
        a, b = self.scope.lane("a"), self.scope.lane("b")
        a.expect(gate)
        b.expect(gate)
        waiting = asyncio.ensure_future(a.arrive(gate))
        await turns()
        a.finish()
        with self.assertRaises(weir.ArrivalCancelled):
            await waiting

    async def test_a_straggler_passes_late(self) -> None:
        gate = self.scope.barrier("gate", parties=2, quorum=1)
        self.assertFalse((await self.scope.lane().arrive(gate, value=1)).late)
        late = await self.scope.lane().arrive(gate)
        self.assertEqual((late.late, list(late.values.values())), (True, [1]))

    async def test_what_is_refused_raises_and_waits_for_nothing(self) -> None:
        gate = self.scope.barrier("gate")
        lane = self.scope.lane()
        with self.assertRaises(weir.NotExpectedError):
            await lane.arrive(gate)
        with self.assertRaises(TypeError):
            await lane.arrive(gate, value=object())
        with self.assertRaises(weir.NotExpectedError):
            await gate.arrive([lane])

    async def test_a_batch_waits_as_one(self) -> None:
        gate = self.scope.barrier("gate", parties=501)
        together = asyncio.ensure_future(gate.arrive([self.scope.lane() for _ in range(500)]))
        await turns()
        self.assertFalse(together.done())
        await self.scope.lane().arrive(gate)
        self.assertEqual((await together).arrived, 501)

    async def test_a_batch_of_which_one_is_refused_is_taken_back(self) -> None:
        gate = self.scope.barrier("gate")
        a, b = self.scope.lane(), self.scope.lane()
        for lane in (a, b):
            lane.expect(gate)
        gate.open()
        with self.assertRaises(weir.NotExpectedError):
            await gate.arrive([a, self.scope.lane(), b])
        self.assertEqual([event.outcome for event in self.done()], [weir.Outcome.CANCELLED])
        with self.assertRaises(ValueError):
            await gate.arrive([])
        await gate.arrive([a, b])

    async def test_a_completion_comes_before_anybody_goes_on(self) -> None:
        order: list[Any] = []

        async def complete(barrier: weir.Barrier, generation: int) -> None:
            await asyncio.sleep(0)
            order.append((barrier.name, generation))

        gate = self.scope.barrier("gate", parties=2, cyclic=True, completion=complete)
        lanes = [self.scope.lane(), self.scope.lane()]
        for generation in (1, 2):
            await gate.arrive(lanes)
            order.append("on")
        self.assertEqual(order, [("gate", 1), "on", ("gate", 2), "on"])

    async def test_a_completion_that_raises_breaks_it_and_is_reported(self) -> None:
        told: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["exception"]))

        async def complete(barrier: weir.Barrier, generation: int) -> None:
            raise ZeroDivisionError

        gate = self.scope.barrier("gate", parties=1, completion=complete)
        with self.assertRaises(weir.BarrierBroken):
            await self.scope.lane().arrive(gate)
        self.assertEqual([type(error) for error in told], [ZeroDivisionError])

    async def test_a_barrier_is_found_again(self) -> None:
        gate = self.scope.barrier("gate", parties=1)
        self.assertIs(self.scope.scope("child").find("gate"), gate)

    async def test_ping_pong(self) -> None:
        gate = self.scope.barrier("gate", parties=2, cyclic=True)

        async def player() -> list[int]:
            lane = self.scope.lane()
            return [(await lane.arrive(gate)).generation for _ in range(500)]

        self.assertEqual(await asyncio.gather(player(), player()), [list(range(1, 501))] * 2)


class Many(unittest.TestCase):
    def test_ten_thousand_tasks_at_one_barrier(self) -> None:
        asyncio.run(self.meet(10_000), debug=False)

    async def meet(self, count: int) -> None:
        async with weir.Host() as host, host.scope() as scope:
            before = threads()
            gate = scope.barrier("gate", parties=count, cyclic=True)
            lanes = [scope.lane() for _ in range(count)]
            for generation in (1, 2):
                decisions = await asyncio.gather(*(lane.arrive(gate) for lane in lanes))
                self.assertEqual({decision.generation for decision in decisions}, {generation})
            self.assertEqual(threads(), before)

    def test_ten_thousand_tasks_are_cancelled(self) -> None:
        asyncio.run(self.cancel(10_000), debug=False)

    async def cancel(self, count: int) -> None:
        async with weir.Host() as host, host.scope() as scope:
            gate = scope.barrier("gate", parties=count + 1)
            tasks = [asyncio.ensure_future(scope.lane().arrive(gate)) for _ in range(count)]
            await turns()
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            self.assertEqual({type(result) for result in results}, {asyncio.CancelledError})
            self.assertEqual(host._waits, {})


class Cancellation(HostTest):
    async def test_it_takes_the_arrival_back_and_the_lane_may_come_again(self) -> None:
        gate = self.scope.barrier("gate", parties=2)
        lane = self.scope.lane()
        waiting = asyncio.ensure_future(lane.arrive(gate))
        await turns()
        waiting.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await waiting
        self.assertEqual([event.outcome for event in self.done()], [weir.Outcome.CANCELLED])
        await asyncio.gather(lane.arrive(gate), self.scope.lane().arrive(gate))

    async def test_wait_for(self) -> None:
        gate = self.scope.barrier("gate", parties=2)
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(self.scope.lane().arrive(gate), 0.001)
        self.assertEqual([event.outcome for event in self.done()], [weir.Outcome.CANCELLED])

    async def test_before_the_task_began_nothing_has_arrived(self) -> None:
        gate = self.scope.barrier("gate", parties=2)
        waiting = asyncio.ensure_future(self.scope.lane().arrive(gate))
        waiting.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await waiting
        self.assertEqual(self.done(), [])

    async def test_after_the_decision_it_is_too_late_and_the_event_is_consumed(self) -> None:
        gate = self.scope.barrier("gate", parties=2)
        a, b = self.scope.lane(), self.scope.lane()
        waiting = asyncio.ensure_future(a.arrive(gate))
        await turns()
        b.arrive_nowait(gate, 1)  # decides; its events are not drained yet
        waiting.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await waiting
        self.assertEqual([event.outcome for event in self.done()], [weir.Outcome.SUCCEEDED] * 2)

    async def test_twice_at_once(self) -> None:
        gate = self.scope.barrier("gate", parties=2)
        waiting = asyncio.ensure_future(self.scope.lane().arrive(gate))
        await turns()
        waiting.cancel()
        await asyncio.sleep(0)
        waiting.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await waiting
        while not self.done():
            await asyncio.sleep(0)

    async def test_of_a_batch_takes_all_back(self) -> None:
        gate = self.scope.barrier("gate", parties=101)
        lanes = [self.scope.lane() for _ in range(100)]
        waiting = asyncio.ensure_future(gate.arrive(lanes))
        await turns()
        waiting.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await waiting
        self.assertEqual([event.outcome for event in self.done()], [weir.Outcome.CANCELLED] * 100)
        await gate.arrive([*lanes, self.scope.lane()])

    async def test_at_any_moment_each_arrival_has_one_event(self) -> None:
        chance = random.Random(4711)
        released = 0
        for round in range(300):
            gate = self.scope.barrier(f"gate{round}", parties=4)
            patience = [chance.choice([None, None, 0.0, 0.0002]) for _ in range(4)]
            tasks = [asyncio.ensure_future(self.scope.lane().arrive(gate, timeout=time)) for time in patience]
            await turns(chance.randrange(3))
            chance.choice(tasks).cancel()
            await turns(chance.randrange(3))
            try:
                gate.break_()
            except weir.DecidedError:
                pass  # it was released before anybody was cancelled
            results = await asyncio.gather(*tasks, return_exceptions=True)
            released += sum(isinstance(result, weir.Decision) for result in results)
            for result in results:
                self.assertIsInstance(result, (weir.Decision, weir.BarrierBroken, asyncio.CancelledError))
            self.assertEqual(self.host._waits, {})
        self.assertGreater(released, 0)


class Ends(unittest.IsolatedAsyncioTestCase):
    async def test_close_tells_all_who_wait(self) -> None:
        async with weir.Host() as host:
            scope = host.scope()
            waiting = asyncio.ensure_future(scope.lane().arrive(scope.barrier("gate", parties=2)))
            await turns()
        with self.assertRaises(weir.BarrierBroken) as broken:
            await waiting
        self.assertEqual(broken.exception.reason, weir.Reason.CANCELLED)

    async def test_async_with_waits_until_the_scope_has_closed(self) -> None:
        events: list[weir.Event] = []
        async with weir.Host(on_event=events.append) as host:
            async with host.scope("outer") as outer:
                async with outer.scope("inner"):
                    pass
                self.assertEqual([event.path for event in events], ["inner"])
            self.assertEqual(events[-1].path, "outer")
            with self.assertRaises(weir.StaleError):
                outer.close()
            await outer.wait_closed()

    async def test_nothing_is_left_behind(self) -> None:
        before = threads(), descriptors()
        for _ in range(20):
            async with weir.Host() as host, host.scope() as scope:
                gate = scope.barrier("gate", parties=2)
                await gate.arrive([scope.lane(), scope.lane()])
        self.assertEqual((threads(), descriptors()), before)

    async def test_misuse_is_refused(self) -> None:
        host = weir.Host()
        with self.assertRaises(weir.BadStateError):
            host.scope()
        async with host:
            with self.assertRaises(weir.BadStateError):
                await host.__aenter__()
            with self.assertRaises(weir.BusyError):
                host.queue.drain()
            with self.assertRaises(weir.BusyError):
                host.queue.close()
        with self.assertRaises(weir.StaleError):
            await host.close()
        with self.assertRaises(weir.StaleError):
            host.scope()

    async def test_a_polled_runtime_is_polled_by_the_program(self) -> None:
        with weir.Runtime(polled=True, clock=weir.Clock.VIRTUAL) as runtime:
            async with weir.Host(runtime=runtime) as host, host.scope() as scope:
                waiting = asyncio.ensure_future(scope.lane().arrive(scope.barrier("gate", parties=2), timeout=HOUR))
                await turns()
                runtime.poll()
                with self.assertRaises(weir.BarrierBroken):
                    await waiting


class Gates(HostTest):
    async def test_so_many_hold_a_slot_at_once(self) -> None:
        gate = self.scope.gate("gate", 2)
        inside = most = 0

        async def work() -> None:
            nonlocal inside, most
            with self.scope.lane() as lane:
                async with lane.slot(gate):
                    inside += 1
                    most = max(most, inside)
                    await turns(2)
                    inside -= 1

        await asyncio.gather(*(work() for _ in range(20)))
        self.assertEqual((inside, most), (0, 2))

    async def test_more_slots_are_handed_out_at_once(self) -> None:
        gate = self.scope.gate("gate", 1)
        first, second = self.scope.lane(), self.scope.lane()
        await first.take_slot(gate)
        waiting = asyncio.ensure_future(second.take_slot(gate))
        await turns()
        gate.set_slots(2)
        await waiting
        first.give_slot(gate)
        with self.assertRaises(weir.BadStateError):
            first.give_slot(gate)

    async def test_cancellation_gives_the_place_up(self) -> None:
        gate = self.scope.gate("gate", 1)
        first, second, third = (self.scope.lane() for _ in range(3))
        await first.take_slot(gate)
        waiting = [asyncio.ensure_future(lane.take_slot(gate)) for lane in (second, third)]
        await turns()
        waiting[0].cancel()
        with self.assertRaises(asyncio.CancelledError):
            await waiting[0]
        first.give_slot(gate)
        await waiting[1]
        self.assertEqual(self.host._promised, {})

    async def test_a_lane_that_ends_waits_no_more(self) -> None:
        gate = self.scope.gate("gate", 1)
        await self.scope.lane().take_slot(gate)
        second = self.scope.lane()
        waiting = asyncio.ensure_future(second.take_slot(gate))
        await turns()
        second.finish()
        with self.assertRaises(weir.SlotCancelled):
            await waiting
