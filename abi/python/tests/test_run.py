# SPDX-License-Identifier: BSL-1.0
"""Runs: steps by hand without asyncio, and by async functions of a host."""

from __future__ import annotations

import asyncio
import unittest
from functools import partial
from typing import Any, Mapping, Optional

import weir

from .support import ONE_STEP, until

ASKING = ONE_STEP.replace(
    "identifier: go",
    """identifier: go
                  failureStrategies:
                    - onFailure:
                        errors: [AllErrors]
                        action:
                          type: ManualIntervention
                          spec: {timeout: 1h, onTimeout: {action: {type: Abort}}}""",
)
LOOP = ONE_STEP.replace("type: Task", "type: Task\n                  strategy:\n                    parallelism: 4")


class ByHand(unittest.TestCase):
    def setUp(self) -> None:
        self.runtime = weir.Runtime(workers=1)
        self.queue = weir.Queue()
        self.plan = weir.Plan(ONE_STEP)

    def tearDown(self) -> None:
        self.plan.close()
        self.queue.close()
        self.runtime.close()

    def asked(self, **how: Any) -> tuple[weir.Run, weir.Step]:
        run = weir.Run(self.runtime, self.plan, self.queue, **how)
        events = until(self.queue, lambda event: event.kind == weir.EventKind.STEP_STARTED)
        (step,) = (weir.Step(event) for event in events if event.kind == weir.EventKind.STEP_STARTED)
        return run, step

    def end(self) -> tuple[list[weir.Event], Optional[weir.Outcome]]:
        events = until(self.queue, lambda event: event.kind == weir.EventKind.RUN_FINISHED)
        return events, events[-1].outcome

    def test_a_step_is_what_the_document_says(self) -> None:
        run, step = self.asked(tag=5)
        self.assertEqual((step.path, step.type, step.id, step.name, step.attempt), ("only/go", "Task", "go", "Go", 1))
        self.assertEqual(step.spec, {"answer": 42})
        step.finish(outputs={"made": "x"})
        self.assertRaises(weir.StaleError, step.finish)
        events, outcome = self.end()
        self.assertEqual((outcome, {event.tag for event in events}), (weir.Outcome.SUCCEEDED, {5}))
        self.assertEqual({event.run for event in events}, {run.handle})
        self.assertRaises(weir.StaleError, run.cancel)

    def test_every_outcome_of_a_step(self) -> None:
        ends = {weir.Outcome.FAILED: weir.Outcome.FAILED, weir.Outcome.SKIPPED: weir.Outcome.SUCCEEDED}
        for outcome, end in ends.items():
            _, step = self.asked()
            self.assertRaises(weir.InvalidArgumentError, step.finish, weir.Outcome.IGNORED_FAILURE)
            step.finish(outcome, message="why")
            self.assertEqual(self.end()[1], end)

    def test_a_person_is_asked_and_answers(self) -> None:
        wanted, control = weir.EventKind.INTERVENTION_WANTED, weir.EventKind.CONTROL
        with weir.Plan(ASKING) as plan:
            self.plan, whole = plan, self.plan
            for action, outcome in (("mark_as_success", weir.Outcome.SUCCEEDED), ("abort", weir.Outcome.CANCELLED)):
                run, step = self.asked()
                step.finish(weir.Outcome.FAILED, message="no luck")
                question = until(self.queue, lambda event: event.kind == wanted)[-1]
                self.assertEqual((question.path, question.attempt), ("only/go", 1))
                run.intervene(question.path, action, question.attempt + 1)  # meant for another try
                answer = until(self.queue, lambda event: event.kind == control)[-1]
                self.assertEqual(answer.outcome, weir.Outcome.FAILED)
                run.intervene(question.path, action, question.attempt, "an operator")
                events, ended = self.end()
                self.assertEqual(ended, outcome)
                self.assertIn("an operator", [event.details.get("why") for event in events if event.kind == control])
            self.plan = whole

    def test_a_run_is_cancelled(self) -> None:
        run, step = self.asked()
        run.cancel("no need")
        until(self.queue, lambda event: event.kind == weir.EventKind.STEP_CANCEL and event.step == step.handle)
        step.finish(weir.Outcome.CANCELLED)
        self.assertEqual(self.end()[1], weir.Outcome.CANCELLED)

    def test_a_run_is_paused_and_goes_on(self) -> None:
        run, step = self.asked()
        run.pause("lunch")
        step.progress({"percent": 50})
        until(self.queue, lambda event: event.kind == weir.EventKind.STEP_PROGRESS and event.details["percent"] == 50)
        step.progress()
        run.resume()
        step.finish()
        self.assertEqual(self.end()[1], weir.Outcome.SUCCEEDED)

    def test_a_step_of_which_nothing_is_heard_times_out(self) -> None:
        _, step = self.asked(heartbeat=0.001, grace=0.001)
        self.assertEqual(self.end()[1], weir.Outcome.TIMED_OUT)
        self.assertRaises(weir.StaleError, step.finish)

    def test_control_of_what_is_not_there_is_refused_in_an_event(self) -> None:
        run, step = self.asked()
        for ask in (
            partial(run.break_barrier, "nowhere", "why"),
            partial(run.release_barrier, "nowhere"),
            partial(run.set_concurrency, "nowhere", 2),
        ):
            ask()
            events = until(self.queue, lambda event: event.kind == weir.EventKind.CONTROL)
            self.assertEqual(events[-1].outcome, weir.Outcome.FAILED)
        run.snapshot_nowait(77)
        events = until(self.queue, lambda event: event.kind == weir.EventKind.SNAPSHOT)
        self.assertEqual(events[-1].tag, 77)
        step.finish()
        self.end()

    def test_a_simulation_that_is_none(self) -> None:
        with self.assertRaises(weir.NotJsonError):
            weir.Run(self.runtime, self.plan, self.queue, simulation={"default_ms": "soon"})


