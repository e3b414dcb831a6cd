# SPDX-License-Identifier: BSL-1.0
"""Barriers and looping strategies for workflow engines: libweir.so from Python.

With asyncio, start with `Host`; without, with `Runtime`, `Queue`, `Plan`, `Run` and `Scope`.
"""

from ._library import LibraryError
from .barrier import (
    ArrivalCancelled,
    ArrivalTimedOut,
    Barrier,
    BarrierBroken,
    Completion,
    Decision,
    NotReleased,
)
from .errors import (
    BadStateError,
    BusyError,
    ClosedError,
    DecidedError,
    DocumentError,
    Error,
    ExistsError,
    ForbiddenError,
    ForkedError,
    InvalidArgumentError,
    LimitError,
    NoMemoryError,
    NotExpectedError,
    NotFoundError,
    NotJsonError,
    NotUtf8Error,
    StaleError,
)
from .events import Event
from .gate import Gate, SlotCancelled
from .host import Host, StepHandler, Steps
from .loop import Instance, Loop
from .numbers import (
    Clock,
    EventFlag,
    EventKind,
    Format,
    Outcome,
    Reason,
    Status,
    abi_version,
    version,
)
from .plan import Diagnostic, Plan, PlanOptions
from .queue import Dispatcher, Queue
from .resolve import Document, Found, Level, Reference, ReferenceKind, Resolve, folder
from .run import Intervene, Intervention, Run, RunOptions, Step, StepEnded
from .runtime import Runtime, Statistics
from .scope import Lane, Scope

__all__ = [
    "ArrivalCancelled",
    "ArrivalTimedOut",
    "BadStateError",
    "Barrier",
    "BarrierBroken",
    "BusyError",
    "Clock",
    "ClosedError",
    "Completion",
    "DecidedError",
    "Decision",
    "Diagnostic",
    "Dispatcher",
    "Document",
    "DocumentError",
    "Error",
    "Event",
    "EventFlag",
    "EventKind",
    "ExistsError",
    "ForbiddenError",
    "ForkedError",
    "Format",
    "Found",
    "Gate",
    "Host",
    "Instance",
    "Intervene",
    "Intervention",
    "InvalidArgumentError",
    "Lane",
    "Level",
    "LibraryError",
    "LimitError",
    "Loop",
    "NoMemoryError",
    "NotExpectedError",
    "NotFoundError",
    "NotJsonError",
    "NotReleased",
    "NotUtf8Error",
    "Outcome",
    "Plan",
    "PlanOptions",
    "Queue",
    "Reason",
    "Reference",
    "ReferenceKind",
    "Resolve",
    "Run",
    "RunOptions",
    "Runtime",
    "Scope",
    "SlotCancelled",
    "StaleError",
    "Statistics",
    "Status",
    "Step",
    "StepEnded",
    "StepHandler",
    "Steps",
    "abi_version",
    "folder",
    "version",
]
