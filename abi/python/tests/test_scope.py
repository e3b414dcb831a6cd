# SPDX-License-Identifier: BSL-1.0
"""Scopes, lanes and barriers without asyncio: tags and events."""

from __future__ import annotations

import json
import threading

import weir

from .support import ScopeTest, ends, until


class Meeting(ScopeTest):
    def test_lanes_go_on_together_and_each_is_told_once(self) -> None:
        gate = self.root.barrier("gate", tag=9)
        a, b = self.expected(gate, "a", "b")
        b.arrive_nowait(gate, 20, value={"v": [1, None]})
        self.assertEqual(self.queue.drain(), [])
        described = json.loads(gate.describe())
        self.assertEqual((described["waiting"], described["missing"]), (["build/b"], ["build/a"]))
        self.assertIn("gate", self.root.describe())
        a.arrive_nowait(gate, 10, value="x")
        events = self.queue.drain()
        self.assertEqual([event.seq for event in events], [1, 2, 3])
        self.assertEqual(ends(events), "10+ 20+")
        released = events[0]
        self.assertEqual(released.kind, weir.EventKind.BARRIER_RELEASED)
        self.assertEqual((released.path, released.arrived, released.generation, released.tag), ("gate", 2, 1, 9))
        self.assertEqual((released.scope, released.barrier), (self.root.handle, gate.handle))
        self.assertEqual(released.details, {"values": {"build/a": "x", "build/b": {"v": [1, None]}}})

    def test_a_lane_that_fails_is_to_blame(self) -> None:
        gate = self.root.barrier("gate")
        a, b = self.expected(gate, "a", "b")
        a.arrive_nowait(gate, 1)
        b.finish(weir.Outcome.FAILED)
        events = self.queue.drain()
        self.assertEqual(ends(events), "1-")
        self.assertEqual((events[0].reason, events[0].details["culprit"]), (weir.Reason.FAILED, "build/b"))

    def test_lanes_that_do_nothing_else_while_they_wait_are_told_of_a_circle(self) -> None:
        with weir.Scope(self.runtime, self.queue, "circle", sequential=True) as circle:
            p, q = circle.barrier("p"), circle.barrier("q")
            a, b = circle.lane("a"), circle.lane("b")
            for at in (p, q):
                a.expect(at)
                b.expect(at)
                at.open()
            a.arrive_nowait(p, 1)
            self.assertRaises(weir.BusyError, a.arrive_nowait, q, 2)
            b.arrive_nowait(q, 2)
            events = self.queue.drain()
        self.assertEqual(ends(events), "1- 2-")
        self.assertEqual(events[0].reason, weir.Reason.DEADLOCK)
        words = "barrier 'p' waits for circle/b, which waits at barrier 'q' for circle/a, which waits at barrier 'p'"
        self.assertEqual(events[0].details["message"], words)

    def test_lanes_below_one_that_ends_end_with_it(self) -> None:
        above = self.root.lane("above")
        below = self.root.lane("below", parent=above)
        above.finish()
        self.assertRaises(weir.StaleError, below.finish)

    def test_a_child_sees_its_parents_barriers_and_never_the_reverse(self) -> None:
        gate = self.root.barrier("gate", parties=2)
        child = self.root.scope("child")
        self.assertEqual(child.find("gate").handle, gate.handle)
        own = child.barrier("own")
        self.assertIs(child.find("own"), own)
        self.assertRaises(weir.NotFoundError, self.root.find, "own")
        self.assertRaises(LookupError, self.root.find, "own")
        self.root.lane("a").arrive_nowait(gate, 1)
        child.lane("b").arrive_nowait(gate, 2)
        self.assertEqual(ends(self.queue.drain()), "1+ 2+")
        child.close()

    def test_reservations_hold_it(self) -> None:
        gate = self.root.barrier("gate")
        gate.reserve(2)
        (a,) = self.expected(gate, "a")
        a.arrive_nowait(gate, 1)
        gate.settle()
        self.assertRaises(weir.InvalidArgumentError, gate.settle, 2)
        self.assertEqual(self.queue.drain(), [])
        gate.settle()
        self.assertEqual(ends(self.queue.drain()), "1+")
        self.assertRaises(weir.DecidedError, gate.reserve)

    def test_by_hand(self) -> None:
        for decide, expected in (("release", "1+"), ("break_", "1-")):
            gate = self.root.barrier(decide, parties=2)
            self.root.lane().arrive_nowait(gate, 1)
            getattr(gate, decide)()
            events = self.queue.drain()
            self.assertEqual((ends(events), events[0].reason), (expected, weir.Reason.BY_HAND))
            self.assertRaises(weir.DecidedError, gate.break_)

    def test_a_quorum_and_its_stragglers(self) -> None:
        lanes = [self.root.lane(name) for name in "abc"]
        for strict, late in ((False, "3+l"), (True, "3-l")):
            gate = self.root.barrier(f"{strict}", parties=3, quorum=2, stragglers_fail=strict)
            for tag, lane in enumerate(lanes, 1):
                lane.arrive_nowait(gate, tag)
            self.assertEqual(ends(self.queue.drain()), "1+ 2+ " + late)

    def test_a_completion_is_asked_for_and_answered(self) -> None:
        gate = self.root.barrier("gate", parties=1, cyclic=True, completes=True)
        lane = self.root.lane()
        for outcome, end in ((weir.Outcome.SUCCEEDED, "1+"), (weir.Outcome.FAILED, "1-")):
            lane.arrive_nowait(gate, 1)
            (asked,) = self.queue.drain()
            self.assertEqual(asked.kind, weir.EventKind.BARRIER_COMPLETING)
            self.assertRaises(weir.DecidedError, gate.complete, asked.generation + 1)
            gate.complete(asked.generation, outcome)
            self.assertEqual(ends(self.queue.drain()), end)

    def test_retract_and_withdraw(self) -> None:
        gate = self.root.barrier("gate")
        a, b = self.expected(gate, "a", "b")
        self.assertRaises(weir.NotExpectedError, a.retract, gate)
        a.arrive_nowait(gate, 1)
        self.assertRaises(weir.BusyError, a.arrive_nowait, gate, 2)
        a.retract(gate)
        self.assertEqual(ends(self.queue.drain()), "1c")
        a.arrive_nowait(gate, 3)
        b.withdraw(gate)
        self.assertEqual(ends(self.queue.drain()), "3+")
        self.assertRaises(weir.DecidedError, a.retract, gate)

    def test_many_by_one_call(self) -> None:
        gate = self.root.barrier("gate")
        lanes = self.expected(gate, *map(str, range(1000)))
        self.assertEqual(gate.arrive_nowait(lanes, range(1000)), 1000)
        events: list[weir.Event] = []
        while len(events) < 1001:
            events += self.queue.drain()
        self.assertEqual(sorted(event.tag for event in events[1:]), list(range(1000)))

    def test_many_of_which_some_are_refused(self) -> None:
        gate = self.root.barrier("gate")
        a, b = self.expected(gate, "a", "b")
        stranger = self.root.lane("c")
        self.assertEqual(gate.arrive_nowait([a, stranger, b], [1, 2, 3]), 1)
        self.assertRaises(weir.NotExpectedError, gate.arrive_nowait, [stranger, b], [2, 3])
        self.assertRaises(ValueError, gate.arrive_nowait, [b], [])
        self.assertEqual(gate.arrive_nowait([b], [3]), 1)
        self.assertEqual(ends(self.queue.drain()), "1+ 3+")

    def test_a_lane_that_is_cyclic_comes_again(self) -> None:
        gate = self.root.barrier("gate", parties=2, cyclic=True)
        lanes = [self.root.lane(), self.root.lane()]
        for generation in range(1, 101):
            gate.arrive_nowait(lanes, [1, 2])
            events = self.queue.drain()
            self.assertEqual((events[0].generation, ends(events)), (generation, "1+ 2+"))


