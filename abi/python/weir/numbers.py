# SPDX-License-Identifier: BSL-1.0
"""The numbers of weir.h, with the library's names for them as text.

A number that this package does not know becomes a member UNKNOWN_n: later libraries have more of them.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Any, Optional

from ._library import lib


class OpenEnum(IntEnum):
    @classmethod
    def _missing_(cls, value: object) -> Optional[OpenEnum]:
        if not isinstance(value, int):
            return None
        unknown = int.__new__(cls, value)
        unknown._name_ = f"UNKNOWN_{value}"
        unknown._value_ = value
        return unknown


class _Number(OpenEnum):
    def __str__(self) -> str:
        return _named(_NAMES[type(self).__name__](self.value))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class Status(_Number):
    OK = 0
    INVALID_ARGUMENT = -1
    STRUCT_SIZE = -2
    VERSION = -3
    STALE = -4
    BAD_STATE = -5
    CLOSED = -6
    LIMIT = -7
    NO_MEMORY = -8
    DOCUMENT = -9
    NOT_UTF8 = -10
    NOT_JSON = -11
    FORKED = -12
    BUSY = -13
    INTERNAL = -14
    EXISTS = -15
    NOT_FOUND = -16
    NOT_EXPECTED = -17
    DECIDED = -18
    FORBIDDEN = -19

    @property
    def text(self) -> str:
        """One line for people."""
        return _named(lib.weir_status_text(self.value))


class Outcome(_Number):
    """How a run, node, step, lane or arrival ended."""

    SUCCEEDED = 1
    FAILED = 2
    SKIPPED = 3
    CANCELLED = 4
    TIMED_OUT = 5
    IGNORED_FAILURE = 6


class Reason(_Number):
    """Why a barrier broke; of a release, that a hand did it."""

    NONE = 0
    FAILED = 1
    TIMED_OUT = 2
    CANCELLED = 3
    DEADLOCK = 4
    BY_HAND = 5
    UNREACHABLE = 6
    NO_MEMORY = 7


class EventKind(_Number):
    RUN_STARTED = 1
    RUN_FINISHED = 2
    NODE_STARTED = 3
    NODE_FINISHED = 4
    STEP_STARTED = 5
    STEP_FINISHED = 6
    STEP_CANCEL = 7
    STEP_PROGRESS = 8
    INTERVENTION_WANTED = 9
    INTERVENTION_CLOSED = 10
    BARRIER_EXPECTED = 16
    BARRIER_RESERVED = 17
    BARRIER_SETTLED = 18
    BARRIER_ARRIVED = 19
    BARRIER_WITHDRAWN = 20
    BARRIER_FAILED = 21
    BARRIER_RETRACTED = 22
    BARRIER_RELEASED = 23
    BARRIER_BROKEN = 24
    BARRIER_VOIDED = 25
    BARRIER_DONE = 26
    BARRIER_COMPLETING = 27
    SCOPE_CLOSED = 28
    SLOT_WAITING = 32
    SLOT_TAKEN = 33
    SLOT_GIVEN = 34
    SLOT_DONE = 35
    LOCK_WAITING = 40
    LOCK_TAKEN = 41
    LOCK_GIVEN = 42
    CONTROL = 48
    LOG = 49
    SNAPSHOT = 50


class EventFlag(IntFlag):
    HARD = 1
    LATE = 2


class Clock(IntEnum):
    REAL = 0
    VIRTUAL = 1  # jumps to the next timer whenever nothing else can happen


class Format(IntEnum):
    """How Plan.describe writes a plan."""

    JSON = 0
    TREE = 1
    DOT = 2
    MERMAID = 3
    SLOTS = 4  # JSON: how few slots its loops could do with


_NAMES: dict[str, Any] = {
    "Status": lib.weir_status_name,
    "Outcome": lib.weir_outcome_name,
    "Reason": lib.weir_reason_name,
    "EventKind": lib.weir_event_name,
}


def _named(name: bytes) -> str:
    return name.decode()


def version() -> str:
    """The library's version, such as "1.0.0"."""
    return _named(lib.weir_version())


def abi_version() -> tuple[int, int]:
    """The ABI that the library speaks: major and minor."""
    spoken: int = lib.weir_abi_version()
    return spoken >> 16, spoken & 0xFFFF
