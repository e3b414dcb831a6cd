// SPDX-License-Identifier: BSL-1.0

use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;
use weir_sys as sys;

/// How much a line of a log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LogLevel {
    /// What the library does.
    Debug,
    /// What came to nothing, such as an answer that came too late.
    Info,
    /// What a host should look at: two threads at once, events that are dropped.
    Warning,
    /// A forbidden call, a run that ends for want of memory.
    Error,
}

impl LogLevel {
    fn of(number: u32) -> LogLevel {
        match number {
            sys::WEIR_LOG_DEBUG => LogLevel::Debug,
            sys::WEIR_LOG_INFO => LogLevel::Info,
            sys::WEIR_LOG_WARNING => LogLevel::Warning,
            _ => LogLevel::Error,
        }
    }

    fn number(self) -> u32 {
        match self {
            LogLevel::Debug => sys::WEIR_LOG_DEBUG,
            LogLevel::Info => sys::WEIR_LOG_INFO,
            LogLevel::Warning => sys::WEIR_LOG_WARNING,
            LogLevel::Error => sys::WEIR_LOG_ERROR,
        }
    }
}

type Write = dyn Fn(LogLevel, &str) + Send + Sync;

/// Where a runtime's log goes. A clone is the same.
#[derive(Clone)]
pub struct LogSink {
    least: LogLevel,
    write: Arc<Box<Write>>,
}

impl LogSink {
    /// Has `write` called for each line of that level or above, on any thread, once at a time. It should not wait; what
    /// it calls of this crate is refused with [`Status::FORBIDDEN`](crate::Status::FORBIDDEN).
    pub fn new(least: LogLevel, write: impl Fn(LogLevel, &str) + Send + Sync + 'static) -> LogSink {
        LogSink { least, write: Arc::new(Box::new(write)) }
    }

    /// Good as long as this lives.
    pub(crate) fn for_c(&self) -> (sys::weir_log_function, *mut c_void, u32) {
        let context: *const Box<Write> = &*self.write;
        (Some(say), context as *mut c_void, self.least.number())
    }
}

impl std::fmt::Debug for LogSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LogSink({:?})", self.least)
    }
}

unsafe extern "C" fn say(context: *mut c_void, level: u32, message: *const c_char, length: u32) {
    let write = &*(context as *const Box<Write>);
    let bytes = std::slice::from_raw_parts(message as *const u8, length as usize);
    // There is nobody to tell: a panic must not cross into C.
    drop(catch_unwind(AssertUnwindSafe(|| write(LogLevel::of(level), &String::from_utf8_lossy(bytes)))));
}
