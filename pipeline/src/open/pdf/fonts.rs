//! Built-in fonts that stand in for those that a PDF does not embed.
//!
//! `hayro` has the 14 standard fonts with the letters of Western Europe. Pages with
//! other letters are drawn with the fonts of `fonts/`. They are built in, so that a page
//! looks the same on every machine.

use std::sync::{Arc, LazyLock, OnceLock};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{
    FallbackFontQuery, FontData, FontQuery, OutlineGlyph, StandardFont,
};
use hayro::hayro_interpret::hayro_cmap::CidFamily;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

use super::letter_names::with_letter_names;

/// Which fonts stand in for those that are not embedded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Substitutes {
    /// The standard fonts: closest to what most documents mean.
    Standard,
    /// Fonts with Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic letters.
    ManyScripts,
    /// A font with Chinese and Japanese letters.
    Han,
    /// A font with Korean letters.
    Hangul,
}

impl Substitutes {
    /// In the order in which they are tried.
    pub(super) const ALL: [Self; 4] = [Self::Standard, Self::ManyScripts, Self::Han, Self::Hangul];

    /// Returns the interpreter's settings with these fonts.
    pub(super) fn settings(self) -> InterpreterSettings {
        InterpreterSettings {
            font_resolver: Arc::new(move |query| Some((self.resolve(query)?, 0))),
            ..InterpreterSettings::default()
        }
    }

    fn resolve(self, query: &FontQuery) -> Option<FontData> {
        let wanted = match query {
            FontQuery::Standard(font) => *font,
            FontQuery::Fallback(query) => {
                let face = Face::of_appearance(query).or_else(|| Face::of_collection(query));
                if let Some(face) = face {
                    return Some(face.data());
                }
                query.pick_standard_font()
            }
        };
        let face = match self {
            Self::Standard => None,
            Self::ManyScripts => Face::in_place_of(wanted),
            Self::Han => Face::in_place_of(wanted).map(|_| Face::Han),
            Self::Hangul => Face::in_place_of(wanted).map(|_| Face::Hangul),
        };
        Some(face.map_or_else(|| wanted.get_font_data().0, Face::data))
    }
}

/// A font of `fonts/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Face {
    Sans,
    SansBold,
    Serif,
    SerifBold,
    Mono,
    /// Chinese and Japanese.
    Han,
    /// Korean.
    Hangul,
}

impl Face {
    const ALL: [Self; 7] = [
        Self::Sans,
        Self::SansBold,
        Self::Serif,
        Self::SerifBold,
        Self::Mono,
        Self::Han,
        Self::Hangul,
    ];

    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Sans => include_bytes!("../../../fonts/DejaVuSans.ttf"),
            Self::SansBold => include_bytes!("../../../fonts/DejaVuSans-Bold.ttf"),
            Self::Serif => include_bytes!("../../../fonts/DejaVuSerif.ttf"),
            Self::SerifBold => include_bytes!("../../../fonts/DejaVuSerif-Bold.ttf"),
            Self::Mono => include_bytes!("../../../fonts/DejaVuSansMono.ttf"),
            Self::Han => include_bytes!("../../../fonts/DroidSansFallbackFull.ttf"),
            Self::Hangul => include_bytes!("../../../fonts/NanumSquareR.ttf"),
        }
    }

    /// Returns the bytes as `hayro` gets them: fonts of one byte a letter look letters up
    /// by name.
    fn named_bytes(self) -> &'static [u8] {
        match NAMED.get(self as usize) {
            Some(named) => named.get_or_init(|| with_letter_names(self.bytes())),
            None => self.bytes(),
        }
    }

    /// Whether these bytes, at their place in memory, are those that `hayro` got.
    fn is_at(self, bytes: &[u8]) -> bool {
        let own = match NAMED.get(self as usize) {
            Some(named) => named.get().map(Vec::as_slice),
            None => Some(self.bytes()),
        };
        own.is_some_and(|own| std::ptr::eq(own.as_ptr(), bytes.as_ptr()))
    }

    fn data(self) -> FontData {
        Arc::new(self.named_bytes())
    }

    /// Returns the name under which appearances that we write ask for this font. No word
    /// in it makes `hayro` take it for a standard font.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sans => "TekseruP",
            Self::SansBold => "TekseruPB",
            Self::Serif => "TekseruR",
            Self::SerifBold => "TekseruRB",
            Self::Mono => "TekseruF",
            Self::Han => "TekseruH",
            Self::Hangul => "TekseruK",
        }
    }

    fn of_appearance(query: &FallbackFontQuery) -> Option<Self> {
        let name = query.post_script_name.as_deref()?;
        Self::ALL.into_iter().find(|face| face.name() == name)
    }

    fn of_collection(query: &FallbackFontQuery) -> Option<Self> {
        match query.character_collection.as_ref()?.family {
            CidFamily::AdobeJapan1 | CidFamily::AdobeGB1 | CidFamily::AdobeCNS1 => Some(Self::Han),
            CidFamily::AdobeKorea1 => Some(Self::Hangul),
            _ => None,
        }
    }

    /// Returns the font that looks most like a standard one; none looks like a font of
    /// symbols.
    fn in_place_of(font: StandardFont) -> Option<Self> {
        use StandardFont as S;
        match font {
            S::Helvetica | S::HelveticaOblique => Some(Self::Sans),
            S::HelveticaBold | S::HelveticaBoldOblique => Some(Self::SansBold),
            S::TimesRoman | S::TimesItalic => Some(Self::Serif),
            S::TimesBold | S::TimesBoldItalic => Some(Self::SerifBold),
            S::Courier | S::CourierBold | S::CourierOblique | S::CourierBoldOblique => {
                Some(Self::Mono)
            }
            S::Symbol | S::ZapfDingBats => None,
        }
    }

    /// Returns the width of a letter in thousandths of the font's size, `None` if the
    /// font lacks it.
    pub(super) fn advance(self, letter: char) -> Option<f64> {
        let font = FontRef::new(self.bytes()).ok()?;
        let glyph = font.charmap().map(letter)?;
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let units = font.metrics(Size::unscaled(), LocationRef::default()).units_per_em;
        Some(f64::from(metrics.advance_width(glyph)?) * 1000.0 / f64::from(units))
    }
}

