# SPDX-License-Identifier: BSL-1.0
"""Scopes and lanes: the control flow of a host that has its own, as far as barriers need to know it."""

from __future__ import annotations

import asyncio
import ctypes
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, AsyncIterator, Optional

from . import _abi
from ._calls import check, count, described, json_text, made, nanoseconds, options, text
from ._library import lib
from .barrier import Barrier, Completion, Decision, declared
from .errors import BadStateError, StaleError
from .gate import Gate
from .numbers import Outcome, Status

if TYPE_CHECKING:
    from .host import Host
    from .queue import Queue
    from .runtime import Runtime


_SEQUENTIAL = 1


class Scope:
    """Lanes and barriers that may meet; SCOPE_CLOSED is its last event. A root scope and those below it are one tree,
    which sends to one queue. A child sees its parents' barriers, never the reverse.

    `sequential` (of a root): a lane that waits does nothing else until it is told. To wait twice is a BusyError, and
    lanes that wait for each other in a circle are told so, with Reason.DEADLOCK, at the moment it is certain.

    `with` closes it at the end; `async with`, for a scope of a weir.Host, also waits until all is told.
    """

    def __init__(
        self,
        runtime: Runtime,
        queue: Queue,
        name: str = "",
        *,
        tag: int = 0,
        parent: Optional[Scope] = None,
        sequential: bool = False,
    ) -> None:
        ended = queue._host.promise() if queue._host else None
        above = parent.handle if parent else 0
        how = options(_abi.ScopeOptions, name=name, parent=above, tag=tag, flags=_SEQUENTIAL * sequential)
        self._handle = made(lib.weir_scope_open, runtime.handle, queue.handle, how)
        self._name = name
        self._runtime = runtime
        self._queue = queue
        self._closing = False
        self._barriers: dict[int, Barrier] = {}
        self._ended = ended
        if queue._host and ended:
            queue._host.adopt(self, ended)

    @property
    def handle(self) -> int:
        """As in `Event.scope`."""
        return self._handle

    @property
    def name(self) -> str:
        return self._name

    @property
    def host(self) -> Host:
        """Who drains its queue."""
        if self._queue._host is None:
            raise BadStateError(Status.BAD_STATE, "no weir.Host drains the queue of this scope")
        return self._queue._host

    def scope(self, name: str = "", *, tag: int = 0) -> Scope:
        """Opens a child."""
        return Scope(self._runtime, self._queue, name, tag=tag, parent=self)

    def lane(self, name: str = "", *, parent: Optional[Lane] = None, tag: int = 0) -> Lane:
        """Opens a lane, under one of this scope or of a parent's. `name` is one step of its path."""
        handle = ctypes.c_uint64()
        above = parent.handle if parent else 0
        check(lib.weir_lane_open(self._handle, above, *text(name), tag, ctypes.byref(handle)))
        return Lane(self, handle.value)

    def barrier(
        self,
        name: str,
        *,
        parties: int = 0,
        quorum: int = 0,
        cyclic: bool = False,
        stragglers_fail: bool = False,
        timeout: Optional[float] = None,
        tag: int = 0,
        completes: bool = False,
        completion: Optional[Completion] = None,
    ) -> Barrier:
        """Declares a barrier.

        parties          so many more will come, whoever they are; then it is open from the start
        quorum           so many arrivals release it; 0 is all. Who comes later passes, or fails (`stragglers_fail`)
        cyclic           a release begins the next generation
        timeout          seconds from the first arrival of a generation
        completes        BARRIER_COMPLETING asks for Barrier.complete before anybody goes on
        completion       an async function of barrier and generation, which weir.Host awaits and then answers so
        """
        barrier = declared(
            self,
            name,
            parties=parties,
            quorum=quorum,
            cyclic=cyclic,
            stragglers_fail=stragglers_fail,
            timeout=timeout,
            tag=tag,
            completes=completes,
            completion=completion,
        )
        self._barriers[barrier.handle] = barrier
        if self._queue._host:
            self._queue._host.barriers[barrier.handle] = barrier
        return barrier

    def gate(self, name: str, slots: int) -> Gate:
        """Opens a gate: so many slots, for which lanes wait in order."""
        return Gate(name, made(lib.weir_gate_open, self._handle, *text(name), count(slots)))

    def find(self, name: str) -> Barrier:
        """The barrier of that name, in this scope, then in its parents."""
        handle = ctypes.c_uint64()
        check(lib.weir_barrier_find(self._handle, *text(name), ctypes.byref(handle)))
        known = self._queue._host.barriers if self._queue._host else self._barriers
        return known.get(handle.value) or Barrier(self, name, handle.value)

    def describe(self) -> str:
        """Its lanes and barriers, and who waits where and for whom, as JSON."""
        return described(lib.weir_scope_describe, self._handle)

    def close(self) -> None:
        """Ends it and all below: lanes still open end as cancelled, barriers that have not decided break."""
        check(lib.weir_scope_close(self._handle))
        self._closing = True

    async def wait_closed(self) -> None:
        """Until SCOPE_CLOSED has come; of a scope of a weir.Host."""
        if self._ended is None:
            self.host
            return
        await asyncio.shield(self._ended)

    def __enter__(self) -> Scope:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._closing:
            try:
                self.close()
            except StaleError:
                pass  # with its parent

    async def __aenter__(self) -> Scope:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.__exit__()
        await self.wait_closed()

    def __repr__(self) -> str:
        return f"<weir.Scope {self._name}>"


