//! The text of pages, in drawing order.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Vec2};
use unicode_normalization::UnicodeNormalization;

use super::interpret::interpret;
use crate::examination::TextLayer;
use crate::open::catch_panics::catch_panics;

/// Returns the text of the pages, NFC, without control characters but line feeds, cut at
/// `limit` bytes of all pages together. A page that cannot be interpreted
/// has an empty text.
pub(super) fn extract_text<'a>(pages: impl Iterator<Item = &'a Page<'a>>, limit: u64) -> TextLayer {
    let mut left = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut layer = TextLayer { pages: Vec::new(), truncated: false };
    for page in pages {
        let mut collector =
            TextCollector { text: String::new(), last: None, limit: left, cut: false };
        // text that was collected before a panic is still valid
        let _ = catch_panics(|| {
            interpret(page, &mut collector);
            Ok(())
        });
        let (text, cut) = clean(&collector.text, left);
        layer.truncated |= cut || collector.cut;
        left -= text.len();
        layer.pages.push(text);
    }
    layer
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

/// A device that collects characters instead of drawing them.
struct TextCollector {
    text: String,
    last: Option<Glyph>,
    limit: usize,
    cut: bool,
}

/// The position of a character, in points of the upright page.
#[derive(Clone, Copy)]
struct Glyph {
    /// Start and end of its advance along the line.
    start: Point,
    end: Point,
    /// Unit vector along the line.
    along: Vec2,
    /// Height of the font.
    size: f64,
}

impl Glyph {
    fn new(transform: Affine, advance: f64) -> Self {
        let [a, b, c, d, ..] = transform.as_coeffs();
        let (along, up) = (Vec2::new(a, b), Vec2::new(c, d));
        let start = transform.translation().to_point();
        let length = along.hypot();
        let unit = if length > 0.0 { along / length } else { Vec2::new(1.0, 0.0) };
        Self { start, end: start + along * advance, along: unit, size: up.hypot() * UNITS_PER_EM }
    }

    /// Returns the separator between the previous character and this one.
    fn separator(&self, before: &Self) -> Option<char> {
        let gap = self.start - before.end;
        let size = self.size.max(before.size);
        let (forward, across) = (gap.dot(before.along), gap.cross(before.along).abs());
        if across > size * NEW_LINE || forward < -size * NEW_LINE.max(1.0) {
            Some('\n')
        } else if forward > size * WORD_GAP {
            Some(' ')
        } else {
            None
        }
    }
}

/// Glyph coordinates are thousandths of the font's size.
const UNITS_PER_EM: f64 = 1000.0;
/// Step across the line that begins a new line, as a share of the font's size.
const NEW_LINE: f64 = 0.5;
/// Gap along the line that is a space, as a share of the font's size. Letters of
/// justified text are up to a tenth apart.
const WORD_GAP: f64 = 0.15;

impl TextCollector {
    fn show(&mut self, characters: &str, glyph: Glyph) {
        if self.text.len() > self.limit {
            self.cut = true;
            return;
        }
        let separator = self.last.and_then(|last| glyph.separator(&last));
        if let Some(separator) = separator
            && !self.text.ends_with([' ', '\n'])
            && (separator == '\n' || !characters.starts_with(' '))
        {
            self.text.push(separator);
        }
        self.text.push_str(characters);
        self.last = Some(glyph);
    }
}

impl<'a> Device<'a> for TextCollector {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        use hayro::hayro_interpret::font::Glyph as Shape;
        for shown in run.glyphs() {
            let advance = match &**shown {
                Shape::Outline(outline) => outline.advance_width(),
                Shape::Type3(type3) => type3.advance_width(),
            };
            let place =
                Glyph::new(props.transform * shown.transform(), advance.unwrap_or(0.0).into());
            match shown.as_unicode() {
                Some(BfString::Char(character)) => {
                    self.show(character.encode_utf8(&mut [0; 4]), place)
                }
                Some(BfString::String(characters)) => self.show(&characters, place),
                None => {}
            }
        }
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_composed_and_cut_at_a_character() {
        assert_eq!(clean("u\u{308}\u{0}\r\n\u{1b}x \n", 100), ("ü\nx".into(), false));
        assert_eq!(clean("жжж", 5), ("жж".into(), true));
    }

    #[test]
    fn gaps_become_spaces_and_steps_become_lines() {
        let at = |x: f64, y: f64| Glyph::new(Affine::new([0.01, 0.0, 0.0, -0.01, x, y]), 500.0);
        let first = at(0.0, 0.0);
        assert_eq!(at(5.0, 0.0).separator(&first), None);
        assert_eq!(at(5.9, 0.3).separator(&first), None);
        assert_eq!(at(7.0, 0.0).separator(&first), Some(' '));
        assert_eq!(at(0.0, 12.0).separator(&first), Some('\n'));
    }
}
