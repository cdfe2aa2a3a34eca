//! Fonts, widths and lines of text that we set.

use super::field::Form;
use super::syntax::number;
use crate::open::pdf::fonts::Face;

/// The font, size and colour of a text (ISO 32000-1 12.7.3.3: `DA`).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TextLook {
    pub(super) face: Face,
    /// In points; 0 where the text is to fill its box.
    pub(super) size: f64,
    /// Operators that set the colour.
    pub(super) colour: String,
}

impl TextLook {
    /// Parses a default appearance.
    pub(super) fn parse(appearance: &str, form: &Form<'_>) -> Self {
        let mut look = Self { face: Face::Sans, size: 0.0, colour: "0 g".to_owned() };
        let mut operands: Vec<&str> = Vec::new();
        for word in appearance.split_ascii_whitespace() {
            match word {
                "Tf" => {
                    if let [.., font, size] = operands.as_slice() {
                        let font = font.trim_start_matches('/');
                        look.face = face(font, form.font_name(font).as_deref());
                        look.size = size.parse().unwrap_or(0.0);
                    }
                    operands.clear();
                }
                "g" | "rg" | "k" => {
                    let numbers: Option<Vec<String>> =
                        operands.iter().map(|word| word.parse().ok().map(number)).collect();
                    let count = match word {
                        "g" => 1,
                        "rg" => 3,
                        _ => 4,
                    };
                    if let Some(numbers) = numbers.filter(|numbers| numbers.len() == count) {
                        look.colour = format!("{} {word}", numbers.join(" "));
                    }
                    operands.clear();
                }
                operand => operands.push(operand),
            }
        }
        // a mirrored or giant letter is no text that anyone reads
        if !(0.0..=1000.0).contains(&look.size) {
            look.size = 0.0;
        }
        look
    }
}

/// Returns the font that looks like one of this name.
fn face(name: &str, base_font: Option<&str>) -> Face {
    let name = format!("{name} {}", base_font.unwrap_or_default()).to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    let bold = has(&["bold", "hebo", "tibo", "black", "heavy"]);
    if has(&["cour", "mono", "typewriter"]) {
        Face::Mono
    } else if has(&["times", "tiro", "tibo", "tiit", "roman", "georgia", "garamond", "minion"])
        || (has(&["serif"]) && !has(&["sans"]))
    {
        if bold { Face::SerifBold } else { Face::Serif }
    } else if bold {
        Face::SansBold
    } else {
        Face::Sans
    }
}

/// Returns the font in which a letter is set: the wanted one if it has it.
pub(super) fn face_with(wanted: Face, letter: char) -> Face {
    let has = |face: &Face| face.advance(letter).is_some();
    [wanted, Face::Sans, Face::Han, Face::Hangul].into_iter().find(has).unwrap_or(wanted)
}

/// Returns the width of a text in thousandths of its size.
pub(super) fn width(face: Face, text: &str) -> f64 {
    text.chars().map(|letter| letter_width(face, letter)).sum()
}

fn letter_width(face: Face, letter: char) -> f64 {
    face_with(face, letter).advance(letter).unwrap_or(500.0)
}

/// Breaks a text into lines at most `limit` thousandths wide, at line ends and spaces, and
/// inside words that are longer.
pub(super) fn lines(face: Face, text: &str, limit: f64) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut line_width = 0.0;
        for word in paragraph.split_inclusive(' ') {
            let word_width = width(face, word.trim_end());
            if !line.is_empty() && line_width + word_width > limit {
                lines.push(std::mem::take(&mut line));
                line_width = 0.0;
            }
            for letter in word.chars() {
                let letter_width = letter_width(face, letter);
                if !line.is_empty() && letter != ' ' && line_width + letter_width > limit {
                    lines.push(std::mem::take(&mut line));
                    line_width = 0.0;
                }
                line.push(letter);
                line_width += letter_width;
            }
        }
        lines.push(line);
    }
    lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_inside_long_words() {
        let broken = |text, limit: f64| lines(Face::Mono, text, limit * 602.1).join("|");
        assert_eq!(broken("one two three", 7.5), "one two|three");
        assert_eq!(broken("abcdefgh", 3.5), "abc|def|gh");
        assert_eq!(broken("a\r\nb\rc\n\nd", 5.0), "a|b|c||d");
        assert_eq!(broken("", 5.0), "");
    }

    #[test]
    fn names_of_fonts_choose_the_style() {
        for (name, base_font, wanted) in [
            ("Helv", None, Face::Sans),
            ("F1", Some("TimesNewRomanPS-BoldMT"), Face::SerifBold),
            ("CoBo", Some("Courier-Bold"), Face::Mono),
            ("F2", Some("DejaVuSans-Bold"), Face::SansBold),
            ("F3", Some("PTSans-Regular"), Face::Sans),
        ] {
            assert_eq!(face(name, base_font), wanted, "{name}");
        }
        assert_eq!(face_with(Face::Serif, '中'), Face::Han);
        assert_eq!(face_with(Face::Serif, '한'), Face::Hangul);
    }
}
