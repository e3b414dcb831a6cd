# SPDX-License-Identifier: BSL-1.0
"""Finds libweir.so: inside this package, then in WEIR_LIB (a file or its folder), then as the system's loader does."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Iterator

from . import _abi

_FILE = f"libweir.so.{_abi.MAJOR}"


class LibraryError(ImportError):
    """libweir.so was not found, or does not speak the version that this package speaks."""


def candidates() -> Iterator[str]:
    inside = Path(__file__).with_name(_FILE)
    if inside.exists():
        yield str(inside)
        return
    told = os.environ.get("WEIR_LIB")
    if not told:
        yield _FILE
    elif os.path.isdir(told):
        yield from (str(Path(told, name)) for name in (_FILE, "libweir.so"))
    else:
        yield told


def load() -> ctypes.CDLL:
    reasons = []
    for name in candidates():
        try:
            found = ctypes.CDLL(name)
        except OSError as error:
            reasons.append(str(error))
            continue
        check_version(found, name)
        return declare(found)
    raise LibraryError(
        "libweir.so was not found inside the package, by WEIR_LIB or by the system's loader: " + "; ".join(reasons)
    )


def check_version(found: ctypes.CDLL, name: str) -> None:
    try:
        found.weir_abi_version.restype = ctypes.c_uint32
        spoken = found.weir_abi_version()
    except AttributeError:
        raise LibraryError(f"{name} is not libweir") from None
    major, minor = spoken >> 16, spoken & 0xFFFF
    if major != _abi.MAJOR or minor < _abi.MINOR:
        raise LibraryError(
            f"{name} speaks ABI {major}.{minor}; this package needs {_abi.MAJOR}.{_abi.MINOR} or a later {_abi.MAJOR}.x"
        )


def declare(found: ctypes.CDLL) -> ctypes.CDLL:
    for name, (result, *arguments) in _abi.PROTOTYPES.items():
        function = getattr(found, name, None)
        if function is None:
            raise LibraryError(f"{found._name} has no {name}")
        function.restype = result
        function.argtypes = arguments
    return found


lib = load()
