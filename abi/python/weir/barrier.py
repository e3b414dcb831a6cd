# SPDX-License-Identifier: BSL-1.0
"""Barriers of a host's own control flow, what they decide, and how those who waited are told."""

from __future__ import annotations

import asyncio
import ctypes
from typing import TYPE_CHECKING, Any, Awaitable, Callable, Optional, Sequence

from . import _abi
from ._calls import check, count, described, made, nanoseconds, options, text
from ._library import lib
from .events import Event
from .numbers import EventKind, Outcome, Reason

if TYPE_CHECKING:
    from .scope import Lane, Scope

_CYCLIC = 1
_STRAGGLERS_FAIL = 2
_COMPLETES = 4

Completion = Callable[["Barrier", int], Awaitable[Any]]


class Decision:
    """How one generation of a barrier was decided: told once, and shared by all who waited."""

    __slots__ = ("_event", "_details", "generation", "late")

    def __init__(self, generation: int, event: Optional[Event], late: bool = False) -> None:
        self.generation = generation
        self.late = late  # it fell before this arrival came
        self._event = event
        self._details: Optional[dict[str, Any]] = None

    @property
    def details(self) -> dict[str, Any]:
        if self._details is None:
            self._details = self._event.details if self._event else {}
        return self._details

    @property
    def barrier(self) -> str:
        return self._event.path if self._event else ""

    @property
    def reason(self) -> Reason:
        """Why it broke; of a release, BY_HAND or NONE."""
        return self._event.reason if self._event else Reason.NONE

    @property
    def arrived(self) -> int:
        return self._event.arrived if self._event else 0

    @property
    def values(self) -> dict[str, Any]:
        """What lanes that arrived handed over, by their paths, in the order in which they were expected."""
        values: dict[str, Any] = self.details.get("values", {})
        return values

    @property
    def culprit(self) -> Optional[str]:
        """The path of the lane that is to blame for a break."""
        return self.details.get("culprit")

    @property
    def message(self) -> Optional[str]:
        """Of a deadlock: who waits for whom."""
        return self.details.get("message")

    @property
    def missing(self) -> list[str]:
        """The paths of the lanes that had not arrived when it broke."""
        missing: list[str] = self.details.get("missing", [])
        return missing

    def __repr__(self) -> str:
        return f"<weir.Decision {self.barrier} {self.generation}{' late' if self.late else ''}>"


class NotReleased(Exception):
    """An arrival that did not end with the barrier's release."""

    def __init__(self, decision: Optional[Decision]) -> None:
        super().__init__(decision)
        self.decision = decision


class BarrierBroken(NotReleased):
    """The barrier broke, for all alike."""

    decision: Decision

    @property
    def reason(self) -> Reason:
        return self.decision.reason

    @property
    def culprit(self) -> Optional[str]:
        return self.decision.culprit

    @property
    def missing(self) -> list[str]:
        return self.decision.missing

    def __str__(self) -> str:
        blame = f" by {self.culprit}" if self.culprit else ""
        return f"barrier {self.decision.barrier!r} broken{blame}: {self.reason}"


class ArrivalTimedOut(NotReleased, TimeoutError):
    """This arrival's own patience ended; the barrier's quorum can do without it."""


class ArrivalCancelled(NotReleased):
    """The arrival was taken back, or its lane ended."""


