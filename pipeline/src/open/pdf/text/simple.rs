//! Fonts with codes of one byte: Type 1, TrueType, Type 3.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object};
use hayro_font::{Font, FontCache, FontGlyph, StandardFont, UNITS_PER_EM};
use unicode_normalization::UnicodeNormalization;

use super::cmap::{bf_characters, to_unicode};
use super::glyph_names::GlyphNames;
use super::meaning::Meaning;
use crate::open::catch_panics::catch_panics;

/// A font with codes of one byte.
pub(super) struct SimpleFont {
    meanings: Vec<Meaning>,
    /// In ems.
    widths: Vec<f64>,
    /// Height of an em: 1, except in fonts of another scale.
    pub(super) em: f64,
}

impl SimpleFont {
    pub(super) fn read(font: &Dict<'_>) -> Self {
        // a font's program may make its reader panic
        let program = || {
            let cache = FontCache::new();
            let settings = InterpreterSettings::default();
            let read = cache.font(font, &settings.font_resolver, &settings.cmap_resolver);
            let read = read
                .or_else(|| cache.standard_font(StandardFont::Helvetica, &settings.font_resolver));
            Ok(read.map(|font| Program::read(&font)).unwrap_or_default())
        };
        let program = catch_panics(program).unwrap_or_default();
        let is_type_3 = kind(font, b"Type3");
        let to_unicode = to_unicode(font);
        let names = GlyphNames::read(font).meanings();
        // then letters are those of a usual encoding, which nothing states
        let is_guess = kind(font, b"TrueType")
            && font.get::<Object<'_>>("Encoding").is_none()
            && font.get::<Dict<'_>>("FontDescriptor").is_some_and(|d| d.contains_key("FontFile2"));
        let meaning = |code: u8| {
            let mapped = to_unicode.as_ref().and_then(|map| map.characters(code.into()));
            let mapped = mapped.as_deref().and_then(Meaning::stated);
            let read = program.characters.get(usize::from(code)).and_then(Option::as_ref);
            let read = read.and_then(|read| Meaning::stated(&without_ligatures(read)));
            let read = read.map(|read| if is_guess { read.guessed() } else { read });
            let unnamed = match code {
                b' ' => Meaning::Stated(" ".to_owned()),
                // a glyph without a name has no drawing
                _ if is_type_3 && !names.contains_key(&code) => Meaning::Stated(String::new()),
                _ => Meaning::Unknown,
            };
            let named = names.get(&code).cloned();
            let sources = [mapped, read, named, Some(unnamed)];
            Meaning::first(sources.into_iter().flatten())
        };
        let em = if is_type_3 { type_3_em(font, &program.widths) } else { 1.0 };
        Self { meanings: (0..=255).map(meaning).collect(), widths: program.widths, em }
    }

    pub(super) fn meaning(&self, code: u8) -> &Meaning {
        self.meanings.get(usize::from(code)).unwrap_or(&Meaning::Unknown)
    }

    /// Returns how far the next glyph is, in ems.
    pub(super) fn width(&self, code: u8) -> f64 {
        self.widths.get(usize::from(code)).copied().unwrap_or(0.0)
    }
}

fn kind(font: &Dict<'_>, kind: &[u8]) -> bool {
    font.get::<Name<'_>>("Subtype").is_some_and(|stated| *stated == *kind)
}

/// Writes the ligatures of Latin letters, for which glyphs have names, as letters.
fn without_ligatures(characters: &str) -> String {
    let is_ligature = |c: char| ('\u{fb00}'..='\u{fb06}').contains(&c);
    let mut letters = String::new();
    for character in characters.chars() {
        if is_ligature(character) {
            letters.extend(std::iter::once(character).nfkc());
        } else {
            letters.push(character);
        }
    }
    letters
}

/// What the program of a font and its dictionary say, by code.
#[derive(Default)]
struct Program {
    characters: Vec<Option<String>>,
    widths: Vec<f64>,
}

impl Program {
    fn read(font: &Font<'_>) -> Self {
        let character = |code| {
            let characters = match font.glyph(font.map_code(code), code) {
                FontGlyph::Outline(glyph) => glyph.as_unicode(),
                FontGlyph::Type3(glyph) => glyph.as_unicode(),
            };
            characters.map(bf_characters)
        };
        let width = |code| font.code_advance(code).x / f64::from(UNITS_PER_EM);
        Self {
            characters: (0..=255).map(character).collect(),
            widths: (0..=255).map(width).collect(),
        }
    }
}

/// Returns the height of an em of a Type 3 font, whose size can be anything: twice the
/// width of a usual letter, which its matrix may stretch.
fn type_3_em(font: &Dict<'_>, widths: &[f64]) -> f64 {
    let mut letters: Vec<f64> = widths.iter().map(|w| w.abs()).filter(|w| *w > 0.0).collect();
    letters.sort_by(f64::total_cmp);
    let Some(width) = letters.get(letters.len() / 2) else { return 1.0 };
    let matrix: Vec<f64> =
        font.get::<Array<'_>>("FontMatrix").map_or_else(Vec::new, |m| m.iter::<f64>().collect());
    let stretch = match matrix.as_slice() {
        [across, _, _, up, ..] if *across != 0.0 => (up / across).abs(),
        _ => 1.0,
    };
    2.0 * width * if stretch > 0.0 { stretch } else { 1.0 }
}
