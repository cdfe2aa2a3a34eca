//! Text for a terminal: no document and no file name may control it.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Replaces every character that is not shown as itself by `\u{…}`: control
/// characters, and those that change the direction of text or have no width.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_plain(c) { safe.push(c) } else { safe.extend(c.escape_unicode()) }
    }
    safe
}

/// Replaces what JSON leaves as it is and a terminal obeys, by JSON's own escapes: controls
/// above ASCII, and characters that change the direction of text or have no width. They
/// occur in strings only, so programs read the same value.
pub(crate) fn escaped_json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c < '\u{7f}' || is_plain(c) {
            safe.push(c);
        } else {
            let units = c.encode_utf16(&mut [0; 2]).to_vec();
            safe.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    safe
}

fn is_plain(c: char) -> bool {
    let controls = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}');
    !c.is_control() && !controls
}

/// Returns the number of columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Fills a text with spaces to a number of columns.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Breaks a text between words into lines of at most `columns`; a longer word is cut.
pub(crate) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        for (i, part) in cut(word, columns).into_iter().enumerate() {
            let space = usize::from(i == 0);
            match lines.last_mut() {
                Some(line) if line.is_empty() => line.push_str(&part),
                Some(line) if i == 0 && width(line) + space + width(&part) <= columns => {
                    line.push(' ');
                    line.push_str(&part);
                }
                _ => lines.push(part),
            }
        }
    }
    lines
}

fn cut(word: &str, columns: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide > columns && used > 0 {
            parts.push(String::new());
            used = 0;
        }
        used += wide;
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_controls_no_terminal_and_keeps_its_values() {
        let value = serde_json::json!({"name": "a\u{9b}31m\u{202e}b\u{7f}\u{e0001}ü№", "n": [1]});
        let text = escaped_json(&value.to_string());
        assert!(!text.contains(['\u{9b}', '\u{202e}', '\u{7f}', '\u{e0001}']), "{text}");
        assert!(text.contains("ü№") && text.contains("\\u009b"), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn control_characters_are_escaped() {
        for (text, shown) in [
            ("паспорт №1.jpg", "паспорт №1.jpg"),
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("a\nb\rc\td", "a\\u{a}b\\u{d}c\\u{9}d"),
            ("a\u{202e}gpj.exe", "a\\u{202e}gpj.exe"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("a\u{200b}b", "a\\u{200b}b"),
        ] {
            assert_eq!(escaped(text), shown);
        }
    }

    #[test]
    fn lines_fit_into_the_columns() {
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
        assert_eq!(wrapped("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
        assert_eq!(wrapped("", 8), [""]);
        assert_eq!(wrapped("护照 照片", 5), ["护照", "照片"]);
        assert_eq!(wrapped("x", 0), ["x"]);
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(padded("护照", 6), "护照  ");
        assert_eq!(padded("toolong", 3), "toolong");
    }
}
