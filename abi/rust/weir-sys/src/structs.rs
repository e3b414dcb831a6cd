// SPDX-License-Identifier: BSL-1.0

//! The structs of weir.h, field by field; its comments say what each means.

use crate::*;
use std::os::raw::{c_char, c_void};

#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_error {
    pub struct_size: u32,
    pub status: weir_status,
    pub text: [c_char; 248],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_runtime_options {
    pub struct_size: u32,
    pub flags: u32,
    pub workers: u32,
    pub stack_size: u32,
    pub clock: weir_clock,
    pub reserved0: u32,
    pub seed: u64,
    pub log: weir_log_function,
    pub log_context: *mut c_void,
    pub log_level: u32,
    pub reserved1: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_statistics {
    pub struct_size: u32,
    pub workers: u32,
    pub runs: u64,
    pub lanes: u64,
    pub lanes_started: u64,
    pub timers: u64,
    pub stack_bytes: u64,
    pub now_ns: u64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_event {
    pub seq: u64,
    pub t_ns: i64,
    pub run: weir_run,
    pub tag: u64,
    pub step: weir_step,
    pub kind: weir_event_kind,
    pub outcome: weir_outcome,
    pub attempt: u32,
    pub flags: u32,
    pub path: *const c_char,
    pub input: *const c_char,
    pub json: *const c_char,
    pub path_length: u32,
    pub input_length: u32,
    pub json_length: u32,
    pub reason: weir_reason,
    pub scope: weir_scope,
    pub barrier: u64,
    pub generation: u32,
    pub arrived: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_queue_options {
    pub struct_size: u32,
    pub flags: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_reference {
    pub struct_size: u32,
    pub kind: weir_reference_kind,
    pub level: weir_reference_level,
    pub identifier_length: u32,
    pub identifier: *const c_char,
    pub version: *const c_char,
    pub org: *const c_char,
    pub project: *const c_char,
    pub pipeline: *const c_char,
    pub version_length: u32,
    pub org_length: u32,
    pub project_length: u32,
    pub pipeline_length: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_resolution {
    pub struct_size: u32,
    pub file_length: u32,
    pub text: *const c_char,
    pub text_length: u64,
    pub file: *const c_char,
    pub why: *const c_char,
    pub why_length: u32,
    pub reserved0: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_document {
    pub struct_size: u32,
    pub file_length: u32,
    pub text: *const c_char,
    pub text_length: u64,
    pub file: *const c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_load_options {
    pub struct_size: u32,
    pub flags: u32,
    pub adapter: *const c_char,
    pub file: *const c_char,
    pub variables: *const c_char,
    pub adapter_length: u32,
    pub file_length: u32,
    pub variables_length: u32,
    pub input_count: u32,
    pub inputs: *const weir_document,
    pub resolve: weir_resolve_function,
    pub resolve_context: *mut c_void,
    pub most_levels: u32,
    pub reserved0: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_run_options {
    pub struct_size: u32,
    pub flags: u32,
    pub tag: u64,
    pub grace_ns: i64,
    pub id: *const c_char,
    pub simulation: *const c_char,
    pub id_length: u32,
    pub simulation_length: u32,
    pub heartbeat_ns: i64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_scope_options {
    pub struct_size: u32,
    pub name_length: u32,
    pub name: *const c_char,
    pub parent: weir_scope,
    pub tag: u64,
    pub flags: u32,
    pub reserved0: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_barrier_options {
    pub struct_size: u32,
    pub flags: u32,
    pub parties: u32,
    pub quorum: u32,
    pub timeout_ns: i64,
    pub tag: u64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_loop_options {
    pub struct_size: u32,
    pub flags: u32,
    pub most: u64,
    pub dialect: *const c_char,
    pub file: *const c_char,
    pub dialect_length: u32,
    pub file_length: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_instance {
    pub index: u64,
    pub suffix: *const c_char,
    pub values: *const c_char,
    pub suffix_length: u32,
    pub values_length: u32,
}
