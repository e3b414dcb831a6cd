// SPDX-License-Identifier: BSL-1.0

use crate::numbers::Status;
use crate::plan::Diagnostic;
use crate::text::seen;
use std::fmt;
use std::sync::Arc;
use weir_sys as sys;

/// A call that the library refused.
#[derive(Clone)]
pub struct Error(Box<Refusal>);

#[derive(Clone)]
struct Refusal {
    call: &'static str,
    status: Status,
    text: String,
    diagnostics: Vec<Diagnostic>,
    cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// What calls into the library give.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// With the library's one line about the status.
    pub(crate) fn new(call: &'static str, status: Status) -> Self {
        Error::with(call, status, status.text())
    }

    pub(crate) fn with(call: &'static str, status: Status, text: &str) -> Self {
        Error(Box::new(Refusal { call, status, text: text.to_owned(), diagnostics: Vec::new(), cause: None }))
    }

    pub(crate) fn finding(mut self, diagnostics: Vec<Diagnostic>) -> Self {
        self.0.diagnostics = diagnostics;
        self
    }

    pub(crate) fn caused_by(mut self, cause: Arc<dyn std::error::Error + Send + Sync>) -> Self {
        self.0.cause = Some(cause);
        self
    }

    /// Why, for programs.
    pub fn status(&self) -> Status {
        self.0.status
    }

    /// Why, for people, in the library's words.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Where: the function of weir.h.
    pub fn call(&self) -> &'static str {
        self.0.call
    }

    /// Of [`Status::DOCUMENT`]: each finding, with its position. Else empty.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.0.diagnostics
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.call(), self.text())?;
        self.diagnostics().iter().try_for_each(|found| write!(f, "\n{found}"))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self, self.status())
    }
}

/// The source is what a resolver failed with.
impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as _)
    }
}

/// `Ok` of WEIR_OK.
pub(crate) fn refused(call: &'static str, status: sys::weir_status) -> Result<()> {
    match status {
        sys::WEIR_OK => Ok(()),
        status => Err(Error::new(call, Status(status))),
    }
}

/// Makes a call that tells more about its refusal than the status.
pub(crate) fn told(call: &'static str, make: impl FnOnce(*mut sys::weir_error) -> sys::weir_status) -> Result<()> {
    let size = std::mem::size_of::<sys::weir_error>() as u32;
    let mut said = sys::weir_error { struct_size: size, status: sys::WEIR_OK, text: [0; 248] };
    refused(call, make(&mut said)).map_err(|error| {
        let length = said.text.iter().position(|&c| c == 0).unwrap_or(said.text.len());
        // Safety: so many bytes are there.
        match unsafe { seen(said.text.as_ptr(), length as u32) } {
            "" => error,
            text => Error::with(call, error.status(), text),
        }
    })
}
