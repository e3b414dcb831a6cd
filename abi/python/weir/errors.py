# SPDX-License-Identifier: BSL-1.0
"""What the library refuses, as exceptions with its own words: one class for each status of weir.h."""

from __future__ import annotations

from typing import Any, Sequence

from .numbers import Status


class Error(Exception):
    """A call that the library refused."""

    def __init__(self, status: Status, text: str = "") -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text or status.text

    def __str__(self) -> str:
        return self.text


class InvalidArgumentError(Error, ValueError):
    """Out of range, or in contradiction to something else."""


class StaleError(Error):
    """The object was closed, or what it named has ended."""


class BadStateError(Error):
    """The call does not fit what the object is doing."""


class ClosedError(Error):
    """The object is shutting down and takes no more calls."""


class LimitError(Error):
    """Out of descriptors, handles or places."""


class NoMemoryError(Error, MemoryError):
    """Out of memory or address space."""


class DocumentError(Error, ValueError):
    """A document was refused: `diagnostics` says why, as docs/diagnostics.md has it."""

    def __init__(self, status: Status, text: str = "", diagnostics: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(status, text)
        self.diagnostics = list(diagnostics)


class NotUtf8Error(Error, ValueError):
    """A text that is not UTF-8, or holds a zero."""


class NotJsonError(Error, ValueError):
    """A text that is not JSON, or not of the expected shape."""


class ForkedError(Error):
    """The object belongs to the parent process."""


class BusyError(Error):
    """Someone else is at it, or something still goes on in it."""


class ExistsError(Error):
    """The name is taken in that scope."""


class NotFoundError(Error, LookupError):
    """No such name, here or in a parent."""


class NotExpectedError(Error):
    """The lane is no party of that barrier."""


class DecidedError(Error):
    """Too late: the barrier has decided."""


class ForbiddenError(Error):
    """Called inside a log function."""


_CLASSES: dict[Status, type[Error]] = {
    Status.INVALID_ARGUMENT: InvalidArgumentError,
    Status.STALE: StaleError,
    Status.BAD_STATE: BadStateError,
    Status.CLOSED: ClosedError,
    Status.LIMIT: LimitError,
    Status.NO_MEMORY: NoMemoryError,
    Status.DOCUMENT: DocumentError,
    Status.NOT_UTF8: NotUtf8Error,
    Status.NOT_JSON: NotJsonError,
    Status.FORKED: ForkedError,
    Status.BUSY: BusyError,
    Status.EXISTS: ExistsError,
    Status.NOT_FOUND: NotFoundError,
    Status.NOT_EXPECTED: NotExpectedError,
    Status.DECIDED: DecidedError,
    Status.FORBIDDEN: ForbiddenError,
}


def refusal(status: int, text: str = "") -> Error:
    """The exception for a status; Error itself for one that has no class."""
    known = Status(status)
    return _CLASSES.get(known, Error)(known, text)
