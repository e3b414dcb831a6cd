// SPDX-License-Identifier: BSL-1.0

//! Text that crosses: a pointer and a length, read or copied at once.

use crate::error::{refused, Error};
use crate::numbers::Status;
use std::ffi::CStr;
use std::os::raw::c_char;
use std::time::Duration;
use weir_sys as sys;

/// A text for the library, which reads it during the call. The empty one is a null pointer: not given.
pub(crate) struct Given {
    pub(crate) data: *const c_char,
    pub(crate) length: u32,
}

pub(crate) fn given(call: &'static str, text: &str) -> Result<Given, Error> {
    let length = u32::try_from(text.len()).map_err(|_| Error::new(call, Status::INVALID_ARGUMENT))?;
    let data = if text.is_empty() { std::ptr::null() } else { text.as_ptr().cast() };
    Ok(Given { data, length })
}

/// What the library points at.
///
/// # Safety
/// The pointer is null, or good for that many bytes as long as the result lives.
pub(crate) unsafe fn seen<'a>(data: *const c_char, length: u32) -> &'a str {
    if data.is_null() {
        return "";
    }
    std::str::from_utf8(std::slice::from_raw_parts(data.cast(), length as usize)).unwrap_or("")
}

/// A text with a zero at its end that is never freed.
///
/// # Safety
/// It is that.
pub(crate) unsafe fn forever(text: *const c_char) -> &'static str {
    CStr::from_ptr(text).to_str().unwrap_or("unknown")
}

/// Copies a text that a call writes, and releases it.
pub(crate) fn written(
    call: &'static str,
    write: impl FnOnce(*mut sys::weir_text) -> sys::weir_status,
) -> Result<String, Error> {
    let mut text = 0;
    refused(call, write(&mut text))?;
    Ok(taken(text))
}

/// Copies a text, and releases it.
pub(crate) fn taken(text: sys::weir_text) -> String {
    let (mut data, mut length) = (std::ptr::null(), 0);
    // Safety: the bytes are valid until the text is released, and are copied before.
    unsafe {
        if sys::weir_text_view(text, &mut data, &mut length) != sys::WEIR_OK {
            return String::new();
        }
        let copied = seen(data, length).to_owned();
        sys::weir_text_release(text);
        copied
    }
}

/// The library takes any message but one with a zero in it.
pub(crate) fn words(message: &str) -> String {
    message.replace('\0', "\u{fffd}")
}

pub(crate) fn nanoseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}
