# SPDX-License-Identifier: BSL-1.0
"""How a call crosses into the library: options, text and time going in, handles, text and errors coming out."""

from __future__ import annotations

import ctypes
import json
import math
import warnings
from typing import Any, Callable, Optional, TypeVar

from . import _abi
from ._library import lib
from .errors import Error, InvalidArgumentError, refusal
from .numbers import Status

_Options = TypeVar("_Options", bound=ctypes.Structure)
_Self = TypeVar("_Self", bound="Owner")


def check(status: int, said: Optional[_abi.Error] = None) -> None:
    if status:
        raise refusal(status, said.text.decode() if said else "")


def made(function: Callable[..., int], *arguments: Any) -> int:
    """Calls what makes something and gives its handle, or raises what the library says."""
    handle = ctypes.c_uint64()
    said = _abi.Error(struct_size=ctypes.sizeof(_abi.Error))
    check(function(*arguments, ctypes.byref(handle), ctypes.byref(said)), said)
    return handle.value


def options(kind: type[_Options], **fields: Any) -> _Options:
    """An options structure. A text goes in with its length; a number that does not fit is refused, not cut."""
    filled = kind(struct_size=ctypes.sizeof(kind))
    for name, value in fields.items():
        if isinstance(value, str):
            value, length = text(value)
            setattr(filled, name + "_length", length)
        setattr(filled, name, value)
        if isinstance(value, int) and getattr(filled, name) != value:
            raise ValueError(f"{name} is out of range: {value}")
    return filled


def count(value: int) -> int:
    """A number as weir.h takes most: ctypes would cut it to that many bits."""
    if not 0 <= value < 1 << 32:
        raise InvalidArgumentError(Status.INVALID_ARGUMENT, f"out of range: {value}")
    return value


def text(value: str) -> tuple[bytes, int]:
    """A text that is too long is refused, here or by the library, never cut."""
    encoded = value.encode()
    return encoded, count(len(encoded))


def json_text(value: Any) -> tuple[bytes, int]:
    """None is no JSON at all, the empty text."""
    return (b"", 0) if value is None else text(json.dumps(value))


def nanoseconds(seconds: Optional[float], none: int) -> int:
    if seconds is None or seconds == math.inf:
        return none
    if seconds < 0:
        raise ValueError(f"a time below zero: {seconds}")
    return min(round(seconds * 1e9), 2**63 - 1)


def taken(handle: int) -> str:
    """The text behind a handle, which is released."""
    data, length = ctypes.c_void_p(), ctypes.c_uint32()
    check(lib.weir_text_view(handle, ctypes.byref(data), ctypes.byref(length)))
    try:
        return ctypes.string_at(data.value or 0, length.value).decode()
    finally:
        lib.weir_text_release(handle)


def described(function: Callable[..., int], *arguments: int) -> str:
    handle = ctypes.c_uint64()
    check(function(*arguments, ctypes.byref(handle)))
    return taken(handle.value)


class Owner:
    """Something of the library's that is to be closed, by `with` or by hand. To close it twice is an error."""

    _closed = True

    def close(self) -> None:
        raise NotImplementedError

    @property
    def closed(self) -> bool:
        return self._closed

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], *_: object) -> None:
        if self._closed:
            return
        try:
            self.close()
        except Error:
            if kind is None:  # else what the block raised is the better story
                raise

    def _end(self, status: int) -> None:
        check(status)
        self._closed = True

    def __del__(self) -> None:
        if self._closed:
            return
        warnings.warn(f"{self!r} was not closed", ResourceWarning, source=self)
        try:
            self.close()
        except Error:
            pass
