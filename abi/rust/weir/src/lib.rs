// SPDX-License-Identifier: BSL-1.0

//! Barriers and looping strategies for workflow engines: the safe binding of libweir.
//!
//! A [`Runtime`] keeps the time and walks plans; a [`Queue`] carries what they tell. There are two ways in, which may
//! share both:
//!
//! - Load a pipeline as a [`Plan`] and start a [`Run`] of it: its steps are carried out by an async function
//!   ([`Run::carry_out`]), or by whoever takes them ([`Run::next_step`]).
//! - With control flow of your own, open a [`Scope`], its lanes and barriers, and let the lanes meet:
//!   [`Lane::arrive`] waits as any future does. [`Gate`]s hand out slots, [`Loop`]s expand strategies.
//!
//! # Futures and threads
//!
//! No executor is asked for: futures are woken by whoever serves their queue, which is a thread that sleeps while there
//! is nothing to tell ([`Queue::new`]), a task of tokio (`Queue::tokio`, with the feature `tokio`: no thread at all), or
//! the host's own reactor ([`Queue::undriven`]). Who waits holds no thread.
//!
//! A future that is dropped takes back what it asked for: an arrival is retracted, a place before a gate given up, a run
//! that somebody carries out is cancelled. What a future left behind ends once, and is told once, to nobody. If a barrier
//! was faster, its decision stands.
//!
//! Every type is `Send` and `Sync`. Functions that this crate calls for you ([`ScopeOptions::observe`],
//! [`RunOptions::observe`], [`BarrierOptions::complete`]) run on the thread that serves the queue, in the order in which
//! things happened: they must not wait, nor close the queue. No function blocks, save those that say so.
//!
//! # Ends and errors
//!
//! What is dropped ends: a [`Scope`] closes, a [`Lane`] that was not finished was cancelled, a [`Run`] too. A call that
//! the library refuses is an [`Error`] with a [`Status`]. What was closed is stale for ever, never another object: to use
//! it is an error and nothing worse.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use weir::{BarrierOptions, Queue, Runtime, ScopeOptions};
//!
//! let (runtime, queue) = (Runtime::new()?, Queue::new()?);
//! let scope = runtime.open_scope(&queue, ScopeOptions { name: "release", ..Default::default() })?;
//! let built = scope.declare("built", BarrierOptions { parties: 2, ..Default::default() })?;
//! let build = |system: &str| {
//!     let (lane, built) = (scope.open_lane(system)?, built.clone());
//!     Ok::<_, weir::Error>(move || weir::block_on(lane.arrive(&built)).map(|decision| decision.arrived))
//! };
//! let (linux, mac) = (build("linux")?, build("mac")?);
//! let linux = std::thread::spawn(linux);
//! assert_eq!(mac()?, 2);
//! assert_eq!(linux.join().unwrap()?, 2);
//! # Ok(())
//! # }
//! ```
#![warn(missing_docs)]

mod arrival;
mod barrier;
mod batch;
mod block_on;
mod carry_out;
mod completion;
mod control;
mod decision;
mod dispatcher;
mod error;
mod event;
mod gate;
mod intervention;
mod json;
mod lane;
mod latch;
mod log;
mod looping;
mod numbers;
mod plan;
mod queue;
mod resolve;
mod route;
mod run;
mod runtime;
mod scope;
mod step;
mod sync;
mod tasks;
mod text;
mod thread;
#[cfg(feature = "tokio")]
mod tokio;
mod wait;
mod waits;
mod wake;

pub use arrival::{Arrival, ArriveOptions};
pub use barrier::{Barrier, BarrierOptions};
pub use batch::{Batch, BatchError};
pub use block_on::block_on;
pub use carry_out::CarryOut;
pub use completion::Completion;
pub use control::{Control, ControlError, Snapshot};
pub use decision::{ArriveError, Decision, Ending};
pub use dispatcher::Dispatcher;
pub use error::{Error, Result};
pub use event::{Event, Observer};
pub use gate::{Gate, Slot, SlotError};
pub use intervention::Intervention;
pub use json::Json;
pub use lane::Lane;
pub use log::{LogLevel, LogSink};
pub use looping::{Dialect, Instance, Loop, LoopOptions};
pub use numbers::{abi_version, is_supported, version, EventKind, Format, Outcome, Reason, Status};
pub use plan::{Diagnostic, LoadOptions, Note, Place, Plan};
pub use queue::{Queue, QueueOptions};
pub use resolve::{folder, Document, Level, Reference, ReferenceKind, ResolveError};
pub use run::{Run, RunOptions};
pub use runtime::{Runtime, RuntimeOptions, Statistics};
pub use scope::{Scope, ScopeOptions};
pub use step::{Assignment, Cancellation, Outputs, Step, StepEnded, StepError};
