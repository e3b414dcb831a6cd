// SPDX-License-Identifier: BSL-1.0

//! A host in Rust without a crate: one thread that waits on the queue's descriptor. Every step "runs" by being
//! printed, and succeeds.

mod weir;

use std::os::fd::RawFd;
use weir::*;

#[repr(C)]
struct PollFd {
    fd: RawFd,
    events: i16,
    revents: i16,
}

extern "C" {
    fn poll(fds: *mut PollFd, count: std::ffi::c_ulong, timeout: i32) -> i32;
}

fn wait_readable(fd: RawFd) {
    let mut readable = PollFd { fd, events: 1, revents: 0 };
    unsafe { poll(&mut readable, 1, -1) };
}

/// The text of a pointer and a length that are valid until the next drain.
unsafe fn text<'a>(data: *const std::ffi::c_char, length: u32) -> std::borrow::Cow<'a, str> {
    if data.is_null() {
        return "".into();
    }
    String::from_utf8_lossy(std::slice::from_raw_parts(data.cast(), length as usize))
}

fn load(file: &str) -> Result<u64, String> {
    let document = std::fs::read(file).map_err(|e| format!("{file}: {e}"))?;
    let (mut plan, mut findings) = (0, 0);
    unsafe {
        let none = std::ptr::null();
        let status =
            weir_plan_load(document.as_ptr(), document.len() as u64, none, &mut plan, &mut findings, none);
        if status == E_DOCUMENT {
            let (mut data, mut length) = (std::ptr::null(), 0);
            weir_text_view(findings, &mut data, &mut length);
            eprintln!("{}", text(data, length));
        }
        weir_text_release(findings);
        check(file, status)?;
    }
    Ok(plan)
}

/// Drains the queue until the run has finished.
fn serve(queue: u64) -> Result<i32, String> {
    let mut events = vec![unsafe { std::mem::zeroed::<Event>() }; 64];
    let stride = std::mem::size_of::<Event>() as u32;
    let mut fd = -1;
    check("descriptor", unsafe { weir_queue_descriptor(queue, &mut fd) })?;
    loop {
        let mut count = 0;
        check("drain", unsafe { weir_queue_drain(queue, events.as_mut_ptr(), stride, 64, &mut count) })?;
        if count == 0 {
            wait_readable(fd);
        }
        for event in &events[..count as usize] {
            let path = unsafe { text(event.path, event.path_length) };
            println!("{:3} {:18} {}", event.seq, name(unsafe { weir_event_name(event.kind) }), path);
            match event.kind {
                STEP_STARTED => unsafe {
                    let none = std::ptr::null();
                    weir_step_finish(event.step, SUCCEEDED, none, 0, none, 0);
                },
                RUN_FINISHED => return Ok(event.outcome),
                _ => {}
            }
        }
    }
}

fn main() -> Result<(), String> {
    let file = std::env::args().nth(1).unwrap_or("examples/pipelines/two-stages.yaml".into());
    let plan = load(&file)?;
    let (mut queue, mut runtime, mut run) = (0, 0, 0);
    let none = std::ptr::null();
    check("queue", unsafe { weir_queue_create(none, &mut queue, none) })?;
    check("runtime", unsafe { weir_runtime_create(none, &mut runtime, none) })?;
    check("run", unsafe { weir_run_start(runtime, plan, queue, none, &mut run, none) })?;
    let outcome = serve(queue)?;
    println!("{}", name(unsafe { weir_outcome_name(outcome) }));
    check("runtime", unsafe { weir_runtime_destroy_wait(runtime) })?;
    check("queue", unsafe { weir_queue_destroy(queue) })?;
    check("plan", unsafe { weir_plan_release(plan) })?;
    if outcome == SUCCEEDED { Ok(()) } else { Err("the run did not succeed".into()) }
}