class Lane:
    """A stage, a step group, a loop's instance: Scope.lane makes one. It ends once, by `finish`.

    `with` ends it as its block ends: succeeded, failed by an exception, or cancelled.
    """

    __slots__ = ("_handle", "_scope")

    def __init__(self, scope: Scope, handle: int) -> None:
        self._scope = scope
        self._handle = handle

    @property
    def handle(self) -> int:
        return self._handle

    def expect(self, *barriers: Barrier) -> None:
        """Becomes a party: they wait for it."""
        for barrier in barriers:
            check(lib.weir_lane_expect(self._handle, barrier.handle))

    async def arrive(self, barrier: Barrier, *, value: Any = None, timeout: Optional[float] = None) -> Decision:
        """Arrives and waits for the release; in a scope of a weir.Host.

        Raises BarrierBroken, and where that befalls this arrival alone, ArrivalTimedOut or ArrivalCancelled. `value`,
        anything that json writes, is handed to all. `timeout` (seconds) is this lane's own patience: when it ends, the
        barrier breaks, unless a quorum can do without it. A task that is cancelled here takes its arrival back, and
        the lane may arrive again.
        """
        return await self._scope.host.arrive(self, barrier, value, timeout)

    def arrive_nowait(
        self, barrier: Barrier, tag: int, *, value: Any = None, timeout: Optional[float] = None
    ) -> None:
        """Arrives. One BARRIER_DONE with this tag follows on the queue, now or later. (Under a weir.Host, tags of 2**62
        and more are its own.)"""
        data, length = json_text(value)
        patience = -1 if timeout is None else nanoseconds(max(timeout, 0), -1)
        status = lib.weir_lane_arrive(self._handle, barrier._handle, data, length, patience, tag)
        if status:
            check(status)

    def retract(self, barrier: Barrier) -> None:
        """Takes an arrival back that waits; the lane is expected again."""
        check(lib.weir_lane_retract(self._handle, barrier.handle))

    def withdraw(self, barrier: Barrier) -> None:
        """The lane is no party any more; an arrival that waits is taken back."""
        check(lib.weir_lane_withdraw(self._handle, barrier.handle))

    async def take_slot(self, gate: Gate) -> None:
        """Waits for a slot, behind all who wait already; in a scope of a weir.Host. SlotCancelled: it never came."""
        await self._scope.host.take_slot(self, gate)

    def take_slot_nowait(self, gate: Gate, tag: int) -> None:
        """Waits for a slot. One SLOT_DONE with this tag follows on the queue, now or later."""
        check(lib.weir_lane_take_slot(self._handle, gate.handle, tag))

    def give_slot(self, gate: Gate) -> None:
        """Gives the slot to the first who waits; or, while it waits itself, ends that wait."""
        check(lib.weir_lane_give_slot(self._handle, gate.handle))

    @asynccontextmanager
    async def slot(self, gate: Gate) -> AsyncIterator[None]:
        """Holds a slot: `async with lane.slot(gate):`."""
        await self.take_slot(gate)
        try:
            yield
        finally:
            try:
                self.give_slot(gate)
            except (BadStateError, StaleError):
                pass  # given in the block, or with the lane's end

    def finish(self, outcome: Outcome = Outcome.SUCCEEDED) -> None:
        """Ends the lane and those under it. After SUCCEEDED, SKIPPED or IGNORED_FAILURE it withdraws from barriers that
        it has not reached; after any other outcome it breaks them, and is the one to blame."""
        check(lib.weir_lane_finish(self._handle, outcome))

    def __enter__(self) -> Lane:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], *_: object) -> None:
        if kind is None:
            outcome = Outcome.SUCCEEDED
        else:
            outcome = Outcome.CANCELLED if issubclass(kind, asyncio.CancelledError) else Outcome.FAILED
        try:
            self.finish(outcome)
        except StaleError:
            pass  # it was finished in the block, or ended with its scope

    def __repr__(self) -> str:
        return f"<weir.Lane {self._handle:#x}>"
