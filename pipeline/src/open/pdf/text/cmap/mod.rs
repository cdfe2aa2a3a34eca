//! CMaps: codes in strings to glyphs of a collection, or to characters (ISO 32000-1
//! 9.7.5, 9.10.3).

mod form;
mod program;
mod tokens;

use std::rc::Rc;

use hayro::hayro_interpret::hayro_cmap::{self, BfString, CMapName, CidFamily};
use hayro::hayro_syntax::object::{Dict, Object, Stream};

use self::form::Form;
use self::program::{Characters, Program};
use self::tokens::Tokens;
use super::meaning::Meaning;
use super::ranges::Ranges;

/// Nested `usecmap` that is followed.
const MAX_BASES: u32 = 4;

/// A CMap: one of the file, or one that ISO 32000-1 predefines.
pub(super) enum CMap {
    /// Two bytes, which are the glyph's number.
    Identity {
        vertical: bool,
    },
    Predefined(Box<Predefined>),
    /// A predefined one that we lack, whose codes are characters.
    Unicode {
        form: Form,
        vertical: bool,
    },
    Embedded(Box<Embedded>),
}

/// A predefined CMap.
pub(super) struct Predefined {
    cmap: hayro_cmap::CMap,
    /// Whether each code has two bytes.
    two_bytes: bool,
}

/// A CMap inside the file.
pub(super) struct Embedded {
    /// Number of bytes, first and last code.
    spaces: Vec<(usize, u32, u32)>,
    glyphs: Ranges<u32>,
    characters: Ranges<Characters>,
    vertical: bool,
    base: Option<CMap>,
}

impl CMap {
    /// Returns the CMap that an entry of a font names or contains.
    pub(super) fn read(entry: &Object<'_>) -> Option<Self> {
        Self::read_nested(entry, 0)
    }

    fn read_nested(entry: &Object<'_>, depth: u32) -> Option<Self> {
        match entry {
            Object::Name(name) => Self::named(name),
            Object::Stream(stream) if depth < MAX_BASES => {
                Some(Self::Embedded(Box::new(Embedded::read(stream, depth))))
            }
            _ => None,
        }
    }

    fn named(name: &[u8]) -> Option<Self> {
        if matches!(name, b"Identity-H" | b"Identity-V") {
            return Some(Self::Identity { vertical: name.ends_with(b"V") });
        }
        let Some(cmap) = predefined(CMapName::from_bytes(name)) else {
            return Form::of(name)
                .map(|form| Self::Unicode { form, vertical: name.ends_with(b"V") });
        };
        let two_bytes =
            [b"UCS2".as_slice(), b"UTF16", b"-UCS2"].iter().any(|part| contains(name, part))
                || matches!(name, b"H" | b"V");
        Some(Self::Predefined(Box::new(Predefined { cmap, two_bytes })))
    }

    /// Returns the first code of a string, and its length in bytes: 1 or more.
    pub(super) fn code(&self, string: &[u8]) -> (u32, usize) {
        let lengths = 1..=string.len().min(4);
        match self {
            Self::Identity { .. } => first(string, 2),
            Self::Unicode { form, .. } => first(string, form.length(string)),
            Self::Predefined(predefined) => {
                let known = |length: &usize| predefined.glyph(first(string, *length)).is_some();
                let lead = string.first().is_some_and(|byte| *byte > 0x80);
                let unknown = if predefined.two_bytes || lead { 2 } else { 1 };
                first(string, lengths.clone().find(known).unwrap_or(unknown))
            }
            Self::Embedded(cmap) => {
                let within =
                    |length: &usize| cmap.spaces.iter().any(|s| in_space(*s, string, *length));
                match (lengths.clone().find(within), &cmap.base) {
                    (Some(length), _) => first(string, length),
                    (None, Some(base)) => base.code(string),
                    (None, None) => {
                        let shortest = cmap.spaces.iter().map(|space| space.0).min();
                        first(string, shortest.unwrap_or(2))
                    }
                }
            }
        }
    }

    /// Returns the number of the glyph for a code.
    pub(super) fn glyph(&self, code: u32, length: usize) -> Option<u32> {
        match self {
            Self::Identity { .. } => Some(code),
            Self::Unicode { .. } => None,
            Self::Predefined(predefined) => predefined.glyph((code, length)),
            Self::Embedded(cmap) => match cmap.glyphs.get(code) {
                Some((glyph, offset)) => glyph.checked_add(offset),
                None => cmap.base.as_ref()?.glyph(code, length),
            },
        }
    }

    /// Returns the characters for a code; they may be none, or such without a meaning.
    pub(super) fn characters(&self, code: u32) -> Option<String> {
        match self {
            Self::Identity { .. } => char::from_u32(code).map(String::from),
            Self::Unicode { form, .. } => form.character(code).map(String::from),
            Self::Predefined(predefined) => {
                predefined.cmap.lookup_bf_string(code).map(bf_characters)
            }
            Self::Embedded(cmap) => match cmap.characters.get(code) {
                Some((characters, offset)) => Some(characters.at(offset)),
                None => cmap.base.as_ref()?.characters(code),
            },
        }
    }

