# SPDX-License-Identifier: BSL-1.0
"""Runtimes: threads, polling, clocks."""

from __future__ import annotations

import logging
import unittest

import weir

from .support import ONE_STEP, threads


class Runtimes(unittest.TestCase):
    def test_threads_come_and_go_with_it(self) -> None:
        before = threads()
        with weir.Runtime(workers=2) as runtime:
            self.assertEqual(threads(), before + 2)
            self.assertEqual(runtime.statistics().workers, 2)
            self.assertRaises(weir.BadStateError, runtime.poll)
        self.assertEqual(threads(), before)

    def test_closed_twice_and_used_afterwards(self) -> None:
        runtime = weir.Runtime(workers=1)
        runtime.close()
        self.assertTrue(runtime.closed)
        self.assertRaises(weir.StaleError, runtime.close)
        self.assertRaises(weir.StaleError, runtime.statistics)
        with weir.Queue() as queue:
            self.assertRaises(weir.StaleError, weir.Scope, runtime, queue)

    def test_one_that_was_forgotten_is_closed_with_a_warning(self) -> None:
        before = threads()
        with self.assertWarns(ResourceWarning):
            weir.Runtime(workers=1)
        self.assertEqual(threads(), before)

    def test_options_out_of_range_are_named(self) -> None:
        with self.assertRaisesRegex(weir.InvalidArgumentError, "workers"):
            weir.Runtime(workers=5000)
        with self.assertRaisesRegex(weir.InvalidArgumentError, "stack_size"):
            weir.Runtime(stack_size=1)
        with self.assertRaisesRegex(ValueError, "workers is out of range: -1"):
            weir.Runtime(workers=-1)

    def test_its_log_is_a_logger(self) -> None:
        log = logging.getLogger("tests.weir")
        with self.assertLogs(log, logging.DEBUG) as said:
            with weir.Runtime(workers=1, log=log):
                pass
        self.assertEqual(
            said.output, ["DEBUG:tests.weir:runtime made, workers: 1", "DEBUG:tests.weir:runtime ended"]
        )
        with self.assertLogs(log, logging.ERROR) as said:  # assertNoLogs came with Python 3.10
            weir.Runtime(workers=1, log=log).close()
            log.error("one of its own")
        self.assertEqual(said.output, ["ERROR:tests.weir:one of its own"])

    def test_nothing_may_be_called_in_a_log(self) -> None:
        class Calls(logging.Handler):
            refused: list[type[Exception]] = []

            def emit(self, record: logging.LogRecord) -> None:
                try:
                    weir.Queue()
                except weir.Error as why:
                    self.refused.append(type(why))

        log = logging.getLogger("tests.weir.calls")
        log.setLevel(logging.DEBUG)
        log.propagate = False
        log.addHandler(Calls())
        weir.Runtime(polled=True, log=log).close()
        self.assertEqual(Calls.refused, [weir.ForbiddenError] * 2)

    def test_a_polled_one_runs_on_the_callers_thread(self) -> None:
        before = threads()
        with weir.Runtime(polled=True) as runtime, weir.Queue() as queue, weir.Plan(ONE_STEP) as plan:
            self.assertTrue(runtime.polled)
            self.assertIsNone(runtime.poll())
            weir.Run(runtime, plan, queue)
            events: list[weir.Event] = []
            while not any(event.kind == weir.EventKind.RUN_FINISHED for event in events):
                runtime.poll()
                for event in queue.drain():
                    events.append(event)
                    if event.kind == weir.EventKind.STEP_STARTED:
                        weir.Step(event).finish()
            self.assertEqual(events[-1].outcome, weir.Outcome.SUCCEEDED)
            self.assertEqual(threads(), before)

    def test_polling_tells_the_time_until_the_next_timer(self) -> None:
        with weir.Runtime(polled=True) as runtime, weir.Queue() as queue, weir.Scope(runtime, queue) as scope:
            scope.lane().arrive_nowait(scope.barrier("gate", parties=2), 1, timeout=60)
            until = runtime.poll()
            self.assertIsNotNone(until)
            self.assertTrue(50 < (until or 0) <= 60, until)

    def test_hours_pass_in_no_time_on_a_virtual_clock(self) -> None:
        with weir.Runtime(polled=True, clock=weir.Clock.VIRTUAL) as runtime, weir.Queue() as queue:
            with weir.Plan(ONE_STEP) as plan:
                weir.Run(runtime, plan, queue, simulation={"default_ms": 7_200_000})
            events: list[weir.Event] = []
            while not events or events[-1].kind != weir.EventKind.RUN_FINISHED:
                runtime.poll()
                events += queue.drain()
            self.assertEqual(events[-1].t_ns, 7_200_000_000_000)
