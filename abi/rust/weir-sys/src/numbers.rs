// SPDX-License-Identifier: BSL-1.0

//! The numbers of weir.h. One that a host does not know is treated as its kind: an error, an event to skip.

/// Whether a call was taken: 0, or why not.
pub type weir_status = i32;
/// How a run, a node, a step, a lane or an arrival ended.
pub type weir_outcome = i32;
/// What an event tells.
pub type weir_event_kind = u32;
/// Why a barrier broke; of a release, that a hand did it.
pub type weir_reason = u32;
/// Whose time a runtime keeps.
pub type weir_clock = u32;
/// How a plan is written down.
pub type weir_format = u32;
pub type weir_reference_kind = u32;
pub type weir_reference_level = u32;

pub const WEIR_ABI_MAJOR: u32 = 1;
pub const WEIR_ABI_MINOR: u32 = 0;
pub const WEIR_TEXT_MAX: u32 = 268435456;
pub const WEIR_OK: weir_status = 0;
pub const WEIR_E_INVALID_ARGUMENT: weir_status = -1;
pub const WEIR_E_STRUCT_SIZE: weir_status = -2;
pub const WEIR_E_VERSION: weir_status = -3;
pub const WEIR_E_STALE: weir_status = -4;
pub const WEIR_E_BAD_STATE: weir_status = -5;
pub const WEIR_E_CLOSED: weir_status = -6;
pub const WEIR_E_LIMIT: weir_status = -7;
pub const WEIR_E_NO_MEMORY: weir_status = -8;
pub const WEIR_E_DOCUMENT: weir_status = -9;
pub const WEIR_E_NOT_UTF8: weir_status = -10;
pub const WEIR_E_NOT_JSON: weir_status = -11;
pub const WEIR_E_FORKED: weir_status = -12;
pub const WEIR_E_BUSY: weir_status = -13;
pub const WEIR_E_INTERNAL: weir_status = -14;
pub const WEIR_E_EXISTS: weir_status = -15;
pub const WEIR_E_NOT_FOUND: weir_status = -16;
pub const WEIR_E_NOT_EXPECTED: weir_status = -17;
pub const WEIR_E_DECIDED: weir_status = -18;
pub const WEIR_E_FORBIDDEN: weir_status = -19;
pub const WEIR_SUCCEEDED: weir_outcome = 1;
pub const WEIR_FAILED: weir_outcome = 2;
pub const WEIR_SKIPPED: weir_outcome = 3;
pub const WEIR_CANCELLED: weir_outcome = 4;
pub const WEIR_TIMED_OUT: weir_outcome = 5;
pub const WEIR_IGNORED_FAILURE: weir_outcome = 6;
pub const WEIR_REASON_NONE: weir_reason = 0;
pub const WEIR_REASON_FAILED: weir_reason = 1;
pub const WEIR_REASON_TIMED_OUT: weir_reason = 2;
pub const WEIR_REASON_CANCELLED: weir_reason = 3;
pub const WEIR_REASON_DEADLOCK: weir_reason = 4;
pub const WEIR_REASON_BY_HAND: weir_reason = 5;
pub const WEIR_REASON_UNREACHABLE: weir_reason = 6;
pub const WEIR_REASON_NO_MEMORY: weir_reason = 7;
pub const WEIR_EVENT_RUN_STARTED: weir_event_kind = 1;
pub const WEIR_EVENT_RUN_FINISHED: weir_event_kind = 2;
pub const WEIR_EVENT_NODE_STARTED: weir_event_kind = 3;
pub const WEIR_EVENT_NODE_FINISHED: weir_event_kind = 4;
pub const WEIR_EVENT_STEP_STARTED: weir_event_kind = 5;
pub const WEIR_EVENT_STEP_FINISHED: weir_event_kind = 6;
pub const WEIR_EVENT_STEP_CANCEL: weir_event_kind = 7;
pub const WEIR_EVENT_STEP_PROGRESS: weir_event_kind = 8;
pub const WEIR_EVENT_INTERVENTION_WANTED: weir_event_kind = 9;
pub const WEIR_EVENT_INTERVENTION_CLOSED: weir_event_kind = 10;
pub const WEIR_EVENT_BARRIER_EXPECTED: weir_event_kind = 16;
pub const WEIR_EVENT_BARRIER_RESERVED: weir_event_kind = 17;
pub const WEIR_EVENT_BARRIER_SETTLED: weir_event_kind = 18;
pub const WEIR_EVENT_BARRIER_ARRIVED: weir_event_kind = 19;
pub const WEIR_EVENT_BARRIER_WITHDRAWN: weir_event_kind = 20;
pub const WEIR_EVENT_BARRIER_FAILED: weir_event_kind = 21;
pub const WEIR_EVENT_BARRIER_RETRACTED: weir_event_kind = 22;
pub const WEIR_EVENT_BARRIER_RELEASED: weir_event_kind = 23;
pub const WEIR_EVENT_BARRIER_BROKEN: weir_event_kind = 24;
pub const WEIR_EVENT_BARRIER_VOIDED: weir_event_kind = 25;
pub const WEIR_EVENT_BARRIER_DONE: weir_event_kind = 26;
pub const WEIR_EVENT_BARRIER_COMPLETING: weir_event_kind = 27;
pub const WEIR_EVENT_SCOPE_CLOSED: weir_event_kind = 28;
pub const WEIR_EVENT_SLOT_WAITING: weir_event_kind = 32;
pub const WEIR_EVENT_SLOT_TAKEN: weir_event_kind = 33;
pub const WEIR_EVENT_SLOT_GIVEN: weir_event_kind = 34;
pub const WEIR_EVENT_SLOT_DONE: weir_event_kind = 35;
pub const WEIR_EVENT_LOCK_WAITING: weir_event_kind = 40;
pub const WEIR_EVENT_LOCK_TAKEN: weir_event_kind = 41;
pub const WEIR_EVENT_LOCK_GIVEN: weir_event_kind = 42;
pub const WEIR_EVENT_CONTROL: weir_event_kind = 48;
pub const WEIR_EVENT_LOG: weir_event_kind = 49;
pub const WEIR_EVENT_SNAPSHOT: weir_event_kind = 50;
pub const WEIR_CLOCK_REAL: weir_clock = 0;
pub const WEIR_CLOCK_VIRTUAL: weir_clock = 1;
pub const WEIR_LOG_DEBUG: u32 = 1;
pub const WEIR_LOG_INFO: u32 = 2;
pub const WEIR_LOG_WARNING: u32 = 3;
pub const WEIR_LOG_ERROR: u32 = 4;
pub const WEIR_RUNTIME_POLLED: u32 = 1;
pub const WEIR_EVENT_HARD: u32 = 1;
pub const WEIR_EVENT_LATE: u32 = 2;
pub const WEIR_QUEUE_JSON: u32 = 1;
pub const WEIR_LOAD_COMPAT_HARNESS: u32 = 1;
pub const WEIR_LOAD_INPUTS_OPEN: u32 = 2;
pub const WEIR_LOAD_RUNNABLE: u32 = 4;
pub const WEIR_LOAD_SLOTS_RELEASE: u32 = 8;
pub const WEIR_LOAD_ALLOW_UNPROVED: u32 = 16;

