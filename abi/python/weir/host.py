# SPDX-License-Identifier: BSL-1.0
"""A host on asyncio: it drains one queue on its loop, wakes who waits, and carries out steps as tasks."""

from __future__ import annotations

import asyncio
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Awaitable, Callable, Mapping, Optional, Sequence, Union

from .barrier import DECISIONS, Barrier, Decision, Wait
from .errors import BadStateError, DecidedError, NotExpectedError, StaleError, refusal
from .events import BARRIER, FLAGS, GENERATION, KIND, OUTCOME, TAG, Event, decoded
from .gate import Gate, SlotCancelled
from .numbers import EventFlag, EventKind, Outcome, Status
from .plan import Plan
from .queue import Queue
from .run import Intervene, Intervention, Run, RunOptions, Step, answer
from .runtime import Runtime
from .scope import Lane, Scope

if TYPE_CHECKING:
    from typing_extensions import Unpack  # every type checker has it

StepHandler = Callable[[Step], Awaitable[Optional[Mapping[str, Any]]]]
Steps = Union[StepHandler, Mapping[str, StepHandler]]

_NO_STEPS: Mapping[str, StepHandler] = MappingProxyType({})
_DONE = int(EventKind.BARRIER_DONE)
_LATE = int(EventFlag.LATE)
_BATCHES = 8  # then others of the loop have their turn