    /// Whether none of its characters means anything.
    pub(super) fn is_meaningless(&self) -> bool {
        let Self::Embedded(cmap) = self else { return false };
        let states = |characters: &Characters| {
            matches!(Meaning::stated(&characters.at(0)), Some(Meaning::Stated(_)))
        };
        cmap.base.is_none() && !cmap.characters.values().any(states)
    }

    /// Returns the collection of its glyphs, such as `Japan1`, if it has one.
    pub(super) fn ordering(&self) -> Option<&'static [u8]> {
        let collection = match self {
            Self::Predefined(predefined) => {
                predefined.cmap.metadata().character_collection.as_ref()
            }
            _ => None,
        };
        match collection?.family {
            CidFamily::AdobeJapan1 => Some(b"Japan1"),
            CidFamily::AdobeGB1 => Some(b"GB1"),
            CidFamily::AdobeCNS1 => Some(b"CNS1"),
            CidFamily::AdobeKorea1 => Some(b"Korea1"),
            _ => None,
        }
    }

    /// Whether text runs from top to bottom.
    pub(super) fn is_vertical(&self) -> bool {
        match self {
            Self::Identity { vertical } | Self::Unicode { vertical, .. } => *vertical,
            Self::Predefined(predefined) => {
                predefined.cmap.metadata().writing_mode == Some(hayro_cmap::WritingMode::Vertical)
            }
            Self::Embedded(cmap) => cmap.vertical,
        }
    }
}

impl Embedded {
    fn read(stream: &Stream<'_>, depth: u32) -> Self {
        let data = stream.decoded_data().unwrap_or_default();
        let mut program = Program::default();
        program.run(Tokens::new(&data));
        let dictionary = stream.dict();
        let base = dictionary.get::<Object<'_>>("UseCMap");
        let base = base.and_then(|base| CMap::read_nested(&base, depth + 1));
        let base = base.or_else(|| CMap::named(program.base.as_ref()?));
        program.vertical = program.vertical.or_else(|| Some(dictionary.get::<i32>("WMode")? == 1));
        Self::of(program, base)
    }

    fn of(program: Program, base: Option<CMap>) -> Self {
        Self {
            spaces: program.spaces,
            glyphs: Ranges::new(program.glyphs),
            characters: Ranges::new(program.characters),
            vertical: program
                .vertical
                .unwrap_or_else(|| base.as_ref().is_some_and(CMap::is_vertical)),
            base,
        }
    }
}

impl Predefined {
    fn glyph(&self, (code, length): (u32, usize)) -> Option<u32> {
        self.cmap.lookup_cid_code(code, u8::try_from(length).ok()?)
    }
}

/// Returns the characters of the glyphs of a collection, such as `Japan1`: CMaps of
/// Adobe, which `hayro-cmap` contains.
pub(super) fn collection(ordering: &[u8]) -> Option<Rc<hayro_cmap::CMap>> {
    let name = match ordering {
        b"Japan1" => CMapName::AdobeJapan1Ucs2,
        b"GB1" => CMapName::AdobeGb1Ucs2,
        b"CNS1" => CMapName::AdobeCns1Ucs2,
        b"Korea1" => CMapName::AdobeKorea1Ucs2,
        _ => return None,
    };
    predefined(name).map(Rc::new)
}

/// Returns the characters of a glyph of a collection, without marks for its variant.
pub(super) fn collected(collection: &hayro_cmap::CMap, glyph: u32) -> Option<String> {
    let is_variant = |c: &char| matches!(u32::from(*c), 0xfe00..=0xfe0f | 0xe_0100..=0xe_01ef);
    let characters = bf_characters(collection.lookup_bf_string(glyph)?);
    Some(characters.chars().filter(|c| !is_variant(c)).collect())
}

pub(super) fn bf_characters(characters: BfString) -> String {
    match characters {
        BfString::Char(character) => character.into(),
        BfString::String(characters) => characters,
    }
}

fn predefined(name: CMapName<'_>) -> Option<hayro_cmap::CMap> {
    let data = hayro_cmap::load_embedded(name)?;
    hayro_cmap::CMap::parse(data, hayro_cmap::load_embedded)
}

fn contains(name: &[u8], part: &[u8]) -> bool {
    name.windows(part.len()).any(|window| window == part)
}

/// Returns the code of the first bytes, and how many there are.
fn first(string: &[u8], length: usize) -> (u32, usize) {
    let length = length.clamp(1, string.len().clamp(1, 4));
    (string.iter().take(length).fold(0, |code, byte| code << 8 | u32::from(*byte)), length)
}

/// ISO 32000-1 9.7.6.2: each byte is within the range of its place.
fn in_space((space_length, low, high): (usize, u32, u32), string: &[u8], length: usize) -> bool {
    let (code, length) = first(string, length);
    space_length == length
        && (0..length).all(|place| {
            let byte = |code: u32| code >> (8 * place) & 0xff;
            (byte(low)..=byte(high)).contains(&byte(code))
        })
}

/// Returns the `ToUnicode` CMap of a font.
pub(super) fn to_unicode(font: &Dict<'_>) -> Option<CMap> {
    font.get::<Object<'_>>("ToUnicode").and_then(|entry| CMap::read(&entry))
}

#[cfg(test)]
mod tests;
