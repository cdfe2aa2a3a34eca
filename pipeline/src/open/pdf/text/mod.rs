//! The text of pages: what their letters mean, in words and lines.

mod cmap;
mod composite;
mod direction;
mod font;
mod glyph_names;
mod layers;
mod letters;
mod lines;
mod meaning;
mod ranges;
mod replacement;
mod sfnt;
mod simple;
mod state;
mod walk;
mod words;

use hayro::hayro_syntax::page::Page;
use unicode_normalization::UnicodeNormalization;

use self::font::Fonts;
use self::layers::Layers;
use self::walk::Walk;
use crate::examination::TextLayer;
use crate::open::catch_panics::catch_panics;
use crate::reason::{Code, Reason};

/// Letters, and instructions of forms, of one file that are read; a dense page has 10,000.
const MAX_STEPS: u32 = 5_000_000;

/// The text of a PDF.
pub struct PdfText {
    /// The text of each page.
    pub layer: TextLayer,
    /// `FILE_TEXT_UNREADABLE`, if there are pages whose letters have no known meaning.
    pub unreadable: Option<Reason>,
}

/// Returns the text of the pages, NFC, without control characters but line feeds, cut at
/// `limit` bytes of all pages together. A page that cannot be interpreted
/// has an empty text.
pub(super) fn extract_text<'a>(pages: impl Iterator<Item = &'a Page<'a>>, limit: u64) -> PdfText {
    let mut left = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut layer = TextLayer { pages: Vec::new(), truncated: false };
    let mut unreadable = Vec::new();
    let (mut fonts, mut layers) = (Fonts::default(), None);
    let mut steps = MAX_STEPS;
    for (number, page) in (1u32..).zip(pages) {
        let layers = layers.get_or_insert_with(|| Layers::read(page.xref()));
        let mut walk = Walk::new(page, &mut fonts, layers, &mut steps, left);
        // text that was collected before a panic is still valid
        let _ = catch_panics(|| {
            walk.walk(page);
            Ok(())
        });
        let was_cut = walk.is_cut();
        let Walk { words, letters, .. } = walk;
        let (text, cut) = clean(&lines::text(words.finish()), left);
        if letters.are_unreadable(text.is_empty()) {
            unreadable.push(number);
        }
        layer.truncated |= cut || was_cut;
        left -= text.len();
        layer.pages.push(text);
    }
    let reason = Reason::new(Code::FileTextUnreadable);
    let unreadable = (!unreadable.is_empty()).then(|| reason.with("pages", unreadable));
    PdfText { layer, unreadable }
}

/// Converts to NFC without control characters except line feeds; also returns whether
/// the text was cut.
fn clean(text: &str, limit: usize) -> (String, bool) {
    let mut clean = String::new();
    for character in text.nfc().filter(|c| *c == '\n' || !c.is_control()) {
        if clean.len() + character.len_utf8() > limit {
            return (clean, true);
        }
        clean.push(character);
    }
    clean.truncate(clean.trim_end().len());
    (clean, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_composed_and_cut_at_a_character() {
        assert_eq!(clean("u\u{308}\u{0}\r\n\u{1b}x \n", 100), ("ü\nx".into(), false));
        assert_eq!(clean("жжж", 5), ("жж".into(), true));
    }
}
