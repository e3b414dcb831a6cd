# SPDX-License-Identifier: BSL-1.0
"""The package says what weir.h says: its constants, its functions' types and its structures' layouts."""

from __future__ import annotations

import ctypes
import re
import subprocess
import unittest
from typing import Any

import weir
from weir import _abi

from .support import COMPILER, INCLUDE, OUT

HEADER = re.sub(r"/\*.*?\*/", "", (INCLUDE / "weir" / "weir.h").read_text(), flags=re.DOTALL)
TABLE = {"weir_get_api"}  # the same functions once more, for hosts that look up one symbol

STRUCTURES = {
    "weir_error": _abi.Error,
    "weir_runtime_options": _abi.RuntimeOptions,
    "weir_statistics": _abi.Statistics,
    "weir_event": _abi.Event,
    "weir_queue_options": _abi.QueueOptions,
    "weir_reference": _abi.Reference,
    "weir_resolution": _abi.Resolution,
    "weir_document": _abi.Document,
    "weir_load_options": _abi.LoadOptions,
    "weir_run_options": _abi.RunOptions,
    "weir_scope_options": _abi.ScopeOptions,
    "weir_barrier_options": _abi.BarrierOptions,
    "weir_loop_options": _abi.LoopOptions,
    "weir_instance": _abi.Instance,
}
NUMBERS = {
    "WEIR_REASON_": weir.Reason,
    "WEIR_EVENT_": weir.EventKind,
    "WEIR_CLOCK_": weir.Clock,
    "WEIR_FORMAT_": weir.Format,
}
FLAGS = {"WEIR_EVENT_HARD", "WEIR_EVENT_LATE"}


def structures() -> dict[str, list[str]]:
    found = re.findall(r"typedef struct (\w+) \{(.*?)\}", HEADER, re.DOTALL)
    return {name: re.findall(r"(\w+)(?:\[\d+\])?;", fields) for name, fields in found}


def functions() -> dict[str, tuple[str, list[str]]]:
    found = re.findall(r"WEIR_API ([\w ]+?[ *]+)(weir_\w+)\((.*?)\)\s*WEIR_NOEXCEPT", HEADER, re.DOTALL)
    tidy = [(name, " ".join(result.split()), " ".join(taken.split())) for result, name, taken in found]
    return {name: (result, taken.split(", ") if taken != "void" else []) for name, result, taken in tidy}


def aliases() -> dict[str, str]:
    return {name: what for what, name in re.findall(r"typedef (\w+) (weir_\w+);", HEADER)}


def shape(kind: Any) -> tuple[str, int]:
    """Of a ctypes type: what it is, and how wide."""
    if kind in (ctypes.c_char_p, ctypes.c_void_p) or hasattr(kind, "contents") or hasattr(kind, "_flags_"):
        return "pointer", 8
    return ("signed" if kind(-1).value < 0 else "unsigned"), ctypes.sizeof(kind)


def shape_in_c(declared: str) -> tuple[str, int]:
    kind = re.sub(r"\bconst\b|\w+$", "", declared).strip() if not declared.endswith("*") else declared
    kind = aliases().get(kind, kind)
    if "*" in kind or kind.endswith("_function"):
        return "pointer", 8
    width = re.fullmatch(r"(u?)int(\d+)_t", kind)
    assert width, declared
    return ("unsigned" if width[1] else "signed"), int(width[2]) // 8


class Header(unittest.TestCase):
    def test_every_function_is_declared_with_the_types_of_the_header(self) -> None:
        found = functions()
        self.assertGreater(len(found), 40)
        self.assertEqual(set(found) - set(_abi.PROTOTYPES) - TABLE, set())
        for name in set(found) - TABLE:
            result, arguments = found[name]
            ours, *taken = _abi.PROTOTYPES[name]
            with self.subTest(name):
                self.assertEqual(shape(ours), shape_in_c(result if "*" in result else result + " result"))
                self.assertEqual([shape(one) for one in taken], [shape_in_c(one) for one in arguments])

    def test_every_number_has_its_member(self) -> None:
        numbers = {name: int(value) for name, value in re.findall(r"#define (WEIR_\w+) \(?(-?\d+)u?\)?", HEADER)}
        for name, value in numbers.items():
            for prefix, kind in NUMBERS.items():
                if name.startswith(prefix) and name not in FLAGS:
                    self.assertEqual(kind[name[len(prefix) :]], value)
        self.assertEqual({n for n, v in numbers.items() if n.startswith("WEIR_E_")}, {
            f"WEIR_E_{status.name}" for status in weir.Status if status
        })  # fmt: skip
        for status in weir.Status:
            self.assertEqual(numbers["WEIR_OK" if not status else f"WEIR_E_{status.name}"], status)
        for outcome in weir.Outcome:
            self.assertEqual(numbers[f"WEIR_{outcome.name}"], outcome)
        for flag in weir.EventFlag:
            self.assertEqual(numbers[f"WEIR_EVENT_{flag.name}"], flag)
        self.assertEqual((numbers["WEIR_ABI_MAJOR"], numbers["WEIR_ABI_MINOR"]), (_abi.MAJOR, _abi.MINOR))

    def test_every_structure_is_known(self) -> None:
        self.assertEqual(set(structures()) - set(STRUCTURES), set())

    def test_a_record_is_unpacked_as_the_structure_is_laid_out(self) -> None:
        for kind, packed in ((_abi.Event, _abi.EVENT), (_abi.Instance, _abi.INSTANCE)):
            one = kind()
            for place, (name, *_) in enumerate(kind._fields_):
                setattr(one, name, place + 1)
            self.assertEqual(packed.unpack(bytes(one)), tuple(range(1, len(kind._fields_) + 1)))

    @unittest.skipUnless(COMPILER, "there is no C compiler here")
    def test_structures_are_laid_out_as_a_compiler_does(self) -> None:
        known = structures()
        lines = []
        ours = []
        for name, fields in known.items():
            kind = STRUCTURES[name]
            lines += [f'printf("{name} %zu\\n", sizeof({name}));']
            ours += [f"{name} {ctypes.sizeof(kind)}"]
            for field in fields:
                where = f"offsetof({name}, {field}), sizeof((({name} *)0)->{field})"
                lines += [f'printf("{name}.{field} %zu %zu\\n", {where});']
                place = getattr(kind, field)
                ours += [f"{name}.{field} {place.offset} {place.size}"]
        head = "#include <stdio.h>\n#include <weir/weir.h>\nint main(void) {"
        self.assertEqual(run(head + "".join(lines) + "}"), ours)


def run(program: str) -> list[str]:
    OUT.mkdir(parents=True, exist_ok=True)
    source, binary = OUT / "layout.c", OUT / "layout"
    source.write_text(program)
    subprocess.run([str(COMPILER), f"-I{INCLUDE}", str(source), "-o", str(binary)], check=True, timeout=60)
    return subprocess.run([str(binary)], check=True, stdout=subprocess.PIPE, text=True, timeout=60).stdout.splitlines()
