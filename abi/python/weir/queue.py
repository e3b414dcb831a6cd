# SPDX-License-Identifier: BSL-1.0
"""The queue of events, for a host without asyncio. With asyncio, weir.Host drains it."""

from __future__ import annotations

import ctypes
import select
import threading
from typing import TYPE_CHECKING, Any, Callable, Iterator, Optional

from . import _abi
from ._calls import Owner, check, made, options
from ._library import lib
from .errors import refusal
from .events import Event, decoded
from .numbers import Status

if TYPE_CHECKING:
    from .host import Host

_BATCH = 256
_SIZE = _abi.EVENT.size
_JSON = 1


class Queue(Owner):
    """Where runs and scopes send their events. One thread at a time drains or waits; BusyError says who came second.

    `fileno` is for select, poll and their like. It becomes readable once for the first event after a drain that
    found nothing: drain until there is nothing, then wait.
    """

    def __init__(self, *, json: bool = False) -> None:
        self._handle = made(lib.weir_queue_create, options(_abi.QueueOptions, flags=_JSON if json else 0))
        self._closed = False
        self._consumer = threading.Lock()
        self._host: Optional[Host] = None
        self._bytes = bytearray(_BATCH * _SIZE)
        self._memory = memoryview(self._bytes)
        self._records = (ctypes.c_char * len(self._bytes)).from_buffer(self._bytes)
        self._count = ctypes.c_uint32()
        self._counted = ctypes.byref(self._count)
        self._woken = False
        self._wake: Any = None

    @property
    def handle(self) -> int:
        return self._handle

    def fileno(self) -> int:
        """The descriptor, the library's own: only wait on it."""
        descriptor = ctypes.c_int32()
        check(lib.weir_queue_descriptor(self._handle, ctypes.byref(descriptor)))
        return descriptor.value

    def drain(self) -> list[Event]:
        """Takes what is there, oldest first, up to 256 events; nothing at all is when to wait."""
        with _alone(self._consumer):
            return self._drain()

    def wait(self, timeout: Optional[float] = None) -> list[Event]:
        """Waits for events, without the interpreter's lock. There are none when the timeout (seconds) or `wake` came
        first."""
        with _alone(self._consumer):
            events = self._drain()
            # An empty drain lowers the descriptor, also where `wake` had raised it.
            if not events and not self._woken and _readable(self.fileno(), timeout):
                events = self._drain()
            self._woken = False
            return events

    def wake(self) -> None:
        """Makes a thread that waits go on, or the next one that would wait. Any thread may call."""
        self._woken = True
        check(lib.weir_queue_wake(self._handle))

    def on_wake(self, wake: Optional[Callable[[], Any]]) -> None:
        """Calls `wake` wherever the descriptor would be raised, on any thread; it may do no more than signal. Set it
        before anything sends to the queue."""
        called = _abi.wake_function(lambda _: wake()) if wake else _abi.wake_function()
        check(lib.weir_queue_on_wake(self._handle, called, None))
        self._wake = called

    def close(self) -> None:
        """Ends the queue; its runs and scopes must have ended. Events that were not drained are dropped."""
        with _alone(self._consumer):
            self._end(lib.weir_queue_destroy(self._handle))

    def _drain(self) -> list[Event]:
        return [decoded(record) for record in self._take()]

    def _take(self) -> Iterator[tuple[Any, ...]]:
        """A batch of records, whose pointers are valid until the next one is taken."""
        status = lib.weir_queue_drain(self._handle, self._records, _SIZE, _BATCH, self._counted)
        if status:
            raise refusal(status)
        return _abi.EVENT.iter_unpack(self._memory[: self._count.value * _SIZE])


class Dispatcher(Owner):
    """A thread of the library's that drains a queue and hands batches of events to `take`, until it is closed.

    For hosts without a loop of their own. What `take` raises goes to sys.unraisablehook. To close it waits until `take`
    has returned, so not in `take` itself; events that were not handed over stay in the queue.
    """

    def __init__(self, queue: Queue, take: Callable[[list[Event]], Any]) -> None:
        def called(_: Any, events: Any, stride: int, count: int) -> None:
            batch = ctypes.string_at(events, stride * count)
            take([decoded(_abi.EVENT.unpack_from(batch, place * stride)) for place in range(count)])

        self._queue = queue
        self._called = _abi.dispatch_function(called)
        check(lib.weir_queue_dispatch(queue.handle, self._called, None))
        self._closed = False

    def close(self) -> None:
        self._end(lib.weir_queue_dispatch_end_wait(self._queue.handle))


class _alone:
    """Holds the consumer's place, or says that somebody else does: the library's texts live until the next drain."""

    __slots__ = ("_lock",)

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            raise refusal(Status.BUSY, "somebody else drains this queue")

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _readable(descriptor: int, timeout: Optional[float]) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(None if timeout is None else max(timeout, 0) * 1000))