class ByHandlers(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.events: list[weir.Event] = []
        self.plan = weir.Plan(ONE_STEP)
        self.host = await weir.Host(runtime=None, on_event=self.events.append).__aenter__()

    async def asyncTearDown(self) -> None:
        await self.host.close()
        self.plan.close()

    def kinds(self) -> list[weir.EventKind]:
        return [event.kind for event in self.events]

    async def test_an_async_function_carries_out_a_step(self) -> None:
        async def task(step: weir.Step) -> Mapping[str, Any]:
            await asyncio.sleep(0)
            return {"got": step.spec["answer"]}

        self.assertEqual(await self.host.run(self.plan, {"Task": task}), weir.Outcome.SUCCEEDED)
        self.assertEqual(await self.host.run(self.plan, task), weir.Outcome.SUCCEEDED)

    async def test_what_it_raises_fails_the_step(self) -> None:
        async def task(step: weir.Step) -> None:
            raise KeyError("gone\0" + "\ud800")

        self.assertEqual(await self.host.run(self.plan, {"Task": task}), weir.Outcome.FAILED)

    async def test_it_ends_the_step_as_it_says(self) -> None:
        async def task(step: weir.Step) -> None:
            raise weir.StepEnded(weir.Outcome.SKIPPED, "nothing to do")

        self.assertEqual(await self.host.run(self.plan, {"Task": task}), weir.Outcome.SUCCEEDED)
        ended = [event.outcome for event in self.events if event.kind == weir.EventKind.STEP_FINISHED]
        self.assertEqual(ended, [weir.Outcome.SKIPPED])

    async def test_outputs_that_are_none_fail_the_step_and_no_more(self) -> None:
        for wrong in (7, [1], {"x": object()}, {"x": float("nan")}):

            async def task(step: weir.Step, given: Any = wrong) -> Any:
                return given

            self.assertEqual(await self.host.run(self.plan, {"Task": task}), weir.Outcome.FAILED)

    async def test_a_type_that_nobody_carries_out_fails(self) -> None:
        self.assertEqual(await self.host.run(self.plan), weir.Outcome.FAILED)

    async def test_to_cancel_the_task_cancels_the_run_and_its_steps(self) -> None:
        started, ended = asyncio.Event(), asyncio.Event()

        async def task(step: weir.Step) -> None:
            started.set()
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                ended.set()

        running = asyncio.ensure_future(self.host.run(self.plan, {"Task": task}))
        await started.wait()
        running.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await running
        self.assertTrue(ended.is_set())
        last = self.events[-1]
        self.assertEqual((last.kind, last.outcome), (weir.EventKind.RUN_FINISHED, weir.Outcome.CANCELLED))

    async def test_a_step_cancelled_before_its_task_began_is_answered(self) -> None:
        async def task(step: weir.Step) -> None:
            raise AssertionError("never reached")

        run = self.host.start(self.plan, {"Task": task})
        original = self.host._task

        def cancelled_at_once(work: Any) -> Any:
            made = original(work)
            made.cancel()
            return made

        self.host._task = cancelled_at_once  # type: ignore[method-assign]
        self.assertEqual(await asyncio.wait_for(run.wait(), 30), weir.Outcome.CANCELLED)

    async def test_a_function_answers_interventions(self) -> None:
        told: list[weir.Intervention] = []
        ended: list[str] = []

        async def fail(step: weir.Step) -> None:
            raise RuntimeError("no luck")

        def answering(action: Any) -> weir.Intervene:
            async def answer(wanted: weir.Intervention) -> Optional[str]:
                told.append(wanted)
                if isinstance(action, Exception):
                    raise action
                given: Optional[str] = action
                return given

            return answer

        async def waits(wanted: weir.Intervention) -> Optional[str]:
            run.intervene(wanted.path, "mark_as_success", wanted.attempt, "somebody else")
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                ended.append(wanted.path)
            return None

        with weir.Plan(ASKING) as plan:
            for action, end in (
                ("mark_as_success", weir.Outcome.SUCCEEDED),
                (None, weir.Outcome.CANCELLED),  # on the document's timeout: Abort
                ("misspelt", weir.Outcome.CANCELLED),
                (5, weir.Outcome.CANCELLED),
                (RuntimeError("nobody \0 is there"), weir.Outcome.CANCELLED),
            ):
                walk = self.host.run(plan, fail, intervene=answering(action))
                self.assertEqual(await asyncio.wait_for(walk, 30), end, action)
                self.assertEqual(told.pop(), ("only/go", 1, "Unknown", "no luck", 3600))
            run = self.host.start(plan, fail, intervene=waits)
            self.assertEqual(await asyncio.wait_for(run.wait(), 30), weir.Outcome.SUCCEEDED)
            self.assertEqual(ended, ["only/go"])
        self.assertEqual((self.host._asked, self.host._interveners), ({}, {}))

    async def test_a_step_that_will_not_end_gets_no_more_than_the_grace(self) -> None:
        asked = 0
        held = asyncio.Event()

        async def task(step: weir.Step) -> None:
            nonlocal asked
            while asked < 2:
                try:
                    held.set()
                    await asyncio.get_running_loop().create_future()
                except asyncio.CancelledError:
                    asked += 1

        run = self.host.start(self.plan, {"Task": task}, grace=0.01)
        await held.wait()
        run.cancel()
        self.assertEqual(await run.wait(), weir.Outcome.CANCELLED)
        hard = [event.hard for event in self.events if event.kind == weir.EventKind.STEP_CANCEL]
        self.assertEqual((asked, hard), (2, [False, True]))

    async def test_a_snapshot_tells_what_is_under_way(self) -> None:
        started, done = asyncio.Event(), asyncio.Event()

        async def task(step: weir.Step) -> None:
            started.set()
            await done.wait()

        run = self.host.start(self.plan, {"Task": task})
        await started.wait()
        self.assertIn("only/go", str(await run.snapshot()))
        done.set()
        await run.wait()
        with self.assertRaises(weir.StaleError):
            await run.snapshot()

    async def test_a_snapshot_at_the_end_comes_or_says_that_it_is_too_late(self) -> None:
        release = asyncio.Event()

        async def task(step: weir.Step) -> None:
            await release.wait()

        for _ in range(50):
            release.clear()
            run = self.host.start(self.plan, {"Task": task})
            while weir.EventKind.STEP_STARTED not in self.kinds():
                await asyncio.sleep(0)
            self.events.clear()
            release.set()
            await asyncio.sleep(0)
            results = await asyncio.gather(*(run.snapshot() for _ in range(3)), return_exceptions=True)
            for result in results:
                self.assertIsInstance(result, (dict, weir.StaleError))
            await run.wait()
        self.assertEqual(self.host._promised, {})

    async def test_instances_of_a_loop_run_side_by_side(self) -> None:
        together = asyncio.Event()
        here: list[str] = []

        async def task(step: weir.Step) -> None:
            here.append(step.path)
            if len(here) == 4:
                together.set()
            await together.wait()

        with weir.Plan(LOOP) as plan:
            self.assertEqual(await asyncio.wait_for(self.host.run(plan, {"Task": task}), 30), weir.Outcome.SUCCEEDED)
        self.assertEqual(len(set(here)), 4)

    async def test_close_ends_what_goes_on(self) -> None:
        started = asyncio.Event()

        async def task(step: weir.Step) -> None:
            started.set()
            await asyncio.get_running_loop().create_future()

        async with weir.Host() as host:
            run = host.start(self.plan, {"Task": task})
            await started.wait()
        self.assertEqual(await run.wait(), weir.Outcome.CANCELLED)

    async def test_an_observer_that_raises_is_reported_and_nothing_else(self) -> None:
        told: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["exception"]))

        def observe(event: weir.Event) -> None:
            raise ZeroDivisionError

        async with weir.Host(on_event=observe) as host:
            self.assertEqual(await host.run(self.plan, simulation={"default_ms": 0}), weir.Outcome.SUCCEEDED)
        self.assertGreater(len(told), 3)
        self.assertEqual({type(error) for error in told}, {ZeroDivisionError})

    async def test_a_run_of_nobodys_is_not_awaited(self) -> None:
        run = weir.Run(self.host.runtime, self.plan, self.host.queue, simulation={"default_ms": 0})
        with self.assertRaises(weir.BadStateError):
            await run.wait()
        with self.assertRaises(weir.BadStateError):
            await run.snapshot()
        while weir.EventKind.RUN_FINISHED not in self.kinds():
            await asyncio.sleep(0.001)