class Barrier:
    """Where lanes meet: Scope.barrier makes one. It decides nothing before `open`, unless it was given `parties`."""

    __slots__ = ("_handle", "_scope", "_name", "_decided", "_completion")

    def __init__(self, scope: Scope, name: str, handle: int, completion: Optional[Completion] = None) -> None:
        self._scope = scope
        self._name = name
        self._handle = handle
        self._decided: Optional[Decision] = None
        self._completion = completion

    @property
    def handle(self) -> int:
        """As in `Event.barrier`."""
        return self._handle

    @property
    def name(self) -> str:
        return self._name

    def open(self) -> None:
        """From here on it may decide: whoever is known from the start has been expected."""
        check(lib.weir_barrier_open(self._handle))

    def reserve(self, places: int = 1) -> None:
        """Holds places for parties that are not known yet: until `settle` nobody is released."""
        check(lib.weir_barrier_reserve(self._handle, count(places)))

    def settle(self, places: int = 1) -> None:
        """Gives places up again, once those who have become known are expected."""
        check(lib.weir_barrier_settle(self._handle, count(places)))

    def release(self) -> None:
        """Decides by hand: those who wait go on."""
        check(lib.weir_barrier_release(self._handle))

    def break_(self) -> None:
        """Decides by hand: it breaks for all."""
        check(lib.weir_barrier_break(self._handle))

    def complete(self, generation: int, outcome: Outcome = Outcome.SUCCEEDED) -> None:
        """Answers BARRIER_COMPLETING: SUCCEEDED releases all, any other outcome breaks the barrier."""
        check(lib.weir_barrier_complete(self._handle, count(generation), outcome))

    def describe(self) -> str:
        """Where it stands, who has arrived and who is missing, as JSON."""
        return described(lib.weir_barrier_describe, self._handle)

    def arrive_nowait(self, lanes: Sequence[Lane], tags: Sequence[int]) -> int:
        """Many lanes arrive by one call; each gets one BARRIER_DONE with its tag. Gives how many were accepted, in
        order: fewer than all when one was refused. The refusal is raised when it is the first one's."""
        accepted, status = self._arrive(lanes, tags)
        if not accepted:
            check(status)
        return accepted

    def _arrive(self, lanes: Sequence[Lane], tags: Sequence[int]) -> tuple[int, int]:
        """How many were accepted, and the status of the first that was not."""
        count, accepted = len(lanes), ctypes.c_uint32()
        if not count or len(tags) != count:
            raise ValueError("some lanes, and a tag for each")
        many = ctypes.c_uint64 * count
        handles = many(*[lane.handle for lane in lanes])
        status = lib.weir_lanes_arrive(handles, many(*tags), count, self._handle, ctypes.byref(accepted))
        return accepted.value, status

    async def arrive(self, lanes: Sequence[Lane]) -> Decision:
        """Many lanes arrive by one call, and all are waited for, as Lane.arrive does for one. When one is refused, the
        others are taken back."""
        return await self._scope.host.arrive_together(lanes, self)

    def __repr__(self) -> str:
        return f"<weir.Barrier {self._name}>"


def declared(
    scope: Scope,
    name: str,
    *,
    parties: int,
    quorum: int,
    cyclic: bool,
    stragglers_fail: bool,
    timeout: Optional[float],
    tag: int,
    completes: bool,
    completion: Optional[Completion],
) -> Barrier:
    how = options(
        _abi.BarrierOptions,
        flags=_CYCLIC * cyclic | _STRAGGLERS_FAIL * stragglers_fail | _COMPLETES * bool(completes or completion),
        parties=parties,
        quorum=quorum,
        timeout_ns=nanoseconds(timeout, 0),
        tag=tag,
    )
    return Barrier(scope, name, made(lib.weir_barrier_declare, scope.handle, *text(name), how), completion)


class Wait:
    """Arrivals of one call: how many are still to be told, and how the first one ended that was not released."""

    __slots__ = ("future", "left", "outcome", "decision")

    def __init__(self, future: asyncio.Future[None], left: int = 1) -> None:
        self.future = future
        self.left = left
        self.outcome: int = Outcome.SUCCEEDED
        self.decision: Optional[Decision] = None

    def told(self, outcome: int, decision: Optional[Decision]) -> None:
        self.left -= 1
        if self.outcome == Outcome.SUCCEEDED:
            self.outcome = outcome
            self.decision = decision
        if not self.left and not self.future.done():
            self.future.set_result(None)

    def result(self) -> Decision:
        if self.outcome == Outcome.SUCCEEDED and self.decision:
            return self.decision
        if self.outcome == Outcome.FAILED:
            raise BarrierBroken(self.decision)
        if self.outcome == Outcome.TIMED_OUT:
            raise ArrivalTimedOut(self.decision)
        raise ArrivalCancelled(self.decision)


DECISIONS = (EventKind.BARRIER_RELEASED, EventKind.BARRIER_BROKEN, EventKind.BARRIER_VOIDED)
