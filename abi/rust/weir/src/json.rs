// SPDX-License-Identifier: BSL-1.0

//! JSON as the library writes it: read where it lies, nothing is built.

use std::borrow::Cow;
use std::fmt;

/// A value in a JSON text, read only as far as it is asked. It copies nothing but strings with escapes in them.
///
/// The text is not checked: of something that is not JSON, what cannot be read is `None`, or ends an iteration.
///
/// ```
/// let spec = weir::Json::new(r#"{"image": "app:1", "ports": [80, 443]}"#);
/// assert_eq!(spec.get("image").unwrap().as_str().unwrap(), "app:1");
/// assert_eq!(spec.get("ports").unwrap().items().filter_map(|port| port.as_u64()).sum::<u64>(), 523);
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

fn is_white(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

impl<'a> Json<'a> {
    /// The value that the text is.
    pub fn new(text: &'a str) -> Self {
        Json(text.trim_matches(is_white))
    }

    /// The value as it is written.
    pub fn text(self) -> &'a str {
        self.0
    }

    /// The member of an object that has this name: the first one.
    pub fn get(self, name: &str) -> Option<Json<'a>> {
        self.members().find(|member| member.0 == name).map(|member| member.1)
    }

    /// The members of an object, in their order; of anything else none.
    pub fn members(self) -> impl Iterator<Item = (Cow<'a, str>, Json<'a>)> {
        let mut rest = Rest(self.0.strip_prefix('{').unwrap_or(""));
        std::iter::from_fn(move || {
            let name = rest.value()?.as_str()?;
            rest.0 = rest.0.trim_start_matches(is_white).strip_prefix(':')?;
            Some((name, rest.value()?))
        })
    }

    /// The values in an array, in their order; of anything else none.
    pub fn items(self) -> impl Iterator<Item = Json<'a>> {
        let mut rest = Rest(self.0.strip_prefix('[').unwrap_or(""));
        std::iter::from_fn(move || rest.value())
    }

    /// A string's text.
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        Some(if inner.contains('\\') { Cow::Owned(unescaped(inner)) } else { Cow::Borrowed(inner) })
    }

    /// A number without a fraction or a sign.
    pub fn as_u64(self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// A number without a fraction.
    pub fn as_i64(self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// A number.
    pub fn as_f64(self) -> Option<f64> {
        self.0.starts_with(|c: char| c == '-' || c.is_ascii_digit()).then(|| self.0.parse().ok()).flatten()
    }

    /// `true` or `false`.
    pub fn as_bool(self) -> Option<bool> {
        self.0.parse().ok()
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.0 == "null"
    }

    /// A text as JSON: quoted, with what needs it escaped. For values and outputs that are a string.
    pub fn quote(text: &str) -> String {
        let mut quoted = String::with_capacity(text.len() + 2);
        quoted.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => quoted.extend(['\\', c]),
                c if c < ' ' => quoted += &format!("\\u{:04x}", u32::from(c)),
                c => quoted.push(c),
            }
        }
        quoted.push('"');
        quoted
    }
}

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// What is left of an array or an object.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn value(&mut self) -> Option<Json<'a>> {
        let text = self.0.trim_start_matches(|c| is_white(c) || c == ',');
        let end = value_end(text.as_bytes())?;
        self.0 = &text[end..];
        Some(Json(&text[..end]))
    }
}

