# SPDX-License-Identifier: BSL-1.0
"""Looping strategies by themselves."""

from __future__ import annotations

import ctypes
import json
from ctypes import string_at
from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Union

from . import _abi
from ._calls import Owner, check, options, taken, text
from ._library import lib
from .errors import DocumentError
from .numbers import Status
from .plan import Diagnostic

_COMPAT_HARNESS = 1
_LABELS = 2
_BATCH = 64


@dataclass(frozen=True)
class Instance:
    index: int
    suffix: str  # behind its name, as the engine has it: "_0_1", " 1/5", "(0:blue)"
    values: dict[str, Any]  # the axes of a matrix; `item` or `partition` of a repeat


class Loop(Owner):
    """The instances of a loop, a mapping or YAML as the engine of the dialect has it ("harness", "github", "gitlab",
    "tekton", "argo"): iterate once. They are expanded as they are asked for. DocumentError says why one is refused.

    `diagnostics` is what there is to say of it, warnings also when it is not refused.
    `count` is how many there are, `concurrency` how many run at once (0: no limit). `most`: refuse more instances (0: as
    the engine does).
    """

    def __init__(
        self,
        strategy: Union[str, Mapping[str, Any]],
        *,
        compat_harness: bool = False,
        labels: bool = False,
        most: int = 0,
        dialect: str = "harness",
    ) -> None:
        document = strategy if isinstance(strategy, str) else json.dumps(dict(strategy))
        flags = _COMPAT_HARNESS * compat_harness | _LABELS * labels
        how = options(_abi.LoopOptions, flags=flags, most=most, dialect=dialect)
        handle, count, concurrency, findings = (ctypes.c_uint64() for _ in range(4))
        said = _abi.Error(struct_size=ctypes.sizeof(_abi.Error))
        out = [ctypes.byref(made) for made in (handle, count, concurrency, findings, said)]
        status = lib.weir_loop_open(*text(document), how, *out)
        self.diagnostics: list[Diagnostic] = json.loads(taken(findings.value)) if findings.value else []
        if status == Status.DOCUMENT:
            raise DocumentError(Status.DOCUMENT, said.text.decode(), self.diagnostics)
        check(status, said)
        self._handle = handle.value
        self._closed = False
        self.count: int = count.value
        self.concurrency: int = concurrency.value

    def __iter__(self) -> Iterator[Instance]:
        records = (_abi.Instance * _BATCH)()
        count = ctypes.c_uint32()
        size = _abi.INSTANCE.size
        while True:
            check(lib.weir_loop_next(self._handle, records, size, _BATCH, ctypes.byref(count)))
            if not count.value:
                return
            # The texts live until the next call: all are read before the first is given.
            yield from [
                Instance(index, string_at(suffix, suffix_length).decode(), json.loads(string_at(values, values_length)))
                for index, suffix, values, suffix_length, values_length in _abi.INSTANCE.iter_unpack(
                    bytes(memoryview(records))[: count.value * size]
                )
            ]

    def close(self) -> None:
        self._end(lib.weir_loop_close(self._handle))
