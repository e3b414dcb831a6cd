// SPDX-License-Identifier: BSL-1.0

use crate::error::{told, Error, Result};
use crate::json::Json;
use crate::numbers::{Format, Status};
use crate::resolve::{Document, Reference, ResolveError, Resolver};
use crate::text::{given, taken, written};
use std::fmt;
use std::os::raw::c_void;
use std::panic::resume_unwind;
use weir_sys as sys;

/// How a document is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadOptions<'a> {
    /// Harness's own behaviour where ours differs: docs/compat.md.
    pub compat_harness: bool,
    /// A runtime input that is not given is an unknown, not an error.
    pub inputs_open: bool,
    /// Refuse also what loads but cannot be run by this version.
    pub runnable: bool,
    /// A loop's instance that waits gives its slot to the next, where the document does not say.
    pub slots_release: bool,
    /// Accepts a document of which it is not found out whether it can get stuck.
    pub allow_unproved: bool,
    /// "harness"; empty: detected.
    pub adapter: &'a str,
    /// The document's name in diagnostics.
    pub file: &'a str,
    /// Pipeline variables and inputs by name, as a JSON object; empty: none.
    pub variables: &'a str,
    /// Input sets, of which a later one wins, and `variables` over all: docs/inputs.md.
    pub inputs: &'a [Document],
    /// Of pipelines or templates in each other; 0: 16, at most 64.
    pub most_levels: u32,
}

/// A finding about a document. Lines and columns count from 1; line 0 is no position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// As docs/diagnostics.md has it: "E0205".
    pub code: String,
    /// "error" or "warning".
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// Where it begins and ends.
    pub place: Place,
    /// Of the node.
    pub path: String,
    /// What to do.
    pub help: String,
    /// Other places that it speaks of.
    pub notes: Vec<Note>,
}

/// Where something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The document's name.
    pub file: String,
    /// The first line.
    pub line: u32,
    /// And its column, in code points.
    pub column: u32,
    /// The last line; 0: not told.
    pub end_line: u32,
    /// And the column behind the end.
    pub end_column: u32,
}

/// Another place that a finding speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// What is there.
    pub message: String,
    /// Where.
    pub place: Place,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}: {}", self.place, self.severity, self.code, self.message)
    }
}

fn word(of: Json<'_>, name: &str) -> String {
    of.get(name).and_then(Json::as_str).map_or_else(String::new, Into::into)
}

fn place(of: Json<'_>) -> Place {
    let number = |name| of.get(name).and_then(Json::as_u64).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    Place {
        file: word(of, "file"),
        line: number("line"),
        column: number("column"),
        end_line: number("end_line"),
        end_column: number("end_column"),
    }
}

fn diagnostic(of: Json<'_>) -> Diagnostic {
    let notes = of.get("notes").into_iter().flat_map(Json::items);
    Diagnostic {
        code: word(of, "code"),
        severity: word(of, "severity"),
        message: word(of, "message"),
        place: place(of),
        path: word(of, "path"),
        help: word(of, "help"),
        notes: notes.map(|note| Note { message: word(note, "message"), place: place(note) }).collect(),
    }
}

fn raw(call: &'static str, document: &Document) -> Result<sys::weir_document> {
    let file = given(call, &document.file)?;
    Ok(sys::weir_document {
        struct_size: std::mem::size_of::<sys::weir_document>() as u32,
        file_length: file.length,
        text: document.text.as_ptr().cast(),
        text_length: document.text.len() as u64,
        file: file.data,
    })
}

/// A document that was read: immutable, for any number of runs, which go on when it is dropped.
#[derive(Debug)]
pub struct Plan {
    pub(crate) handle: sys::weir_plan,
    diagnostics: Vec<Diagnostic>,
}

impl Plan {
    /// Reads a document that refers to no other. Does not block. [`Status::DOCUMENT`]: it is refused, and
    /// [`Error::diagnostics`](crate::Error::diagnostics) says where and why; [`NOT_JSON`](Status::NOT_JSON): the
    /// variables are no JSON object; [`INVALID_ARGUMENT`](Status::INVALID_ARGUMENT): nobody knows the adapter.
    pub fn load(document: &str, options: LoadOptions<'_>) -> Result<Plan> {
        Plan::read(document, options, (None, std::ptr::null_mut()))
    }