/// How long the value is that the text begins with. What delimits is ASCII, so every end is one of a character.
fn value_end(text: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0, 0usize);
    while at < text.len() {
        match text[at] {
            b'"' => at = string_end(text, at)?,
            b'{' | b'[' => (at, depth) = (at + 1, depth + 1),
            b'}' | b']' if depth > 0 => (at, depth) = (at + 1, depth - 1),
            b'}' | b']' => return None,
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' if depth > 0 => at += 1,
            _ => at = word_end(text, at),
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn word_end(text: &[u8], from: usize) -> usize {
    let ends = |c: &u8| matches!(c, b',' | b':' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r');
    text[from + 1..].iter().position(ends).map_or(text.len(), |length| from + 1 + length)
}

fn string_end(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from + 1;
    while *text.get(at)? != b'"' {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    Some(at + 1)
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut pieces = text.split('\\');
    plain += pieces.next().unwrap_or("");
    let mut units = Vec::new();
    while let Some(piece) = pieces.next() {
        let Escape { unit, rest } = escape(piece);
        match unit {
            Some(unit) => units.push(unit),
            None => {
                // An escaped backslash: what follows is no escape.
                flush(&mut units, &mut plain);
                plain.push('\\');
                plain += pieces.next().unwrap_or("");
            }
        }
        if !rest.is_empty() {
            flush(&mut units, &mut plain);
            plain += rest;
        }
    }
    flush(&mut units, &mut plain);
    plain
}

struct Escape<'a> {
    unit: Option<u16>,
    rest: &'a str,
}

/// What stands behind a backslash: a unit of UTF-16, and the rest. An escaped backslash leaves an empty piece.
fn escape(piece: &str) -> Escape<'_> {
    let letter = match piece.chars().next() {
        Some(letter) => letter,
        None => return Escape { unit: None, rest: "" },
    };
    let (length, unit) = match letter {
        'n' => (1, 0x0a),
        't' => (1, 0x09),
        'r' => (1, 0x0d),
        'b' => (1, 0x08),
        'f' => (1, 0x0c),
        'u' => match piece.get(1..5).and_then(|hex| u16::from_str_radix(hex, 16).ok()) {
            Some(unit) => (5, unit),
            None => (1, 0xfffd),
        },
        '"' => (1, 0x22),
        _ => (letter.len_utf8(), u16::try_from(u32::from(letter)).unwrap_or(0xfffd)),
    };
    Escape { unit: Some(unit), rest: &piece[length..] }
}

/// Two units that follow one another may be one character.
fn flush(units: &mut Vec<u16>, plain: &mut String) {
    plain.extend(char::decode_utf16(units.drain(..)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(of: &str) -> String {
        Json::new(of).as_str().unwrap().into_owned()
    }

    #[test]
    fn members_and_items_come_in_order() {
        let whole = Json::new(r#" {"b" : [1, -2,{"x":"}"}] , "a":null,"c":true} "#);
        let names: Vec<_> = whole.members().map(|member| member.0.into_owned()).collect();
        assert_eq!(names, ["b", "a", "c"]);
        let items: Vec<_> = whole.get("b").unwrap().items().collect();
        assert_eq!(items.len(), 3);
        assert_eq!((items[0].as_u64(), items[1].as_i64(), items[1].as_u64()), (Some(1), Some(-2), None));
        assert_eq!(items[2].get("x").unwrap().as_str().unwrap(), "}");
        assert!(whole.get("a").unwrap().is_null());
        assert_eq!(whole.get("c").unwrap().as_bool(), Some(true));
        assert!(whole.get("d").is_none());
    }

    #[test]
    fn strings_lose_their_escapes() {
        assert_eq!(text(r#""plain""#), "plain");
        assert_eq!(text(r#""a\n\t\"\/\\\\n""#), "a\n\t\"/\\\\n");
        assert_eq!(text(r#""\u00e9\ud83d\ude00x\ud83d""#), "é😀x\u{fffd}");
        assert_eq!(text(r#""\\u0041\\""#), "\\u0041\\");
        for plain in ["", "\u{1}\"\\é\n", "\\\\", "a/b"] {
            assert_eq!(text(&Json::quote(plain)), plain);
        }
    }

    #[test]
    fn what_is_not_json_is_nothing() {
        for bad in ["", "{", "[", "\"", "{\"a", "{\"a\":", "{\"a\" 1}", "[\"\\", "}", "[{]", "nul"] {
            let bad = Json::new(bad);
            bad.members().count();
            bad.items().count();
            assert!(bad.as_str().is_none() && bad.get("a").is_none(), "{bad}");
        }
        assert!(Json::new("\"a\"").items().next().is_none());
        assert!(Json::new("inf").as_f64().is_none());
        assert_eq!(Json::new("-1.5e3").as_f64(), Some(-1500.0));
        assert_eq!(Json::new("[[],{},[ ] , 7]").items().count(), 4);
    }
}
