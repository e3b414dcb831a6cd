// SPDX-License-Identifier: BSL-1.0

use crate::event::Event;
use crate::json::Json;
use crate::run::{Run, Shared};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// A failure about which a person is to be asked: [`Run::next_intervention`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Intervention {
    /// The step's.
    pub path: String,
    /// Which try failed: 1 for the first.
    pub attempt: u32,
    /// The kind of failure, as docs/failures.md has them.
    pub kind: String,
    /// Why it failed.
    pub message: String,
    /// How long it may take; then what the document says for that is done.
    pub timeout: Option<Duration>,
}

impl Intervention {
    pub(crate) fn of(event: &Event<'_>) -> Self {
        let told = event.input();
        let error =
            |name| told.and_then(|told| told.get("error")?.get(name)?.as_str()).unwrap_or_default().into_owned();
        let timeout = told.and_then(|told| told.get("timeout_ms")).and_then(Json::as_u64);
        Intervention {
            path: event.path().to_owned(),
            attempt: event.attempt(),
            kind: error("kind"),
            message: error("message"),
            timeout: timeout.map(Duration::from_millis),
        }
    }
}

impl Run {
    /// Waits for the next failure about which the document wants a person to be asked; none: the run has finished. What is
    /// to be done says [`Run::intervene`]; one that is not wanted any more is not given. Dropped, it takes none.
    ///
    /// ```no_run
    /// # async fn example(run: weir::Run) -> Result<(), weir::Error> {
    /// while let Some(wanted) = run.next_intervention().await {
    ///     println!("{} failed: {}", wanted.path, wanted.message);
    ///     run.intervene(&wanted.path, "retry", wanted.attempt, "an operator")?.await.ok();
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next_intervention(&self) -> Option<Intervention> {
        NextIntervention { run: &self.shared }.await
    }
}

struct NextIntervention<'r> {
    run: &'r Shared,
}

impl Future for NextIntervention<'_> {
    type Output = Option<Intervention>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Intervention>> {
        self.run.poll_taken(cx, |desk| desk.wanted.pop_front())
    }
}
