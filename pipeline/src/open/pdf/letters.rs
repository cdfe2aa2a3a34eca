//! Counts letters of a page that no font draws.

use hayro::hayro_interpret::font::{Glyph, GlyphRun, OutlineGlyph};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::BezPath;

use super::fonts::{Substitute, Substitutes, substitute};
use super::interpret::interpret_with;

/// Returns the fonts that draw most letters of the page where the standard fonts lack
/// `undrawn`, and how many these lack.
pub(super) fn choose_substitutes(page: &Page<'_>, undrawn: u32) -> (Substitutes, u32) {
    let mut best = (Substitutes::Standard, undrawn);
    for substitutes in Substitutes::ALL.into_iter().skip(1) {
        if best.1 == 0 {
            break;
        }
        let mut counter = LetterCounter { undrawn: 0 };
        interpret_with(page, &mut counter, substitutes);
        if counter.undrawn < best.1 {
            best = (substitutes, counter.undrawn);
        }
    }
    best
}

/// Returns the number of letters and digits of a run that are not drawn.
pub(super) fn undrawn_letters(run: &GlyphRun<'_, '_>, mode: &DrawMode) -> u32 {
    if matches!(mode, DrawMode::Invisible) {
        return 0;
    }
    let undrawn = run.glyphs().iter().filter(|glyph| match &***glyph {
        Glyph::Outline(outline) => is_undrawn(outline),
        Glyph::Type3(_) => false,
    });
    u32::try_from(undrawn.count()).unwrap_or(u32::MAX)
}

/// Codes up to this one are spaces and control characters in every encoding of one byte.
const LAST_CONTROL: u32 = 32;

fn is_undrawn(glyph: &OutlineGlyph) -> bool {
    let letter = match glyph.as_unicode() {
        Some(BfString::Char(letter)) => Some(letter),
        Some(BfString::String(text)) => text.chars().next(),
        None => None,
    };
    if letter.is_some_and(|letter| !letter.is_alphanumeric()) {
        return false;
    }
    let is_blank = || glyph.glyph_id().to_u32() == 0 && glyph.outline().elements().is_empty();
    match (substitute(glyph), letter) {
        // a code of a font that is not there has no meaning of its own: what is drawn
        // for it is another letter
        (Some(_), None) => true,
        (Some(Substitute::Face(face)), Some(letter)) => face.advance(letter).is_none(),
        (Some(Substitute::Standard), Some(letter)) => !is_in_standard_fonts(letter),
        (None, letter) => (letter.is_some() || glyph.char_code() > LAST_CONTROL) && is_blank(),
    }
}

/// Whether the standard fonts have a letter: those of Western Europe (ISO 32000-1 D.2).
fn is_in_standard_fonts(letter: char) -> bool {
    letter <= '\u{ff}' || "ıŁłŒœŠšŸŽžƒﬁﬂ".contains(letter)
}

/// A device that counts letters instead of drawing them.
struct LetterCounter {
    undrawn: u32,
}

impl<'a> Device<'a> for LetterCounter {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, _: DrawProps<'a>, mode: &DrawMode) {
        self.undrawn = self.undrawn.saturating_add(undrawn_letters(run, mode));
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
