# SPDX-License-Identifier: BSL-1.0
"""Gates of a host's own control flow: so many slots, which lanes take and give."""

from __future__ import annotations

from ._calls import check, count
from ._library import lib


class Gate:
    """Scope.gate opens one. It closes with its scope."""

    __slots__ = ("_handle", "_name")

    def __init__(self, name: str, handle: int) -> None:
        self._name = name
        self._handle = handle

    @property
    def handle(self) -> int:
        """As in `Event.barrier` of SLOT_DONE."""
        return self._handle

    def set_slots(self, slots: int) -> None:
        """More are handed out at once; fewer take effect as slots are given back."""
        check(lib.weir_gate_set_slots(self._handle, count(slots)))

    def __repr__(self) -> str:
        return f"<weir.Gate {self._name}>"


class SlotCancelled(Exception):
    """The lane gave the slot before it had it, or ended, or the scope closed."""