pub const WEIR_REFERENCE_PIPELINE: weir_reference_kind = 1;
pub const WEIR_REFERENCE_TEMPLATE: weir_reference_kind = 2;
pub const WEIR_REFERENCE_INPUT_SET: weir_reference_kind = 3;
pub const WEIR_REFERENCE_PARENT: weir_reference_kind = 4;
pub const WEIR_REFERENCE_VALUE: weir_reference_kind = 5;
pub const WEIR_REFERENCE_ENVIRONMENT_GROUP: weir_reference_kind = 6;
pub const WEIR_REFERENCE_INFRASTRUCTURES: weir_reference_kind = 7;

pub const WEIR_LEVEL_PROJECT: weir_reference_level = 0;
pub const WEIR_LEVEL_ORGANIZATION: weir_reference_level = 1;
pub const WEIR_LEVEL_ACCOUNT: weir_reference_level = 2;

pub const WEIR_FORMAT_JSON: weir_format = 0;
pub const WEIR_FORMAT_TREE: weir_format = 1;
pub const WEIR_FORMAT_DOT: weir_format = 2;
pub const WEIR_FORMAT_MERMAID: weir_format = 3;
pub const WEIR_FORMAT_SLOTS: weir_format = 4;
pub const WEIR_RUN_SIMULATE: u32 = 1;
pub const WEIR_RUN_SLOTS_RELEASE: u32 = 2;
pub const WEIR_SCOPE_SEQUENTIAL: u32 = 1;
pub const WEIR_BARRIER_CYCLIC: u32 = 1;
pub const WEIR_BARRIER_STRAGGLERS_FAIL: u32 = 2;
pub const WEIR_BARRIER_COMPLETES: u32 = 4;
pub const WEIR_LOOP_COMPAT_HARNESS: u32 = 1;
pub const WEIR_LOOP_LABELS: u32 = 2;
