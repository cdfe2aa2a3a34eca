//! Hostile text made harmless to look at.

use unicode_normalization::char::is_combining_mark;

/// Characters that one value of a portal or a document may take up.
pub const VALUE_LIMIT: usize = 160;

/// Marks on one letter that a name can need; more are a drawing over other lines.
const MARKS: usize = 4;

/// The text with every character that hides, reorders or controls written out
/// (`\u{202e}`), and cut to `limit` characters with `…`. It is not escaped for
/// HTML: the template does that.
#[must_use]
pub fn visible(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut room = limit;
    let mut marks = 0;
    for c in text.chars() {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        let piece =
            if hides(c) || marks > MARKS { c.escape_unicode().to_string() } else { c.to_string() };
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

/// Controls, the bidirectional marks of Unicode Annex 9, characters without
/// width, line and paragraph separators, tags, private use and noncharacters.
fn hides(c: char) -> bool {
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
    fn names_of_every_script_stay_as_they_are() {
        for name in ["ERIKSSON", "Нұрсұлтан Әбішұлы", "Đặng Thị", "محمد", "渡辺", "O’Neill-Ñ"]
        {
            check(name, name);
        }
    }

    #[test]
    fn what_hides_or_reorders_is_written_out() {
        check("a\u{202e}b", "a\\u{202e}b");
        check("a\u{2066}b\u{2069}", "a\\u{2066}b\\u{2069}");
        check("a\0\r\n\u{1b}[2J", "a\\u{0}\\u{d}\\u{a}\\u{1b}[2J");
        check("a\u{200b}b\u{feff}", "a\\u{200b}b\\u{feff}");
        check("a\u{e0041}", "a\\u{e0041}");
    }

    #[test]
    fn a_pile_of_marks_is_written_out_and_a_letter_with_its_marks_is_not() {
        check("e\u{302}\u{301}", "e\u{302}\u{301}");
        assert!(visible(&format!("e{}", "\u{301}".repeat(50)), 40).contains("\\u{301}"));
    }

    #[test]
    fn long_text_is_cut_at_a_whole_character() {
        assert_eq!(visible("ЖЖЖЖ", 3), "ЖЖЖ…");
        assert_eq!(visible("ЖЖЖ", 3), "ЖЖЖ");
        assert_eq!(visible("Ж\u{202e}", 3), "Ж…");
        assert_eq!(visible(&"x".repeat(10_000), VALUE_LIMIT).chars().count(), VALUE_LIMIT + 1);
    }
}
