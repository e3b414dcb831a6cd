# SPDX-License-Identifier: BSL-1.0
"""weir.h for ctypes: its structures and the types of its functions. tests/test_abi.py compares both with the header."""

from __future__ import annotations

import ctypes
import struct
from ctypes import CFUNCTYPE, POINTER, c_char, c_char_p, c_int32, c_int64, c_uint32, c_uint64, c_void_p
from typing import Any

MAJOR = 1
MINOR = 0


class Error(ctypes.Structure):
    _fields_ = [("struct_size", c_uint32), ("status", c_int32), ("text", c_char * 248)]


log_function = CFUNCTYPE(None, c_void_p, c_uint32, POINTER(c_char), c_uint32)


class RuntimeOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("workers", c_uint32),
        ("stack_size", c_uint32),
        ("clock", c_uint32),
        ("reserved0", c_uint32),
        ("seed", c_uint64),
        ("log", log_function),
        ("log_context", c_void_p),
        ("log_level", c_uint32),
        ("reserved1", c_uint32),
    ]


class QueueOptions(ctypes.Structure):
    _fields_ = [("struct_size", c_uint32), ("flags", c_uint32)]


class Event(ctypes.Structure):
    _fields_ = [
        ("seq", c_uint64),
        ("t_ns", c_int64),
        ("run", c_uint64),
        ("tag", c_uint64),
        ("step", c_uint64),
        ("kind", c_uint32),
        ("outcome", c_int32),
        ("attempt", c_uint32),
        ("flags", c_uint32),
        ("path", c_void_p),
        ("input", c_void_p),
        ("json", c_void_p),
        ("path_length", c_uint32),
        ("input_length", c_uint32),
        ("json_length", c_uint32),
        ("reason", c_uint32),
        ("scope", c_uint64),
        ("barrier", c_uint64),
        ("generation", c_uint32),
        ("arrived", c_uint32),
    ]


# The same, for a batch at once: reading one field of a ctypes structure takes longer than unpacking all of them.
EVENT = struct.Struct("@QqQQQIiIIPPPIIIIQQII")
INSTANCE = struct.Struct("@QPPII")


class Reference(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("kind", c_uint32),
        ("level", c_uint32),
        ("identifier_length", c_uint32),
        ("identifier", c_void_p),  # these may hold zeros
        ("version", c_void_p),
        ("org", c_void_p),
        ("project", c_void_p),
        ("pipeline", c_void_p),
        ("version_length", c_uint32),
        ("org_length", c_uint32),
        ("project_length", c_uint32),
        ("pipeline_length", c_uint32),
    ]


class Resolution(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("file_length", c_uint32),
        ("text", c_char_p),
        ("text_length", c_uint64),
        ("file", c_char_p),
        ("why", c_char_p),
        ("why_length", c_uint32),
        ("reserved0", c_uint32),
    ]


class Document(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("file_length", c_uint32),
        ("text", c_char_p),
        ("text_length", c_uint64),
        ("file", c_char_p),
    ]


resolve_function = CFUNCTYPE(c_int32, c_void_p, POINTER(Reference), POINTER(Resolution))


class LoadOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("adapter", c_char_p),
        ("file", c_char_p),
        ("variables", c_char_p),
        ("adapter_length", c_uint32),
        ("file_length", c_uint32),
        ("variables_length", c_uint32),
        ("input_count", c_uint32),
        ("inputs", POINTER(Document)),
        ("resolve", resolve_function),
        ("resolve_context", c_void_p),
        ("most_levels", c_uint32),
        ("reserved0", c_uint32),
    ]


class RunOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("tag", c_uint64),
        ("grace_ns", c_int64),
        ("id", c_char_p),
        ("simulation", c_char_p),
        ("id_length", c_uint32),
        ("simulation_length", c_uint32),
        ("heartbeat_ns", c_int64),
    ]


class ScopeOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("name_length", c_uint32),
        ("name", c_char_p),
        ("parent", c_uint64),
        ("tag", c_uint64),
        ("flags", c_uint32),
        ("reserved0", c_uint32),
    ]


class BarrierOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("parties", c_uint32),
        ("quorum", c_uint32),
        ("timeout_ns", c_int64),
        ("tag", c_uint64),
    ]


class Statistics(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("workers", c_uint32),
        ("runs", c_uint64),
        ("lanes", c_uint64),
        ("lanes_started", c_uint64),
        ("timers", c_uint64),
        ("stack_bytes", c_uint64),
        ("now_ns", c_uint64),
    ]


class LoopOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("most", c_uint64),
        ("dialect", c_char_p),
        ("file", c_char_p),
        ("dialect_length", c_uint32),
        ("file_length", c_uint32),
    ]


class Instance(ctypes.Structure):
    _fields_ = [
        ("index", c_uint64),
        ("suffix", c_void_p),
        ("values", c_void_p),
        ("suffix_length", c_uint32),
        ("values_length", c_uint32),
    ]


wake_function = CFUNCTYPE(None, c_void_p)
dispatch_function = CFUNCTYPE(None, c_void_p, POINTER(Event), c_uint32, c_uint32)

