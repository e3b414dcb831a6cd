// SPDX-License-Identifier: BSL-1.0

//! Handles: ids with a generation inside. 0 is never valid, and one whose object has ended is stale for ever.

pub type weir_runtime = u64;
pub type weir_queue = u64;
pub type weir_plan = u64;
pub type weir_run = u64;
pub type weir_step = u64;
pub type weir_text = u64;
pub type weir_scope = u64;
pub type weir_lane = u64;
pub type weir_barrier = u64;
pub type weir_gate = u64;
pub type weir_loop = u64;

/// The functions as one table, for hosts that load the library by hand; weir_api.h has its members.
#[repr(C)]
pub struct weir_api {
    pub struct_size: u32,
    /// As [`weir_abi_version`](crate::weir_abi_version) gives it.
    pub abi: u32,
    members: [u8; 0],
}
