// SPDX-License-Identifier: BSL-1.0

mod support;

use std::collections::HashMap;
use std::error::Error as _;
use std::io;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::Mutex;
use support::*;
use weir::*;

fn children() -> PathBuf {
    let scenario = std::env::var_os("WEIR_SCENARIO").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../examples/scenario");
    scenario.unwrap_or_else(beside).join("children")
}

fn text(name: &str) -> String {
    std::fs::read_to_string(children().join(name)).unwrap()
}

type Found = std::result::Result<Option<Document>, ResolveError>;

/// Finds all that release.yaml refers to.
fn resolve(wanted: &Reference<'_>) -> Found {
    if wanted.kind() == ReferenceKind::VALUE {
        return Ok((wanted.identifier() == r#"secrets.getValue("token")"#).then(|| "ref:token".into()));
    }
    folder(children())(wanted)
}

fn release(resolve: impl FnMut(&Reference<'_>) -> Found) -> Result<Plan> {
    let inputs = [Document { text: text("qa.yaml"), file: "qa.yaml".into() }];
    let options = LoadOptions { file: "release.yaml", inputs: &inputs, ..Default::default() };
    Plan::load_with(&text("release.yaml"), options, resolve)
}

#[test]
fn children_meet_and_find_what_they_refer_to() {
    let (runtime, queue) = (Runtime::new().unwrap(), Queue::new().unwrap());
    let run = runtime.start(&queue, &release(resolve).unwrap(), RunOptions::default()).unwrap();
    let told = Mutex::new(HashMap::new());
    let outcome = block_on(run.carry_out(|step| {
        let said = ["text", "token"].map(|key| step.spec().get(key).unwrap().as_str().unwrap().into_owned());
        told.lock().unwrap().insert(step.path().to_owned(), said.join(", "));
        async { Ok(String::new()) }
    }));
    assert_eq!(outcome, Outcome::SUCCEEDED);
    let told = told.into_inner().unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(told["api/deploy/tell"], "api for qa at example, ref:token");
    assert_eq!(told["web/deploy/tell"], "web for qa at example, ref:token");
}

#[test]
fn each_reference_is_asked_for_once_with_what_the_document_says() {
    let mut asked = Vec::new();
    let plan = release(|wanted| {
        asked.push((
            wanted.kind(),
            wanted.identifier().to_owned(),
            wanted.version().to_owned(),
            wanted.pipeline().to_owned(),
        ));
        assert_eq!((wanted.level(), wanted.org(), wanted.project()), (Level::PROJECT, "", ""));
        resolve(wanted)
    });
    drop(plan.unwrap());
    let count = |kind, identifier: &str, version: &str, pipeline: &str| {
        asked
            .iter()
            .filter(|one| (one.0, &one.1[..], &one.2[..], &one.3[..]) == (kind, identifier, version, pipeline))
            .count()
    };
    assert_eq!(count(ReferenceKind::PIPELINE, "service", "", ""), 1);
    assert_eq!(count(ReferenceKind::TEMPLATE, "tell", "2", ""), 1);
    assert_eq!(count(ReferenceKind::INPUT_SET, "common", "", "service"), 1);
    assert_eq!(count(ReferenceKind::VALUE, r#"secrets.getValue("token")"#, "", ""), 1);
    assert_eq!(ReferenceKind::VALUE.number(), 5);
}

#[test]
fn inputs_that_come_later_win() {
    let qa = text("qa.yaml");
    let inputs = [qa.as_str().into(), qa.replace("qa}", "prod}").into()];
    let options = LoadOptions { inputs: &inputs, ..Default::default() };
    let plan = Plan::load_with(&text("release.yaml"), options, resolve).unwrap();
    let written = plan.describe(Format::JSON).unwrap();
    assert!(written.contains("prod") && !written.contains("\"qa\""), "{written}");
}

#[test]
fn what_is_not_found_is_refused_where_it_is_referred_to() {
    let inputs = [text("qa.yaml").into()];
    let options = LoadOptions { file: "release.yaml", inputs: &inputs, ..Default::default() };
    for refused in [Plan::load(&text("release.yaml"), options), release(|_| Ok(None))] {
        let error = refused.unwrap_err();
        assert_eq!(error.status(), Status::DOCUMENT);
        assert_eq!(error.diagnostics()[0].place.file, "release.yaml");
        assert!(error.source().is_none());
    }
}

#[test]
fn a_resolver_that_fails_is_the_source() {
    let away = || io::Error::new(io::ErrorKind::Other, format!("the \0 store is away {}", "é".repeat(3000)));
    let error = release(|_| Err(away().into())).unwrap_err();
    assert_eq!(error.status(), Status::DOCUMENT);
    assert!(error.to_string().contains("store is away"), "{error}");
    let source = error.source().unwrap().downcast_ref::<io::Error>().unwrap();
    assert_eq!(source.kind(), io::ErrorKind::Other);
    assert!(error.clone().source().is_some());
}

#[test]
fn a_resolver_that_panics_does_so_when_the_load_is_over() {
    let panicked = catch_unwind(AssertUnwindSafe(|| release(|_| panic!("enough"))));
    assert_eq!(*panicked.unwrap_err().downcast::<&str>().unwrap(), "enough");
}

#[test]
fn a_resolver_may_load_plans_itself() {
    release(|wanted| release(resolve).map_err(Into::into).and_then(|_| resolve(wanted))).unwrap();
}

#[test]
fn findings_in_another_document_have_its_name() {
    let elsewhere = |wanted: &Reference<'_>| match wanted.kind() {
        ReferenceKind::PIPELINE => Ok(Some(Document { text: "pipeline: 5".into(), file: "elsewhere.yaml".into() })),
        _ => resolve(wanted),
    };
    let error = release(elsewhere).unwrap_err();
    assert!(error.diagnostics().iter().any(|found| found.place.file == "elsewhere.yaml"), "{error}");
}

#[test]
fn levels_are_bounded() {
    let outer =
        text("release.yaml").replace("service", "release").replacen("identifier: release", "identifier: outer", 1);
    let with = |most_levels| Plan::load_with(&outer, LoadOptions { most_levels, ..Default::default() }, resolve);
    assert!(with(1).unwrap_err().diagnostics().iter().any(|found| found.code == "E0222"));
    refused(with(65), Status::INVALID_ARGUMENT);
}

#[test]
fn a_folder_gives_nothing_from_outside() {
    let names = ["../pipeline", "../children/service", "/etc/passwd", "", "..", "nobody", &"x".repeat(5000)];
    for name in names {
        let stage = "{identifier: a, type: Pipeline, spec: {pipeline: \"NAME\"}}".replace("NAME", name);
        let document = format!("pipeline: {{identifier: p, stages: [{{stage: {stage}}}]}}");
        let found = Plan::load_with(&document, LoadOptions::default(), |wanted| {
            let found = folder(children())(wanted);
            assert!(matches!(found, Ok(None)), "{wanted:?}: {found:?}");
            found
        });
        refused(found, Status::DOCUMENT);
    }
}

const ASKING: &str = "
pipeline:
  name: Asking
  identifier: asking
  stages:
    - stage: {name: a, identifier: a, type: Custom, spec: {execution: {steps: [
        {step: {name: x, identifier: x, type: First, spec: {}, failureStrategies: [{onFailure: {errors: [AllErrors],
          action: {type: ManualIntervention, spec: {timeout: 1h, onTimeout: {action: {type: Abort}}}}}}]}}]}}}
";

#[test]
fn a_person_is_asked_and_answers() {
    let (runtime, queue) = (Runtime::new().unwrap(), Queue::new().unwrap());
    let plan = Plan::load(ASKING, LoadOptions::default()).unwrap();
    for (action, end) in [("mark_as_success", Outcome::SUCCEEDED), ("abort", Outcome::CANCELLED)] {
        let log = Log::default();
        let run = runtime.start(&queue, &plan, RunOptions { observe: log.observer(), ..Default::default() }).unwrap();
        block_on(run.next_step()).unwrap().answer::<String>(Err("no luck".into())).unwrap();
        eventually("it is asked", || !log.of(EventKind::INTERVENTION_WANTED).is_empty());
        let wrong = block_on(run.intervene("a/x", action, 2, "meant for another try").unwrap());
        assert!(wrong.is_err());
        block_on(run.intervene("a/x", action, 1, "an operator").unwrap()).unwrap();
        assert_eq!(block_on(run.wait()), end);
        assert!(log.of(EventKind::CONTROL)[1].input.as_ref().unwrap().contains("an operator"));
    }
}

#[test]
fn who_is_to_be_asked_is_awaited() {
    let (runtime, queue) = (Runtime::new().unwrap(), Queue::new().unwrap());
    let plan = Plan::load(ASKING, LoadOptions::default()).unwrap();
    let run = runtime.start(&queue, &plan, RunOptions::default()).unwrap();
    let carry_out = || run.carry_out(|_| async { Err::<String, _>("no luck".into()) });
    std::thread::scope(|scope| {
        let walk = scope.spawn(|| block_on(carry_out()));
        let wanted = block_on(run.next_intervention()).unwrap();
        assert_eq!((wanted.path.as_str(), wanted.attempt), ("a/x", 1));
        assert_eq!((wanted.kind.as_str(), wanted.message.as_str()), ("Unknown", "no luck"));
        assert_eq!(wanted.timeout, Some(std::time::Duration::from_secs(3600)));
        block_on(run.intervene(&wanted.path, "mark_as_success", wanted.attempt, "").unwrap()).unwrap();
        assert_eq!(block_on(run.next_intervention()), None);
        assert_eq!(walk.join().unwrap(), Outcome::SUCCEEDED);
    });
}

#[test]
fn who_need_not_be_asked_any_more_is_not_given() {
    let (runtime, queue) = (Runtime::new().unwrap(), Queue::new().unwrap());
    let plan = Plan::load(ASKING, LoadOptions::default()).unwrap();
    let log = Log::default();
    let run = runtime.start(&queue, &plan, RunOptions { observe: log.observer(), ..Default::default() }).unwrap();
    block_on(run.next_step()).unwrap().answer::<String>(Err("no luck".into())).unwrap();
    eventually("it is asked", || !log.of(EventKind::INTERVENTION_WANTED).is_empty());
    block_on(run.intervene("a/x", "abort", 0, "").unwrap()).unwrap();
    block_on(run.wait());
    assert_eq!(block_on(run.next_intervention()), None);
}
