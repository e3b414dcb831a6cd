// SPDX-License-Identifier: BSL-1.0

//! Numbers with names. Later libraries have more of them: one that is not named here is to be treated as its kind, an
//! error, an event to skip.

use crate::text::forever;
use weir_sys as sys;

macro_rules! numbers {
    ($(#[$what:meta])* $type:ident: $raw:ty, $name:path { $($(#[$doc:meta])* $constant:ident = $number:path,)* }) => {
        $(#[$what])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $type(pub(crate) $raw);

        impl $type {
            $($(#[$doc])* pub const $constant: $type = $type($number);)*

            /// As weir.h has it.
            pub fn number(self) -> $raw {
                self.0
            }

            /// The library's name of it; "unknown" of a number that it does not know.
            pub fn name(self) -> &'static str {
                // Safety: any number may be asked for, and the answer is valid for ever.
                unsafe { forever($name(self.0)) }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{} ({})", self.name(), self.0)
            }
        }
    };
}

numbers! {
    /// Why the library refused a call; weir.h says which call for which.
    Status: sys::weir_status, sys::weir_status_name {
        /// Null, out of range, contradictory.
        INVALID_ARGUMENT = sys::WEIR_E_INVALID_ARGUMENT,
        /// The library is older than this crate.
        STRUCT_SIZE = sys::WEIR_E_STRUCT_SIZE,
        /// Not a version that the library speaks.
        VERSION = sys::WEIR_E_VERSION,
        /// Never valid, or ended.
        STALE = sys::WEIR_E_STALE,
        /// It does not fit what the object is doing.
        BAD_STATE = sys::WEIR_E_BAD_STATE,
        /// Shutting down, takes no more calls.
        CLOSED = sys::WEIR_E_CLOSED,
        /// Descriptors, handles, threads, places in a queue.
        LIMIT = sys::WEIR_E_LIMIT,
        /// Memory or address space ran out.
        NO_MEMORY = sys::WEIR_E_NO_MEMORY,
        /// The document is refused: see [`Error::diagnostics`](crate::Error::diagnostics).
        DOCUMENT = sys::WEIR_E_DOCUMENT,
        /// A text with a zero in it.
        NOT_UTF8 = sys::WEIR_E_NOT_UTF8,
        /// A text is not JSON of the expected shape.
        NOT_JSON = sys::WEIR_E_NOT_JSON,
        /// The object belongs to the parent process.
        FORKED = sys::WEIR_E_FORKED,
        /// In use: by another thread, by runs or scopes, or by what has not been told yet.
        BUSY = sys::WEIR_E_BUSY,
        /// A bug of the library: please report it.
        INTERNAL = sys::WEIR_E_INTERNAL,
        /// The name is taken in that scope.
        EXISTS = sys::WEIR_E_EXISTS,
        /// No such name, here or in a parent.
        NOT_FOUND = sys::WEIR_E_NOT_FOUND,
        /// The lane is no party of that barrier.
        NOT_EXPECTED = sys::WEIR_E_NOT_EXPECTED,
        /// Too late: the barrier has decided.
        DECIDED = sys::WEIR_E_DECIDED,
        /// Not inside a log function.
        FORBIDDEN = sys::WEIR_E_FORBIDDEN,
    }
}

impl Status {
    /// The library's one line about it, for people.
    pub fn text(self) -> &'static str {
        // Safety: any number may be asked for, and the answer is valid for ever.
        unsafe { forever(sys::weir_status_text(self.0)) }
    }
}

numbers! {
    /// How a run, a node, a step, a lane or an arrival ended.
    Outcome: sys::weir_outcome, sys::weir_outcome_name {
        /// It may go on.
        SUCCEEDED = sys::WEIR_SUCCEEDED,
        /// It failed, or its barrier broke.
        FAILED = sys::WEIR_FAILED,
        /// It was not carried out.
        SKIPPED = sys::WEIR_SKIPPED,
        /// It was cancelled, or taken back.
        CANCELLED = sys::WEIR_CANCELLED,
        /// Its time was over.
        TIMED_OUT = sys::WEIR_TIMED_OUT,
        /// It failed, and that does not matter.
        IGNORED_FAILURE = sys::WEIR_IGNORED_FAILURE,
    }
}

numbers! {
    /// Why a barrier broke; of a release, that a hand did it.
    Reason: sys::weir_reason, sys::weir_reason_name {
        /// None: it was released.
        NONE = sys::WEIR_REASON_NONE,
        /// A party failed.
        FAILED = sys::WEIR_REASON_FAILED,
        /// A party's patience, or the barrier's own, was over.
        TIMED_OUT = sys::WEIR_REASON_TIMED_OUT,
        /// A party was cancelled, or the scope closed.
        CANCELLED = sys::WEIR_REASON_CANCELLED,
        /// Its parties wait for each other.
        DEADLOCK = sys::WEIR_REASON_DEADLOCK,
        /// Somebody decided it.
        BY_HAND = sys::WEIR_REASON_BY_HAND,
        /// Fewer are left than the quorum, and none of them failed.
        UNREACHABLE = sys::WEIR_REASON_UNREACHABLE,
        /// Of a run: it ended for want of memory.
        NO_MEMORY = sys::WEIR_REASON_NO_MEMORY,
    }
}

numbers! {
    /// What an event tells; docs/events.md has the fields of each. Its name is its `type` in JSON, "barrier.released".
    EventKind: sys::weir_event_kind, sys::weir_event_name {
        /// The first of its run.
        RUN_STARTED = sys::WEIR_EVENT_RUN_STARTED,
        /// The last of its run.
        RUN_FINISHED = sys::WEIR_EVENT_RUN_FINISHED,
        /// A stage, a step group, a loop, a step has begun.
        NODE_STARTED = sys::WEIR_EVENT_NODE_STARTED,
        /// And has ended.
        NODE_FINISHED = sys::WEIR_EVENT_NODE_FINISHED,
        /// The host is asked to carry out a step.
        STEP_STARTED = sys::WEIR_EVENT_STEP_STARTED,
        /// A try of a step has ended.
        STEP_FINISHED = sys::WEIR_EVENT_STEP_FINISHED,
        /// The host is asked to end a step.
        STEP_CANCEL = sys::WEIR_EVENT_STEP_CANCEL,
        /// What the host said of a step.
        STEP_PROGRESS = sys::WEIR_EVENT_STEP_PROGRESS,
        /// A failure waits for a person: answer it by [`Run::intervene`](crate::Run::intervene). Its attempt is told.
        INTERVENTION_WANTED = sys::WEIR_EVENT_INTERVENTION_WANTED,
        /// It was answered, or its time is over.
        INTERVENTION_CLOSED = sys::WEIR_EVENT_INTERVENTION_CLOSED,
        /// A barrier waits for a party.
        BARRIER_EXPECTED = sys::WEIR_EVENT_BARRIER_EXPECTED,
        /// A place is held for parties that are not known yet.
        BARRIER_RESERVED = sys::WEIR_EVENT_BARRIER_RESERVED,
        /// And is not any more.
        BARRIER_SETTLED = sys::WEIR_EVENT_BARRIER_SETTLED,
        /// A party has come.
        BARRIER_ARRIVED = sys::WEIR_EVENT_BARRIER_ARRIVED,
        /// A party will not come, and is not missed.
        BARRIER_WITHDRAWN = sys::WEIR_EVENT_BARRIER_WITHDRAWN,
        /// A party will not come, and is missed.
        BARRIER_FAILED = sys::WEIR_EVENT_BARRIER_FAILED,
        /// A party has taken its arrival back.
        BARRIER_RETRACTED = sys::WEIR_EVENT_BARRIER_RETRACTED,
        /// The decision: all go on.
        BARRIER_RELEASED = sys::WEIR_EVENT_BARRIER_RELEASED,
        /// The decision: all fail.
        BARRIER_BROKEN = sys::WEIR_EVENT_BARRIER_BROKEN,
        /// The decision: nobody is left to decide for.
        BARRIER_VOIDED = sys::WEIR_EVENT_BARRIER_VOIDED,
        /// How one arrival ended.
        BARRIER_DONE = sys::WEIR_EVENT_BARRIER_DONE,
        /// The host is asked for a completion.
        BARRIER_COMPLETING = sys::WEIR_EVENT_BARRIER_COMPLETING,
        /// The last of its scope.
        SCOPE_CLOSED = sys::WEIR_EVENT_SCOPE_CLOSED,
        /// An instance of a loop waits for a slot.
        SLOT_WAITING = sys::WEIR_EVENT_SLOT_WAITING,
        /// And has it.
        SLOT_TAKEN = sys::WEIR_EVENT_SLOT_TAKEN,
        /// And has given it back.
        SLOT_GIVEN = sys::WEIR_EVENT_SLOT_GIVEN,
        /// How a lane's wait at a gate ended.
        SLOT_DONE = sys::WEIR_EVENT_SLOT_DONE,
        /// A Queue or ResourceConstraint step waits for its lock.
        LOCK_WAITING = sys::WEIR_EVENT_LOCK_WAITING,
        /// And has it.
        LOCK_TAKEN = sys::WEIR_EVENT_LOCK_TAKEN,
        /// And its holder has given it back.
        LOCK_GIVEN = sys::WEIR_EVENT_LOCK_GIVEN,
        /// How a call that controls a run ended.
        CONTROL = sys::WEIR_EVENT_CONTROL,
        /// A line for people.
        LOG = sys::WEIR_EVENT_LOG,
        /// A picture of a run.
        SNAPSHOT = sys::WEIR_EVENT_SNAPSHOT,
    }
}

numbers! {
    /// A way to write a plan down.
    Format: sys::weir_format, format_name {
        /// One JSON object.
        JSON = sys::WEIR_FORMAT_JSON,
        /// A tree, for people.
        TREE = sys::WEIR_FORMAT_TREE,
        /// A graph, for Graphviz.
        DOT = sys::WEIR_FORMAT_DOT,
        /// A graph, for Mermaid.
        MERMAID = sys::WEIR_FORMAT_MERMAID,
        /// JSON: how few slots its loops could do with.
        SLOTS = sys::WEIR_FORMAT_SLOTS,
    }
}

/// The library has no names for these.
unsafe fn format_name(format: sys::weir_format) -> *const std::os::raw::c_char {
    let name: &'static [u8] = match format {
        sys::WEIR_FORMAT_JSON => b"json\0",
        sys::WEIR_FORMAT_TREE => b"tree\0",
        sys::WEIR_FORMAT_DOT => b"dot\0",
        sys::WEIR_FORMAT_MERMAID => b"mermaid\0",
        sys::WEIR_FORMAT_SLOTS => b"slots\0",
        _ => b"unknown\0",
    };
    name.as_ptr().cast()
}

/// The library's version, such as "1.0.0".
pub fn version() -> &'static str {
    // Safety: the answer is valid for ever.
    unsafe { forever(sys::weir_version()) }
}

/// The ABI that the loaded library speaks: major and minor.
pub fn abi_version() -> (u32, u32) {
    // Safety: it has no conditions.
    let packed = unsafe { sys::weir_abi_version() };
    (packed >> 16, packed & 0xffff)
}

/// Whether the loaded library serves this crate: its ABI is of the same major, and its minor is not lower.
pub fn is_supported() -> bool {
    // Safety: any version may be asked for; the table is not looked into.
    !unsafe { sys::weir_get_api(sys::WEIR_ABI_MAJOR << 16 | sys::WEIR_ABI_MINOR) }.is_null()
}