class Threads(ScopeTest):
    def test_lanes_arrive_from_many_threads_and_each_is_told_once(self) -> None:
        gate = self.root.barrier("gate", parties=400, cyclic=True)
        lanes = [self.root.lane() for _ in range(400)]

        def arrive(first: int) -> None:
            for tag in range(first, first + 100):
                lanes[tag].arrive_nowait(gate, tag)

        for generation in range(1, 6):
            many = [threading.Thread(target=arrive, args=(first,)) for first in range(0, 400, 100)]
            for thread in many:
                thread.start()
            done: list[int] = []
            while len(done) < 400:
                for event in self.queue.wait(30):
                    self.assertEqual(event.generation, generation)
                    if event.kind == weir.EventKind.BARRIER_DONE:
                        done.append(event.tag)
            self.assertEqual(sorted(done), list(range(400)))
            for thread in many:
                thread.join()


class Time(ScopeTest):
    def setUp(self) -> None:
        self.runtime = weir.Runtime(clock=weir.Clock.VIRTUAL, workers=1)
        self.queue = weir.Queue()
        self.root = weir.Scope(self.runtime, self.queue, "build")

    def until_done(self) -> list[weir.Event]:
        return until(self.queue, lambda event: event.kind == weir.EventKind.BARRIER_DONE)

    def test_a_lanes_patience(self) -> None:
        gate = self.root.barrier("gate", parties=2)
        self.root.lane("a").arrive_nowait(gate, 1, timeout=5)
        events = self.until_done()
        self.assertEqual((events[0].reason, events[0].t_ns), (weir.Reason.TIMED_OUT, 5_000_000_000))
        self.assertEqual(events[0].details["culprit"], "build/a")

    def test_a_barriers_patience(self) -> None:
        gate = self.root.barrier("gate", parties=2, timeout=1.5)
        self.root.lane("a").arrive_nowait(gate, 1)
        events = self.until_done()
        self.assertEqual((events[0].t_ns, ends(events)), (1_500_000_000, "1-"))

    def test_a_quorum_does_without_the_impatient(self) -> None:
        gate = self.root.barrier("gate", parties=3, quorum=2)
        self.root.lane("a").arrive_nowait(gate, 1, timeout=1)
        self.assertEqual(ends(self.until_done()), "1t")


