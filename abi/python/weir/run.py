# SPDX-License-Identifier: BSL-1.0
"""Runs of plans, and the steps that they ask a host to carry out."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Awaitable, Callable, Mapping, NamedTuple, Optional, TypedDict

from . import _abi
from ._calls import check, count, json_text, made, nanoseconds, options, text
from ._library import lib
from .errors import BadStateError, StaleError
from .events import Event
from .numbers import Outcome, Status

if TYPE_CHECKING:
    from .host import Host
    from .plan import Plan
    from .queue import Queue
    from .runtime import Runtime

_SIMULATE = 1
_SLOTS_RELEASE = 2


class RunOptions(TypedDict, total=False):
    """What Run takes by name, for weir.Host."""

    id: Optional[str]
    tag: int
    grace: float
    heartbeat: float
    simulation: Optional[Mapping[str, Any]]
    slots_release: bool


class Run:
    """A run of a plan, under way from here on. RUN_FINISHED is the last of its events.

    `tag` is echoed in every event; `id` is the run's name in the events' JSON; `grace` is the time, in seconds, between
    a graceful and a hard STEP_CANCEL (0: the library's 10). A step of which nothing is heard for `heartbeat` seconds
    times out (0: none does). With `simulation`, as docs/simulate.md has it, no step goes
    to the host. With `slots_release` a loop's instance that waits gives its slot to the next, where the document does
    not say.
    """

    def __init__(
        self,
        runtime: Runtime,
        plan: Plan,
        queue: Queue,
        *,
        id: Optional[str] = None,
        tag: int = 0,
        grace: float = 0,
        heartbeat: float = 0,
        simulation: Optional[Mapping[str, Any]] = None,
        slots_release: bool = False,
    ) -> None:
        how = options(
            _abi.RunOptions,
            flags=_SIMULATE * (simulation is not None) | _SLOTS_RELEASE * slots_release,
            tag=tag,
            grace_ns=nanoseconds(grace, 0),
            heartbeat_ns=nanoseconds(heartbeat, 0),
            id=id,
            simulation=json.dumps(dict(simulation)) if simulation else None,
        )
        self._handle = made(lib.weir_run_start, runtime.handle, plan.handle, queue.handle, how)
        self._host: Optional[Host] = None
        self._finished: Optional[asyncio.Future[Outcome]] = None

    @property
    def handle(self) -> int:
        """As in `Event.run`."""
        return self._handle

    def cancel(self, why: str = "") -> None:
        """Nothing further starts, and what is under way is asked to end. StaleError once it has finished."""
        check(lib.weir_run_cancel(self._handle, *text(why)))

    def pause(self, why: str = "") -> None:
        """Nothing further starts until `resume`. A CONTROL event says what came of it, as of the next five calls."""
        check(lib.weir_run_pause(self._handle, *text(why)))

    def resume(self, why: str = "") -> None:
        check(lib.weir_run_resume(self._handle, *text(why)))

    def break_barrier(self, barrier: str, why: str = "") -> None:
        """Breaks a barrier of the document by hand; it is named by its identifier there."""
        check(lib.weir_run_break_barrier(self._handle, *text(barrier), *text(why)))

    def release_barrier(self, barrier: str, why: str = "") -> None:
        """Releases by hand who waits there, and lets the others pass."""
        check(lib.weir_run_release_barrier(self._handle, *text(barrier), *text(why)))

    def set_concurrency(self, path: str, concurrency: int) -> None:
        """How many instances of the loop at `path` run at once; 0: no limit."""
        check(lib.weir_run_set_concurrency(self._handle, *text(path), count(concurrency)))

    def intervene(self, path: str, action: str, attempt: int = 0, why: str = "") -> None:
        """Answers INTERVENTION_WANTED of the step at `path`: "retry", "ignore" and so on, as weir_run_intervene has them."""
        check(lib.weir_run_intervene(self._handle, *text(path), count(attempt), *text(action), *text(why)))

    def snapshot_nowait(self, tag: int) -> None:
        """Asks for a picture of the run: a SNAPSHOT event with this tag follows."""
        check(lib.weir_run_snapshot(self._handle, tag))

    async def snapshot(self) -> dict[str, Any]:
        """What is under way and what it waits for, as docs/events.md has it; of a run that weir.Host started."""
        if self._host is None:
            raise BadStateError(Status.BAD_STATE, "no weir.Host has started this run")
        return await self._host.snapshot(self)

    async def wait(self) -> Outcome:
        """How the run ended; of one that weir.Host started. To cancel this does not cancel the run."""
        if self._finished is None:
            raise BadStateError(Status.BAD_STATE, "no weir.Host has started this run")
        return await asyncio.shield(self._finished)


class Step:
    """What a run asks the host to carry out, as docs/steps.md has it. It is answered once, by `finish`."""

    __slots__ = ("handle", "path", "attempt", "type", "id", "name", "timeout", "spec")

    def __init__(self, event: Event) -> None:
        """Of a STEP_STARTED event."""
        what = event.details
        self.handle = event.step
        self.path: str = event.path
        self.attempt: int = event.attempt
        self.type: str = what["type"]
        self.id: str = what["id"]
        self.name: str = what["name"]
        self.timeout: Optional[float] = what["timeout_ms"] / 1000 if "timeout_ms" in what else None
        self.spec: dict[str, Any] = what.get("spec") or {}

    def finish(
        self,
        outcome: Outcome = Outcome.SUCCEEDED,
        outputs: Optional[Mapping[str, Any]] = None,
        message: str = "",
    ) -> None:
        """Answers. `outputs` is for later expressions, `message` is why it failed. Any thread may call.

        StaleError: it was answered before, or the time for an answer is over."""
        given = None if outputs is None else dict(outputs)
        check(lib.weir_step_finish(self.handle, outcome, *json_text(given), *text(message)))

    def progress(self, progress: Optional[Mapping[str, Any]] = None) -> None:
        """Says that it is alive, for the run's `heartbeat`; what is given is told in STEP_PROGRESS."""
        check(lib.weir_step_progress(self.handle, *json_text(None if progress is None else dict(progress))))

    def __repr__(self) -> str:
        return f"<weir.Step {self.path} {self.type}>"


class Intervention(NamedTuple):
    """A failure about which a person is to be asked."""

    path: str  # the step's
    attempt: int  # which try failed: 1 for the first
    kind: str  # of failure, as docs/failures.md has them
    message: str  # why it failed
    timeout: Optional[float]  # how long it may take, in seconds; then what the document says for that is done

    @classmethod
    def of(cls, event: Event) -> Intervention:
        """Of an INTERVENTION_WANTED event."""
        told = event.details
        timeout = told["timeout_ms"] / 1000 if "timeout_ms" in told else None
        return cls(event.path, event.attempt, told["error"]["kind"], told["error"]["message"], timeout)


Intervene = Callable[[Intervention], Awaitable[Optional[str]]]


class StepEnded(Exception):
    """Raised in a step's handler, ends the step with that outcome, such as Outcome.SKIPPED."""

    def __init__(self, outcome: Outcome, message: str = "") -> None:
        super().__init__(message)
        self.outcome = outcome


def answer(step: Step, task: asyncio.Task[Any]) -> None:
    """Answers for a step as its handler ended."""
    error = None if task.cancelled() else task.exception()
    if task.cancelled():
        _finish(step, Outcome.CANCELLED, None, "")
    elif isinstance(error, StepEnded):
        _finish(step, error.outcome, None, str(error))
    elif error is not None:
        _finish(step, Outcome.FAILED, None, str(error) or type(error).__name__)
    else:
        _finish(step, Outcome.SUCCEEDED, task.result(), "")


def _finish(step: Step, outcome: Outcome, outputs: Any, message: str) -> None:
    try:
        step.finish(outcome, outputs, message.encode(errors="replace").replace(b"\0", b" ").decode())
    except StaleError:
        pass  # the time for an answer is over
    except (TypeError, ValueError) as error:  # what it gave is no mapping, or no JSON; NotJsonError is a ValueError
        step.finish(Outcome.FAILED, None, f"{step.type} gave outputs that are not a JSON object: {error}")
