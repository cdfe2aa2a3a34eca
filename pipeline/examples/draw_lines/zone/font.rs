//! Fonts as ink on a fine grid: `MASTER` pixels per pitch of a zone.

use std::fs;

use ab_glyph::{Font, FontRef, FontVec, PxScale, ScaleFont, point};

use super::text::ALPHABET;
use crate::ink::{Ink, embolden};
use crate::random::Random;

/// Fine pixels per character pitch.
pub(crate) const MASTER: usize = 32;
/// Height of a line in fine pixels: its middle third is one pitch.
pub(crate) const TALL: usize = 3 * MASTER;
const MASTER_WIDTH: usize = 2 * MASTER;

/// Changes of the stroke width, in fine pixels.
const WEIGHTS: [f32; 8] = [-1.1, -0.6, 0.0, 0.5, 1.0, 1.6, 2.2, 2.8];

/// The upright, filled typefaces of OCR-B in Debian: with rounded and sharp ends.
const OCR_B: [&str; 2] = ["opentype/ocr-b/OCRB.otf", "opentype/ocr-b/OCRBS.otf"];
/// Monospaced typefaces in which edited pages and mock-ups print zones.
const STAND_INS: [&str; 6] = [
    "truetype/inconsolata/Inconsolata.otf",
    "truetype/liberation2/LiberationMono-Regular.ttf",
    "truetype/noto/NotoSansMono-Regular.ttf",
    "truetype/hack/Hack-Regular.ttf",
    "opentype/b612/B612Mono-Regular.otf",
    "opentype/courier-prime/Courier Prime Sans.otf",
];
/// Their zeros have strokes and dots; most zeros in zones are plain ovals, drawn as an
/// O of this width.
const OVAL: f32 = 0.8;
/// Typefaces of print that is not a zone.
const OTHER: [&str; 5] = [
    "truetype/dejavu/DejaVuSans.ttf",
    "truetype/dejavu/DejaVuSans-Bold.ttf",
    "truetype/dejavu/DejaVuSerif.ttf",
    "truetype/dejavu/DejaVuSansMono.ttf",
    "truetype/dejavu/DejaVuSansMono-Bold.ttf",
];

pub(crate) struct Fonts {
    /// By typeface, then weight, then class.
    zone: Vec<Vec<Vec<Ink>>>,
    other: Vec<FontVec>,
}

impl Fonts {
    pub(crate) fn load() -> Self {
        let read = |name: &str| {
            let path = format!("/usr/share/fonts/{name}");
            fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
        };
        let weighted = |drawn: &[Ink]| {
            WEIGHTS.iter().map(|w| drawn.iter().map(|ink| embolden(ink, *w)).collect()).collect()
        };
        let mut zone: Vec<Vec<Vec<Ink>>> = Vec::new();
        for name in OCR_B.iter().chain(&STAND_INS) {
            let bytes = read(name);
            let font = FontRef::try_from_slice(&bytes).unwrap();
            let mut drawn: Vec<Ink> = ALPHABET.iter().map(|c| glyph(&font, *c as char)).collect();
            if STAND_INS.contains(name) {
                drawn[1] = glyph(&font, 'O').narrowed(OVAL);
            }
            zone.push(weighted(&drawn));
        }
        let other = OTHER.iter().map(|name| FontVec::try_from_vec(read(name)).unwrap()).collect();
        Self { zone, other }
    }

    /// Returns a random typeface, mostly OCR-B.
    pub(crate) fn face(&self, random: &mut Random) -> usize {
        let ours = OCR_B.len();
        if random.chance(0.88) { random.below(ours) } else { ours + random.below(STAND_INS.len()) }
    }

    pub(crate) fn weights(&self) -> usize {
        WEIGHTS.len()
    }

    /// Draws characters at their pitch, `narrow` times as wide as designed, with two empty
    /// cells before and after. `shift` moves each by fine pixels along and down.
    pub(crate) fn zone_line(
        &self,
        [face, weight]: [usize; 2],
        narrow: f32,
        text: &[u8],
        mut shift: impl FnMut() -> [i32; 2],
    ) -> Ink {
        let width = (text.len() + 4) * MASTER;
        let mut line = Ink { width, height: TALL, data: vec![0.0; width * TALL] };
        for (i, byte) in text.iter().enumerate() {
            let class = ALPHABET.iter().position(|known| known == byte).unwrap();
            let [dx, dy] = shift();
            let left = (i as i32 + 2) * MASTER as i32 + (MASTER as i32 - MASTER_WIDTH as i32) / 2;
            let glyph = &self.zone[face][weight][class];
            if (narrow - 1.0).abs() < 0.01 {
                line.add(glyph, left + dx, dy);
            } else {
                line.add(&glyph.narrowed(narrow), left + dx, dy);
            }
        }
        line
    }

    /// Draws ordinary print with about this cap height in fine pixels.
    pub(crate) fn other_line(&self, face: usize, text: &str, capitals: f32, width: usize) -> Ink {
        let mut line = Ink { width, height: TALL, data: vec![0.0; width * TALL] };
        let font = &self.other[face % self.other.len()];
        let scale = PxScale::from(capitals * 1.6);
        let scaled = font.as_scaled(scale);
        let (mut x, base) = (0.0, TALL as f32 / 2.0 + capitals / 2.0);
        for c in text.chars() {
            let id = font.glyph_id(c);
            let placed = id.with_scale_and_position(scale, point(x, base));
            x += scaled.h_advance(id);
            let Some(outline) = font.outline_glyph(placed) else { continue };
            let bounds = outline.px_bounds();
            outline.draw(|px, py, cover| {
                let (px, py) = (px as f32 + bounds.min.x, py as f32 + bounds.min.y);
                if px >= 0.0 && py >= 0.0 && (px as usize) < width && (py as usize) < TALL {
                    line.data[py as usize * width + px as usize] = cover.min(1.0);
                }
            });
        }
        line
    }
}

/// Draws a glyph in the centre of its cell, with the capitals centred vertically.
fn glyph(font: &FontRef<'_>, c: char) -> Ink {
    let units = font.units_per_em().unwrap();
    let advance = font.h_advance_unscaled(font.glyph_id('H')) / units;
    let capital = font.outline(font.glyph_id('H')).unwrap().bounds.height().abs() / units;
    let em = MASTER as f32 / advance;
    let scale = PxScale::from(em * font.height_unscaled() / units);
    let left = (MASTER_WIDTH - MASTER) as f32 / 2.0;
    let place = point(left, TALL as f32 / 2.0 + capital * em / 2.0);
    let mut ink = Ink { width: MASTER_WIDTH, height: TALL, data: vec![0.0; MASTER_WIDTH * TALL] };
    let outline =
        font.outline_glyph(font.glyph_id(c).with_scale_and_position(scale, place)).unwrap();
    let bounds = outline.px_bounds();
    outline.draw(|x, y, cover| {
        let (x, y) = (x as f32 + bounds.min.x, y as f32 + bounds.min.y);
        if x >= 0.0 && y >= 0.0 && (x as usize) < MASTER_WIDTH && (y as usize) < TALL {
            ink.data[y as usize * MASTER_WIDTH + x as usize] = cover.min(1.0);
        }
    });
    ink
}
