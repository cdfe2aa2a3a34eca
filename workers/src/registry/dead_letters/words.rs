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

/// Returns the words of a text that may be ids.
pub(super) fn words(text: &[u8]) -> BTreeSet<String> {
    let text = unescaped(text);
    let mut words = BTreeSet::new();
    let mut end = 0;
    for run in text.split(|byte| !is_id_byte(*byte)) {
        let start = end;
        end = start + run.len() + 1;
        let is_quote = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(is_quote);
        let is_quoted = is_quote(start.checked_sub(1)) && is_quote(Some(end - 1));
        let Ok(run) = std::str::from_utf8(run) else { continue };
        // a dot may end a sentence
        for word in [run, run.trim_matches('.')] {
            if is_id(word) && (is_quoted || word.len() >= UNQUOTED) {
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
    words.retain(|word| is_id(word));
    words
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
        check(r#"{"id": "A-1", "x""B"}"#, &["A-1", "B", "id", "x"]);
        check(r#""no id", "../x", "A-1""#, &["A-1"]);
        check("{'id': 'A-1'}", &["A-1", "id"]);
    }

    #[test]
    fn escapes_are_resolved() {
        check(r#"{\"id\":\"A-1\"}"#, &["A-1", "id"]);
        check(r#"{\\\"id\\\":\\\"A-1\\\"}"#, &["A-1", "id"]);
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
        check(text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), &["A-1", "id"]);
        check(text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>(), &["A-1", "id"]);
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