/// The fonts of one byte a letter, with other names.
static NAMED: [OnceLock<Vec<u8>>; 5] = [const { OnceLock::new() }; 5];

/// The font program that stands in for the composite font of a glyph.
pub(super) enum Substitute {
    /// One of ours.
    Face(Face),
    /// A standard font.
    Standard,
}

/// Returns what stands in for the font of a glyph, if that is known: fonts of one byte
/// a letter do not tell.
pub(super) fn substitute(glyph: &OutlineGlyph) -> Option<Substitute> {
    let data = glyph.font_data()?.data;
    let bytes: &[u8] = (*data).as_ref();
    if let Some(face) = Face::ALL.into_iter().find(|face| face.is_at(bytes)) {
        return Some(Substitute::Face(face));
    }
    let address = bytes.as_ptr().addr();
    STANDARD_ADDRESSES.contains(&address).then_some(Substitute::Standard)
}

/// Where the standard fonts are in memory.
static STANDARD_ADDRESSES: LazyLock<[usize; 14]> =
    LazyLock::new(|| STANDARD.map(|font| (*font.get_font_data().0).as_ref().as_ptr().addr()));

const STANDARD: [StandardFont; 14] = [
    StandardFont::Helvetica,
    StandardFont::HelveticaBold,
    StandardFont::HelveticaOblique,
    StandardFont::HelveticaBoldOblique,
    StandardFont::Courier,
    StandardFont::CourierBold,
    StandardFont::CourierOblique,
    StandardFont::CourierBoldOblique,
    StandardFont::TimesRoman,
    StandardFont::TimesBold,
    StandardFont::TimesItalic,
    StandardFont::TimesBoldItalic,
    StandardFont::ZapfDingBats,
    StandardFont::Symbol,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::sha256;

    #[test]
    fn every_font_is_listed_with_its_hash() {
        let readme = include_str!("../../../fonts/README.md");
        for face in Face::ALL {
            assert!(readme.contains(&sha256(face.bytes())), "{face:?}");
        }
    }

    #[test]
    fn the_fonts_have_the_letters_they_are_for() {
        let has = |face: Face, text: &str| text.chars().all(|c| face.advance(c).is_some());
        let alphabets = "Żółć Ελλάδα Привет Әғқңөұүһі ქართული Հայերեն";
        for face in [Face::Sans, Face::SansBold, Face::Serif, Face::SerifBold, Face::Mono] {
            assert!(has(face, alphabets), "{face:?}");
        }
        assert!(has(Face::Sans, "עברית العربية"));
        assert!(has(Face::Han, "中华人民共和国日本語ひらがなカタカナ"));
        assert!(has(Face::Hangul, "대한민국여권"));
        assert_eq!(Face::Mono.advance('i'), Face::Mono.advance('W'));
        assert_eq!(Face::Sans.advance('中'), None);
    }
}
