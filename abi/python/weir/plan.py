# SPDX-License-Identifier: BSL-1.0
"""Documents, read and checked."""

from __future__ import annotations

import ctypes
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping, Optional, TypedDict, Union

from . import _abi
from ._calls import Owner, check, described, options, taken
from ._library import lib
from .errors import DocumentError
from .numbers import Format, Status

if TYPE_CHECKING:
    from typing_extensions import Unpack  # every type checker has it

_COMPAT_HARNESS = 1
_INPUTS_OPEN = 2
_RUNNABLE = 4
_SLOTS_RELEASE = 8
_ALLOW_UNPROVED = 16

Diagnostic = dict[str, Any]


class PlanOptions(TypedDict, total=False):
    """What Plan takes by name, for Plan.read."""

    file: Optional[str]
    adapter: Optional[str]
    variables: Optional[Mapping[str, Any]]
    compat_harness: bool
    inputs_open: bool
    runnable: bool
    slots_release: bool
    allow_unproved: bool


class Plan(Owner):
    """An immutable plan of a document, which any number of runs may share; they go on when it is closed.

    A document that is refused raises DocumentError, with its `diagnostics`. Those of a plan are warnings. `file` is the
    document's name in them. `variables` are the pipeline's variables and inputs by name.
    """

    def __init__(
        self,
        document: Union[str, bytes],
        *,
        file: Optional[str] = None,
        adapter: Optional[str] = None,
        variables: Optional[Mapping[str, Any]] = None,
        compat_harness: bool = False,
        inputs_open: bool = False,
        runnable: bool = False,
        slots_release: bool = False,
        allow_unproved: bool = False,
    ) -> None:
        how = options(
            _abi.LoadOptions,
            flags=_COMPAT_HARNESS * compat_harness
            | _INPUTS_OPEN * inputs_open
            | _RUNNABLE * runnable
            | _SLOTS_RELEASE * slots_release
            | _ALLOW_UNPROVED * allow_unproved,
            adapter=adapter,
            file=file,
            variables=None if variables is None else json.dumps(dict(variables)),
        )
        source = document.encode() if isinstance(document, str) else document
        self._handle, self.diagnostics = _loaded(source, how)
        self._closed = False

    @classmethod
    def read(cls, path: Union[str, os.PathLike[str]], **how: Unpack[PlanOptions]) -> Plan:
        """Loads a file; the other arguments are those of Plan."""
        how.setdefault("file", os.fspath(path))
        return cls(Path(path).read_bytes(), **how)

    @property
    def handle(self) -> int:
        return self._handle

    def describe(self, format: Format = Format.TREE) -> str:
        return described(lib.weir_plan_describe, self._handle, format)

    def close(self) -> None:
        self._end(lib.weir_plan_release(self._handle))


def _loaded(document: bytes, how: _abi.LoadOptions) -> tuple[int, list[Diagnostic]]:
    plan, findings = ctypes.c_uint64(), ctypes.c_uint64()
    said = _abi.Error(struct_size=ctypes.sizeof(_abi.Error))
    status = lib.weir_plan_load(
        document, len(document), how, ctypes.byref(plan), ctypes.byref(findings), ctypes.byref(said)
    )
    diagnostics: list[Diagnostic] = json.loads(taken(findings.value)) if findings.value else []
    if status == Status.DOCUMENT:
        raise DocumentError(Status.DOCUMENT, said.text.decode(), diagnostics)
    check(status, said)
    return plan.value, diagnostics
