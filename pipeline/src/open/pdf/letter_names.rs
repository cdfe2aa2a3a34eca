//! Gives letters of a TrueType font names that tell their Unicode numbers.
//!
//! PDFs name letters `afii10017`, `uni0410` or otherwise in a font of one byte a letter.
//! `hayro` looks for a glyph of that name first, then for the character that the Adobe
//! Glyph List gives it. Fonts call their letters by one of these names, so that the
//! others are not found. With `uniXXXX` for every letter, both ways lead to it.

use skrifa::raw::TableProvider;
use skrifa::{FontRef, MetadataProvider};

/// Names of glyphs with this number are not written out: `.notdef`.
const NOTDEF: u16 = 0;
/// Number of the names that every font knows (Apple TrueType Reference, `post`).
const STANDARD_NAMES: usize = 258;
/// Length of an entry of the table directory, and of what stands before the entries.
const ENTRY: usize = 16;
const HEAD: usize = 12;

/// Returns the font with a table of names at its end; unchanged if it has no such table.
pub(super) fn with_letter_names(font: &[u8]) -> Vec<u8> {
    let mut named = font.to_vec();
    if let (Some(entry), Some(table)) = (directory_entry(font, b"post"), names(font)) {
        named.resize(font.len().next_multiple_of(4), 0);
        let place = [named.len(), table.len()].map(|n| u32::try_from(n).unwrap_or(0).to_be_bytes());
        named[entry + 8..entry + ENTRY].copy_from_slice(place.as_flattened());
        named.extend(table);
    }
    named
}

fn directory_entry(font: &[u8], tag: &[u8; 4]) -> Option<usize> {
    let count = usize::from(u16::from_be_bytes(*font.get(4..)?.first_chunk()?));
    (0..count)
        .map(|i| HEAD + i * ENTRY)
        .find(|at| font.get(*at..*at + 4) == Some(tag) && font.len() >= at + ENTRY)
}

/// Returns a table `post` of version 2.
fn names(font: &[u8]) -> Option<Vec<u8>> {
    let font = FontRef::new(font).ok()?;
    let mut letters: Vec<Option<u16>> = vec![None; font.maxp().ok()?.num_glyphs().into()];
    for (code, glyph) in font.charmap().mappings() {
        let letter = letters.get_mut(usize::try_from(glyph.to_u32()).ok()?);
        if let (Some(letter @ None), Ok(code)) = (letter, u16::try_from(code)) {
            *letter = Some(code);
        }
    }
    let mut table = 0x0002_0000_u32.to_be_bytes().to_vec();
    // angle, underline, pitch and memory: nothing reads them
    table.resize(32, 0);
    table.extend(u16::try_from(letters.len()).ok()?.to_be_bytes());
    let mut next = STANDARD_NAMES;
    for letter in &letters {
        let number = match letter {
            None => NOTDEF,
            Some(_) => {
                next += 1;
                u16::try_from(next - 1).ok()?
            }
        };
        table.extend(number.to_be_bytes());
    }
    for code in letters.into_iter().flatten() {
        let name = format!("uni{code:04X}");
        table.push(u8::try_from(name.len()).ok()?);
        table.extend(name.bytes());
    }
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_named_by_their_numbers() {
        let font = include_bytes!("../../../fonts/DejaVuSansMono.ttf");
        let named = with_letter_names(font);
        let named = FontRef::new(&named).unwrap();
        for letter in ['A', 'Ж', 'Ω', 'ą', 'Қ', '4'] {
            let glyph = named.charmap().map(letter).unwrap();
            let name = named.glyph_names().get(glyph).unwrap().to_string();
            assert_eq!(name, format!("uni{:04X}", u32::from(letter)));
        }
        assert_eq!(with_letter_names(b"no font"), b"no font");
    }
}
