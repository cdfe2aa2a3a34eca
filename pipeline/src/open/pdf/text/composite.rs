//! Fonts with codes of several bytes: Type 0 (ISO 32000-1 9.7).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use hayro::hayro_interpret::hayro_cmap;
use hayro::hayro_syntax::object::{Array, Dict, Object, Stream, String as PdfString};

use super::cmap::{self, CMap, to_unicode};
use super::meaning::Meaning;
use super::ranges::Ranges;
use super::sfnt;

/// Widths of one font; a collection has 30,000 glyphs.
const MAX_WIDTHS: usize = 100_000;
/// Thousandths of an em, in which widths are stated.
const UNITS: f64 = 1000.0;

/// Characters of the collections that were met, by ordering.
#[derive(Default)]
pub(super) struct Collections(RefCell<BTreeMap<Vec<u8>, Option<Rc<hayro_cmap::CMap>>>>);

impl Collections {
    fn get(&self, ordering: &[u8]) -> Option<Rc<hayro_cmap::CMap>> {
        if !ordering.is_ascii() || ordering.len() > 6 {
            return None;
        }
        let mut met = self.0.borrow_mut();
        met.entry(ordering.to_vec()).or_insert_with(|| cmap::collection(ordering)).clone()
    }
}

/// A font with codes of several bytes.
pub(super) struct CompositeFont {
    encoding: CMap,
    to_unicode: Option<CMap>,
    collection: Option<Rc<hayro_cmap::CMap>>,
    /// Adobe-UCS: the numbers of glyphs are characters.
    is_unicode: bool,
    program: Option<Program>,
    widths: Ranges<f64>,
    width: f64,
    /// Width from top to bottom, and the place of the origin.
    heights: Ranges<[f64; 3]>,
    height: [f64; 2],
}

/// A code of a string.
#[derive(Clone, Copy)]
pub(super) struct Code {
    pub(super) code: u32,
    pub(super) length: usize,
    glyph: Option<u32>,
}

impl Code {
    /// Returns the number of its glyph; 0 is that of characters that the font lacks.
    fn glyph(self) -> u32 {
        self.glyph.unwrap_or(0)
    }
}

/// The glyphs of an embedded font.
struct Program {
    characters: BTreeMap<u16, char>,
    /// `CIDToGIDMap`, if it is not the identity.
    glyphs: Option<Vec<u8>>,
}

impl CompositeFont {
    pub(super) fn read(font: &Dict<'_>, collections: &Collections) -> Option<Self> {
        let encoding = font.get::<Object<'_>>("Encoding").as_ref().and_then(CMap::read);
        let encoding = encoding.unwrap_or(CMap::Identity { vertical: false });
        let descendant = font.get::<Array<'_>>("DescendantFonts")?.iter::<Dict<'_>>().next()?;
        let ordering = ordering(&descendant);
        let to_unicode = to_unicode(font);
        // glyphs are numbered by the encoding, whatever the font says
        let collection = encoding.ordering().or(ordering.as_deref());
        let collection = collection.and_then(|ordering| collections.get(ordering));
        let needs_program =
            collection.is_none() && to_unicode.as_ref().is_none_or(CMap::is_meaningless);
        let program = needs_program.then(|| Program::read(&descendant)).flatten();
        let height = descendant.get::<[f64; 2]>("DW2").unwrap_or([880.0, -1000.0]);
        Some(Self {
            encoding,
            to_unicode,
            collection,
            // what an embedded font says is surer: some programs write any number there
            is_unicode: program.is_none()
                && ordering.is_some_and(|ordering| ordering.starts_with(b"UCS")),
            program,
            widths: widths(&descendant),
            width: descendant.get::<f64>("DW").unwrap_or(UNITS),
            heights: heights(&descendant),
            height,
        })
    }

    /// Returns the first code of a string that is not empty.
    pub(super) fn code(&self, string: &[u8]) -> Code {
        let (code, length) = self.encoding.code(string);
        Code { code, length, glyph: self.encoding.glyph(code, length) }
    }

    /// ISO 32000-1 9.10.2: by `ToUnicode`, else by the collection; then by the encoding's
    /// name, and by the embedded font.
    pub(super) fn meaning(&self, code: Code) -> Meaning {
        let Code { code, glyph, .. } = code;
        let mapped = || self.to_unicode.as_ref()?.characters(code);
        let collected = || cmap::collected(self.collection.as_ref()?, glyph?);
        let named = || match self.encoding {
            CMap::Unicode { .. } => self.encoding.characters(code),
            _ => None,
        };
        let unicode = || Some(char::from_u32(glyph.filter(|_| self.is_unicode)?)?.into());
        let drawn = || Some(self.program.as_ref()?.character(glyph?)?.into());
        let sources: [&dyn Fn() -> Option<String>; 5] =
            [&mapped, &collected, &named, &drawn, &unicode];
        let meanings = sources.iter().filter_map(|source| Meaning::stated(&source()?));
        Meaning::first(meanings)
    }

