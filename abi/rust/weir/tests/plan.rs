// SPDX-License-Identifier: BSL-1.0

mod support;

use support::*;
use weir::*;

fn load(document: &str) -> Result<Plan> {
    Plan::load(document, LoadOptions { file: "small.yaml", ..Default::default() })
}

#[test]
fn a_refused_document_says_where() {
    let error = load(&PIPELINE.replace("identifier: two", "identifier: one")).unwrap_err();
    assert_eq!(error.status(), Status::DOCUMENT);
    let found = &error.diagnostics()[0];
    assert_eq!((found.code.as_str(), found.severity.as_str()), ("E0205", "error"));
    assert_eq!((found.place.file.as_str(), found.place.line, found.place.column), ("small.yaml", 22, 31));
    assert!(!found.message.is_empty() && found.place.end_column > found.place.column);
    assert!(error.to_string().contains("\nsmall.yaml:22:31: error E0205: "), "{error}");
    refused(load(""), Status::DOCUMENT);
    let adapter = LoadOptions { adapter: "nobody's", ..Default::default() };
    assert!(Plan::load(PIPELINE, adapter).is_err());
}

#[test]
fn variables_are_given_by_name() {
    let document = PIPELINE.replace("kind: fast", "kind: <+input>");
    refused(load(&document), Status::DOCUMENT);
    let with = |variables| Plan::load(&document, LoadOptions { variables, ..Default::default() });
    refused(with(r#"{"nobody": 1}"#), Status::DOCUMENT);
    refused(with("[1]"), Status::NOT_JSON);
    Plan::load(&document, LoadOptions { inputs_open: true, ..Default::default() }).unwrap();
}

#[test]
fn a_plan_is_described() {
    let plan = Plan::load(PIPELINE, LoadOptions { runnable: true, ..Default::default() }).unwrap();
    assert!(plan.diagnostics().is_empty());
    for format in [Format::JSON, Format::TREE, Format::DOT, Format::MERMAID] {
        assert!(plan.describe(format).unwrap().contains("build"), "{format}");
    }
}

#[test]
fn a_loop_is_walked_as_far_as_it_is_asked() {
    let strategy = r#"{"matrix": {"os": ["linux", "mac"], "arch": ["x86", "arm"], "maxConcurrency": 3}}"#;
    let matrix = Loop::open(strategy, LoopOptions::default()).unwrap();
    assert_eq!((matrix.instances(), matrix.concurrency()), (4, Some(3)));
    let all: Vec<_> = matrix.map(Result::unwrap).collect();
    assert_eq!(all.iter().map(|one| one.suffix.as_str()).collect::<Vec<_>>(), ["_0_0", "_0_1", "_1_0", "_1_1"]);
    assert_eq!(all[3].index, 3);
    assert_eq!(all[3].values().get("os").unwrap().as_str().unwrap(), "mac");

    let many = Loop::open("parallelism: 1000", LoopOptions::default()).unwrap();
    assert_eq!(many.concurrency(), None);
    assert_eq!(many.skip(130).map(|one| one.unwrap().index).next(), Some(130));

    let gitlab = LoopOptions { dialect: Dialect::GitLab, ..Default::default() };
    let jobs = Loop::open("parallel: 2", gitlab).unwrap();
    assert_eq!(jobs.map(|one| one.unwrap().suffix).collect::<Vec<_>>(), [" 1/2", " 2/2"]);

    refused(Loop::open("parallelism: 0x", LoopOptions::default()), Status::DOCUMENT);
    let few = LoopOptions { most: 10, ..Default::default() };
    refused(Loop::open("parallelism: 11", few), Status::DOCUMENT);
}
