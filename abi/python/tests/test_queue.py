# SPDX-License-Identifier: BSL-1.0
"""The queue without asyncio: drain, wait, wake, and a thread that dispatches."""

from __future__ import annotations

import json
import select
import sys
import threading
import unittest
from typing import Any

import weir

from .support import ONE_STEP, ScopeTest, descriptors, ends, python, until


class Waiting(ScopeTest):
    def arrival(self, tag: int = 1) -> None:
        self.root.lane().arrive_nowait(self.root.barrier(f"gate{tag}", parties=1), tag)

    def test_what_is_there_is_not_waited_for(self) -> None:
        self.arrival()
        self.assertEqual(ends(self.queue.wait()), "1+")

    def test_nothing_comes_in_time(self) -> None:
        self.assertEqual(self.queue.wait(0), [])
        self.assertEqual(self.queue.wait(0.001), [])

    def test_a_thread_that_waits_is_woken_by_events(self) -> None:
        got: list[weir.Event] = []
        waiting = threading.Thread(target=lambda: got.extend(self.queue.wait(30)))
        waiting.start()
        self.arrival(7)
        waiting.join()
        got += self.queue.drain()
        self.assertEqual(ends(got), "7+")

    def test_a_thread_that_waits_is_woken_by_hand(self) -> None:
        got: list[Any] = []
        waiting = threading.Thread(target=lambda: got.append(self.queue.wait()))
        waiting.start()
        self.queue.wake()
        waiting.join()
        self.assertEqual(got, [[]])

    def test_who_comes_second_is_told_so(self) -> None:
        taking, done = threading.Event(), threading.Event()

        def take(_: list[weir.Event]) -> None:
            taking.set()
            done.wait(30)

        with weir.Dispatcher(self.queue, take):
            self.arrival()
            self.assertTrue(taking.wait(30))
            self.assertRaises(weir.BusyError, self.queue.close)
            done.set()

    def test_a_wake_is_not_lost_on_who_comes_to_wait(self) -> None:
        self.queue.wake()
        self.assertEqual(self.queue.wait(), [])
        self.assertEqual(self.queue.wait(0), [])

    def test_two_of_this_package_exclude_each_other(self) -> None:
        refused = []

        with self.queue._consumer:  # as another thread in wait or drain
            for call in (self.queue.drain, self.queue.wait, self.queue.close):
                with self.assertRaises(weir.BusyError) as busy:
                    call()
                refused.append(str(busy.exception))
        self.assertEqual(refused, ["somebody else drains this queue"] * 3)

    def test_the_descriptor_tells_of_the_first_event_after_an_empty_drain(self) -> None:
        self.assertEqual(self.queue.drain(), [])
        self.assertEqual(select.select([self.queue], [], [], 0)[0], [])
        self.arrival()
        self.assertEqual(select.select([self.queue], [], [], 30)[0], [self.queue])

    def test_more_than_a_batch(self) -> None:
        gate = self.root.barrier("gate", parties=300)
        gate.arrive_nowait([self.root.lane() for _ in range(300)], range(300))
        self.assertEqual([len(self.queue.drain()) for _ in range(3)], [256, 45, 0])

    def test_events_outlive_the_next_drain(self) -> None:
        self.arrival(1)
        first = self.queue.drain()[0]
        for tag in range(2, 50):
            self.arrival(tag)
            self.queue.drain()
        self.assertEqual(first.path, "gate1")

    def test_a_dispatcher_hands_over_all_and_ends(self) -> None:
        got: list[weir.Event] = []
        done = threading.Event()

        def take(events: list[weir.Event]) -> None:
            got.extend(events)
            if len(got) == 2 * 100:
                done.set()

        with weir.Dispatcher(self.queue, take) as dispatcher:
            self.assertRaises(weir.BadStateError, weir.Dispatcher, self.queue, take)
            self.assertRaises(weir.BadStateError, self.queue.drain)
            for tag in range(100):
                self.arrival(tag)
            self.assertTrue(done.wait(30))
        self.assertEqual(ends(got), " ".join(f"{tag}+" for tag in range(100)))
        self.assertRaises(weir.BadStateError, dispatcher.close)
        self.arrival(100)
        self.assertEqual(ends(self.queue.drain()), "100+")

    def test_a_dispatchers_exception_ends_nothing(self) -> None:
        told: list[Any] = []
        done = threading.Event()

        def take(events: list[weir.Event]) -> None:
            if events[-1].tag == 2:
                done.set()
            raise ZeroDivisionError

        def unraisable(what: Any) -> None:
            told.append(what.exc_type)

        before, sys.unraisablehook = sys.unraisablehook, unraisable
        try:
            with weir.Dispatcher(self.queue, take):
                self.arrival(1)
                self.arrival(2)
                self.assertTrue(done.wait(30))
        finally:
            sys.unraisablehook = before
        self.assertEqual(set(told), {ZeroDivisionError})


class Ends(unittest.TestCase):
    def test_closed_twice_and_used_afterwards(self) -> None:
        queue = weir.Queue()
        with queue:
            queue.close()
        self.assertTrue(queue.closed)
        for call in (queue.close, queue.drain, queue.wait, queue.wake, queue.fileno):
            self.assertRaises(weir.StaleError, call)

    def test_one_that_was_forgotten_is_closed_with_a_warning(self) -> None:
        before = descriptors()
        with self.assertWarns(ResourceWarning):
            weir.Queue()
        self.assertEqual(descriptors(), before)

    def test_wake_calls_where_the_descriptor_would_be_raised(self) -> None:
        woken: list[int] = []
        with weir.Runtime(workers=1) as runtime, weir.Queue() as queue:
            queue.on_wake(lambda: woken.append(1))
            queue.drain()
            with weir.Scope(runtime, queue) as scope:
                self.assertRaises(weir.BadStateError, queue.on_wake, None)
                scope.lane().arrive_nowait(scope.barrier("gate", parties=1), 1)
                self.assertEqual(len(woken), 1)
                queue.drain()

    def test_json_of_every_event(self) -> None:
        with weir.Runtime(workers=1) as runtime, weir.Queue(json=True) as queue, weir.Plan(ONE_STEP) as plan:
            weir.Run(runtime, plan, queue, id="mine", simulation={"default_ms": 0})
            events = until(queue, lambda event: event.kind == weir.EventKind.RUN_FINISHED)
        read = [json.loads(event.json or "null") for event in events]
        self.assertEqual([one["type"] for one in read], [str(event.kind) for event in events])
        self.assertEqual({one["run"] for one in read}, {"mine"})

    def test_a_child_after_fork_is_told_so(self) -> None:
        said = python(
            "-W",
            "ignore::DeprecationWarning",
            "-c",
            """
import os, weir
runtime, queue = weir.Runtime(workers=1), weir.Queue()
scope = weir.Scope(runtime, queue)
child = os.fork()
if not child:
    try:
        scope.lane()
    except weir.ForkedError:
        with weir.Runtime(workers=1) as own, weir.Queue() as mine, weir.Scope(own, mine) as other:
            other.lane().arrive_nowait(other.barrier("gate", parties=1), 1)
            os._exit(len(mine.drain()))
    os._exit(99)
print(os.waitpid(child, 0)[1] >> 8)
scope.close()
queue.close()
runtime.close()
""",
        )
        self.assertEqual((said.stdout, said.stderr), ("2\n", ""))
