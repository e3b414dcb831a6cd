# SPDX-License-Identifier: BSL-1.0
"""What a queue tells; docs/events.md has the fields of each kind."""

from __future__ import annotations

import json as _json
from ctypes import string_at
from enum import IntEnum
from typing import Any, NamedTuple, Optional

from .numbers import EventFlag, EventKind, Outcome, Reason

# Where a drained record, _abi.EVENT, has what dispatching needs.
TAG, KIND, OUTCOME, FLAGS, REASON, BARRIER, GENERATION = 3, 5, 6, 8, 15, 17, 18


class _Members(dict[int, Any]):
    """An enumeration's members by their numbers: a look-up takes a fifth of what the enumeration's own does."""

    def __init__(self, kind: type[IntEnum]) -> None:
        super().__init__((int(member), member) for member in kind)
        self._kind = kind

    def __missing__(self, number: int) -> Any:
        return self._kind(number)


_KINDS, _OUTCOMES, _REASONS = _Members(EventKind), _Members(Outcome), _Members(Reason)
_OUTCOMES[0] = None
_new: Any = tuple.__new__  # an Event's own takes twice as long


class Event(NamedTuple):
    """One thing that happened, or that the host is asked to do."""

    seq: int  # of its run, or root scope: 1, 2, 3 ... without a gap
    t_ns: int  # since the start of its run; of a scope: the runtime's clock
    run: int  # handle, 0 for what a scope tells
    tag: int
    step: int  # handle, 0 unless STEP_*
    kind: EventKind
    outcome: Optional[Outcome]
    attempt: int
    flags: int
    path: str
    input: Optional[str]  # JSON: see `details`
    json: Optional[str]  # the whole event; None unless the queue was asked for it
    reason: Reason
    scope: int  # handle
    barrier: int  # handle
    generation: int
    arrived: int

    @property
    def details(self) -> dict[str, Any]:
        """`input`, read: what a step is to do, or who is to blame for a barrier's break, or the values of a release."""
        read: dict[str, Any] = _json.loads(self.input) if self.input else {}
        return read

    @property
    def hard(self) -> bool:
        """Of STEP_CANCEL: the time for a graceful end is over."""
        return bool(self.flags & EventFlag.HARD)

    @property
    def late(self) -> bool:
        """It came after the barrier's decision."""
        return bool(self.flags & EventFlag.LATE)


def decoded(record: tuple[Any, ...]) -> Event:
    """An event of its own, of a record whose pointers are still valid."""
    (seq, t_ns, run, tag, step, kind, outcome, attempt, flags, path, input, json, path_length, input_length,
     json_length, reason, scope, barrier, generation, arrived) = record  # fmt: skip
    fields = (
        seq,
        t_ns,
        run,
        tag,
        step,
        _KINDS[kind],
        _OUTCOMES[outcome],
        attempt,
        flags,
        string_at(path, path_length).decode() if path else "",
        string_at(input, input_length).decode() if input else None,
        string_at(json, json_length).decode() if json else None,
        _REASONS[reason],
        scope,
        barrier,
        generation,
        arrived,
    )
    event: Event = _new(Event, fields)
    return event
