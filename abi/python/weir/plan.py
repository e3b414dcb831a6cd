# SPDX-License-Identifier: BSL-1.0
"""Documents, read and checked."""

from __future__ import annotations

import ctypes
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping, Optional, Sequence, TypedDict, Union

from . import _abi
from ._calls import Owner, check, described, options, taken
from ._library import lib
from .errors import DocumentError
from .numbers import Format, Status
from .resolve import Document, Resolve, Resolver, documents, encoded

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
    inputs: Sequence[Union[str, bytes, Document]]
    resolve: Optional[Resolve]
    most_levels: int
    compat_harness: bool
    inputs_open: bool
    runnable: bool
    slots_release: bool
    allow_unproved: bool


class Plan(Owner):
    """An immutable plan of a document, which any number of runs may share; they go on when it is closed.

    A document that is refused raises DocumentError, with its `diagnostics`. Those of a plan are warnings. `file` is the
    document's name in them. `variables` are the pipeline's variables and inputs by name, and `inputs` input sets, of
    which a later one wins (docs/inputs.md).

    `resolve` finds what the document refers to, a child pipeline, a template, an input set, and what only the host knows,
    such as `secrets.getValue("x")`: it is called for each Reference before this returns, and gives text, a Document with
    a name, or None. `weir.folder(path)` makes one of files. If it raises, the document is refused, and the DocumentError
    is raised from that. `most_levels`: so many pipelines or templates in each other; 0: 16, at most 64.
    """

    def __init__(
        self,
        document: Union[str, bytes],
        *,
        file: Optional[str] = None,
        adapter: Optional[str] = None,
        variables: Optional[Mapping[str, Any]] = None,
        inputs: Sequence[Union[str, bytes, Document]] = (),
        resolve: Optional[Resolve] = None,
        most_levels: int = 0,
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
            most_levels=most_levels,
        )
        given, _alive = documents(inputs)
        how.inputs, how.input_count = given, len(given)
        resolver = None if resolve is None else Resolver(resolve)
        if resolver is not None:
            how.resolve = resolver.function
        try:
            self._handle, self.diagnostics = _loaded(encoded(document), how)
        except DocumentError as refused:
            if resolver is None or resolver.raised is None:
                raise
            if not isinstance(resolver.raised, Exception):
                raise resolver.raised from None  # somebody ends the program
            raise refused from resolver.raised
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
