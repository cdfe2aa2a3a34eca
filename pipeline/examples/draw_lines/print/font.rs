//! Typefaces of print, drawn as ink on a fine grid.

use std::fs;

use ab_glyph::{Font, FontVec, PxScale, point};

use crate::ink::{Ink, embolden};
use crate::random::Random;

/// Height of capitals in fine pixels.
pub(crate) const CAPITALS: f32 = 30.0;
/// Height of a line in fine pixels; its capitals are in the middle.
pub(crate) const TALL: usize = 96;

/// Typefaces like those of passports, more than once where passports often have them.
const FACES: [&str; 58] = [
    "opentype/ocr-b/OCRB.otf",
    "opentype/ocr-b/OCRB.otf",
    "opentype/ocr-b/OCRB.otf",
    "opentype/ocr-b/OCRBS.otf",
    "opentype/ocr-b/OCRBS.otf",
    "truetype/ocr-a/OCRA.ttf",
    "opentype/urw-base35/NimbusSans-Regular.otf",
    "opentype/urw-base35/NimbusSans-Regular.otf",
    "opentype/urw-base35/NimbusSans-Bold.otf",
    "opentype/urw-base35/NimbusSansNarrow-Regular.otf",
    "opentype/urw-base35/NimbusSansNarrow-Bold.otf",
    "opentype/urw-base35/NimbusMonoPS-Regular.otf",
    "opentype/urw-base35/NimbusMonoPS-Bold.otf",
    "opentype/urw-base35/URWGothic-Book.otf",
    "opentype/urw-base35/URWGothic-Demi.otf",
    "truetype/liberation2/LiberationSans-Regular.ttf",
    "truetype/liberation2/LiberationSans-Regular.ttf",
    "truetype/liberation2/LiberationSans-Bold.ttf",
    "truetype/liberation2/LiberationMono-Regular.ttf",
    "truetype/liberation2/LiberationMono-Bold.ttf",
    "truetype/liberation2/LiberationSerif-Regular.ttf",
    "truetype/liberation2/LiberationSerif-Bold.ttf",
    "truetype/dejavu/DejaVuSans.ttf",
    "truetype/dejavu/DejaVuSans-Bold.ttf",
    "truetype/dejavu/DejaVuSansCondensed.ttf",
    "truetype/dejavu/DejaVuSansCondensed-Bold.ttf",
    "truetype/dejavu/DejaVuSansMono.ttf",
    "truetype/dejavu/DejaVuSansMono-Bold.ttf",
    "truetype/dejavu/DejaVuSerif.ttf",
    "truetype/open-sans/OpenSans-Regular.ttf",
    "truetype/open-sans/OpenSans-Semibold.ttf",
    "truetype/open-sans/OpenSans-CondLight.ttf",
    "truetype/open-sans/OpenSans-CondBold.ttf",
    "truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf",
    "truetype/roboto/unhinted/RobotoTTF/Roboto-Medium.ttf",
    "truetype/roboto/unhinted/RobotoTTF/Roboto-Bold.ttf",
    "truetype/roboto/unhinted/RobotoCondensed-Regular.ttf",
    "truetype/roboto/unhinted/RobotoCondensed-Medium.ttf",
    "truetype/lato/Lato-Regular.ttf",
    "truetype/lato/Lato-Semibold.ttf",
    "truetype/lato/Lato-Bold.ttf",
    "truetype/crosextra/Carlito-Regular.ttf",
    "truetype/crosextra/Carlito-Bold.ttf",
    "truetype/crosextra/Caladea-Regular.ttf",
    "truetype/inconsolata/Inconsolata.otf",
    "truetype/hack/Hack-Regular.ttf",
    "truetype/hack/Hack-Bold.ttf",
    "truetype/noto/NotoSansMono-Regular.ttf",
    "truetype/noto/NotoSansMono-Bold.ttf",
    "truetype/oxygen/Oxygen-Sans.ttf",
    "truetype/oxygen/OxygenMono-Regular.ttf",
    "truetype/gentium-basic/GenBasR.ttf",
    "opentype/b612/B612-Regular.otf",
    "opentype/b612/B612Mono-Regular.otf",
    "opentype/cantarell/Cantarell-Regular.otf",
    "opentype/courier-prime/Courier Prime.otf",
    "opentype/courier-prime/Courier Prime Sans.otf",
    "opentype/freefont/FreeSans.otf",
];

