//! The characters that an embedded TrueType or OpenType font states for its glyphs: its
//! `cmap` table, read backwards (ISO/IEC 14496-22 5.2.1).

use std::collections::BTreeMap;

/// Characters of one table; all that Unicode has are fewer.
const MAX_CHARACTERS: u32 = 0x11_0000;

/// Returns the character of each glyph: the lowest, if there are several.
pub(super) fn characters(untrusted: &[u8]) -> BTreeMap<u16, char> {
    let mut characters = BTreeMap::new();
    let mut left = MAX_CHARACTERS;
    for table in unicode_tables(untrusted).unwrap_or_default() {
        let add = |code: u32, glyph: u32| {
            if let (Some(character), Ok(glyph @ 1..)) = (char::from_u32(code), u16::try_from(glyph))
            {
                characters.entry(glyph).or_insert(character);
            }
        };
        let _ = match u16_at(table, 0) {
            Some(4) => segments(table, &mut left, add),
            Some(12) => groups(table, &mut left, add),
            _ => None,
        };
    }
    characters
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_be_bytes(*chunk))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_be_bytes(*chunk))
}

fn offset_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, at)?).ok()
}

/// Returns the tables with characters of Unicode.
fn unicode_tables(font: &[u8]) -> Option<Vec<&[u8]>> {
    let tables = usize::from(u16_at(font, 4)?);
    let entry = (0..tables)
        .map(|index| 12 + 16 * index)
        .find(|at| font.get(*at..at + 4) == Some(b"cmap"))?;
    let cmap = font.get(offset_at(font, entry + 8)?..)?;
    let records = (0..usize::from(u16_at(cmap, 2)?)).map(|index| 4 + 8 * index);
    let is_unicode = |at: &usize| {
        matches!((u16_at(cmap, *at), u16_at(cmap, at + 2)), (Some(0), _) | (Some(3), Some(1 | 10)))
    };
    let table = |at: usize| cmap.get(offset_at(cmap, at + 4)?..);
    Some(records.filter(is_unicode).filter_map(table).collect())
}

/// Format 4: segments of the basic plane.
fn segments(table: &[u8], left: &mut u32, mut add: impl FnMut(u32, u32)) -> Option<()> {
    let segments = usize::from(u16_at(table, 6)? / 2);
    let [ends, starts, deltas, offsets] =
        [14, 16 + 2 * segments, 16 + 4 * segments, 16 + 6 * segments];
    for segment in (0..segments).map(|index| 2 * index) {
        let (first, last) = (u16_at(table, starts + segment)?, u16_at(table, ends + segment)?);
        let delta = u16_at(table, deltas + segment)?;
        let offset = u16_at(table, offsets + segment)?;
        for code in first..=last {
            *left = left.checked_sub(1)?;
            let glyph = if offset == 0 {
                code.wrapping_add(delta)
            } else {
                let at = offsets + segment + usize::from(offset) + 2 * usize::from(code - first);
                match u16_at(table, at)? {
                    0 => 0,
                    glyph => glyph.wrapping_add(delta),
                }
            };
            add(code.into(), glyph.into());
        }
    }
    Some(())
}

/// Format 12: groups of all planes.
fn groups(table: &[u8], left: &mut u32, mut add: impl FnMut(u32, u32)) -> Option<()> {
    for group in (0..offset_at(table, 12)?).map(|index| 16 + 12 * index) {
        let (first, last) = (u32_at(table, group)?, u32_at(table, group + 4)?);
        let glyph = u32_at(table, group + 8)?;
        for code in first..=last {
            *left = left.checked_sub(1)?;
            add(code, glyph.checked_add(code - first)?);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A font with one table of format 4 and one of format 12.
    fn font() -> Vec<u8> {
        let mut font = b"\0\x01\0\0\0\x01\0\0\0\0\0\0cmap\0\0\0\0\0\0\0\x1c\0\0\0\0".to_vec();
        font.extend([0, 0, 0, 2, 0, 3, 0, 1, 0, 0, 0, 20, 0, 3, 0, 10, 0, 0, 0, 52]);
        let segments = [4, 32, 0, 4, 4, 1, 0, 0x416, 0xffff, 0, 0x410, 0xffff];
        let rest = [7u16.wrapping_sub(0x410), 1, 0, 0];
        font.extend(segments.iter().chain(&rest).flat_map(|unit: &u16| unit.to_be_bytes()));
        let groups: [u32; 7] = [12 << 16, 28, 0, 1, 0x1_f600, 0x1_f601, 40];
        font.extend(groups.iter().flat_map(|unit| unit.to_be_bytes()));
        font
    }

    #[test]
    fn glyphs_have_the_characters_of_both_formats() {
        let characters = characters(&font());
        assert_eq!(characters.get(&7), Some(&'А'));
        assert_eq!(characters.get(&13), Some(&'Ж'));
        assert_eq!(characters.get(&41), Some(&'\u{1f601}'));
        assert_eq!(characters.len(), 9);
    }

    #[test]
    fn a_cut_font_has_what_is_left() {
        let font = font();
        for end in 0..font.len() {
            assert!(characters(&font[..end]).len() <= 9);
        }
    }
}