_status = c_int32
_outcome = c_int32
_handle = c_uint64
_text = (c_char_p, c_uint32)  # pointer and length
_made = (POINTER(c_uint64), POINTER(Error))  # the new handle, and why there is none

# What each function returns, and what it takes.
PROTOTYPES: dict[str, tuple[Any, ...]] = {
    "weir_version": (c_char_p,),
    "weir_abi_version": (c_uint32,),
    "weir_status_name": (c_char_p, _status),
    "weir_status_text": (c_char_p, _status),
    "weir_outcome_name": (c_char_p, _outcome),
    "weir_reason_name": (c_char_p, c_uint32),
    "weir_event_name": (c_char_p, c_uint32),
    "weir_text_view": (_status, _handle, POINTER(c_void_p), POINTER(c_uint32)),
    "weir_text_release": (_status, _handle),
    "weir_runtime_create": (_status, POINTER(RuntimeOptions), *_made),
    "weir_runtime_poll": (_status, _handle, c_uint32, POINTER(c_int64)),
    "weir_runtime_destroy_wait": (_status, _handle),
    "weir_runtime_statistics": (_status, _handle, POINTER(Statistics)),
    "weir_queue_create": (_status, POINTER(QueueOptions), *_made),
    "weir_queue_descriptor": (_status, _handle, POINTER(c_int32)),
    "weir_queue_drain": (_status, _handle, c_void_p, c_uint32, c_uint32, POINTER(c_uint32)),
    "weir_queue_wake": (_status, _handle),
    "weir_queue_on_wake": (_status, _handle, wake_function, c_void_p),
    "weir_queue_dispatch": (_status, _handle, dispatch_function, c_void_p),
    "weir_queue_dispatch_end_wait": (_status, _handle),
    "weir_queue_destroy": (_status, _handle),
    "weir_plan_load": (
        _status,
        c_char_p,
        c_uint64,
        POINTER(LoadOptions),
        POINTER(c_uint64),
        POINTER(c_uint64),
        POINTER(Error),
    ),
    "weir_plan_describe": (_status, _handle, c_uint32, POINTER(c_uint64)),
    "weir_plan_release": (_status, _handle),
    "weir_run_start": (_status, _handle, _handle, _handle, POINTER(RunOptions), *_made),
    "weir_run_cancel": (_status, _handle, *_text),
    "weir_run_pause": (_status, _handle, *_text),
    "weir_run_resume": (_status, _handle, *_text),
    "weir_run_break_barrier": (_status, _handle, *_text, *_text),
    "weir_run_release_barrier": (_status, _handle, *_text, *_text),
    "weir_run_set_concurrency": (_status, _handle, *_text, c_uint32),
    "weir_run_snapshot": (_status, _handle, c_uint64),
    "weir_run_intervene": (_status, _handle, *_text, c_uint32, *_text, *_text),
    "weir_step_progress": (_status, _handle, *_text),
    "weir_step_finish": (_status, _handle, _outcome, *_text, *_text),
    "weir_scope_open": (_status, _handle, _handle, POINTER(ScopeOptions), *_made),
    "weir_scope_close": (_status, _handle),
    "weir_scope_describe": (_status, _handle, POINTER(c_uint64)),
    "weir_lane_open": (_status, _handle, _handle, *_text, c_uint64, POINTER(c_uint64)),
    "weir_lane_finish": (_status, _handle, _outcome),
    "weir_barrier_declare": (_status, _handle, *_text, POINTER(BarrierOptions), *_made),
    "weir_barrier_find": (_status, _handle, *_text, POINTER(c_uint64)),
    "weir_barrier_open": (_status, _handle),
    "weir_barrier_reserve": (_status, _handle, c_uint32),
    "weir_barrier_settle": (_status, _handle, c_uint32),
    "weir_lane_expect": (_status, _handle, _handle),
    "weir_lane_arrive": (_status, _handle, _handle, *_text, c_int64, c_uint64),
    "weir_lanes_arrive": (
        _status,
        POINTER(c_uint64),
        POINTER(c_uint64),
        c_uint32,
        _handle,
        POINTER(c_uint32),
    ),
    "weir_lane_retract": (_status, _handle, _handle),
    "weir_lane_withdraw": (_status, _handle, _handle),
    "weir_barrier_release": (_status, _handle),
    "weir_barrier_break": (_status, _handle),
    "weir_barrier_complete": (_status, _handle, c_uint32, _outcome),
    "weir_barrier_describe": (_status, _handle, POINTER(c_uint64)),
    "weir_gate_open": (_status, _handle, *_text, c_uint32, *_made),
    "weir_gate_set_slots": (_status, _handle, c_uint32),
    "weir_lane_take_slot": (_status, _handle, _handle, c_uint64),
    "weir_lane_give_slot": (_status, _handle, _handle),
    "weir_loop_open": (
        _status,
        *_text,
        POINTER(LoopOptions),
        POINTER(c_uint64),
        POINTER(c_uint64),
        POINTER(c_uint64),
        POINTER(c_uint64),
        POINTER(Error),
    ),
    "weir_loop_next": (_status, _handle, c_void_p, c_uint32, c_uint32, POINTER(c_uint32)),
    "weir_loop_close": (_status, _handle),
}
