//! A font, as far as text needs it.

use std::collections::HashMap;
use std::rc::Rc;

use hayro::hayro_syntax::object::{Dict, Name};

use super::composite::{Code, Collections, CompositeFont};
use super::meaning::Meaning;
use super::simple::SimpleFont;

/// Number of fonts that are kept at a time; the largest have a megabyte.
const KEPT: usize = 64;

/// A font of either kind.
pub(super) enum Font {
    Simple(SimpleFont),
    Composite(CompositeFont),
}

/// One code of a string that is shown.
pub(super) struct ShownCode {
    pub(super) meaning: Meaning,
    pub(super) code: u32,
    /// Whether word spacing applies: a single byte 32 (ISO 32000-1 9.3.3).
    pub(super) is_space: bool,
    /// How far the next glyph is, in ems along the direction of writing.
    pub(super) advance: f64,
    /// Where the glyph is, in ems from the current point.
    pub(super) origin: (f64, f64),
}

impl Font {
    fn read(font: &Dict<'_>, collections: &Collections) -> Self {
        let is_composite = font.get::<Name<'_>>("Subtype").is_some_and(|kind| *kind == *b"Type0");
        let composite = is_composite.then(|| CompositeFont::read(font, collections)).flatten();
        composite.map_or_else(|| Self::Simple(SimpleFont::read(font)), Self::Composite)
    }

    pub(super) fn is_vertical(&self) -> bool {
        matches!(self, Self::Composite(font) if font.is_vertical())
    }

    /// Returns the height of an em of this font, in ems of its stated size.
    pub(super) fn em(&self) -> f64 {
        match self {
            Self::Simple(font) => font.em,
            Self::Composite(_) => 1.0,
        }
    }

    /// Calls `show` for each code of a string.
    pub(super) fn for_each_code(&self, mut string: &[u8], mut show: impl FnMut(ShownCode)) {
        match self {
            Self::Simple(font) => {
                for byte in string {
                    show(ShownCode {
                        meaning: font.meaning(*byte).clone(),
                        code: u32::from(*byte),
                        is_space: *byte == b' ',
                        advance: font.width(*byte),
                        origin: (0.0, 0.0),
                    });
                }
            }
            Self::Composite(font) => {
                while !string.is_empty() {
                    let code: Code = font.code(string);
                    string = string.get(code.length..).unwrap_or_default();
                    let origin = if font.is_vertical() { font.origin(code) } else { (0.0, 0.0) };
                    show(ShownCode {
                        meaning: font.meaning(code),
                        code: code.code,
                        is_space: code.length == 1 && code.code == 32,
                        advance: font.advance(code),
                        origin: (-origin.0, -origin.1),
                    });
                }
            }
        }
    }
}

/// The fonts of a document that were met.
#[derive(Default)]
pub(super) struct Fonts {
    kept: HashMap<(*const u8, usize), (usize, Rc<Font>)>,
    met: usize,
    collections: Collections,
}

impl Fonts {
    /// Returns a font and its number. An empty dictionary, as of a font that is not there,
    /// is Helvetica, with which such letters are drawn.
    pub(super) fn get(&mut self, font: &Dict<'_>) -> (usize, Rc<Font>) {
        // one dictionary is one place in the file
        let key = (font.data().as_ptr(), font.data().len());
        if self.kept.len() >= KEPT {
            self.kept.clear();
        }
        let kept = self.kept.entry(key).or_insert_with(|| {
            self.met += 1;
            (self.met, Rc::new(Font::read(font, &self.collections)))
        });
        kept.clone()
    }
}
