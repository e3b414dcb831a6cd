// SPDX-License-Identifier: BSL-1.0

use crate::day::Day;
use std::fmt::Write;
use weir::{Decision, EventKind};

/// What does not depend on who was faster.
pub fn of(day: &Day) -> String {
    let mut to = String::new();
    for barrier in &day.scenario.barriers {
        for decision in day.decisions.iter().filter(|decision| decision.barrier == barrier.name) {
            line(&mut to, &verdict(decision));
            arrivals(&mut to, day, decision);
        }
    }
    for report in &day.reports {
        line(&mut to, &format!("task {} {}", report.name, report.outcome));
    }
    for (path, outcome) in &day.nodes {
        line(&mut to, &format!("node {path} {outcome}"));
    }
    line(&mut to, &format!("run {}", day.outcome));
    to
}

fn line(to: &mut String, text: &str) {
    writeln!(to, "{text}").expect("a string takes all");
}

fn verdict(of: &Decision) -> String {
    let said = match of.kind {
        EventKind::BARRIER_RELEASED => "released".to_owned(),
        EventKind::BARRIER_VOIDED => "voided".to_owned(),
        _ => format!("broken by {}: {}", last(&of.culprit().unwrap_or_default()), of.reason),
    };
    format!("barrier {} {} {said}", of.barrier, of.generation)
}

fn arrivals(to: &mut String, day: &Day, decision: &Decision) {
    for report in &day.reports {
        let value = decision.values().find(|value| last(&value.0) == report.name);
        let value = value.map_or_else(String::new, |value| format!(" {}", value.1));
        let here = report.met.iter().filter(|met| met.barrier == decision.barrier);
        for met in here.filter(|met| met.ending.generation == decision.generation) {
            line(to, &format!("  {} {}{value}", report.name, met.ending.outcome));
        }
    }
}

/// The last step of a path.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
