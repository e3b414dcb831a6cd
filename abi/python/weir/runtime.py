# SPDX-License-Identifier: BSL-1.0
"""Worker threads, fibers and timers."""

from __future__ import annotations

import ctypes
import logging
from typing import Any, NamedTuple, Optional

from . import _abi
from ._calls import Owner, check, count, made, options
from ._library import lib
from .numbers import Clock

_POLLED = 1


class Statistics(NamedTuple):
    workers: int  # threads; 0: polled
    runs: int  # under way, and root scopes that are open
    lanes: int  # fibers that exist
    lanes_started: int
    timers: int
    stack_bytes: int  # address space mapped for stacks
    now_ns: int  # the runtime's clock


_LEVELS = [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR]  # WEIR_LOG_DEBUG is 1


def _level(log: Optional[logging.Logger]) -> int:
    lowest = log.getEffectiveLevel() if log else logging.WARNING
    return next((number for number, level in enumerate(_LEVELS, 1) if level >= lowest), len(_LEVELS))


def _writer(log: Optional[logging.Logger]) -> Any:
    if log is None:
        return _abi.log_function()

    def write(_: Any, level: int, message: Any, length: int) -> None:
        log.log(_LEVELS[level - 1], "%s", ctypes.string_at(message, length).decode())

    return _abi.log_function(write)


class Runtime(Owner):
    """Carries out runs and keeps the time. `workers`: 0 is one a core.

    A polled runtime has no threads: the host calls `poll`. `seed` mixes the order in which lanes run that are
    ready at the same moment; 0 is the order in which they became so.

    `log` gets lines about what goes wrong between host and library, from its own level on. It is called on any
    thread, once at a time; what its handlers call of this package is refused (ForbiddenError).
    """

    def __init__(
        self,
        *,
        workers: int = 0,
        polled: bool = False,
        stack_size: int = 0,
        clock: Clock = Clock.REAL,
        seed: int = 0,
        log: Optional[logging.Logger] = None,
    ) -> None:
        self._log = _writer(log)  # as long as the library may call it
        how = options(
            _abi.RuntimeOptions,
            flags=_POLLED if polled else 0,
            workers=workers,
            stack_size=stack_size,
            clock=int(clock),
            seed=seed,
            log=self._log,
            log_level=_level(log),
        )
        self._handle = made(lib.weir_runtime_create, how)
        self._closed = False
        self._polled = polled

    @property
    def handle(self) -> int:
        return self._handle

    @property
    def polled(self) -> bool:
        return self._polled

    def poll(self, budget: int = 0) -> Optional[float]:
        """Runs what is ready on this thread. Gives the seconds until the next timer: 0 when something is ready already
        (`budget` bounds how many times lanes are resumed), None when there is no timer."""
        until = ctypes.c_int64()
        check(lib.weir_runtime_poll(self._handle, count(budget), ctypes.byref(until)))
        return None if until.value < 0 else until.value / 1e9

    def statistics(self) -> Statistics:
        """What the runtime holds at this moment."""
        filled = _abi.Statistics(struct_size=ctypes.sizeof(_abi.Statistics))
        check(lib.weir_runtime_statistics(self._handle, ctypes.byref(filled)))
        return Statistics(*[getattr(filled, name) for name in Statistics._fields])

    def close(self) -> None:
        """Ends the runtime and joins its threads; BusyError while runs or scopes of it go on."""
        self._end(lib.weir_runtime_destroy_wait(self._handle))
