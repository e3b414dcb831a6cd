// SPDX-License-Identifier: BSL-1.0

//! What a document refers to, found by a closure.

use crate::numbers::Status;
use crate::text::{seen, words};
use std::any::Any;
use std::fmt;
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::Arc;
use weir_sys as sys;

/// Why a document could not be had: any error.
pub type ResolveError = Box<dyn std::error::Error + Send + Sync>;

/// A document and its name in diagnostics, which is the same for the same document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// What it says.
    pub text: String,
    /// Empty: its identifier.
    pub file: String,
}

impl From<String> for Document {
    fn from(text: String) -> Self {
        Document { text, file: String::new() }
    }
}

impl From<&str> for Document {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// What is referred to. One that this crate does not know is best answered by `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReferenceKind(u32);

impl ReferenceKind {
    /// A pipeline that a stage of type Pipeline runs.
    pub const PIPELINE: ReferenceKind = ReferenceKind(sys::WEIR_REFERENCE_PIPELINE);
    /// A `templateRef`.
    pub const TEMPLATE: ReferenceKind = ReferenceKind(sys::WEIR_REFERENCE_TEMPLATE);
    /// An input set, of an overlay or a Pipeline stage.
    pub const INPUT_SET: ReferenceKind = ReferenceKind(sys::WEIR_REFERENCE_INPUT_SET);
    /// A pipeline one of whose stages runs the identifier.
    pub const PARENT: ReferenceKind = ReferenceKind(sys::WEIR_REFERENCE_PARENT);
    /// What an expression names that only the host knows, such as `secrets.getValue("x")`: the text is the value, best a
    /// reference where it is secret.
    pub const VALUE: ReferenceKind = ReferenceKind(sys::WEIR_REFERENCE_VALUE);

    /// As weir.h has it.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// Where a template is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Level(u32);

impl Level {
    /// The reference has no prefix.
    pub const PROJECT: Level = Level(sys::WEIR_LEVEL_PROJECT);
    /// It begins with `org.`.
    pub const ORGANIZATION: Level = Level(sys::WEIR_LEVEL_ORGANIZATION);
    /// It begins with `account.`.
    pub const ACCOUNT: Level = Level(sys::WEIR_LEVEL_ACCOUNT);
}

/// What a document looks for. It lies in the library's memory; texts that the document does not say are empty.
#[derive(Clone, Copy)]
pub struct Reference<'r>(&'r sys::weir_reference);

impl<'r> Reference<'r> {
    /// What is looked for.
    pub fn kind(&self) -> ReferenceKind {
        ReferenceKind(self.0.kind)
    }

    /// Its name, without the level; of a value, what stands in the expression.
    pub fn identifier(&self) -> &'r str {
        self.text(self.0.identifier, self.0.identifier_length)
    }

    /// Where a template is looked for.
    pub fn level(&self) -> Level {
        Level(self.0.level)
    }

    /// A template's `versionLabel`; empty: the stable one.
    pub fn version(&self) -> &'r str {
        self.text(self.0.version, self.0.version_length)
    }

    /// The organization.
    pub fn org(&self) -> &'r str {
        self.text(self.0.org, self.0.org_length)
    }

    /// The project.
    pub fn project(&self) -> &'r str {
        self.text(self.0.project, self.0.project_length)
    }

    /// An input set's pipeline.
    pub fn pipeline(&self) -> &'r str {
        self.text(self.0.pipeline, self.0.pipeline_length)
    }

    fn text(&self, data: *const c_char, length: u32) -> &'r str {
        // Safety: good during the call in which the reference is told.
        unsafe { seen(data, length) }
    }
}

impl fmt::Debug for Reference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {} {}", self.kind(), self.identifier(), self.version())
    }
}