class Host:
    """`async with weir.Host() as host:` is all that an asyncio program needs: a runtime, and a queue that is drained
    while the loop runs. No thread waits for it. At the end runs are cancelled, scopes closed, and all that they still
    tell is taken.

    `runtime` is used and left alone; without it the host makes one of its own. (A polled one is polled by the program.)
    `on_event` is called for every event, in order, on the loop; `json` asks for their JSON. All methods belong to the
    loop's thread.
    """

    def __init__(
        self,
        *,
        runtime: Optional[Runtime] = None,
        on_event: Optional[Callable[[Event], Any]] = None,
        json: bool = False,
    ) -> None:
        self.runtime = runtime or Runtime()
        self.queue = Queue(json=json)
        self.queue._host = self
        self.barriers: dict[int, Barrier] = {}
        self._own_runtime = runtime is None
        self._on_event = on_event
        self._waits: dict[int, Wait] = {}
        self._promised: dict[int, asyncio.Future[Event]] = {}
        self._next_tag = 1 << 62  # below are the program's own, of arrive_nowait
        self._scopes: dict[int, tuple[Scope, asyncio.Future[None]]] = {}
        self._runs: dict[int, tuple[Run, asyncio.Future[Outcome], Steps]] = {}
        self._steps: dict[int, asyncio.Task[Any]] = {}
        self._interveners: dict[int, Intervene] = {}
        self._asked: dict[tuple[int, str], tuple[Intervention, asyncio.Task[Any]]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._reactions: dict[int, Callable[[Event], None]] = {
            **dict.fromkeys(DECISIONS, self._decided),
            EventKind.BARRIER_COMPLETING: self._completing,
            EventKind.SLOT_DONE: self._answered,
            EventKind.SNAPSHOT: self._answered,
            EventKind.STEP_STARTED: self._step_started,
            EventKind.STEP_CANCEL: self._step_cancel,
            EventKind.INTERVENTION_WANTED: self._intervention_wanted,
            EventKind.INTERVENTION_CLOSED: self._intervention_closed,
            EventKind.CONTROL: self._controlled,
            EventKind.RUN_FINISHED: self._run_finished,
            EventKind.SCOPE_CLOSED: self._scope_closed,
        }
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._descriptor = -1

    # --- what it offers

    def scope(self, name: str = "", *, tag: int = 0, sequential: bool = False) -> Scope:
        """Opens a root scope."""
        return Scope(self.runtime, self.queue, name, tag=tag, sequential=sequential)

    def start(
        self,
        plan: Plan,
        steps: Steps = _NO_STEPS,
        *,
        intervene: Optional[Intervene] = None,
        **how: Unpack[RunOptions],
    ) -> Run:
        """Starts a run; the other arguments are those of weir.Run. `steps` has an async function for each type of step,
        or is one for all: it gets a weir.Step and gives its outputs, a mapping or None. To raise fails the step; to be
        cancelled, as it is when the run says so, cancels it; StepEnded ends it as it says.

        `intervene` is an async function that is asked about failures for which the document wants a person: it gets an
        Intervention and gives an action, such as "retry", as weir_run_intervene has them. If it gives None, or raises, or
        what it gives cannot be done, nobody will answer, and what the document says for that is done. It is cancelled when
        it is not wanted any more."""
        finished = self._running().create_future()
        run = Run(self.runtime, plan, self.queue, **how)
        run._host, run._finished = self, finished
        self._runs[run.handle] = (run, finished, steps)
        if intervene is not None:
            self._interveners[run.handle] = intervene
        return run

    async def run(
        self,
        plan: Plan,
        steps: Steps = _NO_STEPS,
        *,
        intervene: Optional[Intervene] = None,
        **how: Unpack[RunOptions],
    ) -> Outcome:
        """Runs a plan to its end, as `start` does. A task that is cancelled here cancels the run and waits for its end."""
        run = self.start(plan, steps, intervene=intervene, **how)
        try:
            return await run.wait()
        except asyncio.CancelledError:
            if run.handle in self._runs:
                _cancel(run, "the host's task was cancelled")
                await asyncio.wait([self._runs[run.handle][1]])
            raise

    async def close(self) -> None:
        """Cancels runs, closes scopes, waits until all is told, and ends queue and runtime."""
        for run, _, _ in self._runs.values():
            _cancel(run, "the host is closing")
        for scope, _ in list(self._scopes.values()):
            scope.__exit__()
        while self._runs or self._scopes:
            await asyncio.wait([ended for _, ended in self._scopes.values()] + [run[1] for run in self._runs.values()])
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._detach()
        self.queue.close()
        if self._own_runtime:
            self.runtime.close()

    async def __aenter__(self) -> Host:
        self._attach(asyncio.get_running_loop())
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self.queue.closed:
            await self.close()

    # --- arrivals

    async def arrive(self, lane: Lane, barrier: Barrier, value: Any, timeout: Optional[float]) -> Decision:
        tag = self._next_tag
        wait = Wait(self._running().create_future())
        lane.arrive_nowait(barrier, tag, value=value, timeout=timeout)
        self._next_tag = tag + 1
        self._waits[tag] = wait
        return await self._told((lane,), barrier, wait)

    async def arrive_together(self, lanes: Sequence[Lane], barrier: Barrier) -> Decision:
        tags = range(self._next_tag, self._next_tag + len(lanes))
        future = self._running().create_future()
        accepted, status = barrier._arrive(lanes, tags)
        wait = Wait(future, accepted)
        self._next_tag = tags.stop
        self._waits.update(dict.fromkeys(tags[:accepted], wait))
        if accepted == len(lanes):
            return await self._told(lanes, barrier, wait)
        await self._take_back(lanes[:accepted], barrier, wait)
        raise refusal(status)

    async def take_slot(self, lane: Lane, gate: Gate) -> None:
        tag, got = self._promise()
        lane.take_slot_nowait(gate, tag)
        self._promised[tag] = got
        try:
            event = await asyncio.shield(got)
        except asyncio.CancelledError:
            try:
                lane.give_slot(gate)
            except (BadStateError, StaleError):
                pass  # the lane has ended
            if not got.done():
                await asyncio.wait([got])
            raise
        if event.outcome != Outcome.SUCCEEDED:
            raise SlotCancelled

    async def snapshot(self, run: Run) -> dict[str, Any]:
        tag, got = self._promise()
        run.snapshot_nowait(tag)
        self._promised[tag] = got
        either: list[asyncio.Future[Any]] = [got, self._runs[run.handle][1]]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not got.done():
            del self._promised[tag]
            raise StaleError(Status.STALE, "the run has ended before its picture was taken")
        return got.result().details

    def _promise(self) -> tuple[int, asyncio.Future[Event]]:
        """A tag, and what the event with it will be handed to once the call has been accepted."""
        tag = self._next_tag
        self._next_tag += 1
        return tag, self._running().create_future()

    async def _told(self, lanes: Sequence[Lane], barrier: Barrier, wait: Wait) -> Decision:
        try:
            await wait.future
        except asyncio.CancelledError:
            await self._take_back(lanes, barrier, wait)
            raise
        return wait.result()

    async def _take_back(self, lanes: Sequence[Lane], barrier: Barrier, wait: Wait) -> None:
        """Each accepted arrival still gets its one event, and the lane is free for another only then."""
        if not wait.left:
            return
        for lane in lanes:
            try:
                lane.retract(barrier)
            except (DecidedError, NotExpectedError, StaleError):
                pass  # its event is on its way
        wait.future = self._running().create_future()
        await wait.future

    # --- events

    def _attach(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._loop is not None:
            raise BadStateError(Status.BAD_STATE, "this host is or was in use: make another")
        self._loop = loop
        self._descriptor = self.queue.fileno()
        self.queue._consumer.acquire()
        loop.add_reader(self._descriptor, self._readable)
        self._readable()

    def _detach(self) -> None:
        if self._descriptor >= 0:
            self._running().remove_reader(self._descriptor)
            self._descriptor = -1
            self.queue._consumer.release()

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            raise BadStateError(Status.BAD_STATE, "this host drains no queue yet: async with weir.Host()")
        return self._loop

    def _readable(self) -> None:
        for _ in range(_BATCHES):
            if self._descriptor < 0 or not self._dispatch():
                return
        self._running().call_soon(self._readable)

    def _dispatch(self) -> bool:
        """Takes a batch; False when there was nothing, after which the descriptor tells of the next event."""
        some = False
        for record in self.queue._take():
            some = True
            if record[KIND] == _DONE:
                self._arrival_done(record)
                if self._on_event is None:
                    continue
            self._tell(decoded(record))
        return some

    def _tell(self, event: Event) -> None:
        for take in (self._on_event, self._reactions.get(event.kind)):
            if take is None:
                continue
            try:
                take(event)
            except Exception as error:  # else the rest of the batch were lost
                self._complain(f"{event.kind} was taken badly", error)

    def _arrival_done(self, record: tuple[Any, ...]) -> None:
        wait = self._waits.pop(record[TAG], None)
        if wait is None:
            return
        barrier = self.barriers.get(record[BARRIER])
        decision = barrier._decided if barrier else None
        generation = record[GENERATION]
        late = bool(record[FLAGS] & _LATE)
        if decision is None or decision.generation != generation:
            decision = Decision(generation, None, late)
        elif late:
            decision = Decision(generation, decision._event, late)
        wait.told(record[OUTCOME], decision)

    def _answered(self, event: Event) -> None:
        got = self._promised.pop(event.tag, None)
        if got is not None and not got.done():
            got.set_result(event)

    def _decided(self, event: Event) -> None:
        barrier = self.barriers.get(event.barrier)
        if barrier is not None:
            barrier._decided = Decision(event.generation, event)

    def _completing(self, event: Event) -> None:
        barrier = self.barriers.get(event.barrier)
        if barrier is not None and barrier._completion is not None:
            task = self._task(partial(barrier._completion, barrier, event.generation))
            task.add_done_callback(partial(self._completed, barrier, event.generation))

    def _completed(self, barrier: Barrier, generation: int, task: asyncio.Task[Any]) -> None:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self._complain(f"the completion of {barrier!r} raised", error)
        good = error is None and not task.cancelled()
        try:
            barrier.complete(generation, Outcome.SUCCEEDED if good else Outcome.FAILED)
        except (DecidedError, StaleError):
            pass  # it broke meanwhile

    def _step_started(self, event: Event) -> None:
        known = self._runs.get(event.run)
        if known is None or not event.step:
            return  # a run that somebody else started on this queue, or a simulated step
        step = Step(event)
        steps = known[2]
        handler = steps if callable(steps) else steps.get(step.type)
        if handler is None:
            step.finish(Outcome.FAILED, None, f"this host carries out no steps of type {step.type}")
            return
        task = self._task(partial(handler, step))
        self._steps[step.handle] = task
        task.add_done_callback(partial(self._step_ended, step))

    def _step_cancel(self, event: Event) -> None:
        task = self._steps.get(event.step)
        if task is not None:
            task.cancel()

    def _step_ended(self, step: Step, task: asyncio.Task[Any]) -> None:
        del self._steps[step.handle]
        answer(step, task)

    def _intervention_wanted(self, event: Event) -> None:
        handler = self._interveners.get(event.run)
        if handler is None:
            return
        wanted = Intervention.of(event)
        task = self._task(partial(handler, wanted))
        self._asked[event.run, event.path] = wanted, task
        task.add_done_callback(partial(self._intervened, self._runs[event.run][0], wanted))

    def _intervention_closed(self, event: Event) -> None:
        _, task = self._asked.pop((event.run, event.path), (None, None))
        if task is not None:
            task.cancel()

    def _intervened(self, run: Run, wanted: Intervention, task: asyncio.Task[Any]) -> None:
        asked, _ = self._asked.get((run.handle, wanted.path), (None, None))
        if asked is not wanted:
            return  # it is over
        error = None if task.cancelled() else task.exception()
        answer = None if task.cancelled() or error is not None else task.result()
        try:
            if answer is not None:
                run.intervene(wanted.path, answer, wanted.attempt)
                return  # if it cannot be done, a CONTROL says so
        except Exception as refused:  # it is no text, or none that the library takes
            error = refused
        self._nobody_answers(run, wanted, str(error) if error is not None else "")

    def _controlled(self, event: Event) -> None:
        told = event.details
        wanted, task = self._asked.get((event.run, told.get("target", "")), (None, None))
        if wanted is not None and task is not None and task.done() and event.outcome == Outcome.FAILED:
            if told.get("action") == "intervene":
                self._nobody_answers(self._runs[event.run][0], wanted, told.get("message", ""))

    def _nobody_answers(self, run: Run, wanted: Intervention, why: str) -> None:
        try:
            said = why.encode(errors="replace").replace(b"\0", b" ").decode()
            run.intervene(wanted.path, "on_timeout", wanted.attempt, said)
        except StaleError:
            pass

    def _run_finished(self, event: Event) -> None:
        self._interveners.pop(event.run, None)
        for key in [key for key in self._asked if key[0] == event.run]:
            self._asked.pop(key)[1].cancel()
        known = self._runs.pop(event.run, None)
        if known is not None and not known[1].done():
            known[1].set_result(event.outcome or Outcome.FAILED)

    def promise(self) -> asyncio.Future[None]:
        return self._running().create_future()

    def adopt(self, scope: Scope, ended: asyncio.Future[None]) -> None:
        """Takes note of a scope, and of what is done when it has closed."""
        self._scopes[scope.handle] = (scope, ended)

    def _scope_closed(self, event: Event) -> None:
        scope, ended = self._scopes.pop(event.scope)
        for handle in scope._barriers:
            self.barriers.pop(handle, None)
        if not ended.done():
            ended.set_result(None)

    def _task(self, work: Callable[[], Awaitable[Any]]) -> asyncio.Task[Any]:
        async def carried_out() -> Any:
            return await work()

        task = self._running().create_task(carried_out())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _complain(self, what: str, error: BaseException) -> None:
        self._running().call_exception_handler({"message": f"weir.Host: {what}", "exception": error})


def _cancel(run: Run, why: str) -> None:
    try:
        run.cancel(why)
    except StaleError:
        pass  # it has finished, and RUN_FINISHED is on its way
