// SPDX-License-Identifier: BSL-1.0

//! `weir.h` as it is: the raw declarations of libweir, under their names in C.
//!
//! The header is the contract and the documentation. The crate `weir` is the safe way to all of this.
#![allow(non_camel_case_types)]

mod functions;
mod handles;
mod numbers;
mod structs;

pub use functions::*;
pub use handles::*;
pub use numbers::*;
pub use structs::*;
