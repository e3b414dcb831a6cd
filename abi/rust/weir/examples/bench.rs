// SPDX-License-Identifier: BSL-1.0

//! The bench measures what an arrival costs through the binding, and what one that is parked holds. It prints a line of
//! JSON for each figure:
//!
//!     cargo run --release --example bench [quick]

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use weir::{
    block_on, ArriveOptions, Barrier, BarrierOptions, Lane, Outcome, Queue, Runtime, RuntimeOptions, Scope,
    ScopeOptions,
};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => measure(&[16, 1000, 100_000], 2_000_000),
        ["quick"] => measure(&[16], 1600),
        ["park", how, n] => n.parse().map_err(Failure::from).and_then(|n| park(how, n)),
        _ => Err("usage: bench [quick]".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(sizes: &[usize], arrivals: usize) -> Result<(), Failure> {
    for &n in sizes {
        let host = Host::new(n)?;
        said("arrive, all at once", n, "ns", each(n, arrivals, || host.at_once())?);
        said("arrive, one by one", n, "ns", each(n, arrivals, || host.one_by_one())?);
    }
    // Each in a process of its own: memory that another has given back would make the next look small.
    for how in ["all at once", "one by one"] {
        let n = sizes[sizes.len() - 1].to_string();
        let child = Command::new(std::env::current_exe()?).args(["park", how, &n]).status()?;
        if !child.success() {
            return Err("a child failed".into());
        }
    }
    Ok(())
}

fn said(what: &str, n: usize, unit: &str, figure: f64) {
    println!("{{\"program\":\"weir-rust\",\"what\":\"{what}\",\"n\":{n},\"{unit}\":{figure:.1}}}");
}

/// Nanoseconds an arrival, after a round to warm up.
fn each(n: usize, arrivals: usize, round: impl Fn() -> Result<(), Failure>) -> Result<f64, Failure> {
    round()?;
    let rounds = (arrivals + n - 1) / n;
    let start = Instant::now();
    (0..rounds).try_for_each(|_| round())?;
    let took: Duration = start.elapsed();
    Ok(took.as_nanos() as f64 / (n * rounds) as f64)
}

/// One of each, and lanes.
struct Host {
    lanes: Vec<Lane>,
    gate: Barrier,
    _scope: Scope,
}

impl Host {
    fn new(n: usize) -> Result<Host, Failure> {
        let runtime = Runtime::with(&RuntimeOptions { workers: 1, ..Default::default() })?;
        let scope = runtime.open_scope(&Queue::new()?, ScopeOptions::default())?;
        let options = BarrierOptions { parties: u32::try_from(n)?, cyclic: true, ..Default::default() };
        let gate = scope.declare("gate", options)?;
        let lanes = (0..n).map(|_| scope.open_lane("")).collect::<Result<_, _>>()?;
        Ok(Host { lanes, gate, _scope: scope })
    }

    /// All lanes arrive by one call, and one future waits for all.
    fn at_once(&self) -> Result<(), Failure> {
        let endings = block_on(self.gate.arrive_all(&self.lanes)?);
        check(endings.iter().all(|ending| ending.outcome == Outcome::SUCCEEDED))
    }

    /// Each lane arrives by itself, and each has a future.
    fn one_by_one(&self) -> Result<(), Failure> {
        let begin = |lane: &Lane| lane.begin(&self.gate, ArriveOptions::default());
        let arrivals = self.lanes.iter().map(begin).collect::<Result<Vec<_>, _>>()?;
        block_on(async {
            for arrival in arrivals {
                check(arrival.await.outcome == Outcome::SUCCEEDED)?;
            }
            Ok(())
        })
    }
}

fn check(went_well: bool) -> Result<(), Failure> {
    if went_well {
        Ok(())
    } else {
        Err("a barrier broke".into())
    }
}

/// What one of n holds, and how many threads there are while they wait.
fn park(how: &str, n: usize) -> Result<(), Failure> {
    let host = Host::new(n + 1)?;
    let before = resident()?;
    let (last, lanes) = host.lanes.split_last().ok_or("no lanes")?;
    match how {
        "all at once" => {
            let all = host.gate.arrive_all(lanes)?;
            parked(how, n, before)?;
            block_on(last.arrive(&host.gate))?;
            check(block_on(all).len() == n)
        }
        _ => {
            let begin = |lane: &Lane| lane.begin(&host.gate, ArriveOptions::default());
            let all = lanes.iter().map(begin).collect::<Result<Vec<_>, _>>()?;
            parked(how, n, before)?;
            block_on(last.arrive(&host.gate))?;
            check(all.into_iter().all(|arrival| block_on(arrival).outcome == Outcome::SUCCEEDED))
        }
    }
}

fn parked(how: &str, n: usize, before: f64) -> Result<(), Failure> {
    said(&format!("parked {how}"), n, "bytes", (resident()? - before) / n as f64);
    let mut threads = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        let name = std::fs::read_to_string(task?.path().join("comm"))?;
        threads += usize::from(name.starts_with("weir-"));
    }
    said(&format!("threads while parked {how}"), n, "threads", threads as f64);
    Ok(())
}

/// The process's memory, in bytes.
fn resident() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? * 1024.0)
}
