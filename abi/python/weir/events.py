# SPDX-License-Identifier: BSL-1.0
"""What a queue tells; docs/events.md has the fields of each kind."""

from __future__ import annotations

import json as _json
from ctypes import string_at
from typing import Any, NamedTuple, Optional

from .numbers import EventFlag, EventKind, Outcome, Reason

# Where a drained record, _abi.EVENT, has what dispatching needs.
TAG, KIND, OUTCOME, FLAGS, REASON, BARRIER, GENERATION = 3, 5, 6, 8, 15, 17, 18

_KINDS = {int(kind): kind for kind in EventKind}
_OUTCOMES: dict[int, Optional[Outcome]] = {0: None, **{int(outcome): outcome for outcome in Outcome}}
_REASONS = {int(reason): reason for reason in Reason}


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
    return Event(
        seq,
        t_ns,
        run,
        tag,
        step,
        _KINDS.get(kind) or EventKind(kind),
        _OUTCOMES[outcome] if outcome in _OUTCOMES else Outcome(outcome),
        attempt,
        flags,
        string_at(path, path_length).decode() if path else "",
        string_at(input, input_length).decode() if input else None,
        string_at(json, json_length).decode() if json else None,
        _REASONS.get(reason) or Reason(reason),
        scope,
        barrier,
        generation,
        arrived,
    )
