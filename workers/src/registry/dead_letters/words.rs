//! Words of a text that may be ids, in whatever way the text quotes them.
//!
//! A message that could not be parsed may be JSON that was cut, encoded twice, in UTF-16 or
//! sent as a form, or XML.

use std::collections::BTreeSet;

use pipeline::application::is_id;

/// Shortest id that counts without quotes around it: smaller words and numbers are
/// everywhere.
const UNQUOTED: usize = 5;
/// Most parts of a routing key.
const PARTS: usize = 16;

/// Words of CloudEvents, the contract and routing keys: each letter has some of them, and an
/// application with such an id would empty them all.
const VOCABULARY: [&str; 18] = [
    "1.0",
    "application",
    "application.submitted",
    "application.withdrawn",
    "applications",
    "cloudevents",
    "cyrillic",
    "document",
    "document.replaced",
    "document.submitted",
    "documents",
    "latin",
    "passport",
    "portrait",
    "replaced",
    "submitted",
    "uploads",
    "withdrawn",
];

/// Whether a word says nothing about an application: one of the vocabulary, a type of event, a
/// queue or a code.
fn is_vocabulary(word: &str) -> bool {
    let is_code = word.contains('_') && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    VOCABULARY.contains(&word)
        || is_code
        || ["kz.tekseru.", "work.", "retry."].iter().any(|begin| word.starts_with(begin))
}

/// Returns the words of a text that may be ids. Keys of objects are none.
pub(super) fn words(text: &[u8]) -> BTreeSet<String> {
    let text = unescaped(text);
    let mut words = BTreeSet::new();
    let mut end = 0;
    for run in text.split(|byte| !is_id_byte(*byte)) {
        let start = end;
        end = start + run.len() + 1;
        let is_quote = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(is_quote);
        let is_quoted = is_quote(start.checked_sub(1)) && is_quote(Some(end - 1));
        let is_key = is_quoted && is_before_colon(text.get(end..).unwrap_or_default());
        let Ok(run) = std::str::from_utf8(run) else { continue };
        // a dot may end a sentence
        for word in [run, run.trim_matches('.')] {
            let counts = !is_key && (is_quoted || word.len() >= UNQUOTED);
            if counts && is_id(word) && !is_vocabulary(word) {
                words.insert(word.to_owned());
            }
        }
    }
    words
}

/// Returns the parts of a routing key that may be ids: an id may hold dots, too.
pub(super) fn parts(routing_key: &str) -> BTreeSet<String> {
    let parts: Vec<&str> = routing_key.split('.').take(PARTS).collect();
    let mut words = BTreeSet::new();
    for start in 0..parts.len() {
        for end in start..parts.len() {
            words.insert(parts[start..=end].join("."));
        }
    }
    words.retain(|word| is_id(word) && !is_vocabulary(word));
    words
}

fn is_before_colon(text: &[u8]) -> bool {
    text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._-".contains(&byte)
}

fn is_quote(byte: &u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// Resolves escapes of JSON at any depth and those of URLs, as far as ids may need them, and
/// drops the zeros of UTF-16.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let text: Vec<u8> = text.iter().copied().filter(|byte| *byte != 0).collect();
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = &text[..];
    while let [first, after @ ..] = rest {
        let (byte, length) = match first {
            b'\\' => {
                let depth = rest.iter().take_while(|byte| **byte == b'\\').count();
                let (byte, length) = escaped(&rest[depth..]);
                (byte, depth + length)
            }
            b'%' => after.get(..2).and_then(hex).map_or((b'%', 1), |byte| (byte, 3)),
            byte => (*byte, 1),
        };
        plain.push(byte);
        rest = rest.get(length..).unwrap_or_default();
    }
    plain
}

/// Returns the character after a backslash, a space where it is none of an id, and its length.
fn escaped(text: &[u8]) -> (u8, usize) {
    let coded = |digits: std::ops::Range<usize>| {
        let end = digits.end;
        text.get(digits).and_then(hex).map_or((b' ', 0), |byte| (byte, end))
    };
    match text.first() {
        Some(b'u') => coded(1..5),
        Some(b'x') => coded(1..3),
        Some(quote) if is_quote(quote) => (*quote, 1),
        Some(b'n' | b'r' | b't' | b'b' | b'f') => (b' ', 1),
        _ => (b' ', 0),
    }
}

/// Returns the character of hexadecimal digits; a space beyond ASCII.
fn hex(digits: &[u8]) -> Option<u8> {
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let value = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    Some(u8::try_from(value).ok().filter(u8::is_ascii).unwrap_or(b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: impl AsRef<[u8]>, expected: &[&str]) {
        let found = words(text.as_ref());
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn ids_are_found_between_quotes() {
        check("", &[]);
        check(r#""A-1"#, &[]);
        check(r#"{"id": "A-1", "x""B"}"#, &["A-1", "B", "x"]);
        check(r#""no id", "../x", "A-1""#, &["A-1"]);
        check("{'id': 'A-1'}", &["A-1"]);
    }

    #[test]
    fn words_of_every_letter_are_no_ids() {
        check(
            r#"{"dependency_waits":0,"last_error":"OBJECT_MISSING","tracestate" : "A-1"}"#,
            &["A-1"],
        );
        check(r#"{"specversion":"1.0","type":"kz.tekseru.application.submitted.v1"}"#, &[]);
        assert!(parts("application.submitted").is_empty());
        assert!(parts("document.replaced").is_empty());
    }

    #[test]
    fn escapes_are_resolved() {
        check(r#"{\"id\":\"A-1\"}"#, &["A-1"]);
        check(r#"{\\\"id\\\":\\\"A-1\\\"}"#, &["A-1"]);
        check(r#""\u0041\u002d1""#, &["A-1"]);
        check(r#""\\u0041-1""#, &["A-1"]);
        check(r"\u0022A-1\u0022", &["A-1"]);
        check(r"see\nA-2026-17\tnow", &["A-2026-17"]);
        check("id=A%2D2026-17&x=%22B%22", &["A-2026-17", "B"]);
        check("\"\u{fffd}\\ud83d\\u", &[]);
        check("100%", &[]);
        check(r"\", &[]);
    }

    #[test]
    fn utf_16_is_read() {
        let text = "\u{feff}{\"id\": \"A-1\"}";
        check(text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), &["A-1"]);
        check(text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>(), &["A-1"]);
    }

    #[test]
    fn short_words_count_between_quotes_only() {
        check("<id>A-2026-17</id> 17 2026", &["A-2026-17"]);
        check("see A-2026-17.", &["A-2026-17", "A-2026-17."]);
        check(format!("\"{}\"", "a".repeat(65)), &[]);
    }

    #[test]
    fn a_routing_key_has_parts() {
        let found = parts("x.2026.17");
        let found: Vec<_> = found.iter().map(String::as_str).collect();
        assert_eq!(found, ["17", "2026", "2026.17", "x", "x.2026", "x.2026.17"]);
        assert!(parts("").is_empty());
        assert!(parts(&".".repeat(255)).is_empty());
    }
}
