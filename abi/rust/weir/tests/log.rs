// SPDX-License-Identifier: BSL-1.0

use std::sync::{Arc, Mutex};
use weir::*;

type Lines = Arc<Mutex<Vec<(LogLevel, String)>>>;

fn logging(least: LogLevel) -> (Runtime, Lines) {
    let lines = Lines::default();
    let kept = lines.clone();
    let log = LogSink::new(least, move |level, line| {
        kept.lock().unwrap().push((level, line.into()));
        panic!("which is the host's own affair");
    });
    (Runtime::with(&RuntimeOptions { workers: 1, log: Some(log), ..Default::default() }).unwrap(), lines)
}

#[test]
fn a_log_begins_at_its_level_and_ends_with_its_runtime() {
    std::panic::set_hook(Box::new(|_| {}));
    let (runtime, lines) = logging(LogLevel::Debug);
    let (other, nothing) = logging(LogLevel::Warning);
    assert_eq!(*lines.lock().unwrap(), [(LogLevel::Debug, "runtime made, workers: 1".into())]);
    drop(runtime);
    drop(other);
    assert_eq!(lines.lock().unwrap()[1], (LogLevel::Debug, "runtime ended".into()));
    assert_eq!(Arc::strong_count(&lines), 1);
    assert!(nothing.lock().unwrap().is_empty());
}

#[test]
fn nothing_may_be_called_in_a_log_function() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = seen.clone();
    let log =
        LogSink::new(LogLevel::Debug, move |_, _| kept.lock().unwrap().push(Queue::new().err().map(|e| e.status())));
    drop(Runtime::with(&RuntimeOptions { polled: true, log: Some(log), ..Default::default() }).unwrap());
    assert_eq!(*seen.lock().unwrap(), [Some(Status::FORBIDDEN); 2]);
}
