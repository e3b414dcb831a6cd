// SPDX-License-Identifier: BSL-1.0

#![cfg(all(target_os = "linux", target_pointer_width = "64"))]

mod support;

use std::os::raw::{c_int, c_long, c_void};
use support::*;
use weir::*;

extern "C" {
    fn mmap(at: *mut c_void, length: usize, protection: c_int, flags: c_int, fd: c_int, offset: c_long) -> *mut c_void;
    fn munmap(at: *mut c_void, length: usize) -> c_int;
}

const LENGTH: usize = u32::MAX as usize + 5;

/// A text of more than 4 GiB, "gate" and zeros: address space, of which one page is touched.
struct Long(*mut c_void);

impl Long {
    fn new() -> Option<Long> {
        const READ_WRITE: c_int = 3;
        const PRIVATE_ANONYMOUS_NORESERVE: c_int = 0x4022;
        // Safety: memory of its own.
        let at = unsafe { mmap(std::ptr::null_mut(), LENGTH, READ_WRITE, PRIVATE_ANONYMOUS_NORESERVE, -1, 0) };
        if at as isize == -1 {
            return None; // there is no address space
        }
        // Safety: there is room.
        unsafe { std::ptr::copy_nonoverlapping(b"gate".as_ptr(), at.cast(), 4) };
        Some(Long(at))
    }

    fn text(&self) -> &str {
        // Safety: so many bytes are there, which are UTF-8, as long as this lives.
        unsafe { std::str::from_utf8_unchecked(std::slice::from_raw_parts(self.0.cast(), LENGTH)) }
    }
}

impl Drop for Long {
    fn drop(&mut self) {
        // Safety: nobody has a text of it any more.
        unsafe { munmap(self.0, LENGTH) };
    }
}

/// Cut to 32 bits, each of these would be "gate".
#[test]
fn a_text_that_is_too_long_is_refused_not_cut() {
    let long = match Long::new() {
        Some(long) => long,
        None => return,
    };
    let (text, host) = (long.text(), Host::new());
    let gate = host.scope.declare("gate", BarrierOptions { parties: 1, ..Default::default() }).unwrap();
    let lane = host.scope.open_lane("lane").unwrap();
    refused(host.scope.find(text), Status::INVALID_ARGUMENT);
    refused(host.scope.declare(text, BarrierOptions::default()), Status::INVALID_ARGUMENT);
    refused(host.scope.open_lane(text), Status::INVALID_ARGUMENT);
    refused(host.scope.open_gate(text, 1), Status::INVALID_ARGUMENT);
    refused(lane.begin(&gate, ArriveOptions { value: text, ..Default::default() }), Status::INVALID_ARGUMENT);
    let named = ScopeOptions { name: text, ..Default::default() };
    refused(host.runtime.open_scope(&host.queue, named), Status::INVALID_ARGUMENT);
    refused(Loop::open(text, LoopOptions::default()), Status::INVALID_ARGUMENT);
    refused(Plan::load(text, LoadOptions::default()), Status::INVALID_ARGUMENT);
    for options in [
        LoadOptions { file: text, ..Default::default() },
        LoadOptions { adapter: text, ..Default::default() },
        LoadOptions { variables: text, ..Default::default() },
    ] {
        refused(Plan::load(PIPELINE, options), Status::INVALID_ARGUMENT);
    }
    let plan = Plan::load(PIPELINE, LoadOptions::default()).unwrap();
    for options in
        [RunOptions { id: text, ..Default::default() }, RunOptions { simulation: text, ..Default::default() }]
    {
        refused(host.runtime.start(&host.queue, &plan, options), Status::INVALID_ARGUMENT);
    }
}
