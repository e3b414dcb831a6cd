// SPDX-License-Identifier: BSL-1.0

//! What this example needs of weir.h, by hand.

use std::ffi::{c_char, CStr};

pub const OK: i32 = 0;
pub const E_DOCUMENT: i32 = -9;
pub const SUCCEEDED: i32 = 1;
pub const RUN_FINISHED: u32 = 2;
pub const STEP_STARTED: u32 = 5;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Event {
    pub seq: u64,
    pub t_ns: i64,
    pub run: u64,
    pub tag: u64,
    pub step: u64,
    pub kind: u32,
    pub outcome: i32,
    pub attempt: u32,
    pub flags: u32,
    pub path: *const c_char,
    pub input: *const c_char,
    pub json: *const c_char,
    pub path_length: u32,
    pub input_length: u32,
    pub json_length: u32,
    pub reason: u32,
    pub scope: u64,
    pub barrier: u64,
    pub generation: u32,
    pub arrived: u32,
}

/// Options and errors are left null here: the defaults.
type Null = *const u8;

#[link(name = "weir")]
extern "C" {
    pub fn weir_status_text(status: i32) -> *const c_char;
    pub fn weir_outcome_name(outcome: i32) -> *const c_char;
    pub fn weir_event_name(kind: u32) -> *const c_char;
    pub fn weir_text_view(text: u64, data: *mut *const c_char, length: *mut u32) -> i32;
    pub fn weir_text_release(text: u64) -> i32;
    pub fn weir_runtime_create(options: Null, runtime: *mut u64, error: Null) -> i32;
    pub fn weir_runtime_destroy_wait(runtime: u64) -> i32;
    pub fn weir_queue_create(options: Null, queue: *mut u64, error: Null) -> i32;
    pub fn weir_queue_descriptor(queue: u64, descriptor: *mut i32) -> i32;
    pub fn weir_queue_drain(queue: u64, events: *mut Event, stride: u32, capacity: u32, count: *mut u32) -> i32;
    pub fn weir_queue_destroy(queue: u64) -> i32;
    pub fn weir_plan_load(
        document: *const u8, length: u64, options: Null, plan: *mut u64, diagnostics: *mut u64, error: Null,
    ) -> i32;
    pub fn weir_plan_release(plan: u64) -> i32;
    pub fn weir_run_start(runtime: u64, plan: u64, queue: u64, options: Null, run: *mut u64, error: Null) -> i32;
    pub fn weir_step_finish(
        step: u64, outcome: i32, outputs: Null, outputs_length: u32, message: Null, message_length: u32,
    ) -> i32;
}

/// A name that the library keeps for ever.
pub fn name(text: *const c_char) -> &'static str {
    unsafe { CStr::from_ptr(text) }.to_str().unwrap_or("?")
}

pub fn check(what: &str, status: i32) -> Result<(), String> {
    match status {
        OK => Ok(()),
        _ => Err(format!("{what}: {}", name(unsafe { weir_status_text(status) }))),
    }
}
