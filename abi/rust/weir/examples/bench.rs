// SPDX-License-Identifier: BSL-1.0

//! The bench measures what an arrival costs through the binding, and what one that is parked holds: N lanes of one scope
//! reach one cyclic barrier, round after round, and all are told. It prints a line of JSON.
//!
//!     cargo run --release --example bench how=batch n=100000 r=10
//!     cargo run --release --example bench                     # both ways, with 16, 1,000 and 100,000
//!
//! The ways: `batch`, all lanes by one call and with one future; `each`, one by one, with a future each.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use weir::{
    block_on, Arrival, ArriveOptions, Barrier, BarrierOptions, Batch, Lane, Outcome, Queue, Runtime, RuntimeOptions,
    Scope, ScopeOptions,
};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = if arguments.is_empty() { everything() } else { one(&arguments) };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Each in a process of its own: memory that another has given back would make the next look small.
fn everything() -> Result<(), Failure> {
    for how in ["batch", "each"] {
        for n in [16, 1000, 100_000] {
            let given = [format!("how={how}"), format!("n={n}"), format!("r={}", 2_000_000 / n)];
            let child = Command::new(std::env::current_exe()?).args(given).status()?;
            check(child.success(), "a child failed")?;
        }
    }
    Ok(())
}

fn one(arguments: &[String]) -> Result<(), Failure> {
    let given = |key: &str| arguments.iter().find_map(|each| each.strip_prefix(key)?.strip_prefix('='));
    let number = |key, otherwise| given(key).map_or(Ok(otherwise), str::parse::<usize>);
    let (n, rounds) = (number("n", 1000)?, number("r", 100)?);
    check(n > 1 && rounds > 0, "two lanes and one round at least")?;
    match given("how") {
        Some("batch") => measure("batch", n, rounds, Host::batch, Host::told_batch),
        Some("each") => measure("each", n, rounds, Host::each, Host::told_each),
        _ => Err("usage: bench [how=batch|each n=N r=ROUNDS]".into()),
    }
}

fn check(went_well: bool, or_else: &str) -> Result<(), Failure> {
    went_well.then_some(()).ok_or_else(|| or_else.into())
}

/// `begin` lets all lanes but the last arrive, and `told` waits until they have been told.
fn measure<W>(
    how: &str,
    n: usize,
    rounds: usize,
    begin: impl Fn(&Host) -> Result<W, Failure>,
    told: impl Fn(W) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let before = resident()?;
    let host = Host::new(n)?;
    let finish = |waiting| -> Result<Duration, Failure> {
        let last = Instant::now();
        block_on(host.last.arrive(&host.gate))?;
        told(waiting)?;
        Ok(last.elapsed())
    };
    let waiting = begin(&host)?;
    let parked = (resident()? - before) / n as f64;
    let (threads, library_threads) = threads()?;
    finish(waiting)?;

    let (mut telling, processor, start) = (Duration::ZERO, processor()?, Instant::now());
    for _ in 0..rounds {
        telling += finish(begin(&host)?)?;
    }
    let each = |took: Duration| took.as_nanos() as f64 / (n * rounds) as f64;
    let (took, spent) = (each(start.elapsed()), each(self::processor()? - processor));
    println!(
        "{{\"bench\":\"languages\",\"lang\":\"rust\",\"impl\":\"weir Rust, {how}\",\"n\":{n},\"ns_per_arrival\":{took:.1},\
         \"cpu_ns_per_arrival\":{spent:.1},\"ns_per_event\":{:.1},\"parked_bytes\":{parked:.1},\"threads\":{threads},\
         \"library_threads\":{library_threads}}}",
        each(telling)
    );
    Ok(())
}

/// One of each, and lanes.
struct Host {
    lanes: Vec<Lane>,
    last: Lane,
    gate: Barrier,
    _scope: Scope,
}

impl Host {
    fn new(n: usize) -> Result<Host, Failure> {
        let runtime = Runtime::with(&RuntimeOptions { workers: 1, ..Default::default() })?;
        let scope = runtime.open_scope(&Queue::new()?, ScopeOptions::default())?;
        let options = BarrierOptions { parties: u32::try_from(n)?, cyclic: true, ..Default::default() };
        let gate = scope.declare("gate", options)?;
        let lanes = (1..n).map(|_| scope.open_lane("")).collect::<Result<_, _>>()?;
        Ok(Host { lanes, last: scope.open_lane("")?, gate, _scope: scope })
    }

    fn batch(&self) -> Result<Batch, Failure> {
        Ok(self.gate.arrive_all(&self.lanes)?)
    }

    fn told_batch(all: Batch) -> Result<(), Failure> {
        check(block_on(all).iter().all(|ending| ending.outcome == Outcome::SUCCEEDED), "a barrier broke")
    }

    fn each(&self) -> Result<Vec<Arrival>, Failure> {
        let begin = |lane: &Lane| lane.begin(&self.gate, ArriveOptions::default());
        Ok(self.lanes.iter().map(begin).collect::<Result<_, _>>()?)
    }

    fn told_each(all: Vec<Arrival>) -> Result<(), Failure> {
        block_on(async {
            for arrival in all {
                check(arrival.await.outcome == Outcome::SUCCEEDED, "a barrier broke")?;
            }
            Ok(())
        })
    }
}

/// Threads of the process, and those that the library has named.
fn threads() -> Result<(usize, usize), Failure> {
    let (mut all, mut library) = (0, 0);
    for task in std::fs::read_dir("/proc/self/task")? {
        let name = std::fs::read_to_string(task?.path().join("comm"))?;
        all += 1;
        library += usize::from(name.starts_with("weir-"));
    }
    Ok((all, library))
}

/// The process's memory, in bytes.
fn resident() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? * 1024.0)
}

/// What the process's threads have used of a processor.
fn processor() -> Result<Duration, Failure> {
    let mut used = Duration::ZERO;
    for task in std::fs::read_dir("/proc/self/task")? {
        let schedstat = std::fs::read_to_string(task?.path().join("schedstat"))?;
        let ns = schedstat.split(' ').next().ok_or("no time")?;
        used += Duration::from_nanos(ns.parse()?);
    }
    Ok(used)
}
