// SPDX-License-Identifier: BSL-1.0

//! The example host carries out examples/scenario with the binding, and prints its trace:
//!
//!     cargo run --example host ../../examples/scenario

mod clock;
mod day;
mod scenario;
mod steps;
mod task;
mod trace;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let folder = match std::env::args_os().nth(1) {
        Some(folder) => PathBuf::from(folder),
        None => {
            eprintln!("usage: host FOLDER");
            return ExitCode::from(2);
        }
    };
    match day::carry_out(&folder) {
        Ok(day) => {
            print!("{}", trace::of(&day));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