    /// Reads a document and what it refers to: child pipelines, templates, input sets, and values that only the host
    /// knows. `resolve` is called for each reference that differs, on this thread, before this returns; `None`: there is
    /// none. Blocks where it does, and panics when it does. As [`Plan::load`]; when it fails, the document is refused, and
    /// that is the error's [`source`](std::error::Error::source). [`folder`](crate::folder) finds files.
    ///
    /// ```
    /// use weir::{LoadOptions, Plan, ReferenceKind};
    /// # fn main() -> Result<(), weir::Error> {
    /// # let document = "pipeline: {name: P, identifier: p, stages: []}";
    /// let plan = Plan::load_with(document, LoadOptions::default(), |wanted| {
    ///     Ok(match (wanted.kind(), wanted.identifier()) {
    ///         (ReferenceKind::VALUE, r#"secrets.getValue("token")"#) => Some("vault:token".into()),
    ///         (ReferenceKind::PIPELINE, name) => Some(std::fs::read_to_string(format!("{name}.yaml"))?.into()),
    ///         _ => None,
    ///     })
    /// });
    /// # plan.map(drop).or(Ok(()))
    /// # }
    /// ```
    pub fn load_with(
        document: &str,
        options: LoadOptions<'_>,
        resolve: impl FnMut(&Reference<'_>) -> Result<Option<Document>, ResolveError>,
    ) -> Result<Plan> {
        let mut resolver = Resolver::new(resolve);
        let loaded = Plan::read(document, options, resolver.for_c());
        if let Some(panic) = resolver.panicked.take() {
            drop(loaded);
            resume_unwind(panic);
        }
        loaded.map_err(|error| match resolver.failed.take() {
            Some(cause) if error.status() == Status::DOCUMENT => error.caused_by(cause),
            _ => error,
        })
    }

    fn read(
        document: &str,
        options: LoadOptions<'_>,
        resolve: (sys::weir_resolve_function, *mut c_void),
    ) -> Result<Plan> {
        let call = "weir_plan_load";
        let inputs = options.inputs.iter().map(|input| raw(call, input)).collect::<Result<Vec<_>>>()?;
        let input_count = u32::try_from(inputs.len()).map_err(|_| Error::new(call, Status::INVALID_ARGUMENT))?;
        let parts = (given(call, options.adapter)?, given(call, options.file)?, given(call, options.variables)?);
        let flag = |on, flag| if on { flag } else { 0 };
        let how = sys::weir_load_options {
            struct_size: std::mem::size_of::<sys::weir_load_options>() as u32,
            flags: flag(options.compat_harness, sys::WEIR_LOAD_COMPAT_HARNESS)
                | flag(options.inputs_open, sys::WEIR_LOAD_INPUTS_OPEN)
                | flag(options.runnable, sys::WEIR_LOAD_RUNNABLE)
                | flag(options.slots_release, sys::WEIR_LOAD_SLOTS_RELEASE)
                | flag(options.allow_unproved, sys::WEIR_LOAD_ALLOW_UNPROVED),
            adapter: parts.0.data,
            adapter_length: parts.0.length,
            file: parts.1.data,
            file_length: parts.1.length,
            variables: parts.2.data,
            variables_length: parts.2.length,
            input_count,
            inputs: if inputs.is_empty() { std::ptr::null() } else { inputs.as_ptr() },
            resolve: resolve.0,
            resolve_context: resolve.1,
            most_levels: options.most_levels,
            reserved0: 0,
        };
        let (mut handle, mut found) = (0, 0);
        let (data, length) = (document.as_ptr().cast(), document.len() as u64);
        // Safety: all pointers are good for the call.
        let loaded =
            told(call, |error| unsafe { sys::weir_plan_load(data, length, &how, &mut handle, &mut found, error) });
        let diagnostics = Json::new(&taken(found)).items().map(diagnostic).collect();
        match loaded {
            Ok(()) => Ok(Plan { handle, diagnostics }),
            Err(error) if error.status() == Status::DOCUMENT => Err(error.finding(diagnostics)),
            Err(error) => Err(error),
        }
    }

    /// Warnings.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Writes the plan down. Does not block. [`Status::INVALID_ARGUMENT`]: not a format of this library's.
    pub fn describe(&self, format: Format) -> Result<String> {
        // Safety: the pointer is good for the call.
        written("weir_plan_describe", |text| unsafe { sys::weir_plan_describe(self.handle, format.0, text) })
    }
}

impl Drop for Plan {
    fn drop(&mut self) {
        // Safety: any handle may be given.
        unsafe { sys::weir_plan_release(self.handle) };
    }
}