/// A typeface, with the scale at which its capitals are `CAPITALS` high.
struct Face {
    font: FontVec,
    scale: f32,
}

pub(crate) struct Fonts(Vec<Face>);

/// The style of a line.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    face: usize,
    /// Width of the glyphs relative to the design.
    wide: f32,
    /// Space between glyphs beyond the design, in fine pixels.
    tracking: f32,
    /// Change of the stroke width in fine pixels.
    weight: f32,
}

/// A drawn line: its ink, and each character with its middle in fine pixels.
pub(crate) struct DrawnLine {
    pub(crate) ink: Ink,
    /// Width in fine pixels.
    pub(crate) width: usize,
    pub(crate) characters: Vec<(char, f32)>,
    /// Left and right end of the ink.
    pub(crate) ends: [f32; 2],
}

impl Fonts {
    pub(crate) fn load() -> Self {
        let load = |name: &str| {
            let path = format!("/usr/share/fonts/{name}");
            let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
            let font = FontVec::try_from_vec(bytes).unwrap();
            let units = font.units_per_em().unwrap();
            let capital = font.outline(font.glyph_id('H')).unwrap().bounds.height().abs() / units;
            let scale = CAPITALS / capital * font.height_unscaled() / units;
            Face { font, scale }
        };
        Self(FACES.iter().map(|name| load(name)).collect())
    }

    pub(crate) fn style(&self, random: &mut Random) -> Style {
        let tracking = match random.unit() {
            x if x < 0.6 => random.range(-0.6, 1.5),
            x if x < 0.9 => random.range(1.5, 5.0),
            _ => random.range(5.0, 16.0),
        };
        Style {
            face: random.below(self.0.len()),
            wide: if random.chance(0.6) {
                random.range(0.92, 1.08)
            } else {
                random.range(0.75, 1.3)
            },
            tracking,
            weight: if random.chance(0.5) { 0.0 } else { random.range(-1.0, 2.4) },
        }
    }

    /// Draws a line; characters that the typeface lacks are left out.
    pub(crate) fn line(&self, style: Style, text: &str) -> DrawnLine {
        let Face { font, scale } = &self.0[style.face];
        let size = PxScale { x: scale * style.wide, y: *scale };
        let factor = size.x / font.height_unscaled();
        let base = TALL as f32 / 2.0 + CAPITALS / 2.0;
        let margin = CAPITALS;
        let (mut x, mut placed, mut characters) = (margin, Vec::new(), Vec::new());
        for character in text.chars() {
            let id = font.glyph_id(character);
            if id.0 == 0 {
                continue;
            }
            let advance = font.h_advance_unscaled(id) * factor;
            characters.push((character, x + advance / 2.0));
            placed.push(id.with_scale_and_position(size, point(x, base)));
            x += advance + style.tracking;
        }
        let width = (x + margin).ceil().max(1.0) as usize;
        let mut ink = Ink { width, height: TALL, data: vec![0.0; width * TALL] };
        let mut ends = [f32::MAX, 0.0f32];
        for (glyph, (_, middle)) in placed.into_iter().zip(&mut characters) {
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let bounds = outline.px_bounds();
            *middle = (bounds.min.x + bounds.max.x) / 2.0;
            ends = [ends[0].min(bounds.min.x), ends[1].max(bounds.max.x)];
            outline.draw(|px, py, cover| {
                let (px, py) = (px as f32 + bounds.min.x, py as f32 + bounds.min.y);
                if px >= 0.0 && py >= 0.0 && (px as usize) < width && (py as usize) < TALL {
                    let value = &mut ink.data[py as usize * width + px as usize];
                    *value = value.max(cover.min(1.0));
                }
            });
        }
        if style.weight != 0.0 {
            ink = embolden(&ink, style.weight);
        }
        DrawnLine { ink, width, characters, ends }
    }
}
