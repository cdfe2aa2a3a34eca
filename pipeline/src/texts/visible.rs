//! Makes hostile text safe to show.

use unicode_normalization::char::is_combining_mark;

/// Most characters of one value of a portal or a document.
pub const VALUE_LIMIT: usize = 160;

/// Most marks on one letter. No name needs more, and more would cover other lines.
const MARKS: usize = 4;

/// Escapes every character that hides, reorders or controls (`\u{202e}`), and cuts
/// the text to `limit` characters with `…`. The template escapes it for HTML.
#[must_use]
pub fn visible(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut room = limit;
    let mut marks = 0;
    for c in text.chars() {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        let piece = if is_hiding(c) || marks > MARKS {
            c.escape_unicode().to_string()
        } else {
            c.to_string()
        };
        let length = piece.chars().count();
        if length > room {
            out.push('…');
            return out;
        }
        room -= length;
        out.push_str(&piece);
    }
    out
}

/// Returns whether a character is a control, a bidirectional mark of Unicode Annex 9,
/// without width, a line or paragraph separator, a tag, for private use or a
/// noncharacter.
fn is_hiding(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{e000}'..='\u{f8ff}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{fffe}'..='\u{ffff}'
                | '\u{e0000}'..='\u{10ffff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, shown: &str) {
        assert_eq!(visible(text, 40), shown);
    }

    #[test]
    fn names_of_every_script_are_not_changed() {
        for name in ["ERIKSSON", "Нұрсұлтан Әбішұлы", "Đặng Thị", "محمد", "渡辺", "O’Neill-Ñ"]
        {
            check(name, name);
        }
    }

    #[test]
    fn hidden_and_reordering_characters_are_escaped() {
        check("a\u{202e}b", "a\\u{202e}b");
        check("a\u{2066}b\u{2069}", "a\\u{2066}b\\u{2069}");
        check("a\0\r\n\u{1b}[2J", "a\\u{0}\\u{d}\\u{a}\\u{1b}[2J");
        check("a\u{200b}b\u{feff}", "a\\u{200b}b\\u{feff}");
        check("a\u{e0041}", "a\\u{e0041}");
    }

    #[test]
    fn only_a_long_series_of_marks_is_escaped() {
        check("e\u{302}\u{301}", "e\u{302}\u{301}");
        assert!(visible(&format!("e{}", "\u{301}".repeat(50)), 40).contains("\\u{301}"));
    }

    #[test]
    fn a_long_text_is_cut_at_a_whole_character() {
        assert_eq!(visible("ЖЖЖЖ", 3), "ЖЖЖ…");
        assert_eq!(visible("ЖЖЖ", 3), "ЖЖЖ");
        assert_eq!(visible("Ж\u{202e}", 3), "Ж…");
        assert_eq!(visible(&"x".repeat(10_000), VALUE_LIMIT).chars().count(), VALUE_LIMIT + 1);
    }
}