/// Finds pipelines, templates and input sets among the files of a folder, for [`Plan::load_with`](crate::Plan::load_with):
/// `NAME.yaml`, `.yml` or `.json` by identifier, and of a template with a version `NAME-VERSION.yaml` and so on before.
/// Nothing outside of the folder is read, and no value is known.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let document = std::fs::read_to_string("release.yaml")?;
/// let plan = weir::Plan::load_with(&document, Default::default(), weir::folder("pipelines"))?;
/// # Ok(())
/// # }
/// ```
pub fn folder(path: impl Into<PathBuf>) -> impl Fn(&Reference<'_>) -> Result<Option<Document>, ResolveError> {
    let folder = path.into();
    move |wanted| {
        if wanted.kind().0 > ReferenceKind::INPUT_SET.0 {
            return Ok(None);
        }
        let versioned = format!("{}-{}", wanted.identifier(), wanted.version());
        let names = [versioned.as_str(), wanted.identifier()];
        let names = if wanted.version().is_empty() { &names[1..] } else { &names[..] };
        for name in names.iter().filter(|name| !name.contains('/')) {
            for ending in [".yaml", ".yml", ".json"] {
                let file = folder.join(format!("{name}{ending}"));
                if file.is_file() {
                    let text = std::fs::read_to_string(&file)?;
                    return Ok(Some(Document { text, file: file.to_string_lossy().into_owned() }));
                }
            }
        }
        Ok(None)
    }
}

/// A closure as the library's function, for the time of one load.
pub(crate) struct Resolver<F> {
    resolve: F,
    given: Document, // good until the next call
    pub(crate) failed: Option<Arc<dyn std::error::Error + Send + Sync>>,
    pub(crate) panicked: Option<Box<dyn Any + Send>>,
}

const MOST_OF_WHY: usize = 4096; // bytes of an error that a finding tells

impl<F: FnMut(&Reference<'_>) -> Result<Option<Document>, ResolveError>> Resolver<F> {
    pub(crate) fn new(resolve: F) -> Self {
        Resolver { resolve, given: Document::default(), failed: None, panicked: None }
    }

    pub(crate) fn for_c(&mut self) -> (sys::weir_resolve_function, *mut c_void) {
        (Some(call::<F>), (self as *mut Self).cast())
    }

    fn answer(&mut self, wanted: &sys::weir_reference, found: &mut sys::weir_resolution) -> Status {
        if self.panicked.is_some() {
            return Status::NOT_FOUND; // it will be told when the load is over
        }
        let wanted = Reference(wanted);
        match catch_unwind(AssertUnwindSafe(|| (self.resolve)(&wanted))) {
            Ok(Ok(Some(document))) => self.give(document, found),
            Ok(Ok(None)) => Status::NOT_FOUND,
            Ok(Err(error)) => self.say(error, found),
            Err(panic) => {
                self.panicked = Some(panic);
                Status::NOT_FOUND
            }
        }
    }

    fn give(&mut self, document: Document, found: &mut sys::weir_resolution) -> Status {
        let file_length = match u32::try_from(document.file.len()) {
            Ok(length) => length,
            Err(error) => return self.say(error.into(), found),
        };
        self.given = document;
        found.text = self.given.text.as_ptr().cast();
        found.text_length = self.given.text.len() as u64;
        if file_length != 0 {
            found.file = self.given.file.as_ptr().cast();
            found.file_length = file_length;
        }
        Status(sys::WEIR_OK)
    }

    fn say(&mut self, error: ResolveError, found: &mut sys::weir_resolution) -> Status {
        let mut why = words(&error.to_string());
        let most = (0..=MOST_OF_WHY.min(why.len())).rev().find(|&at| why.is_char_boundary(at));
        why.truncate(most.unwrap_or(0));
        self.failed.get_or_insert_with(|| error.into());
        self.given = why.into();
        found.why = self.given.text.as_ptr().cast();
        found.why_length = self.given.text.len() as u32;
        Status::DOCUMENT
    }
}

unsafe extern "C" fn call<F: FnMut(&Reference<'_>) -> Result<Option<Document>, ResolveError>>(
    context: *mut c_void,
    wanted: *const sys::weir_reference,
    found: *mut sys::weir_resolution,
) -> sys::weir_status {
    let resolver = &mut *context.cast::<Resolver<F>>();
    resolver.answer(&*wanted, &mut *found).0
}