    pub(super) fn is_vertical(&self) -> bool {
        self.encoding.is_vertical()
    }

    /// Returns how far the next glyph is, in ems: to the right, or up for vertical text.
    pub(super) fn advance(&self, code: Code) -> f64 {
        let advance = if self.is_vertical() {
            self.heights.get(code.glyph()).map_or(self.height[1], |(height, _)| height[0])
        } else {
            self.width(code)
        };
        advance / UNITS
    }

    /// Returns where the origin of a glyph is in vertical text, in ems from the usual one.
    pub(super) fn origin(&self, code: Code) -> (f64, f64) {
        let (x, y) = match self.heights.get(code.glyph()) {
            Some(([_, x, y], _)) => (*x, *y),
            None => (self.width(code) / 2.0, self.height[0]),
        };
        (x / UNITS, y / UNITS)
    }

    fn width(&self, code: Code) -> f64 {
        self.widths.get(code.glyph()).map_or(self.width, |(width, _)| *width)
    }
}

impl Program {
    fn read(descendant: &Dict<'_>) -> Option<Self> {
        let descriptor = descendant.get::<Dict<'_>>("FontDescriptor")?;
        let program =
            ["FontFile2", "FontFile3"].iter().find_map(|key| descriptor.get::<Stream<'_>>(key))?;
        let characters = sfnt::characters(&program.decoded_data().ok()?);
        let glyphs = descendant.get::<Stream<'_>>("CIDToGIDMap");
        let glyphs = glyphs.and_then(|map| Some(map.decoded_data().ok()?.into_owned()));
        (!characters.is_empty()).then_some(Self { characters, glyphs })
    }

    fn character(&self, cid: u32) -> Option<char> {
        let cid = u16::try_from(cid).ok()?;
        let glyph = match &self.glyphs {
            Some(map) => u16::from_be_bytes(*map.get(2 * usize::from(cid)..)?.first_chunk()?),
            None => cid,
        };
        self.characters.get(&glyph).copied()
    }
}

/// Returns the ordering of Adobe's collection that the glyphs are numbered by.
fn ordering(descendant: &Dict<'_>) -> Option<Vec<u8>> {
    let system = descendant.get::<Dict<'_>>("CIDSystemInfo")?;
    let is_adobe = system.get::<PdfString<'_>>("Registry")?.as_bytes() == b"Adobe";
    let ordering = system.get::<PdfString<'_>>("Ordering")?.as_bytes().to_vec();
    is_adobe.then_some(ordering)
}

/// `W`: lists of widths from a glyph on, and ranges of glyphs with one width.
fn widths(descendant: &Dict<'_>) -> Ranges<f64> {
    let mut read = Vec::new();
    for_each_range(descendant, "W", 1, |first, last, width| read.push((first, last, width[0])));
    Ranges::new(read)
}

/// `W2`: the same with three numbers for each glyph.
fn heights(descendant: &Dict<'_>) -> Ranges<[f64; 3]> {
    let mut read = Vec::new();
    for_each_range(descendant, "W2", 3, |first, last, numbers| {
        if let Ok(numbers) = numbers.try_into() {
            read.push((first, last, numbers));
        }
    });
    Ranges::new(read)
}

fn for_each_range(
    descendant: &Dict<'_>,
    key: &str,
    count: usize,
    mut add: impl FnMut(u32, u32, &[f64]),
) {
    let Some(array) = descendant.get::<Array<'_>>(key) else { return };
    let mut numbers = Vec::new();
    let glyph = |number: f64| number as u32;
    for item in array.iter::<Object<'_>>().take(MAX_WIDTHS) {
        match item {
            Object::Number(number) => numbers.push(number.as_f64()),
            Object::Array(list) => {
                let first = numbers.last().copied().map_or(0, glyph);
                numbers.clear();
                let list: Vec<f64> = list.iter::<f64>().take(MAX_WIDTHS).collect();
                for (numbers, glyph) in list.chunks_exact(count).zip(first..=u32::MAX) {
                    add(glyph, glyph, numbers);
                }
            }
            _ => {}
        }
        if let [first, last, widths @ ..] = numbers.as_slice()
            && widths.len() == count
        {
            add(glyph(*first), glyph(*last), widths);
            numbers.clear();
        }
    }
}
