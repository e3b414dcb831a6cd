// SPDX-License-Identifier: BSL-1.0

//! The functions, in the order of weir.h. What each does, what it refuses and who may call it stands there.

use crate::*;
use std::os::raw::{c_char, c_void};

/// Gets what the library says to operators.
pub type weir_log_function =
    Option<unsafe extern "C" fn(context: *mut c_void, level: u32, message: *const c_char, length: u32)>;

/// Called wherever the queue's descriptor would be raised. It may do no more than signal.
pub type weir_wake_function = Option<unsafe extern "C" fn(context: *mut c_void)>;

/// Gets events in batches, `stride` bytes apart.
pub type weir_dispatch_function =
    Option<unsafe extern "C" fn(context: *mut c_void, events: *const weir_event, stride: u32, count: u32)>;

/// Finds a document that another refers to.
pub type weir_resolve_function = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        wanted: *const weir_reference,
        found: *mut weir_resolution,
    ) -> weir_status,
>;

#[link(name = "weir")]
extern "C" {
    pub fn weir_version() -> *const c_char;
    pub fn weir_abi_version() -> u32;
    pub fn weir_get_api(abi_version: u32) -> *const weir_api;
    pub fn weir_status_name(status: weir_status) -> *const c_char;
    pub fn weir_status_text(status: weir_status) -> *const c_char;
    pub fn weir_outcome_name(outcome: weir_outcome) -> *const c_char;
    pub fn weir_reason_name(reason: weir_reason) -> *const c_char;
    pub fn weir_event_name(kind: weir_event_kind) -> *const c_char;
    pub fn weir_text_view(text: weir_text, data: *mut *const c_char, length: *mut u32) -> weir_status;
    pub fn weir_text_release(text: weir_text) -> weir_status;
    pub fn weir_runtime_create(
        options: *const weir_runtime_options,
        runtime: *mut weir_runtime,
        error: *mut weir_error,
    ) -> weir_status;
    pub fn weir_runtime_poll(runtime: weir_runtime, budget: u32, next_ns: *mut i64) -> weir_status;
    pub fn weir_runtime_destroy_wait(runtime: weir_runtime) -> weir_status;
    pub fn weir_runtime_statistics(runtime: weir_runtime, statistics: *mut weir_statistics) -> weir_status;
    pub fn weir_queue_create(
        options: *const weir_queue_options,
        queue: *mut weir_queue,
        error: *mut weir_error,
    ) -> weir_status;
    pub fn weir_queue_descriptor(queue: weir_queue, descriptor: *mut i32) -> weir_status;
    pub fn weir_queue_drain(
        queue: weir_queue,
        events: *mut weir_event,
        stride: u32,
        capacity: u32,
        count: *mut u32,
    ) -> weir_status;
    pub fn weir_queue_wake(queue: weir_queue) -> weir_status;
    pub fn weir_queue_on_wake(queue: weir_queue, wake: weir_wake_function, context: *mut c_void) -> weir_status;
    pub fn weir_queue_dispatch(queue: weir_queue, take: weir_dispatch_function, context: *mut c_void) -> weir_status;
    pub fn weir_queue_dispatch_end_wait(queue: weir_queue) -> weir_status;
    pub fn weir_queue_destroy(queue: weir_queue) -> weir_status;
    pub fn weir_plan_load(
        document: *const c_char,
        length: u64,
        options: *const weir_load_options,
        plan: *mut weir_plan,
        diagnostics: *mut weir_text,
        error: *mut weir_error,
    ) -> weir_status;
    pub fn weir_plan_describe(plan: weir_plan, format: weir_format, text: *mut weir_text) -> weir_status;
    pub fn weir_plan_release(plan: weir_plan) -> weir_status;
    pub fn weir_run_start(
        runtime: weir_runtime,
        plan: weir_plan,
        queue: weir_queue,
        options: *const weir_run_options,
        run: *mut weir_run,
        error: *mut weir_error,
    ) -> weir_status;
    pub fn weir_run_cancel(run: weir_run, why: *const c_char, why_length: u32) -> weir_status;
    pub fn weir_run_pause(run: weir_run, why: *const c_char, why_length: u32) -> weir_status;
    pub fn weir_run_resume(run: weir_run, why: *const c_char, why_length: u32) -> weir_status;
    pub fn weir_run_break_barrier(
        run: weir_run,
        barrier: *const c_char,
        barrier_length: u32,
        why: *const c_char,
        why_length: u32,
    ) -> weir_status;
    pub fn weir_run_release_barrier(
        run: weir_run,
        barrier: *const c_char,
        barrier_length: u32,
        why: *const c_char,
        why_length: u32,
    ) -> weir_status;
    pub fn weir_run_set_concurrency(
        run: weir_run,
        path: *const c_char,
        path_length: u32,
        concurrency: u32,
    ) -> weir_status;
    pub fn weir_run_snapshot(run: weir_run, tag: u64) -> weir_status;
    pub fn weir_run_intervene(
        run: weir_run,
        path: *const c_char,
        path_length: u32,
        attempt: u32,
        action: *const c_char,
        action_length: u32,
        why: *const c_char,
        why_length: u32,
    ) -> weir_status;
    pub fn weir_step_progress(step: weir_step, progress: *const c_char, progress_length: u32) -> weir_status;
    pub fn weir_step_finish(
        step: weir_step,
        outcome: weir_outcome,
        outputs: *const c_char,
        outputs_length: u32,
        message: *const c_char,
        message_length: u32,
    ) -> weir_status;
    pub fn weir_scope_open(
        runtime: weir_runtime,
        queue: weir_queue,
        options: *const weir_scope_options,
        scope: *mut weir_scope,
        error: *mut weir_error,
    ) -> weir_status;
    pub fn weir_scope_close(scope: weir_scope) -> weir_status;
    pub fn weir_scope_describe(scope: weir_scope, text: *mut weir_text) -> weir_status;
    pub fn weir_lane_open(
        scope: weir_scope,
        parent: weir_lane,
        name: *const c_char,
        name_length: u32,
        tag: u64,
        lane: *mut weir_lane,
    ) -> weir_status;
    pub fn weir_lane_finish(lane: weir_lane, outcome: weir_outcome) -> weir_status;
    pub fn weir_barrier_declare(
        scope: weir_scope,
        name: *const c_char,
        name_length: u32,
        options: *const weir_barrier_options,
        barrier: *mut weir_barrier,
        error: *mut weir_error,
    ) -> weir_status;
    pub fn weir_barrier_find(
        scope: weir_scope,
        name: *const c_char,
        name_length: u32,
        barrier: *mut weir_barrier,
    ) -> weir_status;
    pub fn weir_barrier_open(barrier: weir_barrier) -> weir_status;
    pub fn weir_barrier_reserve(barrier: weir_barrier, places: u32) -> weir_status;
    pub fn weir_barrier_settle(barrier: weir_barrier, places: u32) -> weir_status;
    pub fn weir_lane_expect(lane: weir_lane, barrier: weir_barrier) -> weir_status;
    pub fn weir_lane_arrive(
        lane: weir_lane,
        barrier: weir_barrier,
        value: *const c_char,
        value_length: u32,
        timeout_ns: i64,
        tag: u64,
    ) -> weir_status;
    pub fn weir_lanes_arrive(
        lanes: *const weir_lane,
        tags: *const u64,
        count: u32,
        barrier: weir_barrier,
        accepted: *mut u32,
    ) -> weir_status;
    pub fn weir_lane_retract(lane: weir_lane, barrier: weir_barrier) -> weir_status;
    pub fn weir_lane_withdraw(lane: weir_lane, barrier: weir_barrier) -> weir_status;
    pub fn weir_barrier_release(barrier: weir_barrier) -> weir_status;
    pub fn weir_barrier_break(barrier: weir_barrier) -> weir_status;
    pub fn weir_barrier_complete(barrier: weir_barrier, generation: u32, outcome: weir_outcome) -> weir_status;
    pub fn weir_barrier_describe(barrier: weir_barrier, text: *mut weir_text) -> weir_status;
    pub fn weir_gate_open(
        scope: weir_scope,
        name: *const c_char,
        name_length: u32,
        slots: u32,
        gate: *mut weir_gate,
        error: *mut weir_error,
    ) -> weir_status;
    pub fn weir_gate_set_slots(gate: weir_gate, slots: u32) -> weir_status;
    pub fn weir_lane_take_slot(lane: weir_lane, gate: weir_gate, tag: u64) -> weir_status;
    pub fn weir_lane_give_slot(lane: weir_lane, gate: weir_gate) -> weir_status;
    pub fn weir_loop_open(
        strategy: *const c_char,
        strategy_length: u32,
        options: *const weir_loop_options,
        looping: *mut weir_loop,
        count: *mut u64,
        concurrency: *mut u64,
        diagnostics: *mut weir_text,
        error: *mut weir_error,
    ) -> weir_status;
    pub fn weir_loop_next(
        looping: weir_loop,
        instances: *mut weir_instance,
        stride: u32,
        capacity: u32,
        count: *mut u32,
    ) -> weir_status;
    pub fn weir_loop_close(looping: weir_loop) -> weir_status;
}
