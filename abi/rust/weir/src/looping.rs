// SPDX-License-Identifier: BSL-1.0

use crate::error::{refused, told, Result};
use crate::json::Json;
use crate::text::{given, seen};
use std::collections::VecDeque;
use weir_sys as sys;

const BATCH: usize = 64;

/// Whose way to write a loop a text follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// `strategy`: `matrix`, `repeat` or `parallelism`.
    #[default]
    Harness,
    /// `strategy`: `matrix` with `include` and `exclude`.
    GitHub,
    /// `parallel`: a number, or `matrix`.
    GitLab,
    /// `matrix`: `params` and `include`.
    Tekton,
    /// `withItems`, `withParam` or `withSequence`.
    Argo,
}

impl Dialect {
    fn name(self) -> &'static str {
        match self {
            Dialect::Harness => "harness",
            Dialect::GitHub => "github",
            Dialect::GitLab => "gitlab",
            Dialect::Tekton => "tekton",
            Dialect::Argo => "argo",
        }
    }
}

/// How a strategy is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoopOptions {
    /// Whose it is.
    pub dialect: Dialect,
    /// Harness's own order and suffixes: docs/compat.md.
    pub compat_harness: bool,
    /// Suffixes name the values of a matrix instead of their places.
    pub labels: bool,
    /// Refuse a loop of more instances; 0: as the engine of the dialect does.
    pub most: u64,
}

/// A looping strategy by itself: a row of instances, expanded as they are asked for. A million combinations take no more
/// memory than ten.
///
/// ```no_run
/// let matrix = weir::Loop::open("matrix: {os: [linux, mac], arch: [x86, arm]}", Default::default())?;
/// for instance in matrix {
///     println!("build{}", instance?.suffix); // build_0_0 ...
/// }
/// # Ok::<(), weir::Error>(())
/// ```
#[derive(Debug)]
pub struct Loop {
    handle: sys::weir_loop,
    count: u64,
    concurrency: Option<u64>,
    ahead: VecDeque<Instance>,
}

/// One instance of a loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// 0, 1, 2 ...
    pub index: u64,
    /// Behind its name, as the engine has it: "_0_1", " 1/5", "(0:blue)".
    pub suffix: String,
    values: String,
}

impl Instance {
    /// An object: the axes of a matrix; `item` or `partition` of a repeat.
    pub fn values(&self) -> Json<'_> {
        Json::new(&self.values)
    }
}

impl Loop {
    /// Reads how something loops, in YAML or JSON, as the engine of the dialect has it. Does not
    /// block. [`Status::DOCUMENT`](crate::Status::DOCUMENT): it is refused, and the error says why and where.
    pub fn open(strategy: &str, options: LoopOptions) -> Result<Loop> {
        let call = "weir_loop_open";
        let text = given(call, strategy)?;
        let dialect = given(call, options.dialect.name())?;
        let flag = |on, flag| if on { flag } else { 0 };
        let how = sys::weir_loop_options {
            struct_size: std::mem::size_of::<sys::weir_loop_options>() as u32,
            flags: flag(options.compat_harness, sys::WEIR_LOOP_COMPAT_HARNESS)
                | flag(options.labels, sys::WEIR_LOOP_LABELS),
            most: options.most,
            dialect: dialect.data,
            dialect_length: dialect.length,
            file: std::ptr::null(),
            file_length: 0,
        };
        let (mut handle, mut count, mut concurrency) = (0, 0, 0);
        // Safety: all pointers are good for the call.
        told(call, |error| unsafe {
            let diagnostics = std::ptr::null_mut();
            sys::weir_loop_open(
                text.data,
                text.length,
                &how,
                &mut handle,
                &mut count,
                &mut concurrency,
                diagnostics,
                error,
            )
        })?;
        let concurrency = Some(concurrency).filter(|&most| most > 0);
        Ok(Loop { handle, count, concurrency, ahead: VecDeque::new() })
    }

    /// How many instances there are in all.
    pub fn instances(&self) -> u64 {
        self.count
    }

    /// How many of them run at once; none: all.
    pub fn concurrency(&self) -> Option<u64> {
        self.concurrency
    }

    fn look_ahead(&mut self) -> Result<()> {
        // Safety: of numbers and pointers, all zero is one.
        let mut some: [sys::weir_instance; BATCH] = unsafe { std::mem::zeroed() };
        let (mut count, stride) = (0, std::mem::size_of::<sys::weir_instance>() as u32);
        // Safety: there is room for so many.
        refused("weir_loop_next", unsafe {
            sys::weir_loop_next(self.handle, some.as_mut_ptr(), stride, BATCH as u32, &mut count)
        })?;
        self.ahead.extend(some[..count as usize].iter().map(|instance| Instance {
            index: instance.index,
            // Safety: the texts are valid until the next call.
            suffix: unsafe { seen(instance.suffix, instance.suffix_length) }.to_owned(),
            values: unsafe { seen(instance.values, instance.values_length) }.to_owned(),
        }));
        Ok(())
    }
}

impl Iterator for Loop {
    type Item = Result<Instance>;

    /// The next instance. Does not block. [`Status::NO_MEMORY`](crate::Status::NO_MEMORY).
    fn next(&mut self) -> Option<Result<Instance>> {
        if self.ahead.is_empty() {
            if let Err(error) = self.look_ahead() {
                return Some(Err(error));
            }
        }
        self.ahead.pop_front().map(Ok)
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        // Safety: the loop is this one's, and nobody is in a call.
        unsafe { sys::weir_loop_close(self.handle) };
    }
}
