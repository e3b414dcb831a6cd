# SPDX-License-Identifier: BSL-1.0
"""Documents that a document refers to: child pipelines, templates, input sets, and values that only the host knows."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional, Sequence, Union

from . import _abi
from ._calls import text
from .numbers import OpenEnum, Status

_OK, _NOT_FOUND, _FAILED = 0, int(Status.NOT_FOUND), int(Status.DOCUMENT)


class ReferenceKind(OpenEnum):
    """What is referred to. A kind that this package does not know is a member such as UNKNOWN_9: give None for it."""

    PIPELINE = 1  # a stage of type Pipeline runs it
    TEMPLATE = 2
    INPUT_SET = 3
    PARENT = 4  # a pipeline one of whose stages runs `identifier`
    VALUE = 5  # what an expression names that only the host knows, such as `secrets.getValue("x")`


class Level(OpenEnum):
    """Where a template is looked for."""

    PROJECT = 0
    ORGANIZATION = 1
    ACCOUNT = 2


class Reference(NamedTuple):
    """What is looked for. Texts that the document does not say are empty."""

    kind: ReferenceKind
    identifier: str  # without its level; of a VALUE, what stands in the expression
    level: Level = Level.PROJECT
    version: str = ""  # a template's; empty: the stable one
    org: str = ""
    project: str = ""
    pipeline: str = ""  # an input set's


class Document(NamedTuple):
    """A document and its name in diagnostics, which is the same for the same document."""

    text: Union[str, bytes]
    file: str = ""


Found = Union[None, str, bytes, Document]
Resolve = Callable[[Reference], Found]


def folder(path: Union[str, os.PathLike[str]]) -> Resolve:
    """A resolver of the files of a folder: NAME.yaml, .yml or .json by identifier, of a template with a version
    NAME-VERSION.yaml and so on before. Nothing outside of the folder is read, and no value is known."""
    place = Path(path)

    def resolve(wanted: Reference) -> Found:
        if wanted.kind not in (ReferenceKind.PIPELINE, ReferenceKind.TEMPLATE, ReferenceKind.INPUT_SET):
            return None
        versions = [f"{wanted.identifier}-{wanted.version}"] if wanted.version else []
        for name in (*versions, wanted.identifier):
            for ending in (".yaml", ".yml", ".json"):
                file = place / (name + ending)
                if file.name == name + ending and file.parent == place and os.path.isfile(file):
                    return Document(file.read_bytes(), os.fspath(file))
        return None

    return resolve


class Resolver:
    """A Python function as the library's, for the time of one load. What it raises is kept in `raised`."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._kept: Sequence[bytes] = ()  # good until the next call
        self.raised: Optional[BaseException] = None
        self.function = _abi.resolve_function(self._call)

    def _call(self, _: Any, wanted: Any, found: Any) -> int:
        try:
            document = self._resolve(_reference(wanted.contents)) if self.raised is None else None
            if document is None:
                return _NOT_FOUND
            self._give(found.contents, document if isinstance(document, Document) else Document(document))
            return _OK
        except BaseException as error:  # it must not cross into C; a load that is refused raises from it
            self.raised = error
            self._say(found.contents, str(error) or type(error).__name__)
            return _FAILED

    def _give(self, found: Any, document: Document) -> None:
        source, (file, length) = encoded(document.text), text(document.file)
        self._kept = (source, file)
        found.text, found.text_length = source, len(source)
        if file:
            found.file, found.file_length = file, length

    def _say(self, found: Any, why: str) -> None:
        said = why.encode(errors="replace").replace(b"\0", b" ")[:4096].decode(errors="ignore").encode()
        self._kept = (said,)
        found.why, found.why_length = said, len(said)


def encoded(document: Union[str, bytes]) -> bytes:
    if not isinstance(document, (str, bytes)):
        raise TypeError(f"a document is str or bytes, not {type(document).__name__}")
    return document.encode() if isinstance(document, str) else document


def _reference(wanted: Any) -> Reference:
    def said(name: str) -> str:
        data: Optional[int] = getattr(wanted, name)
        return ctypes.string_at(data, getattr(wanted, name + "_length")).decode() if data else ""

    return Reference(
        ReferenceKind(wanted.kind),
        said("identifier"),
        Level(wanted.level),
        *map(said, ("version", "org", "project", "pipeline")),
    )


def documents(given: Sequence[Union[str, bytes, Document]]) -> tuple[Any, list[bytes]]:
    """As the library takes them, and what has to live as long."""
    row = (_abi.Document * len(given))()
    kept = []
    for at, one in zip(row, given):
        document = one if isinstance(one, Document) else Document(one)
        source, (file, length) = encoded(document.text), text(document.file)
        kept += [source, file]
        at.struct_size = ctypes.sizeof(_abi.Document)
        at.text, at.text_length = source, len(source)
        at.file, at.file_length = file or None, length
    return row, kept