class Refusals(ScopeTest):
    def test_each_has_its_class_and_the_librarys_words(self) -> None:
        gate = self.root.barrier("gate")
        with self.assertRaises(weir.ExistsError) as caught:
            self.root.barrier("gate")
        self.assertEqual(caught.exception.status, weir.Status.EXISTS)
        self.assertTrue(str(caught.exception))
        lane = self.root.lane("a")
        with self.assertRaises(weir.NotExpectedError) as refused:
            lane.arrive_nowait(gate, 1)
        self.assertEqual(str(refused.exception), weir.Status.NOT_EXPECTED.text)
        self.assertRaises(ValueError, self.root.barrier, "")
        self.assertRaises(weir.InvalidArgumentError, self.root.barrier, "")
        self.assertRaises(weir.NotUtf8Error, self.root.lane, "a\0b")
        self.assertRaises(UnicodeEncodeError, self.root.lane, "\ud800")
        self.assertRaises(TypeError, lane.arrive_nowait, gate, 1, value=object())

    def test_numbers_that_do_not_fit_are_not_cut(self) -> None:
        for wrong in ({"parties": -1}, {"parties": 1 << 32}, {"quorum": 1 << 40}, {"tag": -1}):
            with self.assertRaisesRegex(ValueError, "is out of range"):
                self.root.barrier("gate", **wrong)  # type: ignore[arg-type]

    def test_times(self) -> None:
        for timeout in (-1.0, float("nan")):
            self.assertRaises(ValueError, self.root.barrier, "gate", timeout=timeout)
        gate = self.root.barrier("gate", parties=2, timeout=float("inf"))
        self.root.lane("a").arrive_nowait(gate, 1, timeout=-0.5)  # a deadline that has passed
        events = until(self.queue, lambda event: event.kind == weir.EventKind.BARRIER_DONE)
        self.assertEqual((ends(events), events[0].reason), ("1-", weir.Reason.TIMED_OUT))

    def test_what_has_ended_is_stale(self) -> None:
        gate = self.root.barrier("gate", parties=2)
        lane = self.root.lane()
        lane.arrive_nowait(gate, 1)
        self.assertRaises(weir.BusyError, self.queue.close)
        self.assertRaises(weir.BusyError, self.runtime.close)
        self.root.close()
        for call in (self.root.close, self.root.describe, self.root.lane, gate.open, gate.describe, lane.finish):
            self.assertRaises(weir.StaleError, call)
        events = self.queue.drain()
        self.assertEqual((ends(events), events[-1].kind, events[-1].tag), ("1-", weir.EventKind.SCOPE_CLOSED, 4711))

    def test_trees_never_meet(self) -> None:
        gate = self.root.barrier("gate", parties=2)
        with weir.Scope(self.runtime, self.queue, "other") as other:
            self.assertRaises(weir.InvalidArgumentError, other.lane().arrive_nowait, gate, 1)

    def test_with_ends_a_lane_as_its_block_ends(self) -> None:
        gate = self.root.barrier("gate")
        a, b = self.expected(gate, "a", "b")
        a.arrive_nowait(gate, 1)
        with self.assertRaises(ZeroDivisionError), b:
            raise ZeroDivisionError
        self.assertEqual(ends(self.queue.drain()), "1-")
        with a:
            a.finish()
        self.assertRaises(weir.StaleError, a.finish)

    def test_await_needs_a_host(self) -> None:
        gate = self.root.barrier("gate", parties=2)
        with self.assertRaisesRegex(weir.BadStateError, "no weir.Host"):
            self.root.lane().arrive(gate).send(None)
